"""The settings of [tool.marovi], from the fields of pipeline.config and the comments beside them."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Mapping

from pipeline import config
from pipeline.reference.table import table

UNITS = (("GiB", 2**30), ("MiB", 2**20), ("kB", 10**3))
ELSEWHERE = (
    ("MAROVI_WIKI_URL", "the address of the folder that holds api.php"),
    ("MAROVI_WIKI_USER", "the bot's login, Name@app"),
    ("MAROVI_WIKI_PASSWORD", "its bot password"),
    ("MAROVI_WIKI_TOKEN", "an owner-only OAuth 2 token, in the place of user and password"),
    ("MAROVI_CACHE_KEY", "the secret that entries of a shared cache are signed with"),
    ("NO_COLOR", "no colours on terminals, whatever it is set to"),
)


def configuration() -> str:
    return "\n\n".join(
        [
            "# Configuration",
            "Settings stand in `pyproject.toml` below `[tool.marovi]`. One that is unknown or of the wrong kind is "
            'an error that names the nearest one. Sizes are text such as `"4 GiB"` or `"200 kB"`.',
            table(("setting", "default", "means"), _settings()),
            "## Wikis",
            "Each wiki has a table of its own, `[tool.marovi.targets.NAME]`, and is chosen with "
            "`--target NAME`. Its secret comes from the environment (`docs/publishing.md`).",
            table(("setting", "default", "means"), _fields(config.TargetSettings, skip=("name",))),
            "## Environment",
            table(("variable", "means"), [(f"`{name}`", means) for name, means in ELSEWHERE]),
        ]
    )


def _settings() -> list[tuple[str, str, str]]:
    return _fields(config.Config, skip=("root",))


def _fields(of: type, skip: tuple[str, ...]) -> list[tuple[str, str, str]]:
    comments = _comments(of)
    return [
        (f"`{field.name}`", _shown(field), comments[field.name])
        for field in dataclasses.fields(of)
        if field.name not in skip
    ]


def _comments(of: type) -> Mapping[str, str]:
    """Field -> the comment behind it."""
    lines = inspect.getsource(of).split("\n")
    found = [re.match(r"    (\w+): .*?(?:  # (.*))?$", line) for line in lines]
    return {match[1]: match[2] or "the address of its api.php's folder" for match in found if match}


def _shown(field: dataclasses.Field[object]) -> str:
    if field.default is dataclasses.MISSING:
        return "" if field.default_factory is dataclasses.MISSING else "none"
    value = field.default
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`[{', '.join(map(_quoted, value))}]`"
    if isinstance(value, int) and value >= 10**4:
        unit, size = next((unit, size) for unit, size in UNITS if not value % size)
        return f'`"{value // size} {unit}"`'
    return f"`{value:g}`" if isinstance(value, (int, float)) else f"`{_quoted(value)}`"


def _quoted(value: object) -> str:
    return f'"{value}"'
