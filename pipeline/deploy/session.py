"""The one seam to the network: requests to a wiki's API through mwclient, waiting and repeating as a bot should."""

from __future__ import annotations

import contextlib
import logging
import random
import re
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

import mwclient
import requests

from pipeline.deploy.answers import ApiNotThere, Fault, NoAnswer, NotDone, Refused, answer_of, fault_of
from pipeline.deploy.target import Target
from pipeline.errors import WikiError

TIMEOUT = (10.0, 60.0)  # seconds to connect, to read
ATTEMPTS = 6
LONGEST_WAIT, LONGEST_WAIT_ASKED = 60.0, 600.0  # seconds: of our own accord, and when the wiki asks for it
MAXLAG = 5  # seconds that the wiki's database copies may be behind
OLDEST = (1, 39)
HIGH_LIMIT, LIMIT = 500, 50  # titles a query, for accounts with and without the right `apihighlimits`
Sent = tuple[str, bytes, str]  # name, content, media type
# What carries the change tag, where the wiki has it.
TAGGED = frozenset({"edit", "move", "delete", "undelete", "upload", "setpagelanguage"})
WAITING = frozenset({"maxlag", "ratelimited", "readonly"})
SESSION_LOST = frozenset({"badtoken", "notoken", "assertuserfailed", "assertbotfailed", "assertnameduserfailed"})

# What mwclient warns about is said by our errors, and it would print answers of the wiki in full.
logging.getLogger("mwclient").addHandler(logging.NullHandler())


