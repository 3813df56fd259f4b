"""The head of a source from the templates at the head and foot of a page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import mwparserfromhell
from mwparserfromhell.wikicode import Wikicode

from pipeline.bring_in.inline import inside, words
from pipeline.bring_in.markdown import Writer
from pipeline.bring_in.page import HEADS, Page, head_name
from pipeline.bring_in.tidy import tidy
from pipeline.read.document import Block, Paragraph, Strong, walk

DIFFICULTIES = ("Introductory", "Intermediate", "Advanced")
STATES = ("draft", "reviewed", "verified")
# What the pipeline writes itself from where a page stands, in the same words.
STRUCTURE = {
    "LanguageBar": ("page", "languages"),
    "ArticleMeta": ("content_type", "source_language"),
    "SummaryInfobox": ("parent_page", "parent_type"),
    "Article": ("languages",),
    "Paper": ("languages",),
    "Summary": ("short",),
}
# What a page claims of its numbers: never taken over, because nothing of an imported page was computed.
CLAIMS = ("commit", "environment", "verification", "checks", "results_date", "differs", "quality_score")
SHARED = frozenset(
    ("TopicNav", "Article", "ArticleInfobox", "Paper", "PaperInfobox", "RelatedContent", "SummaryInfobox")
)
SENTENCE = re.compile(r".+?(?:[.!?](?=\s|$)|[。！？])|.+", re.DOTALL)


@dataclass
class Heads:
    """The templates of a page by name, and which parameters of them have been taken."""

    page: Page
    given: dict[str, dict[str, Wikicode]] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        for node in self.page.code.ifilter_templates(recursive=True):
            name = head_name(node)
            if name not in HEADS:
                continue
            if name in self.given:
                self.page.notes.say("left out", str(node), f"a second {name} on the page")
                continue
            self.given[name] = {str(one.name).strip(): one.value for one in node.params if str(one.value).strip()}

    def code(self, parameter: str, *names: str) -> Wikicode | None:
        """The first of these templates' parameter that is given."""
        found = None
        for name in names:
            if parameter in self.given.get(name, {}):
                self.used.add((name, parameter))
                found = found or self.given[name][parameter]
        return found

    def words(self, parameter: str, *names: str) -> str:
        code = self.code(parameter, *names)
        return words(self.read(code)) if code is not None else ""

    def read(self, code: Wikicode | None) -> Sequence[Any]:
        before, self.page.no_notes = self.page.no_notes, True
        try:
            return tidy(inside(code, self.page), breaks=False)
        finally:
            self.page.no_notes = before

    def numbered(self, parameter: str, *names: str) -> list[Wikicode]:
        """`article1`, `article2` … of the first template that has them."""
        for name in names:
            numbers = [key for key in self.given.get(name, {}) if re.fullmatch(re.escape(parameter) + r"\d+", key)]
            if numbers:
                self.used |= {(name, key) for key in numbers}
                return [self.given[name][key] for key in sorted(numbers, key=lambda key: int(key[len(parameter) :]))]
        return []

    def listed(self, parameter: str, single: str, *names: str) -> list[str]:
        """A list of titles: numbered, or separated by commas; links count as their targets."""
        found = [_title(code) for code in self.numbered(single, *names)]
        code = self.code(parameter, *names)
        if code is not None:
            found += _listed(code)
        return [title for title in found if title]

    def from_source(self) -> None:
        """A translation and a summary take from their source what these templates say."""
        found = []
        for name in SHARED & self.given.keys():
            for parameter, value in self.given[name].items():
                if (name, parameter) not in self.used and parameter not in STRUCTURE.get(name, ()):
                    self.used.add((name, parameter))
                    if parameter != "title":
                        found.append(f"{parameter} = {str(value).strip()}")
        if found:
            self.page.notes.say_at(1, "left out", "; ".join(sorted(found)), "the head of the source says it for all")

    def rest(self) -> None:
        """Say which parameters nothing took."""
        claims = []
        for name, given in self.given.items():
            for parameter, value in given.items():
                text = f"{parameter} = {str(value).strip()}"
                if (name, parameter) in self.used or parameter in STRUCTURE.get(name, ()):
                    continue
                if parameter in CLAIMS:
                    claims.append(text)
                else:
                    self.page.notes.say("left out", text, f"in {name}: sources have no place for it")
        if claims:
            why = "what the page says of its numbers is not taken over: none of them was computed here"
            self.page.notes.say_at(1, "left out", "; ".join(claims), why)


