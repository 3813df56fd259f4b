"""`marovi preview --compare`: say where the site and the wiki show a reader something else, page by page."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pipeline.config import Config
from pipeline.preview.compare import Compared, compared
from pipeline.preview.wiki_choice import WikiChoice
from pipeline.preview.wiki_lacks import LACKING, Lacking

LONGEST = 400  # letters of a difference that are printed
NAMED = 8  # titles in a line
SAID: dict[Lacking, str] = {
    "missing": "not on the wiki yet",
    "other": "on the wiki in another version",
    "file-missing": "pictures that are not on the wiki yet",
    "file-other": "pictures that are others on the wiki",
    "foreign": "missing on the wiki, and not made here",
    "language": "pages whose language the wiki does not know yet",
}


def command(config: Config, options: Any) -> int:
    """Build, compare the pages of the slugs in `options.slug`, and return 1 when one differs.

    Raises MaroviError when the sources are wrong, a slug is none, or the wiki does not answer.
    """
    from pipeline.build import build, remembering
    from pipeline.report import RunProgress

    wiki = WikiChoice(config, options.target or "", os.environ)()
    wiki.wiki.nature()  # a wiki that does not answer is said before anything runs
    if not options.no_build:
        with RunProgress(quiet=options.json) as progress:
            build(config, progress=progress)
    found: list[Compared] = []
    with remembering(config) as memo:
        for one in compared(memo, wiki, options.slug):
            found.append(one)
            if not options.json and one.differences:
                print(differing(one), flush=True)
    if options.json:
        print(json.dumps(as_json(wiki.target.url, found), ensure_ascii=False))
    else:
        for line in lacking(found, wiki.remedy):
            print(line, file=sys.stderr)
        print(summed_up(found))
    return 1 if any(one.differences for one in found) else 0


def differing(one: Compared) -> str:
    """The first difference of a page, and how many more there are."""
    first, *more = one.differences
    text = str(first)
    shortened = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    rest = f" (and {len(more)} more)" if more else ""
    return f"{one.place.page.title}: {shortened}{rest}"


def lacking(found: Iterable[Compared], remedy: Callable[[Iterable[str]], str]) -> list[str]:
    """What the wiki lacks for these pages, in one line a way of lacking; `remedy` gives the command against it."""
    titles: dict[Lacking, dict[str, None]] = {how: {} for how in LACKING}
    for one in found:
        for lack in one.lacks:
            titles[lack.how] |= dict.fromkeys(lack.titles)
    lines = []
    for how, named in titles.items():
        if named:
            rest = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
            run = "" if how == "foreign" else f"; run `{remedy(named)}`"
            lines.append(f"{SAID[how]}: {', '.join(list(named)[:NAMED])}{rest}{run}")
    return lines


def summed_up(found: Sequence[Compared]) -> str:
    count, different = len(found), sum(1 for one in found if one.differences)
    pages = f"{count} page{'s' if count != 1 else ''} compared"
    return f"{pages}, {different} differ{'s' if different == 1 else ''}" if different else f"{pages}, all the same"


def as_json(url: str, found: Sequence[Compared]) -> dict[str, Any]:
    return {
        "wiki": url,
        "compared": len(found),
        "different": sum(1 for one in found if one.differences),
        "pages": [one.to_json() for one in found],
    }
