"""A source file's text: UTF-8 with LF line ends, or a problem that says where it is not."""

from __future__ import annotations

from pathlib import Path

from pipeline.read.context import Reading

CONTROL = {*range(0x20), 0x7F} - {0x09, 0x0A, 0x0D}


def load(path: Path, reading: Reading) -> str | None:
    """Return the file's text, or None after reporting what is wrong with it."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        reading.report(reading.where(), f"cannot be read: {error.strerror}", rule="unreadable")
        return None
    if raw.startswith(b"\xef\xbb\xbf"):
        reading.report(reading.where(), "starts with a byte order mark", "save it as UTF-8 without BOM", "encoding")
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        where = reading.where(before.count("\n") + 1, len(before) - before.rfind("\n"))
        byte = raw[error.start]
        reading.report(where, f"is not UTF-8 (byte 0x{byte:02x})", "save it with the encoding UTF-8", "encoding")
        return None
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        column = len(text.split("\n")[line - 1].split("\r")[0]) + 1
        reading.report(
            reading.where(line, column),
            "has Windows line ends (CRLF)",
            "save it with LF line ends, for example with `sed -i 's/\\r$//'`",
            "line-ends",
        )
        return None
    for number, content in enumerate(text.split("\n"), 1):
        for column, character in enumerate(content, 1):
            if ord(character) in CONTROL:
                where = reading.where(number, column)
                reading.report(where, f"holds the control character U+{ord(character):04X}", "delete it", "control")
                return None
    if not text.strip():
        reading.report(reading.where(), "is empty", "write it, or delete the file", "empty")
        return None
    return text
