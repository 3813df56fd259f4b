"""Import from a real MediaWiki: through its API, from a dump it made itself, from a feed of contributions."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
import requests

from pipeline.cli import main
from pipeline.config import load
from pipeline.read import read_all
from pipeline.render.page import Page, Rendered
from pipeline.render.templates import wiki_pages
from pipeline.wiki import LocalWiki, down, up
from pipeline.wiki.php import run_script
from pipeline.wiki.tools import MEDIAWIKI
from tests.bring_in.old_pages import OLD_PAGES
from tests.wiki.people import edit_as
from tests.wiki.publishing import publish

REPOSITORY = Path(__file__).parents[2]
SAMPLE = REPOSITORY / "tests/render/sample"
GOLDEN = REPOSITORY / "tests/render/golden"

pytestmark = [pytest.mark.wiki, pytest.mark.slow]


@pytest.fixture(scope="module")
def filled(
    installed_wiki: Path, tmp_path_factory: pytest.TempPathFactory, guard: Callable[[Path], None]
) -> Iterator[LocalWiki]:
    """A wiki with the templates, the golden pages, the older pages, and one picture."""
    folder = tmp_path_factory.mktemp("filled") / "wiki"
    shutil.copytree(installed_wiki, folder)
    guard(folder)
    wiki = up(folder)
    pages = [Page(page.title, "topic", page.text, "en", "") for page in OLD_PAGES if ":" not in page.title[:9]]
    pages += [Page(unquote(path.stem), "topic", path.read_text(), "en", "") for path in GOLDEN.glob("*.wiki")]
    pages += wiki_pages(read_all(load(REPOSITORY / "tests/sample"))[0])
    publish(wiki, Rendered(tuple(pages), ()))
    pictures = tmp_path_factory.mktemp("pictures")
    shutil.copy(SAMPLE / "articles/sample-topic/picture.png", pictures / "Sample Topic - curve (en).png")
    script = MEDIAWIKI / "maintenance" / "importImages.php"
    run_script(wiki.folder / "LocalSettings.php", script, "--extensions=png", str(pictures))
    yield wiki
    down(folder)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The sample's project without its topics."""
    root = tmp_path / "project"
    shutil.copytree(SAMPLE, root)
    (root / "templates").symlink_to(REPOSITORY / "templates")
    for name in ("sample-topic", "other-topic"):
        shutil.rmtree(root / "articles" / name)
    (root / "articles/glossary/learning-rate.yaml").unlink()
    return root


def imported(root: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    code = main(["--root", str(root), "import", "--json", *words])
    printed = capsys.readouterr()
    assert printed.out, printed.err
    said = json.loads(printed.out)
    said["missing"] = [f"{entry['page']}: {entry['text']}" for entry in said["left"] if entry["kind"] == "missing"]
    assert code == (1 if said["missing"] else 0)
    return said


def test_through_the_api_with_translations_pictures_and_every_word_that_is_drawn(
    filled: LocalWiki, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = imported(root, capsys, "--wiki", filled.url, "Sample Topic", "Other Topic", "Glossary:Learning rate")
    assert said["missing"] == [], said["missing"]
    assert said["topics"] == {"other-topic": "Other Topic", "sample-topic": "Sample Topic"}
    folder = root / "articles/sample-topic"
    picture = (SAMPLE / "articles/sample-topic/picture.png").read_bytes()
    assert (folder / "curve-en.png").read_bytes() == picture
    assert (folder / "zh.md").is_file() and (folder / "summary/es.md").is_file()
    assert "**Sample Topic** has a {term}`learning rate`" in (folder / "en.md").read_text()


def test_what_a_foreign_template_draws_is_said_to_be_missing(
    filled: LocalWiki, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit_as(filled, filled.reader_user, "Template:Motto", "Unbelievably {{{1}}} words")
    edit_as(filled, filled.reader_user, "Motto Page", "A page. {{Motto|drawn}}")
    said = imported(root, capsys, "--wiki", filled.url, "Motto Page")
    assert said["missing"] == ["Motto Page: unbelievably words"]


def test_a_dump_made_by_the_wiki_gives_the_same_files(
    filled: LocalWiki, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dump = tmp_path / "dump.xml"
    script = MEDIAWIKI / "maintenance" / "dumpBackup.php"
    dump.write_text(run_script(filled.folder / "LocalSettings.php", script, "--full", "--quiet"))
    titles = ("Softmax Function", "Neural Networks", "Other Topic")
    from_dump, from_wiki = tmp_path / "dump", tmp_path / "wiki"
    said = imported(root, capsys, "--dump", str(dump), "--into", str(from_dump), *titles)
    assert said["missing"] == [], said["missing"]
    imported(root, capsys, "--wiki", filled.url, "--into", str(from_wiki), *titles)
    made = sorted(path.relative_to(from_dump) for path in from_dump.rglob("*.md"))
    assert len(made) == 7
    assert [path for path in made if (from_dump / path).read_text() != (from_wiki / path).read_text()] == []


def test_a_feed_of_contributions_names_the_pages(
    filled: LocalWiki, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit_as(filled, filled.reader_user, "Written by Hand", "'''Written by Hand''' is a page.")
    query = {"action": "feedcontributions", "user": filled.reader_user, "feedformat": "atom"}
    with requests.Session() as session:
        session.trust_env = False
        feed = session.get(f"{filled.url}api.php", params=query, timeout=60).content
    path = tmp_path / "feed.atom"
    path.write_bytes(feed)
    said = imported(root, capsys, "--feed", str(path))
    assert "written-by-hand" in said["topics"]
    assert "**Written by Hand** is a page." in (root / "articles/written-by-hand/en.md").read_text()
