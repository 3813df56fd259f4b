/* Draws the formulas that the Math extension leaves as source, now and whenever a page adds some. */
( function () {
	'use strict';

	const formulas = '.mwe-math-fallback-source-inline:not(.marovi-drawn), ' +
		'.mwe-math-fallback-source-display:not(.marovi-drawn)';

	// The extension puts a block into {\displaystyle …}, where KaTeX could not number it, and an inline formula only
	// into {\textstyle …} when the page asked for that: without a word, an inline formula is large on other wikis too.
	function texOf( source, block ) {
		const tex = source.replace( /^\s*\$/, '' ).replace( /\$\s*$/, '' ).trim();
		if ( block ) {
			return tex.replace( /^\{\\displaystyle ([^]*)\}$/, '$1' );
		}
		return tex.startsWith( '{\\textstyle ' ) ? tex : '\\displaystyle ' + tex;
	}

	function draw( span ) {
		const source = span.textContent;
		const block = span.classList.contains( 'mwe-math-fallback-source-display' );
		span.classList.add( 'marovi-drawn' );
		try {
			katex.render( texOf( source, block ), span, { displayMode: block, strict: false } );
		} catch ( error ) {
			span.textContent = source;
			span.title = error.message;
			span.classList.add( 'marovi-not-drawn' );
		}
	}

	function drawAll() {
		document.querySelectorAll( formulas ).forEach( draw );
	}

	drawAll();
	new MutationObserver( drawAll ).observe( document.body, { childList: true, subtree: true } );
}() );
