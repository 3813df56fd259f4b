"""Pages as HTML: everything an author can write is shown, and nothing of it becomes markup of its own."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SourceError, Where
from pipeline.read.document import (
    Cell,
    CodeBlock,
    Emphasis,
    ExternalLink,
    FigureBox,
    Heading,
    InlineCode,
    InlineMath,
    List,
    MathBlock,
    PageLink,
    Paragraph,
    SectionLink,
    Table,
    TermUse,
    Text,
)
from pipeline.render.html.addresses import Addresses, relative
from pipeline.render.html.blocks import blocks
from pipeline.render.html.formulas import Formulas, stylesheet
from pipeline.render.html.inline import Writing, inlines
from pipeline.render.html.words import lines
from pipeline.render.site import render_site, site_files
from pipeline.render.wikitext.escape import printable
from tests.published import Published, sample

__all__ = ["sample"]

HERE = Where("articles/x/en.md", 7, 3)
VOID = {"br", "hr", "img", "meta", "link"}
# What a page is made of; no element that runs, loads or embeds is among it.
ALLOWED = {
    "p", "br", "hr", "em", "strong", "code", "samp", "sup", "a", "span", "div", "ul", "ol", "li", "dl", "dt", "dd",
    "table", "caption", "thead", "tbody", "tr", "th", "td", "pre", "figure", "figcaption", "img", "details", "summary",
    "blockquote", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip
MATHML = {
    "math", "semantics", "annotation", "mrow", "mi", "mn", "mo", "mtext", "ms", "mspace", "msub", "msup", "msubsup",
    "munder", "mover", "munderover", "mmultiscripts", "mprescripts", "mfrac", "msqrt", "mroot", "mstyle", "mtable",
    "mtr", "mtd", "mpadded", "mphantom", "menclose", "merror", "b", "i", "code",
}  # fmt: skip


class Seen(HTMLParser):
    """Reads HTML as a browser would tokenise it; fails on tags that do not match."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(str(html))
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "annotation" not in self.open:
            self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        assert decl == "doctype html"
        assert self.tags == []

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")


@pytest.fixture
def page() -> Writing:
    return new_page()


def new_page() -> Writing:
    places = {("Other Topic", "en"): "en/other-topic/", ("Glossary:Learning rate", "en"): "en/glossary/learning-rate/"}
    words = {"note": "Note", "tip": "Tip", "warning": "Warning", "code": "Code"}
    return Writing("en", "en/x/", Addresses(places, {"Other Topic": {"A part": "a-part"}}), Formulas(), words)


def visible(text: str) -> str:
    return " ".join(text.split())


# --- nothing becomes markup -------------------------------------------------------------------------

SIGNS = "<>&\"'/!-=`\\{}$%#[]|~*_:;\n\t\0\x1b\u202e\u2028"
HOSTILE = st.text(st.characters(codec="utf-8") | st.sampled_from(SIGNS), max_size=60) | st.sampled_from(
    [
        "<script>alert(1)</script>", "</pre><script>", "]]>", "-->", "<!--", "</annotation>", "</math><img src=x>",
        "&lt;", "&#60;script>",
        "{{Term|x}}", "[[File:x]]", "\" onmouseover=\"alert(1)", "' autofocus '", "<svg/onload=x>",
    ]
)  # fmt: skip


@given(HOSTILE)
def test_any_text_is_shown_to_the_letter(text: str) -> None:
    page = new_page()
    seen = Seen(inlines((Text(text, HERE), InlineCode(text, HERE), Emphasis((Text(text, HERE),), HERE)), page))
    assert set(seen.tags) <= {"code", "em"}
    assert seen.attributes == []
    assert visible(seen.text) == visible(printable(text) * 3)


@given(HOSTILE)
def test_any_output_is_shown_to_the_letter(text: str) -> None:
    cell = Cell("a", text or " ", "show", text, text, HERE)
    seen = Seen(blocks((cell, CodeBlock("python", text, HERE), CodeBlock("", text, HERE)), new_page()))
    assert set(seen.tags) <= {"div", "pre", "code", "samp", "span"}
    assert {name for _, name, _ in seen.attributes} <= {"class", "translate", "data-line", "data-cell"}
    shown = lines(text)
    assert seen.text.count(shown) >= (5 if text.strip() else 0)


