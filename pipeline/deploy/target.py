"""Where to publish and as whom: from the environment, or the local wiki that is up."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.errors import ConfigurationError
from pipeline.wiki import find

VARIABLES = ("MAROVI_WIKI_URL", "MAROVI_WIKI_USER", "MAROVI_WIKI_PASSWORD")
ADDRESS = "give the address of the folder that holds api.php, such as https://wiki.example.org/w/"


@dataclass(frozen=True, slots=True)
class Target:
    """A wiki and a bot's login on it."""

    scheme: str
    host: str  # with the port, where there is one
    path: str  # of the folder of api.php, with slashes at both ends
    user: str  # Name@app
    password: str = field(repr=False)
    local: bool = False  # a wiki of `marovi wiki up`

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.path}"

    @property
    def loopback(self) -> bool:
        return _loopback(urlsplit(self.url).hostname or "")


def from_environment(environment: Mapping[str, str], local_wiki: Path) -> Target:
    """Return the target that MAROVI_WIKI_URL, _USER and _PASSWORD name, else the local wiki in `local_wiki`.

    Raises ConfigurationError when some are missing, the address is none, or it would send the password unencrypted.
    """
    values = [environment.get(name, "").strip() for name in VARIABLES]
    if not any(values):
        running = find(local_wiki)
        if running is None:
            raise ConfigurationError(
                "no wiki is named and no local one is up",
                f"set {', '.join(VARIABLES)}, or run `marovi wiki up`",
            )
        return parse(running.url, running.bot_user, running.bot_password, local=True)
    missing = [name for name, value in zip(VARIABLES, values, strict=True) if not value]
    if missing:
        raise ConfigurationError(f"{' and '.join(missing)} not set", f"set all of {', '.join(VARIABLES)}")
    url, user, password = values
    return parse(url, user, password)


def parse(url: str, user: str, password: str, local: bool = False) -> Target:
    """Take the address of a wiki apart: of its folder, with or without api.php at its end.

    Raises ConfigurationError, which never repeats the address: it might hold a password.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or parts.query or parts.fragment:
        raise ConfigurationError("MAROVI_WIKI_URL is not the address of a wiki", ADDRESS)
    if parts.scheme == "http" and not _loopback(host):
        raise ConfigurationError(f"{host} would get the password unencrypted", "use https:// in MAROVI_WIKI_URL")
    if "@" not in user.strip("@"):
        raise ConfigurationError("MAROVI_WIKI_USER is not a bot login", "make one at Special:BotPasswords: Name@app")
    path = parts.path.removesuffix("api.php").removesuffix("index.php").rstrip("/") + "/"
    place = f"[{host}]" if ":" in host else host
    return Target(parts.scheme, f"{place}:{port}" if port is not None else place, path, user, password, local)


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
