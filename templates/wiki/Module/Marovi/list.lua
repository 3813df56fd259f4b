--- Lists in parameters: split at separators that stand neither in a link, a tag, a call nor a character reference.
local list = {}

list.COMMA = { ',', '、', '，' }
list.SEMICOLON = { ';', '；' }

-- What is passed over as a whole, by the character it starts with.
local WHOLE = {
	[ '[' ] = { '^%[%[.-%]%]', '^%[[^%[%]\n]*%]' },
	[ '{' ] = { '^{{.-}}' },
	[ '<' ] = { '^<[^<>]*>' },
	[ '&' ] = { '^&#?%w+;' },
	[ '\127' ] = { '^\127\'"`UNIQ%-.-%-QINU`"\'\127' },
}

local function whole( text, start )
	for _, pattern in ipairs( WHOLE[ text:sub( start, start ) ] or {} ) do
		local _, stop = text:find( pattern, start )
		if stop then
			return stop
		end
	end
end

local function separator( text, start, separators )
	for _, mark in ipairs( separators ) do
		if text:sub( start, start + #mark - 1 ) == mark then
			return start + #mark - 1
		end
	end
end

--- The trimmed items of `text`, empty ones left out.
function list.split( text, separators )
	local items = {}
	local starts = '[%[{<&\127'
	for _, mark in ipairs( separators ) do
		starts = starts .. mark:sub( 1, 1 )
	end
	starts = starts .. ']'

	local from, at = 1, 1
	local function add( upTo )
		local item = mw.text.trim( text:sub( from, upTo ) )
		if item ~= '' then
			items[ #items + 1 ] = item
		end
	end
	while true do
		local found = text:find( starts, at )
		if not found then
			add( #text )
			return items
		end
		local stop = whole( text, found )
		local cut = not stop and separator( text, found, separators )
		if cut then
			add( found - 1 )
			from = cut + 1
		end
		at = ( stop or cut or found ) + 1
	end
end

--- The items of the parameter `plural`, then those of `singular1`, `singular2`, … as they stand.
-- Each is { text = …, given = true when it is to be shown exactly so }.
function list.items( args, plural, singular, separators )
	local items = {}
	for _, text in ipairs( list.split( args[ plural ] or '', separators or list.COMMA ) ) do
		items[ #items + 1 ] = { text = text }
	end
	local numbers = {}
	for name in pairs( args ) do
		local prefix, number = tostring( name ):match( '^(.-)(%d+)$' )
		if prefix == singular then
			numbers[ #numbers + 1 ] = tonumber( number )
		end
	end
	table.sort( numbers )
	for _, number in ipairs( numbers ) do
		items[ #items + 1 ] = { text = args[ singular .. number ], given = true }
	end
	return items
end

return list
