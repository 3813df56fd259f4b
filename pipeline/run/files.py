"""The state of a file that results depend on, in one word: its digest, or that it is not there."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

ABSENT = "absent"
DENIED = "denied"  # the sandbox refused it, which depends on the sandbox and not on the file
FOLDER = "a folder"
FILE = "a file"
OTHER = "other"  # a device, a pipe or a socket: nothing that could be compared

MISSED = "missed"  # name and state of what could not be noticed: no file's state is this word
OURS = "code:"  # stands for the folder that holds pipeline and runtime, which may be another one on another machine


def state_of(path: str) -> str:
    """Return the SHA-256 of a file's content, or of the names in a folder, or one of the words above."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return ABSENT
    except (OSError, ValueError):
        return DENIED
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            names = sorted(os.listdir(descriptor))  # noqa: PTH208 (pathlib takes no descriptor)
            return "folder " + hashlib.sha256("\0".join(names).encode(errors="surrogateescape")).hexdigest()
        if not stat.S_ISREG(mode):
            return OTHER
        with open(descriptor, "rb", closefd=False) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return DENIED
    finally:
        os.close(descriptor)


def presence_of(path: str) -> str:
    """Say whether something has this name, for those who only asked that."""
    try:
        mode = Path(path).stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return ABSENT
    except (OSError, ValueError):
        return DENIED
    return FOLDER if stat.S_ISDIR(mode) else FILE
