"""What can go wrong with one request, by name: on the way there, in the wiki, and on the way back."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace

from tests.deploy.proxy import CUT, RESET, Answer, Cut, Proxy, Request

READ_TIMEOUT = 0.7  # seconds that the bot under test waits for an answer
HTML = b"<!DOCTYPE html><html><body><h1>Our servers are having a rest</h1></body></html>"
Fault = Callable[[Proxy, Request], "Answer | Cut"]

# Errors that the wiki gives before it has done anything; those that a wiki gives only to an edit come last.
ERRORS = (
    "maxlag", "ratelimited", "readonly", "badtoken", "assertuserfailed", "internal_api_error_DBQueryError",
    "blocked", "editconflict", "protectedpage", "abusefilter-disallowed", "spamblacklist", "titleblacklist-forbidden",
    "articleexists", "missingtitle", "contenttoobig",
)  # fmt: skip
STATUSES: dict[str, tuple[int, dict[str, str]]] = {
    "500": (500, {}),
    "502": (502, {}),
    "503": (503, {}),
    "503 with Retry-After": (503, {"Retry-After": "3"}),
    "504": (504, {}),
    "429": (429, {}),
    "429 with Retry-After": (429, {"Retry-After": "2"}),
}
CAPTCHA = {"edit": {"captcha": {"type": "simple", "id": "17", "question": "3 + 4"}, "result": "Failure"}}
WARNING = {"upload": {"result": "Warning", "warnings": {"badfilename": "Other.png"}, "filekey": "1.nothing.1.png"}}


def error(code: str) -> Answer:
    headers = {"Content-Type": "application/json"}
    if code == "maxlag":
        headers |= {"Retry-After": "1", "X-Database-Lag": "7"}
    return Answer(200, json.dumps({"errors": [{"code": code, "text": f"This is {code}."}]}).encode(), headers)


def _json(body: object) -> Answer:
    return Answer(200, json.dumps(body).encode(), {"Content-Type": "application/json"})


def _refused(proxy: Proxy, request: Request) -> Cut:
    """This request is lost, and for a moment nobody takes connections."""
    proxy.refuse(0.05)
    return RESET


def _late_delivery(proxy: Proxy, request: Request) -> Cut:
    """The wiki gets the request when the bot has given up waiting for it."""
    time.sleep(READ_TIMEOUT + 0.15)
    proxy.forward(request)
    return CUT


def _late_answer(proxy: Proxy, request: Request) -> Answer:
    answer = proxy.forward(request)
    time.sleep(READ_TIMEOUT + 0.15)
    return answer


def _slow(proxy: Proxy, request: Request) -> Answer:
    time.sleep(READ_TIMEOUT / 6)
    return proxy.forward(request)


def _twice(proxy: Proxy, request: Request) -> Answer:
    proxy.forward(request)
    return proxy.forward(request)


def _twice_and_first_answer(proxy: Proxy, request: Request) -> Answer:
    first = proxy.forward(request)
    proxy.forward(request)
    return first


def _twice_and_none(proxy: Proxy, request: Request) -> Cut:
    _twice(proxy, request)
    return RESET


def _broken_off(proxy: Proxy, request: Request) -> Answer:
    """The connection ends in the middle of the answer."""
    answer = proxy.forward(request)
    half = len(answer.body) // 2
    return replace(answer, body=answer.body[:half], missing=len(answer.body) - half)


def _cut_short(proxy: Proxy, request: Request) -> Answer:
    """What arrives is a whole answer as HTTP sees it, and half a one of JSON."""
    answer = proxy.forward(request)
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def _instead(answer: Answer | Cut) -> Fault:
    return lambda proxy, request: answer


def _after(answer: Answer | Cut) -> Fault:
    def fault(proxy: Proxy, request: Request) -> Answer | Cut:
        proxy.forward(request)
        return answer

    return fault


FAULTS: dict[str, Fault] = {
    "refused": _refused,
    "reset before": _instead(RESET),
    "reset after": _after(RESET),
    "end before": _instead(CUT),
    "end after": _after(CUT),
    "late delivery": _late_delivery,
    "late answer": _late_answer,
    "slow": _slow,
    "twice": _twice,
    "twice, first answer": _twice_and_first_answer,
    "twice, no answer": _twice_and_none,
    "broken off": _broken_off,
    "cut short": _cut_short,
    "html before": _instead(Answer(200, HTML)),
    "html after": _after(Answer(200, HTML)),
    "nothing after": _after(Answer(200, b"")),
    "captcha": _instead(_json(CAPTCHA)),
    "upload warning": _instead(_json(WARNING)),
}
for _name, (_status, _headers) in STATUSES.items():
    FAULTS[f"{_name} before"] = _instead(Answer(_status, HTML, _headers))
    FAULTS[f"{_name} after"] = _after(Answer(_status, HTML, _headers))
for _code in ERRORS:
    FAULTS[_code] = _instead(error(_code))
HELD = "held"  # cut now, and delivered after some later requests: the director's to do
SLOW = frozenset({"late delivery", "late answer"})
