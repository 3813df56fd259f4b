"""Show the project as it is written, on this machine and for nobody else: live, or as a build left it."""

from pipeline.preview.server import DEFAULT_PORT, built, open_server, serve

__all__ = ["DEFAULT_PORT", "built", "open_server", "serve"]
