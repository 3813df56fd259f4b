--- Names of fields, areas and difficulties: given in any language, shown in the page's.
-- Version 2.0
local names = {}

local arguments = require( 'Module:Marovi/arguments' )
local link = require( 'Module:Marovi/link' )
local vocabulary = mw.loadData( 'Module:Marovi/vocabulary' )

--- The name in `language`, or the value as it stands where it is none of the known ones.
function names.localized( value, language )
	local plain = arguments.plain( value )
	local key = vocabulary.keys[ plain ]
	return key and arguments.shown( vocabulary.names[ key ][ language ] ) or value
end

--- The same, linked to its category in that language.
function names.category( value, language )
	if value:find( '[[', 1, true ) then
		return value
	end
	local shown = names.localized( value, language )
	local title = mw.title.makeTitle( 'Category', arguments.plain( shown ) )
	return title and link.to( title.prefixedText, shown ) or shown
end

return names
