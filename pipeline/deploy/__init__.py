"""Publish: what stands on the wiki and who wrote it last decides; the plan shows it, deploying does it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable

from pipeline.deploy.apply import apply
from pipeline.deploy.deployment import Deployment, Done
from pipeline.deploy.plan import Change, Plan, plan
from pipeline.deploy.read_wiki import read_live, read_texts
from pipeline.deploy.session import Session
from pipeline.deploy.show import deployment_json, exit_code, plan_json, show_deployment, show_plan
from pipeline.deploy.stamp import Stamp
from pipeline.deploy.target import Target, from_environment
from pipeline.errors import WikiError
from pipeline.render.page import Page, Rendered

__all__ = [
    "Change", "Deployment", "Done", "Plan", "Target", "deploy", "deployment_json", "exit_code", "from_environment",
    "make_plan", "plan_json", "show_deployment", "show_plan", "wiki_texts",
]  # fmt: skip

WITH_NAMESPACE = frozenset({"module", "template", "interface", "category", "glossary", "file"})


def make_plan(target: Target, rendered: Rendered, *, interface: bool = False) -> Plan:
    """Read the wiki and return what publishing would do; changes nothing.

    `interface` also takes the pages that change how the wiki itself looks and behaves. Raises WikiError.
    """
    return _plan(Session(target), rendered, interface)


def deploy(
    target: Target,
    rendered: Rendered,
    *,
    commit: str,
    interface: bool = False,
    plan: Plan | None = None,
    progress: Callable[[Done, int, int], None] = lambda *_: None,
) -> Deployment:
    """Publish: carry out `plan`, or one that is made now.

    Raises WikiError before the first edit when the wiki cannot be reached or the bot may not do what is planned.
    """
    session = Session(target)
    if plan is None:
        plan = _plan(session, rendered, interface)
    else:
        session.read(action="query")
    _require_rights(session, plan)
    return apply(session, plan, Stamp(secrets.token_hex(6), commit), progress)


def wiki_texts(target: Target, of: Plan) -> dict[str, str]:
    """Read the present text of the pages that a plan would update or finds in conflict, to show the differences."""
    titles = [change.title for change in of.having("update", "conflict") if isinstance(change.wanted, Page)]
    return read_texts(Session(target), titles) if titles else {}


def _plan(session: Session, rendered: Rendered, interface: bool) -> Plan:
    pages = tuple(page for page in rendered.pages if interface or page.kind != "interface")
    live = read_live(session, [page.title for page in pages], [file.title for file in rendered.files])
    wanted = Rendered(pages, rendered.files)
    made = plan(wanted, live, session.user, target=session.target.url, languages=session.languages)
    _require_namespaces(session, made.changes)
    return made


def _require_namespaces(session: Session, changes: Iterable[Change]) -> None:
    """Without its namespace, a page would land among the articles under an odd title."""
    wanted = {change.title.partition(":")[0] for change in changes if change.kind in WITH_NAMESPACE}
    missing = sorted(wanted - session.namespaces)
    if missing:
        names = " and ".join(f"{name}:" for name in missing)
        remedy = "Module: comes with Scribunto, Glossary: is a setting ($wgExtraNamespaces)"
        raise WikiError(f"{session.target.host} has no namespace {names}", remedy)


def _require_rights(session: Session, of: Plan) -> None:
    """Say in one sentence what the bot may not do, before the first edit."""
    needed: set[str] = set()
    for change in of.changes:
        match change.action:
            case "create":
                needed |= {"edit", "createpage"}
            case "update":
                needed |= {"edit"}
            case "upload":
                needed |= {"upload", "reupload-own" if change.live.sha1 else "upload"}
        if change.kind == "interface" and change.does_something:
            kind = change.title.rpartition(".")[2]
            needed |= {"editinterface", f"editsite{kind}"} if kind in ("css", "js", "json") else {"editinterface"}
    missing = sorted(needed - session.rights)
    if "reupload" in session.rights:
        missing = [right for right in missing if right != "reupload-own"]
    if missing:
        message = f"{session.user} may not do this on {session.target.host}: it lacks {', '.join(missing)}"
        raise WikiError(message, "give that to the account, and to its bot password at Special:BotPasswords")
