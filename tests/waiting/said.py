"""Run `marovi` with the arguments after the first, and note in that file whether another process did what was asked."""

import sys
from pathlib import Path

note = Path(sys.argv.pop(1))

from pipeline.__main__ import main  # noqa: E402

code = main()
note.write_text("here" if "pipeline.cli" in sys.modules else "there")
sys.exit(code)
