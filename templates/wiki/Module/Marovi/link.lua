--- Links to pages, in the page's language where the wiki's data know the topic.
-- Version 2.0
local link = {}

local arguments = require( 'Module:Marovi/arguments' )
local topics = mw.loadData( 'Module:Marovi/topics' )

--- A link to a page by its title, or only the words where no page can have that title.
function link.to( title, words )
	local object = mw.title.new( title )
	if not object or words:find( '[[', 1, true ) or words:find( ']]', 1, true ) then
		return words
	end
	local target = object.prefixedText
	if object.fragment ~= '' then
		target = target .. '#' .. object.fragment
	end
	return '[[:' .. target .. '|' .. words .. ']]'
end

--- The topic that a title or slug names: its title in `language` and its page, nil while it is only planned.
function link.topic( name, language )
	local slug = topics.slugs[ name ] or name
	local known = topics.topics[ slug ]
	return known and known[ language ]
end

--- One item of a list, as README says: a link, a topic, `Title|words`, a title, or just text.
function link.item( item, language, loose )
	local text = item.text
	if item.given or text:find( '[[', 1, true ) or text:find( '\127', 1, true ) or text:find( '<', 1, true ) then
		return text
	end
	local title, words = text:match( '^(.-)%s*|%s*(.+)$' )
	if title then
		return link.to( arguments.plain( title ), words )
	end
	local name = arguments.plain( text )
	local topic = link.topic( name, language )
	if topic then
		local shown = arguments.shown( topic.title )
		return topic.page and link.to( topic.page, shown ) or shown
	end
	return loose and text or link.to( name, text )
end

--- All items of a list as links; `loose` leaves unknown titles as text.
function link.items( items, language, loose )
	local shown = {}
	for number, item in ipairs( items ) do
		shown[ number ] = link.item( item, language, loose )
	end
	return shown
end

return link
