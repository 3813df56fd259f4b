"""Changed numbers: results.json of each topic before and now, and where the pages print what changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.changes.model import Number, Topic
from pipeline.read.article import Article, Sources
from pipeline.run.reproduce import first_difference
from pipeline.run.uses import uses_of

RESULTS = "results.json"
_PARTS = {"stdout": "output", "value": "result"}

Contents = dict[str, Any]


def topic_changes(before: Path, old: Sources | None, now: Path, new: Sources) -> tuple[Topic, ...]:
    """Return the topics whose results.json differs, by slug.

    `before` and `now` are projects' folders; their sources say where a value is printed. A file that holds no results
    is as good as none.
    """
    was, stands = _all(before), _all(now)
    topics = []
    for slug in sorted({*was, *stands}):
        topic = _topic(slug, was.get(slug), stands.get(slug))
        if topic is not None:
            topics.append(_placed(topic, old.articles.get(slug) if old else None, new.articles.get(slug)))
    return tuple(topics)


def _all(root: Path) -> dict[str, Contents]:
    found = {}
    for path in sorted((root / "articles").glob(f"**/{RESULTS}")):
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(held, dict):
            found[path.parent.name] = held
    return found


def _topic(slug: str, old: Contents | None, new: Contents | None) -> Topic | None:
    was, stands = old or {}, new or {}
    numbers = (*_compared(_printed(was), _printed(stands)), *_compared(_outputs(was), _outputs(stands)))
    checks = tuple(_compared(_checks(was), _checks(stands)))
    figures = _mapping(was, "figures"), _mapping(stands, "figures")
    drawn = tuple(sorted(name for name in {*figures[0], *figures[1]} if figures[0].get(name) != figures[1].get(name)))
    levels = str(was.get("level", "")), str(stands.get("level", ""))
    values = _mapping(was, "values"), _mapping(stands, "values")
    spoken = {number.what.removeprefix("value ").partition(":")[0].partition("[")[0] for number in numbers}
    unprinted = tuple(
        sorted(
            name
            for name in {*values[0], *values[1]}
            if values[0].get(name) != values[1].get(name)
            and not any(name == key.partition(".")[0] or name == key for key in spoken)
        )
    )
    if not (numbers or checks or drawn or unprinted or levels[0] != levels[1]):
        return None
    status = "new" if old is None else "removed" if new is None else "changed"
    return Topic(slug, status, *levels, numbers, checks, drawn, unprinted)


def _compared(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Number]:
    for what in sorted({*old, *new}):
        was, stands = old.get(what), new.get(what)
        if was == stands:
            continue
        if was is not None and stands is not None and "\n" in was + stands:
            was, stands = first_difference(was, stands)
        yield Number(what, was, stands)


def _printed(held: Contents) -> dict[str, str]:
    return {f"value {key}": str(text) for key, text in _mapping(held, "printed").items()}


def _outputs(held: Contents) -> dict[str, str]:
    return {
        f"{word} of cell {cell}": str(output[part])
        for cell, output in _mapping(held, "output").items()
        for part, word in _PARTS.items()
        if isinstance(output, dict) and output.get(part)
    }


def _checks(held: Contents) -> dict[str, str]:
    """What holds, and what the author excuses from holding on every device."""
    found = {}
    for check in held.get("checks") or ():
        if isinstance(check, dict):
            tolerance = check.get("tolerance")
            word = "holds" if tolerance is None else f"agrees within {tolerance:g}"
            found[f"{check.get('kind', '')} {check.get('text', '')}"] = word
    for what, differs in _mapping(held, "differs").items():
        by, reason = (str(differs.get(key, "")) for key in ("by", "reason")) if isinstance(differs, dict) else ("", "")
        found[f"may differ by {by}: {what}"] = reason
    return found


def _mapping(held: Contents, key: str) -> Mapping[str, Any]:
    found = held.get(key)
    return found if isinstance(found, dict) else {}


def _placed(topic: Topic, old: Article | None, new: Article | None) -> Topic:
    """The topic with the places that print each changed value now, or printed it when it is gone."""
    was, stands = _places(old), _places(new)
    numbers = tuple(
        Number(one.what, one.old, one.new, (was if one.new is None else stands).get(one.what, ()))
        for one in topic.numbers
    )
    return Topic(
        topic.slug, topic.status, topic.old_level, topic.new_level, numbers,
        topic.checks, topic.figures, topic.unprinted,
    )  # fmt: skip


def _places(article: Article | None) -> dict[str, tuple[str, ...]]:
    """What a value is called in a report -> every line that prints it, in all languages."""
    found: dict[str, dict[str, None]] = {}
    for page in article.pages if article else ():
        for version in page.versions.values():
            for node in version.printing:
                for use in uses_of(node):
                    found.setdefault(f"value {use.key}", {})[f"{use.where.file}:{use.where.line}"] = None
    for cell in article.cells if article else ():
        for word in _PARTS.values():
            found[f"{word} of cell {cell.label}"] = {f"{cell.where.file}:{cell.where.line}": None}
    return {what: tuple(places) for what, places in found.items()}
