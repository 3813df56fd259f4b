"""How PHP is called: one environment and one set of options for the web server and for MediaWiki's scripts."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from pipeline.errors import WikiError
from pipeline.wiki.tools import MEDIAWIKI

# Where nobody listens: a request to another machine is refused at once, not after seconds of waiting.
NOWHERE = "http://127.0.0.1:1"
SETTINGS = {
    "memory_limit": "256M",
    "upload_max_filesize": "32M",
    "post_max_size": "40M",
    "display_errors": "stderr",
    "allow_url_fopen": "0",
    "disable_functions": "fsockopen,pfsockopen,stream_socket_client,mail",
    # A setting that is changed while the wiki is served holds from the next request on, not some seconds later.
    "opcache.revalidate_freq": "0",
}
OPTIONS = tuple(word for key, value in SETTINGS.items() for word in ("-d", f"{key}={value}"))


def environment(settings: Path) -> dict[str, str]:
    """Return all that PHP gets to know of this machine, with the LocalSettings.php of the wiki that is meant."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "MW_CONFIG_FILE": str(settings),
        "http_proxy": NOWHERE,
        "https_proxy": NOWHERE,
        "all_proxy": NOWHERE,
    }


def run_script(settings: Path, script: Path, *options: str, stdin: str = "") -> str:
    """Run one of MediaWiki's maintenance scripts on the wiki of `settings` and return what it printed.

    Raises WikiError when it fails.
    """
    done = subprocess.run(
        ["php", *OPTIONS, str(script), *options],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=MEDIAWIKI,
        env=environment(settings),
        check=False,
    )
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip().splitlines()
        raise WikiError(f"MediaWiki's {script.name} failed: {' / '.join(said[-5:]) or 'it said nothing'}")
    return done.stdout
