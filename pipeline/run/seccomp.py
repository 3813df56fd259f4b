"""A filter of system calls: no new process, no network, no hand on other processes. Threads stay possible.

The filter is a program for the kernel's packet filter machine, see seccomp(2) and linux/seccomp.h. It is written
out here, because the library for it (libseccomp) is not on a bare machine and has no wheel.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from pipeline.run import calls

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # AUDIT_ARCH_… of linux/audit.h
_X32 = 0x40000000  # calls of the x32 variant have this bit, and would slip past the numbers

_CLONE_THREAD = 0x10000
_NOT_STREAM = 0xE  # bits that every type of socket has but SOCK_STREAM
# Whom the kernel signals when a descriptor has something to say, and with what: it may be any process of this user.
_OWNERS = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX
_IOCTLS = (
    *(0x8901, 0x8902),  # FIOSETOWN, SIOCSPGRP: the same
    *(0x5412, 0x541C),  # TIOCSTI, TIOCLINUX: type into a terminal
    *(0x40086602, 0x401C5820),  # FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR
)
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4

_LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_AT_LEAST = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_HAS_BITS = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN = 0x06  # BPF_RET | BPF_K
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data, little endian
_ALLOW = 0x7FFF0000
_FAIL_WITH = 0x00050000
_ASK = 0x7FC00000

_PR_SET_SECCOMP = 22
_MODE_FILTER = 2
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_SET_MODE_FILTER, _NEW_LISTENER = 1, 8


def filter_calls(*, attributes: bool, gpu: bool = False, give: Callable[[int], None] | None = None) -> bool:
    """Put the filter in force for this process, for good; what it denies fails with EPERM.

    With `give`, a call that forks or names another process does not fail at once: it waits for an answer of the
    process that `give` sends the listener to, see pipeline.run.asked; only where the kernel cannot do that it fails.

    Rights, times and other attributes of files can be changed with `attributes`; leave it out where nothing else
    guards files outside the topic's folder. Returns False where the kernel or the architecture does not have
    filters. Needs no_new_privs.
    """
    architecture = platform.machine()
    if architecture not in _ARCHITECTURES:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if give is not None:
        with _header(_program(architecture, attributes, gpu, _step(_RETURN, _ASK))) as header:
            listener = libc.syscall(_SECCOMP[architecture], _SET_MODE_FILTER, _NEW_LISTENER, ctypes.byref(header))
        if listener >= 0:
            give(listener)
            return True
    with _header(_program(architecture, attributes, gpu, _fail(errno.EPERM))) as header:
        return bool(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(header), 0, 0) == 0)


@contextmanager
def _header(steps: list[bytes]) -> Iterator[ctypes.Array[ctypes.c_char]]:
    """Give a struct sock_fprog; the program is kept as long as it is used."""
    program = b"".join(steps)
    code = ctypes.create_string_buffer(program, len(program))
    yield ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(code)))


def _program(architecture: str, attributes: bool, gpu: bool, of_others: bytes) -> list[bytes]:
    """`of_others` is what becomes of a call that is only good for this process itself."""
    which = list(_ARCHITECTURES).index(architecture)
    own = (0, os.getpid())  # both mean this process
    program = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, _ARCHITECTURES[architecture], 1, 0),
        _fail(errno.ENOSYS),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, _X32, 0, 1),
        _fail(errno.ENOSYS),
    ]
    groups = [calls.PROCESSES, calls.OTHER_PROCESSES, calls.NETWORK, calls.OUTLASTING, calls.KERNEL]
    groups += [] if gpu else [calls.SHARED_MEMORY]
    groups += [] if attributes else [calls.FILE_ATTRIBUTES]
    for group in groups:
        for name, numbers in group.items():
            if (number := numbers[which]) is not None:
                # glibc takes ENOSYS from clone3 as "use clone", whose flags a filter can see
                error = errno.ENOSYS if name == "clone3" else errno.EPERM
                program += [_step(_EQUAL, number, 0, 1), _fail(error)]
    judged = {name: numbers[which] for name, numbers in calls.JUDGED.items()}
    for name, number in judged.items():
        assert number is not None
        if name == "clone":
            block = _only_if(0, _HAS_BITS, [_CLONE_THREAD], of_others)
        elif name in ("kill", "tgkill"):
            block = _only_if(0, _EQUAL, own[1:], of_others)
        elif name == "socketpair":
            # one of datagrams could be sent to any local socket
            block = _unless(1, _HAS_BITS, [_NOT_STREAM])
        elif name == "fcntl":
            block = _unless(1, _EQUAL, _OWNERS)
        elif name == "ioctl":
            block = _unless(1, _EQUAL, _IOCTLS)
        elif name == "prctl":
            # to outlive the build, to be hidden from it
            death = [_step(_EQUAL, _PR_SET_PDEATHSIG, 0, 4), *_only_if(1, _EQUAL, [signal.SIGKILL], _fail(errno.EPERM))]
            block = [*_unless(0, _EQUAL, [_PR_SET_DUMPABLE])[:-1], *death, _step(_RETURN, _ALLOW)]
        else:
            block = _only_if(0, _EQUAL, own, of_others)
        program += [_step(_EQUAL, number, 0, len(block)), *block]
    return [*program, _step(_RETURN, _ALLOW)]


def _only_if(argument: int, test: int, operands: Iterable[int], otherwise: bytes) -> list[bytes]:
    """Allow a call if one of its arguments passes the test with one of `operands`."""
    operands = list(operands)
    tests = [_step(test, operand, len(operands) - number, 0) for number, operand in enumerate(operands)]
    return [_load(argument), *tests, otherwise, _step(_RETURN, _ALLOW)]


def _unless(argument: int, test: int, operands: Iterable[int]) -> list[bytes]:
    """Deny a call if one of its arguments passes the test with one of `operands`."""
    operands = list(operands)
    tests = [
        _step(test, operand, len(operands) - number - 1, 1 if number == len(operands) - 1 else 0)
        for number, operand in enumerate(operands)
    ]
    return [_load(argument), *tests, _fail(errno.EPERM), _step(_RETURN, _ALLOW)]


def _load(argument: int) -> bytes:
    return _step(_LOAD, _ARGUMENTS + 8 * argument)


def _fail(error: int) -> bytes:
    return _step(_RETURN, _FAIL_WITH | error)


def _step(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, operand)
