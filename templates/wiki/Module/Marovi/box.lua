--- The box at the side of a page: a title and rows of a label and a value.
-- Version 2.0
local box = {}

local languages = mw.loadData( 'Module:Marovi/languages' )

local STYLE = {
	[ 'width' ] = '19em',
	[ 'max-width' ] = '100%',
	[ 'box-sizing' ] = 'border-box',
	[ 'padding' ] = '.4em .6em',
	[ 'border' ] = '1px solid #a2a9b1',
	[ 'background' ] = '#f8f9fa',
	[ 'color' ] = '#202122',
	[ 'font-size' ] = '88%',
	[ 'line-height' ] = '1.5',
}

--- A table of rows { label, value }; rows without a value are left out, and a box with nothing in it is nothing.
function box.show( language, title, rows )
	local side = languages.directions[ language ] == 'rtl' and 'left' or 'right'
	local shown = mw.html.create( 'table' ):addClass( 'marovi-box noexcerpt' ):css( STYLE ):css( {
		[ 'float' ] = side,
		[ 'clear' ] = side,
		[ 'margin' ] = side == 'right' and '0 0 1em 1.2em' or '0 1.2em 1em 0',
	} )
	if title then
		shown:tag( 'caption' ):css( 'font-weight', 'bold' ):css( 'font-size', '110%' ):wikitext( title )
	end
	local filled = title ~= nil
	for _, row in ipairs( rows ) do
		local label, value = row[ 1 ], row[ 2 ]
		if value and value ~= '' then
			filled = true
			local line = shown:tag( 'tr' )
			line:tag( 'th' ):attr( 'scope', 'row' ):css( { [ 'text-align' ] = 'start', [ 'vertical-align' ] = 'top' } )
				:css( 'padding', '.15em .6em .15em 0' ):css( 'font-weight', 'normal' ):css( 'color', '#54595d' )
				:css( 'width', '36%' ):wikitext( label )
			local cell = line:tag( 'td' ):css( { [ 'vertical-align' ] = 'top', [ 'padding' ] = '.15em 0' } )
				:css( 'overflow-wrap', 'anywhere' )
			if value:find( '\n', 1, true ) then
				cell:newline():wikitext( value ):newline()
			else
				cell:wikitext( value )
			end
		end
	end
	return filled and tostring( shown ) or ''
end

return box
