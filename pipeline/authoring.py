"""The commands that begin topics and translations and say how these stand: they read options and print."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from pipeline.config import Config


def new(config: Config, options: Any) -> int:
    """Begin a topic."""
    from pipeline.starting import Wanted, start

    prerequisites = tuple(slug.strip() for slug in options.prerequisites.split(",") if slug.strip())
    made = start(
        config,
        Wanted(
            options.slug,
            options.title,
            options.kind,
            options.field,
            options.topic_area,
            options.difficulty,
            prerequisites,
        ),
    )
    if options.json:
        print(json.dumps(asdict(made), ensure_ascii=False))
        return 0
    print(f"Wrote {made.file}, which builds as it stands: {made.title}")
    for language, title in made.titles.items():
        print(f"  its title in {language!r} was planned as {title}")
    if not made.linked:
        print(f"No other topic leads to it yet: link to ../{options.slug}/ where one speaks of it.")
    print("`marovi build --accept` takes its numbers; `marovi preview` shows it.")
    return 0


def translate(config: Config, options: Any) -> int:
    """Begin or refresh a translation, or exchange its texts as PO."""
    from pipeline.translate import command

    if options.export:
        from pipeline.translate.exchange import export

        count = export(config, options.slug, options.language, options.export.expanduser())
        _say(options, {"file": str(options.export), **asdict(count)}, f"Wrote {options.export}: {count}")
        return 0
    if options.import_:
        from pipeline.translate.exchange import take_in

        taken = take_in(config, options.slug, options.language, options.import_.expanduser())
        changed = [f"{file}: {count} texts changed" for file, count in taken.items()]
        _say(options, {"files": taken}, "\n".join(changed) or "Nothing to change: the file says what stands there.")
        return 0
    outcomes = command.translate(config, options.slug, options.language)
    _say(options, [asdict(one) for one in outcomes], "\n".join(_outcome(one) for one in outcomes))
    return 0


def stamp(config: Config, options: Any) -> int:
    """Record that a translation and its summary match their source as it stands now."""
    from pipeline.translate.command import stamp_topic

    for line in stamp_topic(config, options.slug, options.language):
        print(line)
    return 0


def status(config: Config, options: Any) -> int:
    """Show topics by languages; with --wiki what people changed there."""
    if options.wiki:
        from pipeline import publishing

        return publishing.status(config, options)
    import shutil
    import time

    from pipeline.terminal import colored
    from pipeline.translate.state import show, state_of_all

    found = state_of_all(config, review_days=options.review_age, now=time.time())
    columns = shutil.get_terminal_size().columns
    print(
        json.dumps(found.to_json(), ensure_ascii=False) if options.json else show(found, columns, colored(sys.stdout))
    )
    return 0


def _outcome(one: Any) -> str:
    if one.done == "unchanged":
        return f"{one.file}: nothing to do"
    marks = ", ".join(f"{count} {kind}" for kind, count in sorted(one.marked.items()))
    lines = [f"{one.file}: {one.done}{': ' + marks if marks else ''}"]
    lines += [
        f"  no earlier text of the section {name or 'the lead'!r} was found: compare all of it" for name in one.untraced
    ]
    return "\n".join([*lines, *(f"  {note}" for note in one.notes)])


def _say(options: Any, data: object, text: str) -> None:
    print(json.dumps(data, ensure_ascii=False) if options.json else text)
