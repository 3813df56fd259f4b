"""Hunspell dictionaries: which words a language has, from what stem, and what else somebody may have meant.

The dictionaries are read by spylls only when a word turns up that no check has asked for before: verdicts are kept
in .marovi/spelling/.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import re
import unicodedata
import warnings
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipeline.check import spanish

HERE = Path(__file__).parent / "hunspell"
SYSTEM = (Path("/usr/share/hunspell"), Path("/usr/share/myspell/dicts"))
PREFERRED = {"en": "en_US", "es": "es_ES"}
ACCENTED = {"a": "á", "e": "é", "i": "í", "o": "ó", "u": "úü", "n": "ñ"}
SUGGESTIONS = 2  # for one word
PATIENCE = 5  # words for which one run looks for suggestions beyond a missing accent, which takes time


def find_dictionary(language: str) -> Path | None:
    """The path, without .aff and .dic, of the dictionary for a language: ours, spylls' own, or the system's."""
    spec = find_spec("spylls")
    carried = [Path(spec.origin).parent / "hunspell" / "data" / language] if spec and spec.origin else []
    for folder in (HERE, *carried, *SYSTEM):
        named = folder / f"{PREFERRED.get(language, language)}.dic"
        for path in (named, *sorted(folder.glob(f"{language}_*.dic")), folder / f"{language}.dic"):
            if path.is_file() and path.with_suffix(".aff").is_file():
                return path.with_suffix("")
    return None


class Lexicon:
    """One language's dictionary with what was asked of it before."""

    def __init__(self, dictionary: Path, memory: Path) -> None:
        self._path = dictionary
        self._language = dictionary.name.partition("_")[0]
        self._memory = memory
        self._loaded: Any = None
        self._patience = PATIENCE
        self._key = _fingerprint(dictionary)
        known = _remembered(memory, self._key)
        self._stems: dict[str, list[str]] = known.get("stems", {})
        self._meant: dict[str, list[str]] = known.get("meant", {})
        self._changed = False

    def stems(self, word: str) -> list[str]:
        """The dictionary's words that `word` is a form of; none when it is no word of the language."""
        found = self._stems.get(word)
        if found is None:
            dictionary = self._dictionary()
            forms = dictionary.lookuper.good_forms(word)
            found = sorted({form.stem for form in forms if hasattr(form, "stem")})
            if not found and dictionary.lookup(word):
                found = [word]
            if not found and self._language == "es":
                found = [verb for verb in spanish.without_pronouns(word.lower()) if verb in self]
            self._stems[word] = found
            self._changed = True
        return found

    def __contains__(self, word: str) -> bool:
        return bool(self.stems(word))

    def accented(self, word: str) -> list[str]:
        """The words that differ from `word` in one accent or tilde."""
        return [other for other in _accented(word) if other in self]

    def meant(self, word: str) -> list[str]:
        """What somebody who wrote `word`, which is wrong, may have meant, the likeliest first."""
        found = self._meant.get(word)
        if found is None:
            found = self.accented(word)
            if not found and self._patience:
                self._patience -= 1
                suggested = (other for other in self._dictionary().suggest(word) if not re.search("[ -]", other))
                found = list(itertools.islice(suggested, SUGGESTIONS))
            elif not found:
                return []
            self._meant[word] = found
            self._changed = True
        return found

    def remember(self) -> None:
        """Keep the verdicts for the next check."""
        if self._changed:
            self._memory.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._memory.with_suffix(f".{os.getpid()}")
            known = {"key": self._key, "stems": self._stems, "meant": self._meant}
            temporary.write_text(json.dumps(known, ensure_ascii=False, indent=0), encoding="utf-8")
            temporary.replace(self._memory)
            self._changed = False

    def _dictionary(self) -> Any:
        if self._loaded is None:
            from spylls.hunspell import Dictionary

            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ResourceWarning)  # spylls leaves closing its files to Python
                self._loaded = Dictionary.from_files(str(self._path))
        return self._loaded


def _fingerprint(dictionary: Path) -> str:
    files = [dictionary.with_suffix(".aff"), dictionary.with_suffix(".dic"), Path(__file__), Path(spanish.__file__)]
    stats = [file.stat() for file in files]
    text = repr([version("spylls"), dictionary.name, *((stat.st_size, stat.st_mtime_ns) for stat in stats)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _remembered(memory: Path, key: str) -> dict[str, Any]:
    try:
        known = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) and known.get("key") == key else {}


def _accented(word: str) -> Iterator[str]:
    bare = "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))
    if bare != word:
        yield bare
    for place, sign in enumerate(bare):
        for other in ACCENTED.get(sign.lower(), ""):
            changed = bare[:place] + (other.upper() if sign.isupper() else other) + bare[place + 1 :]
            if changed != word:
                yield changed
