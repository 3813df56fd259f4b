<?php
// What a local wiki has on top of MediaWiki's installer: the namespaces, extensions and rights that the pages need,
// nothing that asks a server elsewhere. Required by LocalSettings.php, which has set $wgMaroviFolder.

if ( !defined( 'MEDIAWIKI' ) ) {
	exit;
}

// The address is that of the request, so that a wiki can be copied and served at another port.
$wgServer = 'http://127.0.0.1:' . ( $_SERVER['SERVER_PORT'] ?? '80' );
$wgScriptPath = '';
$wgResourceBasePath = '';
$wgArticlePath = '/wiki/$1';
$wgSQLiteDataDir = "$wgMaroviFolder/data";
$wgUploadDirectory = "$wgMaroviFolder/images";
$wgUploadPath = '/images';
$wgCacheDirectory = "$wgMaroviFolder/cache";
$wgTmpDirectory = "$wgMaroviFolder/tmp";

$wgEnableUploads = true;
$wgUseImageMagick = false;
$wgFileExtensions = [ 'png' ];
$wgEnableEmail = false;
$wgMainCacheType = CACHE_NONE;
$wgMessageCacheType = CACHE_NONE;
$wgParserCacheType = CACHE_DB;
$wgSessionCacheType = CACHE_DB;
$wgJobRunRate = 0; // tests and `marovi wiki` run the queue themselves
$wgShowExceptionDetails = true;
$wgRateLimits = [];
$wgPageLanguageUseDB = true;
$wgAllowDisplayTitle = true;
$wgNamespacesWithSubpages[NS_MAIN] = true;
$wgNamespacesWithSubpages[NS_TEMPLATE] = true;
$wgDefaultSkin = 'vector-2022';
$wgUseInstantCommons = false;
$wgEnableDnsBlacklist = false;
$wgPingback = false;
$wgCheckFileExtensions = true;
$wgAllowExternalImages = false;

define( 'NS_GLOSSARY', 3000 );
define( 'NS_GLOSSARY_TALK', 3001 );
$wgExtraNamespaces[NS_GLOSSARY] = 'Glossary';
$wgExtraNamespaces[NS_GLOSSARY_TALK] = 'Glossary_talk';
$wgNamespacesWithSubpages[NS_GLOSSARY] = true;
$wgContentNamespaces[] = NS_GLOSSARY;

wfLoadExtensions( [
	'Cite', 'Gadgets', 'Math', 'ParserFunctions', 'Scribunto', 'SyntaxHighlight_GeSHi', 'TemplateData',
] );
wfLoadSkin( 'Vector' );
wfLoadSkin( 'MinervaNeue' );

$wgScribuntoDefaultEngine = 'luastandalone';
$wgScribuntoEngineConf['luastandalone']['luaPath'] = $wgMaroviLua;
$wgScribuntoEngineConf['luastandalone']['errorFile'] = "$wgMaroviFolder/lua.log";
$wgPygmentizePath = $wgMaroviPygmentize;

// Formulas: neither checked nor drawn by a service; KaTeX draws their source in the reader's browser.
$wgMathValidModes = [ 'source' ];
$wgDefaultUserOptions['math'] = 'source';
$wgMathDisableTexFilter = 'always';
if ( $wgMaroviKatex ) {
	$wgHooks['BeforePageDisplay'][] = static function ( $out ) {
		$out->addHeadItem( 'katex', implode( "\n", [
			'<link rel="stylesheet" href="/katex/katex.min.css">',
			'<script defer src="/katex/katex.min.js"></script>',
			'<script defer src="/katex/formulas.js"></script>',
		] ) );
	};
}

$wgGroupPermissions['*']['createaccount'] = false;
$wgGroupPermissions['bot']['pagelang'] = true;
$wgGroupPermissions['sysop']['pagelang'] = true;
$wgGroupPermissions['user']['upload'] = true;
$wgGrantPermissions['editpage']['pagelang'] = true;
