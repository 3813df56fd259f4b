--- The boxes at the side of articles and papers: which rows each has.
-- Version 2.0
local boxes = {}

local arguments = require( 'Module:Marovi/arguments' )
local box = require( 'Module:Marovi/box' )
local link = require( 'Module:Marovi/link' )
local list = require( 'Module:Marovi/list' )
local names = require( 'Module:Marovi/names' )
local outside = require( 'Module:Marovi/outside' )
local page = require( 'Module:Marovi/page' )
local words = require( 'Module:Marovi/words' )
local languages = mw.loadData( 'Module:Marovi/languages' )

local function opened( frame )
	local here = page.current( frame )
	return arguments.of( frame ), here, words.of( here.language )
end

local function linked( args, plural, singular, here, say, loose )
	return table.concat( link.items( list.items( args, plural, singular ), here.language, loose ), say( 'comma' ) )
end

local function named( value, here )
	return value and names.localized( value, here.language )
end

--- Language codes as the languages' names in themselves; what is no known code stays as it is.
local function spoken( codes, say )
	local shown = {}
	for number, code in ipairs( list.split( codes or '', list.COMMA ) ) do
		local own = languages.names[ code ]
		shown[ number ] = own and tostring( mw.html.create( 'span' ):attr( 'lang', code ):wikitext( own ) ) or code
	end
	return table.concat( shown, say( 'comma' ) )
end

local function pageTitle( here )
	local topic = link.topic( here.base, here.language )
	return arguments.shown( topic and topic.title or page.name( here.base ) )
end

function boxes.article( frame )
	local args, here, say = opened( frame )
	local area = named( args.topic_area, here )
	return box.show( here.language, args.title or pageTitle( here ), {
		{ say( 'field' ), args.field and names.category( args.field, here.language ) },
		{ say( 'topic-area' ), area ~= named( args.field, here ) and area },
		{ say( 'difficulty' ), named( args.difficulty, here ) },
		{ say( 'prerequisites' ), linked( args, 'prerequisites', 'prerequisite', here, say ) },
		{ say( 'topics' ), linked( args, 'topics', 'topic', here, say, true ) },
		{ say( 'related-papers' ), linked( args, 'related_papers', 'related_paper', here, say ) },
		{ say( 'languages' ), spoken( args.languages, say ) },
	} )
end

function boxes.articleInfobox( frame )
	local args, here, say = opened( frame )
	return box.show( here.language, pageTitle( here ), {
		{ say( 'topic-area' ), named( args.topic_area, here ) },
		{ say( 'difficulty' ), named( args.difficulty, here ) },
		{ say( 'prerequisites' ), linked( args, 'prerequisites', 'prerequisite', here, say ) },
	} )
end

function boxes.paper( frame )
	local args, here, say = opened( frame )
	return box.show( here.language, args.title or pageTitle( here ), {
		{ say( 'authors' ), linked( args, 'authors', 'author', here, say, true ) },
		{ say( 'year' ), args.year },
		{ say( 'venue' ), args.venue },
		{ say( 'arxiv' ), outside.arxiv( args.arxiv ) },
		{ say( 'doi' ), outside.doi( args.doi ) },
		{ say( 'topics' ), linked( args, 'topics', 'topic', here, say, true ) },
		{ say( 'related-articles' ), linked( args, 'related_articles', 'related_article', here, say ) },
		{ say( 'languages' ), spoken( args.languages, say ) },
	} )
end

function boxes.paperInfobox( frame )
	local args, here, say = opened( frame )
	return box.show( here.language, pageTitle( here ), {
		{ say( 'topic-area' ), named( args.topic_area, here ) },
		{ say( 'difficulty' ), named( args.difficulty, here ) },
		{ say( 'authors' ), linked( args, 'authors', 'author', here, say, true ) },
		{ say( 'year' ), args.year },
		{ say( 'venue' ), args.venue },
		{ say( 'arxiv' ), outside.arxiv( args.arxiv_id ) },
		{ say( 'source' ), outside.site( args.source_url ) },
		{ say( 'pdf' ), outside.site( args.pdf_url ) },
	} )
end

function boxes.summaryInfobox( frame )
	local args, here, say = opened( frame )
	local parent = args.parent_page or here.parent
	if not parent then
		return ''
	end
	local sentence = ( { article = 'summary-of-article', paper = 'summary-of-paper' } )[ args.parent_type ]
	local own = page.split( arguments.plain( parent ) )
	local shown = mw.html.create( 'div' ):addClass( 'marovi-box marovi-box-line noexcerpt' )
		:css( { [ 'padding' ] = '.4em .8em', [ 'border' ] = '1px solid #a2a9b1' } )
		:css( { [ 'background' ] = '#f8f9fa', [ 'color' ] = '#202122', [ 'margin' ] = '.5em 0', [ 'overflow' ] = 'hidden' } )
	local target = parent:find( '[[', 1, true ) and parent or link.item( { text = own }, here.language )
	return tostring( shown:wikitext( say( sentence or 'summary-of', target ) ) )
end

return boxes
