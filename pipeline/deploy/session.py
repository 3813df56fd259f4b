"""The one seam to the network: requests to a wiki's API, with waiting and repeating as a bot should."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

import mwclient
import requests

from pipeline.deploy.target import Target, is_loopback
from pipeline.errors import WikiError

TIMEOUT = (10, 60)  # seconds to connect, to read
ATTEMPTS = 6
MAXLAG = 5
OLDEST = (1, 39)
WAITING = {"maxlag", "ratelimited", "readonly"}


class NoAnswer(WikiError):
    """The request may or may not have been carried out: nobody knows before reading back."""


class Refused(WikiError):
    """The wiki answered with an error; `code` is MediaWiki's."""

    def __init__(self, code: str, info: str) -> None:
        super().__init__(f"the wiki refuses: {info} ({code})")
        self.code = code


class Session:
    """A login on a wiki. Reads are repeated when they fail; writes only when the wiki says that it did nothing."""

    def __init__(
        self, target: Target, sleep: Callable[[float], None] = time.sleep, jitter: Callable[[], float] = random.random
    ) -> None:
        self.target = target
        self.requests = 0
        self._sleep, self._jitter = sleep, jitter
        self._http = requests.Session()
        self._http.headers["User-Agent"] = f"Marovi/{version('marovi')} (deploy bot) mwclient/{mwclient.__version__}"
        self._http.trust_env = not is_loopback(target.host)  # no proxy leads to this machine
        self._token = ""
        self.user = ""
        self.batch = 50
        self.rights: frozenset[str] = frozenset()
        self.languages_can_be_set = False
        self._log_in()

    def read(self, **parameters: object) -> dict[str, Any]:
        """Send a query; it changes nothing, so it is repeated until it is answered or patience ends."""
        for attempt in range(ATTEMPTS):
            try:
                return self._send(parameters, {}, attempt)
            except NoAnswer:
                if attempt == ATTEMPTS - 1:
                    raise
                self._wait(attempt)
        raise AssertionError("unreachable")

    def write(self, files: Mapping[str, Any] | None = None, **parameters: object) -> dict[str, Any]:
        """Send a change with a token. It is repeated only after an answer that says that nothing was done.

        Raises NoAnswer when it is not known whether the change was made, Refused for MediaWiki's errors.
        """
        renewed = False
        for attempt in range(ATTEMPTS):
            try:
                return self._send({**parameters, "token": self._csrf(), "assert": "user"}, files or {}, attempt)
            except Refused as error:
                if error.code == "badtoken" and not renewed:
                    self._token, renewed = "", True
                elif error.code == "assertuserfailed" and not renewed:
                    self._token, renewed = "", True
                    self._log_in()
                elif error.code in WAITING and attempt < ATTEMPTS - 1:
                    self._wait(attempt)
                else:
                    raise
        raise AssertionError("unreachable")

    def _send(self, parameters: Mapping[str, object], files: Mapping[str, Any], attempt: int) -> dict[str, Any]:
        data = {name: str(value) for name, value in parameters.items() if value is not None and value is not False}
        data |= {"format": "json", "formatversion": "2", "errorformat": "plaintext", "maxlag": str(MAXLAG)}
        self.requests += 1
        for content in files.values():
            content[1].seek(0)
        try:
            answer = self._http.post(f"{self.target.url}api.php", data=data, files=files or None, timeout=TIMEOUT)
        except requests.exceptions.ConnectTimeout as error:
            raise WikiError(f"{self.target.host} does not answer", "is the wiki up, and the address right?") from error
        except requests.exceptions.RequestException as error:
            if "refused" in str(error) or "resolve" in str(error) or isinstance(error, requests.exceptions.SSLError):
                reason = "its certificate is not trusted" if "certificate" in str(error).lower() else "no connection"
                message = f"{self.target.host} cannot be reached: {reason}"
                raise WikiError(message, "is the wiki up, and the address right?") from error
            raise NoAnswer(f"{self.target.host} broke off before it answered", "try again") from None
        if answer.status_code in (429, 502, 503, 504) or answer.status_code >= 500:
            if attempt < ATTEMPTS - 1 and answer.status_code in (429, 503):
                self._wait(attempt, answer.headers.get("Retry-After"))
            raise NoAnswer(f"{self.target.host} answered with status {answer.status_code}", "try again later")
        try:
            body = answer.json()
            assert isinstance(body, dict)
        except (json.JSONDecodeError, requests.exceptions.JSONDecodeError, AssertionError):
            message = f"{self.target.url} is not the API of a MediaWiki"
            if answer.status_code == 200 and self.user:
                raise NoAnswer("the wiki's answer was cut short", "try again") from None
            raise WikiError(message, "MAROVI_WIKI_URL is the address of the folder that holds api.php") from None
        for problem in body.get("errors", ()):
            if problem["code"] == "maxlag" and attempt < ATTEMPTS - 1:
                self._wait(attempt, answer.headers.get("Retry-After"))
            raise Refused(problem["code"], problem.get("text", problem["code"]))
        return body

    def _wait(self, attempt: int, asked: str | None = None) -> None:
        seconds = float(asked) if asked and asked.isdigit() else 0.0
        self._sleep(min(max(seconds, 2.0**attempt * (0.5 + self._jitter() / 2)), 60.0))

    def _csrf(self) -> str:
        if not self._token:
            answer = self.read(action="query", meta="tokens", type="csrf")
            self._token = answer["query"]["tokens"]["csrftoken"]
        return self._token

    def _log_in(self) -> None:
        """Log in with mwclient, on our own connection, and learn who we are and what we may."""
        target = self.target
        answer = self.read(
            action="query", meta="siteinfo|userinfo|tokens", siprop="general", uiprop="rights", type="login"
        )
        if "query" not in answer or "general" not in answer["query"]:
            raise WikiError(f"{target.url} is not the API of a MediaWiki", "check MAROVI_WIKI_URL")
        self._check_version(answer["query"]["general"]["generator"])
        try:
            site = mwclient.Site(
                target.host, path=target.path, scheme=target.scheme, pool=self._http, max_retries=0, do_init=False
            )
            site.login(target.user, target.password)
        except mwclient.errors.LoginError:
            message = f"{target.host} does not accept the login of {target.user}"
            raise WikiError(message, "check MAROVI_WIKI_USER and MAROVI_WIKI_PASSWORD") from None
        except (mwclient.errors.MwClientError, requests.exceptions.RequestException) as error:
            raise WikiError(f"logging in at {target.host} failed ({type(error).__name__})", "try again") from None
        answer = self.read(action="query", meta="userinfo|tokens", uiprop="rights", type="csrf")
        info = answer["query"]["userinfo"]
        self.user, self.rights = info["name"], frozenset(info["rights"])
        self._token = answer["query"]["tokens"]["csrftoken"]
        self.batch = 500 if "apihighlimits" in self.rights else 50
        self.languages_can_be_set = "pagelang" in self.rights

    def _check_version(self, generator: str) -> None:
        number = tuple(int(part) for part in generator.removeprefix("MediaWiki ").split("-")[0].split(".")[:2])
        if number < OLDEST:
            raise WikiError(f"{self.target.host} runs {generator}", "MediaWiki 1.39 or later is needed")
