"""`marovi check --fix`: mend what has one right answer, and nothing of which it is not proved that it only did that.

Edits are tried on a copy of the sources. A file is changed when reading and checking the copy shows that the problems
are gone, that no other came, and that the documents are the same but for what was to be mended; else it stays as it is.
"""

from __future__ import annotations

import difflib
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.config import Config
from pipeline.errors import MaroviError
from pipeline.fixing.edits import edited
from pipeline.fixing.look import Look, look
from pipeline.fixing.same import same

ROUNDS = 5  # one edit may bring the place of another to light


def fix(config: Config, slugs: Sequence[str] = (), dry_run: bool = False) -> str:
    """Mend the sources of these topics (all when none is named) and return what changed as a diff."""
    missing = [slug for slug in slugs if not any(_folders(config.root, slug))]
    if missing:
        raise MaroviError(f"there is no topic {missing[0]!r}", "name folders of articles/")
    with tempfile.TemporaryDirectory(prefix="marovi-fix-") as folder:
        copy = replace(config, root=_copied(config.root, Path(folder)))
        below = (folder for slug in slugs for folder in _folders(config.root, slug))
        changed = _mended(copy, tuple(f"{path.relative_to(config.root).as_posix()}/" for path in below))
        diff = "".join(_diff(config.root, copy.root, file) for file in changed)
        if not dry_run:
            for file, old in changed.items():
                if (config.root / file).read_bytes() != old:
                    raise MaroviError(f"{file} was changed meanwhile", "run it again")
                _write(config.root / file, (copy.root / file).read_bytes())
        return diff


def _mended(config: Config, folders: tuple[str, ...]) -> dict[str, bytes]:
    """Mend the copy of a project and return the files that changed, with what they held."""
    changed: dict[str, bytes] = {}
    refused: set[str] = set()
    before = look(config)
    for _ in range(ROUNDS):
        texts = {
            file: text
            for file, text in edited(config.root, before.problems).items()
            if file not in refused and (not folders or file.startswith(folders))
        }
        if not texts:
            break
        old = {file: (config.root / file).read_bytes() for file in texts}
        for file, text in texts.items():
            _write(config.root / file, text)
        after = look(config)
        wrong = {file for file in texts if not _is_better(file, before, after)}
        for file in wrong:
            _write(config.root / file, old[file])
        refused |= wrong
        for file in texts.keys() - wrong:
            changed.setdefault(file, old[file])
        before = look(config) if wrong else after
    return dict(sorted(changed.items()))


def _is_better(file: str, before: Look, after: Look) -> bool:
    """Whether a file has fewer of the problems that are mended here, no other ones, and says the same."""
    was, now = before.rules_of(file), after.rules_of(file)
    if was.total() <= now.total() and file in before.documents:
        return False
    if file not in before.documents:  # it could not be read, so that only now the rest of what is wrong is seen
        return not (was & now)
    return now <= was and file in after.documents and same(before.documents[file], after.documents[file])


def _folders(root: Path, slug: str) -> Iterable[Path]:
    return (path for path in (root / "articles" / slug, root / "articles" / "papers" / slug) if path.is_dir())


def _copied(root: Path, folder: Path) -> Path:
    """A copy of what reading and checking looks at."""
    copy = folder / "project"
    shutil.copytree(root / "articles", copy / "articles")
    shutil.copytree(root / "templates" / "messages", copy / "templates" / "messages")
    shutil.copy(root / "pyproject.toml", copy)
    return copy


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.fix")
    temporary.write_bytes(content)
    shutil.copymode(path, temporary)
    temporary.replace(path)


def _diff(old: Path, new: Path, file: str) -> str:
    before, after = ((root / file).read_bytes().decode("utf-8", "replace") for root in (old, new))
    lines = difflib.unified_diff(before.split("\n"), after.split("\n"), f"a/{file}", f"b/{file}", lineterm="")
    shown = [line.replace("\r", "\\r").replace("\ufeff", "\\ufeff") for line in lines]
    return "\n".join([*shown, ""])
