"""Where topics run: here, or on the Dask cluster of an address that may be trusted."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from pipeline.errors import ConfigurationError
from pipeline.loopback import is_loopback

LOCAL = "local"
_VARIABLE = "DASK_SCHEDULER_ADDRESS"  # Dask's own name for it
_EXAMPLE = "dask=tcp://127.0.0.1:8786"


def scheduler_of(executor: str) -> str | None:
    """Return the address of the Dask scheduler that an `executor` names, None for this machine's own processes.

    `executor` is "local", "dask=ADDRESS", or "dask" with the address in DASK_SCHEDULER_ADDRESS. Raises
    ConfigurationError for anything else, and for an address that others could listen to or send code to.
    """
    kind, _, address = executor.partition("=")
    if executor == LOCAL:
        return None
    if kind != "dask":
        raise ConfigurationError(f"the executor {executor!r} is not known", f'write "{LOCAL}" or "{_EXAMPLE}"')
    address = address or os.environ.get(_VARIABLE, "")
    if not address:
        raise ConfigurationError(
            "the executor dask needs the address of a scheduler", f"write {_EXAMPLE}, or set {_VARIABLE}"
        )
    scheme, host, port = _parts(address)
    if scheme not in ("tcp", "tls") or not host or port is None:
        raise ConfigurationError(
            f"{address!r} is no address of a Dask scheduler", "write tcp://127.0.0.1:8786, or tls://HOST:PORT"
        )
    if scheme == "tcp" and not is_loopback(host):
        raise ConfigurationError(
            f"{address} is not encrypted, and whoever reaches such a scheduler can run code on its workers",
            "use tls:// with certificates in Dask's configuration (docs/scale.md), or a tunnel to a loopback address",
        )
    return address


def _parts(address: str) -> tuple[str, str, int | None]:
    try:
        found = urlsplit(address)
        return found.scheme, found.hostname or "", found.port
    except ValueError:
        return "", "", None
