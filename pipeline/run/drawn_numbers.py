"""The numbers a figure is drawn from, packed by a worker and unpacked by the build, which trusts nothing about them."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

MOST = 500_000  # numbers of one figure, 4 MB; of more than that every second one is sent, every third, …


class UnpackedError(ValueError):
    """What a worker sent is not what `pack` makes."""


def pack(drawn: Iterable[tuple[str, Numbers]]) -> str:
    """Return sets of numbers, each with a word for what it is, as text."""
    import numpy as np

    sets = list(drawn)
    step = 1 + sum(numbers.size for _, numbers in sets) // MOST
    kept = [(what, np.ascontiguousarray(numbers[::step], dtype="<f8")) for what, numbers in sets]
    heads = json.dumps([[what, numbers.size] for what, numbers in kept]).encode()
    body = b"".join(numbers.tobytes() for _, numbers in kept)
    return base64.b64encode(zlib.compress(len(heads).to_bytes(4, "big") + heads + body, 1)).decode()


def unpack(text: str) -> list[tuple[str, Numbers]]:
    """Return what `pack` was given. Raises UnpackedError for anything else, however large it would grow."""
    import numpy as np

    try:
        worker = zlib.decompressobj()
        data = worker.decompress(base64.b64decode(text, validate=True), 8 * (MOST + 1) * 4)
        if worker.unconsumed_tail:
            raise UnpackedError("a figure's numbers are too many")
        length = int.from_bytes(data[:4], "big")
        heads = json.loads(data[4 : 4 + length])
        numbers = np.frombuffer(data[4 + length :], dtype="<f8")
        result, at = [], 0
        for what, size in heads:
            if not isinstance(what, str) or type(size) is not int or not 0 <= size <= numbers.size - at:
                raise UnpackedError("a figure's numbers are not what their head says")
            result.append((what, numbers[at : at + size]))
            at += size
    except (zlib.error, ValueError, TypeError) as error:
        raise UnpackedError(str(error)) from error
    return result
