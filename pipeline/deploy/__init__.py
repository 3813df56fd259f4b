"""Publish: what stands on the wiki and who wrote it last decides; the plan shows it, deploying does it."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.deploy.apply import Deployment, Done, apply
from pipeline.deploy.live import read_live, read_text
from pipeline.deploy.plan import Plan, plan
from pipeline.deploy.session import Session
from pipeline.deploy.show import deployment_json, exit_code, plan_json, show_deployment, show_plan
from pipeline.deploy.target import Target, from_environment
from pipeline.errors import WikiError
from pipeline.render.page import Page, Rendered

__all__ = [
    "Deployment", "Done", "Plan", "Target", "deploy", "deployment_json", "exit_code", "from_environment", "make_plan",
    "plan_json", "show_deployment", "show_plan",
]  # fmt: skip


def make_plan(target: Target, rendered: Rendered, *, interface: bool = False) -> Plan:
    """Read the wiki and return what publishing would do; changes nothing. Raises WikiError."""
    return _plan(Session(target), rendered, interface)


def deploy(
    target: Target,
    rendered: Rendered,
    *,
    commit: str,
    interface: bool = False,
    progress: Callable[[Done, int, int], None] = lambda *_: None,
) -> Deployment:
    """Publish: plan and apply in one go. Raises WikiError when the wiki cannot be reached or refuses the bot."""
    session = Session(target)
    _require_rights(session, interface)
    return apply(session, _plan(session, rendered, interface), commit, progress)


def wiki_texts(target: Target, of: Plan) -> dict[str, str]:
    """Read the present text of the pages that a plan would update or finds in conflict, to show the differences."""
    titles = [change.title for change in of.having("update", "conflict") if isinstance(change.wanted, Page)]
    return read_text(Session(target), titles)


def _plan(session: Session, rendered: Rendered, interface: bool) -> Plan:
    pages = tuple(page for page in rendered.pages if interface or page.kind != "interface")
    live = read_live(session, [page.title for page in pages], [file.title for file in rendered.files])
    wanted = Rendered(pages, rendered.files)
    return plan(wanted, live, session.user, session.target.url, session.languages_can_be_set)


def _require_rights(session: Session, interface: bool) -> None:
    """Say in one sentence what the bot may not do, before the first edit."""
    needed = {"edit", "createpage", "upload", "reupload"} | (
        {"editinterface", "editsitecss", "editsitejs"} if interface else set()
    )
    missing = sorted(needed - session.rights)
    if missing:
        message = f"{session.user} may not {', '.join(missing)} on {session.target.host}"
        raise WikiError(message, "give them to the account and to its bot password")
