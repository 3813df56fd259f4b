"""`marovi preview`: the project live in a browser, or with --no-build what the last build left."""

from __future__ import annotations

import os
import signal
from typing import Any

from pipeline.config import Config
from pipeline.errors import MaroviError
from pipeline.preview.server import built, open_server, serve


def command(config: Config, options: Any) -> int:
    """Serve until Ctrl-C, or compare with the wiki; returns the exit code."""
    if options.compare:
        from pipeline.preview import compare_command

        return compare_command.command(config, options)
    if options.slug:
        raise MaroviError("the preview has all topics", "name some with --compare only")
    if options.no_build:
        serve(built(config.build / "site"), options.port, _ready)
        return 0
    from pipeline.preview.live import Live
    from pipeline.preview.routes import LiveSource
    from pipeline.preview.wiki_choice import WikiChoice
    from pipeline.run import RunSettings

    choose = WikiChoice(config, options.target or "", os.environ)

    live = Live(config, RunSettings.of(config, require_sandbox=config.require_sandbox, keep=True, executor="local"))
    opens = f"_live/wiki/{config.source_language}/" if options.wiki else "_live/topics"
    with open_server(LiveSource(live, choose, f"/{opens}"), options.port) as server:
        _ready(server.address + (opens if options.wiki else ""))
        for name in (signal.SIGTERM, signal.SIGHUP):  # a closed terminal ends what it started as Ctrl-C does
            signal.signal(name, _interrupt)
        live.start()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            live.stop()
    return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _ready(address: str) -> None:
    print(f"Preview at {address} (Ctrl-C ends it)", flush=True)
