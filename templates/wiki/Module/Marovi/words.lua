--- The words that templates add to pages, in the page's language.
-- Version 2.0
local words = {}

local languages = mw.loadData( 'Module:Marovi/languages' )
local messages = mw.loadData( 'Module:Marovi/messages' )

--- A function that gives the words for a key, with $1, $2, … replaced; missing ones come from the source language.
function words.of( language )
	local own = messages[ language ] or {}
	local source = messages[ languages.source ]
	return function ( key, ... )
		local pieces = { ... }
		local text = own[ key ] or source[ key ] or key
		return ( text:gsub( '%$(%d)', function ( number )
			return pieces[ tonumber( number ) ]
		end ) )
	end
end

return words
