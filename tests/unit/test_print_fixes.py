"""Fixes that a person asked for reach the file; what is the same is not judged twice; objects are told as read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from planning.geometry import Grid
from planning.printing.base import with_base
from planning.printing.options import PrintOptions
from planning.printing.parts import PrintPart
from planning.printing.plan import make_print, printed
from planning.printing.walls import SHARE_STEP_MM, walls
from planning.volume import Mask
from tests.support.solids import box


def _part(name: str, *boxes: tuple[slice, slice, slice]) -> PrintPart:
    voxels = np.zeros((30, 30, 60), dtype=bool)
    for one in boxes:
        voxels[one] = True
    mask = Mask.from_full(Grid.from_parts((60, 30, 30), (1.0, 1.0, 1.0), (-30.0, 10.0, 50.0)), voxels)
    return PrintPart(name, mask, "#DD8265", "other")


def _lump(name: str = "lump") -> PrintPart:
    large = (slice(5, 25), slice(5, 25), slice(5, 30))
    return _part(name, large, (slice(10, 16), slice(10, 16), slice(45, 52)))


def test_only_what_was_asked_for_is_mended_and_told(tmp_path: Path) -> None:
    parts = [_lump("one"), _lump("two")]
    plain = make_print(parts, tmp_path / "plain.3mf")
    assert [row["components"] for row in plain["objects"]] == [2, 2]
    assert plain["fixes"] == []
    fixes = (("two", "drop_loose"), ("two", "fill_voids"), ("gone", "drop_loose"))
    done = make_print(parts, tmp_path / "done.3mf", PrintOptions(fixes=fixes))
    assert [row["components"] for row in done["objects"]] == [2, 1]
    assert [(row["object"], row["fix"], row["changed"]) for row in done["fixes"]] == [
        ("two", "drop_loose", True),
        ("two", "fill_voids", False),
    ]
    assert "1 loose piece" in done["fixes"][0]["text"]
    # compared with the mended solid, and told as such
    row = done["objects"][1]
    assert row["deviation_max_mm"] < 0.1
    assert plain["objects"][1]["volume_ml"] - row["volume_ml"] == pytest.approx(0.2, abs=0.06)


def test_what_is_the_same_is_judged_once(tmp_path: Path) -> None:
    known: dict = {}
    first = printed([_lump("one"), _lump("two")], tmp_path / "a.3mf", known=known)
    assert len(known) == 2
    again = printed(
        [_lump("one"), _lump("two")], tmp_path / "b.3mf", PrintOptions(fixes=(("two", "drop_loose"),)), known=known
    )
    assert len(known) == 3
    for key in ("volume_ml", "deviation_max_mm", "faults"):
        assert again.told["objects"][0][key] == first.told["objects"][0][key]
    for item, row in zip(again.objects, again.told["objects"], strict=True):
        assert item.mesh.volume_ml == pytest.approx(row["volume_ml"])
        assert item.plate == row["plate"] - 1
    printed([_lump("one")], tmp_path / "c.3mf", PrintOptions(bed_mm=(100.0, 100.0, 100.0)), known=known)
    assert len(known) == 4


def test_a_base_under_a_part_that_hangs_over_the_others() -> None:
    high, low = box((0, 0, 60), (40, 40, 100)), box((60, 0, 0), (70, 10, 10))
    based = with_base([high, low])
    assert based.number == 0
    assert based.mesh.points_mm[:, 2].min() < 0.0
    assert based.mesh.is_watertight


def test_shares_of_thickness_are_where_the_walls_are() -> None:
    """Of a plate of 2.05 mm nearly all of the surface is as thick; the rest is its rim, 40 mm away from the other side."""
    found = walls(box((3, 4, 5), (43, 44, 7.05)), 0.8)
    assert found is not None
    assert int(np.argmax(found.shares)) == round(2.0 / SHARE_STEP_MM)
    assert max(found.shares) == pytest.approx(3200 / (3200 + 4 * 40 * 2.05), abs=0.02)
    assert sum(found.shares) <= 1.0
