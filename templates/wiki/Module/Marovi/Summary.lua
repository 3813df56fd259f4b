--- Summary: what the page says, in a few sentences and key points.
-- Version 2.0
local summary = {}

local arguments = require( 'Module:Marovi/arguments' )
local list = require( 'Module:Marovi/list' )
local page = require( 'Module:Marovi/page' )
local words = require( 'Module:Marovi/words' )

local STYLE = {
	[ 'border-inline-start' ] = '4px solid #36c',
	[ 'background' ] = '#f8f9fa',
	[ 'color' ] = '#202122',
	[ 'padding' ] = '.6em 1em',
	[ 'margin' ] = '.8em 0',
	[ 'overflow' ] = 'hidden', -- beside the floating box, not below it
}

local function label( shown, text )
	shown:tag( 'div' ):addClass( 'marovi-label' ):css( 'font-weight', 'bold' ):wikitext( text )
end

function summary.main( frame )
	local args = arguments.of( frame )
	local say = words.of( page.current( frame ).language )
	local points = list.items( args, 'key_points', 'key_point', list.SEMICOLON )
	if not args.text and #points == 0 and not args.short then
		return ''
	end
	local shown = mw.html.create( 'div' ):addClass( 'marovi-summary' ):css( STYLE )
	if args.text then
		label( shown, say( 'summary' ) )
		shown:tag( 'div' ):newline():wikitext( args.text ):newline()
	end
	if #points > 0 then
		label( shown, say( 'key-points' ) )
		local lines = shown:tag( 'ul' )
		for _, point in ipairs( points ) do
			lines:tag( 'li' ):wikitext( point.text )
		end
	end
	if args.short then
		shown:tag( 'div' ):addClass( 'marovi-short' ):wikitext( args.short )
	end
	return tostring( shown )
end

return summary