def summary_of(heads: Heads, blocks: Sequence[Block], writer: Writer) -> tuple[str, list[str]]:
    """Summary and key points; where a page has none its first sentences stand in, and it is said."""
    notes = heads.page.notes
    summary = writer.line(heads.read(heads.code("text", "Summary")))
    points = [writer.line(heads.read(code)) for code in heads.numbered("key_point", "Summary")]
    code = heads.code("key_points", "Summary")
    if code is not None:
        points += [writer.line(heads.read(_parsed(part))) for part in _split(str(code), ";；") if part.strip()]
    leads = [words(block.children) for block in blocks if isinstance(block, Paragraph)]
    first = next(filter(None, leads), heads.page.page.title)
    sentences = [re.sub(r"([\\`*_\[\]$<{}&])", r"\\\1", found.strip()) for found in SENTENCE.findall(first)]
    if not summary:
        summary = sentences[0]
        notes.say_at(1, "to do", "", "the page has no summary: its first sentence stands in; write one")
    points = [point for point in points if point]
    if not points:
        points = [sentences[0]]
        notes.say_at(1, "to do", "", "the page has no key points: its first sentence stands in; write them")
    return summary, points


def title_of(heads: Heads, blocks: Sequence[Block], own: str) -> str:
    """The title in the page's language: as a template says it, or the bold words of the lead."""
    given = next(filter(None, [heads.words("title", name) for name in ("Article", "Paper", "TopicNav")]), "")
    if given:
        return given
    if heads.page.language == heads.page.names.languages[0]:
        return own
    for block in blocks[:2]:
        for node in walk((block,)):
            if isinstance(node, Strong) and words(node.children):
                title = words(node.children).strip(" .:,。：，")
                title = title[:1].upper() + title[1:]
                heads.page.notes.say("to do", title, "no template says the title: the bold words of the lead stand in")
                return title
    heads.page.notes.say_at(1, "to do", "", f"no template says the title in {heads.page.language}: {own!r} stands in")
    return own


def shared_of(heads: Heads, title: str, categories: Mapping[str, str]) -> dict[str, Any]:
    """What only the head of the source language says. `categories` has the keys of the page's categories by name."""
    page = heads.page
    topics = heads.listed("topics", "topic", "Article", "Paper")
    area = heads.words("topic_area", "Article", "ArticleInfobox", "Paper", "PaperInfobox")
    wanted = heads.words("field", "Article", "TopicNav")
    listed = [name for name in categories if name not in ("Articles", "Glossary", *DIFFICULTIES)]
    area = area or (topics.pop(0) if topics else "") or wanted or next(iter(listed), "")
    wanted = wanted or area
    for name in topics:
        if name != area:
            page.notes.say("left out", name, "in topics: a page has one topic area here")
    found: dict[str, Any] = {"title": title}
    is_paper = "Paper" in heads.given or "PaperInfobox" in heads.given
    if is_paper:
        found["kind"] = "paper"
    keys = {}
    for name, value in (("field", wanted), ("subfield", heads.words("subfield", "TopicNav")), ("topic_area", area)):
        if not value and name != "subfield":
            value = "Articles"
            page.notes.say_at(1, "to do", "", f"nothing says the {name}: {value!r} stands in")
        if value:
            keys[name] = page.names.category(value, page.language) or value
    found |= keys
    found["difficulty"] = _difficulty(heads, categories)
    for key, parameter, single, names in (
        ("prerequisites", "prerequisites", "prerequisite", ("Article", "ArticleInfobox")),
        ("articles", "articles", "article", ("RelatedContent",)),
        ("articles", "related_articles", "related_article", ("Paper",)),
        ("papers", "papers", "paper", ("RelatedContent",)),
        ("papers", "related_papers", "related_paper", ("Article",)),
    ):
        slugs = _slugs(heads.listed(parameter, single, *names), page, parameter)
        if key == "prerequisites":
            found |= {"prerequisites": slugs} if slugs else {}
        elif slugs:
            related = found.setdefault("related", {})
            related[key] = list(dict.fromkeys([*related.get(key, ()), *slugs]))
    found["categories"] = list(dict.fromkeys(categories.values())) or [found["topic_area"]]
    paper = _paper(heads) if is_paper else {}
    return found | ({"paper": paper} if paper else {})


