"""Where to publish and as whom: from the environment, or the local wiki that is up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.config import TargetSettings
from pipeline.errors import ConfigurationError
from pipeline.loopback import is_loopback
from pipeline.wiki import find

VARIABLES = ("MAROVI_WIKI_URL", "MAROVI_WIKI_USER", "MAROVI_WIKI_PASSWORD")
TOKEN = "MAROVI_WIKI_TOKEN"
LOCAL = "local"
ADDRESS = "give the address of the folder that holds api.php, such as https://wiki.example.org/w/"


@dataclass(frozen=True, slots=True)
class Target:
    """A wiki and a bot's login on it."""

    scheme: str
    host: str  # with the port, where there is one
    path: str  # of the folder of api.php, with slashes at both ends
    user: str  # Name@app, "" with a token
    password: str = field(repr=False)
    local: bool = False  # a wiki of `marovi wiki up`
    token: str = field(default="", repr=False)  # OAuth 2, owner-only; takes the place of user and password
    rate: float = 0.0  # edits a minute at most, 0 for no limit of ours
    tag: str = "marovi"  # of the bot's edits, where the wiki has it

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.path}"

    @property
    def name(self) -> str:
        """What articles/pulled.json calls the wiki. The local one has another port each time."""
        return LOCAL if self.local else self.url

    @property
    def loopback(self) -> bool:
        return is_loopback(urlsplit(self.url).hostname or "")


def from_environment(
    environment: Mapping[str, str], local_wiki: Path, settings: TargetSettings | None = None
) -> Target:
    """Return the wiki of `settings` with its secret from the environment, else the one the environment names, else the
    local wiki in `local_wiki`.

    The secret of the wiki `staging` is MAROVI_WIKI_PASSWORD_STAGING or MAROVI_WIKI_TOKEN_STAGING; an OAuth token takes
    the place of user and password. Raises ConfigurationError when something is missing, the address is none, or it
    would send the secret unencrypted.
    """
    if settings is not None:
        return _named(environment, settings)
    token = environment.get(TOKEN, "").strip()
    values = [environment.get(name, "").strip() for name in VARIABLES]
    if token and values[0]:
        return parse(values[0], "", "", token=token)
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


def for_reading(environment: Mapping[str, str], local_wiki: Path, settings: TargetSettings | None = None) -> Target:
    """Return the wiki that `from_environment` would return, for who only reads: without a secret where there is none.

    Raises ConfigurationError when no wiki is named, or its address is none or not safe.
    """
    url = settings.url if settings is not None else environment.get(VARIABLES[0], "").strip()
    if not url:
        return from_environment(environment, local_wiki)
    suffix = f"_{settings.name.upper()}" if settings is not None else ""
    user = settings.user if settings is not None else environment.get(VARIABLES[1], "").strip()
    token, password = (environment.get(name + suffix, "").strip() for name in (TOKEN, VARIABLES[2]))
    if token or (user and password):
        return parse(url, "" if token else user, "" if token else password, token=token)
    return Target(*_address(url), "", "")


def _named(environment: Mapping[str, str], settings: TargetSettings) -> Target:
    suffix = f"_{settings.name.upper()}"
    token = environment.get(TOKEN + suffix, "").strip()
    password = environment.get(VARIABLES[2] + suffix, "").strip()
    if not token and not (password and settings.user):
        missing = VARIABLES[2] + suffix if settings.user else TOKEN + suffix
        raise ConfigurationError(f"{missing} not set", f"it holds the secret of the wiki {settings.name!r}")
    target = parse(settings.url, "" if token else settings.user, "" if token else password, token=token)
    return replace(target, rate=float(settings.rate), tag=settings.tag)


def parse(url: str, user: str, password: str, local: bool = False, token: str = "") -> Target:
    """Take the address of a wiki apart: of its folder, with or without api.php at its end.

    Raises ConfigurationError, which never repeats the address: it might hold a password.
    """
    scheme, host, path = _address(url)
    if not token and "@" not in user.strip("@"):
        raise ConfigurationError("MAROVI_WIKI_USER is not a bot login", "make one at Special:BotPasswords: Name@app")
    return Target(scheme, host, path, user, password, local, token)


def _address(url: str) -> tuple[str, str, str]:
    """Scheme, host with its port, and path of a wiki's folder."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or parts.query or parts.fragment:
        raise ConfigurationError("MAROVI_WIKI_URL is not the address of a wiki", ADDRESS)
    if parts.scheme == "http" and not is_loopback(host):
        raise ConfigurationError(f"{host} would get the password unencrypted", "use https:// in MAROVI_WIKI_URL")
    path = parts.path.removesuffix("api.php").removesuffix("index.php").rstrip("/") + "/"
    place = f"[{host}]" if ":" in host else host
    return parts.scheme, f"{place}:{port}" if port is not None else place, path
