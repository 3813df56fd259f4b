"""Show the rendered site on this machine: a small server for build/site, and for nobody else."""

from pipeline.preview.server import DEFAULT_PORT, open_server, serve

__all__ = ["DEFAULT_PORT", "open_server", "serve"]
