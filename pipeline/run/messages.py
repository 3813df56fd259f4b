"""Messages between build and worker: JSON with its length in front, because what a worker sends is not trusted."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

Message = dict[str, Any]

LONGEST = 32 * 2**20  # bytes; a figure is far smaller


class GarbledError(Exception):
    """What arrived is no message."""


def send(connection: socket.socket, message: Message) -> None:
    """Send one message, waiting until all of it is on its way."""
    data = json.dumps(message).encode()
    connection.sendall(len(data).to_bytes(4, "big") + data)


def receive(connection: socket.socket) -> Message:
    """Wait for one message. Raises EOFError when the other side is gone."""
    return _decoded(_exactly(connection, int.from_bytes(_exactly(connection, 4), "big")))


class Inbox:
    """Puts messages together from the pieces they arrive in."""

    def __init__(self) -> None:
        self._pieces = bytearray()

    def take(self, piece: bytes) -> Iterator[Message]:
        """Yield the messages that are complete now. Raises GarbledError at the first that is none."""
        self._pieces += piece
        while len(self._pieces) >= 4:
            length = int.from_bytes(self._pieces[:4], "big")
            if length > LONGEST:
                raise GarbledError(f"a message of {length} bytes")
            if len(self._pieces) < 4 + length:
                break
            message = _decoded(bytes(self._pieces[4 : 4 + length]))
            del self._pieces[: 4 + length]
            yield message


def _decoded(data: bytes) -> Message:
    try:
        message = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise GarbledError(str(error)) from error
    if not isinstance(message, dict):
        raise GarbledError("not an object")
    return message


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        piece = connection.recv(min(count - len(data), 2**20))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)
