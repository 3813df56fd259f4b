"""Where the boxes of the learning path stand, and how its arrows run."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.render.hubs.layout import HEIGHT, WIDTH, Layout, laid_out


def laid(needs: dict[str, tuple[str, ...]]) -> Layout:
    words = {slug: slug.title() for slug in needs}
    return laid_out(words, words, dict.fromkeys(needs, "one"), needs)


@st.composite
def ways(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    """Topics that only need earlier ones."""
    names = [f"t{number}" for number in range(draw(st.integers(1, 12)))]
    return {
        name: tuple(sorted(draw(st.sets(st.sampled_from(names[:number]), max_size=3)))) if number else ()
        for number, name in enumerate(names)
    }


@given(ways())
def test_each_box_stands_right_of_all_it_builds_on(needs: dict[str, tuple[str, ...]]) -> None:
    left = {box.slug: box.left for box in laid(needs).boxes}
    assert all(left[name] < left[slug] for slug, names in needs.items() for name in names)


@given(ways())
def test_no_two_boxes_overlap_and_all_are_inside(needs: dict[str, tuple[str, ...]]) -> None:
    layout = laid(needs)
    for number, box in enumerate(layout.boxes):
        left, top, right, bottom = box.corners
        assert min(left, top) >= 0 and right <= layout.width and bottom <= layout.height
        for other in layout.boxes[:number]:
            assert right <= other.left or other.left + WIDTH <= left or bottom <= other.top or other.top + HEIGHT <= top


@given(ways())
def test_an_arrow_runs_past_other_boxes_through_gaps(needs: dict[str, tuple[str, ...]]) -> None:
    layout = laid(needs)
    for arrow in layout.arrows:
        for x, y in arrow.way[1:-1]:
            inside = [box for box in layout.boxes if box.left < x < box.left + WIDTH and box.top < y < box.top + HEIGHT]
            assert inside == []


@given(ways())
def test_what_is_needed_anyway_has_no_arrow_and_all_else_has_a_way(needs: dict[str, tuple[str, ...]]) -> None:
    drawn = {(arrow.start, arrow.end) for arrow in laid(needs).arrows}
    assert drawn <= {(name, slug) for slug, names in needs.items() for name in names}

    def reached(slug: str) -> set[str]:
        return {slug}.union(*(reached(start) for start, end in drawn if end == slug))

    assert all(name in reached(slug) for slug, names in needs.items() for name in names)


def test_a_shortcut_is_left_out() -> None:
    arrows = laid({"a": (), "b": ("a",), "c": ("a", "b")}).arrows
    assert [(arrow.start, arrow.end) for arrow in arrows] == [("a", "b"), ("b", "c")]
