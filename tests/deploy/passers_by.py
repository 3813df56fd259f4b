"""People who edit the bot's pages while it works, each time with a sentence that can be found again."""

from __future__ import annotations

import hashlib
import re
import threading
from typing import Any

import mwclient
import requests

from pipeline.wiki import LocalWiki
from tests.wiki.people import log_in, look_up

SENTENCE = re.compile(r"Person \d+-\d+ wrote this\.")
TRIES = 4


class PassersBy:
    """One account of a person; several may edit at once. `uploads` are the versions of files they saved."""

    def __init__(self, wiki: LocalWiki) -> None:
        self.wiki = wiki
        self.name = wiki.reader_user
        self.uploads: list[tuple[str, str]] = []  # title and SHA-1
        self.observer = log_in(wiki, wiki.admin_user)  # who looks at what became of it all
        self._sites = threading.local()

    @property
    def site(self) -> mwclient.Site:
        """A login for each thread: a connection is for one at a time."""
        if not hasattr(self._sites, "site"):
            self._sites.site = log_in(self.wiki, self.wiki.reader_user)
        return self._sites.site

    def touch(self, title: str, how: str, sentence: str, wanted: str, picture: bytes) -> str:
        """Edit as a person does: look, change, save on top of what was seen, and look again after a conflict.

        `how`: a sentence at the `end`, the `top`, in the `middle`, in place of the `same` line that the bot changes, in
        place of `all`; a new page where there is none (`create`); the very text that the bot wants (`wanted`); or an
        `upload`. Returns what was done, "" for nothing.
        """
        for _ in range(TRIES):
            try:
                if how == "upload":
                    return self._upload(title, picture)
                return self._edit(title, how, sentence, wanted)
            except (mwclient.errors.MwClientError, requests.RequestException):
                continue  # taken by somebody else, or the wiki is busy: look again
        return ""

    def _edit(self, title: str, how: str, sentence: str, wanted: str) -> str:
        page = look_up(self.site, title)
        if page.get("missing") and how != "create":
            return ""
        if page.get("missing"):
            self._save(title=title, text=f"{sentence}\n\nA page by a person.", createonly=1)
            return "create"
        revision = page["revisions"][0]
        text = revision["slots"]["main"]["content"]
        redirect = re.match(r"#REDIRECT \[\[:?(.*?)\]\]", text)
        if redirect:
            return self._edit(redirect[1], how, sentence, wanted)
        if sentence in text:
            return how  # saved, though the answer was an error
        changed = _changed(text, how, sentence, wanted)
        if changed == text:
            return ""
        self._save(title=title, text=changed, baserevid=revision["revid"], nocreate=1)
        return how

    def _save(self, **words: Any) -> None:
        self.site.post("edit", summary="by a person", token=self.site.get_token("csrf"), **words)

    def _upload(self, title: str, picture: bytes) -> str:
        name = title.partition(":")[2]
        words = {"action": "upload", "filename": name, "ignorewarnings": 1, "token": self.site.get_token("csrf")}
        answer = self.site.connection.post(
            f"{self.wiki.url}api.php", data={**words, "format": "json"}, files={"file": (name, picture, "image/png")}
        ).json()
        if answer.get("upload", {}).get("result") != "Success":
            return ""
        self.uploads.append((title, hashlib.sha1(picture).hexdigest()))
        return "upload"


def _changed(text: str, how: str, sentence: str, wanted: str) -> str:
    """The text with the sentence in it. Nobody takes out what another person wrote."""
    lines = text.split("\n\n")
    if how == "wanted":
        return text if SENTENCE.search(text) or not wanted else wanted
    if how == "all":
        return "\n\n".join([sentence, *(line for line in lines if SENTENCE.search(line)), "All else is new."])
    if how == "same" and lines[-1].startswith("The last line"):
        return "\n\n".join([*lines[:-1], sentence])
    place = {"top": 0, "middle": len(lines) // 2}.get(how, len(lines))
    return "\n\n".join([*lines[:place], sentence, *lines[place:]])
