"""Read what was brought in as the project would, before it is written: what a build would refuse is said."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from pipeline.bring_in.writing import write
from pipeline.config import Config
from pipeline.errors import Problem
from pipeline.read import read_all

SHARED = ("categories.yaml", "planned.yaml", "references.bib", "glossary")


def problems_of(files: Mapping[str, bytes], config: Config, alone: bool) -> tuple[Problem, ...]:
    """What reading says of the new files, put beside the project's own in a folder that is thrown away.

    With `alone` the project's topics are not there: the files go to another place.
    """
    with tempfile.TemporaryDirectory(prefix="marovi-import-") as name:
        root = Path(name)
        articles = root / "articles"
        articles.mkdir()
        (root / "templates").symlink_to((config.root / "templates").resolve())
        for path in (config.root / "articles").iterdir():
            if path.name == "glossary" or (path.is_file() and path.name in SHARED):
                _copy(path, articles / path.name, files)
            elif path.is_dir() and not alone:
                (articles / path.name).symlink_to(path.resolve())
        write(files, articles)
        _, problems = read_all(_at(config, root))
    mine = {name if name.startswith("glossary/") else name.partition("/")[0] + "/" for name in files if "/" in name}
    return tuple(one for one in problems if any(one.where.file.startswith(f"articles/{name}") for name in mine))


def _at(config: Config, root: Path) -> Config:
    return Config(root=root, languages=config.languages)


def _copy(source: Path, target: Path, files: Mapping[str, bytes]) -> None:
    """Copy a file, or a folder's files but for those that the import brings as well."""
    if source.is_dir():
        target.mkdir()
        for path in source.iterdir():
            if f"{source.name}/{path.name}" not in files:
                (target / path.name).write_bytes(path.read_bytes())
    else:
        target.write_bytes(source.read_bytes())
