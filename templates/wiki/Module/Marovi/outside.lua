--- Links out of the wiki: arXiv, DOI, and addresses; what is none of them is shown as plain characters.
-- Version 2.0
local outside = {}

local arguments = require( 'Module:Marovi/arguments' )

--- An address in which nothing can end a link in wikitext.
local function address( url )
	return ( url:gsub( '[^%w%-._~:/?#@!$&()*+,;=%%]', function ( character )
		return string.format( '%%%02X', character:byte() )
	end ) )
end

local function link( url, words )
	return '[' .. address( url ) .. ' ' .. arguments.shown( words ) .. ']'
end

--- `1706.03762`, `arXiv:hep-th/9901001v2`, or an address at arxiv.org.
function outside.arxiv( value )
	if not value then
		return nil
	end
	local plain = arguments.plain( value )
	local id = plain:gsub( '^[hH][tT][tT][pP][sS]?://arxiv%.org/%a+/', '' ):gsub( '^[aA][rR][xX][iI][vV]:%s*', '' )
		:gsub( '%.pdf$', '' )
	local number = id:gsub( 'v%d+$', '' )
	if number:match( '^%d%d%d%d%.%d%d%d%d%d?$' ) or number:match( '^[%a.-]+/%d%d%d%d%d%d%d$' ) then
		return link( 'https://arxiv.org/abs/' .. id, id )
	end
	return arguments.shown( plain )
end

--- `10.1000/182`, with or without `doi:` or https://doi.org/ before it.
function outside.doi( value )
	if not value then
		return nil
	end
	local plain = arguments.plain( value )
	local id = plain:gsub( '^[hH][tT][tT][pP][sS]?://[%a.]*doi%.org/', '' ):gsub( '^[dD][oO][iI]:%s*', '' )
	if id:match( '^10%.%d+[%d.]*/%S+$' ) then
		return link( 'https://doi.org/' .. id:gsub( '%%', '%%25' ):gsub( '#', '%%23' ):gsub( '%?', '%%3F' ), id )
	end
	return arguments.shown( plain )
end

--- An http or https address, shown by the name of its site.
function outside.site( value )
	if not value then
		return nil
	end
	local plain = arguments.plain( value )
	local host = plain:match( '^https?://([%w.-]+)[^%s]*$' )
	return host and link( plain, ( host:gsub( '^www%.', '' ) ) ) or arguments.shown( plain )
end

return outside
