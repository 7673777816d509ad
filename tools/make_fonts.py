"""Make the font cuts of window and report: static Inter in three weights.

Qt loads the variable file as one weight only, so the window gets static cuts. reportlab draws no OpenType features, so
in the report's cuts the cmap itself points each digit to its tabular glyph. Run once when the font changes; the cuts
are committed. Usage: python tools/make_fonts.py assets/fonts
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

WEIGHTS = {"Regular": 400, "Medium": 500, "SemiBold": 600}
# Latin with the letters of Vietnamese, Greek and Cyrillic: names of plans and patients are written in any of them
ALPHABETS = [*range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x2000)]
TEXT = "".join(map(chr, ALPHABETS)) + "–—‘’‚“”„…•−\u202f\u2009√π≤≥≈≠×±²³°·←→↑↓∞Ø"
# tabular in Inter, but part of words here: a hyphen as wide as a figure tears them apart
SIGNS_OF_WORDS = ("hyphen", "hyphen.case", "asterisk", "asterisk.case")


def variable_font() -> Path:
    """The variable Inter of the pinned font package."""
    spec = importlib.util.find_spec("fontpkg_inter") or importlib.util.find_spec("fontpkg.inter")
    if spec is None or spec.origin is None:
        raise SystemExit("fontpkg-inter is not installed: make setup-dev")
    found = sorted(Path(spec.origin).parent.rglob("Inter*opsz*.ttf"))
    return next(path for path in found if "Italic" not in path.name)


def static_cut(source: Path, weight: int) -> TTFont:
    """One weight at the text size, whole; only figures and their signs are tabular."""
    font = instancer.instantiateVariableFont(TTFont(source), {"wght": weight, "opsz": 14}, updateFontNames=True)
    for mapping in tabular_swaps(font):
        for glyph in SIGNS_OF_WORDS:
            mapping.pop(glyph, None)
    return font


def tabular_swaps(font: TTFont) -> Iterator[dict[str, str]]:
    """The tables of the font's feature tnum: glyph → tabular glyph, as they lie in it."""
    lookups = font["GSUB"].table.LookupList.Lookup
    indices = {
        index
        for record in font["GSUB"].table.FeatureList.FeatureRecord
        if record.FeatureTag == "tnum"
        for index in record.Feature.LookupListIndex
    }
    for index in sorted(indices):
        for table in lookups[index].SubTable:
            mapping = getattr(getattr(table, "ExtSubTable", table), "mapping", None)
            if mapping is not None:
                yield mapping


def tabular_cut(source: Path, weight: int) -> TTFont:
    """One weight at the text size, subset to what reports use, digits tabular."""
    font = static_cut(source, weight)
    swaps = {glyph: tabular for mapping in tabular_swaps(font) for glyph, tabular in mapping.items()}
    for table in font["cmap"].tables:
        for code, glyph in table.cmap.items():
            if glyph in swaps:
                table.cmap[code] = swaps[glyph]
    options = subset.Options(layout_features=[], name_IDs=["*"], hinting=False, notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(text=TEXT)
    cutter.subset(font)
    return font


def main() -> None:
    folder = Path(sys.argv[1])
    for name, weight in WEIGHTS.items():
        static_cut(variable_font(), weight).save(folder / f"Inter-{name}.ttf")
        tabular_cut(variable_font(), weight).save(folder / f"InterReport-{name}.ttf")


if __name__ == "__main__":
    main()
