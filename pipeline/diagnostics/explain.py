"""`marovi explain`: the page of a diagnostic, by its code or by its rule; all of them where none is named."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from pipeline.diagnostics.page import Example, Explained, pages
from pipeline.errors import MaroviError, suggest
from pipeline.terminal import columns, harmless, paint, wrapped


def explain(options: Any) -> int:
    """Print what `options.what` names, or the list of all."""
    found = [find(options.what)] if options.what else list(pages())
    if options.json:
        print(json.dumps([asdict(page) for page in found], ensure_ascii=False))
    elif options.what:
        page = found[0]
        first, *rest = wrapped(f"{page.code} {page.rule}: {page.says}", columns())
        print("\n".join([paint(first, "bold", sys.stdout), *rest, ""]))
        for line in text_of(page).split("\n"):
            print("\n".join([line] if line.startswith("    ") else wrapped(line, columns())))
    else:
        wide = max(len(page.rule) for page in found)
        for page in found:
            print("\n".join(wrapped(f"{page.code}  {page.rule:{wide}}  {page.says}", columns(), " " * 6)))
        print("\n`marovi explain M042` or `marovi explain digits` shows one of them.")
    return 0


def find(word: str) -> Explained:
    """The page with this code or rule; raises MaroviError, which names the nearest, when there is none."""
    for page in pages():
        if word.lower() in (page.code.lower(), page.rule):
            return page
    known = [page.rule for page in pages()] + [page.code for page in pages()]
    remedy = suggest(word.upper() if word[:1] in "mM" and word[1:].isdigit() else word.lower(), known)
    raise MaroviError(f"there is no diagnostic {word!r}", remedy or "`marovi explain` lists all of them")


def text_of(page: Explained, code_block: str = "    ") -> str:
    """The page's text, with its example between what it means and how to mend it."""
    meaning, _, mending = page.text.partition("\n## How to mend it\n")
    example = example_of(page.example, code_block) if page.example else ""
    return "\n".join(part for part in (meaning.strip() + "\n", example, f"## How to mend it\n{mending}") if part)


def example_of(example: Example, indent: str = "    ") -> str:
    """The wrong and the right text of an example, as Markdown."""

    def block(text: str) -> str:
        lines = text.removesuffix("\n").split("\n") if text else ["(nothing)"]
        return "\n".join(indent + harmless(line) for line in lines)

    where = {"run": "in a code cell", "shared": "in pyproject.toml, below [tool.marovi]"}
    place = where.get(example.look, f"in `{example.file}`" if example.file else "")
    parts = ["## An example\n"]
    if example.shown:
        parts.append(f"{example.shown}\n")
    if example.wrong is not None:
        old = f" in the place of\n\n{block(example.in_place_of)}\n\nstands" if not example.right else ""
        parts.append(f"Wrong, {place}{old}:\n\n{block(example.wrong)}\n")
    if example.right:
        parts.append(f"Right:\n\n{block(example.right)}\n")
    return "\n".join(parts) if len(parts) > 1 else ""
