"""Finding an entry by some of its letters: a subsequence, better at the starts of words and in one piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

WORD_START, NEIGHBOUR, ANY, FIRST = 10.0, 8.0, 1.0, 4.0
# a letter skipped inside a word, once for each run of skipped letters
GAP = 2.0
# a hit in the hint is worth half of one in the title
HINT_SHARE = 0.5
# how many points one doubling of the number of uses is worth
USE = 3.0
# what scores below this share of a perfect hit is noise
LEAST_SHARE = 0.45
_NEVER = float("-inf")


@dataclass(frozen=True, slots=True)
class Match:
    """How well a text fits and which of its letters were meant."""

    score: float
    positions: tuple[int, ...]


def match(query: str, text: str) -> Match | None:
    """The best way to find the letters of `query` in `text` in order; None when there is none or it is noise.

    Each word of the query may stand anywhere in the text.
    """
    total, positions = 0.0, set[int]()
    for word in query.lower().split():
        found = _match_word(word, text.lower())
        if found is None:
            return None
        total += found.score
        positions |= set(found.positions)
    return Match(total, tuple(sorted(positions)))


def rank(
    query: str, entries: Sequence[tuple[str, str, str]], uses: Mapping[str, int]
) -> list[tuple[int, tuple[int, ...]]]:
    """Indices of the fitting (id, title, hint), the best and most used first, with the letters meant in the title."""
    found: list[tuple[float, int, tuple[int, ...]]] = []
    for number, (identifier, title, hint) in enumerate(entries):
        used = USE * log2(1 + uses.get(identifier, 0))
        if not query.strip():
            found.append((-used, number, ()))
            continue
        hit = match(query, title)
        if hit is not None:
            found.append((-hit.score - used + 0.01 * len(title), number, hit.positions))
            continue
        wide = match(query, f"{title} {hint}")
        if wide is not None and hint:
            inside = tuple(at for at in wide.positions if at < len(title))
            found.append((-HINT_SHARE * wide.score - used + 0.01 * len(title), number, inside))
    return [(number, positions) for _, number, positions in sorted(found)]


def _match_word(word: str, text: str) -> Match | None:
    """The best alignment by dynamic programming: best[i][j] is the score with letter i at place j."""
    letters = iter(text)
    # most texts are ruled out by looking once
    if not all(letter in letters for letter in word):
        return None
    places = range(len(text))
    before = [_NEVER] * len(text)
    trail: list[list[int]] = []
    for number, letter in enumerate(word):
        now, origins = [_NEVER] * len(text), [-1] * len(text)
        best, best_at = _NEVER, -1
        for at in places:
            if number and at:
                # the best earlier place that leaves a gap
                if at >= 2 and before[at - 2] - GAP > best:
                    best, best_at = before[at - 2] - GAP, at - 2
                joined = before[at - 1] + NEIGHBOUR
            else:
                joined = _NEVER
            if text[at] != letter:
                continue
            starts = at == 0 or not text[at - 1].isalnum()
            own = (WORD_START if starts else ANY) + (FIRST if at == 0 else 0.0)
            if number == 0:
                now[at] = own
            elif max(joined, best) > _NEVER:
                is_joined = joined >= best
                now[at] = own + (joined if is_joined else best)
                origins[at] = at - 1 if is_joined else best_at
        trail.append(origins)
        before = now
    end = max(places, key=lambda at: before[at])
    if before[end] == _NEVER:
        return None
    perfect = WORD_START + (len(word) - 1) * (NEIGHBOUR + ANY)
    if before[end] < LEAST_SHARE * perfect:
        return None
    positions = [end]
    for origins in reversed(trail[1:]):
        positions.append(origins[positions[-1]])
    return Match(before[end], tuple(reversed(positions)))
