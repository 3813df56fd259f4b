--- LanguageBar: the page in all languages; the current one bold, existing ones linked, missing ones dimmed.
-- Version 2.0
local languageBar = {}

local arguments = require( 'Module:Marovi/arguments' )
local list = require( 'Module:Marovi/list' )
local page = require( 'Module:Marovi/page' )
local words = require( 'Module:Marovi/words' )
local languages = mw.loadData( 'Module:Marovi/languages' )

--- The base that the parameter `page` names; without its namespace it still means the page it stands on.
local function base( given, here )
	local name = page.split( given )
	local object = mw.title.new( name )
	if not object then
		return here.base
	end
	local title = object.prefixedText
	return title == page.name( here.base ) and here.base or title
end

--- A test for existing translations. With `languages` it asks nobody; else it costs one expensive call a language.
local function existing( given )
	if not given then
		return function ( _, title )
			local object = mw.title.new( title )
			return object ~= nil and object.exists
		end
	end
	local known = {}
	for _, code in ipairs( list.split( given, list.COMMA ) ) do
		known[ code ] = true
	end
	return function ( language )
		return known[ language ]
	end
end

function languageBar.main( frame )
	local args = arguments.of( frame )
	local here = page.current( frame )
	local say = words.of( here.language )
	local title = args.page and base( arguments.plain( args.page ), here ) or here.base
	local exists = existing( args.languages and arguments.plain( args.languages ) )
	local parts = {}
	for _, language in ipairs( languages.order ) do
		local target = page.titled( title, language )
		local name = arguments.shown( languages.names[ language ] )
		local part = mw.html.create( 'span' ):attr( 'lang', language ):attr( 'dir', languages.directions[ language ] )
		if target == here.title or ( title == here.base and language == here.language ) then
			part:tag( 'b' ):wikitext( name )
		elseif exists( language, target ) then
			part:wikitext( '[[:' .. target .. '|' .. name .. ']]' )
		else
			part:addClass( 'marovi-missing' ):css( 'color', '#6d7278' ):attr( 'title', say( 'language-missing' ) )
				:wikitext( name )
		end
		parts[ #parts + 1 ] = tostring( part )
	end
	local bar = mw.html.create( 'div' ):addClass( 'marovi-languages noexcerpt' ):attr( 'role', 'navigation' )
		:attr( 'aria-label', say( 'languages' ) ):css( 'font-size', '90%' )
	return tostring( bar:wikitext( table.concat( parts, say( 'separator' ) ) ) )
end

return languageBar
