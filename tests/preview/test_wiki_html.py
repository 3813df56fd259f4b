"""What the wiki sends is shown without anything that runs, with its links and files led through the preview."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from pipeline.deploy.target import Target
from pipeline.preview.wiki_files import PLACE, WikiFiles
from pipeline.preview.wiki_html import Kind, Ways, head, shown, styled
from pipeline.preview.wiki_parse import Nature

NATURE = Nature("https://wiki.example.org", "/w", "/wiki/$1", "vector", "en", 2_000_000, (), frozenset())
INDEX = "/w/index.php?title=Dropout/es"
PLACES = {"Softmax Function": "/_live/wiki/en/softmax-function/", "Dropout/es": "/_live/wiki/es/dropout/"}


def file(address: str, kind: Kind) -> str | None:
    files = WikiFiles(Target("https", "wiki.example.org", "/w/", "", ""), dict)
    return files.place(address, kind) and f"{kind}:{address}"


WAYS = Ways(NATURE, "https://wiki.example.org/wiki/Softmax_Function/es", PLACES.get, file)


@pytest.mark.parametrize(
    ("address", "place", "outside"),
    [
        ("/wiki/Softmax_Function", "/_live/wiki/en/softmax-function/", False),
        ("/wiki/Softmax_Function#Use", "/_live/wiki/en/softmax-function/#Use", False),
        (f"{INDEX}&action=edit&redlink=1", "/_live/wiki/es/dropout/", False),
        (f"{INDEX}&action=edit", f"https://wiki.example.org{INDEX}&action=edit", True),
        (f"{INDEX}&oldid=7", f"https://wiki.example.org{INDEX}&oldid=7", True),
        ("#note", "#note", False),
        ("/wiki/Special:Upload", "https://wiki.example.org/wiki/Special:Upload", True),
        ("//elsewhere.example/wiki/Softmax_Function", "https://elsewhere.example/wiki/Softmax_Function", True),
        ("mailto:a@example.org", "mailto:a@example.org", True),
        ("javascript:alert(1)", "", False),
        ("data:text/html,x", "", False),
        ("https://[::1", "", False),
    ],
)  # fmt: skip
def test_links_lead_to_the_preview_s_page_of_the_wiki_or_are_marked(address: str, place: str, outside: bool) -> None:
    assert WAYS.link(address) == (place, outside)


def test_a_link_within_the_preview_leaves_the_frame_and_one_outside_opens_beside_it() -> None:
    html = shown(
        '<a href="/wiki/Dropout/es" class="new">a</a> <a href="https://x.example/?a=1&amp;b=2">b</a>', WAYS
    ).html
    assert html == (
        '<a href="/_live/wiki/es/dropout/" class="new" target="_top">a</a> '
        '<a href="https://x.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer" class="external">b</a>'
    )


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("a<script>alert(1)</script>b", "ab"),
        ("a<noscript><img src=x></noscript>b", "ab"),
        ('a<iframe srcdoc="<script>x</script>"></iframe>b', "ab"),
        ("a<object data=x><param><embed src=y></object>b", "ab"),
        ('<p onclick="x()" ONLOAD="y()" class="c">a</p>', '<p class="c">a</p>'),
        ('<base href="https://evil.example/">a<meta http-equiv="refresh" content="0">', "a"),
        ('<form action="/x"><input name="a"></form>b', "b"),
        ('<a href="javascript:x()">a</a>', "<a>a</a>"),
        ("<svg><script>x</script><a xlink:href='javascript:x'>a</a></svg>", None),
        ('<p title="&quot;&gt;&lt;script&gt;">a</p>', '<p title="&#34;&gt;&lt;script&gt;">a</p>'),
        ("<pre>\n\n a &lt;b&gt;</pre>", "<pre>\n\n a &lt;b&gt;</pre>"),
        ("<style>a{b:url(https://x.example/y.png)}</style>", '<style>a{b:url("data:,")}</style>'),
    ],
)
def test_what_runs_or_asks_elsewhere_is_left_out(html: str, left: str | None) -> None:
    found = shown(html, WAYS).html
    assert "script" not in found.replace("&lt;script", "") and "evil" not in found
    assert left is None or found == left


def test_pictures_of_the_wiki_are_led_by_us_and_those_of_others_are_not_shown() -> None:
    found = shown(
        '<img src="/images/a.png" srcset="/images/b.png 1.5x, https://x.example/c.png 2x" alt="A">'
        '<img src="https://x.example/c.png" alt="B">',
        WAYS,
    )
    assert found.html == (
        '<img src="picture:https://wiki.example.org/images/a.png" alt="A" '
        'srcset="picture:https://wiki.example.org/images/b.png 1.5x"><img alt="B">'
    )
    assert found.without == 1 and not found.formulas_elsewhere


def test_a_formula_that_is_left_to_scripts_is_drawn() -> None:
    html = 'a <span class="mwe-math-fallback-source-inline tex">$ x &lt; 1 $</span> b'
    drawn = shown(html, WAYS, lambda tex, block: Markup("[{} {}]").format(tex.strip(), block))
    assert drawn.html == "a [$ x &lt; 1 $ False] b"


def test_formulas_whose_pictures_come_from_elsewhere_are_seen_as_mathml() -> None:
    html = '<math><mi>x</mi></math><img class="mwe-math-fallback-image-inline" src="https://x.example/x.svg" alt="x">'
    found = shown(html, WAYS)
    assert found.html == "<math><mi>x</mi></math>" and found.formulas_elsewhere and not found.without


def test_styles_ask_us_for_their_files_and_nobody_else() -> None:
    css = (
        '@import "more.css"; a{background:url(../images/a.svg?1)} b{background:url("data:image/png;base64,AA==")}'
        " c{background:url('https://x.example/y.png')} d{src:url(//wiki.example.org/f.woff2)}"
    )
    assert styled(css, file, "https://wiki.example.org/w/load.php?x") == (
        '@import url("style:https://wiki.example.org/w/more.css");'
        ' a{background:url("picture:https://wiki.example.org/images/a.svg?1")}'
        ' b{background:url("data:image/png;base64,AA==")} c{background:url("data:,")}'
        ' d{src:url("picture:https://wiki.example.org/f.woff2")}'
    )


def test_the_head_gives_its_styles_and_classes_and_none_of_its_scripts() -> None:
    found = head(
        '<html class="client-nojs"><head><script>x()</script><link rel="stylesheet" href="/w/load.php?a&amp;b">'
        '<link rel="preload" href="/x"></head><body class="skin-vector ns-0">'
    )
    assert (found.styles, found.html_classes, found.body_classes) == (
        ("/w/load.php?a&b",), "client-nojs", "skin-vector ns-0",
    )  # fmt: skip


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/a.png", "http://wiki.example.org/a.png", "https://wiki.example.org:8443/a.png",
        "https://wiki.example.org.evil.example/a.png", "https://me@wiki.example.org/a.png", "file:///etc/passwd",
        "//", "https://[::1",
    ],
)  # fmt: skip
def test_only_the_wiki_s_own_origin_has_files(address: str) -> None:
    assert file(address, "picture") is None


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("/images/a/ab/One.png", True),
        ("/w/load.php?modules=site.styles&only=styles", True),
        ("/w/thumb.php?f=a.png", True),
        ("/w/img_auth.php/a/ab/One.png", True),
        ("/w/index.php?title=MediaWiki:More.css&action=raw&ctype=text/css", True),
        ("/w/index.php?title=Special:UserLogout", False),
        ("/w/index.php?title=X&action=purge&action=raw", False),
        ("/w/index.php/X", False),
        ("/w/api.php?action=query", False),
        ("/w/rest.php/v1/page/X", False),
        ("/w/api%2Ephp?action=query", False),
        ("/w/%61pi%2ephp?action=query", False),
        ("/w/images/..%2Fapi%2Ephp?action=query", False),
        ("/w/api.PHP?action=query", False),
        ("/w/api.php5?action=query", False),
        ("/w/index%2Ephp?title=X&action=purge", False),
        ("/w/index.php?title=X&action=raw&action%00=purge", False),
        ("/w/images/%00.png", False),
        ("/images/a/ab/100%25_of_it.png", True),
        ("/images/a/ab/%C3%91and%C3%BA.png", True),
    ],
)
def test_a_page_can_make_us_ask_for_files_and_for_nothing_that_the_wiki_might_do(path: str, is_one: bool) -> None:
    assert (file(f"https://wiki.example.org{path}", "picture") is not None) == is_one


def test_a_name_that_stood_in_no_page_gives_no_file() -> None:
    files = WikiFiles(Target("https", "wiki.example.org", "/w/", "", ""), dict)
    place = files.place("https://wiki.example.org/a.png", "picture")
    assert place is not None and place.startswith(PLACE)
    assert files.file("0" * 32) is None
    assert files.file("https://wiki.example.org/w/api.php") is None
