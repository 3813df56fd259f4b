"""The list of all topics in all languages: how each stands, and what it waits for, the most urgent first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from babel.dates import format_date, format_timedelta

from pipeline.diagnostics import code_of
from pipeline.errors import Problem
from pipeline.folded import folded
from pipeline.memo.reading import SUMMARY
from pipeline.preview.frame import framed
from pipeline.preview.topic_state import STATES, OldSection, Review, TopicState
from pipeline.preview.wanted import terms_in
from pipeline.render.html.site import Tongue
from pipeline.render.html.words import filled
from pipeline.render.resolve import name_of

if TYPE_CHECKING:
    from pipeline.preview.live import Live

ADDRESS = "/_live/topics"
REVIEW = "review"  # the choice of those that wait for a reviewer, whatever else they wait for
SHOWN_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Sought:
    """Which topics are wanted; "" is any."""

    state: str = ""  # one of STATES, or REVIEW
    area: str = ""  # keys of categories.yaml, as is the next
    difficulty: str = ""
    words: str = ""  # of a title, or a slug

    def address(self, language: str) -> str:
        """The address of the list of these topics."""
        asked = {"state": self.state, "area": self.area, "difficulty": self.difficulty, "q": self.words}
        return f"{ADDRESS}?{urlencode({'in': language} | {key: value for key, value in asked.items() if value})}"


def topics_page(live: Live, language: str, query: Mapping[str, str]) -> bytes:
    """The page; `query` has what the reader chose: state, area, difficulty, and `q`, words of a title."""
    found = live.states()
    sought = sought_by(query)
    now = datetime.now(tz=UTC)
    with live.asking() as memo:
        sources = memo.given.sources
        names, said = sources.tongues, sources.messages[language]
        near = sifted(found.topics, replace(sought, state=""))
        return framed(
            memo,
            language,
            "live-topics.html.j2",
            said["live-topics"],
            tongues=[Tongue(code, names[code], sought.address(code) if code != language else None) for code in names],
            topics=sifted(near, sought),
            sought=sought,
            choices=_choices(near, sought, language),
            areas=_named({topic.area for topic in found.topics}, lambda key: name_of(sources, key, language)),
            difficulties=_named(
                {topic.difficulty for topic in found.topics}, lambda key: name_of(sources, key, language)
            ),
            shared=found.problems,
            names=names,
            name=lambda key: name_of(sources, key, language),
            fill=filled,
            code_of=code_of,
            page_of=page_of,
            age=lambda section: age(section, now, language, said),
            reviews=lambda topic: reviews(topic, language, said),
            most_digits=SHOWN_DIGITS,
            everything=Sought().address(language),
        )


def sought_by(query: Mapping[str, str]) -> Sought:
    """What a reader asked for. A state that there is not is none."""
    state = query.get("state", "")
    return Sought(
        state if state in (*STATES, REVIEW) else "",
        query.get("area", ""),
        query.get("difficulty", ""),
        query.get("q", "").strip(),
    )


def sifted(topics: Iterable[TopicState], sought: Sought) -> tuple[TopicState, ...]:
    """Those that are wanted, what needs work first coming first."""
    terms = terms_in(sought.words)
    found = [
        topic
        for topic in topics
        if (not sought.state or sought.state in _states(topic))
        and (not sought.area or topic.area == sought.area)
        and (not sought.difficulty or topic.difficulty == sought.difficulty)
        and all(term.is_in(_words(topic)) for term in terms)
    ]
    return tuple(sorted(found, key=_urgency))


def _urgency(topic: TopicState) -> tuple[int, int, int, str]:
    errors = sum(problem.severity == "error" for problem in topic.problems)
    old = sum(len(page.sections) + page.marks for page in topic.languages.values())
    return STATES.index(topic.state), -errors, -old, topic.title.casefold()


def _states(topic: TopicState) -> tuple[str, ...]:
    is_due = any(page.review is not None and page.review.is_due for page in topic.languages.values())
    return (topic.state, REVIEW) if is_due else (topic.state,)


def _words(topic: TopicState) -> str:
    return folded("\n".join((topic.slug, *(page.title for page in topic.languages.values()))))


def _choices(topics: Iterable[TopicState], sought: Sought, language: str) -> list[tuple[str, int, str]]:
    """State, how many topics are in it, and the address of the list of those; "" are all."""
    held = [_states(topic) for topic in topics]
    counts = {state: sum(state in one for one in held) for state in (*STATES, REVIEW)}
    shown = {"": len(held)} | {key: count for key, count in counts.items() if count or key == sought.state}
    return [(key, count, replace(sought, state=key).address(language)) for key, count in shown.items()]


def _named(keys: Iterable[str], name: Callable[[str], str]) -> list[tuple[str, str]]:
    return sorted(((key, name(key)) for key in keys if key), key=lambda one: one[1].casefold())


def page_of(topic: TopicState, problem: Problem) -> str:
    """The address of the page that a problem stands on, "" where it stands on none."""
    for language, page in topic.languages.items():
        if not page.title:
            continue
        if problem.where.file == page.file:
            return f"/{language}/{quote(topic.slug)}/"
        if problem.where.file == f"{topic.folder}/{SUMMARY}/{language}.md":
            return f"/{language}/{quote(topic.slug)}/{SUMMARY}/"
    return ""


def age(section: OldSection, now: datetime, language: str, said: Mapping[str, str]) -> str:
    """Since when a section is outdated, in words."""
    if section.since is None:
        return said["live-topics-unknown"]
    if section.since == 0:
        return said["live-topics-uncommitted"]
    since = datetime.fromtimestamp(section.since, UTC) - now
    if since > timedelta(days=-1):
        return said["live-topics-today"]
    return format_timedelta(since, granularity="day", threshold=1.2, add_direction=True, locale=language)


def reviews(topic: TopicState, language: str, said: Mapping[str, str]) -> list[tuple[str, bool, list[str]]]:
    """What is known of reviews, in words, whether it is due, and of which languages that holds."""
    found: dict[tuple[str, bool], list[str]] = {}
    for code, page in topic.languages.items():
        if page.review is not None:
            found.setdefault((_reviewed(page.review, language, said), page.review.is_due), []).append(code)
    return [(words, is_due, codes) for (words, is_due), codes in found.items()]


def _reviewed(review: Review, language: str, said: Mapping[str, str]) -> str:
    state = said[f"status-{review.state}"]
    if review.state == "draft":
        return state
    if not review.date:
        return str(filled(said["live-review-undated"], state))
    try:
        day = format_date(date.fromisoformat(review.date), "medium", locale=language)
    except ValueError:
        day = review.date
    return str(filled(said["live-review-due" if review.is_due else "live-review-on"], state, day))