class Session:
    """A login on a wiki. Reads are repeated when they fail; writes only when it is sure that nothing was done.

    A target without user and token is read by nobody in particular. `attempts` is how often a request is sent at most.
    `user`, `rights`, `namespaces` and `limit` are known after the first read.
    """

    def __init__(
        self,
        target: Target,
        *,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,  # from 0 to 1
        timeout: tuple[float, float] = TIMEOUT,
        attempts: int = ATTEMPTS,
    ) -> None:
        self.target = target
        self.user = ""
        self.rights: frozenset[str] = frozenset()
        self.namespaces: frozenset[str] = frozenset()  # in English
        self.markup: frozenset[str] = frozenset()  # tags that extensions bring: math, ref
        self.tags: frozenset[str] = frozenset()  # change tags that edits may carry
        self.extensions: frozenset[str] = frozenset()  # of files that may be uploaded
        self.largest = 0  # bytes of an upload in one piece, 0 when the wiki does not say
        self.limit = HIGH_LIMIT
        self._sleep, self._jitter, self._timeout, self._attempts = sleep, jitter, timeout, attempts
        self._token = ""
        self._next = 0.0  # when the next edit may be sent
        self._last: requests.Response | None = None
        self._answered = False
        self._site = self._site_at(target.path)
        self._first_login()

    @property
    def _logs_in(self) -> bool:
        return bool(self.target.user or self.target.token)

    @property
    def languages(self) -> bool:
        """Whether the bot may set the content language of pages."""
        return "pagelang" in self.rights

    @property
    def tag(self) -> str:
        """The change tag for edits, "" where the wiki does not have it."""
        tag = self.target.tag
        return tag if tag in self.tags and "applychangetags" in self.rights else ""

    def read(self, **parameters: object) -> dict[str, Any]:
        """Send a query. It changes nothing, so it is repeated until it is answered or patience ends."""
        learns = not self.user and parameters.get("action") == "query"
        if learns:
            # Along with the first pages, so that knowing the wiki costs no request of its own.
            parameters |= {
                "meta": "siteinfo|userinfo|tokens",
                "siprop": "general|namespaces|extensiontags|fileextensions",
                "uiprop": "rights",
                "list": "|".join(filter(None, (str(parameters.get("list", "")), "tags"))),
                "tgprop": "active",
                "tglimit": "max",
            }
        who = {"assert": "user"} if self._logs_in else {}
        answer = self._ask(lambda: {**parameters, **who}, {}, repeatable=True)
        if learns:
            self._learn(answer["query"])
        return answer

    @property
    def credentials(self) -> dict[str, Any]:
        """Headers and cookies with which this login also reads files of the wiki."""
        headers = self._site.connection.headers
        return {
            "headers": {"Authorization": headers["Authorization"]} if self.target.token else {},
            "cookies": self._site.connection.cookies.get_dict(),
        }

    def write(
        self, files: Mapping[str, Sent] | None = None, repeatable: bool = False, **parameters: object
    ) -> dict[str, Any]:
        """Send a change. `repeatable` says that doing it twice is the same as doing it once.

        Raises NoAnswer when it is not known whether the change was made, Refused for MediaWiki's errors.
        """
        if not self._token:
            self._renew_token()
        if parameters.get("action") != "purge" and "stash" not in parameters:  # neither is an edit
            self._pace()
            if self.tag and parameters.get("action") in TAGGED:
                parameters["tags"] = self.tag
        return self._ask(lambda: {**parameters, "token": self._token, "assert": "user"}, files or {}, repeatable)

    def _pace(self) -> None:
        """Keep to the rate that was configured."""
        if self.target.rate:
            now = time.monotonic()
            if now < self._next:
                self._sleep(self._next - now)
            self._next = max(now, self._next) + 60.0 / self.target.rate

    def pause(self, seconds: float) -> None:
        """Wait, as the wiki's clock needs it."""
        self._sleep(seconds)

    def _ask(
        self,
        parameters: Callable[[], Mapping[str, object]],
        files: Mapping[str, Sent],
        repeatable: bool,
        renewable: bool = True,
    ) -> dict[str, Any]:
        renewed = not renewable
        for attempt in range(self._attempts):
            failure: Fault
            try:
                return self._send(parameters(), files)
            except NoAnswer as error:
                if not repeatable:
                    raise
                failure = error
            except NotDone as error:
                failure = error
            except Refused as error:
                if error.code in SESSION_LOST and not renewed:
                    renewed = True
                    self._renew(error.code)
                    continue
                if error.code not in WAITING:
                    raise
                failure = error
            if attempt == self._attempts - 1:
                raise failure
            self.rest(attempt, failure.wait)
        raise AssertionError("the last attempt returns or raises")

    def _send(self, parameters: Mapping[str, object], files: Mapping[str, Sent]) -> dict[str, Any]:
        data = {name: str(value) for name, value in parameters.items()}
        data |= {"format": "json", "formatversion": "2", "errorformat": "plaintext", "maxlag": str(MAXLAG)}
        body = self._answer(lambda: self._site.raw_call("api", data, files=dict(files) or None, retry_on_error=False))
        # The wiki says what it did under the action's name; logging out is the one action that it answers with nothing.
        if data["action"] not in body and data["action"] != "logout":
            raise NoAnswer(f"{self.target.host} answered something else than was asked", "try again later")
        return body

    def _answer(self, call: Callable[[], object]) -> dict[str, Any]:
        """Let mwclient send a request; what the response means is judged here."""
        body = answer_of(self._exchange(call), self.target, self._answered)
        self._answered = True
        return body

    def _exchange(self, call: Callable[[], object]) -> requests.Response:
        self._last = None
        fault: WikiError | None = None
        try:
            call()
        except (requests.exceptions.HTTPError, mwclient.errors.MwClientError, KeyError, TypeError):
            pass  # the response says it better
        except requests.exceptions.RequestException as error:
            fault = fault_of(error, self.target, self._answered)
        # Outside of the handler: mwclient's errors hold the parameters, among them the password.
        if fault is not None:
            raise fault
        if self._last is None:
            raise NoAnswer(f"{self.target.host} did not answer", "try again")
        return self._last

    def rest(self, attempt: int, asked: float) -> None:
        """Wait as long as the wiki asks for, and else twice as long each time, never in step with other bots."""
        seconds = max(min(asked, LONGEST_WAIT_ASKED), min(2.0**attempt, LONGEST_WAIT))
        self._sleep(seconds * (1 + self._jitter() / 4))

    def _site_at(self, path: str) -> Any:
        owner = self.target.user.partition("@")[0] or "an OAuth owner"
        # One attempt and no redirects: what may be repeated is decided here, and a password is never sent elsewhere.
        site = mwclient.Site(
            self.target.host,
            path=path,
            scheme=self.target.scheme,
            clients_useragent=f"Marovi/{version('marovi')} (bot of {owner})",
            connection_options={"timeout": self._timeout, "allow_redirects": False},
            max_retries=0,
            do_init=False,
        )
        if self.target.token:
            site.connection.headers["Authorization"] = f"Bearer {self.target.token}"
        # A proxy that the environment names cannot reach a loopback address.
        site.connection.trust_env = not self.target.loopback
        site.site_init = lambda: None  # what it asks for comes with the first read
        site.connection.hooks["response"].append(self._keep)
        return site

    def _keep(self, response: requests.Response, **_: object) -> None:
        self._last = response

    def _first_login(self) -> None:
        try:
            self._log_in()
        except ApiNotThere:
            if self.target.path != "/":
                raise
            # An address without a folder is often short for the usual one.
            with contextlib.suppress(ApiNotThere):
                self._site, self._answered = self._site_at("/w/"), False
                self._log_in()
                return
            raise

    def _log_in(self) -> None:
        if self.target.token or not self._logs_in:
            return  # each request carries it, or is nobody's
        for attempt in range(self._attempts):
            # A session that is half alive would be in the way.
            self._site.connection.cookies.clear()
            self._site.tokens.clear()
            self._token = ""
            try:
                # mwclient would send the password even to what gives no token; a wiki gives one.
                query = self._answer(lambda: self._site.get_token("login")).get("query")
                if not isinstance(query, dict) or "tokens" not in query:
                    raise ApiNotThere(self.target)
                self._judge_login(self._answer(lambda: self._site.login(self.target.user, self.target.password)))
                return
            except NoAnswer as error:
                if attempt == self._attempts - 1:
                    raise
                self.rest(attempt, error.wait)
            except NotDone as error:
                if attempt == self._attempts - 1 or not self._answered:
                    raise
                self.rest(attempt, error.wait)

    def _judge_login(self, answer: Mapping[str, Any]) -> None:
        login = answer.get("login")
        if not isinstance(login, dict):
            raise ApiNotThere(self.target)
        if login.get("result") != "Success":
            reason = re.sub(r"<[^>]*>", "", str(login.get("reason") or login.get("result"))).strip().rstrip(".")
            raise WikiError(
                f"{self.target.host} does not accept the login of {self.target.user}: {reason}",
                "check MAROVI_WIKI_USER and MAROVI_WIKI_PASSWORD",
            )

    def _renew(self, code: str) -> None:
        """Get a new token, or log in again when the session has ended."""
        if code.startswith("assert"):
            if self.target.token:
                raise WikiError(f"{self.target.host} does not take the OAuth token", "check that it is valid there")
            self._log_in()
        self._renew_token()

    def _renew_token(self) -> None:
        wanted = {"action": "query", "meta": "tokens", "type": "csrf", "assert": "user"}
        answer = self._ask(lambda: wanted, {}, repeatable=True, renewable=False)
        self._token = answer["query"]["tokens"]["csrftoken"]

    def _learn(self, query: Mapping[str, Any]) -> None:
        generator = query["general"]["generator"]
        number = tuple(int(part) for part in re.findall(r"\d+", generator)[:2])
        if number < OLDEST:
            raise WikiError(f"{self.target.host} runs {generator}", "MediaWiki 1.39 or later is needed")
        self.user, self.rights = query["userinfo"]["name"], frozenset(query["userinfo"]["rights"])
        self.markup = frozenset(tag.strip("<>") for tag in query.get("extensiontags", ()))
        self.tags = frozenset(
            tag["name"] for tag in query.get("tags", ()) if "active" in tag and tag["active"] is not False
        )
        self.largest = int(query["general"].get("maxuploadsize", 0))
        self.extensions = frozenset(one["ext"] for one in query.get("fileextensions", ()))
        self.namespaces = frozenset(space.get("canonical", "") for space in query["namespaces"].values())
        self.limit = HIGH_LIMIT if "apihighlimits" in self.rights else LIMIT
        self._token = query["tokens"]["csrftoken"]
