"""Templates on a real wiki: what a reader sees of each, also when it is called wrongly; and the popup in a browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pipeline.read.article import Sources
from pipeline.render.page import Page, Rendered
from pipeline.render.templates import wiki_pages
from pipeline.tongues import names_of
from pipeline.wiki import LocalWiki, down, up
from tests.render.conftest import sample
from tests.wiki.publishing import publish
from tests.wiki.visible import EMPTY, ask, collapsed

__all__ = ["sample"]

pytestmark = pytest.mark.wiki

LANGUAGES = ("en", "es", "zh", "ar")
EXISTING = ("Sample Topic", "Sample Topic/es", "Other Topic", "Glossary:Learning rate", "Glossary:Learning rate/es")
CONTENT_META = (
    "{{ContentMeta|generated_by=Marovi|generated_date=2026-11-21|commit=0123456789abcdef|environment=Python 3.11, CPU"
    "|verification=cross-checked|checks=7|results_date=2026-11-20}}"
)


@dataclass
class Shown:
    """A parsed page: its words without what is hidden, its links by their words, its elements by class."""

    words: str = ""
    links: dict[str, str] = field(default_factory=dict)
    red: list[str] = field(default_factory=list)
    elements: list[dict[str, str]] = field(default_factory=list)
    expensive: int = 0
    html: str = ""

    def marked(self, name: str) -> dict[str, str]:
        """The one element of a class."""
        found = [given for given in self.elements if name in given.get("class", "").split()]
        assert len(found) == 1, f"{len(found)} elements are {name}"
        return found[0]


@pytest.fixture(scope="module")
def templates(
    installed_wiki: Path, tmp_path_factory: pytest.TempPathFactory, guard: Callable[[Path], None], sample: Sources
) -> Iterator[LocalWiki]:
    """A wiki with all templates in four languages, one of them written right to left, and a few pages to link to."""
    folder = tmp_path_factory.mktemp("templates") / "wiki"
    shutil.copytree(installed_wiki, folder)
    guard(folder)
    messages = {**sample.messages, "ar": {}}
    sources = replace(sample, languages=LANGUAGES, messages=messages, tongues=names_of(LANGUAGES))
    pages = [Page(title, "topic", "x", "", "") for title in EXISTING]
    wiki = up(folder)
    publish(wiki, Rendered((*wiki_pages(sources), *pages), ()))
    yield wiki
    down(folder)
    shutil.rmtree(folder)


@pytest.fixture
def show(templates: LocalWiki) -> Callable[[str, str], Shown]:
    """`show(title, wikitext)` parses wikitext as the page of that title; no script may fail."""

    def parsed(title: str, text: str) -> Shown:
        answer = ask(
            templates,
            action="parse",
            title=title,
            text=text,
            contentmodel="wikitext",
            prop="text|limitreportdata",
            disablelimitreport="1",
            disableeditsection="1",
        )["parse"]
        reader = _Reader()
        reader.feed(answer["text"])
        reader.close()
        shown = reader.shown
        assert "scribunto-error" not in answer["text"], shown.words
        shown.words = collapsed(shown.words)
        shown.html = answer["text"]
        counts = [item for item in answer["limitreportdata"] if "expensivefunctioncount" in item["name"]]
        shown.expensive = int(counts[0]["0"])
        return shown

    return parsed


# --- the language bar ---------------------------------------------------------------------------------


def test_the_language_bar_links_what_exists_and_dims_what_does_not(show: Callable[[str, str], Shown]) -> None:
    shown = show("Sample Topic/es", "{{LanguageBar|page=Sample Topic|languages=en,es}}")
    assert shown.words == "English · Español · 中文 · العربية"
    assert shown.links == {"English": "Sample Topic"}
    assert "<b>Español</b>" in shown.html
    assert [given["lang"] for given in shown.elements if given.get("class") == "marovi-missing"] == ["zh", "ar"]
    assert [given["dir"] for given in shown.elements if given.get("lang") == "ar"] == ["rtl"]
    assert shown.expensive == 0


@pytest.mark.parametrize(
    ("title", "call", "links"),
    [
        ("Sample Topic", "{{LanguageBar}}", {"Español": "Sample Topic/es"}),
        ("Sample Topic/es", "{{LanguageBar|page=}}", {"English": "Sample Topic"}),
        (
            "Sample Topic/zh",
            "{{LanguageBar|page=Sample Topic}}",
            {"English": "Sample Topic", "Español": "Sample Topic/es"},
        ),
        (
            "Glossary:Learning rate",
            "{{LanguageBar|page=Glossary:Learning rate}}",
            {"Español": "Glossary:Learning rate/es"},
        ),
        ("Glossary:Learning rate/es", "{{LanguageBar|page=Learning rate}}", {"English": "Glossary:Learning rate"}),
        ("Sample Topic/summary/es", "{{LanguageBar|page=Sample Topic/summary}}", {}),
        ("Elsewhere", "{{LanguageBar|page=a[b]{{!}}<c>}}", {}),
    ],
)
def test_the_language_bar_asks_at_most_once_a_language(
    title: str, call: str, links: dict[str, str], show: Callable[[str, str], Shown]
) -> None:
    shown = show(title, call)
    assert shown.words == "English · Español · 中文 · العربية"
    assert shown.links == links
    assert shown.html.count("<b>") == 1
    assert shown.red == []
    assert shown.expensive < len(LANGUAGES)


def test_a_language_bar_of_another_page_links_every_language(show: Callable[[str, str], Shown]) -> None:
    shown = show("Elsewhere", "{{LanguageBar|page=Sample Topic|languages=en,es}}")
    assert shown.links == {"English": "Sample Topic", "Español": "Sample Topic/es"}
    assert "<b>" not in shown.html


# --- the breadcrumb and the boxes ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "call", "words"),
    [
        ("Sample Topic", "{{TopicNav|field=Machine Learning}}", "Articles › Machine Learning › Sample Topic"),
        (
            "Sample Topic/es",
            "{{TopicNav|field=Machine Learning|subfield=最优化}}",
            "Artículos › Aprendizaje automático › Optimización › Tema de muestra",
        ),
        ("Sample Topic/es", "{{TopicNav|title=Otro|subfield=}}", "Artículos › Otro"),
        ("Sample Topic/summary/es", "{{TopicNav}}", "Artículos › Tema de muestra › Resumen"),
        ("Unknown/page", "{{TopicNav|field=A<b{{!}}c=d}}", "Articles › A<b|c=d › Unknown/page"),
    ],
)
def test_the_breadcrumb_leads_to_categories_in_the_pages_language(
    title: str, call: str, words: str, show: Callable[[str, str], Shown]
) -> None:
    assert show(title, call).words == words


def test_a_field_leads_to_the_category_of_its_language(show: Callable[[str, str], Shown]) -> None:
    shown = show("Sample Topic/es", "{{TopicNav|field=Machine Learning}}")
    assert shown.red == ["Category:Artículos", "Category:Aprendizaje automático"]


BOXES = [
    (
        "{{Article|title=T|field=Machine Learning|topic_area=Aprendizaje automático|difficulty=Introductory"
        "|topics=a&nbsp;b, R&D|prerequisites=other-topic, Neural Networks, [[Sample Topic/es|una, dos]]"
        "|languages=en,es,xx}}",
        "T Campo Aprendizaje automático Dificultad Introductorio Requisitos previos Other Topic, Redes neuronales, "
        "una, dos Temas a b, R&D Idiomas English, Español, xx",
    ),
    ("{{Article}}", "Tema de muestra"),
    ("{{Article|field=|topics= , ,}}", "Tema de muestra"),
    ("{{Article|topic1=a, b|topic3=d|topic2=c=c}}", "Tema de muestra Temas a, b, c=c, d"),
    ("{{Article|title=a < b {{!}} c|difficulty=x<y=z}}", "a < b | c Dificultad x<y=z"),
    ("{{Article|prerequisites=Other Topic{{!}}otro tema}}", "Tema de muestra Requisitos previos otro tema"),
    (
        "{{ArticleInfobox|topic_area=Optimization|difficulty=入门|prerequisites=Other Topic}}",
        "Tema de muestra Área temática Optimización Dificultad Introductorio Requisitos previos Other Topic",
    ),
    (
        "{{Paper|title=P|authors=A. B, C|author1=D, Jr.|year=2017|venue=V|arxiv=arXiv:1706.03762v5|doi=https://doi.org/10.1/a(b)#c"
        "|related_articles=sample-topic}}",
        "P Autores A. B, C, D, Jr. Año 2017 Publicado en V arXiv 1706.03762v5 DOI 10.1/a(b)#c "
        "Artículos relacionados Tema de muestra",
    ),
    ("{{Paper|title=P|arxiv=no{{!}}ne|doi=<b>10</b>}}", "P arXiv no|ne DOI <b>10</b>"),
    (
        "{{PaperInfobox|authors=A|arxiv_id=cs/0001001|source_url=https://www.example.org/a|pdf_url=javascript:x}}",
        "Tema de muestra Autores A arXiv cs/0001001 Fuente example.org PDF javascript:x",
    ),
    ("{{SummaryInfobox|parent_page=Sample Topic|parent_type=article}}", "Resumen del artículo Tema de muestra"),
    ("{{SummaryInfobox|parent_page=Some paper|parent_type=paper}}", "Resumen de la publicación Some paper"),
    ("{{SummaryInfobox|parent_page=X|parent_type=y}}", "Resumen de X"),
    ("{{SummaryInfobox}}", ""),
]


@pytest.mark.parametrize(("call", "words"), BOXES)
def test_a_box_shows_what_it_is_given(call: str, words: str, show: Callable[[str, str], Shown]) -> None:
    assert show("Sample Topic/es", call).words == words


def test_a_very_long_list_is_shown_whole_and_costs_nothing(show: Callable[[str, str], Shown]) -> None:
    titles = [f"Page {number} &amp; [[more, or less]]" for number in range(2000)]
    shown = show("Sample Topic", "{{Article|topics=" + ", ".join(titles) + "}}")
    assert shown.words.count("Page ") == 2000
    assert shown.words.endswith("Page 1999 & more, or less")
    assert shown.expensive == 0


def test_links_out_of_a_paper_lead_where_they_say(show: Callable[[str, str], Shown]) -> None:
    shown = show("P", "{{Paper|arxiv=1706.03762|doi=10.1000/a?b}}{{PaperInfobox|pdf_url=https://example.org/a b}}")
    assert 'href="https://arxiv.org/abs/1706.03762"' in shown.html
    assert 'href="https://doi.org/10.1000/a%3Fb"' in shown.html
    assert "https://example.org/a b" in shown.words
    assert 'href="https://example.org' not in shown.html


# --- summary, provenance, related ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("{{Summary|text=A.|key_points=one; two}}", "Resumen A. Puntos clave one two"),
        (
            "{{Summary|text=A.|key_points=a&nbsp;b; <math>x;y</math>;; R&D; [[Other Topic|c;d]]}}",
            "Resumen A. Puntos clave a b $ x;y $ R&D c;d",
        ),
        ("{{Summary|key_point2=b; c|key_point1=a}}", "Puntos clave a b; c"),
        ("{{Summary|text=a = b < c {{!}} d}}", "Resumen a = b < c | d"),
        ("{{Summary|text=* x\n\ny|key_points=;}}", "Resumen x y"),
        ("{{Summary|text=|key_points=}}", ""),
        (
            "{{RelatedContent|articles=Other Topic, Neural Networks}}",
            "Artículos relacionados Other Topic Redes neuronales",
        ),
        ("{{RelatedContent|papers=[[Sample Topic|a, b]]}}", "Publicaciones relacionadas a, b"),
        ("{{RelatedContent|article1=a, b|paper1=c}}", "Artículos relacionados a, b Publicaciones relacionadas c"),
        ("{{RelatedContent|articles=|papers=,}}", ""),
        ("{{ArticleMeta|generated_by=x|review_state=draft}}", ""),
        ("{{ArticleMeta}}", ""),
        ("{{ContentMeta}}", ""),
        ("{{ContentMeta|verification=perfect|generated_date=2026-01-01}}", "Texto del 2026-01-01"),
        ("{{ContentMeta|model_used=M|generated_date=2026-01-01}}", "Texto: M (2026-01-01)"),
        ("{{ContentMeta|generated_by=A|model_used=M}}", "Texto: A con M"),
        ("{{ContentMeta|generated_by=a<b{{!}}c=d|commit=<x>}}", "Versión del código: <x> · Texto: a<b|c=d"),
        (
            CONTENT_META,
            "Contrastado. Las cifras y figuras de esta página proceden de código; una segunda ejecución dio los mismos "
            "dígitos y un método independiente coincide. Comprobaciones superadas: 7 · Calculado el 2026-11-20 · "
            "Versión del código: 0123456789 · Con Python 3.11, CPU · Texto: Marovi (2026-11-21) · "
            "Cómo se obtuvieron las cifras",
        ),
    ],
)
def test_what_a_reader_sees_in_spanish(call: str, words: str, show: Callable[[str, str], Shown]) -> None:
    shown = show("Sample Topic/es", call)
    assert shown.words == words
    assert shown.red == []


@pytest.mark.parametrize("level", ["executed", "reproduced", "cross-checked", "cross-device"])
@pytest.mark.parametrize("title", ["Sample Topic", "Sample Topic/es", "Sample Topic/zh"])
def test_every_level_says_what_it_means_and_leads_to_the_explanation(
    level: str, title: str, show: Callable[[str, str], Shown], sample: Sources
) -> None:
    shown = show(title, f"{{{{ContentMeta|level={level}}}}}")
    words = sample.messages[title.partition("/")[2] or "en"]
    assert shown.words == (
        words["meta-level"].replace("$1", words[f"level-{level}"]).replace("$2", words[f"level-{level}-means"])
        + f" {words['meta-how']}"
    )
    assert shown.links == {words["meta-how"]: words["meta-how-page"]}
    assert shown.red == []


def test_provenance_for_machines_stands_in_attributes(show: Callable[[str, str], Shown]) -> None:
    call = '{{ArticleMeta|content_type=article|source_url=https://a.org/?b="c"&d=<e>|review_state=a\n\nb}}'
    given = show("Sample Topic", call).marked("marovi-provenance")
    assert given["data-content-type"] == "article"
    assert given["data-source-url"] == 'https://a.org/?b="c"&d=<e>'
    assert given["data-review-state"] == "a b"


def test_recent_articles_speak_the_pages_language(show: Callable[[str, str], Shown]) -> None:
    shown = show("Start/es", "{{RecentArticles}}")
    assert shown.words == "Other Topic (2026-11-21) Tema de muestra (2026-11-21)"
    assert shown.links == {"Other Topic": "Other Topic", "Tema de muestra": "Sample Topic/es"}


# --- the glossary -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "call", "words"),
    [
        ("X", "the {{Term|learning-rate|rate}}.", "the rate."),
        ("X", "{{Term|Step  size}}", "Step size"),
        ("X/es", "{{Term|learning-rate}}", "tasa de aprendizaje"),
        ("X/zh", "{{Term|步长}}", "步长"),
        ("X", "{{Term|nobody knows|this}} {{Term|nor this}}", "this nor this"),
        ("X", "{{Term|learning-rate|2=a=b}} {{Term|learning-rate|a&#61;b{{!}}c<d}}", "a=b a=b|c<d"),
        ("X", "{{Term}}{{Term|}}{{Term||}}", ""),
        ("X", "{{Term|a<b{{!}}[c]|d}}", "d"),
    ],
)
def test_a_term_shows_only_its_words(title: str, call: str, words: str, show: Callable[[str, str], Shown]) -> None:
    assert show(title, call).words == words


@pytest.mark.parametrize(
    ("title", "definition", "page"),
    [
        ("X", "How far one step goes; see the other topic.", "Glossary:Learning rate"),
        ("X/es", r"Cuánto avanza un paso, \eta.", "Glossary:Learning rate/es"),
        ("X/zh", "每一步走多远。", "Glossary:Learning rate/zh"),
        ("X/ar", "How far one step goes; see the other topic.", "Glossary:Learning rate"),
    ],
)
def test_a_term_knows_its_definition_in_the_pages_language(
    title: str, definition: str, page: str, show: Callable[[str, str], Shown]
) -> None:
    shown = show(title, "{{Term|step size|w}}")
    term = shown.marked("marovi-term")
    assert (term["tabindex"], term["title"]) == ("0", definition)
    popup = shown.marked("marovi-term-popup")
    assert re.fullmatch(r"display:\s*none;?", popup["style"])
    assert popup.get("lang") == ("en" if title == "X/ar" else None)
    assert page.replace(" ", "_") in shown.html


@pytest.mark.parametrize(
    ("title", "call", "words"),
    [
        (
            "Glossary:Learning rate",
            "{{GlossaryConcept|concept_id=learning-rate|domain=Optimization|aliases=step size, &#44; x"
            "|related=gradient, unknown|article=Other Topic|article_section=Its one section|difficulty=Introductory}}",
            "Learning rate Also called step size, , x Domain Optimization Difficulty Introductory Explained in "
            "Other Topic › Its one section Related terms gradient, unknown Key learning-rate",
        ),
        ("Glossary:Thing", "{{GlossaryConcept}}", "Thing"),
        (
            "Glossary:Thing",
            "{{GlossaryConcept|article=Neural Networks|article_section=x}}",
            "Thing Explained in Neural Networks",
        ),
        (
            "Glossary:Learning rate/es",
            "{{GlossaryTranslation|surface_form=tasa|aliases=a, b|definition_status=reviewed}}",
            "Tasa También llamado a, b Término original Learning rate Definición Revisada",
        ),
        ("Glossary:Learning rate/zh", "{{GlossaryTranslation|definition_status=x}}", "原文术语 Learning rate"),
        ("X", "{{#invoke:Glossary|definition|step size}}", "How far one step goes; see the other topic."),
        ("X/es", "{{#invoke:Glossary|definition|learning rate}}", r"Cuánto avanza un paso, $ \eta $."),
        ("X/zh", "{{#invoke:Glossary|name|learning-rate}}{{#invoke:Glossary|name|none}}", "学习率"),
    ],
)
def test_heads_of_glossary_pages(title: str, call: str, words: str, show: Callable[[str, str], Shown]) -> None:
    assert show(title, call).words == words


def test_a_page_without_a_language_in_its_title_takes_its_content_language(
    templates: LocalWiki, show: Callable[[str, str], Shown]
) -> None:
    assert show("MediaWiki:Notes/es", "{{Summary|text=x}}").words == "Resumen x"
    assert show("Notes/no language", "{{Summary|text=x}}").words == "Summary x"


def test_a_language_without_words_speaks_the_sources(show: Callable[[str, str], Shown]) -> None:
    shown = show("Sample Topic/ar", "{{Article|field=Machine Learning}}")
    assert shown.words == "Sample Topic Field Machine Learning"
    assert "float:left" in shown.marked("marovi-box")["style"].replace(" ", "")


# --- documentation and the stored text ----------------------------------------------------------------


def test_documentation_pages_show_their_parameters_without_errors(templates: LocalWiki, sample: Sources) -> None:
    for page in wiki_pages(sample):
        if page.kind in ("template", "interface") and not page.title.endswith((".css", ".js")):
            html = ask(templates, action="parse", page=page.title, prop="text")["parse"]["text"]
            assert 'class="error' not in html, page.title
            assert "scribunto-error" not in html, page.title
            if page.title.startswith("Template:"):
                assert "mw-templatedata-doc-wrap" in html, page.title


def test_the_wiki_keeps_every_page_as_it_was_written(templates: LocalWiki, sample: Sources) -> None:
    messages = {**sample.messages, "ar": {}}
    sources = replace(sample, languages=LANGUAGES, messages=messages, tongues=names_of(LANGUAGES))
    pages = wiki_pages(sources)
    for start in range(0, len(pages), 50):
        part = pages[start : start + 50]
        titles = "|".join(page.title for page in part)
        answer = ask(templates, action="query", prop="revisions", rvprop="sha1", titles=titles)
        stored = {page["title"]: page["revisions"][0]["sha1"] for page in answer["query"]["pages"]}
        assert stored == {page.title: page.sha1 for page in part}


def test_saving_changes_no_page(templates: LocalWiki, sample: Sources) -> None:
    """The bot saves wikitext through the pre-save transform, which an import skips."""
    for page in wiki_pages(sample):
        if page.kind != "module":
            answer = ask(
                templates,
                action="parse",
                onlypst="1",
                title=page.title,
                text=page.text,
                contentmodel="wikitext",
            )
            assert answer["parse"]["text"].rstrip("\n") == page.text, page.title


# --- in a browser -------------------------------------------------------------------------------------

PAGE = f"""\
{{{{LanguageBar|page=Looks|languages=en}}}}
{{{{TopicNav|field=Machine Learning}}}}
{{{{Article|title=Looks|field=Machine Learning|prerequisites=Other Topic, a_very_long_title_that_has_to_break}}}}
{{{{Summary|text=A text.|key_points=One; Two}}}}
{CONTENT_META}

