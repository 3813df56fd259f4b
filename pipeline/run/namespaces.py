"""Namespaces of a worker's own: no network device but a dead loopback, and all files read-only but one folder.

What other namespaces would add is had otherwise: nothing of other processes can be reached (seccomp, Landlock), and
System V memory and queues cannot be made (seccomp).
"""

from __future__ import annotations

import ctypes
import os
import struct
from pathlib import Path

FOLDER_BYTES = 512 * 2**20  # what a topic's folder may hold
_FOLDER_FILES = 20_000

_CLONE_NEWNS = 0x00020000
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 2, 4, 8
_MNT_DETACH = 2
_MOUNT_SETATTR = 442  # the same on all architectures
_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000
_MOUNT_ATTR_RDONLY = 1


def leave_network() -> bool:
    """Move to a user and a network namespace with nothing in them; False where the system does not allow it."""
    user, group = os.getuid(), os.getgid()
    if ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    except OSError:
        pass  # without the maps files belong to nobody by name; access to them is the same
    return True


def seal_files(folder: Path) -> bool:
    """Make every file read-only for this process, and `folder` an empty place in memory of limited size.

    Nothing outside this process sees what is written there, and it is gone when the process is. Works after
    `leave_network`, in the process that did that; moves to `folder`. False where the system does not allow it.
    """
    libc = ctypes.CDLL(None)
    if libc.unshare(_CLONE_NEWNS) != 0:
        return False
    options = f"size={FOLDER_BYTES},nr_inodes={_FOLDER_FILES},mode=700".encode()
    flags = ctypes.c_ulong(_MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
    if libc.mount(b"marovi", os.fsencode(folder), b"tmpfs", flags, options) != 0:
        return False
    sealed = _mount_attributes(libc, b"/", _AT_RECURSIVE, set=_MOUNT_ATTR_RDONLY) and _mount_attributes(
        libc, os.fsencode(folder), 0, clear=_MOUNT_ATTR_RDONLY
    )
    if not sealed or not os.access(folder, os.W_OK):
        libc.umount2(os.fsencode(folder), _MNT_DETACH)
        return False
    os.chdir(folder)  # this process still stood in what is now below
    return True


def _mount_attributes(libc: ctypes.CDLL, path: bytes, flags: int, *, set: int = 0, clear: int = 0) -> bool:
    attributes = struct.pack("=QQQQ", set, clear, 0, 0)  # struct mount_attr
    return bool(libc.syscall(_MOUNT_SETATTR, _AT_FDCWD, path, flags, attributes, len(attributes)) == 0)
