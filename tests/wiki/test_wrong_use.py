"""Wrong use of the commands: one sentence that says what is wrong and what to do, exit code 1, nothing written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from pipeline.render import manifest
from pipeline.wiki import LocalWiki
from tests.deploy.proxy import proxy_before
from tests.project import Project
from tests.wiki.people import log_in
from tests.wiki.test_deploy import bot_password, file, history, page, picture, site_of
from tests.wiki.test_deploy_faults import command

pytestmark = pytest.mark.wiki
TITLE = "Never written"
SECRET = "MAROVI_WIKI_PASSWORD"
Environment = Mapping[str, str | None]


@pytest.fixture
def given(wiki: LocalWiki, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """A right environment, to be made wrong."""
    names = ("URL", "USER", "PASSWORD", "TOKEN")
    for name in names:
        monkeypatch.delenv(f"MAROVI_WIKI_{name}", raising=False)
    return {
        "MAROVI_WIKI_URL": wiki.url,
        "MAROVI_WIKI_USER": wiki.bot_user,
        SECRET: wiki.bot_password,
    }


@pytest.fixture
def refusal(
    wiki: LocalWiki,
    given: Environment,
    project: Project,
) -> Callable[..., str]:
    """Deploy with something wrong in the environment; return the sentence with which that ends."""
    wanted = site_of(page(TITLE, "<math>x</math>"), files=(file("Never written.png", picture(3)),))
    manifest.write(wanted, project.root / "build")

    def run(*words: str, **changed: str | None) -> str:
        wrong = given | {f"MAROVI_WIKI_{name}": value for name, value in changed.items()}
        environment = {name: value for name, value in wrong.items() if value is not None}
        done = command(project.root, ["deploy", *words], environment)
        assert (done.returncode, done.stdout) == (1, "")
        (line,) = done.stderr.splitlines()
        assert line.startswith("error: ") and wiki.bot_password not in line
        assert history(wiki, TITLE) == [] and log_in(wiki, wiki.bot_user).api(
            "query", titles="File:Never written.png", formatversion=2
        )["query"]["pages"][0].get("missing"), "nothing is written"
        return line.removeprefix("error: ")

    return run


def test_no_credentials(refusal) -> None:
    said = refusal(URL=None, USER=None, PASSWORD=None)
    assert said.startswith("no wiki is named and no local one is up; set MAROVI_WIKI_URL, MAROVI_WIKI_USER")


@pytest.mark.parametrize("name", ["URL", "USER", "PASSWORD"])
def test_credentials_that_are_not_complete(name: str, refusal) -> None:
    assert refusal(**{name: None}).startswith(f"MAROVI_WIKI_{name} not set;")


def test_wrong_credentials(wiki, refusal) -> None:
    said = refusal(PASSWORD="0123456789abcdefghijklmnopqrstuv")
    assert f"does not accept the login of {wiki.bot_user}" in said and "check MAROVI_WIKI_USER" in said


def test_a_token_that_is_none(refusal) -> None:
    said = refusal(USER=None, PASSWORD=None, TOKEN="not-a-token")
    assert "does not take the OAuth token; check that it is valid there" in said


def test_no_rights(wiki, refusal) -> None:
    said = refusal(USER=f"{wiki.reader_user}@idle", PASSWORD=bot_password(wiki, "idle", "basic"))
    assert "may not do this" in said and "it lacks createpage (create, edit, and move pages), edit" in said
    assert "give that to the account, and to its bot password at Special:BotPasswords" in said


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"MediaWiki 1.39", b"MediaWiki 1.35", "runs MediaWiki 1.35"),
        (b'"<math>",', b"", "lacks the extension Math; they come with MediaWiki"),
        (b'{"ext":"png"},', b"", "takes no .png files, such as 'File:Never written.png'; $wgFileExtensions[] = 'png';"),
    ],
    ids=["a wiki too old", "a missing extension", "a wiki that takes no pictures"],
)
def test_a_wiki_that_will_not_do(old: bytes, new: bytes, sentence: str, wiki, refusal) -> None:
    with proxy_before(wiki.url) as proxy:
        proxy.after = lambda request, answer: replace(answer, body=answer.body.replace(old, new))
        assert sentence in refusal(URL=proxy.url)


def test_a_target_that_is_not_a_wiki(wiki, refusal) -> None:
    assert "is not where a MediaWiki's api.php is" in refusal(URL=f"{wiki.url}images/")
    assert "cannot be reached: it takes no connection" in refusal(URL="http://127.0.0.1:9/")
    assert "MAROVI_WIKI_URL is not the address of a wiki" in refusal(URL="somewhere")


def test_a_password_is_never_sent_in_the_clear(refusal) -> None:
    assert refusal(URL="http://wiki.example.org/w/").startswith("wiki.example.org would get the password unencrypted")


def test_a_target_that_has_no_name(refusal) -> None:
    said = refusal("--target", "production")
    assert said.startswith("there is no wiki 'production'; name it in pyproject.toml: [tool.marovi.targets.NAME]")


def test_a_file_that_is_no_plan(refusal, tmp_path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("{}")
    assert "is not a plan of this version; make a new plan" in refusal(str(path))
    assert "cannot be read: No such file" in refusal(str(tmp_path / "nothing.json"))


def test_a_file_that_is_neither_png_nor_svg(wiki, project: Project, refusal) -> None:
    manifest.write(site_of(files=(file("Never written.gif", b"GIF89a"),)), project.root / "build")
    assert (
        refusal()
        == "'File:Never written.gif' is not uploaded: only PNG and SVG are; publish the picture as one of these"
    )
