"""Make the site's math font from STIX Two Math: the characters that formulas use, with narrower tall root signs.

    python templates/site/make_math_font.py STIXTwoMath-Regular.ttf

needs fonttools and brotli. STIX Two Math comes from https://github.com/stipub/stixfonts (SIL Open Font License).
Browsers built on Chromium keep room for the widest form of a root sign behind every root; making the tall forms about
as wide as the plain one closes that gap.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

OUT = Path(__file__).parent / "assets" / "fonts" / "marovi-math.woff2"
RADICAL = 0x221A
WIDEST_RADICAL = 1.1  # times the plain one
RANGES = (
    (0x20, 0x7E), (0xA0, 0xFF), (0x2B0, 0x2FF), (0x300, 0x338), (0x370, 0x3FF), (0x2000, 0x206F), (0x2070, 0x209F),
    (0x20D0, 0x20F0), (0x2100, 0x214F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2308, 0x230B), (0x2320, 0x2321),
    (0x2329, 0x232A), (0x239B, 0x23B5), (0x23D0, 0x23E1), (0x25A0, 0x25FF), (0x2605, 0x2606), (0x27C0, 0x27FF),
    (0x2980, 0x2998), (0x29F5, 0x29F9), (0x2A00, 0x2A3F), (0x2A6C, 0x2AB0), (0x1D400, 0x1D7FF), (0xFE00, 0xFE00),
)  # fmt: skip
FEATURES = ["ssty", "dtls", "flac", "ccmp", "mark", "mkmk", "kern"]


def make(source: Path) -> None:
    font = TTFont(source)
    narrow_radicals(font)
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = [0, 5, 7, 8, 9, 13, 14]
    options.drop_tables += ["DSIG"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    subsetter.subset(font)
    for number, name in ((1, "Marovi Math"), (2, "Regular"), (4, "Marovi Math"), (6, "MaroviMath")):
        font["name"].setName(name, number, 3, 1, 0x409)
    font["head"].modified = font["head"].created  # the same bytes whenever it is made
    font.recalcTimestamp = False
    font.flavor = "woff2"
    font.save(OUT)


def narrow_radicals(font: TTFont) -> None:
    """Squeeze the tall root signs, and the pieces of the tallest, to about the width of the plain one."""
    plain = font.getBestCmap()[RADICAL]
    variants = font["MATH"].table.MathVariants
    forms = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(plain)]
    most = WIDEST_RADICAL * font["hmtx"][plain][0]
    tall = [record.VariantGlyph for record in forms.MathGlyphVariantRecord if record.VariantGlyph != plain]
    pieces = [part.glyph for part in forms.GlyphAssembly.PartRecords]
    for name in tall:
        squeeze(font, name, min(1.0, most / font["hmtx"][name][0]))
    widest = max(font["hmtx"][name][0] for name in pieces)
    for name in dict.fromkeys(pieces):
        squeeze(font, name, min(1.0, most / widest))


def squeeze(font: TTFont, name: str, factor: float) -> None:
    glyph = font["glyf"][name]
    glyph.coordinates.scale((factor, 1))
    glyph.coordinates.toInt()
    glyph.recalcBounds(font["glyf"])
    advance, _ = font["hmtx"][name]
    font["hmtx"][name] = (round(advance * factor), glyph.xMin)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
