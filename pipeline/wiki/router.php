<?php
// Routes PHP's built-in server: pages and API to MediaWiki, /images to this wiki's uploads, /katex to the formulas'
// script, MediaWiki's own static files by an explicit list, and nothing else.

$path = rawurldecode( parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) ?? '/' );
$mediawiki = $_SERVER['DOCUMENT_ROOT'];

// Sends a file whose real place is below one of $roots; Debian's packages link folders into one another.
$send = static function ( string $file, string ...$roots ): bool {
	$types = [
		'png' => 'image/png', 'css' => 'text/css', 'js' => 'text/javascript', 'svg' => 'image/svg+xml',
		'woff2' => 'font/woff2', 'woff' => 'font/woff', 'ttf' => 'font/ttf', 'gif' => 'image/gif', 'ico' => 'image/x-icon',
	];
	$type = $types[strtolower( pathinfo( $file, PATHINFO_EXTENSION ) )] ?? null;
	$real = realpath( $file );
	foreach ( $roots as $root ) {
		$root = realpath( $root );
		if ( $type && $real && $root && str_starts_with( $real, "$root/" ) && is_file( $real ) ) {
			header( "Content-Type: $type" );
			header( 'Cache-Control: max-age=3600' );
			readfile( $real );
			return true;
		}
	}
	http_response_code( 404 );
	return true;
};

if ( $path === '/katex/formulas.js' ) {
	return $send( __DIR__ . '/formulas.js', __DIR__ );
}
if ( str_starts_with( $path, '/katex/' ) ) {
	$katex = getenv( 'MAROVI_KATEX' ) ?: '/nonexistent';
	return $send( "$katex/" . substr( $path, 7 ), $katex, "$katex/fonts" );
}
if ( str_starts_with( $path, '/images/' ) ) {
	$images = getenv( 'MAROVI_IMAGES' );
	return $send( "$images/" . substr( $path, 8 ), $images );
}
if ( preg_match( '#^/(resources|skins|extensions)/([^/]+)/#', $path, $part ) ) {
	return $send( $mediawiki . $path, "$mediawiki/$part[1]", "$mediawiki/$part[1]/$part[2]" );
}
foreach ( [ 'api.php', 'load.php', 'rest.php', 'thumb.php', 'index.php' ] as $entry ) {
	if ( $path === "/$entry" || str_starts_with( $path, "/$entry/" ) ) {
		$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = "/$entry";
		$_SERVER['SCRIPT_FILENAME'] = "$mediawiki/$entry";
		chdir( $mediawiki );
		require "$mediawiki/$entry";
		return true;
	}
}
if ( $path === '/' || str_starts_with( $path, '/wiki/' ) ) {
	$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';
	$_SERVER['SCRIPT_FILENAME'] = "$mediawiki/index.php";
	chdir( $mediawiki );
	require "$mediawiki/index.php";
	return true;
}
http_response_code( 404 );
return true;
