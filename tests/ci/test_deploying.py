"""What deploy.yml and drift.yml do, with a real wiki: plan with a password that can only read, publish, find drift."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline.wiki import LocalWiki
from pipeline.wiki.php import run_script
from pipeline.wiki.tools import MEDIAWIKI
from tests.ci.test_scripts import equip, run
from tests.project import Project
from tests.wiki.people import edit_as, text_of

PASSWORD = "0123456789abcdefghijklmnopqrstuv"


def login(wiki: LocalWiki, app: str, *grants: str) -> dict[str, str]:
    """Give the bot a bot password with these grants, and return the environment of a step that holds it."""
    account = wiki.bot_user.partition("@")[0]
    script = MEDIAWIKI / "maintenance/createBotPassword.php"
    words = [f"--appid={app}", f"--grants={','.join(grants)}", account, PASSWORD]
    run_script(wiki.folder / "LocalSettings.php", script, *words)
    user = f"{account}@{app}"
    return {"MAROVI_WIKI_URL": wiki.url, "MAROVI_WIKI_USER": user, "MAROVI_WIKI_PASSWORD": PASSWORD}


def test_the_way_from_a_build_to_the_wiki_and_back(fresh_wiki: LocalWiki, built: Project, tmp_path: Path) -> None:
    equip(built)
    shutil.rmtree(built.root / ".marovi")  # the jobs that hold a password get build/ and nothing else
    output, summary = tmp_path / "output", tmp_path / "summary.md"
    runner = {"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
    reading = {**runner, **login(fresh_wiki, "plan", "basic")}
    writing = {
        **runner,
        "MAROVI_WIKI_URL": fresh_wiki.url,
        "MAROVI_WIKI_USER": fresh_wiki.bot_user,
        "MAROVI_WIKI_PASSWORD": fresh_wiki.bot_password,
    }
    plan = ("--allow", "2,3", "--summary", "plan", "--out", "plan.json")

    planned = run(built, "marovi", *plan, **reading)
    assert planned.returncode == 0, planned.stderr
    assert output.read_text() == "code=2\n" and "Tiny Topic" in summary.read_text()
    assert planned.stdout.startswith("::stop-commands::")

    refused = run(built, "marovi", "--allow", "3", "deploy", "plan.json", **reading)
    assert refused.returncode == 1 and "::error::" in refused.stdout, refused.stdout
    assert PASSWORD not in refused.stdout + refused.stderr and "Traceback" not in refused.stderr
    assert text_of(fresh_wiki, "Tiny Topic") is None

    done = run(built, "marovi", "--allow", "3", "--summary", "deploy", "plan.json", **writing)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Tiny Topic" in (text_of(fresh_wiki, "Tiny Topic") or "")
    assert len(list((built.root / ".marovi/deployments").iterdir())) == 1

    output.write_text("")
    assert run(built, "marovi", *plan, **reading).returncode == 0
    assert output.read_text() == "code=0\n"
    assert run(built, "marovi", "--summary", "status", "--wiki", **reading).returncode == 0

    edit_as(fresh_wiki, fresh_wiki.admin_user, "Tiny Topic", "::error::A person's words")
    drift = run(built, "marovi", "--summary", "status", "--wiki", **reading)
    assert drift.returncode == 3 and "person's words" in drift.stdout
    first, *_, last = drift.stdout.splitlines()
    assert last == f"::{first.removeprefix('::stop-commands::')}::"
