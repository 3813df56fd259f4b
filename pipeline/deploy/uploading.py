"""Upload one file, over nobody's but the bot's own."""

from __future__ import annotations

from typing import Any

from pipeline.deploy.answers import NoAnswer, Refused
from pipeline.deploy.deployment import Done
from pipeline.deploy.live import LiveFile
from pipeline.deploy.read_wiki import read_file
from pipeline.deploy.saving import ATTEMPTS, FATAL
from pipeline.deploy.session import Session
from pipeline.deploy.stamp import Stamp
from pipeline.render.page import File

SAME_BYTES = {"duplicate", "duplicate-archive"}  # under another name, or deleted
EXPECTED_OF_NEW = SAME_BYTES | {"was-deleted", "page-exists"}
EXPECTED_OF_OURS = SAME_BYTES | {"exists", "duplicateversions"}  # going back to bytes of before is no mistake
UNCHANGED = "nochange"


def upload(session: Session, file: File, live: LiveFile, stamp: Stamp) -> Done:
    """Upload `file` if the wiki still holds what the plan saw.

    Raises a WikiError when it makes no sense to go on with other files.
    """
    for _ in range(ATTEMPTS):
        try:
            return _once(session, file, live, stamp)
        except NoAnswer:
            now = read_file(session, file.title)
            if now.sha1 == file.sha1:
                return Done(file.title, "uploaded", note="the wiki's answer was lost; read back from the file")
            if not _same(now, live):
                return _taken(file, now)
        except Refused as error:
            if error.code in FATAL:
                raise
            if error.code == "fileexists-no-change":
                return Done(file.title, "unchanged")
            return Done(file.title, "failed", note=str(error))
    return Done(file.title, "failed", note="the wiki broke off each time and took nothing")


def _once(session: Session, file: File, live: LiveFile, stamp: Stamp) -> Done:
    name = file.title.partition(":")[2]
    summary = stamp.summary(file.source or "file", 0)
    parameters: dict[str, Any] = {"action": "upload", "filename": name, "comment": summary, "text": file.text}
    answer = session.write({"file": (name, file.content)}, **parameters)["upload"]
    if answer["result"] == "Warning":
        warnings = set(answer["warnings"])
        if UNCHANGED in warnings:
            return Done(file.title, "unchanged")
        unexpected = warnings - (EXPECTED_OF_OURS if live.exists else EXPECTED_OF_NEW)
        # MediaWiki knows no base for files: look again as late as can be.
        now = read_file(session, file.title)
        if not _same(now, live):
            return _taken(file, now)
        if unexpected:
            return Done(file.title, "failed", note=f"the wiki warns of {', '.join(sorted(unexpected))}")
        answer = session.write(**parameters, filekey=answer["filekey"], ignorewarnings=1)["upload"]
    if answer["result"] != "Success":
        return Done(file.title, "failed", note=f"the wiki did not take it: {answer['result']}")
    return Done(file.title, "uploaded")


def _same(now: LiveFile, planned: LiveFile) -> bool:
    return (now.exists, now.sha1, now.timestamp) == (planned.exists, planned.sha1, planned.timestamp)


def _taken(file: File, now: LiveFile) -> Done:
    if not now.exists:
        return Done(file.title, "conflict", note="deleted in the meantime")
    return Done(
        file.title, "conflict", note=f"uploaded by {now.user or 'somebody whose name is hidden'} in the meantime"
    )
