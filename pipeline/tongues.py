"""Languages by the names they have for themselves."""

from __future__ import annotations

from collections.abc import Iterable


def names_of(languages: Iterable[str]) -> dict[str, str]:
    """Code -> the language's name in itself: `Español`; the code where nobody knows one."""
    from babel import Locale, UnknownLocaleError  # reads a file of each language

    names = {}
    for language in languages:
        try:
            name = Locale.parse(language, sep="-").get_display_name() or language
        except (UnknownLocaleError, ValueError):
            name = language
        names[language] = name[:1].upper() + name[1:]
    return names
