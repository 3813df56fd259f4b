"""References of a page: those the bibliography has become citations, new ones with a template become entries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mwparserfromhell.nodes import Tag, Template
from mwparserfromhell.wikicode import Wikicode

from pipeline.bring_in.names import slug_of
from pipeline.read.article import Reference
from pipeline.read.bibliography import REQUIRED

DOI = re.compile(r"\b10\.\d{4,9}/[^\s|\]}<>\"]+")
ARXIV = re.compile(r"(?:arxiv(?:\.org/(?:abs|pdf)/|\s*[:=]\s*))(\d{4}\.\d{4,5})", re.IGNORECASE)
KINDS = {"journal": "article", "book": "book", "conference": "inproceedings", "arxiv": "misc", "thesis": "phdthesis"}
FIELDS = {
    "title": ("title",), "year": ("year",), "journal": ("journal", "work", "magazine"), "publisher": ("publisher",),
    "booktitle": ("book-title", "booktitle", "conference"), "volume": ("volume",), "number": ("issue", "number"),
    "pages": ("pages",), "doi": ("doi",), "eprint": ("arxiv", "eprint"), "url": ("url",), "edition": ("edition",),
    "isbn": ("isbn",), "school": ("school", "institution"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WikiReference:
    """What one `<ref>` of the page holds; `name` is "" where the page gives none."""

    name: str
    group: str
    content: Wikicode
    wikitext: str


def references_in(code: Wikicode) -> Iterator[WikiReference]:
    """Every `<ref>` with a text, in the order of the page, also those inside of the list at its foot."""
    for node in code.ifilter(recursive=True):
        found = reference_of(node) if isinstance(node, (Tag, Template)) else None
        if found is not None and str(found.content).strip():
            yield found


def reference_of(node: Tag | Template) -> WikiReference | None:
    """The reference that a `<ref>` or `{{#tag:ref}}` is, or None."""
    if isinstance(node, Template):
        if str(node.name).strip().lower() != "#tag:ref":
            return None
        given = {str(one.name).strip(): one.value for one in node.params}
        content = given.get("1") or Wikicode([])
        return WikiReference(
            str(given.get("name", "")).strip(), str(given.get("group", "")).strip(), content, str(node)
        )
    if str(node.tag).strip().lower() != "ref":
        return None
    content = node.contents if node.contents is not None and not node.self_closing else Wikicode([])
    return WikiReference(_attribute(node, "name"), _attribute(node, "group"), content, str(node))


def known_reference(found: WikiReference, references: Mapping[str, Reference]) -> str:
    """The key of the entry in the bibliography that this is, by its name, DOI or arXiv number; "" where there is none.

    A name alone is not enough: the text, where the page has it, holds the entry's title.
    """
    text = str(found.content)
    for key in (found.name, re.sub(r"^n(?=\d+$)", "", found.name)):
        entry = references.get(key)
        if entry is not None and (not text.strip() or _words(entry.fields.get("title", "")) <= _words(text)):
            return key
    dois = {doi.rstrip(".,;)").lower() for doi in DOI.findall(text)}
    numbers = set(ARXIV.findall(text))
    for key, entry in references.items():
        if entry.fields.get("doi", "").lower() in dois or entry.fields.get("eprint", "") in numbers:
            return key
    return ""


def entry_of(found: WikiReference, taken: Mapping[str, Reference]) -> tuple[str, str, Mapping[str, str]] | None:
    """Key, kind and fields of an entry made from a `{{cite …}}` template that says all an entry needs, else None."""
    nodes = [node for node in found.content.nodes if str(node).strip(" .,;\n")]
    if len(nodes) != 1 or not isinstance(nodes[0], Template):
        return None
    name = str(nodes[0].name).strip().lower()
    if not name.startswith(("cite ", "citation")):
        return None
    given = {str(one.name).strip().lower(): str(one.value).strip() for one in nodes[0].params}
    used = {"year", "date"}
    fields: dict[str, str] = {}
    for field, names in FIELDS.items():
        for other in names:
            if given.get(other) and field not in fields:
                fields[field] = given[other]
                used.add(other)
    year = re.search(r"\b(1[6-9]|20)\d\d\b", given.get("year") or given.get("date", ""))
    author, names_used = _authors(given)
    if author:
        fields["author"] = author
    if year:
        fields["year"] = year[0]
    kind = KINDS.get(name.removeprefix("cite ").strip(), "article" if "journal" in fields else "misc")
    if kind == "misc" and "eprint" in fields:
        fields["archiveprefix"] = "arXiv"
    rest = {key for key, value in given.items() if value} - used - names_used - {"access-date", "accessdate", "ref"}
    plain = all(re.fullmatch(r"[^\[\]{}<>|\\]*", value) for value in fields.values())
    if rest or not plain or any(not fields.get(field) for field in REQUIRED[kind]):
        return None
    surname = slug_of(author.partition(",")[0].split(" and ")[0]) if author else slug_of(fields["title"])
    key, count = f"{surname}{fields['year']}", 0
    while key in taken:
        key, count = f"{surname}{fields['year']}{chr(ord('a') + count % 26)}", count + 1
    return key, kind, fields


def bibtex(key: str, kind: str, fields: Mapping[str, str]) -> str:
    """An entry of references.bib."""
    lines = [f"  {name} = {{{re.sub(r'([&%$#_])', _quoted(name), value)}}}," for name, value in fields.items()]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def _quoted(name: str) -> str:
    return r"\1" if name in ("doi", "url", "eprint") else r"\\\1"


def _authors(given: Mapping[str, str]) -> tuple[str, set[str]]:
    people: list[str] = []
    used: set[str] = set()
    for number in range(1, 40):
        for suffix in (str(number), *([""] if number == 1 else [])):
            last, first = f"last{suffix}", f"first{suffix}"
            if given.get(last):
                people.append(given[last] + (f", {given[first]}" if given.get(first) else ""))
                used |= {last, first}
                break
            if given.get(f"author{suffix}"):
                people += [part for part in re.split(r"\s*;\s*|\s+and\s+", given[f"author{suffix}"]) if part]
                used.add(f"author{suffix}")
                break
    if given.get("authors") and not people:
        people, used = re.split(r"\s*;\s*|\s+and\s+", given["authors"]), {"authors"}
    return " and ".join(people), used


def _attribute(node: Tag, name: str) -> str:
    return str(node.get(name).value).strip() if node.has(name) and node.get(name).value is not None else ""


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w{3,}", re.sub(r"[{}\\]", "", text).casefold()))
