"""The programs a local wiki is made of, all from Debian's packages, and what to install when one is missing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from pipeline.errors import MissingToolError

MEDIAWIKI = Path("/usr/share/mediawiki")
KATEX = Path("/usr/share/javascript/katex/katex.min.js")
PROGRAMS = {"php": "php-cli", "lua5.1": "lua5.1", "pygmentize": "python3-pygments"}
# PHP's name of a module to the package that brings it.
MODULES = {
    "pdo_sqlite": "php-sqlite3",
    "mbstring": "php-mbstring",
    "xml": "php-xml",
    "intl": "php-intl",
    "curl": "php-curl",
    "gd": "php-gd",
}


def require_tools() -> None:
    """Raise MissingToolError, with the command that mends it, unless a wiki can be made on this machine."""
    missing = [] if (MEDIAWIKI / "api.php").is_file() else ["mediawiki"]
    missing += [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    modules = _php_modules() if shutil.which("php") else set()
    missing += [package for module, package in MODULES.items() if module not in modules]
    if missing:
        raise MissingToolError(
            f"a local wiki needs {', '.join(missing)}, which this machine lacks",
            f"as root run: apt-get install --no-install-recommends {' '.join(missing)}",
        )


def _php_modules() -> set[str]:
    listed = subprocess.run(["php", "-m"], capture_output=True, text=True, check=True)
    return {line.strip().lower() for line in listed.stdout.splitlines()}
