"""The commands with their arguments and options, and the exit codes, from the parser."""

from __future__ import annotations

import argparse
import re

from pipeline.cli import EXIT_CODES, parser
from pipeline.reference.table import table


def commands() -> str:
    top = parser()
    (choices,) = [one for one in top._actions if isinstance(one, argparse._SubParsersAction)]
    parts = [
        "# Commands",
        "`marovi [--root DIR] COMMAND …` works on the project around the folder it is called in, or on that of "
        "`--root`. Each command has `--help`; those with `--json` print one JSON value on standard output.",
        table(
            ("command", "does"),
            [(f"[`{one.dest}`](#{one.dest})", _sentence(one.help)) for one in choices._choices_actions],
        ),
    ]
    for name, sub in choices.choices.items():
        parts += [f"## {name}", _sentence(sub.description), f"    {_usage(name, sub)}"]
        body = [(_name(one), _sentence(_help(one))) for one in sub._actions if one.dest != "help"]
        if body:
            parts.append(table(("argument", "means"), body))
        if sub.epilog:
            parts.append(sub.epilog)
    return "\n\n".join(parts)


def exit_codes() -> str:
    """The docstring of pipeline/cli.py, as a table."""
    found = re.findall(r"(\d+) ([^;]+?)(?=[;.]\s|[;.]?$)", " ".join(EXIT_CODES.split()).removeprefix("Exit codes: "))
    body: dict[str, list[str]] = {}
    for code, means in found:
        body.setdefault(code, []).append(means)
    return "\n\n".join(
        [
            "# Exit codes",
            "What a command ends with, for scripts and workflows.",
            table(("code", "means"), [(f"`{code}`", "; ".join(means)) for code, means in body.items()]),
        ]
    )


def _usage(name: str, sub: argparse.ArgumentParser) -> str:
    words = [f"marovi {name}"]
    for one in sub._actions:
        if one.dest == "help":
            continue
        if one.option_strings:
            takes = "" if one.nargs == 0 else f" {_value(one)}"
            text = f"{one.option_strings[-1]}{takes}"
            words.append(text if one.required else f"[{text}]")
        else:
            words.append({"*": f"[{_value(one)} …]", "?": f"[{_value(one)}]"}.get(str(one.nargs), _value(one)))
    return " ".join(words)


def _value(one: argparse.Action) -> str:
    if one.metavar:
        return str(one.metavar)
    return "|".join(map(str, one.choices)) if one.choices else one.dest.upper()


def _name(one: argparse.Action) -> str:
    takes = "" if one.nargs == 0 or not one.option_strings else f" {_value(one)}"
    return f"`{', '.join(one.option_strings)}{takes}`" if one.option_strings else f"`{_value(one)}`"


def _help(one: argparse.Action) -> str:
    return (one.help or ("one of " + ", ".join(map(str, one.choices)) if one.choices else "")).replace("%%", "%")


def _sentence(text: str | None) -> str:
    text = (text or "").strip()
    return text[:1].upper() + text[1:].removesuffix(".") + "." if text else ""
