"""What a page needs and the wiki does not have is named: missing, in another version, a figure, a language."""

from __future__ import annotations

from pipeline.deploy.live import Live, LiveFile, LivePage
from pipeline.preview.wiki_lacks import Lack, Ours, lacks, near, needs, state_of
from pipeline.preview.wiki_parse import Limit, Parsed
from pipeline.render.page import Page

PAGE = Page("Dropout/es", "topic", "texto", "es", "articles/dropout/es.md")
OURS = Ours(
    {"Template:A": "a1", "Template:B": "b1", "Module:C": "c1", "Module:List": "l1", "Template:Unused": "u1"},
    {"File:One.png": "f1", "File:Two.png": "f2"},
    frozenset({"Module:List"}),
)


def parsed(templates: dict[str, bool], images: tuple[str, ...] = ()) -> Parsed:
    return Parsed("", "", "", (), templates, images, ())


def page(title: str, sha1: str = "", language: str = "") -> LivePage:
    return LivePage(title, revision=7 if sha1 else 0, sha1=sha1, language=language)


def test_asked_for_is_the_page_and_what_of_ours_took_part() -> None:
    made = parsed({"Template:A": True, "Template:Theirs": True}, ("File:One.png", "File:One.png"))
    found = needs(PAGE, made, ["MediaWiki:Gadget-x.css", "Module:C"], OURS)
    assert found.pages == ("Dropout/es", "Module:C", "Template:A")
    assert found.files == ("File:One.png",)


def test_what_is_missing_or_another_version_is_named_and_the_rest_is_not() -> None:
    made = parsed({"Template:A": True, "Template:B": False, "Module:C": True, "Module:List": True, "Template:X": False})
    pages = [page("Dropout/es", "x", "es"), page("Template:A", "a1"), page("Template:B"), page("Module:C", "c0")]
    live = Live({one.title: one for one in [*pages, page("Module:List", "l0")]}, {})
    assert lacks(PAGE, made, live, OURS, "en") == (
        Lack("missing", ("Template:B",)),
        Lack("other", ("Module:C",)),
        Lack("foreign", ("Template:X",)),
    )


def test_figures_are_compared_by_their_bytes() -> None:
    files = [LiveFile("File:One.png"), LiveFile("File:Two.png", True, "f0"), LiveFile("File:Theirs.png", True, "x")]
    live = Live({PAGE.title: page(PAGE.title, "x", "es")}, {one.title: one for one in files})
    assert lacks(PAGE, parsed({}), live, OURS, "en") == (
        Lack("file-missing", ("File:One.png",)),
        Lack("file-other", ("File:Two.png",)),
    )


def test_a_page_that_the_wiki_takes_for_one_in_another_language_is_named() -> None:
    new, old = Live({PAGE.title: page(PAGE.title)}, {}), Live({PAGE.title: page(PAGE.title, "x", "en")}, {})
    assert lacks(PAGE, parsed({}), new, OURS, "en") == lacks(PAGE, parsed({}), old, OURS, "es") != ()
    assert lacks(PAGE, parsed({}), new, OURS, "es") == ()


def test_a_page_is_new_the_same_or_another() -> None:
    stands = [page(PAGE.title), page(PAGE.title, PAGE.sha1), page(PAGE.title, "x")]
    assert [state_of(PAGE, Live({PAGE.title: one}, {})) for one in stands] == ["new", "same", "other"]


def test_limits_are_said_when_they_are_near() -> None:
    limits = (Limit("a", 1, 100), Limit("b", 80, 100), Limit("c", 120, 100), Limit("d", 5, 0))
    assert [limit.name for limit in near(limits)] == ["b", "c"]
