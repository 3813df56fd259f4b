"""The frames around rendered text: templates/page, one Jinja2 file a kind of page."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, UndefinedError

from pipeline.errors import Problem, SourceError, Where
from pipeline.render.compiled import compiled_in

FOLDER = Path("templates") / "page"


class Frames:
    """The page templates of one project."""

    def __init__(self, root: Path, compiled: Path | None = None) -> None:
        """`compiled` is a folder for what was compiled, if that is to be kept."""
        self.environment = Environment(
            loader=FileSystemLoader(root / FOLDER),
            bytecode_cache=compiled_in(compiled),
            undefined=StrictUndefined,
            autoescape=False,  # what goes in is wikitext, escaped where it was written
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(self, kind: str, **parts: Any) -> str:
        """Fill the frame of a kind of page, in the form MediaWiki stores: composed, without white space at the end.

        Raises SourceError where the template is missing, does not compile, or asks for what it is not given.
        """
        name = f"{kind}.wiki.j2"
        try:
            text = self.environment.get_template(name).render(parts)
        except TemplateSyntaxError as error:
            raise _wrong(error.name or name, error.lineno, error.message or "does not compile") from error
        except TemplateNotFound as error:
            raise _wrong(str(error), 1, "is missing") from error
        except UndefinedError as error:
            raise _wrong(name, 1, error.message or "asks for something it is not given") from error
        return unicodedata.normalize("NFC", text.strip("\n").rstrip())


def _wrong(name: str, line: int, message: str) -> SourceError:
    where = Where((FOLDER / name).as_posix(), line)
    return SourceError([Problem(where, message, "mend the template", "template")])
