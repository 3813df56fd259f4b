--- ArticleMeta: where a page's text comes from, for machines; a reader sees nothing.
-- Version 2.0
local articleMeta = {}

local arguments = require( 'Module:Marovi/arguments' )

local NAMES = {
	'content_type', 'source_url', 'source_language', 'generated_by', 'generation_date', 'last_review_date',
	'quality_score', 'review_state',
}

function articleMeta.main( frame )
	local args = arguments.of( frame )
	local shown = mw.html.create( 'span' ):addClass( 'marovi-provenance' ):css( 'display', 'none' )
	local filled = false
	for _, name in ipairs( NAMES ) do
		if args[ name ] then
			filled = true
			local value = arguments.plain( args[ name ] ):gsub( '%s+', ' ' )
			shown:attr( 'data-' .. name:gsub( '_', '-' ), value )
		end
	end
	return filled and tostring( shown ) or ''
end

return articleMeta
