"""Which typeface writes which letters of a text on paper, so that no name is ever printed as boxes.

The report's own cuts hold Latin, Greek and Cyrillic. Chinese, Japanese and Korean are written in the typefaces that
every PDF viewer brings for them (Adobe's character collections, not embedded). What neither can write is spelled by
its code point, "[U+0627]": ugly, but another name stays another name.
"""

from __future__ import annotations

import functools
import importlib.resources
import io
import unicodedata

# collection by the oldest national set that holds a whole run; Han that all share is drawn in the Japanese form
ASIAN = (
    ("shift_jis", "HeiseiKakuGo-W5"),
    ("gb2312", "STSong-Light"),
    ("big5", "MSung-Light"),
    ("euc_kr", "HYGothic-Medium"),
)
# blocks of Han, kana, Hangul and their punctuation
ASIAN_BLOCKS = ((0x2E80, 0x303E), (0x3041, 0xA4CF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFF00, 0xFFEF))
OWN = "InterReport-Regular"


@functools.cache
def _own_letters() -> frozenset[str]:
    """What the report's own cuts hold; all three hold the same."""
    from reportlab.pdfbase.ttfonts import TTFontFile

    data = importlib.resources.files("assets").joinpath(f"fonts/{OWN}.ttf").read_bytes()
    return frozenset(map(chr, TTFontFile(io.BytesIO(data)).charToGlyph))


def _is_asian(letter: str) -> bool:
    return any(low <= ord(letter) <= high for low, high in ASIAN_BLOCKS)


def _asian_font(run: str) -> str:
    """The collection that holds all of these letters, "" where none does."""
    for charset, font in ASIAN:
        try:
            run.encode(charset)
        except UnicodeEncodeError:
            continue
        return font
    return ""


def spelled(text: str) -> str:
    """The text with each letter that the report's own cuts lack as its code point: for words inside pictures."""
    known = _own_letters()
    whole = unicodedata.normalize("NFC", text)
    return "".join(letter if letter in known else f"[U+{ord(letter):04X}]" for letter in whole)


@functools.lru_cache(maxsize=4096)
def runs(text: str, font: str) -> tuple[tuple[str, str], ...]:
    """The text in pieces of one typeface each, as (piece, name of the typeface). font: the cut that is asked for."""
    known = _own_letters()
    whole = unicodedata.normalize("NFC", text)
    if known.issuperset(whole):
        return ((whole, font),)
    pieces: list[tuple[str, str]] = []
    run = ""
    for letter in (*whole, ""):
        if letter and letter not in known and _is_asian(letter):
            run += letter
            continue
        if run:
            # a run that no one collection holds is parted into its letters
            parts = [run] if _asian_font(run) else list(run)
            pieces += [(part, _asian_font(part)) if _asian_font(part) else (spelled(part), font) for part in parts]
            run = ""
        if letter:
            pieces.append((letter if letter in known else spelled(letter), font))
    joined: list[tuple[str, str]] = []
    for piece, own in pieces:
        if joined and joined[-1][1] == own:
            joined[-1] = (joined[-1][0] + piece, own)
        else:
            joined.append((piece, own))
    return tuple(joined)
