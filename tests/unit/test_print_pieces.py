"""Pieces of printed parts: each has a name and a file of its own, and what is hollow in an organ that is seen through stays so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from planning.files.meshes import read_meshes
from planning.geometry import Grid, Plane
from planning.printing.build import build
from planning.printing.options import PrintOptions
from planning.printing.parts import PrintPart
from planning.printing.plan import make_print
from planning.volume import Mask

GRID = Grid.from_parts((44, 44, 44), (1.0, 1.0, 1.0), (-21.5, -21.5, -21.5))
PLACES = GRID.to_world(np.indices(GRID.shape_kji)[::-1].transpose(1, 2, 3, 0))
CUT = Plane(np.array((0.0, 0.0, -8.0)), np.array((0.0, 0.0, 1.0)))


def _ball(z_mm: float, radius_mm: float) -> npt.NDArray[np.bool_]:
    return np.linalg.norm(PLACES - (0.0, 0.0, z_mm), axis=-1) <= radius_mm


def _part(name: str, voxels: npt.NDArray[np.bool_], kind: str) -> PrintPart:
    return PrintPart(name, Mask.from_full(GRID, voxels), "#DD8265", kind)


def test_half_a_tumour_never_takes_the_place_of_another_tumour(tmp_path: Path) -> None:
    parts = [_part("tumor", _ball(-8.0, 9.0), "lesion"), _part("tumor_1", _ball(12.0, 5.0), "lesion")]
    told = make_print(parts, tmp_path / "model.stl", PrintOptions(cut=CUT))
    names = [row["name"] for row in told["objects"]]
    assert names == ["tumor_part_1", "tumor_part_2", "tumor_1"]
    assert len(set(told["files"])) == 3
    volumes = [read_meshes(Path(file))[0][1].volume_ml for file in told["files"]]
    half, whole = parts[0].mask.volume_ml / 2.0, parts[1].mask.volume_ml
    assert volumes == pytest.approx([half, half, whole], rel=0.03)
    # the usual names where nobody else has them
    assert [row.name for row in build(parts[:1], PrintOptions(cut=CUT)).pieces] == ["tumor_1", "tumor_2"]


@pytest.mark.parametrize(
    "options", [PrintOptions(shell=True, vessel_walls_mm=1.5), PrintOptions(shell=True, hollow_mm=2.5)]
)
def test_an_organ_that_is_seen_through_fills_no_lumen_and_no_hollow(options: PrintOptions) -> None:
    tube = (np.hypot(PLACES[..., 0], PLACES[..., 1]) <= 7.0) & (np.abs(PLACES[..., 2]) < 21.9)
    # 4 mm flat, so that the organ itself is not hollowed, and all round the tube
    organ = np.abs(PLACES[..., 2]) < 1.6
    built = build([_part("liver", organ, "organ"), _part("portal_vein", tube, "vessel")], options)
    liver = built.pieces[0]
    wall_mm = options.vessel_walls_mm or 0.0
    hole_ml = np.pi * (7.0 + wall_mm) ** 2 * 4.0 / 1000.0
    assert liver.planned.volume_ml == pytest.approx(liver.structure_ml - hole_ml, rel=0.05)
    inside = np.hypot(*liver.planned.points_mm[:, :2].T) < 6.0
    assert not inside.any()
