"""The bundled font has the characters a Chinese page needs, is free to ship, and is not under another's name."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

import runtime
from runtime.style import CHINESE

FONTS = Path(runtime.__file__).parent / "fonts"
FILE = FONTS / "MaroviSansSC-Regular.otf"
SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")


def test_every_character_of_gb_2312_is_there() -> None:
    known = set(TTFont(FILE).getBestCmap())
    pairs = [bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)]
    ideographs = [text for pair in pairs if (text := pair.decode("gb2312", "ignore"))]
    assert len(ideographs) == 6763
    assert [text for text in ideographs if ord(text) not in known] == []


@pytest.mark.parametrize(
    "text", ["，。、；：？！“”‘’（）《》【】…—·", "ＡＢＣ０１２％＋－＝～", "áéíóúüñ¿¡ÁÑ", "αβγηθ", "−×÷±≤≥≠"]
)
def test_punctuation_and_signs_are_there(text: str) -> None:
    known = set(TTFont(FILE).getBestCmap())
    assert [character for character in text if ord(character) not in known] == []


def test_the_font_is_small_named_as_ours_and_carries_its_licence() -> None:
    assert FILE.stat().st_size < 3_000_000
    names = TTFont(FILE)["name"]
    assert names.getDebugName(1) == CHINESE
    assert "Adobe" in names.getDebugName(0)
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text()


@pytest.mark.slow
@pytest.mark.skipif(not SOURCE.exists(), reason="the package fonts-noto-cjk is not installed")
def test_the_script_makes_the_bundled_font_again(tmp_path: Path) -> None:
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("make_font", FONTS / "make.py")
    assert spec is not None
    assert spec.loader is not None
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    script.make(SOURCE, tmp_path / "font.otf")
    ours, made = TTFont(FILE), TTFont(tmp_path / "font.otf")
    assert made.getBestCmap() == ours.getBestCmap()
    assert made["CFF "].compile(made) == ours["CFF "].compile(ours)
