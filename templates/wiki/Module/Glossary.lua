--- The glossary: looks a term up, by alias too, in the page's language.
-- {{#invoke:Glossary|definition|learning rate}} gives its definition, {{#invoke:Glossary|name|learning-rate}} the term.
-- Version 2.0
local glossary = {}

local arguments = require( 'Module:Marovi/arguments' )
local languages = mw.loadData( 'Module:Marovi/languages' )
local page = require( 'Module:Marovi/page' )
local data = mw.loadData( 'Module:Glossary/data' )

--- How words are compared: composed, in lower case, one space between them.
local function folded( words )
	return mw.ustring.lower( mw.ustring.toNFC( words ) ):gsub( '[%s_]+', ' ' ):gsub( '^ ', '' ):gsub( ' $', '' )
end

--- The concept that a key, term or alias names: first in `language`, then in the others in their order.
local function keyOf( words, language )
	if data.concepts[ words ] then
		return words
	end
	local wanted = folded( words )
	local own = data.words[ language ]
	if own and own[ wanted ] then
		return own[ wanted ]
	end
	for _, other in ipairs( languages.order ) do
		local key = data.words[ other ] and data.words[ other ][ wanted ]
		if key then
			return key
		end
	end
	return data.concepts[ wanted ] and wanted or nil
end

--- Look a term up by key, term or alias.
-- Returns nil, or { key, term, definition (wikitext), plain, page, language }: in `language`, else in the source's.
function glossary.find( words, language )
	local key = keyOf( words, language )
	if not key then
		return nil
	end
	local concept = data.concepts[ key ]
	local found = concept[ language ] and language or languages.source
	local text = concept[ found ]
	return {
		key = key,
		term = text.term,
		definition = text.definition,
		plain = text.plain,
		page = text.page,
		language = found,
	}
end

local function asked( frame )
	local args = arguments.of( frame )
	return args[ 1 ] and glossary.find( arguments.plain( args[ 1 ] ), page.current( frame ).language )
end

--- The definition as wikitext, nothing when the glossary has no such term.
function glossary.definition( frame )
	local entry = asked( frame )
	return entry and frame:preprocess( entry.definition ) or ''
end

--- The term in the page's language, nothing when the glossary has no such term.
function glossary.name( frame )
	local entry = asked( frame )
	return entry and arguments.shown( entry.term ) or ''
end

return glossary
