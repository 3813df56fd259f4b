"""The list of topics: what needs work first comes first, and whoever reads it may choose what to see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import yaml

from pipeline.errors import Problem, Where
from pipeline.preview.topic_list import REVIEW, Sought, age, page_of, reviews, sifted, sought_by
from pipeline.preview.topic_state import OldSection, PageState, Review, TopicState
from tests.project import REPOSITORY

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OLD = OldSection("A part", "a-part", "", 0)
ERROR = Problem(Where("articles/x/es.md", 3, 4), "wrong", "mend it", "link")


def words(language: str) -> dict[str, str]:
    text = (REPOSITORY / "templates" / "messages" / f"{language}.yaml").read_text()
    return {key: str(value) for key, value in yaml.safe_load(text).items()}


def topic(
    slug: str, *, old: int = 0, problems: int = 0, review: Review | None = None, area: str = "", difficulty: str = ""
) -> TopicState:
    pages = {
        "en": PageState("source", slug.title(), f"articles/{slug}/en.md", review=review),
        "es": PageState("outdated" if old else "current", "Título", f"articles/{slug}/es.md", (OLD,) * old),
    }
    return TopicState(
        slug,
        slug.title(),
        f"articles/{slug}",
        pages,
        problems=(ERROR,) * problems,
        area=area,
        difficulty=difficulty,
    )


def slugs(sought: Sought, *topics: TopicState) -> list[str]:
    return [one.slug for one in sifted(topics, sought)]


def test_what_needs_work_first_comes_first() -> None:
    topics = [
        topic("clean-b"),
        topic("clean-a"),
        topic("old", old=1),
        topic("older", old=2),
        topic("wrong", problems=1),
        topic("worse", problems=2),
    ]
    assert slugs(Sought(), *topics) == ["worse", "wrong", "older", "old", "clean-a", "clean-b"]


def test_a_reader_chooses_by_state_area_difficulty_and_words() -> None:
    draft, done = Review("draft", "", True), Review("reviewed", "2026-11-01", False)
    one = topic("softmax", area="ML", difficulty="Introductory", review=draft)
    two = topic("dropout", area="DL", difficulty="Advanced", review=done, old=1)
    assert slugs(Sought(state="outdated"), one, two) == ["dropout"]
    assert slugs(Sought(state=REVIEW), one, two) == ["softmax"]
    assert slugs(Sought(area="ML"), one, two) == ["softmax"]
    assert slugs(Sought(difficulty="Advanced"), one, two) == ["dropout"]
    assert slugs(Sought(words="SOFT"), one, two) == ["softmax"]
    assert slugs(Sought(words="titulo"), one, two) == ["dropout", "softmax"]
    assert slugs(Sought(area="ML", words="dropout"), one, two) == []


def test_what_was_chosen_stands_in_the_address_and_is_read_from_it() -> None:
    sought = Sought("failing", "Machine Learning", "", "red neuronal")
    assert sought.address("es") == "/_live/topics?in=es&state=failing&area=Machine+Learning&q=red+neuronal"
    assert sought_by({"in": "es", "state": "failing", "area": "Machine Learning", "q": " red neuronal "}) == sought
    assert sought_by({"state": "'><script>"}) == Sought()


@pytest.mark.parametrize(
    ("days", "language", "said"),
    [
        (12, "en", "2 weeks ago"),
        (3, "en", "3 days ago"),
        (3, "es", "hace 3 días"),
        (3, "zh", "3天前"),
        (0.2, "es", "hoy"),
        (-1, "en", "today"),
    ],
)
def test_an_age_is_said_in_the_readers_language(days: float, language: str, said: str) -> None:
    since = int((NOW - timedelta(days=days)).timestamp())
    assert age(OldSection("", "", "", since), NOW, language, words(language)) == said


def test_what_git_does_not_know_is_said_too() -> None:
    assert age(OLD, NOW, "en", words("en")) == "source not committed yet"
    assert age(OldSection("", "", "", None), NOW, "en", words("en")) == "since when is not known"


@pytest.mark.parametrize(
    ("review", "said"),
    [
        (Review("draft", "", True), "Borrador"),
        (Review("reviewed", "2026-03-05", False), "Revisada el 5 mar 2026"),
        (Review("verified", "2024-03-05", True), "Verificada el 5 mar 2024; toca de nuevo"),
        (Review("reviewed", "", True), "Revisada, sin fecha"),
        (Review("reviewed", "soon", True), "Revisada el soon; toca de nuevo"),
    ],
)
def test_a_review_is_said_in_the_readers_language(review: Review, said: str) -> None:
    assert reviews(topic("x", review=review), "es", words("es")) == [(said, review.is_due, ["en"])]


def test_a_problem_leads_to_the_page_it_stands_on() -> None:
    one = topic("x")
    assert page_of(one, ERROR) == "/es/x/"
    assert page_of(one, Problem(Where("articles/x/summary/es.md"), "")) == "/es/x/summary/"
    assert page_of(one, Problem(Where("articles/x/results.json"), "")) == ""
