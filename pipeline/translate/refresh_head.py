"""Bring the words in a translation's head up to its source: title, summary, key points, captions, labels."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence

import yaml

from pipeline.translate.align import likeness
from pipeline.translate.carry import Carry, prints_unknown
from pipeline.translate.head import (
    Place,
    Scalar,
    commented,
    comments_above,
    key_lines,
    replaced,
    texts_of,
    with_key,
    without_comments,
)
from pipeline.translate.marks import HEAD, mark, word_diff

UNTRANSLATED = mark("untranslated", sign=HEAD)


def fresh_head(source: str, carry: Carry, labels: Sequence[str], summary: bool) -> tuple[str, int]:
    """The head of a new translation, and how many marks it has."""
    if summary:
        return "provenance: {review_state: draft}\n", 0
    texts = {place: one.text for place, one in texts_of(source).items() if place[0] != "labels"}
    said = {place: carry.words(text) for place, text in texts.items()}
    head = "\n".join(
        part
        for part in (
            *UNTRANSLATED, f"title: {_quoted(said[('title',)])}",
            *UNTRANSLATED, f"summary: {_quoted(said[('summary',)])}",
            _points([(_quoted(said[place]), UNTRANSLATED) for place in said if place[0] == "key_points"]),
            _figures([(str(place[1]), None) for place in said if place[-1] == "caption"], said),
            "provenance: {review_state: draft}",
        )
        if part
    )  # fmt: skip
    head, _ = labelled(head + "\n", labels)
    return head, head.count(UNTRANSLATED[0])


def refreshed_head(source: str, old: str | None, ours: str, carry: Carry) -> tuple[str, Counter[str]]:
    """A translation's head and the marks set in it; `old` is the source's head that it was made from, if known."""
    marked: Counter[str] = Counter()
    new, before = texts_of(source), texts_of(old) if old is not None else {}
    head = _with_points(ours, new, before, old is not None, carry, marked)
    head = _with_figures(head, new, carry, marked)
    mine = texts_of(head)
    for place in [("title",), ("summary",), *(place for place in new if place[0] == "figures")]:
        if place not in mine or place not in before or before[place].text == new[place].text:
            continue
        head = _changed(head, place, before[place].text, new[place].text, source, carry, marked)
    if old is None:
        marked["untraced"] += 1
        head = commented(head, {("title",): mark("untraced", sign=HEAD)})
    return head, marked


def _changed(head: str, place: Place, old: str, new: str, source: str, carry: Carry, marked: Counter[str]) -> str:
    mine = texts_of(head)[place].text
    if mine in (old, carry.words(old)):
        return replaced(head, {place: carry.words(new)})
    what = ".".join(map(str, place[1:])) if place[0] == "figures" else ""
    shown = (f"{what}: " if what else "") + word_diff(old, new)
    if prints_unknown(mine, source + new):
        marked["untranslated"] += 1
        head = replaced(head, {place: carry.words(new)})
        return commented(head, {place: (*mark("removed", mine, HEAD), *UNTRANSLATED)})
    marked["outdated"] += 1
    return commented(head, {place: mark("outdated", shown, HEAD)})


def _with_points(
    head: str, new: Mapping[Place, Scalar], before: Mapping[Place, Scalar], known: bool, carry: Carry,
    marked: Counter[str],
) -> str:  # fmt: skip
    theirs, ours = _list(new), _list(texts_of(head))
    old = _list(before) if known else theirs[: len(ours)]
    if old == theirs and len(ours) == len(theirs):
        return head
    pairs = _paired(old, theirs)
    from_new = {after: number for number, after in pairs.items()}
    items: list[tuple[str, tuple[str, ...]]] = []  # as YAML, and the comments above
    written = [_as_written(head, ("key_points", number)) for number in range(len(ours))]
    for number, text in enumerate(theirs):
        was = from_new.get(number)
        if was is None or was >= len(ours):
            marked["untranslated"] += 1
            items.append((_quoted(carry.words(text)), UNTRANSLATED))
            continue
        said = comments_above(head, ("key_points", was)) if not texts_of(head)["key_points", was].flow else ()
        if old[was] != text:
            if ours[was] in (old[was], carry.words(old[was])):
                items.append((_quoted(carry.words(text)), said))
                continue
            marked["outdated"] += 1
            said = (*said, *mark("outdated", word_diff(old[was], text), HEAD))
        items.append((written[was], said))
    gone = [ours[number] for number in range(min(len(old), len(ours))) if number not in pairs]
    if [text for text, _ in items] == written and not gone:
        for number, (_, said) in reversed(list(enumerate(items))):
            place: Place = ("key_points", number)
            if said != comments_above(head, place):
                head = (
                    without_comments(head, place, said)
                    if not texts_of(head)[place].flow
                    else commented(head, {place: said})
                )
        return head
    whole = _points(items)
    for text in gone:
        marked["removed"] += 1
        whole += "\n" + "\n".join("  " + line for line in mark("removed", text, HEAD))
    return with_key(head, "key_points", whole)


def _as_written(head: str, place: Place) -> str:
    """A text in a list as it is written, where it can stand in another list so; else in quotes."""
    one = texts_of(head)[place]
    raw = head[one.start : one.end].rstrip("\n")
    return raw if not one.flow and (one.indent == 2 or "\n" not in raw) else _quoted(one.text)


def _list(texts: Mapping[Place, Scalar]) -> list[str]:
    return [one.text for place, one in texts.items() if place[0] == "key_points"]


def _paired(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Which key point became which: equal ones, then those that are most alike, then those at the same place."""
    pairs: dict[int, int] = {}
    scores = sorted(
        ((2.0 if one == other else likeness(one, other), -abs(i - j), i, j)
         for i, one in enumerate(old) for j, other in enumerate(new)),
        reverse=True,
    )  # fmt: skip
    for score, _, i, j in scores:
        if i not in pairs and j not in pairs.values() and (score >= 0.3 or (len(old) == len(new) and i == j)):
            pairs[i] = j
    return pairs


