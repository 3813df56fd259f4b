--- RecentArticles: the newest topics in the page's language, as the bot wrote them down.
-- Version 2.0
local recent = {}

local arguments = require( 'Module:Marovi/arguments' )
local link = require( 'Module:Marovi/link' )
local page = require( 'Module:Marovi/page' )
local words = require( 'Module:Marovi/words' )

function recent.main( frame )
	local language = page.current( frame ).language
	local say = words.of( language )
	-- The list is published after the pages it links to: until then there is none.
	local found, data = pcall( mw.loadData, 'Module:Marovi/recent/data' )
	local lines = mw.html.create( 'ul' ):addClass( 'marovi-recent' )
	local filled = false
	for _, article in ipairs( found and data or {} ) do
		filled = true
		local own = article[ language ]
		local shown = link.to( own.page, arguments.shown( own.title ) )
		lines:tag( 'li' ):wikitext( article.date ~= '' and say( 'parenthesized', shown, article.date ) or shown )
	end
	return filled and tostring( lines ) or arguments.shown( say( 'recent-empty' ) )
end

return recent
