"""Two builds are told apart by title and hash; a picture of the same numbers that looks otherwise is named so."""

from __future__ import annotations

from pipeline.changes.builds import page_changes, picture_changes
from pipeline.changes.model import Page as Changed
from pipeline.changes.model import Picture, Topic
from pipeline.render.page import File, Page, Rendered

SOURCE = "articles/steps/en.md"


def page(title: str, text: str, kind: str = "topic") -> Page:
    return Page(title, kind, text, "en", SOURCE)


def file(title: str, content: bytes, source: str = SOURCE) -> File:
    return File(title, content, "", "en", source)


def test_pages_are_new_changed_or_gone_in_the_order_of_publishing() -> None:
    old = Rendered((page("A", "1"), page("B", "1"), page("C", "1")), ())
    new = Rendered((page("A", "1"), page("B", "2"), page("D", "1"), page("Module:Z", "1", "module")), ())
    assert page_changes(old, new) == (
        Changed("Module:Z", "module", "new"),
        Changed("B", "topic", "changed"),
        Changed("C", "topic", "gone"),
        Changed("D", "topic", "new"),
    )


def test_a_figure_is_redrawn_when_its_numbers_are_the_same() -> None:
    names = ("File:Steps - step size (en).png", "File:Steps - path (en).png", "File:Steps - square.png")
    old, new = (Rendered((), tuple(file(name, content) for name in names)) for content in (b"1", b"2"))
    topics = [Topic("steps", "changed", "", "", figures=("step_size",))]
    assert picture_changes(old, new, topics) == (
        Picture("File:Steps - path (en).png", "changed", SOURCE, redrawn=True),
        Picture("File:Steps - square.png", "changed", SOURCE),
        Picture("File:Steps - step size (en).png", "changed", SOURCE),
    )


def test_a_figure_of_another_topic_with_the_same_name_is_another_one() -> None:
    name = "File:Steps - path (en).png"
    old, new = Rendered((), (file(name, b"1"),)), Rendered((), (file(name, b"2"),))
    assert picture_changes(old, new, [Topic("other", "changed", "", "", figures=("path",))])[0].redrawn
