"""Plain text as wikitext: only what MediaWiki would take for markup is written as a character reference."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# Characters that end the place where a text stands, whatever is around them.
PLAIN = ""
LABEL = "[]|"  # of a link; captions and alternative text of pictures too
CELL = "|!"  # of a table
PARAMETER = "|"  # of a template, when it is named
POSITIONAL = "|="  # of a template, when it is not named
TERM = ":"  # of a definition list's term, which a colon would end
HEADING = ""

PROTOCOLS = (
    r"(?:(?:ftps?|git|gopher|https?|ircs?|mms|nntp|redis|sftp|ssh|svn|telnet|worldwind)://"
    r"|(?:bitcoin|geo|magnet|mailto|matrix|news|sips?|sms|tel|urn|xmpp):)"
)
DANGEROUS = re.compile(
    "|".join(
        (
            r"(?P<ampersand>&)(?=#[0-9]|#[xX][0-9A-Fa-f]|[A-Za-z0-9\x80-\U0010ffff]+;|[#\w]*$)",
            r"(?P<angle><)(?=[A-Za-z/!?]|$)",
            r"(?P<brace>(?<=[{\-])\{|\{(?=[{|]|$)|(?<=[}|])\}|^\}|\}(?=[}\-]|$))",
            r"(?P<bracket>\[(?=\[|//|$|" + PROTOCOLS + r")|(?<=\[)\[|\](?=\])|(?<=\])\]|^\])",
            r"(?P<quote>'(?='|$)|(?<=')'|^')",
            r"(?P<tilde>~(?=~)|(?<=~)~)",
            r"(?P<underscore>_(?=_[^\s_]))",
            r"(?<![0-9A-Za-z_])(?P<protocol>" + PROTOCOLS[:-1] + r"))(?=\S|$)",
            r"(?<![0-9A-Za-z_])(?P<magic>(?:RFC|PMID|ISBN)[\s\u00a0]+)(?=[0-9])",
        )
    ),
    re.IGNORECASE,
)
# DANGEROUS is slow, so it is asked only where these, which are fast, find something.
SIGN = re.compile(r"[&<{}\[\]'~_]")  # every dangerous sign is one character, and one of these
COLON = re.compile(r":(?=\S|$)")  # without one there is no protocol
LINE_END = re.compile(r"\r\n?|\n")
LINE_START = re.compile(r"[*#:;=|! \t]|----|\{(?=\|)")
# What XML has no place for; MediaWiki would store U+FFFD. U+007F is the mark of its own placeholders.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
DELETE = 0x7F


def escape(text: str, reserved: str = PLAIN) -> str:
    """Write `text` so that a wiki shows it to the letter, in a place where `reserved` characters have a meaning.

    Line ends become spaces, as they do on the page. What stands at the end of a text is judged as if
    markup followed it, because it may.
    """
    if "\n" in text or "\r" in text:
        text = LINE_END.sub(" ", text)
    text = printable(text)
    text = DANGEROUS.sub(referenced, text) if _may_hold_words(text) else SIGN.sub(_sign, text)
    if reserved:
        text = _one_of(reserved).sub(_character, text)
    return reference(text[0]) + text[1:] if is_mark(text) else text


def at_line_start(wikitext: str) -> str:
    """Keep a line of finished wikitext from being read as a list, a heading, a table, preformatted or a rule."""
    match = LINE_START.match(wikitext)
    return reference(wikitext[0]) + wikitext[1:] if match else wikitext


def printable(text: str) -> str:
    """The text in composed form (NFC), as MediaWiki stores it, with a picture for each control character."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text if text.isprintable() else UNPRINTABLE.sub(_picture, text)


def is_mark(text: str) -> bool:
    """Whether the text starts with a combining mark, which would melt with the markup before it (`>` to `≯`)."""
    return not text[:1].isascii() and unicodedata.category(text[0]).startswith("M")


def reference(character: str) -> str:
    """`&#123;` for `{`."""
    return f"&#{ord(character)};"


def _may_hold_words(text: str) -> bool:
    """Whether protocols or magic words are to be looked for."""
    if ":" in text and COLON.search(text):
        return True
    capitals = text.upper()
    return "RFC" in capitals or "PMID" in capitals or "ISBN" in capitals


def _sign(match: re.Match[str]) -> str:
    """One character, as a reference where it is dangerous in its place."""
    found = DANGEROUS.match(match.string, match.start())
    return referenced(found) if found else match[0]


@cache
def _one_of(characters: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(characters)}]")


def _character(match: re.Match[str]) -> str:
    return reference(match[0])


def referenced(match: re.Match[str]) -> str:
    found = match[0]
    if match.lastgroup == "ampersand":
        return "&amp;"
    if match.lastgroup == "angle":
        return "&lt;"
    if match.lastgroup == "protocol":
        return re.sub(":", "&#58;", found, count=1)
    if match.lastgroup == "magic":
        return found[:-1] + reference(found[-1])
    return reference(found)


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code == DELETE:
        return "\u2421"
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"