The {{{{Term|learning-rate|rate}}}} and {{{{Term|gradient|the gradient}}}} of <math>f</math>.

{{| class="wikitable"
|-
{"".join("| 1.23456789012345" + chr(10) for _ in range(8))}|}}

<syntaxhighlight lang="python">
{"x = 1 + " * 40}1
</syntaxhighlight>
<div class="marovi-code mw-collapsible mw-collapsed">
<div class="marovi-code-head">Code</div>
<div class="mw-collapsible-content">
<syntaxhighlight lang="python">
hidden = 1
</syntaxhighlight>
</div>
</div>
{{{{RelatedContent|articles=Other Topic|papers=Sample Topic}}}}
"""


@pytest.fixture(scope="module")
def looks(templates: LocalWiki) -> str:
    """The address of a page that has every template on it."""
    publish(templates, Rendered((Page("Looks", "topic", PAGE, "", ""),), ()))
    return f"{templates.url}index.php?title=Looks"


def test_the_popup_opens_by_pointing_and_stays_while_it_is_read(looks: str, window: Callable[..., Any]) -> None:
    opened = window()
    page = opened.page
    page.goto(looks)
    term, popup = page.locator(".marovi-term").first, page.locator(".marovi-term-popup").first
    page.wait_for_selector(".marovi-term[aria-describedby]")
    assert not popup.is_visible()
    term.hover()
    assert popup.is_visible()
    assert popup.inner_text().split("\n") == [
        "Learning rate",
        "How far one step goes; see the other topic.",
        "In the glossary",
    ]
    popup.hover()
    page.wait_for_timeout(400)
    assert popup.is_visible()
    page.mouse.move(1, 1)
    popup.wait_for(state="hidden")
    assert opened.errors == []


def test_the_popup_opens_by_keyboard_and_escape_closes_it(looks: str, window: Callable[..., Any]) -> None:
    page = window().page
    page.goto(looks)
    page.wait_for_selector(".marovi-term[aria-describedby]")
    terms, popups = page.locator(".marovi-term"), page.locator(".marovi-term-popup")
    page.evaluate("document.querySelector('.marovi-meta a').focus()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "rate"
    assert popups.nth(0).is_visible()
    assert terms.nth(0).get_attribute("aria-describedby") == popups.nth(0).get_attribute("id")
    page.keyboard.press("Escape")
    assert not popups.nth(0).is_visible()
    page.keyboard.press("Enter")
    assert popups.nth(0).is_visible()
    page.keyboard.press("Tab")  # to the links inside
    page.wait_for_timeout(400)
    assert popups.nth(0).is_visible()
    page.keyboard.press("Escape")
    assert not popups.nth(0).is_visible()
    assert page.evaluate("document.activeElement.textContent") == "rate"


def test_the_popup_opens_by_touch_inside_the_screen(looks: str, window: Callable[..., Any]) -> None:
    page = window(360, 640, has_touch=True, is_mobile=True).page
    page.goto(looks + "&useskin=minerva")
    page.wait_for_selector(".marovi-term[aria-describedby]")
    terms, popups = page.locator(".marovi-term"), page.locator(".marovi-term-popup")
    for number in (0, 1):
        terms.nth(number).tap()
        popups.nth(number).wait_for(state="visible")
        box = popups.nth(number).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 640
    assert not popups.nth(0).is_visible()
    terms.nth(1).tap()
    popups.nth(1).wait_for(state="hidden")


@pytest.mark.parametrize("skin", ["vector", "vector-2022", "minerva"])
def test_the_box_floats_on_wide_screens_and_fills_narrow_ones(
    skin: str, looks: str, window: Callable[..., Any]
) -> None:
    page = window(1280).page
    page.goto(f"{looks}&useskin={skin}")
    box, content = page.locator(".marovi-box").bounding_box(), page.locator(".mw-parser-output").bounding_box()
    summary = page.locator(".marovi-summary").bounding_box()
    assert box["width"] < content["width"] / 2
    assert abs(box["x"] + box["width"] - content["x"] - content["width"]) < 2
    assert summary["x"] + summary["width"] <= box["x"]
    page.set_viewport_size({"width": 360, "height": 800})
    box, content = page.locator(".marovi-box").bounding_box(), page.locator(".mw-parser-output").bounding_box()
    assert abs(box["width"] - content["width"]) < 2
    assert page.locator(".mw-parser-output").evaluate("part => part.scrollWidth - part.clientWidth") <= 0


@pytest.mark.parametrize("skin", ["vector-2022", "minerva"])
def test_folded_code_opens(skin: str, looks: str, window: Callable[..., Any]) -> None:
    page = window(1280).page
    page.goto(f"{looks}&useskin={skin}")
    page.wait_for_selector(".marovi-code.mw-made-collapsible")
    code = page.get_by_text("hidden")
    assert not code.is_visible()
    page.locator(".marovi-code .mw-collapsible-toggle").click()
    code.wait_for(state="visible")


def test_without_the_gadget_a_term_still_says_what_it_means(looks: str, window: Callable[..., Any]) -> None:
    page = window(java_script_enabled=False).page
    page.goto(looks)
    assert page.locator(".marovi-term").first.get_attribute("title").startswith("How far one step goes")
    assert not page.locator(".marovi-term-popup").first.is_visible()


class _Reader(HTMLParser):
    """Reads a page as a reader does: without what is not displayed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown = Shown()
        self.open: list[tuple[str, bool]] = []
        self.link: tuple[str, str] | None = None

    @property
    def hidden(self) -> bool:
        return any(hidden for _, hidden in self.open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self.shown.elements.append(given)
        if tag in ("div", "p", "li", "td", "th", "tr", "caption", "table", "ul"):
            self.shown.words += " "
        if tag in EMPTY:
            return
        self.open.append((tag, "display:none" in given.get("style", "").replace(" ", "") or tag == "style"))
        if tag == "a" and not self.hidden and "title" in given:
            if "new" in given.get("class", "").split():
                self.shown.red.append(given["title"].removesuffix(" (page does not exist)"))
            else:
                self.link = (given["title"], "")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass
        if tag == "a" and self.link:
            self.shown.links[self.link[1]] = self.link[0]
            self.link = None

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.shown.words += data
            if self.link:
                self.link = (self.link[0], self.link[1] + data)
