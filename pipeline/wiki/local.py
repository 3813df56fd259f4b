"""Where a local wiki is, and the accounts on it; kept in a file that only its owner can read."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

STATE = "wiki.json"


@dataclass(frozen=True, slots=True)
class LocalWiki:
    """A wiki in a folder. `port` and `pid` are 0 while it is not served."""

    folder: Path
    bot_user: str  # "MaroviBot@deploy"
    bot_password: str = field(repr=False)
    admin_user: str
    admin_password: str = field(repr=False)
    person_user: str  # an account for editing by hand
    person_password: str = field(repr=False)
    port: int = 0
    pid: int = 0  # of the server's process group

    @property
    def url(self) -> str:
        """The folder of api.php, with a slash at its end."""
        return f"http://127.0.0.1:{self.port}/"


def read_state(folder: Path) -> LocalWiki | None:
    """Return what the folder's file says, None when there is no complete wiki in it."""
    try:
        data = json.loads((folder / STATE).read_text())
        return LocalWiki(**{**data, "folder": folder})
    except (OSError, ValueError, TypeError):
        return None


def write_state(wiki: LocalWiki) -> None:
    """Write the folder's file in one step, readable by its owner only."""
    data = {**asdict(wiki), "folder": ""}
    temporary = wiki.folder / f"{STATE}.{os.getpid()}"
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        json.dump(data, stream)
    temporary.replace(wiki.folder / STATE)
