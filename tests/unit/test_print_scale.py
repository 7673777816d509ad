"""A model at another scale: volumes by the cube, walls and pegs in true millimetres, places in the patient."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planning.errors import InputError, UsageError
from planning.files.meshes import read_meshes
from planning.geometry import Grid, Plane
from planning.printing.build import build
from planning.printing.options import PrintOptions
from planning.printing.parts import PrintPart
from planning.printing.plan import make_print
from planning.printing.scale import scaled
from planning.volume import Mask

LOW, HIGH = np.array((-20.0, 15.0, 55.0)), np.array((20.0, 45.0, 85.0))


def _block(name: str = "block", kind: str = "other") -> PrintPart:
    """40 × 30 × 30 mm, with a piece beside it."""
    voxels = np.zeros((40, 40, 60), dtype=bool)
    voxels[5:35, 5:35, 10:50] = True
    voxels[36:40, 5:10, 54:58] = True
    grid = Grid.from_parts((60, 40, 40), (1.0, 1.0, 1.0), (-29.5, 10.5, 50.5))
    return PrintPart(name, Mask.from_full(grid, voxels), "#DD8265", kind)


def test_half_the_size_is_an_eighth_of_the_volume_and_places_stay_in_the_patient(tmp_path: Path) -> None:
    whole = make_print([_block()], tmp_path / "whole.3mf")
    half = make_print([_block()], tmp_path / "half.3mf", PrintOptions(scale=0.5))
    one, other = whole["objects"][0], half["objects"][0]
    assert other["volume_ml"] == pytest.approx(one["volume_ml"] / 8.0, rel=0.01)
    assert other["structure_volume_ml"] == pytest.approx(one["structure_volume_ml"])
    assert np.array(other["size_mm"]) == pytest.approx(np.array(one["size_mm"]) / 2.0, abs=0.15)
    assert half["scale"] == 0.5
    # the file itself says it, and that of a model in life size says nothing
    for name, says in (("whole", False), ("half", True)):
        with zipfile.ZipFile(tmp_path / f"{name}.3mf") as archive:
            assert (b"Scale: 50 % of life size</metadata>" in archive.read("3D/3dmodel.model")) is says
    # the piece beside it lies where it lies in the patient
    loose = [next(f for f in row["faults"] if f["kind"] == "loose") for row in (one, other)]
    assert loose[1]["at_mm"] == pytest.approx(loose[0]["at_mm"], abs=0.3)
    assert loose[1]["measure"] == pytest.approx(loose[0]["measure"] / 8.0, rel=0.05)
    # the file leads back to the patient
    _, mesh = read_meshes(tmp_path / "half.3mf")[0]
    matrix = np.array(half["placement"])
    points = mesh.points_mm @ matrix[:3, :3].T + matrix[:3, 3]
    assert points.min(axis=0)[1:] == pytest.approx(LOW[1:], abs=0.3)
    assert points[:, 0].min() == pytest.approx(LOW[0], abs=0.3)
    assert points[:, 2].max() == pytest.approx(90.0, abs=0.5)


def test_walls_and_pegs_keep_their_millimetres(tmp_path: Path) -> None:
    cut = Plane(np.array((0.0, 30.0, 70.0)), np.array((1.0, 0.0, 0.0)))
    done = make_print([_block()], tmp_path / "a.3mf", PrintOptions(scale=0.8, cut=cut, pegs=True, hollow_mm=2.0))
    assert len(done["objects"]) == 2
    sizes = sorted(row["size_mm"][0] for row in done["objects"])
    assert sizes[0] == pytest.approx(16.0, abs=4.0)
    for row in done["objects"]:
        assert row["min_wall_mm"] <= 2.3
    for peg in done["pegs"]:
        assert peg["gap_mm"] == pytest.approx(0.3, abs=0.05)
        assert peg["at_mm"][0] == pytest.approx(0.0, abs=0.01)


def test_what_cannot_be_scaled_is_refused(tmp_path: Path) -> None:
    for scale in (0.0, 0.05, 7.0, float("nan")):
        with pytest.raises(InputError):
            PrintOptions(scale=scale)
    with pytest.raises(UsageError, match="true size"):
        make_print([_block("guide", "guide")], tmp_path / "g.3mf", PrintOptions(scale=0.5))
    with pytest.raises(UsageError, match="scan's millimetres"):
        make_print([_block()], tmp_path / "a.obj", PrintOptions(scale=0.5))
    assert not list(tmp_path.iterdir())
    make_print([_block()], tmp_path / "a.stl", PrintOptions(scale=0.5))
    assert "50 % of life size" in (tmp_path / "a.mm.txt").read_text(encoding="utf-8")


def test_the_base_of_a_model_in_another_size_says_so() -> None:
    parts, options = scaled([_block()], PrintOptions(scale=0.5, base=True))
    told = build(parts, options).pieces[0].planned.volume_ml
    silent = build(parts, replace(options, scale=1.0)).pieces[0].planned.volume_ml
    assert told > silent + 0.005
