"""`marovi hook`: git asks `marovi check` before each commit, about the topics that the commit changes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.config import Config
from pipeline.errors import MaroviError

MARK = "# made by `marovi hook install`"
SCRIPT = f"""#!/bin/sh
{MARK}; `git commit --no-verify` goes without it
exec {{python}} -m pipeline.cli --root "$(git rev-parse --show-toplevel){{below}}" hook run
"""


def hook(config: Config, options: Any) -> int:
    """Install the hook, take it away, or look at what the next commit changes."""
    if options.action == "run":
        return _run(config, options.file or _staged(config.root))
    file = _place(config.root)
    ours = file.is_file() and MARK in file.read_text(encoding="utf-8", errors="replace")
    if file.exists() and not ours:
        raise MaroviError(f"{file} is there already", "add a line `marovi hook run` to it")
    if options.action == "remove":
        file.unlink(missing_ok=True)
        print(f"Removed {file}" if ours else "There was no hook.")
        return 0
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_script(config.root), encoding="utf-8")
    file.chmod(0o755)
    print(f"Installed {file}")
    return 0


def topics_of(files: Iterable[str]) -> tuple[str, ...]:
    """The slugs of the topics that files belong to; none where a file concerns all of them, such as the glossary.

    `files` are relative to the project. Those outside articles/ and templates/ concern no topic.
    """
    slugs = set()
    for parts in (PurePosixPath(file).parts for file in files):
        if parts[:2] == ("articles", "papers") and len(parts) > 3:
            slugs.add(parts[2])
        elif parts[:1] == ("articles",) and len(parts) > 2 and parts[1] not in ("glossary", "words"):
            slugs.add(parts[1])
        elif parts[:1] in (("articles",), ("templates",)):
            return ()
    return tuple(sorted(slugs))


def _run(config: Config, files: Iterable[str]) -> int:
    from pipeline.cli import main

    mattering = [file for file in files if file.startswith(("articles/", "templates/"))]
    if not mattering:
        return 0
    folders = [config.root / "articles", config.root / "articles" / "papers"]
    slugs = [slug for slug in topics_of(mattering) if any((folder / slug).is_dir() for folder in folders)]
    return main(["--root", str(config.root), "check", *slugs])


def _staged(root: Path) -> list[str]:
    listed = _git(root, "diff", "--cached", "--name-only", "--relative", "-z")
    return [name for name in listed.split("\0") if name]


def _place(root: Path) -> Path:
    path = Path(_git(root, "rev-parse", "--git-path", "hooks/pre-commit").strip())
    return path if path.is_absolute() else root / path


def _script(root: Path) -> str:
    import shlex
    import sys

    below = _git(root, "rev-parse", "--show-prefix").strip().rstrip("/")
    return SCRIPT.format(python=shlex.quote(sys.executable), below=f"/{below}" if below else "")


def _git(root: Path, *words: str) -> str:
    # Git tells a hook where its repository is; what runs here has to find the project's own.
    environment = {name: value for name, value in os.environ.items() if name != "GIT_DIR"}
    try:
        done = subprocess.run(
            ["git", *words], cwd=root, env=environment, capture_output=True, text=True, check=True, timeout=30
        )
    except FileNotFoundError as error:
        raise MaroviError("git is not installed", "install it") from error
    except subprocess.CalledProcessError as error:
        raise MaroviError(f"git: {error.stderr.strip()}", "run this in a clone of the project") from error
    return done.stdout
