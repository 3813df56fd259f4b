"""Upload one file, over nobody's but the bot's own."""

from __future__ import annotations

from typing import Any

from pipeline.deploy.answers import NoAnswer, Refused
from pipeline.deploy.deployment import Done
from pipeline.deploy.live import HIDDEN, LiveFile
from pipeline.deploy.read_wiki import read_file
from pipeline.deploy.saving import ATTEMPTS, FATAL
from pipeline.deploy.session import Session
from pipeline.deploy.stamp import Stamp, deployment_of
from pipeline.render.page import File

SAME_BYTES = {"duplicate", "duplicate-archive"}  # under another name, or deleted
EXPECTED_OF_NEW = SAME_BYTES | {"was-deleted", "page-exists"}
EXPECTED_OF_OURS = SAME_BYTES | {"exists", "duplicateversions"}  # going back to bytes of before is no mistake
UNCHANGED = "nochange"
STASH_LOST = frozenset({"stashfailed", "uploadstash-file-not-found"})
MEDIA_TYPES = {"png": "image/png", "svg": "image/svg+xml"}
PLAIN_BYTES = "application/octet-stream"
PIECE = 4 * 1024 * 1024  # bytes; what is larger is sent in pieces of this size


def upload(session: Session, file: File, live: LiveFile, stamp: Stamp) -> Done:
    """Upload `file` if the wiki still holds what the plan saw.

    Raises a WikiError when it makes no sense to go on with other files.
    """
    for attempt in range(ATTEMPTS):
        try:
            return _once(session, file, live, stamp)
        except NoAnswer as error:
            session.rest(attempt, error.wait)
            now = read_file(session, file.title)
            if not _same(now, live):
                return _as_it_stands(session, file, now, stamp)
        except Refused as error:
            if error.code in FATAL:
                raise
            now = read_file(session, file.title)
            if not _same(now, live):
                return _as_it_stands(session, file, now, stamp)
            if error.code == "fileexists-no-change":
                return Done(file.title, "unchanged")
            return Done(file.title, "failed", note=str(error))
    return Done(file.title, "failed", note="the wiki broke off each time and took nothing")


def _once(session: Session, file: File, live: LiveFile, stamp: Stamp) -> Done:
    name = file.title.partition(":")[2]
    summary = stamp.summary(file.source or "file", 0)
    parameters: dict[str, Any] = {"action": "upload", "filename": name, "comment": summary, "text": file.text}
    piece = min(PIECE, session.largest or PIECE)
    content = file.content
    if len(content) > piece:
        parameters["filekey"] = _in_pieces(session, name, content, piece)
        answer = session.write(**parameters)["upload"]
    else:
        answer = session.write({"file": (name, content, _media_type(name))}, **parameters)["upload"]
    if answer["result"] == "Warning":
        warnings = set(answer["warnings"])
        unexpected = warnings - (EXPECTED_OF_OURS if live.exists else EXPECTED_OF_NEW)
        # MediaWiki knows no base for files: look again as late as can be.
        now = read_file(session, file.title)
        if not _same(now, live):
            return _as_it_stands(session, file, now, stamp)
        if UNCHANGED in warnings:
            return Done(file.title, "unchanged")
        if unexpected:
            return Done(file.title, "failed", note=f"the wiki warns of {', '.join(sorted(unexpected))}")
        answer = session.write(**parameters | {"filekey": answer["filekey"], "ignorewarnings": 1})["upload"]
    if answer["result"] != "Success":
        return Done(file.title, "failed", note=f"the wiki did not take it: {answer['result']}")
    return Done(file.title, "uploaded")


def _media_type(name: str) -> str:
    return MEDIA_TYPES.get(name.rpartition(".")[2].lower(), PLAIN_BYTES)


def _in_pieces(session: Session, name: str, content: bytes, piece: int) -> str:
    """Send a file to the wiki's stash piece by piece, which nobody sees; return its key there.

    Raises NoAnswer when the stash has to be begun anew.
    """
    # With a warning the wiki would stash the piece as if it were all; what warns is heard when the file is published.
    common: dict[str, Any] = {"action": "upload", "stash": 1, "ignorewarnings": 1}
    common |= {"filename": name, "filesize": len(content)}
    key: dict[str, Any] = {}
    for offset in range(0, len(content), piece):
        part = content[offset : offset + piece]
        try:
            answer = _one_piece(session, part, **common, **key, offset=offset)
        except Refused as error:
            if error.code not in STASH_LOST:
                raise
            # It had arrived, and only the answer was lost: the stash says how far it is. After the last piece it says
            # nothing any more.
            if error.data.get("offset") != offset + len(part):
                raise NoAnswer(f"{session.target.host} lost what it had of {name}", "try again") from None
            continue
        key = {"filekey": answer["filekey"]}
    if answer["result"] != "Success":
        raise NoAnswer(f"{session.target.host} did not put the file together", "try again")
    return str(key["filekey"])


def _one_piece(session: Session, part: bytes, **parameters: Any) -> dict[str, Any]:
    """Send one piece. The stash takes each only once, so that it may be sent again when no answer comes."""
    answer: dict[str, Any] = session.write({"chunk": ("piece", part, PLAIN_BYTES)}, repeatable=True, **parameters)[
        "upload"
    ]
    return answer


def _same(now: LiveFile, planned: LiveFile) -> bool:
    return (now.exists, now.sha1, now.timestamp) == (planned.exists, planned.sha1, planned.timestamp)


def _as_it_stands(session: Session, file: File, now: LiveFile, stamp: Stamp) -> Done:
    """Tell what became of a file that is no longer what the plan saw."""
    if not now.exists:
        return Done(file.title, "conflict", note="deleted in the meantime")
    user = now.user or HIDDEN
    if now.sha1 != file.sha1:
        return Done(file.title, "conflict", note=f"uploaded by {user} in the meantime")
    if now.user != session.user:
        return Done(file.title, "adopted", note=f"the very bytes we want, in the meantime by {user}")
    if deployment_of(now.comment) == stamp.deployment:
        return Done(file.title, "uploaded", note="the wiki's answer was lost; read back from the file")
    return Done(file.title, "unchanged", note="uploaded in the meantime by another run")
