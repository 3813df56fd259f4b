"""Times saving the same pages into equal fresh wikis: our deploy, a plain mwclient loop, Pywikibot."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import mwclient

from bench.compare.clock import CommandFailed, seconds_of
from bench.compare.engines import marovi, own_environment
from bench.compare.peers import Peers
from bench.compare.timings import Timings
from pipeline.render.manifest import read, write
from pipeline.render.page import Page, Rendered
from pipeline.wiki import LocalWiki, down, prepare, up

HERE = Path(__file__).parent
MEMORY = Path("/dev/shm")  # a wiki waits for the disk at each save, and hides how long everything else takes
OURS = "marovi deploy"
STATES = ("new", "changed", "same")
PYWIKIBOT = """\
family_files["local"] = "{url}api.php"
family = mylang = "local"
usernames["local"]["local"] = "{name}"
password_file = "passwords.py"
put_throttle = minthrottle = maxthrottle = 0
maxlag = 0
"""

Way = Callable[[LocalWiki, Path, Mapping[str, str]], float]


def measure(root: Path, peers: Peers, repeat: int) -> tuple[Timings, int]:
    """Seconds of each way for pages that are new, changed, and the same; and the number of pages.

    The pages are the summaries of the last `marovi build`, some 3,000 bytes each. Raises CommandFailed, and MaroviError
    where nothing was built.
    """
    texts = {page.title: page.text for page in read(root / "build").pages if page.kind == "summary"}
    changed = {title: f"{text}\nOne word more." for title, text in texts.items()}
    timings = Timings()
    with tempfile.TemporaryDirectory(prefix="marovi-compare-", dir=MEMORY if MEMORY.is_dir() else None) as name:
        work = Path(name)
        prepare(work / "installed")
        ways: dict[str, Way] = {OURS: _ours, "mwclient in a loop": _mwclient, "Pywikibot in a loop": _pywikibot(peers)}
        for turn in range(repeat):
            order = list(ways.items())
            for row, save in order if turn % 2 == 0 else reversed(order):
                with _fresh(work) as (wiki, folder):
                    for state, wanted in zip(STATES, (texts, changed, changed), strict=True):
                        timings.add(row, state, save(wiki, folder, wanted))
                        _require_saved(wiki, wanted)
                print(f"… {row}, turn {turn + 1} of {repeat}", file=sys.stderr, flush=True)
    return timings, len(texts)


@contextmanager
def _fresh(work: Path) -> Iterator[tuple[LocalWiki, Path]]:
    """A wiki that nobody wrote in, and an empty folder."""
    place, folder = work / "wiki", work / "folder"
    shutil.copytree(work / "installed", place)
    folder.mkdir()
    try:
        yield up(place), folder
    finally:
        down(place)
        shutil.rmtree(place)
        shutil.rmtree(folder)


def _ours(wiki: LocalWiki, folder: Path, texts: Mapping[str, str]) -> float:
    (folder / "articles").mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_text("")
    pages = (Page(title, "topic", text, "", f"articles/{title}/en.md") for title, text in texts.items())
    write(Rendered(tuple(sorted(pages, key=lambda page: page.title)), ()), folder / "build")
    login = {
        "MAROVI_WIKI_URL": wiki.url,
        "MAROVI_WIKI_USER": wiki.bot_user,
        "MAROVI_WIKI_PASSWORD": wiki.bot_password,
    }
    return seconds_of([marovi(), "deploy"], folder, {**own_environment(), **login})


def _mwclient(wiki: LocalWiki, folder: Path, texts: Mapping[str, str]) -> float:
    (folder / "texts.json").write_text(json.dumps(texts))
    login = {"BOT_USER": wiki.bot_user, "BOT_PASSWORD": wiki.bot_password}
    command = [sys.executable, str(HERE / "save_with_mwclient.py"), urlsplit(wiki.url).netloc, "texts.json"]
    return seconds_of(command, folder, {**own_environment(), **login})


def _pywikibot(peers: Peers) -> Way:
    def save(wiki: LocalWiki, folder: Path, texts: Mapping[str, str]) -> float:
        (folder / "texts.json").write_text(json.dumps(texts))
        name, application = wiki.bot_user.split("@")
        settings, passwords = folder / "user-config.py", folder / "passwords.py"
        for path, text in (
            (settings, PYWIKIBOT.format(url=wiki.url, name=name)),
            (passwords, f"({name!r}, BotPassword({application!r}, {wiki.bot_password!r}))\n"),
        ):
            path.touch(mode=0o600)
            path.write_text(text)
        own = {"PYWIKIBOT_DIR": str(folder), "NO_PROXY": "127.0.0.1"}
        command = [peers.python, str(HERE / "save_with_pywikibot.py"), "texts.json"]
        return seconds_of(command, folder, {**own_environment(), **own})

    return save


def _require_saved(wiki: LocalWiki, texts: Mapping[str, str]) -> None:
    """Raise CommandFailed when a page does not say what was saved; MediaWiki drops blank space at the end."""
    site = mwclient.Site(urlsplit(wiki.url).netloc, scheme="http", path="/")
    site.connection.trust_env = False
    for title, text in texts.items():
        if site.pages[title].text() != text.rstrip():
            raise CommandFailed(f"{title} was not saved as it was given")