@given(HOSTILE)
def test_any_attribute_stays_one(text: str) -> None:
    box = FigureBox("f", f"File:{text}.png", "f.png", 10, 10, text, (Text(text, HERE),), HERE)
    link = ExternalLink("https://example.org/" + text, (Text(text, HERE),), HERE)
    heading = Heading(2, (Text(text, HERE),), text, HERE)
    anchor = Paragraph((link, SectionLink(text, (Text(text, HERE),), HERE)), HERE)
    seen = Seen(blocks((box, heading, anchor), new_page()))
    assert set(seen.tags) <= ALLOWED
    assert {name for _, name, _ in seen.attributes} <= {
        "href", "src", "alt", "width", "height", "class", "rel", "id", "data-line", "data-figure",
    }  # fmt: skip


@given(st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("\\{}^_&$%#<>\"'")), max_size=40) | HOSTILE)
def test_any_formula_is_mathml_or_a_problem(tex: str) -> None:
    formulas = Formulas()
    seen = Seen(formulas.mathml(tex, HERE, block=True))
    assert set(seen.tags) <= MATHML
    assert not any(name.startswith("on") or name in ("style", "href", "src") for _, name, _ in seen.attributes)
    assert ("math" in seen.tags) != bool(formulas.problems)


def test_a_link_that_could_run_something_is_only_words(page: Writing) -> None:
    link = ExternalLink("javascript:alert(1)", (Text("click", HERE),), HERE)
    assert inlines((link,), page) == "click"


# --- nodes ------------------------------------------------------------------------------------------


def test_a_page_link_leads_to_the_heading(page: Writing) -> None:
    link = PageLink("Other Topic", "A part", (Text("there", HERE),), HERE)
    assert inlines((link,), page) == '<a href="../other-topic/#a-part">there</a>'


def test_a_link_to_a_page_that_the_site_lacks_is_only_words(page: Writing) -> None:
    assert inlines((PageLink("Unwritten", "", (Text("there", HERE),), HERE),), page) == "there"


def test_a_term_names_its_popup_and_leads_to_the_glossary(page: Writing) -> None:
    term = TermUse("learning-rate", "the rates", "learning rate", (), "Glossary:Learning rate", HERE)
    seen = Seen(inlines((term, term), page))
    assert ("a", "aria-controls", "_term-learning-rate") in seen.attributes
    assert ("a", "href", "../glossary/learning-rate/") in seen.attributes
    assert list(page.terms) == ["learning-rate"]


def test_a_table_has_scopes_a_caption_and_alignment(page: Writing) -> None:
    table = Table(
        header=((Text("a", HERE),), (Text("b", HERE),)),
        rows=(((Text("-1", HERE),), (Text("+2", HERE),)),),
        alignment=("left", "right"),
        where=HERE,
        caption=(Text("What it says", HERE),),
    )
    html = blocks((table,), page)
    assert '<th scope="col" class="right">b</th>' in html
    assert '<td class="right">+2</td>' in html
    assert html.index("<caption>What it says</caption>") < html.index("<thead>")


def test_folded_code_is_in_details_and_hidden_code_is_not_there(page: Writing) -> None:
    folded, hidden = (Cell("a", "x = 1", kind, "out", "", HERE) for kind in ("fold", "hide"))
    html = blocks((folded,), page)
    assert html.index("<details>") < html.index("<summary>Code</summary>") < html.index("x") < html.index("out")
    assert "x" not in Seen(blocks((hidden,), page)).text


def test_an_ordered_list_keeps_its_first_number(page: Writing) -> None:
    item = (Paragraph((Text("third", HERE),), HERE),)
    assert (
        blocks((List(True, 3, (item,), HERE),), page)
        == '<ol start="3" data-line="7">\n<li data-line="7">third</li>\n</ol>'
    )


def test_a_block_says_on_which_line_it_stands(page: Writing) -> None:
    assert blocks((Paragraph((Text("words", HERE),), Where("x.md", 41)),), page) == '<p data-line="41">words</p>'
    assert blocks((Paragraph((Text("words", Where("")),), Where("")),), page) == "<p>words</p>"


def test_a_printed_value_says_which_it_is(page: Writing) -> None:
    shown = inlines((Text("0.98", HERE, "p_max"), InlineMath(("x = 2",), HERE, ("a", "b"))), page)
    assert shown.startswith(
        '<span class="value" data-value="p_max">0.98</span><span class="value" data-value="a b"><math'
    )


def test_a_figure_is_drawn_at_half_its_pixels(page: Writing) -> None:
    box = FigureBox("f", "File:X - f (en).png", "f.png", 1201, 800, "what it shows", (Text("Caption", HERE),), HERE)
    seen = Seen(blocks((box,), page))
    assert ("img", "width", "601") in seen.attributes
    assert ("img", "alt", "what it shows") in seen.attributes
    assert ("img", "src", "../../figures/X_-_f_%28en%29.png") in seen.attributes


