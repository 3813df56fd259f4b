"""Where published values, figures and checks go: the seam between article code and whoever runs it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from matplotlib.figure import Figure

JSON = None | bool | int | float | str | list["JSON"] | dict[str, "JSON"]

CheckKind = Literal["close", "claim"]
Differing = Literal["device", "run"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


class Recorder(Protocol):
    """Receives what article code publishes; what is passed has been checked and converted already.

    A recorder that builds a page raises ValueError for a name it has seen before; the one of an interactive
    session takes the new value, because cells of a notebook run again and again.
    """

    def glue(self, name: str, value: JSON) -> None:
        """Take a value: plain Python, a list of values, or a list of rows (dict)."""

    def figure(self, name: str, figure: Figure, caption: str) -> None:
        """Take a figure and the key of its caption."""

    def check(self, kind: CheckKind, text: str, tolerance: float | None, difference: float | None) -> None:
        """Take a check that held; `tolerance` and `difference` are relative, and None for a claim."""

    def differs(self, kind: Literal["value", "figure"], name: str, by: Differing, reason: str) -> None:
        """Take that a value or figure, published just now, comes out otherwise on other devices or in each run."""

    def loosen(self, name: str, rtol: float) -> None:
        """Take how far, relative to each of them, the numbers of a figure may differ between devices."""


_recorder: Recorder | None = None


def set_recorder(recorder: Recorder | None) -> None:
    """Send everything published from now on to `recorder`; None brings the interactive one back."""
    global _recorder
    _recorder = recorder


def current() -> Recorder:
    """Return the recorder in use: the one that was set, else one that prints values and shows figures."""
    global _recorder
    if _recorder is None:
        from runtime.session import Session

        _recorder = Session()
    return _recorder


def checked_name(kind: str, name: object) -> str:
    """Return `name` when it can name a published `kind`: a letter, then letters, digits, `_` or `-`.

    Raises TypeError when it is not a string and ValueError when it has other characters.
    """
    if not isinstance(name, str):
        raise TypeError(f"the name of a {kind} must be a string, not {type(name).__name__}")
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot name a {kind}: use a letter, then letters, digits, '_' or '-'")
    return name


def declare(kind: Literal["value", "figure"], name: str, by_device: str | None, by_run: str | None) -> None:
    """Pass on why something differs. Raises ValueError for a reason that says nothing, and for two at once."""
    given: dict[Differing, str | None] = {"device": by_device, "run": by_run}
    reasons = {by: reason for by, reason in given.items() if reason is not None}
    if len(reasons) > 1:
        raise ValueError(f"{name!r} differs by device and by run: what differs in each run does so on each device")
    for by, reason in reasons.items():
        if not isinstance(reason, str) or not reason.strip():
            raise ValueError(f"{name!r} differs by {by}: say why, readers are told")
        current().differs(kind, name, by, reason.strip())
