<?php
/**
 * Makes a local wiki's accounts. Reads from standard input, so that no password shows in the list of processes:
 * {"accounts": [{"user", "password", "groups"}], "bot": {"user", "app", "password"}}
 */
require_once '/usr/share/mediawiki/maintenance/Maintenance.php';

use MediaWiki\Auth\AuthManager;
use MediaWiki\MediaWikiServices;

class MaroviAccounts extends Maintenance {
	private const GRANTS = [
		'basic', 'highvolume', 'editpage', 'editprotected', 'editinterface', 'editsiteconfig', 'createeditmovepage',
		'uploadfile', 'uploadeditmovefile', 'patrol', 'rollback', 'delete', 'protect',
	];

	public function execute() {
		$wanted = json_decode( stream_get_contents( STDIN ), true, 8, JSON_THROW_ON_ERROR );
		foreach ( $wanted['accounts'] as $account ) {
			$this->makeAccount( $account['user'], $account['password'], $account['groups'] );
		}
		$this->makeBotPassword( $wanted['bot']['user'], $wanted['bot']['app'], $wanted['bot']['password'] );
	}

	private function makeAccount( string $name, string $password, array $groups ) {
		$services = MediaWikiServices::getInstance();
		$user = $services->getUserFactory()->newFromName( $name );
		if ( !$user->isRegistered() ) {
			$this->mustBeGood( $services->getAuthManager()->autoCreateUser(
				$user, AuthManager::AUTOCREATE_SOURCE_MAINT, false
			) );
			SiteStatsUpdate::factory( [ 'users' => 1 ] )->doUpdate();
		}
		$this->mustBeGood( $user->changeAuthenticationData( [
			'username' => $name, 'password' => $password, 'retype' => $password,
		] ) );
		$services->getUserGroupManager()->addUserToMultipleGroups( $user, $groups );
	}

	private function makeBotPassword( string $name, string $app, string $password ) {
		$bot = BotPassword::newUnsaved( [ 'username' => $name, 'appId' => $app, 'grants' => self::GRANTS ] );
		$hash = MediaWikiServices::getInstance()->getPasswordFactory()->newFromPlaintext( $password );
		$this->mustBeGood( $bot->save( 'insert', $hash ) );
	}

	private function mustBeGood( $status ) {
		if ( !$status->isGood() ) {
			$this->fatalError( $status->getMessage( false, false, 'en' )->text() );
		}
	}
}

$maintClass = MaroviAccounts::class;
require_once RUN_MAINTENANCE_IF_MAIN;
