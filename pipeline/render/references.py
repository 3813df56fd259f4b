"""References as the list at the foot of a page shows them: authors, year, title, where it appeared, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.lists import format_list

from pipeline.errors import Where
from pipeline.read.article import Reference
from pipeline.read.document import Emphasis, ExternalLink, Inline, InlineMath, Text

MOST_AUTHORS = 8
VENUES = ("journal", "booktitle", "school", "institution")


def formatted(reference: Reference, language: str) -> tuple[Inline, ...]:
    """`A. Author and B. Author (2017). Title. *Venue* 30: 5998–6008. arXiv:…`, in the words of `language`."""
    return tuple(_merged(_parts(reference, language)))


def _parts(reference: Reference, language: str) -> Iterator[Inline]:
    fields, where = reference.fields, reference.where
    links = tuple(_links(reference))
    people = _names(fields.get("author") or fields.get("editor", ""), language)
    year = f"({fields['year']})" if fields.get("year") else ""
    head = " ".join(part for part in (people, year) if part)
    if head:
        yield Text(f"{head}. ", where)
    title = _typeset(fields.get("title") or reference.key)
    end = "" if title[-1:] in ".?!。？！" else "."
    named = tuple(_with_formulas(title, where))
    if reference.kind == "book":
        named = (Emphasis(named, where),)
    if not links and _is_address(fields.get("url", "")):
        named = (ExternalLink(fields["url"], named, where),)
    yield from named
    yield Text(end, where)
    yield from _venue(reference)
    for address, words in links:
        yield Text(" ", where)
        yield ExternalLink(address, (Text(words, where),), where)
        yield Text(".", where)


def _venue(reference: Reference) -> Iterator[Inline]:
    fields, where = reference.fields, reference.where
    venue = next((fields[name] for name in VENUES if fields.get(name)), "")
    if venue:
        yield Text(" ", where)
        yield Emphasis((Text(_typeset(venue), where),), where)
    volume = fields.get("volume", "") + (f"({fields['number']})" if fields.get("number") else "")
    place = ": ".join(part for part in (volume, _typeset(fields.get("pages", ""))) if part)
    rest = (f" {place}" if venue else place) if place else ""
    if fields.get("publisher"):
        rest += f"{', ' if venue or place else ''}{_typeset(fields['publisher'])}"
    if rest or venue:
        lead = "" if venue else " "
        yield Text(f"{lead}{rest}.", where)


def _links(reference: Reference) -> Iterator[tuple[str, str]]:
    fields = reference.fields
    if fields.get("doi"):
        doi = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:)", "", fields["doi"])
        yield f"https://doi.org/{doi}", f"doi:{doi}"
    arxiv = fields.get("eprint", "") if fields.get("archiveprefix", "arxiv").lower() == "arxiv" else ""
    arxiv = re.sub(r"^(https?://arxiv\.org/abs/|arxiv:)", "", fields.get("arxiv", arxiv), flags=re.IGNORECASE)
    if arxiv:
        yield f"https://arxiv.org/abs/{arxiv}", f"arXiv:{arxiv}"


def _names(people: str, language: str) -> str:
    """BibTeX's `Last, First and Last, First` as a list that reads `First Last, First Last and First Last`."""
    names = []
    for person in re.split(r"\s+and\s+", people.strip()):
        parts = [part.strip() for part in person.split(",")]
        names.append(" ".join([*parts[1:], parts[0]]).strip())
    names = [_typeset(name) for name in names if name]
    if not names:
        return ""
    if len(names) > MOST_AUTHORS or names[-1] == "others":
        return ", ".join(name for name in names[:MOST_AUTHORS] if name != "others") + " et al."
    try:
        joined = format_list(names, locale=_locale(language))
        # Chinese joins without spaces, and needs them next to Latin letters
        return re.sub(r"(?<=[!-ɏ])([一-鿿]+)(?=[!-ɏ])", r" \1 ", joined)
    except (UnknownLocaleError, ValueError):
        return format_list(names, locale="en")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def _typeset(text: str) -> str:
    """BibTeX's two hyphens are the dash of a range; its tilde is a space that does not break."""
    return re.sub(r"-{2,}", "–", text).replace("~", "\u00a0")


def _with_formulas(title: str, where: Where) -> Iterator[Inline]:
    """A title may hold TeX between dollar signs."""
    for number, piece in enumerate(re.split(r"\$([^$]+)\$", title)):
        if piece:
            yield InlineMath((piece,), where) if number % 2 else Text(piece, where)


def _is_address(url: str) -> bool:
    return bool(re.match(r"https?://[^\s/]", url))


def _merged(parts: Iterator[Inline]) -> Iterator[Inline]:
    """Join texts that follow one another, and drop empty ones."""
    held: Text | None = None
    for part in parts:
        if isinstance(part, Text):
            held = Text(held.text + part.text, held.where) if held else part
            continue
        if held and held.text:
            yield held
        held = None
        yield part
    if held and held.text:
        yield held
