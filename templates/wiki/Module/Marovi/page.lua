--- Where we are: the page's language, and its title without the language.
-- Version 2.0
local page = {}

local languages = mw.loadData( 'Module:Marovi/languages' )

--- `Title/summary/es` gives `Title/summary`, `es`; a title without a configured language at its end gives itself, nil.
function page.split( title )
	local base, last = title:match( '^(.+)/([^/]+)$' )
	if last and languages.names[ last ] then
		return base, last
	end
	return title, nil
end

--- The title of the page with that base in that language.
function page.titled( base, language )
	return language == languages.source and base or base .. '/' .. language
end

--- The whole title, its base, its language, and, when it is a summary, its parent's base.
function page.current( frame )
	local title = mw.title.getCurrentTitle().prefixedText
	local base, language = page.split( title )
	return {
		title = title,
		base = base,
		language = language or page.contentLanguage( frame ),
		parent = base:match( '^(.+)/summary$' ),
	}
end

--- The page's content language when it is configured, else the language of the sources.
function page.contentLanguage( frame )
	local code = frame:preprocess( '{{PAGELANGUAGE}}' )
	while code do
		if languages.names[ code ] then
			return code
		end
		code = code:match( '^(.+)%-[^-]*$' )
	end
	return languages.source
end

--- A title without its namespace.
function page.name( title )
	local object = mw.title.new( title )
	return object and object.text or title
end

return page