def _with_figures(head: str, new: Mapping[Place, Scalar], carry: Carry, marked: Counter[str]) -> str:
    mine = {place: one.text for place, one in texts_of(head).items()}
    wanted = [str(place[1]) for place in new if place[0] == "figures" and place[-1] == "caption"]
    have = [str(place[1]) for place in mine if place[0] == "figures" and place[-1] == "caption"]
    if set(wanted) == set(have):
        return head
    lines = head.split("\n")
    block = not any(one.flow for place, one in texts_of(head).items() if place[0] == "figures" and len(place) == 2)
    texts = {**{place: carry.words(one.text) for place, one in new.items()}, **mine}
    raw: list[tuple[str, str | None]] = []
    for name in wanted:
        marked["untranslated"] += name not in have
        raw.append((name, _figure_lines(lines, name) if name in have and block else None))
    written = _figures([(name, raw_ if name in have else None) for name, raw_ in raw], texts, frozenset(have))
    for name in have:
        if name not in wanted:
            marked["removed"] += 1
            shown = f"{name}: {mine['figures', name, 'caption']} / {mine['figures', name, 'alt']}"
            written += "\n" + "\n".join("  " + line for line in mark("removed", shown, HEAD))
    return with_key(head, "figures", written)


def _figure_lines(lines: Sequence[str], name: str) -> str | None:
    """The lines of one figure as they are written, with the comments above; None for one inside braces."""
    start, end = key_lines("\n".join(lines), "figures")
    inner = lines[start + 1 : end]
    keys = [n for n, line in enumerate(inner) if line.startswith("  ") and line[2:3] not in ("", " ", "#")]
    for number, line in enumerate(keys):
        if inner[line][2:].startswith((f"{name}:", f'"{name}":', f"'{name}':")):
            first, last = line, keys[number + 1] if number + 1 < len(keys) else len(inner)
            while first > 0 and inner[first - 1].lstrip().startswith(HEAD):
                first -= 1
            while last > line + 1 and inner[last - 1].startswith(f"  {HEAD}"):
                last -= 1
            return "\n".join(inner[first:last]).rstrip("\n")
    return None


def labelled(head: str, labels: Sequence[str]) -> tuple[str, int]:
    """The head with an entry for each text that a figure draws, and how many were added."""
    data = yaml.safe_load(head)
    have = data.get("labels", {}) if isinstance(data, dict) else {}
    missing = [text for text in dict.fromkeys(labels) if text not in have]
    if not missing:
        return head, 0
    added = [part for text in missing for part in (f"  {UNTRANSLATED[0]}", f"  {_quoted(text)}: {_quoted(text)}")]
    start, end = key_lines(head, "labels")
    lines = head.rstrip("\n").split("\n")
    if start < end and lines[start].strip() == "labels:":
        written = "\n".join([*lines[start:end], *added])
    else:
        held = [f"  {_quoted(text)}: {_quoted(str(label))}" for text, label in have.items()]
        written = "\n".join(["labels:", *held, *added])
    return with_key(head, "labels", written), len(missing)


def _points(items: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    lines = ["key_points:"]
    for text, comments in items:
        lines += [*(f"  {line}" for line in comments), f"  - {text}"]
    return "\n".join(lines)


def _figures(
    items: Sequence[tuple[str, str | None]], texts: Mapping[Place, str], translated: frozenset[str] = frozenset()
) -> str:
    """The key `figures`: the lines of an item where it has some, else its texts."""
    lines = ["figures:"] if items else []
    for name, raw in items:
        if raw is not None:
            lines.append(raw)
            continue
        lines += [] if name in translated else [f"  {line}" for line in UNTRANSLATED]
        lines += [f"  {name}:"]
        lines += [f"    {key}: {_quoted(texts['figures', name, key])}" for key in ("caption", "alt")]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