def provenance_of(heads: Heads) -> dict[str, str]:
    """Where the text comes from; what else the page claims of its numbers is never taken over."""
    found: dict[str, str] = {}
    for key, parameters in (
        ("generated_by", (("generated_by", "ContentMeta"), ("generated_by", "ArticleMeta"))),
        ("model_used", (("model_used", "ContentMeta"),)),
        ("generated_date", (("generated_date", "ContentMeta"), ("generation_date", "ArticleMeta"))),
        ("review_state", (("review_state", "ArticleMeta"),)),
        ("last_review_date", (("last_review_date", "ArticleMeta"),)),
    ):
        for parameter, name in parameters:
            value = heads.words(parameter, name)
            if not value:
                continue
            date = re.match(r"\d{4}-\d{2}-\d{2}", value)
            if key.endswith("date") and not date:
                heads.page.notes.say("left out", value, f"in {name}: {parameter} is no date such as 2026-11-21")
            elif key == "review_state" and value.lower() not in STATES:
                heads.page.notes.say("left out", value, f"in {name}: {parameter} is none of {', '.join(STATES)}")
            elif key in found and found[key] != (date[0] if date and key.endswith("date") else value):
                heads.page.notes.say("left out", value, f"in {name}: another template says {found[key]!r}")
            else:
                found[key] = (
                    date[0] if date and key.endswith("date") else value.lower() if key == "review_state" else value
                )
                if found[key] != value:
                    heads.page.notes.say("changed", value, f"in {name}: {parameter} is {found[key]} here")
    return found


def _difficulty(heads: Heads, categories: Mapping[str, str]) -> str:
    page = heads.page
    given = heads.words("difficulty", "Article", "ArticleInfobox", "Paper", "PaperInfobox")
    key = page.names.category(given, page.language) if given else ""
    for word in (key, given.capitalize(), *categories.values()):
        if word in DIFFICULTIES:
            return word
    said = f"{given!r} is none of {', '.join(DIFFICULTIES)}" if given else "nothing says the difficulty"
    page.notes.say("to do", given, f"{said}: Intermediate stands in")
    return "Intermediate"


def _slugs(titles: Sequence[str], page: Page, parameter: str) -> list[str]:
    found: list[str] = []
    for title in titles:
        topic = page.names.topic(title)
        slug = topic[0] if topic else title if title in page.names.topics.values() else ""
        if not slug:
            page.notes.say("left out", title, f"in {parameter}: no topic here; add it to articles/planned.yaml")
        elif slug not in found and slug != page.slug:
            found.append(slug)
    return found


def _paper(heads: Heads) -> dict[str, Any]:
    names = ("Paper", "PaperInfobox")
    code = heads.code("authors", *names)
    authors = [words(heads.read(_parsed(part))) for part in _split(str(code), ",;，、")] if code is not None else []
    authors = [name for name in authors if name]
    year = heads.words("year", *names)
    found: dict[str, Any] = {"authors": authors, "year": int(year) if re.fullmatch(r"\d{4}", year) else 0}
    for key, parameters in (
        ("venue", ("venue",)), ("arxiv", ("arxiv", "arxiv_id")), ("doi", ("doi",)),
        ("source_url", ("source_url",)), ("pdf_url", ("pdf_url",)),
    ):  # fmt: skip
        for parameter in parameters:
            code = heads.code(parameter, *names)
            if code is not None:
                found.setdefault(key, str(code).strip())
    if not authors or not 1600 <= found["year"] <= 2200:
        text = "; ".join(f"{key} = {value}" for key, value in {**found, "authors": ", ".join(authors)}.items() if value)
        heads.page.notes.say("left out", f"{text} {year}", "a paper needs its authors and its year")
        return {}
    return found


def _title(code: Wikicode) -> str:
    for link in code.filter_wikilinks():
        return str(link.title).strip().lstrip(":")
    return code.strip_code().strip()


def _listed(code: Wikicode) -> list[str]:
    """Items between commas; a link is one item, whatever is in it."""
    return [_title(_parsed(part)) for part in _split(str(code), ",;，、\n*")]


def _split(text: str, separators: str) -> list[str]:
    parts, depth = [""], 0
    pattern = r"\[\[|\]\]|\{\{|\}\}|<math.*?</math>|<nowiki>.*?</nowiki>|<ref.*?(?:/>|</ref>)|&#?\w+;|."
    for token in re.findall(pattern, text, re.DOTALL):
        depth += {"[[": 1, "{{": 1, "]]": -1, "}}": -1}.get(token, 0)
        if token in separators and depth <= 0:
            parts.append("")
        else:
            parts[-1] += token
    return [part.strip() for part in parts]


def _parsed(text: str) -> Wikicode:
    code: Wikicode = mwparserfromhell.parse(text, skip_style_tags=True)
    return code