@pytest.mark.parametrize(
    ("target", "here", "link"),
    [
        ("es/x/", "en/x/", "../../es/x/"),
        ("en/x/", "en/x/", "./"),
        ("assets/site.css", "", "assets/site.css"),
        ("", "en/x/", "../../"),
        ("zh/softmax 函数/", "zh/", "softmax%20%E5%87%BD%E6%95%B0/"),
    ],
)
def test_links_are_relative_so_that_a_site_can_lie_in_any_folder(target: str, here: str, link: str) -> None:
    assert relative(target, here) == link


# --- formulas ---------------------------------------------------------------------------------------


def mathml(tex: str) -> str:
    formulas = Formulas()
    made = formulas.mathml(tex, HERE, block=True)
    assert formulas.problems == []
    return re.sub(r'<annotation.*?</annotation>| alttext="[^"]*"', "", made)


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{aligned} a &= b \\[4pt] &= c \end{aligned}",
        r"\begin{aligned}[t] a &= b \end{aligned}",
        r"\begin{split} a &= b \\ &= c \end{split}",
        r"\begin{alignedat}{2} a &= b &\quad c &= d \end{alignedat}",
        r"f(x) = \begin{cases} 0 & \text{if } x < 0 \\ x & \text{otherwise} \end{cases}",
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
        r"\bigl(\begin{smallmatrix} a & b \end{smallmatrix}\bigr)",
        r"\operatorname{softmax}(\mathbf{z})_i = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}",
        r"\operatorname*{arg\,max}_{x} f(x)",
        r"\boldsymbol{\theta} \leftarrow \boldsymbol\theta - \eta \nabla_{\!\theta} J",
        r"\text{学习率} = 0{,}5 \quad \text{tasa de $\eta$ año}",
        r"\underbrace{\hat{\mathbf{y}} - \mathbf{y}}_{\text{error}} \left( \tfrac{1}{2} \right)^2 \lVert x \rVert_2",
        r"\sum_{\substack{i < n \\ j < m}} a_{ij}",
        r"\biggl( \sum_i x_i \biggr)^{2} \widetilde{xy} \mathbb{E}_{x \sim p}[f] \mathcal{L}",
        r"97.6\,\% \quad 1.2 \times 10^{-5} \quad 10\,000",
    ],
)
def test_what_authors_write_is_converted(tex: str) -> None:
    assert "<math" in mathml(tex)


def test_a_row_space_is_not_printed() -> None:
    assert "4pt" not in mathml(r"\begin{aligned} a &= b \\[4pt] c &= d \end{aligned}").replace(" ", "")
    assert ">4<" not in mathml(r"\begin{aligned} a &= b \\[4pt] c &= d \end{aligned}")


def test_text_keeps_its_spaces_and_its_formulas() -> None:
    text = Seen(mathml(r"\text{50\% of $x$ here}")).text
    assert visible(text) == "50% of x here"


def test_bold_letters_are_bold_characters_because_browsers_know_no_variants() -> None:
    made = mathml(r"\mathbf{W} \boldsymbol{\theta}")
    assert "𝐖" in made
    assert 'mathvariant="bold' not in made


def test_the_tex_is_kept_for_copying() -> None:
    made = Formulas().mathml(r"a < b", HERE, block=False)
    assert '<annotation encoding="application/x-tex">a &lt; b</annotation>' in made
    assert 'alttext="a &lt; b"' in made


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        (r"\dv{x}{y}", r"unknown command"),
        (r"\frac{a}{", r"reached end of input"),
        (r"x }", r"unmatched closing token"),
        (r"a & b", r"table-like environment"),
        (r"a_b_c", r"duplicate subscript"),
        (r"\begin{foo} a \end{foo}", r"unknown environment"),
        (r"\href{javascript:alert(1)}{x}", r"unknown command"),
    ],
)
def test_a_formula_that_cannot_be_drawn_is_a_problem_at_its_place(tex: str, said: str) -> None:
    formulas = Formulas()
    assert Seen(formulas.mathml(tex, HERE, block=False)).text == tex
    (problem,) = formulas.problems
    assert str(problem).startswith("articles/x/en.md:7:3: formula: ")
    assert said in problem.message


