"""The few requests to GitHub that a report needs, with the standard library alone."""

from __future__ import annotations

import ipaddress
import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

TIMEOUT = 30.0  # seconds
LARGEST = 20_000_000  # bytes of an answer


class ApiError(Exception):
    """GitHub said no, or cannot be reached; the message has neither token nor address."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The token goes to the one host it is for."""

    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Api:
    """One repository, seen with one token."""

    address: str
    site: str
    repository: str  # "owner/name"
    token: str = field(repr=False)

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Api:
        """The repository that a workflow runs for. Raises ApiError where the environment is none of a workflow."""
        address = environment.get("GITHUB_API_URL", "https://api.github.com").rstrip("/")
        site = environment.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/")
        repository = environment.get("GITHUB_REPOSITORY", "")
        token = environment.get("GITHUB_TOKEN", "")
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
            raise ApiError("GITHUB_REPOSITORY is not set")
        if not token:
            raise ApiError("GITHUB_TOKEN is not set: give the step the job's token")
        if not _safe(address):
            raise ApiError("GITHUB_API_URL would get the token unencrypted")
        return cls(address, site, repository, token)

    def get(self, path: str, **query: str) -> Any:
        return self._ask("GET", f"{path}?{urlencode(query)}" if query else path, None)

    def post(self, path: str, data: dict[str, Any]) -> Any:
        return self._ask("POST", path, data)

    def patch(self, path: str, data: dict[str, Any]) -> Any:
        return self._ask("PATCH", path, data)

    def _ask(self, method: str, path: str, data: dict[str, Any] | None) -> Any:
        request = urllib.request.Request(
            f"{self.address}/repos/{self.repository}/{path}",
            method=method,
            data=None if data is None else json.dumps(data).encode(),
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "User-Agent": "marovi",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        what = f"{method} {path.partition('?')[0]}"
        try:
            with urllib.request.build_opener(_NoRedirect()).open(request, timeout=TIMEOUT) as answer:
                return json.loads(answer.read(LARGEST))
        except urllib.error.HTTPError as error:
            raise ApiError(f"GitHub answered {what} with {error.code}") from None
        except (OSError, ValueError) as error:
            raise ApiError(f"GitHub did not answer {what} ({type(error).__name__})") from None


def _safe(address: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        return parts.scheme == "http" and ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
