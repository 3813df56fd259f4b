--- ContentMeta: where the page's numbers and text come from, and how far the numbers were checked.
-- Version 2.1
local contentMeta = {}

local arguments = require( 'Module:Marovi/arguments' )
local page = require( 'Module:Marovi/page' )
local words = require( 'Module:Marovi/words' )

local LEVELS = { executed = true, reproduced = true, [ 'cross-checked' ] = true, [ 'cross-device' ] = true }

--- Who wrote the text, with what, when.
local function origin( args, say )
	local who = args.generated_by or args.model_used
	if args.generated_by and args.model_used then
		who = say( 'meta-model', args.generated_by, args.model_used )
	end
	local date = args.generated_date
	if who then
		return say( 'meta-text', date and say( 'parenthesized', who, date ) or who )
	end
	return date and say( 'meta-text-date', date )
end

local function commit( value )
	local hash = arguments.plain( value )
	return arguments.shown( hash:match( '^%x+$' ) and hash:sub( 1, 10 ) or hash )
end

function contentMeta.main( frame )
	local args = arguments.of( frame )
	local say = words.of( page.current( frame ).language )
	local level = args.verification or args.level
	level = LEVELS[ level ] and level
	local facts = {}
	local function add( text )
		if text then
			facts[ #facts + 1 ] = text
		end
	end
	add( args.checks and say( 'meta-checks', args.checks ) )
	add( args.results_date and say( 'meta-results-date', args.results_date ) )
	add( args.commit and say( 'meta-commit', commit( args.commit ) ) )
	add( args.environment and say( 'meta-environment', args.environment ) )
	add( args.differs and say( 'meta-differs', args.differs ) )
	add( origin( args, say ) )
	add( level and '[[' .. say( 'meta-how-page' ) .. '|' .. say( 'meta-how' ) .. ']]' )
	if #facts == 0 then
		return ''
	end
	local shown = mw.html.create( 'div' ):addClass( 'marovi-meta noexcerpt' ):attr( 'role', 'note' )
		:attr( 'aria-label', say( 'meta-label' ) )
		:css( { [ 'font-size' ] = '85%', [ 'color' ] = '#54595d', [ 'margin' ] = '.5em 0 1em' } )
		:css( 'overflow', 'hidden' )
	if level then
		local earned = mw.html.create( 'b' ):addClass( 'marovi-level' ):wikitext( say( 'level-' .. level ) )
		shown:tag( 'div' ):wikitext( say( 'meta-level', tostring( earned ), say( 'level-' .. level .. '-means' ) ) )
	end
	shown:tag( 'div' ):wikitext( table.concat( facts, say( 'separator' ) ) )
	return tostring( shown )
end

return contentMeta
