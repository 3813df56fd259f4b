"""Landlock: this process may read and write only what it is told, and may not reach processes outside its domain."""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

# linux/landlock.h; the numbers of the calls are the same on all architectures
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1  # flag: say which version the kernel has
_BENEATH = 1  # rule type: a folder and all below it

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE = 1 << 4, 1 << 5
_MAKE_DIR, _MAKE_FILE, _MAKE_SYMLINK = 1 << 7, 1 << 8, 1 << 12
_MAKE_ANY = sum(1 << bit for bit in range(6, 13))  # devices, sockets and pipes too
_MOVE = 1 << 13
_TRUNCATE = 1 << 14
_DEVICE_CONTROL = 1 << 15
# which version of Landlock first knew of a right
_RIGHTS = {
    1: _EXECUTE | _WRITE_FILE | _READ_FILE | _READ_DIR | _REMOVE_DIR | _REMOVE_FILE | _MAKE_ANY,
    2: _MOVE,
    3: _TRUNCATE,
    5: _DEVICE_CONTROL,
}
_NETWORK = {4: 0b11}  # bind and connect TCP
_SCOPES = {6: 0b11}  # abstract sockets, signals: only within the domain

_READING = _READ_FILE | _READ_DIR
_USING = _READ_FILE | _WRITE_FILE | _TRUNCATE  # a device, such as /dev/null
_WRITING = _READING | _USING | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_FILE | _MAKE_SYMLINK | _MOVE
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _DEVICE_CONTROL


def restrict(*, writable: Iterable[Path], readable: Iterable[Path], usable: Iterable[Path], gpu: bool = False) -> int:
    """Deny for good whatever is not below one of these; what does not exist is passed over.

    `usable` are devices to read and write; with `gpu` they may be controlled too. No program can be started. What can
    still be done anywhere: look whether a file is there, how large and how old it is, and change its rights and times.
    A process in such a domain, once it has no capabilities, cannot read memory, environment or open files of one
    outside of it. Returns the version of Landlock in force, 0 where the kernel has none. Needs no_new_privs.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version: int = libc.syscall(_CREATE_RULESET, None, 0, _VERSION)
    if version < 1:
        return 0
    handled, network, scopes = (_known(rights, version) for rights in (_RIGHTS, _NETWORK, _SCOPES))
    attributes = struct.pack("=QQQ", handled, network, scopes)
    ruleset = libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return 0
    groups = ((writable, _WRITING), (readable, _READING), (usable, _USING | (_DEVICE_CONTROL | _READ_DIR) * gpu))
    try:
        rules = [(path, rights & handled) for paths, rights in groups for path in paths]
        done = all(_allow(libc, ruleset, path, rights) for path, rights in rules)
        return version if done and libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0 else 0
    finally:
        os.close(ruleset)


def _known(since: dict[int, int], version: int) -> int:
    return sum(rights for first, rights in since.items() if first <= version)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> bool:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return True
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _OF_FILES
        return bool(libc.syscall(_ADD_RULE, ruleset, _BENEATH, struct.pack("=Qi", rights, descriptor), 0) == 0)
    finally:
        os.close(descriptor)
