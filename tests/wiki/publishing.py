"""Put everything that was rendered on a wiki that is thrown away, page by page and without asking what is there."""

from __future__ import annotations

import requests

from pipeline.render.page import Rendered
from pipeline.wiki import LocalWiki


class Session:
    """Somebody who is logged in."""

    def __init__(self, wiki: LocalWiki, user: str, password: str) -> None:
        self.url = f"{wiki.url}api.php"
        self.session = requests.Session()
        token = self.ask(action="query", meta="tokens", type="login")["query"]["tokens"]["logintoken"]
        answer = self.ask(action="login", lgname=user, lgpassword=password, lgtoken=token)
        assert answer["login"]["result"] == "Success", answer
        self.token = self.ask(action="query", meta="tokens")["query"]["tokens"]["csrftoken"]

    def ask(self, files: dict[str, tuple[str, bytes, str]] | None = None, **parameters: str) -> dict[str, dict]:  # type: ignore[type-arg]
        data = {"format": "json", "formatversion": "2"} | parameters
        response = self.session.post(self.url, data=data, files=files, timeout=120)
        response.raise_for_status()
        answer: dict[str, dict] = response.json()  # type: ignore[type-arg]
        assert "error" not in answer, answer["error"]
        return answer

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *error: object) -> None:
        self.session.close()


def publish(wiki: LocalWiki, rendered: Rendered) -> None:
    """Save every page in its order, then the files, then let the pages see the files."""
    with Session(wiki, wiki.admin_user, wiki.admin_password) as admin:
        for page in rendered.pages:
            answer = admin.ask(
                action="edit", title=page.title, text=page.text, summary="test", token=admin.token, bot="1"
            )
            assert answer["edit"]["result"] == "Success", answer
        for file in rendered.files:
            name = file.title.removeprefix("File:")
            answer = admin.ask(
                files={"file": (name, file.content, "image/png")},
                action="upload",
                filename=name,
                text=file.text,
                comment="test",
                token=admin.token,
                ignorewarnings="1",
            )
            assert answer["upload"]["result"] == "Success", answer
        titles = [page.title for page in rendered.pages if page.kind in ("topic", "summary", "glossary", "category")]
        for start in range(0, len(titles), 50):
            admin.ask(action="purge", titles="|".join(titles[start : start + 50]), forcelinkupdate="1")
