"""A local wiki: it comes up, stays up, ends, is as its pages need it, and shows nobody what it must not."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipeline.errors import ConfigurationError, MissingToolError, WikiError
from pipeline.wiki import LocalWiki, down, find, prepare, up
from pipeline.wiki.server import free_port, processes
from tests.processes import started
from tests.wiki.people import edit_as, get, log_in, text_of

ROOT = Path(__file__).parents[2]


def wait_until(true: Callable[[], bool], seconds: float = 15) -> None:
    patience = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < patience, "it never happened"
        time.sleep(0.02)


def kill(wiki: LocalWiki, pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not set(pids) & set(processes(wiki.folder)))


# Coming up and ending


def test_a_wiki_comes_up_from_nothing_and_down_again_keeping_its_pages(tmp_path: Path) -> None:
    folder = tmp_path / "a wiki's $HOME = näher"  # characters that mean something to shells, PHP and its settings
    try:
        wiki = up(folder)
        assert find(folder) == wiki
        edit_as(wiki, wiki.reader_user, "Kept", "still here")
        assert down(folder)
        assert find(folder) is None
        assert processes(folder) == []
        again = up(folder)
        assert again == wiki, "the address and the accounts stay"
        assert text_of(again, "Kept") == "still here"
    finally:
        down(folder)


def test_up_on_a_running_wiki_returns_that_one(wiki: LocalWiki) -> None:
    before = processes(wiki.folder)
    assert up(wiki.folder) == wiki
    assert processes(wiki.folder) == before


def test_two_that_start_it_at_once_get_the_same_wiki(
    installed_wiki: Path, tmp_path: Path, guard: Callable[[Path], None]
) -> None:
    folder = tmp_path / "wiki"
    shutil.copytree(installed_wiki, folder)
    guard(folder)
    found: list[LocalWiki] = []
    threads = [threading.Thread(target=lambda: found.append(up(folder))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert found[0] == found[1]
    down(folder)


def test_ending_a_wiki_that_is_not_up_is_no_error(tmp_path: Path) -> None:
    assert not down(tmp_path / "nothing")
    assert find(tmp_path / "nothing") is None


def test_a_server_that_was_killed_is_started_again(fresh_wiki: LocalWiki) -> None:
    kill(fresh_wiki, processes(fresh_wiki.folder))
    assert find(fresh_wiki.folder) is None
    assert up(fresh_wiki.folder) == fresh_wiki
    assert text_of(fresh_wiki, "Main Page")


def test_workers_whose_server_was_killed_still_answer_and_still_end(fresh_wiki: LocalWiki) -> None:
    kill(fresh_wiki, processes(fresh_wiki.folder)[:1])
    assert up(fresh_wiki.folder) == fresh_wiki
    assert down(fresh_wiki.folder)
    assert processes(fresh_wiki.folder) == []


def test_a_port_in_the_state_that_is_now_another_wikis_is_not_mistaken(
    wiki: LocalWiki, installed_wiki: Path, tmp_path: Path, guard: Callable[[Path], None]
) -> None:
    guard(tmp_path / "copy")
    shutil.copytree(wiki.folder, tmp_path / "copy")
    assert find(tmp_path / "copy") is None
    copy = up(tmp_path / "copy")
    assert copy.url != wiki.url
    down(copy.folder)
    assert find(wiki.folder) == wiki


def test_a_wiki_beside_another_is_a_wiki_of_its_own(wiki: LocalWiki, fresh_wiki: LocalWiki) -> None:
    assert wiki.url != fresh_wiki.url
    edit_as(wiki, wiki.reader_user, "Only in the first", "x")
    assert text_of(wiki, "Only in the first") == "x"
    assert text_of(fresh_wiki, "Only in the first") is None
    down(fresh_wiki.folder)
    assert find(wiki.folder) == wiki


def test_a_port_that_was_asked_for_is_taken_or_refused_but_never_shared(wiki: LocalWiki, fresh_wiki: LocalWiki) -> None:
    taken = urlsplit(wiki.url).port
    with pytest.raises(ConfigurationError, match="already"):
        up(fresh_wiki.folder, taken)
    down(fresh_wiki.folder)
    with pytest.raises(ConfigurationError, match=f"port {taken}"):
        up(fresh_wiki.folder, taken)
    with pytest.raises(ConfigurationError, match="70000"):
        up(fresh_wiki.folder, 70000)
    asked = free_port()
    assert up(fresh_wiki.folder, asked).url == f"http://127.0.0.1:{asked}/"


def test_the_port_of_last_time_is_given_up_when_somebody_took_it(fresh_wiki: LocalWiki) -> None:
    down(fresh_wiki.folder)
    port = urlsplit(fresh_wiki.url).port
    assert port is not None
    with socket.create_server(("127.0.0.1", port)):
        moved = up(fresh_wiki.folder)
    assert moved.url != fresh_wiki.url
    assert log_in(moved, moved.bot_user).get("query", meta="siteinfo")["query"]["general"]["server"] == moved.url[:-1]


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "thesis.txt").write_text("years of work")
    with pytest.raises(ConfigurationError, match="holds no wiki"):
        up(tmp_path / "folder")
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["thesis.txt"]


def test_a_damaged_state_is_named(installed_wiki: Path, tmp_path: Path) -> None:
    shutil.copytree(installed_wiki, tmp_path / "wiki")
    (tmp_path / "wiki" / "state.json").write_text('{"port": 8')
    with pytest.raises(WikiError, match=r"state\.json is damaged"):
        up(tmp_path / "wiki")


def test_an_installation_that_breaks_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = shutil.which("php")
    (tmp_path / "bin").mkdir()
    php = tmp_path / "bin" / "php"
    php.write_text(f'#!/bin/sh\ncase "$*" in *accounts.php*) echo "disk full"; exit 1;; esac\nexec {real} "$@"\n')
    php.chmod(0o755)
    monkeypatch.setenv("PATH", f"{php.parent}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(WikiError, match=r"accounts\.php failed: disk full"):
        prepare(tmp_path / "place" / "wiki")
    assert [path.name for path in (tmp_path / "place").iterdir() if path.is_dir()] == []


def test_missing_packages_are_named_with_the_command_that_installs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for program in ("lua5.1", "pygmentize"):
        found = shutil.which(program)
        assert found
        (tmp_path / program).symlink_to(found)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError) as caught:
        up(tmp_path / "wiki")
    assert caught.value.remedy == (
        "as root run: apt-get install --no-install-recommends "
        "php-cli php-sqlite3 php-mbstring php-xml php-intl php-curl php-gd"
    )
    assert not (tmp_path / "wiki").exists()


def test_tests_that_are_killed_leave_no_server_behind(installed_wiki: Path, tmp_path: Path) -> None:
    shutil.copytree(installed_wiki, tmp_path / "wiki")
    code = (
        "import subprocess, sys, time\n"
        "from pathlib import Path\n"
        "from pipeline.wiki import up\n"
        "guard = subprocess.Popen([sys.executable, '-m', 'tests.wiki.guard'], stdin=subprocess.PIPE, text=True)\n"
        f"folder = Path({str(tmp_path / 'wiki')!r})\n"
        "print(folder, file=guard.stdin, flush=True)\n"
        "up(folder)\n"
        "print('up', flush=True)\n"
        "time.sleep(600)\n"
    )
    with started([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "up\n"
        assert len(processes(tmp_path / "wiki")) > 1
        killed.kill()
    wait_until(lambda: not processes(tmp_path / "wiki"))


# Secrets


def test_secrets_are_for_the_owner_only_and_are_not_shown(wiki: LocalWiki) -> None:
    assert stat.S_IMODE((wiki.folder / "state.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(wiki.folder.stat().st_mode) == 0o700
    commands = b"".join(Path(f"/proc/{pid}/cmdline").read_bytes() for pid in processes(wiki.folder))
    for secret in (wiki.bot_password, wiki.admin_password, wiki.reader_password):
        assert len(secret) >= 20
        assert secret not in repr(wiki)
        assert secret.encode() not in commands


@pytest.mark.parametrize(
    "path",
    [
        "/LocalSettings.php",
        "/state.json",
        "/images/../state.json",
        "/images/%2e%2e/state.json",
        "/images/..%2fdata/wiki.sqlite",
        "/images/.htaccess",
        "/katex/../../../../etc/passwd",
        "/katex/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/hostname.json",
        "/marovi/router.php",
        "/marovi/../php/settings.php",
        "/marovi/..%5cphp%5csettings.php",
        "/resources/../LocalSettings.php",
        "/extensions/Math/extension.json%00.css",
        "/extensions/Math/src/Hooks.php",
        "/maintenance/install.php",
        "/mw-config/index.php",
        "/vendor/autoload.php",
        "//etc/passwd",
        "/data/wiki.sqlite",
        "/server.log",
        "/img_auth.php",
    ],
)
def test_nothing_but_pages_and_their_parts_is_served(wiki: LocalWiki, path: str) -> None:
    secret = (wiki.folder / "state.json").read_bytes()
    status, body = get(wiki, path)
    assert status in (400, 404), body[:200]
    assert secret not in body
    assert b"<?php" not in body
    assert b"SQLite format" not in body
    assert b"root:" not in body


def test_parts_of_pages_are_served_with_their_kind(wiki: LocalWiki) -> None:
    for path, start in {
        "/katex/katex.min.css": b"@font-face",
        "/katex/fonts/KaTeX_Main-Regular.woff2": b"wOF2",
        "/marovi/mark.svg": b"<svg",
        "/favicon.ico": b"<svg",
        "/resources/assets/change-your-logo.svg": b"<",
        "/images/README.png": b"",
    }.items():
        status, body = get(wiki, path)
        assert status == (404 if "README" in path else 200), path
        assert body.startswith(start), path
    assert get(wiki, "/katex/katex.min.js", "HEAD") == (200, b"")
