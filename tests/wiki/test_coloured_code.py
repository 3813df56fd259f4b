"""What colours a local wiki's code says, byte for byte, what Pygments' own program says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.wiki.pygmentize import OPTIONS, PYGMENTIZE
from tests.wiki.people import log_in

CODE = {
    "python": "import numpy as np\n\n# 损失 é\n@cell\ndef f(x: int) -> str:\n\treturn f\"{x:.2f}\" + '<&>'\n\n\n",
    "text": "no colours <here>\r\nat all",
    "bash": 'for x in *; do echo "$x"; done | sort -u  # ñ\n',
    "none of these": "x = 1",
}


def said(program: str, *options: str, file: Path) -> tuple[int, bytes, bytes]:
    done = subprocess.run([program, *options, file.name], cwd=file.parent, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("options", [OPTIONS, f"{OPTIONS},linenos=inline", "cssclass=other,encoding=utf-8"])
@pytest.mark.parametrize("language", CODE)
def test_code_is_coloured_as_pygments_itself_does_it(
    language: str, options: str, installed_wiki: Path, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_bytes(CODE[language].encode())
    words = ("-l", language, "-f", "html", "-O", options)
    assert said(str(installed_wiki / "pygmentize"), *words, file=file) == said(PYGMENTIZE, *words, file=file)


def test_a_block_is_coloured_without_starting_pygments_own_program(installed_wiki: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x = 1\n", encoding="utf-8")
    audit = f"""
import runpy, sys
sys.argv = ["pygmentize", "-l", "python", "-f", "html", "-O", "{OPTIONS}", "file"]
sys.addaudithook(lambda event, _: sys.exit("another program") if event == "os.exec" else None)
runpy.run_path({str(installed_wiki / "pygmentize")!r}, run_name="__main__")
print(sorted({{"pygments.cmdline", "argparse", "importlib.metadata"}} & set(sys.modules)), file=sys.stderr)
"""
    python = (installed_wiki / "pygmentize").read_text(encoding="utf-8").splitlines()[0].removeprefix("#!").split()
    done = subprocess.run([*python, "-c", audit], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "[]\n")
    assert 'class="mw-highlight"' in done.stdout


def test_the_wiki_colours_a_block_in_these_very_words(wiki, tmp_path: Path) -> None:
    """Else its blocks would go the long way unnoticed: the options are MediaWiki's choice."""
    seen = tmp_path / "seen"
    program = wiki.folder / "pygmentize"
    ours = program.read_text(encoding="utf-8")
    try:
        program.write_text(
            f'#!/bin/sh\nprintf \'%s \' "$@" >>{seen}\nexec {sys.executable} {tmp_path}/ours "$@"\n', encoding="utf-8"
        )
        (tmp_path / "ours").write_text(ours, encoding="utf-8")
        text = '<syntaxhighlight lang="python">of_this_test = 1</syntaxhighlight>'
        parsed = log_in(wiki, wiki.reader_user).post("parse", text=text, contentmodel="wikitext", prop="text")
    finally:
        program.write_text(ours, encoding="utf-8")
    assert '<span class="n">of_this_test</span>' in parsed["parse"]["text"]["*"]
    assert f"-l python -f html -O {OPTIONS} file" in seen.read_text(encoding="utf-8")
