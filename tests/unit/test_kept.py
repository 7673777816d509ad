"""What can be made again is kept by its bytes."""

from __future__ import annotations

import numpy as np

from planning.geometry import Grid
from planning.kept import Kept, array_bytes
from planning.liver.model import BUILT_BYTES, BUILT_REGIONS, no_regions
from planning.volume import Mask


def test_the_oldest_goes_when_the_bytes_are_too_many() -> None:
    kept: Kept[str, bytes] = Kept(10, len)
    kept["a"], kept["b"] = b"1234", b"1234"
    assert kept["a"] == b"1234"
    kept["c"] = b"1234"
    assert list(kept) == ["a", "c"]
    assert kept.get("b") is None


def test_another_value_of_a_key_takes_the_place_of_the_first() -> None:
    kept: Kept[str, bytes] = Kept(10, len)
    kept["a"], kept["b"] = b"1234", b"12"
    kept["a"] = b"12345678"
    assert kept["a"] == b"12345678"
    assert list(kept) == ["b", "a"]


def test_what_is_larger_than_all_room_is_not_kept() -> None:
    kept: Kept[str, bytes] = Kept(3, len)
    kept["a"] = b"1234"
    assert len(kept) == 0
    least: Kept[str, bytes] = Kept(3, len, least=1)
    least["a"], least["b"] = b"1234", b"5678"
    assert list(least) == ["b"]


def test_what_is_needed_stays_and_does_not_count() -> None:
    needed = {"a"}
    kept: Kept[str, bytes] = Kept(4, len, lambda: needed)
    kept["a"], kept["b"], kept["c"] = b"12345678", b"1234", b"12"
    assert list(kept) == ["a", "c"]
    needed.clear()
    assert "a" in kept
    kept.trim()
    assert list(kept) == ["c"]
    kept.clear()
    assert len(kept) == 0


def test_all_but_those_named_are_let_go() -> None:
    kept: Kept[str, bytes] = Kept(10, len, least=2)
    kept["a"], kept["b"] = b"1234", b"1234"
    kept.keep_only({"b", "c"})
    assert list(kept) == ["b"]
    # the room of what went is free
    kept["c"] = b"123456"
    assert list(kept) == ["b", "c"]


def test_arrays_are_counted_once_wherever_they_are_held() -> None:
    inside = np.zeros((10, 10, 10), dtype=bool)
    mask = Mask(Grid.from_parts((10, 10, 10), (1, 1, 1), (0, 0, 0)), (0, 0, 0), inside)
    alone = array_bytes(mask)
    assert 1000 <= alone < 2000
    assert array_bytes({"a": mask, "b": [mask, (mask, inside, inside[2:4])]}, "words", 5) == alone
    assert array_bytes((mask, inside.copy())) == alone + 1000


def test_regions_of_a_liver_are_kept_by_their_bytes_and_the_newest_whatever_they_have() -> None:
    small, large = no_regions(), no_regions()
    for number in range(40):
        small[number] = np.empty(1000, dtype=np.uint8)  # type: ignore[index,assignment]
        large[number] = np.empty(BUILT_BYTES // 4, dtype=np.uint8)  # type: ignore[index,assignment]
    assert len(small) == 40
    assert list(large) == list(range(40 - BUILT_REGIONS, 40))
