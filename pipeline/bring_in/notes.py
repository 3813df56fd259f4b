"""What is to be said about one page while it is turned into Markdown, each with the line it stands on."""

from __future__ import annotations

from pipeline.bring_in.model import Kind, Left


class Notes:
    """Finds the line by looking for what it is about, from where the reading has come to."""

    def __init__(self, page: str, text: str) -> None:
        self.page = page
        self.text = text
        self.found: list[Left] = []
        self._place = 0

    def reached(self, wikitext: str) -> None:
        """Note that the reading has come to this piece of the page."""
        place = self.text.find(wikitext, self._place)
        if place >= 0:
            self._place = place

    def say_at(self, line: int, kind: Kind, text: str, why: str) -> None:
        """Say something of a line that is known."""
        self.found.append(Left(self.page, line, kind, text, why))

    def say(self, kind: Kind, wikitext: str, why: str) -> None:
        place = self.text.find(wikitext, self._place) if wikitext else -1
        if place < 0:
            place = self.text.find(wikitext) if wikitext else -1
        line = self.text.count("\n", 0, place if place >= 0 else self._place) + 1
        entry = Left(self.page, line, kind, wikitext.strip("\n"), why)
        if entry not in self.found:
            self.found.append(entry)
