"""results.json: what an author accepted as the results of a topic, reviewed and committed like code."""

from __future__ import annotations

import hashlib
import json
import math
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.errors import Problem, Where
from pipeline.read.article import Article
from pipeline.run.reproduce import first_difference
from pipeline.run.results import Agreement, Environment, Results, Value
from pipeline.run.uses import uses

NAME = "results.json"
RULE = "digits"
REMEDY = "`marovi build --accept` takes the new results, if they are right"

Contents = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that came out otherwise than accepted; `old` or `new` is None where there is none."""

    where: Where
    what: str
    old: str | None
    new: str | None


def contents(article: Article, results: Results) -> Contents:
    """Return what results.json is to hold for these results."""
    values = {name: glued.value for name, glued in results.glued.items()}
    more: Contents = {
        "devices": {device: asdict(agreement) for device, agreement in results.devices.items()},
        "differs": {what: asdict(differs) for what, differs in results.differs.items()},
    }
    return {
        **{key: value for key, value in more.items() if value},
        "checks": [
            {
                "cell": check.cell,
                "kind": check.kind,
                "text": check.text,
                "tolerance": check.tolerance,
                "difference": None if check.difference is None else _rounded(check.difference, 1),
            }
            for check in results.checks
        ],
        "computed": results.computed,
        "environment": asdict(results.environment),
        "figures": {name: figure.data_sha256 for name, figure in results.figures.items()},
        "level": results.level,
        "output": {
            cell: {"stdout": output.stdout, "value": output.value}
            for cell, output in results.outputs.items()
            if output.stdout or output.value
        },
        "printed": {use.key: text for use in uses(article) if (text := use.of(values)) is not None},
        "values": {name: _rounded(value, 12) for name, value in values.items()},
    }


def compare(article: Article, results: Results) -> tuple[Problem, ...]:
    """Return a problem for each difference from results.json; only what was accepted and changed is an error."""
    if not (article.folder / NAME).is_file():
        message = "is missing: nobody has looked at these results yet"
        return (Problem(_place(article), message, "`marovi build --accept` writes it", RULE, "warning"),)
    try:
        found = differences(article, results)
    except ValueError as error:
        return (Problem(_place(article), str(error), "`marovi build --accept` writes it anew", RULE),)
    return tuple(_problem(difference) for difference in found)


def differences(article: Article, results: Results) -> tuple[Difference, ...]:
    """Return what differs from results.json, in the order of its keys; nothing when there is no results.json.

    Raises ValueError when results.json cannot be read.
    """
    accepted = _read(article.folder / NAME)
    if accepted is None:
        return ()
    old, new = _items(accepted), _items(contents(article, results))
    changed = [what for what in sorted({*old, *new}) if old.get(what) != new.get(what)]
    places = _places(article, results) if changed else {}
    return tuple(Difference(places.get(what, _place(article)), what, old.get(what), new.get(what)) for what in changed)


def difference_rows(found: tuple[Difference, ...]) -> tuple[tuple[str, str, str], ...]:
    """Return the differences as rows of a table, with its head: what, accepted, now."""
    rows = [("what", "accepted", "now")]
    for difference in found:
        old, new = _shown(difference)
        rows.append((difference.what, old or "-", new or "-"))
    return tuple(rows)


def accept_results(article: Article, results: Results) -> bool:
    """Write results.json unless only the date or the machine would change; say whether it was written."""
    path = article.folder / NAME
    wanted = contents(article, results)
    try:
        accepted = _read(path)
    except ValueError:
        accepted = None
    if accepted is not None and _essence(accepted) == _essence(wanted):
        return False
    _write(path, wanted)
    return True


def agree(article: Article, results: Results, agreements: Mapping[str, tuple[str, str]], date: str) -> bool:
    """Note in results.json which other devices, by their names and torch versions, give what it holds.

    Returns False, and writes nothing, when it does not hold `results`: then nobody has accepted them.
    """
    path = article.folder / NAME
    accepted = _read(path)
    if accepted is None or _items(accepted) != _items(contents(article, results)):
        return False
    of = _fingerprint(article, accepted)
    known = {device: one for device, one in accepted.get("devices", {}).items() if one["of"] == of}
    for device, (name, torch) in agreements.items():
        before = known.get(device)
        if before is None or (before["name"], before["torch"]) != (name, torch):
            known[device] = {"name": name, "torch": torch, "date": date, "of": of}
    wanted = {**accepted, "devices": known}
    if accepted["level"] in ("cross-checked", "cross-device"):
        wanted["level"] = "cross-device" if "cuda" in known else "cross-checked"
    if wanted != accepted:
        _write(path, wanted)
    return True


def disagree(article: Article, devices: Iterable[str]) -> None:
    """Take out of results.json that these devices agree with it, where it said so."""
    path = article.folder / NAME
    accepted = _read(path)
    if accepted is None or not set(devices) & set(accepted.get("devices", {})):
        return
    wanted = {**accepted, "devices": {key: one for key, one in accepted["devices"].items() if key not in devices}}
    if not wanted["devices"]:
        del wanted["devices"]
    if accepted["level"] == "cross-device" and "cuda" in devices:
        wanted["level"] = "cross-checked"
    _write(path, wanted)


def _write(path: Path, wanted: Contents) -> None:
    text = json.dumps(wanted, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f".{NAME}-", delete=False) as file:
        file.write(text)
    fresh = Path(file.name)
    fresh.chmod(0o644)
    fresh.replace(path)


def _fingerprint(article: Article, held: Contents) -> str:
    """Hash the cells and all that is compared: what another device was found to agree with."""
    cells = [[cell.label, cell.source] for cell in article.cells]
    return hashlib.sha256(json.dumps([cells, _items(held)], sort_keys=True).encode()).hexdigest()


def recorded(article: Article, results: Results) -> Results:
    """Return the results with the date, the machine and the other devices of results.json where it has the same digits.

    A page says when and where its numbers were computed first; computing them again elsewhere does not change it. What
    differs in each run is taken from there too, or the page would change with each run.
    """
    try:
        accepted = _read(article.folder / NAME)
        if accepted is None or _items(accepted) != _items(contents(article, results)):
            return results
        environment = Environment(**accepted["environment"])
        of = _fingerprint(article, accepted)
        devices = {device: Agreement(**one) for device, one in accepted.get("devices", {}).items() if one["of"] == of}
        glued = {
            name: replace(one, value=accepted["values"][name])
            if name in accepted["values"] and _differs_by_run(results, f"value {name}")
            else one
            for name, one in results.glued.items()
        }
    except (ValueError, TypeError, KeyError):
        return results
    return replace(results, computed=accepted["computed"], environment=environment, devices=devices, glued=glued)


def _differs_by_run(results: Results, what: str) -> bool:
    return what in results.differs and results.differs[what].by == "run"


def _read(path: Path) -> Contents | None:
    """Return what the file holds, None when there is none. Raises ValueError when it is damaged."""
    try:
        accepted = json.loads(path.read_text(encoding="utf-8"))
        _essence(accepted)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise ValueError(f"cannot be read ({type(error).__name__}: {error})") from error
    return accepted  # type: ignore[no-any-return]


def _items(held: Contents) -> dict[str, str]:
    """Return everything that is compared, under the words by which it is spoken of."""
    differs = held.get("differs", {})
    in_each_run = {what for what, one in differs.items() if one["by"] == "run"}
    items = {
        f"value {key}": text
        for key, text in held["printed"].items()
        if f"value {_NAME_OF.match(key)[0]}" not in in_each_run  # type: ignore[index]
    }
    items |= {f"{what} differs by {one['by']}: {one['reason']!r}": "declared" for what, one in differs.items()}
    for cell, output in held["output"].items():
        items |= {f"{what} of cell {cell}": output[part] for part, what in _PARTS.items() if output[part]}
    items |= {
        f"data of figure {name}": digest[:12]
        for name, digest in held["figures"].items()
        if f"figure {name}" not in in_each_run
    }
    for check in held["checks"]:
        tolerance = "" if check["tolerance"] is None else f", within {check['tolerance']:g}"
        items[f"{check['kind']} {check['text']!r}"] = f"checked{tolerance}"
    return items


_NAME_OF = re.compile(r"[\w-]+")  # of a value, in front of an index, a column or a format
_PARTS = {"stdout": "output", "value": "result"}


def _places(article: Article, results: Results) -> dict[str, Where]:
    places = {f"value {use.key}": use.where for use in uses(article)}
    places |= {f"{what} of cell {cell.label}": cell.where for cell in article.cells for what in _PARTS.values()}
    places |= {f"data of figure {name}": article.where_of(figure.cell) for name, figure in results.figures.items()}
    file = article.source.file
    return places | {f"{check.kind} {check.text!r}": Where(file, check.line) for check in results.checks}


def _essence(held: Contents) -> Any:
    """Return what makes results worth writing anew: not the date, the machine or its rounding errors."""
    in_each_run = {what for what, one in held.get("differs", {}).items() if one["by"] == "run"}
    numbers = {name: _rounded(value, 6) for name, value in held["values"].items() if f"value {name}" not in in_each_run}
    return _items(held), held["level"], numbers, sorted(held.get("devices", {}))


def _problem(difference: Difference) -> Problem:
    old, new = _shown(difference)
    if difference.old is None:
        return Problem(difference.where, f"{difference.what} is not in {NAME}", REMEDY, RULE, "warning")
    if difference.new is None:
        return Problem(difference.where, f"{difference.what} is in {NAME} but gone", REMEDY, RULE, "warning")
    return Problem(difference.where, f"{difference.what} was {old!r} and is now {new!r}", REMEDY, RULE)


def _shown(difference: Difference) -> tuple[str, str]:
    """Return old and new, of longer texts the first line that differs."""
    old, new = difference.old or "", difference.new or ""
    return first_difference(old, new) if "\n" in old + new else (old, new)


def _rounded(value: Value, digits: int) -> Value:
    """Round every number to significant digits; JSON has no infinity, so that one becomes a text."""
    if isinstance(value, list):
        return [_rounded(item, digits) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(item, digits) for key, item in value.items()}
    if isinstance(value, float):
        return float(f"{value:.{digits - 1}e}") if math.isfinite(value) else str(value)
    return value


def _place(article: Article) -> Where:
    return Where(str(PurePosixPath(article.source.file).parent / NAME))
