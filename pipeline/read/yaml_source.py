"""YAML whose every key and value remembers its place, checked against a JSON Schema."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pipeline.errors import Where, suggest
from pipeline.read.context import Reading

if TYPE_CHECKING:
    import yaml

Path_ = tuple[str | int, ...]
OPENED = ("quoted scalar", "flow sequence", "flow mapping")
SCHEMAS = Path(__file__).parent / "schema"


@dataclass(frozen=True, slots=True)
class Mapped:
    """Data read from YAML and the place of each key and value, by the path that leads to it."""

    data: Any
    keys: Mapping[Path_, Where]
    values: Mapping[Path_, Where]

    def key(self, *path: str | int) -> Where:
        """The place of a key, or of the nearest thing around it."""
        return _nearest(self.keys, path)

    def value(self, *path: str | int) -> Where:
        """The place where a value starts, or of the nearest thing around it."""
        return _nearest(self.values, path)


@functools.cache
def _loader() -> Any:
    """Safe YAML in which dates and yes/no stay what the author typed."""
    import yaml  # as with jsonschema below: most builds read no head anew

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        yaml_implicit_resolvers: ClassVar = {
            first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
            for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    return Loader


def load_yaml(text: str, reading: Reading, first_line: int = 1) -> Mapped | None:
    """Read YAML that starts on `first_line` of the file; None after reporting why it can't be read."""
    import yaml

    loader = _loader()(text)
    try:
        node = loader.get_single_node()
        if node is None:
            reading.report(reading.where(first_line), "holds no data", "write its keys", "yaml")
            return None
        keys: dict[Path_, Where] = {}
        values: dict[Path_, Where] = {}
        for path, key_node, value_node in _walk(node, ()):
            values[path] = _mark(reading, value_node, first_line)
            if key_node is not None:
                where = _mark(reading, key_node, first_line)
                if key_node.tag != "tag:yaml.org,2002:str":
                    reading.report(where, f"the key {path[-1]!r} is not text", "put it in quotes", "yaml")
                    return None
                if path in keys:
                    reading.report(where, f"the key {path[-1]!r} stands twice", "keep one of them", "duplicate-key")
                keys[path] = where
        return Mapped(loader.construct_document(node), keys, values)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if error.context_mark and (error.context or "").endswith(OPENED):
            mark = error.context_mark  # where it was opened; it goes wrong somewhere below
        where = reading.where(mark.line + first_line, mark.column + 1) if mark else reading.where(first_line)
        what = (error.problem or "cannot be read").strip()
        remedy = "quote a value that holds `: ` or starts with a special character"
        reading.report(where, f"broken YAML: {what}", remedy, "yaml")
    except yaml.YAMLError as error:
        reading.report(reading.where(first_line), f"broken YAML: {error}", rule="yaml")
    except RecursionError:
        reading.report(reading.where(first_line), "broken YAML: nested too deeply", rule="yaml")
    except ValueError as error:  # a number or a date that the notation allows and nothing can hold
        reading.report(reading.where(first_line), f"broken YAML: {error}", "quote the value", "yaml")
    finally:
        loader.dispose()
    return None


def check_schema(mapped: Mapped, name: str, reading: Reading) -> bool:
    """Report every place where the data does not fit schema/`name`.json; True when it fits."""
    fits = True
    for error in _validator(name).iter_errors(mapped.data):
        fits = False
        path: Path_ = tuple(error.absolute_path)
        known = error.schema.get("properties", {})
        if error.validator == "additionalProperties":
            for key in sorted(set(map(str, error.instance)) - set(known)):
                reading.report(mapped.key(*path, key), f"unknown key {key!r}", suggest(key, known), "unknown-key")
        elif error.validator == "required":
            key = error.message.split("'")[1]
            holder = f" in {path[-1]!r}" if path else ""
            reading.report(mapped.value(*path), f"the key {key!r} is missing{holder}", _meaning(known, key), "key")
        elif error.validator == "enum":
            wrong = f"{path[-1] if path else 'value'}: {error.instance!r} is not one of the known ones"
            remedy = suggest(str(error.instance), [str(choice) for choice in error.validator_value])
            reading.report(mapped.value(*path), wrong, remedy, "value")
        else:
            place = f"{path[-1]!r} " if path else ""
            message = f"{place}does not fit: {_plain(error)}"
            reading.report(mapped.value(*path), message, _description(error.schema), "value")
    return fits


def _plain(error: Any) -> str:
    names = {"array": "a list", "object": "keys with values", "string": "text", "integer": "a whole number"}
    if error.validator == "type":
        wanted = names.get(error.validator_value, str(error.validator_value))
        return f"expected {wanted}, found {json.dumps(error.instance, ensure_ascii=False, default=str)[:60]}"
    if error.validator in ("minLength", "minItems"):
        return "it is empty"
    return str(error.message)[:200]


def _meaning(properties: Mapping[str, Any], key: str) -> str:
    description = properties.get(key, {}).get("description", "")
    return f"add {key}: {description}" if description else f"add {key}:"


def _description(schema: Mapping[str, Any]) -> str:
    return str(schema.get("description", ""))


@functools.cache
def _validator(name: str) -> Any:
    import jsonschema  # slow to import, and a build with nothing changed does not need it

    return jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8")))


def _walk(node: yaml.Node, path: Path_, depth: int = 0) -> Iterator[tuple[Path_, yaml.Node | None, yaml.Node]]:
    import yaml

    if not path:
        yield path, None, node
    if depth > 50:
        raise RecursionError
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            yield inner, key, value
            yield from _walk(value, inner, depth + 1)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*path, number), None, value
            yield from _walk(value, (*path, number), depth + 1)


def _mark(reading: Reading, node: yaml.Node, first_line: int) -> Where:
    """Where a node starts; of text in quotes the place of its first letter, from which places inside it are counted."""
    quoted = getattr(node, "style", None) in ("'", '"')
    return reading.where(node.start_mark.line + first_line, node.start_mark.column + (2 if quoted else 1))


def _nearest(places: Mapping[Path_, Where], path: Path_) -> Where:
    while path and path not in places:
        path = path[:-1]
    return places.get(path, next(iter(places.values()), Where("")))
