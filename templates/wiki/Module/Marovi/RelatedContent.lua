--- RelatedContent: links to related articles and papers at the foot of a page, in two columns.
-- Version 2.0
local relatedContent = {}

local arguments = require( 'Module:Marovi/arguments' )
local link = require( 'Module:Marovi/link' )
local list = require( 'Module:Marovi/list' )
local page = require( 'Module:Marovi/page' )
local words = require( 'Module:Marovi/words' )

local STYLE = {
	[ 'display' ] = 'flex',
	[ 'flex-wrap' ] = 'wrap',
	[ 'gap' ] = '.5em 3em',
	[ 'border-top' ] = '1px solid #a2a9b1',
	[ 'margin-top' ] = '1.5em',
	[ 'padding-top' ] = '.6em',
	[ 'clear' ] = 'both',
}

function relatedContent.main( frame )
	local args = arguments.of( frame )
	local here = page.current( frame )
	local say = words.of( here.language )
	local shown = mw.html.create( 'div' ):addClass( 'marovi-related' ):attr( 'role', 'navigation' )
		:attr( 'aria-label', say( 'related' ) ):css( STYLE )
	local filled = false
	local function column( label, items )
		if #items > 0 then
			filled = true
			local part = shown:tag( 'div' ):css( { [ 'flex' ] = '1 1 14em', [ 'min-width' ] = '0' } )
			part:tag( 'div' ):addClass( 'marovi-label' ):css( 'font-weight', 'bold' ):wikitext( label )
			local lines = part:tag( 'ul' )
			for _, item in ipairs( link.items( items, here.language ) ) do
				lines:tag( 'li' ):wikitext( item )
			end
		end
	end
	column( say( 'related-articles' ), list.items( args, 'articles', 'article' ) )
	column( say( 'related-papers' ), list.items( args, 'papers', 'paper' ) )
	return filled and tostring( shown ) or ''
end

return relatedContent
