"""Pieces of wikitext and the Markdown they become; nothing written on a page is lost, whatever it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.bring_in import Existing, bring_in
from pipeline.bring_in.model import Wiki, WikiPage
from pipeline.bring_in.seen import missing_words, said
from pipeline.read.blocks import Parser
from pipeline.read.context import Known, Reading

CASES = {
    # quotes, as MediaWiki balances them
    "'''bold''' and ''italic''": "**bold** and *italic*",
    "'''''both''''' x": "***both*** x",
    "''a '''b''' c''": "*a **b** c*",
    "l'''amour'' x": "l'*amour* x",
    "''open\n\nnext": "*open*\n\nnext",
    "'''bold''s": "'*bold*s",
    "it's a dog's": "it's a dog's",
    "'''Word:''' text": "**Word:** text",
    "'''词：'''后": "**词**：后",
    "''' spaced '''x": "**spaced** x",
    # what Markdown would take for markup
    "2 * 3 * 4 and a_b _c_": "2 \\* 3 \\* 4 and a_b \\_c\\_",
    "$5 and `tick` and \\x": "\\$5 and \\`tick\\` and \\\\x",
    "1986. A year": "1986\\. A year",
    "- no list": "\\- no list",
    "+ no list": "\\+ no list",
    "> no quote": "\\> no quote",
    "a [b](c) d": "a \\[b\\](c) d",
    "&lt;b&gt; &amp;amp; &nbsp;x": "\\<b> \\&amp; \u00a0x",
    # nodes
    "<nowiki>''x'' [[y]]</nowiki>": "''x'' \\[\\[y\\]\\]",
    "<code>a|b</code> <code>`</code>": "`a|b` `` ` ``",
    "<math>a < b</math>": "$a < b$",
    ": <math>x</math>": "$$\nx\n$$",
    '<math display="block">\nx\n\ny\n</math>': "$$\nx\ny\n$$",
    "a<br>b<br/>\nc": "a\\\nb\\\nc",
    "[https://x.org/a_(b) words]": "[words](https://x.org/a_(b))",
    "[[Other|words]]s and [[Other]]": "wordss and Other",
    "[[#Head|up]]\n\n== Head ==\nx": "[up](#head)\n\n## Head\n\nx",
    "= One =\nx": "## One\n\nx",
    "== C# ==\nx": "## C\\#\n\nx",
    "== A ==\nx\n== A ==\n[[#A 2|second]]": "## A\n\nx\n\n## A\n\n[second](#a-1)",
    # lists
    "* a\n* b\n** c\n# d": "- a\n- b\n  - c\n\n1. d",
    "* a\n\n* b": "- a\n\n* b",
    "#* a\n# b": "1. - a\n2. b",
    "; t : d\n: e": "t\n: d\n\n: e",
    ": in": "in",
    "; lone": "**lone**",
    "<ul><li>a</li><li>b\n* c</li></ul>": "- a\n- b\n  - c",
    '<ol start="3"><li>a</li></ol>': "3. a",
    "----": "---",
    "<blockquote>a\n\nb</blockquote>": "> a\n>\n> b",
    # code
    '<syntaxhighlight lang="python">\nx = "```"\n</syntaxhighlight>': '````python\nx = "```"\n````',
    "<pre>&lt;a&gt; ''b''</pre>": "```\n<a> ''b''\n```",
    " one\n  two": "```\none\n two\n```",
    # tables: cells that start with signs of tables, bars, alignment, missing cells
    "{|\n! A !! B\n|-\n| -1 || +\n|-\n| } || <code>a&#124;b</code>\n|}": (
        "| A | B |\n|---|---|\n| -1 | + |\n| } | `a\\|b` |"
    ),
    '{|\n! A\n|-\n| style="text-align: right;" | 1\n|}': "| A |\n|--:|\n| 1 |",
    "{|\n| a || b\n|-\n| c\n|}": "|  |  |\n|---|---|\n| a | b |\n| c |  |",
    "{|\n|+ Cap\n! A\n|-\n| <math>|x|</math>\n|}": "Cap\n\n| A |\n|---|\n| $\\|x\\|$ |",
    '{|\n! A !! B\n|-\n| rowspan="2" | x || 1\n|-\n| 2\n|}': "| A | B |\n|---|---|\n| x | 1 |\n|  | 2 |",
    "{|\n! A\n|-\n|\n* a\n* b\n|}": "| A |\n|---|\n| a; b |",
    # notes
    'a<ref name="x">Text.</ref> b<ref name="x" />': "a[^x] b[^x]\n\n[^x]: Text.",
    "a<ref>''T'' [https://x.org y]</ref>": "a[^note-1]\n\n[^note-1]: *T* [y](https://x.org)",
    "a<ref name=b /> x\n<references><ref name=b>Text</ref></references>": "a[^b] x\n\n[^b]: Text",
    "{{Note|Careful.}}": "`{{Note|Careful.}}`",
    '<div class="marovi-note">\n\'\'\'Note\'\'\'\n\nTake care.\n</div>': "```{note}\nTake care.\n```",
}  # fmt: skip


def page(text: str) -> tuple[str, tuple[str, ...]]:
    """The Markdown of a page that holds `text`, without its head, and the kinds of what is said of it."""
    brought = bring_in(Wiki("test", (WikiPage("Page", "", text),)), Existing(("en",)))
    return brought.files["page/en.md"].decode(), tuple(f"{entry.kind}: {entry.text}" for entry in brought.left)


@pytest.mark.parametrize("text", CASES, ids=[repr(text)[:60] for text in CASES])
def test_wikitext_becomes_markdown(text: str) -> None:
    assert page(text)[0].split("---\n", 2)[2].strip("\n") == CASES[text]


@pytest.mark.parametrize("text", CASES, ids=[repr(text)[:60] for text in CASES])
def test_no_word_is_missing(text: str) -> None:
    assert [entry for entry in page(text)[1] if entry.startswith("missing")] == []


PIECES = (
    "'''", "''", "'", "[[", "]]", "{{", "}}", "|", "\n", "\n\n", "\n* ", "\n# ", "\n; ", "\n: ", "\n== ", " ==\n", "{|", "|}",
    "|-", "\n|", "\n!", "<ref>", "</ref>", '<ref name="a" />', "<math>", "</math>", "<nowiki>", "</nowiki>", "<br>", "<div>",
    "</div>", "<pre>", "</pre>", "<!--", "-->", "&amp;", "&#1;", "$", "*", "_", "`", "\\", "[https://x.org ", "]", "http://y.org",
    "----", " ", "1. ", "词", "。", "é", "word", "two", "0.5", "<sup>", "</sup>", "<ul><li>", "</li></ul>", "{{Term|a|", "#", "!",
    "__TOC__", "{{Summary|text=", "[[File:a.png|", "[[Category:", ":", "=", "~~~~", "<code>", "</code>", "{", "}", "[^a]", "\t",
)  # fmt: skip


@settings(max_examples=250)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_whatever_stands_there_it_is_read_and_no_letter_is_lost(text: str) -> None:
    made, left = page(text)
    body = made.split("---\n", 2)[2]
    reading = Reading("en.md", "en", Known(frozenset({"page"})))
    Parser(body, reading, 1).blocks()
    assert [str(problem) for problem in reading.problems if problem.rule not in ("footnote", "anchor")] == []
    everything = said(made) + "\n".join(left)
    for word in ("word", "two", "词", "é"):
        assert everything.count(word) >= text.count(word), (word, made, left)


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_plain_text_comes_over_to_the_letter(text: str) -> None:
    made, left = page("<nowiki>" + text.replace("<", "(").replace("&", "+") + "</nowiki>x")
    assert missing_words(text.replace("<", "(").replace("&", "+"), [said(made), *left]) == []


def test_a_page_that_is_called_like_another_folder_gets_a_slug_of_its_own() -> None:
    brought = bring_in(Wiki("test", (WikiPage("Glossary", "", "The '''Glossary'''."),)), Existing(("en",)))
    assert set(brought.topics) == {"glossary-topic"} and "glossary-topic/en.md" in brought.files
