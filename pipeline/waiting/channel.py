"""The socket between who asks and the process that waits: where it lies, whose it is, and what goes over it.

Who asks is told `ready`, and sends one request: its length, then what `marshal` makes of it, with four descriptors: the
three streams and the folder. Back come lines: `aside`, or `run PROCESS` and then `exit CODE` or `signal NUMBER`.
"""

from __future__ import annotations

import marshal
import os
import socket
import stat
import struct

TYPE_CHECKING = False  # each import would be paid by each run of `marovi`
FOLDER, SOCKET = ".marovi/waiting", "socket"
DESCRIPTORS = 4
PATIENCE = 3.0  # seconds to an answer; whoever waits longer is faster alone
_HEAD = struct.Struct("=II")  # a number that tells the form, and the length of what follows
_FORM = 0x4D415231
_MOST = 2**26  # bytes of a request: an environment and arguments may be long, but not so long
_PEER = struct.Struct("=iII")  # struct ucred: process, user, group

if TYPE_CHECKING:
    from typing import TypedDict

    class Request(TypedDict):
        """What is asked, and all by which the process that asks could differ from the one that waits."""

        arguments: list[str]  # as sys.argv; none only asks whether it would be done
        environment: dict[bytes, bytes]
        streams: list[tuple[str, str | None, bool, bool]]  # encoding, errors, whether by lines, whether at once
        interpreter: list[object]
        surroundings: list[object]


def connected(folder: str) -> socket.socket | None:
    """Connect to the process of this user that waits in a folder; None when there is none.

    A checkout may bring links along to the socket of some other process: those lead nowhere. Raises PermissionError
    where it is another user's.
    """
    try:
        place = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        is_socket = stat.S_ISSOCK(os.stat(SOCKET, dir_fd=place, follow_symlinks=False).st_mode)
    except OSError:
        is_socket = False
    if not is_socket:
        os.close(place)
        return None
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(PATIENCE)
    try:
        # by way of the folder, since the path of a socket has to be short
        connection.connect(f"/proc/self/fd/{place}/{SOCKET}")
    except OSError:
        connection.close()
        return None
    finally:
        os.close(place)
    if peer(connection)[1] != os.geteuid():
        connection.close()
        raise PermissionError(f"{folder} belongs to another user's process")
    return connection


def peer(connection: socket.socket) -> tuple[int, int]:
    """The process and the user at the other end."""
    process, user, _ = _PEER.unpack(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))
    return process, user


def send_request(connection: socket.socket, request: Request, descriptors: list[int]) -> None:
    """Send a request and what it comes with."""
    body = marshal.dumps(dict(request))
    socket.send_fds(connection, [_HEAD.pack(_FORM, len(body))], descriptors)
    connection.sendall(body)


def receive_request(connection: socket.socket) -> tuple[Request, list[int]] | None:
    """Take a request; None where somebody only looked. Raises OSError, ValueError."""
    head, descriptors, _, _ = socket.recv_fds(connection, _HEAD.size, DESCRIPTORS, socket.MSG_CMSG_CLOEXEC)
    if not head:
        return None
    form, length = _HEAD.unpack(head) if len(head) == _HEAD.size else (0, 0)
    if form != _FORM or length > _MOST or len(descriptors) != DESCRIPTORS:
        raise ValueError("this is no request")
    body = bytearray()
    while len(body) < length:
        piece = connection.recv(length - len(body))
        if not piece:
            raise ValueError("a request that ends too early")
        body += piece
    request: Request = marshal.loads(body)
    return request, descriptors
