"""Take a topic off the list of planned ones without touching anything else in the file."""

from __future__ import annotations

import yaml


def without_topic(text: str, slug: str) -> str:
    """The text of planned.yaml without a topic's lines; comments and all other lines stay as they are."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(node, yaml.MappingNode):
        return text
    lines = text.split("\n")
    for key, value in node.value:
        if key.value != slug:
            continue
        if node.flow_style:  # {a: …, b: …} on one line: written anew
            kept = {name: titles for name, titles in yaml.safe_load(text).items() if name != slug}
            return yaml.safe_dump(kept, allow_unicode=True, sort_keys=False) if kept else ""
        first, last = key.start_mark.line, value.end_mark.line
        if value.end_mark.column > 0:
            last += 1
        while last > first + 1 and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
            last -= 1
        return "\n".join([*lines[:first], *lines[last:]])
    return text
