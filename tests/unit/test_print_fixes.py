"""Fixes that a person asked for reach the file; what is the same is not judged twice; objects are told as read back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import manifold3d
import numpy as np
import pytest

from planning.errors import Cancelled, InputError
from planning.geometry import Grid, Plane
from planning.printing.base import with_base
from planning.printing.fixing import wanted_fixes
from planning.printing.options import PrintOptions
from planning.printing.parts import Piece, PrintPart, printable
from planning.printing.plan import make_print, printed
from planning.printing.proof import dice_of_surfaces, distances_mm, signed_distances_mm
from planning.printing.walls import SHARE_STEP_MM, walls
from planning.progress import CancelToken
from planning.volume import Mask
from tests.support.solids import box, of_manifold


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


def test_the_same_shape_is_judged_anew_where_it_is_held_to_other_limits(tmp_path: Path) -> None:
    known: dict = {}
    mask = _lump().mask
    for kind, least in (("other", 0.995), ("vessel", 0.97)):
        part = PrintPart("one", mask, "#DD8265", kind, box((0, 0, 0), (20, 20, 25)))
        (row,) = printed([part], tmp_path / f"{kind}.3mf", known=known).told["objects"]
        assert row["least_dice"] == least


def test_what_was_stopped_at_its_last_look_takes_no_place(tmp_path: Path) -> None:
    cancel = CancelToken()

    def told(fraction: float, words: str = "") -> None:
        if words.startswith("Comparing"):
            cancel.set()

    with pytest.raises(Cancelled):
        printed([_lump()], tmp_path / "a.3mf", progress=told, cancel=cancel)
    assert list(tmp_path.iterdir()) == []


def test_what_another_wrote_there_meanwhile_stays(tmp_path: Path) -> None:
    out = tmp_path / "a.3mf"

    def told(fraction: float, words: str = "") -> None:
        if words.startswith("Comparing"):
            out.write_text("mine", encoding="utf-8")

    with pytest.raises(InputError, match="exists already"):
        printed([_lump()], out, progress=told)
    assert out.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [out]


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


def test_mending_takes_what_is_asked_for_and_spares_lesions_and_large_pieces(tmp_path: Path) -> None:
    large = (slice(5, 25), slice(5, 25), slice(5, 30))
    crumb, piece = (slice(10, 13), slice(10, 13), slice(40, 44)), (slice(10, 16), slice(10, 16), slice(50, 57))
    organ, lesion = _part("organ", large, crumb, piece), replace(_part("lesion", large, crumb), kind="lesion")
    usual = make_print([organ, lesion], tmp_path / "a.3mf", PrintOptions(mend=()))
    assert [(row["object"], row["fix"]) for row in usual["fixes"]] == [("organ", "drop_crumbs")]
    assert [row["components"] for row in usual["objects"]] == [2, 2]
    named = make_print([organ, lesion], tmp_path / "b.3mf", PrintOptions(mend=("loose",)))
    assert {(row["object"], row["fix"]) for row in named["fixes"]} == {
        ("organ", "drop_loose"),
        ("lesion", "drop_loose"),
    }
    assert [row["components"] for row in named["objects"]] == [1, 1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.3mf", "b.3mf"]


def test_a_hollow_is_filled_or_bored_as_it_is_asked_for() -> None:
    row = {"faults": [{"kind": "trapped", "fix": "add_drains"}, {"kind": "bed", "fix": "turn_to_fit"}]}
    piece = Piece("part", _lump(), box((0, 0, 0), (1, 1, 1)), 1.0)
    assert wanted_fixes([row], [piece], (), drains=False) == []
    assert wanted_fixes([row], [piece], (), drains=True) == [("part", "add_drains")]
    assert wanted_fixes([row], [piece], ("drains",), drains=False) == [("part", "add_drains")]
    assert wanted_fixes([row], [piece], ("voids", "drains"), drains=True) == [("part", "fill_voids")]


def test_a_thin_tip_is_not_lost_when_triangles_are_saved() -> None:
    # a blade 20 mm long and 0.02 mm thick at most: flattened, it would vanish
    blade = manifold3d.Manifold.cube((20.0, 4.0, 0.02), True).translate((15.0, 0.0, 0.0))
    planned = of_manifold((manifold3d.Manifold.cube((12.0, 12.0, 12.0), True) + blade).refine_to_length(0.8))
    slim = printable(planned, 0.1)
    assert distances_mm(planned.points_mm, slim).max() < 0.5


def test_the_hearts_rooms_get_walls_that_open_into_each_other(tmp_path: Path) -> None:
    # two rooms of blood that share a face of 10 × 10 mm
    voxels = np.zeros((2, 30, 30, 60), dtype=bool)
    voxels[0, 10:20, 10:20, 10:30] = True
    voxels[1, 10:20, 10:20, 30:50] = True
    grid = Grid.from_parts((60, 30, 30), (1.0, 1.0, 1.0), (-30.0, 10.0, 50.0))
    names = ("left_atrium", "left_ventricle")
    rooms = [PrintPart(n, Mask.from_full(grid, v), "#DD8265", "organ") for n, v in zip(names, voxels, strict=True)]
    assert all(room.is_lumen for room in rooms)
    assert not PrintPart("liver", rooms[0].mask, "#DD8265", "organ").is_lumen
    done = printed(rooms, tmp_path / "heart.3mf", PrintOptions(vessel_walls_mm=1.5))
    walls_of = [item.mesh for item in done.objects]
    middle = np.array((0.0, 24.5, 64.5))
    for mesh in walls_of:
        # nothing stands in the way from one room to the other, and there is a wall beside it
        along = middle + np.linspace(-8.0, 8.0, 33)[:, None] * (1.0, 0.0, 0.0)
        assert (signed_distances_mm(along, mesh) > 1.0).all()
        assert mesh.volume_ml == pytest.approx(1.5 * (4 * 20 * 10 + 100) / 1000.0, rel=0.15)


def test_a_flat_bottom_does_not_make_overlaps_a_matter_of_rounding() -> None:
    plate, again = box((0.0, 0.0, 0.0), (20.0, 20.0, 2.0)), box((0.0, 0.0, 1e-6), (20.0, 20.0, 2.0))
    assert dice_of_surfaces(again, plate, np.array((0.8, 0.8, 1.25))) == pytest.approx(1.0, abs=1e-4)


def test_a_cut_through_voxels_counts_their_shares(tmp_path: Path) -> None:
    # voxels of 1 mm with centres at whole millimetres, from 55 to 75 along z; cut a quarter of a voxel above one's middle
    part = _part("lump", (slice(5, 25), slice(5, 25), slice(5, 30)))
    done = make_print([part], tmp_path / "cut.3mf", PrintOptions(cut=Plane((0.0, 0.0, 60.25), (0.0, 0.0, 1.0))))
    told = {row["name"]: row["structure_volume_ml"] for row in done["objects"]}
    assert told["lump_1"] == pytest.approx(20 * 25 * 14.25 / 1000.0, rel=1e-6)
    assert told["lump_2"] == pytest.approx(20 * 25 * 5.75 / 1000.0, rel=1e-6)
