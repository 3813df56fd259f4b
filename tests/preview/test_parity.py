"""Two pages are the same to a reader when their words, headings, links, figures and tables are, in order."""

from __future__ import annotations

import pytest

from pipeline.preview.as_seen import Seen, seen
from pipeline.preview.parity import differences

TWO_ROWS = "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>"


def kinds(site: str, wiki: str) -> list[str]:
    return [one.kind for one in differences(seen(site), seen(wiki))]


def test_a_formula_is_compared_by_its_tex() -> None:
    site = '<p>a <math alttext="x  &lt; 1"><mi>x</mi><annotation>x &lt; 1</annotation></math>, b</p>'
    wiki = '<p>a <span class="mwe-math-fallback-source-inline tex">$ x &lt; 1 $</span>, b</p>'
    drawn = (
        '<p>a <span class="mwe-math-element"><span class="mwe-math-mathml-inline" style="display: none;">'
        '<math alttext="{\\displaystyle x &lt; 1}"><mi>x</mi></math></span>'
        '<img class="mwe-math-fallback-image-inline" src="/x.svg" alt="{\\displaystyle x &lt; 1}"></span>, b</p>'
    )
    assert kinds(site, wiki) == kinds(site, drawn) == []
    assert kinds('<p>a <math alttext="x &gt; 1"></math>, b</p>', wiki) == ["words"]


def test_popups_arrows_and_edit_links_are_not_compared() -> None:
    plain = "<h2>Head</h2><p>word <sup>[1]</sup></p>"
    wiki = (
        '<h2>Head<span class="mw-editsection">[edit]</span></h2><div id="toc" class="toc"><p>Contents</p></div>'
        '<p>word<span class="marovi-term-popup" style="display:none">what it means</span> <sup>[1]</sup></p>'
    )
    assert kinds(plain, wiki) == []


def test_a_word_a_line_or_an_order_that_differs_is_found() -> None:
    page = "<p>one two</p><pre>a\n  b</pre>"
    assert kinds(page, "<p>two one</p><pre>a\n  b</pre>") == ["words", "words"]
    assert kinds(page, "<p>one two</p><pre>a\n b</pre>") == ["preformatted"]
    assert kinds(page, "<p>one</p><pre>a\n  b</pre>") == ["words"]
    assert kinds(page, "<div>one <b>two</b></div><pre>a\n  b</pre>") == []


@pytest.mark.parametrize(
    ("site", "wiki", "kind"),
    [
        ("<table><tr><td>a</td><td>b</td></tr></table>", TWO_ROWS, "tables"),
        ("<h2>A</h2><p>b</p>", "<h3>A</h3><p>b</p>", "headings"),
        ('<p><a href="x/">a</a></p>', '<p><a href="y/">a</a></p>', "links"),
        ('<p><a href="x/">a</a></p>', "<p>a</p>", "links"),
        ('<p><img src="a.png" alt="one"></p>', '<p><img src="b.png" alt="one"></p>', "figures"),
        ('<p><img src="a.png" alt="one"></p>', '<p><img src="a.png" alt="two"></p>', "figures"),
        (
            "<table><tr><td>a</td><td>b c</td></tr></table>",
            "<table><tr><td>a b</td><td>c</td></tr></table>",
            "tables",
        ),
        ("<p>a</p>", "<p><b>a</p>", "markup"),
    ],
)  # fmt: skip
def test_what_is_no_word_is_compared_as_well(site: str, wiki: str, kind: str) -> None:
    assert set(kinds(site, wiki)) == {kind}
    assert set(kinds(wiki, site)) == {kind}
    assert kinds(site, site) == []


def test_a_term_is_a_link_here_and_has_one_in_its_popup_on_the_wiki() -> None:
    site = '<p>the <a class="term" href="g/">rate</a> falls</p>'
    wiki = (
        '<p>the <span class="marovi-term">rate</span><span class="marovi-term-popup" style="display:none"><b>Rate</b> '
        '<a href="z/">how fast</a> <span class="marovi-term-more"><a href="g/">In the glossary</a></span></span> '
        "falls</p>"
    )
    assert kinds(site, wiki) == []
    assert kinds(site, wiki.replace('href="g/"', 'href="h/"')) == ["links"]


def test_a_box_is_a_table_on_the_wiki_and_a_list_here() -> None:
    site = "<aside><p>T</p><dl><div><dt>Field</dt><dd>x</dd></div></dl></aside>"
    wiki = '<table class="marovi-box"><caption>T</caption><tr><th>Field</th><td>x</td></tr></table>'
    assert kinds(site, wiki) == []
    assert kinds(site, wiki.replace("marovi-box", "")) == ["tables"]


def test_a_difference_says_what_stands_before_it_and_both_sides() -> None:
    (one,) = differences(seen("<p>a b c d e f g</p>"), seen("<p>a b c d e f h</p>"))
    assert str(one) == "words: after 'b c d e f': site 'g', wiki 'h'"
    assert one.to_json() == {"kind": "words", "after": "b c d e f", "site": "g", "wiki": "h"}


def test_only_the_element_asked_for_is_read() -> None:
    page = '<p>before</p><div id="_text"><p>in</p><div>side</div></div><p>after</p>'
    assert seen(page, "_text").words == ("in", "side")
    with pytest.raises(ValueError, match="#_other"):
        seen(page, "_other")
    assert seen("") == Seen(())
