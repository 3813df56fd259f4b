--- Term: words with a dotted underline and, hidden until they are pointed at, what they mean.
-- Version 2.0
local term = {}

local arguments = require( 'Module:Marovi/arguments' )
local glossary = require( 'Module:Glossary' )
local languages = mw.loadData( 'Module:Marovi/languages' )
local link = require( 'Module:Marovi/link' )
local page = require( 'Module:Marovi/page' )
local words = require( 'Module:Marovi/words' )

--- Hidden by its own style, so that it is hidden also where the gadget is not; the gadget shows it.
local function popup( entry, language, frame )
	local say = words.of( language )
	local shown = mw.html.create( 'span' ):addClass( 'marovi-term-popup noexcerpt' ):css( 'display', 'none' )
	if entry.language ~= language then
		shown:attr( 'lang', entry.language ):attr( 'dir', languages.directions[ entry.language ] )
	end
	shown:tag( 'b' ):wikitext( arguments.shown( entry.term ) )
	-- Formulas are tags that only the preprocessor knows.
	shown:wikitext( ' ' ):tag( 'span' ):addClass( 'marovi-term-definition' ):wikitext( frame:preprocess( entry.definition ) )
	shown:wikitext( ' ' ):tag( 'span' ):addClass( 'marovi-term-more' ):attr( 'lang', language )
		:wikitext( link.to( entry.page, say( 'glossary-entry' ) ) )
	return tostring( shown )
end

function term.main( frame )
	local args = arguments.of( frame )
	local language = page.current( frame ).language
	local asked = args[ 1 ] or args[ 2 ]
	if not asked then
		return ''
	end
	local entry = glossary.find( arguments.plain( asked ), language )
	local text = args[ 2 ] or entry and arguments.plain( asked ) == entry.key and arguments.shown( entry.term ) or asked
	if not entry then
		return text
	end
	local shown = mw.html.create( 'span' ):addClass( 'marovi-term' ):attr( 'tabindex', '0' ):attr( 'title', entry.plain )
		:css( 'border-bottom', '1px dotted' )
	return tostring( shown:wikitext( text ) ) .. popup( entry, language, frame )
end

return term
