"""The diagnostics: a table of all, then each with its example."""

from __future__ import annotations

from pipeline.diagnostics.explain import text_of
from pipeline.diagnostics.page import pages
from pipeline.reference.table import table


def diagnostics() -> str:
    parts = [
        "# Diagnostics",
        "Each problem that Marovi finds has a code that stays. `marovi explain M042` shows the same on a terminal. "
        "The examples are tried in the tests, in a small project that is right otherwise.",
        table(
            ("code", "rule", "means"),
            [(f"[{one.code}](#{one.code.lower()}-{one.rule})", f"`{one.rule}`", one.says) for one in pages()],
        ),
    ]
    for one in pages():
        parts += [
            f"## {one.code} {one.rule}",
            one.says,
            text_of(one).replace("\n## ", "\n### ").replace("## ", "### ", 1),
        ]
    return "\n\n".join(parts).replace("#### ", "### ")
