"""An entry of the cache as one piece of bytes, to be shared: checked against damage, signed where there is a key."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.run.cache import FORMAT, Entry, full_key, picture_path
from pipeline.run.needs import Present, well_formed
from pipeline.run.record import Record
from pipeline.run.shapes import misfit

_MAGIC = b"marovi results\n"
LARGEST = 2**28  # bytes


class UnsignedError(Exception):
    """A packed entry has no signature by our key."""


def pack(entry: Entry, key: str, pictures: Mapping[tuple[str, str], bytes], secret: bytes) -> bytes:
    """Return an entry with its pictures; a `secret` that is not empty signs it (HMAC-SHA-256)."""
    names = [[figure, language, len(picture)] for (figure, language), picture in pictures.items()]
    head = {
        "format": FORMAT,
        "key": key,
        "needs": dict(entry.needs),
        "second needs": dict(entry.second_needs),
        "record": {**entry.record, "needs": []},
        "second": {**entry.second, "needs": []} if entry.second else None,
        "pictures": names,
    }
    content = b"\n".join([json.dumps(head).encode(), b"".join(pictures.values())])
    return b"\n".join([_MAGIC + hashlib.sha256(content).hexdigest().encode(), _signature(content, secret), content])


def unpack(
    packed: bytes, key: str, folder: Path, present: Present, secret: bytes
) -> tuple[Entry, dict[tuple[str, str], bytes]] | None:
    """Return an entry, to lie in a folder of `folder`, with its pictures; None when what it needs is not as it was.

    Raises ValueError for what is damaged or of another key, UnsignedError for what was not signed with `secret`.
    """
    if not packed.startswith(_MAGIC):
        raise ValueError("no packed results")
    try:
        digest, signature, content = packed[len(_MAGIC) :].split(b"\n", 2)
        if hashlib.sha256(content).hexdigest().encode() != digest:
            raise ValueError("damaged")
        if secret and not hmac.compare_digest(signature, _signature(content, secret)):
            raise UnsignedError
        first, pictures = content.split(b"\n", 1)
        head: dict[str, Any] = json.loads(first)
        if head["format"] != FORMAT or head["key"] != key:
            raise ValueError("of another key")
        needs, again = head["needs"], head["second needs"]
        if not (well_formed(needs) and well_formed(again)):
            raise ValueError("its needs are none")
        if not present.hold(needs):
            return None
        second = head["second"] if head["second"] and present.hold(again) else None
        for record in (head["record"], head["second"] or head["record"]):
            if not isinstance(record, dict) or (wrong := misfit(record, Record)):
                raise ValueError(f"a record with another {wrong}")
        entry = Entry(head["record"], second, folder, full_key(key, needs), needs, again if second else {})
        return entry, _pictures(entry, head["pictures"], pictures)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not as they are written ({error!r})") from error


def _pictures(entry: Entry, names: list[list[Any]], content: bytes) -> dict[tuple[str, str], bytes]:
    """Cut the pictures apart and hold each against its digest; there must be those of the record and no others."""
    found: dict[tuple[str, str], bytes] = {}
    for figure, language, length in names:
        found[figure, language], content = content[:length], content[length:]
    expected = {
        (figure, language): image["sha1"]
        for figure, one in entry.record["figures"].items()
        for language, image in one["images"].items()
    }
    for figure, language in expected:
        picture_path(entry.folder, figure, language)
    if {name: hashlib.sha1(picture).hexdigest() for name, picture in found.items()} != expected:
        raise ValueError("its pictures are others")
    return found


def _signature(content: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, content, "sha256").hexdigest().encode() if secret else b"-"
