"""A report of changes as one HTML page without scripts and without anything to fetch, pictures included."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence

from pipeline.changes.markdown import LEAD
from pipeline.changes.model import Changes, Number, Picture
from pipeline.literal import escaped

LARGEST = 40_000_000  # bytes of pictures inside the page; those after that are named only
SHOWN = 2_000  # signs of a text
NOTHING = "–"
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; display: block; overflow-x: auto; }
th, td { border: 1px solid #8886; padding: .25rem .6rem; text-align: left; vertical-align: top; }
td { overflow-wrap: break-word; max-width: 32rem; }
td:first-child { white-space: nowrap; }
figure { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; margin: 1rem 0 2rem; }
figcaption { grid-column: 1 / -1; font-weight: 600; }
figure img { max-width: 100%; height: auto; background: #fff; border: 1px solid #8886; }
"""

Pictures = Mapping[str, tuple[bytes | None, bytes | None]]  # title -> PNG before, PNG after


def page(changes: Changes, pictures: Pictures) -> str:
    """Return the page. `pictures` has the PNGs of each file that changed."""
    parts = [f"<h1>What changes against {escaped(changes.base)}</h1>", f"<p>Sources at {escaped(changes.head)}.</p>"]
    if changes.nothing:
        parts.append("<p>No number, figure, page or translation is another one.</p>")
    rows: list[Sequence[str]] = []
    for topic in changes.topics:
        rows += [(topic.slug, *_change(number), ", ".join(number.where)) for number in topic.numbers]
        rows += [(topic.slug, ", ".join(topic.unprinted), "", "", "on no page")] if topic.unprinted else []
    parts.append(_table("Numbers", ("topic", "what", "before", "after", "printed at"), rows))
    checks = [(topic.slug, *_change(check)) for topic in changes.topics for check in topic.checks]
    parts.append(_table("Claims and comparisons", ("topic", "what", "before", "after"), checks))
    levels = [(one.slug, one.old_level, one.new_level) for one in changes.topics if one.old_level != one.new_level]
    parts.append(_table("How far numbers are verified", ("topic", "before", "after"), levels))
    parts.append(_figures(changes.pictures, pictures))
    translations = [
        (one.file, *(", ".join(section or LEAD for section in held) for held in (one.outdated, one.still, one.settled)))
        for one in changes.translations
    ]
    head = ("translation", "outdated by this", "outdated before", "brought up to date")
    parts.append(_table("Translations", head, translations))
    words = [
        (f"{one.file}:{text.line}" if text.line else one.file, text.section or LEAD, text.change, text.difference,
         text.translation)
        for one in changes.translations
        for text in one.paragraphs
    ]  # fmt: skip
    parts.append(_table("Outdated paragraphs", ("translation", "section", "", "source", "translation now"), words))
    versions = [(one.title, one.old, one.new, one.note) for one in changes.versions]
    parts.append(_table("Templates and modules", ("page", "before", "after", ""), versions))
    pages = [(one.title, one.kind, one.change) for one in changes.pages]
    parts.append(_table("Pages", ("page", "kind", "change"), pages))
    parts += [f"<p>{escaped(note, SHOWN)}</p>" for note in changes.notes]
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>What changes</title>\n<style>{STYLE}</style>\n'
        + "\n".join(part for part in parts if part)
        + "\n</html>\n"
    )


def _change(number: Number) -> tuple[str, str, str]:
    old = "new" if number.old is None else number.old or NOTHING
    return number.what, old, "gone" if number.new is None else number.new or NOTHING


def _table(heading: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["<tr>" + "".join(f"<td>{escaped(cell, SHOWN)}</td>" for cell in row) + "</tr>" for row in rows]
    if not lines:
        return ""
    titles = "".join(f"<th>{escaped(word)}</th>" for word in head)
    return f"<h2>{escaped(heading)}</h2>\n<table><tr>{titles}</tr>\n" + "\n".join(lines) + "</table>"


def _figures(changed: Sequence[Picture], pictures: Pictures) -> str:
    if not changed:
        return ""
    parts, room = ["<h2>Figures, before and after</h2>"], LARGEST
    for picture in changed:
        what = "drawn otherwise from the same numbers" if picture.redrawn else escaped(picture.change)
        cells = []
        for when, content in zip(("before", "after"), pictures.get(picture.title, (None, None)), strict=True):
            if content is None:
                cells.append(f"<div>{'no picture' if picture.change == 'changed' else 'none'} {when}</div>")
            elif len(content) > room:
                cells.append(f"<div>{when}: in the folder figures/, too large for this page</div>")
            else:
                room -= len(content)
                data = base64.b64encode(content).decode()
                alt = escaped(f"{picture.title}, {when}")
                cells.append(f'<div>{when}<br><img alt="{alt}" src="data:image/png;base64,{data}"></div>')
        parts.append(f"<figure><figcaption>{escaped(picture.title)} ({what})</figcaption>{''.join(cells)}</figure>")
    return "\n".join(parts)
