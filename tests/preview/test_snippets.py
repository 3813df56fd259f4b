"""A snippet shows the words looked for, marked, as they stand on the page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.memo.texts import TOPIC, page_text
from pipeline.preview.snippets import Marked, Snippet, marked, snippets
from pipeline.preview.wanted import terms_in
from pipeline.render.html.site import Name
from pipeline.render.plain_page import Piece, PlainSection

LONG = "Nothing of it here. " * 30


def shown(runs: Marked) -> str:
    return "".join(f"[{run.text}]" if run.is_marked else run.text for run in runs)


def found(words: str, *sections: PlainSection, most: int = 3) -> tuple[Snippet, ...]:
    page = page_text(TOPIC, Name("topic", "es", "regresion"), "Regresión", sections)
    return snippets(page, terms_in(words), most)


def section(heading: str, *texts: str, is_code: bool = False) -> PlainSection:
    return PlainSection(heading, heading.lower(), tuple(Piece(text, is_code) for text in texts))


def test_what_matches_is_marked_with_its_accents() -> None:
    assert shown(marked("La Regresión lineal", terms_in("regresion"))) == "La [Regresión] lineal"
    assert shown(marked("La Regresio\u0301n lineal", terms_in("regresion"))) == "La [Regresio\u0301n] lineal"
    assert shown(marked("Café", terms_in("cafe"))) == "[Café]"
    assert shown(marked("Cafe\u0301", terms_in("cafe"))) == "[Cafe\u0301]"


def test_terms_that_overlap_are_marked_once() -> None:
    assert shown(marked("the learning rates", terms_in('"learning rate" rates ning'))) == "the [learning rates]"


def test_chinese_of_two_signs_is_found_inside_a_sentence() -> None:
    (one,) = found("学习", section("定义", "机器学习率很小。"))
    assert shown(one.words) == "机器[学习]率很小。"


def test_spaces_between_letters_and_han_do_not_matter() -> None:
    assert shown(marked("这是 softmax 函数。", terms_in("softmax函数"))) == "这是 [softmax 函数]。"
    assert shown(marked("这是 softmax 函数。", terms_in("softmax"))) == "这是 [softmax] 函数。"


def test_the_section_with_most_of_the_terms_comes_first() -> None:
    one, two = section("One", "A rate."), section("Two", "A rate with momentum.")
    three = section("Momentum", "The rate, the rate.")
    assert [shown(hit.heading) for hit in found("rate momentum", one, two, three)] == ["[Momentum]", "Two"]
    assert [hit.anchor for hit in found("rate", one, two, three, most=2)] == ["momentum", "one"]


def test_what_the_title_does_not_say_counts_more() -> None:
    one, two = section("One", "La regresión, la regresión."), section("Two", "La pendiente.")
    assert [shown(hit.heading) for hit in found("regresion pendiente", one, two)] == ["Two"]


def test_a_long_text_is_cut_around_the_place_where_the_terms_stand_together() -> None:
    text = f"A rate. {LONG}The rate has momentum. {LONG}"
    (one,) = found("rate momentum", section("One", text))
    line = shown(one.words)
    assert "The [rate] has [momentum]." in line
    assert line.startswith("…")
    assert line.endswith("…")
    assert len(line) < 250


def test_code_is_shown_in_whole_lines_without_their_indent() -> None:
    code = "def step(w):\n    for _ in range(3):\n        w = w - rate * slope(w)\n        count += 1\n    return w\n"
    (one,) = found("slope", section("Code", code, is_code=True))
    assert one.is_code
    assert shown(one.words) == "    w = w - rate * [slope](w)\n    count += 1\nreturn w"


def test_where_only_the_title_matches_the_page_begins() -> None:
    (one,) = found("regresion", section("", "First words."), section("Next", "More."))
    assert (one.heading, one.anchor, shown(one.words)) == ((), "", "First words.")


def test_a_page_without_text_has_a_snippet_all_the_same() -> None:
    assert found("regresion", PlainSection("", "", ())) == (Snippet((), "", ()),)


@given(st.text(), st.text(max_size=10))
def test_marking_changes_no_sign(text: str, words: str) -> None:
    assert "".join(run.text for run in marked(text, terms_in(words))) == text


@given(
    st.lists(st.text(st.sampled_from("ab c\nñ学 "), max_size=300), max_size=4),
    st.booleans(),
    st.text("abñ学 ", max_size=6),
)
def test_whatever_is_found_is_shown_marked(texts: list[str], is_code: bool, words: str) -> None:
    terms = terms_in(words)
    for hit in found(words, section("", *texts, is_code=is_code)):
        page = page_text(TOPIC, Name("topic", "es", "x"), "", (section("", *texts),))
        if any(term.is_in(piece) for term in terms for piece in page.folded_text.split("\f")[1].split("\n")):
            assert any(run.is_marked for run in hit.words)
