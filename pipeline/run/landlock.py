"""Landlock: this process may write only below one folder, and may not look into processes outside its domain."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Sequence
from pathlib import Path

# linux/landlock.h; the numbers of the calls are the same on all architectures
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1  # flag: say which version the kernel has
_BENEATH = 1  # rule type: a folder and all below it
_WRITE_FILE = 1 << 1
_TRUNCATE = 1 << 14
# write a file, remove and make entries of each kind; move between folders since version 2, truncate since 3
_WRITING = {1: _WRITE_FILE | sum(1 << bit for bit in range(4, 13)), 2: 1 << 13, 3: _TRUNCATE}


def allow_writing_only(folders: Sequence[Path]) -> bool:
    """Deny writing anywhere but below `folders` and to /dev/null, for good. Reading stays as it is.

    A process in such a domain, once it has no capabilities, cannot read memory or environment of one outside of it.
    Returns False where the kernel does not have it. Needs no_new_privs.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, 0, _VERSION)
    if version < 1:
        return False
    writing = sum(rights for since, rights in _WRITING.items() if since <= version)
    attributes = struct.pack("=Q", writing)
    ruleset = libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    try:
        to_file = (_WRITE_FILE | _TRUNCATE) & writing
        rules = [(folder, writing) for folder in folders] + [(Path(os.devnull), to_file)]
        return all(_allow(libc, ruleset, path, rights) for path, rights in rules) and (
            libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0
        )
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> bool:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        return bool(libc.syscall(_ADD_RULE, ruleset, _BENEATH, struct.pack("=Qi", rights, descriptor), 0) == 0)
    finally:
        os.close(descriptor)
