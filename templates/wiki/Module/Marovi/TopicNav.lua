--- TopicNav: the way from all articles down to this page.
-- Version 2.0
local topicNav = {}

local arguments = require( 'Module:Marovi/arguments' )
local link = require( 'Module:Marovi/link' )
local names = require( 'Module:Marovi/names' )
local page = require( 'Module:Marovi/page' )
local words = require( 'Module:Marovi/words' )

--- The topic's title in the page's language, or the page's own.
local function titleOf( base, language )
	local topic = link.topic( base, language )
	return arguments.shown( topic and topic.title or page.name( base ) )
end

function topicNav.main( frame )
	local args = arguments.of( frame )
	local here = page.current( frame )
	local say = words.of( here.language )
	local steps = { names.category( 'Articles', here.language ) }
	for _, name in ipairs( { 'field', 'subfield' } ) do
		if args[ name ] then
			steps[ #steps + 1 ] = names.category( args[ name ], here.language )
		end
	end
	if here.parent then
		steps[ #steps + 1 ] = link.item( { text = here.parent }, here.language )
	end
	local last = mw.html.create( 'span' ):attr( 'aria-current', 'page' )
	steps[ #steps + 1 ] = tostring( last:wikitext(
		args.title or here.parent and say( 'summary' ) or titleOf( here.base, here.language )
	) )
	local trail = mw.html.create( 'div' ):addClass( 'marovi-breadcrumb noexcerpt' ):attr( 'role', 'navigation' )
		:attr( 'aria-label', say( 'breadcrumb' ) ):css( 'font-size', '90%' )
	return tostring( trail:wikitext( table.concat( steps, say( 'breadcrumb-separator' ) ) ) )
end

return topicNav
