--- Lists in parameters: split at a separator that stands neither in a link, a tag, a call nor a character reference.
-- Version 2.0
local list = {}

list.COMMA = ','
list.SEMICOLON = ';'

local REFERENCE = '^&#?%w+;'

-- What is passed over as a whole, by the character it starts with.
local WHOLE = {
	[ '[' ] = { '^%[%[.-%]%]', '^%[[^%[%]\n]*%]' },
	[ '{' ] = { '^{{.-}}' },
	[ '<' ] = { '^<[^<>]*>' },
	[ '&' ] = { REFERENCE },
	[ '\127' ] = { '^\127\'"`UNIQ%-.-%-QINU`"\'\127' },
}

local function whole( text, start )
	for _, pattern in ipairs( WHOLE[ text:sub( start, start ) ] or {} ) do
		local _, stop = text:find( pattern, start )
		-- What only looks like a character reference is text: R&D; Q&A;
		if stop and not ( pattern == REFERENCE and mw.text.decode( text:sub( start, stop ), true ) == text:sub( start, stop ) ) then
			return stop
		end
	end
end

--- The trimmed items of `text`, empty ones left out.
function list.split( text, separator )
	local items = {}
	local from, at = 1, 1
	local function add( upTo )
		local item = mw.text.trim( text:sub( from, upTo ) )
		if item ~= '' then
			items[ #items + 1 ] = item
		end
	end
	while true do
		local found = text:find( '[%[{<&\127' .. separator .. ']', at )
		if not found then
			add( #text )
			return items
		end
		local stop = whole( text, found ) or found
		if text:sub( found, found ) == separator then
			add( found - 1 )
			from = found + 1
		end
		at = stop + 1
	end
end

--- The items of the parameter `plural`, then those of `singular1`, `singular2`, … as they stand.
-- Each is { text = …, given = true when it is to be shown exactly so }.
function list.items( args, plural, singular, separator )
	local items = {}
	for _, text in ipairs( list.split( args[ plural ] or '', separator or list.COMMA ) ) do
		items[ #items + 1 ] = { text = text }
	end
	local numbered = {}
	for name, value in pairs( args ) do
		local prefix, number = tostring( name ):match( '^(.-)(%d+)$' )
		if prefix == singular then
			numbered[ #numbered + 1 ] = { number = tonumber( number ), text = value, given = true }
		end
	end
	table.sort( numbered, function ( one, other )
		return one.number < other.number
	end )
	for _, item in ipairs( numbered ) do
		items[ #items + 1 ] = item
	end
	return items
end

return list
