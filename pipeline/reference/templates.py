"""The wiki's templates and their parameters, from templates/wiki/Template/*.yaml."""

from __future__ import annotations

from pathlib import Path

import yaml

from pipeline.reference.table import table

FOLDER = Path("templates") / "wiki" / "Template"
LANGUAGE = "en"


def templates(root: Path) -> str:
    parts = [
        "# Templates",
        "What pages are made of on the wiki. The same, with examples and in each language, stands on "
        "`Template:NAME/doc`.",
    ]
    for path in sorted((root / FOLDER).rglob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        name = path.relative_to(root / FOLDER).with_suffix("").as_posix()
        parts += [f"## {name}", f"{data['about'][LANGUAGE]} Version {data['version']}."]
        body = [
            (f"`{key}`", str(one.get("type", "")), str(one.get("need", "optional")), one["about"][LANGUAGE])
            for key, one in data.get("parameters", {}).items()
        ]
        if body:
            parts.append(table(("parameter", "holds", "need", "means"), body))
    return "\n\n".join(parts)
