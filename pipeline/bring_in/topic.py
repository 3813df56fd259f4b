"""One topic: its pages in all languages as the files of a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from pipeline.bring_in.blocks import Blocks
from pipeline.bring_in.gathering import Group
from pipeline.bring_in.heads import Heads, provenance_of, shared_of, summary_of, title_of
from pipeline.bring_in.inline import inside
from pipeline.bring_in.markdown import Writer
from pipeline.bring_in.model import Left, WikiPage
from pipeline.bring_in.names import Names, Section
from pipeline.bring_in.page import Page
from pipeline.check.numbers import IN_PROSE, IN_TEX, LARGEST
from pipeline.read.blocks import Parser
from pipeline.read.context import Reading
from pipeline.read.document import Block, Heading, Inline, InlineMath, MathBlock, Text, walk


@dataclass(frozen=True, slots=True)
class Made:
    """One file, and what is to be known of the page it was made of."""

    page: WikiPage
    text: str
    left: tuple[Left, ...]
    sections: tuple[Section, ...]
    cited: tuple[str, ...]
    pictures: tuple[str, ...]  # File:… that it shows


@dataclass(frozen=True, slots=True)
class Around:
    """What a topic is read with."""

    names: Names
    new: Mapping[str, str]  # wikitext of a reference -> key of the entry made of it
    categories: Mapping[str, str]  # a category as the wiki calls it -> its key
    pictures: Mapping[str, str] = field(default_factory=dict)  # File:… -> its name in the folder


def topic_files(group: Group, slug: str, around: Around) -> dict[str, Made]:
    """The topic's files by their path in its folder: `en.md`, `es.md`, `summary/en.md` …"""
    found: dict[str, Made] = {}
    for language, page in group.pages.items():
        found[f"{language}.md"] = _file(page, language, slug, around, group.title, False)
    for language, page in group.summaries.items():
        if language in group.pages:
            found[f"summary/{language}.md"] = _file(page, language, slug, around, group.title, True)
    return found


def _file(source: WikiPage, language: str, slug: str, around: Around, title: str, is_summary: bool) -> Made:
    page = Page(source, language, around.names, slug, around.new)
    page.picture_names = around.pictures
    reader = Blocks(page)
    blocks = reader.of(page.code.nodes)
    writer = Writer(language, around.names.known(language), page.changed)
    body = writer.document(blocks)
    notes = _notes(page, writer)
    heads = Heads(page)
    head = _head(heads, blocks, writer, title, is_summary, around)
    heads.rest()
    _numbers(page, blocks)
    text = f"---\n{_yaml(head)}---\n{body}" + (f"\n{notes}\n" if notes else "")
    ids = _ids(body, language, page)
    sections = tuple(Section(anchors, name) for anchors, name in zip(reader.anchors, ids, strict=False))
    return Made(source, text, tuple(page.notes.found), sections, tuple(page.cited), tuple(page.used_pictures))


def _head(
    heads: Heads, blocks: Sequence[Block], writer: Writer, title: str, is_summary: bool, around: Around
) -> dict[str, Any]:
    page = heads.page
    provenance = provenance_of(heads)
    categories = categories_of(page, around)
    if is_summary:
        heads.from_source()
        return {"provenance": provenance}
    shown = title_of(heads, blocks, title)
    summary, points = summary_of(heads, blocks, writer)
    shared: dict[str, Any] = {}
    if page.language == page.names.languages[0]:
        shared = shared_of(heads, shown, categories)
    if page.language == page.names.languages[0] and shown != title:
        page.notes.say("changed", shown, f"the page's title is {title!r}: it is the title here")
        shared["title"] = title
    if page.language != page.names.languages[0]:
        # A translation takes everything else from its source.
        heads.from_source()
        shared = {"title": shown}
    head = {**shared, "summary": summary, "key_points": points}
    return head | ({"provenance": provenance} if provenance else {})


def categories_of(page: Page, around: Around) -> dict[str, str]:
    """The page's categories by key, in their order."""
    found: dict[str, str] = {}
    for link in page.categories:
        name, bar, sorting = link[2:-2].partition(":")[2].partition("|")
        key = around.categories.get(name.strip().replace("_", " "), "")
        if not key:
            page.notes.say("left out", link, "a category that has no key in categories.yaml")
        elif bar and sorting.strip():
            page.notes.say("left out", link, f"the key {sorting.strip()!r} to sort by, which sources do not have")
        if key and key != "Articles":
            found[key] = key
    return found


def _notes(page: Page, writer: Writer) -> str:
    """The texts of the notes that the page refers to."""
    lines = []
    page.in_note = True
    for label in list(page.used_labels):
        children: list[Inline] = inside(page.note(label).content, page)
        lines.append(writer.note(label, children))
    page.in_note = False
    return "\n".join(lines)


def _ids(body: str, language: str, page: Page) -> list[str]:
    parser = Parser(body, Reading("", language, page.names.known(language)), 1)
    return [block.id for block in parser.blocks() if isinstance(block, Heading)]


def _numbers(page: Page, blocks: Sequence[Block]) -> None:
    """Say which numbers were typed in. They stay bare: `marovi check` asks for each until an author settles it."""
    place = 0
    for block in blocks:
        found: list[str] = []
        for node in walk((block,)):
            if isinstance(node, Text):
                found += [match[0].strip() for match in IN_PROSE.finditer(node.text)]
            elif isinstance(node, (InlineMath, MathBlock)):
                tex = "".join(part for part in node.tex if isinstance(part, str))
                numbers = [match[0] for match in IN_TEX.finditer(tex)]
                found += [number for number in numbers if not (number.isdigit() and int(number) <= LARGEST)]
        if found:
            place = max(page.page.text.find(found[0], place), place)
            line = page.page.text.count("\n", 0, place) + 1
            page.notes.say_at(
                line, "to do", ", ".join(found), "typed in: let code compute it, or vouch for it with {lit}"
            )


def _yaml(head: Mapping[str, Any]) -> str:
    text: str = yaml.safe_dump(dict(head), allow_unicode=True, sort_keys=False, width=120, default_flow_style=None)
    return text
