--- The boxes at the head of glossary pages.
-- Version 2.0
local heads = {}

local arguments = require( 'Module:Marovi/arguments' )
local box = require( 'Module:Marovi/box' )
local glossary = require( 'Module:Glossary' )
local languages = mw.loadData( 'Module:Marovi/languages' )
local link = require( 'Module:Marovi/link' )
local list = require( 'Module:Marovi/list' )
local names = require( 'Module:Marovi/names' )
local page = require( 'Module:Marovi/page' )
local words = require( 'Module:Marovi/words' )

local STATUS = { draft = 'status-draft', reviewed = 'status-reviewed', verified = 'status-verified' }

local function capitalised( text )
	return mw.language.new( languages.source ):ucfirst( text )
end

local function aliases( args, here, say )
	local items = list.items( args, 'aliases', 'alias' )
	return table.concat( link.items( items, here.language, true ), say( 'comma' ) )
end

--- Other concepts, by key, term or alias; what the glossary does not have stays text.
local function related( args, here, say )
	local shown = {}
	for number, item in ipairs( list.items( args, 'related', 'related' ) ) do
		local plain = not item.given and not item.text:find( '[[', 1, true )
		local entry = plain and glossary.find( arguments.plain( item.text ), here.language )
		shown[ number ] = entry and link.to( entry.page, arguments.shown( entry.term ) ) or item.text
	end
	return table.concat( shown, say( 'comma' ) )
end

local function explained( args, here, say )
	if not args.article then
		return nil
	end
	local shown = link.item( { text = args.article }, here.language )
	local topic = link.topic( arguments.plain( args.article ), here.language )
	if not args.article_section or topic and not topic.page then
		return shown
	end
	local target = topic and topic.page or arguments.plain( args.article )
	local section = link.to( target .. '#' .. arguments.plain( args.article_section ), args.article_section )
	return shown .. say( 'breadcrumb-separator' ) .. section
end

function heads.concept( frame )
	local args = arguments.of( frame )
	local here = page.current( frame )
	local say = words.of( here.language )
	local entry = args.concept_id and glossary.find( arguments.plain( args.concept_id ), here.language )
	local title = arguments.shown( capitalised( entry and entry.term or page.name( here.base ) ) )
	return box.show( here.language, title, {
		{ say( 'aliases' ), aliases( args, here, say ) },
		{ say( 'domain' ), args.domain and names.category( args.domain, here.language ) },
		{ say( 'difficulty' ), args.difficulty and names.localized( args.difficulty, here.language ) },
		{ say( 'explained-in' ), explained( args, here, say ) },
		{ say( 'related-concepts' ), related( args, here, say ) },
		{ say( 'concept-id' ), args.concept_id },
	} )
end

function heads.translation( frame )
	local args = arguments.of( frame )
	local here = page.current( frame )
	local say = words.of( here.language )
	local status = STATUS[ args.definition_status ]
	local original = here.title ~= here.base and link.to( here.base, arguments.shown( page.name( here.base ) ) )
	return box.show( here.language, args.surface_form and capitalised( args.surface_form ), {
		{ say( 'aliases' ), aliases( args, here, say ) },
		{ say( 'original-term' ), original },
		{ say( 'definition-status' ), status and say( status ) },
	} )
end

return heads
