"""What can come back from a wiki, and what each means: done, surely not done, or nobody knows.

Fault(WikiError)      the exchange failed; `wait` is how many seconds the wiki asks to wait, 0 when it does not say
├── NotDone           surely not carried out: it may be sent again
├── NoAnswer          perhaps carried out: look before sending it again
└── Refused           MediaWiki's own error, with its code
ApiNotThere(WikiError)  something else than a MediaWiki answers
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import requests
import urllib3

from pipeline.deploy.target import ADDRESS, Target
from pipeline.errors import WikiError

UNREACHED = "is the wiki up, and MAROVI_WIKI_URL right?"


class Fault(WikiError):
    def __init__(self, message: str, remedy: str = "", wait: float = 0.0) -> None:
        super().__init__(message, remedy)
        self.wait = wait


class NotDone(Fault):
    pass


class NoAnswer(Fault):
    pass


class Refused(Fault):
    def __init__(self, code: str, text: str, wait: float = 0.0, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"the wiki refuses: {text.strip().rstrip('.')} ({code})", "", wait)
        self.code = code
        self.data = data or {}  # what the wiki says along with the code


class ApiNotThere(WikiError):
    def __init__(self, target: Target) -> None:
        super().__init__(f"{target.url} is not where a MediaWiki's api.php is", f"in MAROVI_WIKI_URL {ADDRESS}")


def answer_of(response: requests.Response, target: Target, is_wiki: bool) -> dict[str, Any]:
    """Return the body of an answer. `is_wiki` says that this target has answered as a MediaWiki before.

    Raises NotDone, NoAnswer or Refused, and WikiError when it makes no sense to go on.
    """
    wait = _seconds(response.headers.get("Retry-After", ""), response.headers.get("Date", ""))
    status = response.status_code
    body = _json(response)
    if body is not None:
        _raise_errors(body, status, wait)
        if status == 200:
            return body
    if response.is_redirect:
        place = response.headers["Location"].partition("?")[0].removesuffix("api.php")
        raise WikiError(f"{target.url} has moved to {place}", "set MAROVI_WIKI_URL to that")
    if status == 429:
        raise NotDone(f"{target.host} says that this is too fast", "try again later", wait)
    if status >= 500:
        raise NoAnswer(f"{target.host} answered with status {status}", "try again later", wait)
    if status == 200 and is_wiki:
        raise NoAnswer(f"the answer of {target.host} was cut short", "try again")
    if is_wiki or status in (401, 403):
        raise WikiError(f"{target.host} answered with status {status}", "ask who runs it whether it lets bots in")
    raise ApiNotThere(target)


def fault_of(error: requests.exceptions.RequestException, target: Target, is_wiki: bool) -> WikiError:
    """Say what a failed exchange means."""
    cause = error.args[0] if error.args else None
    if isinstance(error, requests.exceptions.SSLError) and not is_wiki:
        remedy = "its certificate must be valid; mend it, or REQUESTS_CA_BUNDLE names the authority that signed it"
        return WikiError(f"{target.host} cannot be reached over a safe connection", remedy)
    if isinstance(error, requests.exceptions.ProxyError):
        return NotDone(f"the proxy on the way to {target.host} cannot be reached", "check HTTPS_PROXY")
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return NotDone(f"{target.host} cannot be reached: it does not answer", UNREACHED)
    reason = getattr(cause, "reason", None)
    if isinstance(reason, urllib3.exceptions.NameResolutionError):
        return NotDone(f"{target.host} cannot be reached: no such host", UNREACHED)
    if isinstance(reason, urllib3.exceptions.NewConnectionError):
        return NotDone(f"{target.host} cannot be reached: it takes no connection", UNREACHED)
    if isinstance(error, requests.exceptions.Timeout):
        return NoAnswer(f"{target.host} took too long to answer", "try again later")
    return NoAnswer(f"{target.host} broke off before it had answered", "try again")


def _raise_errors(body: dict[str, Any], status: int, wait: float) -> None:
    for error in body.get("errors", ()):
        code, text = str(error.get("code")), str(error.get("text", ""))
        if code.startswith("internal_api_error"):
            raise NoAnswer(f"the wiki broke down: {text.strip()}", "ask who runs it", wait)
        data = error.get("data")
        raise Refused(code, text, wait, data if isinstance(data, dict) else None)
    # mwclient's login asks in the older form.
    if isinstance(body.get("error"), dict):
        raise Refused(str(body["error"].get("code")), str(body["error"].get("info", "")), wait)


def _json(response: requests.Response) -> dict[str, Any] | None:
    try:
        body = json.loads(response.content)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _seconds(text: str, now: str) -> float:
    """How long to wait: Retry-After names seconds, or a time, which counts by the clock of who named it (RFC 9110)."""
    if text.isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - parsedate_to_datetime(now)).total_seconds())
    except (ValueError, TypeError):
        return 0.0
