"""What people and bots do on a wiki, through its real API: log in, edit, upload, look."""

from __future__ import annotations

import contextlib
import http.client
from typing import Any
from urllib.parse import urlsplit

import mwclient

from pipeline.wiki import LocalWiki


def log_in(wiki: LocalWiki, user: str) -> mwclient.Site:
    """Return a session of one of the wiki's accounts: `wiki.reader_user`, `wiki.bot_user` or `wiki.admin_user`."""
    passwords = {
        wiki.reader_user: wiki.reader_password,
        wiki.bot_user: wiki.bot_password,
        wiki.admin_user: wiki.admin_password,
    }
    site = mwclient.Site(urlsplit(wiki.url).netloc, scheme="http", path="/", max_retries=0)
    # A proxy that the environment names cannot reach a loopback address.
    site.connection.trust_env = False
    if "@" in user:
        site.login(user, passwords[user])
    else:
        site.clientlogin(username=user, password=passwords[user])
    return site


def edit_as(wiki: LocalWiki, user: str, title: str, text: str, summary: str = "") -> int:
    """Save a page as this user, as a person does who looks at its newest revision; return the id of the revision."""
    site = log_in(wiki, user)
    parameters = {"title": title, "text": text, "summary": summary, "token": site.get_token("csrf")}
    answer = site.post("edit", formatversion="2", **parameters)["edit"]
    assert answer["result"] == "Success", answer
    revision = answer.get("newrevid") or look_up(site, title)["revisions"][0]["revid"]
    return int(revision)


def look_up(site: mwclient.Site, title: str) -> dict[str, Any]:
    """Return what the API says of a page and its newest revision, with the text."""
    answer = site.get(
        "query",
        titles=title,
        prop="info|revisions",
        rvprop="ids|user|comment|sha1|content|contentmodel|flags",
        rvslots="main",
        formatversion="2",
    )
    page: dict[str, Any] = answer["query"]["pages"][0]
    return page


def text_of(wiki: LocalWiki, title: str) -> str | None:
    """Return the newest text of a page, None when it is missing."""
    page = look_up(log_in(wiki, wiki.reader_user), title)
    return None if page.get("missing") else str(page["revisions"][0]["slots"]["main"]["content"])


def get(wiki: LocalWiki, path: str, method: str = "GET") -> tuple[int, bytes]:
    """Ask for exactly this path, as no browser would tidy it."""
    connection = http.client.HTTPConnection(urlsplit(wiki.url).netloc, timeout=60)
    with contextlib.closing(connection):
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read()
