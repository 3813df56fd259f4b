"""Where pages come from: dumps, feeds and addresses, the good ones and those that must be refused."""

from __future__ import annotations

import bz2
import gzip
import json
import tracemalloc
from pathlib import Path

import pytest

from pipeline.bring_in.api import api_address
from pipeline.bring_in.dump import read_dump
from pipeline.bring_in.feed import feed_links, read_feed
from pipeline.cli import main
from pipeline.errors import ConfigurationError, MaroviError
from tests.project import Project

HEAD = (
    '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en"><siteinfo><namespaces>'
    '<namespace key="0" /><namespace key="10">Plantilla</namespace><namespace key="3000">Glossary</namespace>'
    "</namespaces></siteinfo>"
)


def revision(text: str, timestamp: str = "2025-01-01T00:00:00Z", given: str = "") -> str:
    return (
        f"<revision><id>1</id><timestamp>{timestamp}</timestamp><contributor><username>A</username></contributor>"
        f'<model>wikitext</model><format>text/x-wiki</format><text xml:space="preserve"{given}>{text}</text></revision>'
    )


def page(title: str, *revisions: str, ns: int = 0, more: str = "") -> str:
    return f"<page><title>{title}</title><ns>{ns}</ns><id>1</id>{more}{''.join(revisions)}</page>"


DUMP = (
    HEAD
    + page("One", revision("new &amp; ''good''", "2025-02-01T00:00:00Z"), revision("old"))
    + page("One/es", revision("uno"))
    + page("Uno", revision("#REDIRECT [[One]]"), more='<redirect title="One" />')
    + page("Plantilla:Box", revision("box"), ns=10)
    + page("Glossary:Word", revision("A word."), ns=3000)
    + page("Hidden", revision("", given=' deleted="deleted"'))
    + "</mediawiki>"
)


def test_a_dump_gives_the_newest_text_of_each_page(tmp_path: Path) -> None:
    path = tmp_path / "dump.xml"
    path.write_text(DUMP)
    wiki = read_dump(path)
    assert [(one.title, one.namespace, one.text, one.redirect) for one in wiki.pages] == [
        ("One", "", "new & ''good''", ""),
        ("One/es", "", "uno", ""),
        ("Uno", "", "#REDIRECT [[One]]", "One"),
        ("Template:Box", "Template", "box", ""),
        ("Glossary:Word", "Glossary", "A word.", ""),
    ]
    assert [(entry.page, entry.why) for entry in wiki.left] == [("Hidden", "its text is hidden")]


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress)])
def test_a_packed_dump_is_read_as_well(tmp_path: Path, suffix: str, pack) -> None:
    path = tmp_path / f"dump.xml{suffix}"
    path.write_bytes(pack(DUMP.encode()))
    assert len(read_dump(path).pages) == 5


BOMB = '<!DOCTYPE mediawiki [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
WRONG = {
    "entities": (BOMB + DUMP, "brings a document type"),
    "external": ('<!DOCTYPE m SYSTEM "file:///etc/passwd">' + DUMP, "brings a document type"),
    "cut short": (DUMP[:-40], "is not well-formed"),
    "no dump": ("<html></html>", "is not an export"),
    "no XML": ("hello", "is not well-formed"),
    "empty": ("", "is not well-formed"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_dump_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / "dump.xml"
    path.write_text(WRONG[name][0])
    with pytest.raises(MaroviError, match=WRONG[name][1]):
        read_dump(path)


def test_a_dump_is_read_as_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "dump.xml"
    path.write_text(HEAD + page("One", *[revision("word " * 20_000) for _ in range(100)]) + "</mediawiki>")
    tracemalloc.start()
    read_dump(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < path.stat().st_size / 4


FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="https://w.example.org/w/index.php?feed=atom"/>
<entry><title>One</title><link rel="alternate" href="https://w.example.org/w/index.php?title=One/es&amp;diff=12"/></entry>
<entry><title>Two</title><link href="https://w.example.org/w/index.php?title=Two_b&amp;diff=13"/></entry></feed>"""


def test_a_feed_names_its_pages() -> None:
    assert feed_links(FEED.encode()) == [
        "https://w.example.org/w/index.php?title=One/es&diff=12",
        "https://w.example.org/w/index.php?title=Two_b&diff=13",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (BOMB + FEED, "brings a document type"),
        ("<feed", "is not well-formed"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'/>", "names no page"),
        (FEED.replace("index.php?title=", "wiki/"), "does not tell where"),
        (FEED.replace("https://w.ex", "http://w.ex"), "over an open connection"),
    ],
)
def test_what_is_no_feed_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "feed.atom"
    path.write_text(content)
    with pytest.raises(MaroviError, match=message):
        read_feed(str(path), "", ("en",))


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://w.example.org/w/", "https://w.example.org/w/api.php"),
        ("https://w.example.org/w/api.php", "https://w.example.org/w/api.php"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/api.php"),
        ("http://[::1]/w/index.php", "http://[::1]/w/api.php"),
    ],
)
def test_addresses(url: str, address: str) -> None:
    assert api_address(url) == address


@pytest.mark.parametrize(
    "url",
    ["http://example.org/", "ftp://example.org/", "https://me:secret@example.org/", "https://", "https://a:x/", "x"],
)
def test_an_unsafe_address_is_refused_and_never_repeated(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        api_address(url)
    assert "secret" not in str(caught.value)


def test_the_command_writes_once_and_never_over_what_is_there(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dump = tmp_path / "dump.xml"
    dump.write_text(DUMP)
    command = ["--root", str(project.root), "import", "--dump", str(dump)]
    assert main([*command, "--dry-run"]) == 0
    assert "1 topics, 1 glossary concepts would be written" in capsys.readouterr().out
    assert not (project.root / "articles/one").exists()
    assert main([*command, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["topics"] == {"one": "One"} and said["concepts"] == ["word"]
    made = project.root / "articles/one/en.md"
    assert made.read_text().endswith("new & *good*\n")
    made.write_text("mine")
    assert main(command) == 1
    assert "the folder one is there already: nothing is overwritten" in capsys.readouterr().out
    assert made.read_text() == "mine"


def test_into_another_folder(project: Project, tmp_path: Path) -> None:
    dump = tmp_path / "dump.xml"
    dump.write_text(DUMP)
    into = tmp_path / "elsewhere"
    assert main(["--root", str(project.root), "import", "--dump", str(dump), "--into", str(into), "One"]) == 0
    assert sorted(path.name for path in into.iterdir()) == ["categories.yaml", "one"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "nothing says where the pages are"),
        (["--dump", "missing.xml"], "missing.xml"),
        (["--wiki", "http://example.org/"], "over an open connection"),
        (["--wiki", "http://127.0.0.1:9/"], "cannot be reached"),
    ],
)
def test_a_wrong_use_is_one_sentence(
    project: Project,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    message: str,
) -> None:
    monkeypatch.setattr("pipeline.bring_in.api.ATTEMPTS", 1)
    assert main(["--root", str(project.root), "import", *words]) == 1
    error = capsys.readouterr().err
    assert message in error and "Traceback" not in error
