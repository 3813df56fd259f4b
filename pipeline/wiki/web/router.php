<?php
/**
 * Answers each request to a local wiki: what is not on these lists is not served. The router.php of a wiki's folder
 * sets $maroviFolder and includes this file.
 */
$maroviPath = rawurldecode( (string)parse_url( 'http://wiki' . $_SERVER['REQUEST_URI'], PHP_URL_PATH ) );
header( 'X-Marovi-Wiki: ' . md5( $maroviFolder ) );

/** Send a file under $folder when it is of a kind that browsers may have; else 404. */
function maroviSend( string $folder, string $name ): void {
	$types = [
		'css' => 'text/css; charset=utf-8', 'js' => 'text/javascript; charset=utf-8', 'json' => 'application/json',
		'svg' => 'image/svg+xml', 'png' => 'image/png', 'gif' => 'image/gif', 'jpg' => 'image/jpeg',
		'jpeg' => 'image/jpeg', 'webp' => 'image/webp', 'ico' => 'image/x-icon',
		'woff2' => 'font/woff2', 'woff' => 'font/woff', 'ttf' => 'font/ttf',
	];
	$type = $types[strtolower( pathinfo( $name, PATHINFO_EXTENSION ) )] ?? null;
	$climbs = preg_match( '~(^|/)\.|[\\\\\0]~', $name );
	if ( $type === null || $climbs || !is_file( "$folder/$name" ) ) {
		http_response_code( 404 );
		header( 'Content-Type: text/plain; charset=utf-8' );
		echo "Not found\n";
		return;
	}
	header( "Content-Type: $type" );
	header( 'Content-Length: ' . filesize( "$folder/$name" ) );
	header( 'X-Content-Type-Options: nosniff' );
	header( 'Cache-Control: no-cache' );
	header( 'Last-Modified: ' . gmdate( 'D, d M Y H:i:s', filemtime( "$folder/$name" ) ) . ' GMT' );
	if ( $_SERVER['REQUEST_METHOD'] !== 'HEAD' ) {
		readfile( "$folder/$name" );
	}
}

$maroviScripts = [ '/api.php', '/index.php', '/load.php', '/opensearch_desc.php', '/rest.php', '/thumb.php' ];
$maroviFolders = [
	'/images/' => "$maroviFolder/images/",
	'/katex/' => '/usr/share/javascript/katex/',
	'/marovi/' => __DIR__ . '/',
	'/resources/' => '/usr/share/mediawiki/resources/',
	'/skins/' => '/usr/share/mediawiki/skins/',
	'/extensions/' => '/usr/share/mediawiki/extensions/',
];

$maroviScript = in_array( $maroviPath, $maroviScripts, true ) ? $maroviPath : null;
// A small picture that nobody has looked at so far.
$maroviSmall = preg_match( '~^/images/thumb/(archive/)?[0-9a-f]/[0-9a-f]{2}/[^/]+/[^/]+$~', $maroviPath );
if ( $maroviSmall && !is_file( $maroviFolder . $maroviPath ) ) {
	$maroviScript = '/thumb_handler.php';
}
if ( str_starts_with( $maroviPath, '/rest.php/' ) ) {
	$maroviScript = '/rest.php';
} elseif ( $maroviPath === '/' || str_starts_with( $maroviPath, '/wiki/' ) ) {
	$maroviScript = '/index.php';
}
if ( $maroviScript !== null ) {
	$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = $maroviScript;
	$_SERVER['SCRIPT_FILENAME'] = '/usr/share/mediawiki' . $maroviScript;
	chdir( '/usr/share/mediawiki' );
	require $_SERVER['SCRIPT_FILENAME'];
	return;
}
foreach ( $maroviFolders as $maroviPrefix => $maroviPlace ) {
	if ( str_starts_with( $maroviPath, $maroviPrefix ) ) {
		maroviSend( $maroviPlace, substr( $maroviPath, strlen( $maroviPrefix ) ) );
		return;
	}
}
maroviSend( __DIR__, ltrim( $maroviPath, '/' ) === 'favicon.ico' ? 'mark.svg' : '' );
