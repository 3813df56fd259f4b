"""What a translation takes over from its source by name: cells, values, terms, links, formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.check.parity import WORDS
from pipeline.read.article import Sources
from pipeline.read.context import Known
from pipeline.translate.align import KEPT, said
from pipeline.translate.text import WORDLESS, Block

TERM = re.compile(r"\{term\}`([^`]*)`")
SECTION = re.compile(r"\]\((\.\./([a-z0-9-]+)/(?:[a-z-]+\.md)?)?#([^)\s]+)\)")
GLUED = re.compile(r"(?:\{glue\}`|\\glue\{)\s*([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Carry:
    """What is needed to say something of the source in a translation before a person did."""

    sources: Sources
    language: str
    ours: Known  # the names that the source may refer to
    theirs: Known  # and those that the translation may
    headings: Mapping[str, str] = field(default_factory=dict)  # id of a heading of the source -> the translation's

    def block(self, block: Block) -> str:
        """A block of the source as it stands in a translation that nobody has translated yet."""
        if block.kind == "code-cell":
            return f"```{{embed}} #{block.label}\n```"
        return block.text if block.kind in WORDLESS else self.words(block.text)

    def words(self, text: str) -> str:
        """Words of the source with their terms in the translation's language and their links to its headings."""
        return SECTION.sub(self._link, TERM.sub(self._term, text))

    def _term(self, match: re.Match[str]) -> str:
        shown, _, key = match[1].partition("<")
        key = key.strip().rstrip(">") or self.ours.terms.get(" ".join(shown.split()).lower(), "")
        concept = self.sources.concepts.get(key)
        words = concept.texts.get(self.language) if concept else None
        if words is None:
            return f"{{term}}`{shown.strip()} <{key}>`" if key else match[0]
        if self.theirs.terms.get(words.term.lower()) == key:
            return f"{{term}}`{words.term}`"
        return f"{{term}}`{words.term} <{key}>`"

    def _link(self, match: re.Match[str]) -> str:
        folder, slug, section = match[1] or "", match[2], match[3]
        if not slug:
            return f"](#{self.headings.get(section, section)})"
        article = self.sources.articles.get(slug)
        version = article.versions.get(self.language) if article else None
        if article is None or version is None:
            return match[0]
        pairs = zip((one.id for one in article.source.headings), (one.id for one in version.headings), strict=False)
        return f"]({folder}#{dict(pairs).get(section, section)})"


def has_words(block: Block) -> bool:
    """Whether there is something to translate in a block."""
    return bool(WORDS.search(block.text)) if block.kind == "formula" else block.kind not in WORDLESS


def values_carried(old: Block, new: Block, translation: str) -> str | None:
    """The translation with the source's new values, formulas and targets, where no word of the source changed.

    None where words did, or where the translation has other ones than the source had.
    """
    if KEPT.sub("\ue000", said(old)) != KEPT.sub("\ue000", said(new)):
        return None
    before, after = KEPT.findall(old.text), KEPT.findall(new.text)
    changes: dict[str, str] = {}
    for was, becomes in zip(before, after, strict=True):
        if changes.setdefault(was, becomes) != becomes:
            return None
    if any(before.count(was) != KEPT.findall(translation).count(was) for was in changes if was != changes[was]):
        return None
    return KEPT.sub(lambda match: changes.get(match[0], match[0]), translation)


def prints_unknown(text: str, source: str) -> bool:
    """Whether a text prints a value that the source speaks of nowhere."""
    return any(not re.search(rf"\b{name}\b", source) for name in GLUED.findall(text))
