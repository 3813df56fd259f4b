"""HTML of a page that is shown at another address: links from the root, ids that stand once."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from pipeline.preview.elsewhere import prefixed, rooted

HTML = Markup(
    '<h2 id="a-part">A</h2><p><a href="en/other/#there">x</a> <a href="#a-part">y</a> <a href="https://example.org/">z</a>'
    '<img src="figures/x_%28en%29.png" alt="1"> <a class="term" aria-controls="_term-x" href="en/glossary/x/">t</a></p>'
)


def test_links_lead_to_the_same_pages_from_any_address() -> None:
    assert re.findall(r'(?:href|src)="([^"]*)"', rooted(HTML)) == [
        "/en/other/#there",
        "#a-part",
        "https://example.org/",
        "/figures/x_%28en%29.png",
        "/en/glossary/x/",
    ]
    assert rooted(rooted(HTML)) == rooted(HTML)


def test_ids_and_what_refers_to_them_get_the_same_prefix() -> None:
    found = prefixed(HTML, "right-")
    assert 'id="right-a-part"' in found and 'href="#right-a-part"' in found
    assert 'aria-controls="right-_term-x"' in found and 'href="en/other/#there"' in found


def test_words_that_look_like_attributes_stay_as_they_are() -> None:
    words = escape('<a href="x" id="y">') + Markup("<p>it's</p>")
    assert prefixed(rooted(words), "right-") == words
