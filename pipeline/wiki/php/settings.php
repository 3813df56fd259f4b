<?php
/**
 * The settings of every local wiki: what a stock MediaWiki 1.39 with its bundled extensions has, on SQLite and
 * without any network. The LocalSettings.php of a wiki's folder sets $maroviFolder and includes this file.
 */
if ( !defined( 'MEDIAWIKI' ) ) {
	exit;
}

$maroviState = json_decode( file_get_contents( "$maroviFolder/state.json" ), true );

$wgSitename = 'Marovi';
$wgMetaNamespace = 'Marovi';
$wgLanguageCode = 'en';
$wgLocaltimezone = 'UTC';
$wgSecretKey = $maroviState['secret_key'];
$wgAuthenticationTokenVersion = '1';

// Addresses as most wikis have them, so that what works here works there.
$wgServer = 'http://127.0.0.1:' . ( $maroviState['port'] ?? 80 );
$wgScriptPath = '';
$wgResourceBasePath = '';
$wgArticlePath = '/wiki/$1';
$wgLogos = [ 'icon' => '/marovi/mark.svg' ];
$wgFavicon = '/marovi/mark.svg';

$wgDBtype = 'sqlite';
$wgDBserver = '';
$wgDBname = 'wiki';
$wgDBuser = '';
$wgDBpassword = '';
$wgSQLiteDataDir = "$maroviFolder/data";
// The one above, in words that can say that a save need not wait for the disk: with a write-ahead log it is safe so.
$wgDBservers = [ [
	'type' => $wgDBtype,
	'host' => $wgDBserver,
	'dbname' => $wgDBname,
	'user' => $wgDBuser,
	'password' => $wgDBpassword,
	'variables' => [ 'synchronous' => 'NORMAL' ],
	'load' => 1,
] ];
foreach ( [ 'cache' => 'wikicache', 'results' => 'wikiresults', 'jobs' => 'wiki_jobqueue' ] as $maroviUse => $maroviName ) {
	$maroviDatabases[$maroviUse] = [
		'type' => 'sqlite',
		'dbname' => $maroviName,
		'tablePrefix' => '',
		'variables' => [ 'synchronous' => 'NORMAL' ],
		'dbDirectory' => $wgSQLiteDataDir,
		'trxMode' => 'IMMEDIATE',
		'flags' => 0,
	];
}
// In files of their own, because SQLite locks a whole file for each write.
$wgObjectCaches[CACHE_DB] = [
	'class' => SqlBagOStuff::class,
	'loggroup' => 'SQLBagOStuff',
	'server' => $maroviDatabases['cache'],
];
// Colouring a piece of code starts a Python each time: what was coloured once is kept.
$wgObjectCaches['results'] = [ 'class' => SqlBagOStuff::class, 'server' => $maroviDatabases['results'] ];
$wgWANObjectCaches['results'] = [ 'class' => WANObjectCache::class, 'cacheId' => 'results' ];
$wgMainWANCache = 'results';
// Without APCu nothing is kept from one request to the next: each that meets code would have Pygments list its lexers.
$wgHooks['MediaWikiServices'][] = static function ( MediaWiki\MediaWikiServices $services ) {
	$services->redefineService( 'LocalServerObjectCache', static function () {
		return ObjectCache::getInstance( 'results' );
	} );
};
$wgJobTypeConf['default'] = [ 'class' => 'JobQueueDB', 'claimTTL' => 3600, 'server' => $maroviDatabases['jobs'] ];
$wgResourceLoaderUseObjectCacheForDeps = true;
$wgMainCacheType = CACHE_NONE;
$wgCacheDirectory = "$maroviFolder/cache";
$wgLocalisationCacheConf['store'] = 'array';

// As on a stock wiki each request runs one job, so that pages come up to date while somebody looks around.
$wgJobRunRate = 1;

$wgEnableUploads = true;
$wgUploadDirectory = "$maroviFolder/images";
$wgUploadPath = '/images';
$wgUseImageMagick = false;
// A page is saved without its small pictures: router.php has each made when somebody looks at it first.
$wgGenerateThumbnailOnParse = false;
$wgDiff3 = '/usr/bin/diff3';

$wgShowExceptionDetails = true;
$wgRateLimits = [];
$wgPasswordAttemptThrottle = [];

// Nothing here may ask another machine.
$wgEnableEmail = false;
$wgPingback = false;
$wgUseInstantCommons = false;
$wgAllowCopyUploads = false;

$wgNamespacesWithSubpages[NS_MAIN] = true;
$wgNamespacesWithSubpages[NS_TEMPLATE] = true;
define( 'NS_GLOSSARY', 3000 );
define( 'NS_GLOSSARY_TALK', 3001 );
$wgExtraNamespaces[NS_GLOSSARY] = 'Glossary';
$wgExtraNamespaces[NS_GLOSSARY_TALK] = 'Glossary_talk';
$wgNamespacesWithSubpages[NS_GLOSSARY] = true;
$wgNamespacesWithSubpages[NS_GLOSSARY_TALK] = true;
$wgContentNamespaces[] = NS_GLOSSARY;
$wgNamespacesToBeSearchedDefault[NS_GLOSSARY] = true;

$wgPageLanguageUseDB = true;
$wgGroupPermissions['bot']['pagelang'] = true;
$wgGroupPermissions['sysop']['pagelang'] = true;
// To take away what nothing makes any more, and to see whether somebody edited it in that moment.
foreach ( [ 'delete', 'undelete', 'deletedhistory' ] as $maroviRight ) {
	$wgGroupPermissions['bot'][$maroviRight] = true;
}
// No grant of 1.39 has this right, so that no bot password could use it.
$wgGrantPermissions['editpage']['pagelang'] = true;

wfLoadSkins( [ 'MinervaNeue', 'Vector' ] );
$wgDefaultSkin = 'vector-2022';

wfLoadExtensions( [
	'Cite', 'Gadgets', 'ImageMap', 'Math', 'ParserFunctions', 'Scribunto', 'SyntaxHighlight_GeSHi', 'TemplateData',
] );
// Parsoid comes with MediaWiki; its REST address transform/wikitext/to/lint tells of unclosed and misnested tags.
wfLoadExtension( 'Parsoid', "$IP/vendor/wikimedia/parsoid/extension.json" );
$wgParsoidSettings = [ 'linting' => true ];
$wgPFEnableStringFunctions = true;
$wgScribuntoDefaultEngine = 'luastandalone';
$wgScribuntoEngineConf['luastandalone']['luaPath'] = '/usr/bin/lua5.1';
$wgPygmentizePath = is_executable( "$maroviFolder/pygmentize" ) ? "$maroviFolder/pygmentize" : '/usr/bin/pygmentize';

// The formula's check and its picture come from a remote service: leave it out and let the reader's browser draw.
$wgMathDisableTexFilter = 'always';
$wgMathValidModes = [ 'source' ];
$wgDefaultUserOptions['math'] = 'source';
if ( is_file( '/usr/share/javascript/katex/katex.min.js' ) ) {
	$wgHooks['BeforePageDisplay'][] = static function ( OutputPage $out ) {
		$out->addHeadItem( 'marovi-formulas',
			'<link rel="stylesheet" href="/katex/katex.min.css">'
			. '<link rel="stylesheet" href="/marovi/formulas.css">'
			. '<script defer src="/katex/katex.min.js"></script>'
			. '<script defer src="/marovi/formulas.js"></script>' );
	};
}
