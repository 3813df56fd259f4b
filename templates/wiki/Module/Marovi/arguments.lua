--- What a template was called with: trimmed, an empty parameter is a missing one.
-- Version 2.0
local arguments = {}

--- The parameters of the template that holds the #invoke, together with those of the #invoke itself.
function arguments.of( frame )
	local given = {}
	local parent = frame:getParent()
	for _, source in ipairs( { parent and parent.args or {}, frame.args } ) do
		for name, value in pairs( source ) do
			local trimmed = mw.text.trim( value )
			if trimmed ~= '' then
				given[ name ] = trimmed
			end
		end
	end
	return given
end

--- A value that is no wikitext: its characters, whatever they would mean as markup.
function arguments.plain( value )
	return value and mw.text.decode( mw.text.killMarkers( value ), true )
end

--- Plain characters as wikitext that shows exactly them.
function arguments.shown( characters )
	return mw.text.nowiki( characters )
end

return arguments
