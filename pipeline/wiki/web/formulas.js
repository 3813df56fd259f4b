/* Draws the formulas that the Math extension leaves as source, now and whenever a page adds some. */
( function () {
	'use strict';

	const formulas = '.mwe-math-fallback-source-inline:not(.marovi-drawn), ' +
		'.mwe-math-fallback-source-display:not(.marovi-drawn)';

	function draw( span ) {
		const source = span.textContent;
		const tex = source.replace( /^\s*\$/, '' ).replace( /\$\s*$/, '' ).trim();
		span.classList.add( 'marovi-drawn' );
		try {
			katex.render( tex, span, {
				displayMode: span.classList.contains( 'mwe-math-fallback-source-display' ),
				strict: false
			} );
			span.dataset.tex = tex;
		} catch ( error ) {
			span.textContent = source;
			span.title = error.message;
			span.dataset.error = error.message;
		}
	}

	function drawAll() {
		document.querySelectorAll( formulas ).forEach( draw );
	}

	drawAll();
	new MutationObserver( drawAll ).observe( document.body, { childList: true, subtree: true } );
}() );
