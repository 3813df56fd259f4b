"""build/ on disk: what changed is written, what nothing makes any more is deleted, and the rest is not touched."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import MaroviError
from pipeline.fingerprint import Mark, mark_of, outputs
from pipeline.memo.engine import Key, Memo
from pipeline.memo.site import SiteFile
from pipeline.memo.store import DamagedError
from pipeline.render.manifest import MANIFEST, layout, text_of
from pipeline.render.page import Rendered

WRITTEN: Key = ("written",)


class Written(NamedTuple):
    """A file as it was left: the digest it was made for, and what tells that nobody touched it since."""

    digest: str
    size: int
    modified: int  # nanoseconds
    inode: int


def bring_up_to_date(memo: Memo, rendered: Rendered, site: Iterable[SiteFile]) -> Mapping[str, Mark]:
    """Make build/ hold what was rendered, and nothing else; return its files as they then are.

    Everything is written beside it first. The manifest comes into its place last: a build that was stopped between two
    files is seen by the hashes in it, refused by who would publish it, and made whole by the next build.
    Raises DamagedError when something to be written is not what it was.
    """
    folder, state = memo.given.config.build, memo.given.config.state
    wanted = dict(_wanted(rendered, site))
    known: Mapping[str, Written] = memo.held(WRITTEN) or {}
    there = dict(outputs(folder))
    kept = {
        path: known[path]
        for path, (digest, _) in wanted.items()
        if path in known and known[path].digest == digest and there.get(path) == known[path][1:]
    }
    state.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix="build-", dir=state))
    try:
        fresh = {path: staging / str(number) for number, path in enumerate(wanted) if path not in kept}
        for path, place in fresh.items():
            place.write_bytes(_content(wanted[path][1]))
        for path in there.keys() - wanted.keys():
            (folder / path).unlink()
        _remove_empty(folder, {Path(path).parent.as_posix() for path in there.keys() - wanted.keys()})
        for parent in {(folder / path).parent for path in fresh}:
            parent.mkdir(parents=True, exist_ok=True)
        for path in sorted(fresh, key=lambda path: path == MANIFEST):
            fresh[path].replace(folder / path)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    now = {path: Written(wanted[path][0], *mark_of((folder / path).stat())) for path in fresh}
    written = {path: kept.get(path) or now[path] for path in wanted}
    memo.put(WRITTEN, written)
    return {path: one[1:] for path, one in written.items()}


def _wanted(rendered: Rendered, site: Iterable[SiteFile]) -> Iterator[tuple[str, tuple[str, Callable[[], bytes]]]]:
    """Path -> digest and the way to the bytes, of everything that is to stand in build/."""
    for path, sha1, content in layout(rendered):
        yield path, (sha1, content)
    manifest = text_of(rendered).encode()
    yield MANIFEST, (hashlib.sha1(manifest).hexdigest(), lambda: manifest)
    for one in site:
        yield f"site/{one.path}", (one.digest, one.content)


def _content(content: Callable[[], bytes]) -> bytes:
    try:
        return content()
    except MaroviError as error:  # a picture that the cache has lost
        raise DamagedError(str(error)) from error


def _remove_empty(folder: Path, names: Iterable[str]) -> None:
    """Remove the folders that have become empty, and those around them."""
    for name in sorted(names, key=len, reverse=True):
        place = folder / name
        while place != folder and place.is_dir() and not any(place.iterdir()):
            place.rmdir()
            place = place.parent
