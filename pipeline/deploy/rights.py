"""What a plan needs of a wiki and of the bot's account, said in one sentence each before the first edit."""

from __future__ import annotations

import re
from collections.abc import Collection

from pipeline.deploy.changes import Plan
from pipeline.deploy.session import Session
from pipeline.deploy.uploading import MEDIA_TYPES
from pipeline.errors import WikiError
from pipeline.render.page import Page

WITH_NAMESPACE = frozenset({"module", "template", "interface", "category", "glossary", "file"})
# Which of a bot password's grants gives a right.
GRANTS = {
    "edit": "edit existing pages",
    "createpage": "create, edit, and move pages",
    "move": "create, edit, and move pages",
    "upload": "upload new files",
    "reupload-own": "upload, replace, and move files",
    "delete": "delete pages, revisions, and log entries",
    "editinterface": "edit the MediaWiki namespace and sitewide/user JSON",
    "editsitecss": "edit sitewide and user CSS/JS",
    "editsitejs": "edit sitewide and user CSS/JS",
}
# The markup our pages use, and the extension that every stock MediaWiki carries for it.
EXTENSIONS = {
    "math": "Math",
    "ref": "Cite",
    "syntaxhighlight": "SyntaxHighlight",
    "imagemap": "ImageMap",
    "templatedata": "TemplateData",
}


def require(session: Session, of: Plan) -> None:
    """Raise WikiError when the bot lacks a right, or the wiki an extension or a kind of file, that the plan needs."""
    require_rights(session, needed_for(of))
    _extensions(session, of)
    _kinds_of_files(session, of)


def _kinds_of_files(session: Session, of: Plan) -> None:
    names = [change.title for change in of.changes if change.action == "upload"]
    for name in names:
        kind = name.rpartition(".")[2].lower()
        if kind not in MEDIA_TYPES:
            raise WikiError(f"{name!r} is not uploaded: only PNG and SVG are", "publish the picture as one of these")
        if kind not in session.extensions:
            remedy = f"$wgFileExtensions[] = '{kind}'; in LocalSettings.php allows it"
            raise WikiError(f"{session.target.host} takes no .{kind} files, such as {name!r}", remedy)


def _extensions(session: Session, of: Plan) -> None:
    used: set[str] = set()
    for change in of.changes:
        if change.does_something and isinstance(change.wanted, Page) and change.kind not in ("module", "interface"):
            used.update(re.findall(r"<([a-z]+)[ >/]", change.wanted.text))
    missing = sorted(EXTENSIONS[tag] for tag in used & EXTENSIONS.keys() - session.markup)
    if missing:
        names = " and ".join(missing)
        remedy = "they come with MediaWiki: load them with wfLoadExtension in LocalSettings.php"
        raise WikiError(f"{session.target.host} lacks the extension{'s' * (len(missing) > 1)} {names}", remedy)


def require_namespaces(session: Session, of: Plan) -> None:
    """Without its namespace, a page would land among the articles under an odd title."""
    wanted = {change.title.partition(":")[0] for change in of.changes if change.kind in WITH_NAMESPACE}
    missing = sorted(wanted - session.namespaces)
    if missing:
        names = " and ".join(f"{name}:" for name in missing)
        remedy = "Module: comes with Scribunto, Glossary: is a setting ($wgExtraNamespaces)"
        raise WikiError(f"{session.target.host} has no namespace {names}", remedy)


def needed_for(of: Plan) -> set[str]:
    """The rights without which the plan cannot be carried out."""
    needed: set[str] = set()
    for change in of.changes:
        match change.action:
            case "create":
                needed |= {"edit", "createpage"}
            case "update":
                needed |= {"edit"}
            case "move":
                needed |= {"edit", "move"}
            case "upload":
                needed |= {"upload", "reupload-own" if change.live.sha1 else "upload"}
        if change.kind == "interface" and change.does_something:
            kind = change.title.rpartition(".")[2]
            needed |= {"editinterface", f"editsite{kind}"} if kind in ("css", "js", "json") else {"editinterface"}
    if of.pruned:
        needed |= {"delete"}
    return needed


def require_rights(session: Session, needed: Collection[str]) -> None:
    """Raise WikiError with one sentence that names every right that is missing, and the grant that gives it."""
    missing = sorted(set(needed) - session.rights)
    if "reupload" in session.rights:
        missing = [right for right in missing if right != "reupload-own"]
    if missing:
        named = ", ".join(f"{right} ({GRANTS[right]})" if right in GRANTS else right for right in missing)
        message = f"{session.user} may not do this on {session.target.host}: it lacks {named}"
        raise WikiError(message, "give that to the account, and to its bot password at Special:BotPasswords")
