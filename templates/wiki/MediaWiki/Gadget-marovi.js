/**
 * Glossary terms that explain themselves: by pointing, by keyboard and by touch; Escape closes.
 * And code that folds also on skins that leave collapsing out.
 */
( function () {
	'use strict';

	var GAP = 6;
	var EDGE = 8;
	var PATIENCE = 250;
	var open = null;
	var closing = null;
	var touched = false;

	function popupOf( term ) {
		var next = term.nextElementSibling;
		return next && next.classList.contains( 'marovi-term-popup' ) ? next : null;
	}

	function place( term, popup ) {
		var lines = term.getClientRects();
		var word = lines[ lines.length - 1 ];
		var width = document.documentElement.clientWidth;
		var height = window.innerHeight;
		var size, top, left;
		if ( !word ) {
			return;
		}
		popup.style.left = '0';
		popup.style.top = '0';
		size = popup.getBoundingClientRect();
		left = getComputedStyle( popup ).direction === 'rtl' ? word.right - size.width : word.left;
		left = Math.max( EDGE, Math.min( left, width - size.width - EDGE ) );
		top = word.bottom + GAP;
		if ( top + size.height > height - EDGE ) {
			top = Math.max( EDGE, lines[ 0 ].top - GAP - size.height );
		}
		// A transformed ancestor makes "fixed" mean something else; what it adds is taken off again.
		popup.style.left = ( left - size.left ) + 'px';
		popup.style.top = ( top - size.top ) + 'px';
	}

	function hide() {
		clearTimeout( closing );
		if ( open ) {
			open.popup.classList.remove( 'marovi-open' );
			open.popup.style.left = '';
			open.popup.style.top = '';
			open = null;
		}
	}

	function show( term ) {
		var popup = popupOf( term );
		clearTimeout( closing );
		if ( !popup || ( open && open.term === term ) ) {
			return;
		}
		hide();
		open = { term: term, popup: popup };
		popup.classList.add( 'marovi-open' );
		place( term, popup );
	}

	function hideSoon() {
		clearTimeout( closing );
		closing = setTimeout( hide, PATIENCE );
	}

	function within( node ) {
		return open && node instanceof Node && ( open.term.contains( node ) || open.popup.contains( node ) );
	}

	function prepare( term, number ) {
		var popup = popupOf( term );
		if ( !popup || popup.id ) {
			return;
		}
		popup.id = 'marovi-term-' + number;
		popup.setAttribute( 'role', 'tooltip' );
		term.setAttribute( 'aria-describedby', popup.id );
		// The popup says it; the browser's own would say it twice.
		term.removeAttribute( 'title' );
		[ term, popup ].forEach( function ( part ) {
			part.addEventListener( 'mouseenter', function () {
				if ( !touched ) {
					show( term );
				}
			} );
			part.addEventListener( 'mouseleave', function () {
				if ( !touched && !within( document.activeElement ) ) {
					hideSoon();
				}
			} );
			part.addEventListener( 'focusout', function ( event ) {
				if ( !within( event.relatedTarget ) ) {
					hideSoon();
				}
			} );
		} );
		term.addEventListener( 'focus', function () {
			if ( !touched ) {
				show( term );
			}
		} );
		term.addEventListener( 'click', function () {
			if ( touched && open && open.term === term ) {
				hide();
			} else {
				show( term );
			}
		} );
		term.addEventListener( 'keydown', function ( event ) {
			if ( event.key === 'Enter' || event.key === ' ' ) {
				event.preventDefault();
				show( term );
			}
		} );
	}

	document.addEventListener( 'pointerdown', function ( event ) {
		touched = event.pointerType === 'touch';
		if ( !within( event.target ) ) {
			hide();
		}
	}, true );

	document.addEventListener( 'keydown', function ( event ) {
		var term = open && open.term;
		touched = false;
		if ( event.key === 'Escape' && term ) {
			// From the popup's link back to the word, which does not open again by that.
			if ( open.popup.contains( document.activeElement ) ) {
				term.focus();
			}
			hide();
		}
	} );

	window.addEventListener( 'resize', hide );
	window.addEventListener( 'scroll', function ( event ) {
		if ( !open || !within( event.target ) ) {
			hide();
		}
	}, true );

	function unfold( content ) {
		var folded = content.querySelectorAll( '.marovi-code.mw-collapsible:not(.mw-made-collapsible)' );
		if ( folded.length ) {
			mw.loader.using( 'jquery.makeCollapsible' ).then( function () {
				$( folded ).makeCollapsible();
			} );
		}
	}

	var count = 0;
	mw.hook( 'wikipage.content' ).add( function ( $content ) {
		var content = $content[ 0 ];
		if ( !content ) {
			return;
		}
		Array.prototype.forEach.call( content.querySelectorAll( '.marovi-term' ), function ( term ) {
			count += 1;
			prepare( term, count );
		} );
		unfold( content );
	} );
}() );
