"""What a local wiki's folder remembers: its port, its secrets and its accounts, in a file for its owner only."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import WikiError

NAME = "state.json"


@dataclass(frozen=True, slots=True)
class State:
    """The contents of state.json; php/settings.php reads `port` and `secret_key` from it."""

    secret_key: str
    bot_password: str
    admin_password: str
    reader_password: str
    port: int | None = None  # the last one it was served on


def new_state() -> State:
    """Draw the secrets of a new wiki."""
    # A bot password is 32 characters long; MediaWiki's own generator has this alphabet too.
    bot_password = "".join(secrets.choice("0123456789abcdefghijklmnopqrstuv") for _ in range(32))
    return State(secrets.token_hex(32), bot_password, secrets.token_urlsafe(18), secrets.token_urlsafe(18))


def write(folder: Path, state: State) -> None:
    """Replace the state of the wiki in `folder`, never leaving half of it, nor for a moment open to others."""
    new = folder / f"{NAME}.new"
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(state), file, indent=2)
    new.replace(folder / NAME)


def read(folder: Path) -> State | None:
    """Return the state of the wiki in `folder`, or None where no wiki is installed.

    Raises WikiError for a file that was damaged.
    """
    path = folder / NAME
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return State(**values)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, TypeError) as error:
        raise WikiError(f"{path} is damaged: {error}", f"remove {folder} and start the wiki again") from error