def test_styles_of_formulas_become_classes_with_a_stylesheet() -> None:
    formulas = Formulas()
    made = formulas.mathml(r"\begin{aligned} a &= b \end{aligned} \textcolor{red}{x}", HERE, block=True)
    assert " style=" not in made
    for name in re.findall(r'class="(m-[0-9a-f]+)"', made):
        assert f".{name} {{" in stylesheet([formulas.styles])


# --- the site ---------------------------------------------------------------------------------------


def test_every_page_of_every_language_is_there(sample: Published) -> None:
    files = site_files(sample.sources, sample.models)
    for path in (
        "index.html", "404.html", "en/index.html", "es/newton-iteration/index.html", "zh/newton-iteration/index.html",
        "en/fixed-points/index.html", "es/glossary/index.html", "zh/glossary/residual/index.html",
        "es/category/numerical-methods/index.html", "zh/how-the-numbers-were-made/index.html", "assets/site.css",
        "assets/fonts/LICENSE.txt", "figures/Newton_Iteration_-_errors_(zh).png",
    ):  # fmt: skip
        assert path in files
    assert "zh/fixed-points/index.html" not in files


def test_every_link_and_file_of_the_site_exists(sample: Published) -> None:
    files = site_files(sample.sources, sample.models)
    for path, content in files.items():
        if not path.endswith(".html") or path == "404.html":
            continue
        ids = {value for _, name, value in Seen(content.decode()).attributes if name == "id"}
        for tag, name, value in Seen(content.decode()).attributes:
            if name not in ("href", "src") or value.startswith("https://"):
                continue
            target, _, anchor = value.partition("#")
            place = resolved(path, target)
            assert place in files, f"{path}: {tag} {value}"
            if anchor:
                others = {v for _, n, v in Seen(files[place].decode()).attributes if n == "id"} if target else ids
                assert unquote(anchor) in others, f"{path}: {value}"


def resolved(path: str, link: str) -> str:
    if not link:
        return path
    place = normpath(join(dirname(path), unquote(link)))
    if link.endswith("/"):
        place = "index.html" if place == "." else place + "/index.html"
    return place


def test_ids_are_unique_and_pages_are_well_formed(sample: Published) -> None:
    for path, content in site_files(sample.sources, sample.models).items():
        if path.endswith(".html"):
            ids = [value for _, name, value in Seen(content.decode()).attributes if name == "id"]
            assert len(ids) == len(set(ids)), path


def test_pages_hold_no_script_style_or_address_of_their_own(sample: Published) -> None:
    for path, content in site_files(sample.sources, sample.models).items():
        if not path.endswith(".html"):
            continue
        seen = Seen(content.decode())
        assert seen.tags.count("script") == 1
        assert "style" not in seen.tags
        for tag, name, value in seen.attributes:
            assert name != "style", path
            assert not name.startswith("on"), path
            if name == "src" or (tag == "link" and name == "href"):
                assert "://" not in value


def test_each_page_says_its_language_and_direction(sample: Published) -> None:
    files = site_files(sample.sources, sample.models)
    for language in ("en", "es", "zh"):
        html = files[f"{language}/newton-iteration/index.html"].decode()
        assert f'<html lang="{language}" dir="ltr">' in html
        assert html.count("<h1>") == 1


def test_the_site_is_the_same_bytes_each_time(sample: Published) -> None:
    one, two = (site_files(sample.sources, sample.models) for _ in range(2))
    assert {path: hashlib.sha256(content).hexdigest() for path, content in one.items()} == {
        path: hashlib.sha256(content).hexdigest() for path, content in two.items()
    }
    assert list(one) == list(two)


def test_the_site_replaces_what_was_there(sample: Published, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    (folder / "old").mkdir(parents=True)
    render_site(sample.sources, sample.models, folder)
    assert not (folder / "old").exists()
    assert (folder / "en" / "newton-iteration" / "index.html").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_wrong_formula_stops_the_site_and_leaves_the_old_one(sample: Published, tmp_path: Path) -> None:
    wrong = MathBlock((r"\nosuchcommand",), Where("articles/x/en.md", 41, 7))
    models = [replace(model, blocks=(*model.blocks, wrong)) for model in sample.models]
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("old")
    with pytest.raises(SourceError) as caught:
        render_site(sample.sources, models, folder)
    assert "articles/x/en.md:41:7: formula: unknown command" in str(caught.value.problems[0])
    assert (folder / "index.html").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_language_written_from_right_to_left_says_so(sample: Published) -> None:
    models = [replace(model, direction="rtl") if model.language == "es" else model for model in sample.models]
    assert 'dir="rtl"' in site_files(sample.sources, models)["es/newton-iteration/index.html"].decode()
