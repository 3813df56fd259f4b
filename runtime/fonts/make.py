"""Makes MaroviSansSC-Regular.otf: the characters of simplified Chinese from Noto Sans CJK, small enough to bundle.

    python runtime/fonts/make.py /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc

The input is in Debian's and Ubuntu's package fonts-noto-cjk (the bundled file was made from version
1:20220127+repack1-1) or at https://github.com/notofonts/noto-cjk; fontTools comes with matplotlib. The same input
and fontTools give the same bytes.

The licence (OFL.txt) asks that a changed font does not carry a reserved name; another name than the original's
also means that a full Noto Sans CJK on a machine is never taken instead, which would change the pictures.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

FAMILY = "Marovi Sans SC"
FILE = Path(__file__).parent / "MaroviSansSC-Regular.otf"
NOTE = "A subset of Noto Sans CJK SC for figures: the characters of GB 2312, Latin letters and punctuation."


def characters() -> set[int]:
    """Return the code points of GB 2312 (6763 ideographs and its signs), Latin letters and Chinese punctuation."""
    pairs = (bytes((row, cell)) for row in range(0xA1, 0xFF) for cell in range(0xA1, 0xFF))
    wanted = {ord(character) for pair in pairs for character in pair.decode("gb2312", "ignore")}
    for first, last in (
        (0x0020, 0x007E),  # ASCII
        (0x00A0, 0x017F),  # accented Latin
        (0x2010, 0x2027),  # dashes, quotation marks, dots
        (0x2030, 0x205E),
        (0x2190, 0x2193),  # arrows
        (0x3000, 0x303F),  # Chinese punctuation
        (0xFF00, 0xFFEF),  # full-width forms
    ):
        wanted |= set(range(first, last + 1))
    return wanted | {0x2212}  # the minus sign of tick labels


def make(source: Path, target: Path) -> None:
    """Write the subset of the face `Noto Sans CJK SC` in the collection `source` to `target`."""
    font = _face(source, "Noto Sans CJK SC")
    options = subset.Options()
    options.hinting = False
    options.layout_features = []  # no vertical writing, no regional variants: one glyph a character
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx", "DSIG"]
    work = subset.Subsetter(options)
    work.populate(unicodes=characters())
    work.subset(font)
    _rename(font)
    font.recalcTimestamp = False
    font.save(target)
    font.close()


def _face(collection: Path, family: str) -> TTFont:
    for number in range(100):
        font = TTFont(collection, fontNumber=number, lazy=True, recalcTimestamp=False)
        if font["name"].getDebugName(1) == family:
            return font
        font.close()
    raise SystemExit(f"{collection} has no face {family!r}")


def _rename(font: TTFont) -> None:
    names = font["name"]
    version = names.getDebugName(5)
    names.names = [record for record in names.names if record.nameID in (0, 13, 14) and record.langID == 0x409]
    postscript = FAMILY.replace(" ", "") + "-Regular"
    given = {1: FAMILY, 2: "Regular", 3: f"{version};{postscript}", 4: FAMILY, 5: version, 6: postscript, 10: NOTE}
    for number, text in given.items():
        names.setName(text, number, 3, 1, 0x409)
    table = font["CFF "].cff
    table.fontNames = [postscript]
    table.topDictIndex[0].FullName = FAMILY
    table.topDictIndex[0].FamilyName = FAMILY


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    make(Path(sys.argv[1]), FILE)
    print(f"{FILE} {FILE.stat().st_size} bytes")
