"""What pages and files are called on the wiki, and which titles MediaWiki cannot have."""

from __future__ import annotations

import re
import unicodedata

# MediaWiki's own namespaces and ours; a title that starts with one of them and a colon lands there.
NAMESPACES = re.compile(
    "(media|special|(user|project|file|image|mediawiki|template|help|category|module|gadget|gadget_definition|glossary)"
    "(_talk)?|talk)"
)
# The prefixes that a fresh MediaWiki's interwiki table sends to other sites.
INTERWIKI = re.compile(
    "acronym|advogato|arxiv|c2find|cache|commons|dictionary|doi|drumcorpswiki|dwjwiki|elibre|emacswiki|foldoc|foxwiki"
    "|freebsdman|gentoo-wiki|google|googlegroups|hammondwiki|hrwiki|imdb|kmwiki|linuxwiki|lojban|lqwiki|meatball"
    "|mediawikiwiki|memoryalpha|metawiki|metawikimedia|mozillawiki|mw|oeis|openwiki|pmid|pythoninfo|rfc|s23wiki"
    "|seattlewireless|senseislibrary|shoutwiki|squeak|theopedia|tmbw|tmnet|twiki|uncyclopedia|unreal|usemod|wiki|wikia"
    "|wikibooks|wikidata|wikif1|wikihow|wikinfo|wikimedia|wikinews|wikipedia|wikiquote|wikisource|wikispecies"
    "|wikiversity|wikivoyage|wikt|wiktionary"
)
MAIN_PAGE, LEARNING_PATH = "Main Page", "Learning Path"  # in the source language
LONGEST_TITLE = 255  # bytes of UTF-8, the namespace not counted
LONGEST_FILE_NAME = 240
RESERVED = "#<>[]|{}"
SPACES = "\u00a0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f"
INVISIBLE = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
# Those, control signs and halves of surrogate pairs: to look at each sign of each title takes ten times as long.
_UNKEPT = re.compile(rf"[{re.escape(RESERVED + SPACES + INVISIBLE)}_\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]")
_ENTITY = re.compile(r"&[A-Za-z0-9\x80-\U0010ffff]+;")


def topic_page(title: str, language: str, source_language: str) -> str:
    """`Softmax Function` in the source language, `Softmax Function/es` in another."""
    return title if language == source_language else f"{title}/{language}"


def glossary_page(term: str, language: str, source_language: str) -> str:
    """`Glossary:Learning rate` or `Glossary:Learning rate/es`; `term` is the source language's."""
    return "Glossary:" + topic_page(capitalised(term), language, source_language)


def category_page(name: str) -> str:
    """`Category:Aprendizaje automático`; `name` is the one in the category's own language."""
    return "Category:" + capitalised(name)


def figure_file(title: str, figure: str, language: str) -> str:
    """`File:Softmax Function - temperature (en).png`."""
    return f"File:{_file_name(f'{title} - {figure} ({language}).png')}"


def picture_file(title: str, path: str) -> str:
    """The file of a picture from the topic's folder; one for all languages that show it."""
    return f"File:{_file_name(f'{title} - {path}')}"


def capitalised(title: str) -> str:
    """The title as MediaWiki keeps it: with its first letter upper case, where there is a single such letter."""
    first = title[:1].upper()
    return first + title[1:] if len(first) == 1 else title


def problem_of_title(title: str) -> str:
    """Say why MediaWiki cannot keep exactly this title in the main namespace, or return "".

    The answer completes a sentence: `the title 'C#' holds '#', which …`.
    """
    # One rule a line, in the order in which a reader would notice.
    if not title.strip():
        return "is empty"
    for sign in title if _UNKEPT.search(title) else "":
        if sign in RESERVED:
            return f"holds {sign!r}, which MediaWiki keeps for its markup"
        if sign == "_":
            return "holds '_', which MediaWiki shows as a space"
        if sign in SPACES + INVISIBLE or unicodedata.category(sign) in ("Cc", "Cs") or sign in "\ufffd\ufffe\uffff":
            return f"holds the character U+{ord(sign):04X}, which MediaWiki does not keep in titles"
    if title != title.strip() or "  " in title:
        return "starts or ends with a space, or has two in a row"
    if title != unicodedata.normalize("NFC", title):
        return "is not in Unicode's composed form (NFC)"
    if title != capitalised(title):
        return f"starts in lower case, and MediaWiki would call the page {capitalised(title)!r}"
    if len(title.encode()) > LONGEST_TITLE:
        return f"takes {len(title.encode())} bytes, and MediaWiki has room for {LONGEST_TITLE}"
    if "~~~" in title:
        return "holds '~~~', which MediaWiki replaces by a signature"
    if re.search(r"%[0-9A-Fa-f]{2}", title):
        return "holds a percent sign with two hexadecimal digits, which MediaWiki reads as an encoded character"
    if _ENTITY.search(title):
        return "holds an HTML entity"
    if title.startswith("/") or any(part in (".", "..") for part in title.split("/")):
        return "reads as a relative path"
    return _problem_of_prefix(title)


def problem_of_page(title: str) -> str:
    """Like `problem_of_title`, for a title with its namespace: `Glossary:…`, `Category:…`, `File:…`."""
    namespace, colon, rest = title.partition(":")
    if not colon or not NAMESPACES.fullmatch(_prefix(namespace)):
        return problem_of_title(title)
    if namespace == "File" and len(rest.encode()) > LONGEST_FILE_NAME:
        return f"takes {len(rest.encode())} bytes, and MediaWiki has room for {LONGEST_FILE_NAME} in a file's name"
    return problem_of_title(rest)


def _problem_of_prefix(title: str) -> str:
    if title.startswith(":"):
        return "starts with a colon"
    if re.match(r"[A-Za-z]+://", title):
        return "reads as an address"
    prefix, colon, _ = title.partition(":")
    if colon and NAMESPACES.fullmatch(_prefix(prefix)):
        return f"starts with {prefix + ':'!r}, the name of a namespace"
    if colon and INTERWIKI.fullmatch(_prefix(prefix)):
        return f"starts with {prefix + ':'!r}, which leads to another wiki"
    return ""


def _prefix(words: str) -> str:
    return words.strip().lower().replace(" ", "_")


def _file_name(name: str) -> str:
    """A name that uploads accept: they turn slashes and colons into hyphens anyway."""
    return capitalised(re.sub(r"[/:\\]", "-", name).replace("_", " "))
