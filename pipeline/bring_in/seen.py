"""Whether each word that a reader of a page sees stands in what was made of it, or in what is said about it."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from html.parser import HTMLParser

import mwparserfromhell

from pipeline.bring_in.page import HEADS, head_name

# Chinese, Japanese and Korean sign by sign: they have no spaces at which markup could not cut.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+|\d+")
LITERAL = re.compile(
    r"<(math|syntaxhighlight|source|pre|nowiki)\b([^<>]*)(?<!/)>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE
)
HIDDEN = frozenset(("script", "style", "math", "head", "title", "annotation"))
CHROME = frozenset(
    (
        "mw-editsection",
        "toc",
        "mw-cite-backlink",
        "reference",
        "mwe-math-element",
        "mw-empty-elt",
        "marovi-term-popup",
        "mw-ext-cite-error",
    )  # a summary's references are not on the page that is drawn
)
EMPTY = frozenset(("area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))


def missing_words(seen: str, made: Iterable[str]) -> list[str]:
    """The words of `seen` that `made` does not have, as often as they are missing, in their order."""
    there = words_in("\n".join(made))
    left, known = Counter(there), frozenset(there)
    letters = "".join(there)
    found = []
    for word in words_in(seen):
        if left[word]:
            left[word] -= 1
        elif word in known or word not in letters:  # markup may have cut a word in two
            found.append(word)
    return found


def words_in(text: str) -> list[str]:
    return WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def split_heads(wikitext: str) -> tuple[str, str]:
    """A page without the templates whose parameters are taken one by one, and the call of its summary."""
    code = mwparserfromhell.parse(wikitext, skip_style_tags=True)
    summary = ""
    for node in code.filter_templates(recursive=True):
        name = head_name(node)
        if name not in HEADS or not code.contains(node):
            continue
        if name == "Summary":
            if node.has("short"):
                node.remove("short")  # a link that the pipeline makes
            summary += str(node)
        code.remove(node)
    return str(code), summary


def seen_in_wikitext(wikitext: str) -> str:
    """The words of wikitext by a plain strip of its markup, without the parser that reads the page: an estimate."""
    kept: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        kept.append(match[3])
        return f"\x00{len(kept) - 1}\x00"

    text = re.sub(r"<!--.*?-->", "", wikitext, flags=re.DOTALL)
    text = LITERAL.sub(put_aside, text)
    for pattern, new in (
        (r"__[A-Z]+__", ""),
        (r"\[\[(?:Category|Categoría|分类):[^\]]*\]\]", ""),
        (r"(?m)^\s*(?:\{\||\|-).*$", " "),
        (r"</?[A-Za-z][^<>]*>", " "),
        (r"\[\[(?:File|Image):[^\[\]|]*", " "),
        (r"\|\s*(?:thumb|frame|left|right|center|none|\d*x?\d+px)\s*(?=[|\]])", " "),
        (r"[\w-]+\s*=\s*\"[^\"\n]*\"\s*\|?", " "),
        (r"\[\[[^\[\]|]*\|(?=[^\[\]]*\S[^\[\]]*\]\])", ""),
        (r"\{\{#tag:ref\|", " "),
        (r"\|\s*(?:group|name)\s*=[^|{}]*", " "),
        (r"\{\{Term\|[^{}|]*\|", ""),
        (r"\{\{[^{}|]*(\}\})?", " "),
        (r"\|\s*[\w -]+\s*=(?!=)", " "),
        (r"(?:https?:|mailto:)?//[^\s\]<>|]+|mailto:[^\s\]]+", " "),
        (r"'{2,}|\[\[|\]\]", ""),
    ):
        text = re.sub(pattern, new, text)
    text = html.unescape(text)
    return re.sub("\x00(\\d+)\x00", lambda found: " " + html.unescape(kept[int(found[1])]) + " ", text)


def formulas_in(wikitext: str) -> str:
    """The TeX of a page's formulas, which a wiki draws in many ways."""
    return "\n".join(found[3] for found in LITERAL.finditer(wikitext) if found[1].lower() == "math")


def seen_in_html(page: str) -> str:
    """The words of a page as the wiki draws it, without numbers of notes, tables of contents and formulas."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return "".join(reader.parts)


def said(markdown: str) -> str:
    """What a source holds, without the marks that cut its words."""
    return re.sub(r"\\([!-/:-@\[-`{-~])|\*", lambda found: found[1] or "", markdown)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("p", "li", "td", "th", "div", "br", "dt", "dd", "pre", "tr", "h2", "h3", "h4", "h5", "h6"):
            self.parts.append(" ")
        if tag in EMPTY:
            return
        hidden = (
            tag in HIDDEN
            or bool(CHROME & set(given.get("class", "").split()))
            or "mwe-math-" in given.get("class", "")
            or given.get("id") == "toc"
            or bool(re.search(r"display:\s*none", given.get("style", "")))
        )
        self._open.append((tag, hidden or self._hidden))

    def handle_endtag(self, tag: str) -> None:
        if tag in [name for name, _ in self._open]:
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)

    @property
    def _hidden(self) -> bool:
        return bool(self._open) and self._open[-1][1]
