"""Whatever an author writes or a cell prints, a real MediaWiki shows that text and nothing else happens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import Where
from pipeline.read.document import (
    Block,
    Cell,
    Citation,
    CodeBlock,
    Definition,
    DefinitionList,
    Emphasis,
    ExternalLink,
    FigureBox,
    Footnote,
    FootnoteReference,
    Heading,
    Inline,
    InlineCode,
    InlineMath,
    LineBreak,
    List,
    MathBlock,
    PageLink,
    Paragraph,
    Quote,
    Strong,
    Table,
    Text,
)
from pipeline.render.model import ReferenceEntry
from pipeline.render.wikitext.escape import printable
from pipeline.render.wikitext.notes import note_list, reference_list
from pipeline.render.wikitext.writer import PageWriter
from pipeline.titles import problem_of_title
from pipeline.wiki import LocalWiki
from tests.wiki.visible import Seen, ask, collapsed, parse, parts

pytestmark = pytest.mark.wiki

HERE = Where("test")
WORDS = {"code": "Code", "note": "Note"}
HARMLESS = "Xharmlessx"
DANGEROUS = r"""
{{ }} {{{ [[ ]] {| |} || !! '' ''' ''''' ~~~ ~~~~ ~~~~~ --> <!-- <script> </script> <nowiki> </nowiki> <pre> </pre>
<ref> </ref> <references/> </syntaxhighlight> </math> <div> </div> </span> <br> <includeonly> <noinclude> <a/href='x'>
&amp; &lt; &#123; &nbsp; & < > __TOC__ __NOTOC__ -{ }- -{zh-hans:a;zh-hant:b}- http://a.org https://b.org/?x=[1]
mailto:a@b.org //c.org javascript:alert(1) ISBN RFC PMID #REDIRECT * # : ; = == ---- |- |+ | ! { } [ ] ' ~ _ - + % $ ^
\ " ` é 中文 臺灣軟體 𝛼 a word 1 22 |a=b subst: {{subst:x}} {{{1}}} {{Term|a|b}} {{#if:x}} [[A|]] [[File:x.png]]
[[Category:x]] x=y File:a Category:a alt= link= 200px thumb left right upright UNIQ--x-QINU
"""
UNSEEN = ("\u200f", "\u200e", "\u0301", "\u0338", "\u2028", "\u0085", "\x00", "\x07", "\x1b", "\x7f", "\t", "\r", "\n")
SPACED = (" ", "  ", "\r\n", "\n* ", "\n\n", "\n ", "RFC 2616", "PMID 12345", "ISBN 0-306-40615-2", " ! ")
TOKENS = (*DANGEROUS.split(), *UNSEEN, *SPACED)
texts = st.lists(st.one_of(st.sampled_from(TOKENS), st.text(max_size=4)), min_size=1, max_size=8).map("".join)


def text(words: str) -> Text:
    return Text(words, HERE)


def paragraph(*nodes: Inline) -> Paragraph:
    return Paragraph(nodes, HERE)


def _list(words: str) -> Block:
    inner = List(True, 1, ((paragraph(text(words)),),), HERE)
    return List(False, 1, ((paragraph(text(words)), inner), (paragraph(text(words)),)), HERE)


def _table(words: str) -> Block:
    rows = (((text(words),), (InlineCode(words, HERE),)), ((text("x"),), (InlineMath((words,), HERE),)))
    return Table(((text(words),), (text(words),)), rows, ("", "right"), HERE, (text(words),))


def _figure(words: str) -> Block:
    caption = (text(words), InlineCode(words, HERE))
    return FigureBox("x", "File:No such picture.png", "", 400, 300, words, caption, HERE)


CONTEXTS: dict[str, Callable[[str], Block]] = {
    "a paragraph": lambda words: paragraph(text(words)),
    "emphasis": lambda words: paragraph(text("x "), Emphasis((text(words),), HERE), text(" y")),
    "strong in emphasis, close together": lambda words: paragraph(
        Emphasis((text(words), Strong((text(words),), HERE)), HERE), Strong((text(words),), HERE), text(words)
    ),
    "behind a line break": lambda words: paragraph(text("x"), LineBreak(HERE), text(words)),
    "a heading": lambda words: Heading(3, (text(words),), "id", HERE),
    "inline code": lambda words: paragraph(InlineCode(words, HERE)),
    "a list": _list,
    "a list with paragraphs": lambda words: List(True, 3, ((paragraph(text(words)), paragraph(text(words))),), HERE),
    "a definition list": lambda words: DefinitionList(
        (Definition((text(words),), ((paragraph(text(words)),), (paragraph(text(words)),)), HERE),), HERE
    ),
    "a definition with paragraphs": lambda words: DefinitionList(
        (Definition((text(words),), ((paragraph(text(words)), paragraph(text(words))),), HERE),), HERE
    ),
    "a table": _table,
    "a link out": lambda words: paragraph(ExternalLink("https://example.org/?a=b", (text(words),), HERE), text(words)),
    "a link": lambda words: paragraph(PageLink("Rendering test", "", (text(words),), HERE), text(words)),
    "a quotation": lambda words: Quote((paragraph(text(words)), paragraph(text(words))), HERE),
    "code": lambda words: CodeBlock("text", words, HERE),
    "a cell's output": lambda words: Cell("x", "x", "fold", words, words, HERE),
    "a formula": lambda words: paragraph(InlineMath((words,), HERE)),
    "a displayed formula": lambda words: MathBlock((words,), HERE),
    "a caption and an alternative text": _figure,
    "a footnote": lambda words: paragraph(text(words), FootnoteReference("a", HERE)),
    "a footnote with a citation": lambda words: paragraph(FootnoteReference("b", HERE)),
    "a reference": lambda words: paragraph(Citation("c", HERE)),
}
PREFORMATTED = ("code", "a cell's output")


def written(context: str, words: str) -> str:
    """One block as a page of its own would hold it, with its notes below."""
    block = CONTEXTS[context](words)
    notes = {
        "a footnote": Footnote("a", (text(words),), HERE),
        "a footnote with a citation": Footnote("b", (text(words), Citation("c", HERE)), HERE),
    }
    note = notes.get(context)
    writer = PageWriter(WORDS, (block,), (note,) if note else ())
    pieces = [writer.block(block)]
    if note:
        pieces.append(note_list())
    if context in ("a footnote with a citation", "a reference"):
        shown = words if context == "a reference" else "x"
        pieces.append(reference_list([ReferenceEntry("c", (text(shown),))], writer))
    return "\n\n".join(pieces)


def page(samples: list[tuple[str, str]]) -> str:
    return "\n\n".join(
        f'<div class="part" id="part{number}">\n\n{written(context, words)}\n\n</div>'
        for number, (context, words) in enumerate(samples)
    )


def seen(wiki: LocalWiki, samples: list[tuple[str, str]], title: str) -> list[Seen]:
    found = parts(parse(wiki, page(samples), title)["text"])
    assert list(found) == [f"part{number}" for number in range(len(samples))]
    return list(found.values())


def shown(words: str) -> str:
    """The words with line ends of one kind, and with what cannot be printed made visible."""
    return printable(re.sub(r"\r\n?", "\n", words))


def expected(context: str, words: str, harmless: Seen) -> str:
    """What the harmless sample shows, with `words` in the place of its word."""
    words = shown(words)
    if context in ("a formula", "a displayed formula", "a table"):
        formula = re.sub(r"<(?=/math)", "<{}", words, flags=re.IGNORECASE).strip(" \t\n")
        formula = ("{}" if re.match(r"[\u0300-\u036f]", formula) else "") + formula
        place = harmless.text.rindex(HARMLESS)
        before, after = harmless.text[:place], harmless.text[place + len(HARMLESS) :]
        return collapsed(before.replace(HARMLESS, words) + formula + after)
    return collapsed(harmless.text.replace(HARMLESS, words))


@pytest.fixture(scope="module", params=["en", "zh", "ar"])
def title(request: pytest.FixtureRequest, wiki: LocalWiki) -> Iterator[str]:
    """A page whose content language is not always the wiki's: Chinese has its language converter."""
    yield _page_in(wiki, request.param)


def _page_in(wiki: LocalWiki, language: str) -> str:
    import mwclient

    name = f"Rendering test {language}"
    site = mwclient.Site(wiki.url.removeprefix("http://").rstrip("/"), path="/", scheme="http")
    site.login(wiki.admin_user, wiki.admin_password)
    site.pages[name].edit("A page to parse in the language of.", "test")
    if language != "en":
        site.api("setpagelanguage", title=name, lang=language, token=site.get_token("csrf"))
    return name


@pytest.fixture(scope="module")
def harmless(wiki: LocalWiki, title: str) -> dict[str, Seen]:
    """What each context looks like around a word that means nothing."""
    return dict(zip(CONTEXTS, seen(wiki, [(context, HARMLESS) for context in CONTEXTS], title), strict=True))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(samples=st.lists(texts, min_size=1, max_size=6))
def test_any_text_survives_in_every_place(
    wiki: LocalWiki, title: str, harmless: dict[str, Seen], samples: list[str]
) -> None:
    samples = [words for words in samples if collapsed(shown(words))]
    wanted = [(context, words) for context in CONTEXTS for words in samples]
    for (context, words), part in zip(wanted, seen(wiki, wanted, title), strict=True):
        assert part.words == expected(context, words, harmless[context]), (context, words, written(context, words))
        assert _elements(context, part) == _elements(context, harmless[context]), (
            context,
            words,
            written(context, words),
        )


def _elements(context: str, part: Seen) -> list[tuple[str, str]]:
    """The elements, without those that only colour code or help old anchors."""
    if context == "code":  # shown as it is when it holds the highlighter's own end
        return [element for element in part.elements if element[0] not in ("span", "div")]
    if context == "a heading":
        return [element for element in part.elements if element != ("span", "")]
    return part.elements


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(samples=st.lists(texts, min_size=1, max_size=6))
def test_what_is_rendered_is_what_mediawiki_stores(wiki: LocalWiki, samples: list[str]) -> None:
    wanted = page([(context, words) for context in CONTEXTS for words in samples])
    stored = ask(wiki, action="parse", title="Rendering test", text=wanted, contentmodel="wikitext", onlypst="1")
    assert stored["parse"]["text"] == wanted


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(titles=st.lists(st.one_of(texts, st.text(min_size=1, max_size=12)), min_size=1, max_size=40, unique=True))
def test_a_title_without_a_problem_is_kept_by_the_wiki(wiki: LocalWiki, titles: list[str]) -> None:
    good = [title for title in titles if not problem_of_title(title)]
    if good:
        answer = ask(wiki, action="query", titles="\x1f" + "\x1f".join(good), prop="info")["query"]
        assert sorted(page["title"] for page in answer["pages"]) == sorted(good)
        assert all(page["ns"] == 0 and "invalid" not in page for page in answer["pages"])


@pytest.mark.parametrize("title", ["C#", "A|B", "A_B", "k-means", "A %41", "A/../B", "File:A", "~~~", "A  B"])
def test_a_title_with_a_problem_is_not_kept_by_the_wiki(wiki: LocalWiki, title: str) -> None:
    assert problem_of_title(title)
    answer = ask(wiki, action="query", titles="\x1f" + title, prop="info")["query"]
    kept = [page["title"] for page in answer.get("pages", ()) if "invalid" not in page and page["ns"] == 0]
    assert kept != [title]
