"""A new wiki in a folder: database, settings, accounts; complete, or not there at all."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from pipeline.errors import ConfigurationError
from pipeline.wiki import state as states
from pipeline.wiki.php import run_script
from pipeline.wiki.state import State
from pipeline.wiki.tools import MEDIAWIKI

OURS = Path(__file__).parent
ADMIN, BOT, APP, READER = "Admin", "MaroviBot", "deploy", "Reader"
EXTENSIONS = "Cite,Gadgets,Math,ParserFunctions,Scribunto,SyntaxHighlight_GeSHi,TemplateData"


def install(folder: Path) -> State:
    """Make a wiki in `folder`, which must be missing or empty, and return its secrets; nothing is served yet.

    Raises ConfigurationError when the folder holds something else and WikiError when MediaWiki's installer fails.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigurationError(f"{folder} exists and holds no wiki", "choose another folder, or empty this one")
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Made beside and then renamed: whoever is interrupted leaves no half a wiki.
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        state = states.new_state()
        _make_database(new, state)
        for name in ("cache", "images"):
            (new / name).mkdir()
        write_entry_points(new)
        states.write(new, state)
        _make_accounts(new, state)
        new.replace(folder)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    return state


def write_entry_points(folder: Path) -> None:
    """Point the folder's two scripts at this package, wherever it lies by now; copy what colours code."""
    for name, target in (("LocalSettings.php", "php/settings.php"), ("router.php", "web/router.php")):
        _write(folder / name, f"<?php\n$maroviFolder = __DIR__;\nrequire {_php_string(str(OURS / target))};\n")
    # A copy, because an installed package's files cannot be run.
    _write(folder / "pygmentize", (OURS / "pygmentize.py").read_text(encoding="utf-8"))
    (folder / "pygmentize").chmod(0o755)


def _write(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def _make_database(folder: Path, state: State) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as draft:
        # Through a file: everybody on the machine can read a command line.
        password = Path(draft, "password")
        password.write_text(state.admin_password, encoding="utf-8")
        password.chmod(0o600)
        run_script(
            Path(draft, "LocalSettings.php"),
            MEDIAWIKI / "maintenance/install.php",
            "--dbtype=sqlite",
            "--dbname=wiki",
            f"--dbpath={folder / 'data'}",
            f"--confpath={draft}",
            "--server=http://127.0.0.1",
            "--scriptpath=",
            "--lang=en",
            f"--passfile={password}",
            f"--extensions={EXTENSIONS}",
            "--skins=MinervaNeue,Vector",
            "Marovi",
            ADMIN,
        )
    # MediaWiki's installer does so for all its databases but this one: who reads no longer waits for who writes.
    with closing(sqlite3.connect(folder / "data" / "wiki.sqlite")) as database:
        database.execute("PRAGMA journal_mode=WAL")  # it stays


def _make_accounts(folder: Path, state: State) -> None:
    groups = {ADMIN: ["sysop", "bureaucrat", "interface-admin"], BOT: ["bot", "interface-admin"], READER: []}
    passwords = {ADMIN: state.admin_password, BOT: states.new_state().admin_password, READER: state.reader_password}
    wanted = {
        "accounts": [{"user": user, "password": passwords[user], "groups": groups[user]} for user in groups],
        "bot": {"user": BOT, "app": APP, "password": state.bot_password},
    }
    run_script(folder / "LocalSettings.php", OURS / "php/accounts.php", stdin=json.dumps(wanted))


def _php_string(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
