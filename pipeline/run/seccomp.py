"""A filter of system calls: no new process, no network, no hand on other processes. Threads stay possible.

The filter is a program for the kernel's packet filter machine, see seccomp(2) and linux/seccomp.h. It is written
out here, because the library for it (libseccomp) is not on a bare machine and has no wheel.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

# audit architecture, then the numbers of the calls there (asm/unistd.h); calls an architecture lacks are left out
_CALLS: dict[str, tuple[int, dict[str, int]]] = {
    "x86_64": (
        0xC000003E,
        {
            "fork": 57, "vfork": 58, "execve": 59, "execveat": 322, "clone": 56, "clone3": 435,
            "socket": 41, "io_uring_setup": 425,
            "kill": 62, "tgkill": 234, "tkill": 200, "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297,
            "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311,
            "pidfd_open": 434, "pidfd_send_signal": 424, "pidfd_getfd": 438, "unshare": 272, "setns": 308,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "execve": 221, "execveat": 281, "clone": 220, "clone3": 435,
            "socket": 198, "io_uring_setup": 425,
            "kill": 129, "tgkill": 131, "tkill": 130, "rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240,
            "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271,
            "pidfd_open": 434, "pidfd_send_signal": 424, "pidfd_getfd": 438, "unshare": 97, "setns": 268,
        },
    ),
}  # fmt: skip

_CLONE_THREAD = 0x10000
_X32 = 0x40000000  # calls of the x32 variant have this bit, and would slip past the numbers above

_LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_AT_LEAST = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_HAS_BITS = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN = 0x06  # BPF_RET | BPF_K
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data, little endian
_ALLOW = 0x7FFF0000
_FAIL_WITH = 0x00050000

_PR_SET_SECCOMP = 22
_MODE_FILTER = 2


def deny_processes_and_network() -> bool:
    """Put the filter in force for this process, for good; what it denies fails with EPERM.

    Returns False where the kernel or the architecture does not have it. Needs no_new_privs.
    """
    known = _CALLS.get(platform.machine())
    if known is None:
        return False
    program = b"".join(_program(*known))
    code = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(header), 0, 0) == 0)


def _program(architecture: int, calls: dict[str, int]) -> list[bytes]:
    program = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, architecture, 1, 0),
        _fail(errno.ENOSYS),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, _X32, 0, 1),
        _fail(errno.ENOSYS),
    ]
    for name, number in calls.items():
        if name == "clone":
            program += _when(number, _HAS_BITS, _CLONE_THREAD)
        elif name in ("kill", "tgkill"):
            program += _when(number, _EQUAL, os.getpid())
        else:
            # glibc takes ENOSYS from clone3 as "use clone", whose flags a filter can see
            program += [_step(_EQUAL, number, 0, 1), _fail(errno.ENOSYS if name == "clone3" else errno.EPERM)]
    return [*program, _step(_RETURN, _ALLOW)]


def _when(number: int, test: int, operand: int) -> list[bytes]:
    """Allow a call only if its first argument passes the test."""
    return [
        _step(_EQUAL, number, 0, 4),
        _step(_LOAD, _FIRST_ARGUMENT),
        _step(test, operand, 1, 0),
        _fail(errno.EPERM),
        _step(_RETURN, _ALLOW),
    ]


def _fail(error: int) -> bytes:
    return _step(_RETURN, _FAIL_WITH | error)


def _step(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, operand)
