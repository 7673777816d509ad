"""A liver made ready from what was kept is the one that was made: to the bit, or it is made again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from block_livers import beyond, block_liver

from app.kept_files import KeptFiles
from planning import kept_steps
from planning.errors import Cancelled
from planning.geometry import Grid
from planning.kept_steps import Arrays, KeptSteps
from planning.liver import graph, subvoxel, territories, tree
from planning.liver.model import LiverModel
from planning.volume import Mask

SLOW = (
    (graph, "_thinned"),
    (tree, "_volume_radii"),
    (territories, "_nearest_points"),
    (territories, "distance_to_mm"),
    (subvoxel, "_signed_distance"),
)
CUBE = Mask(Grid.from_parts((9, 9, 9)), (2, 3, 4), np.ones((3, 2, 4), dtype=bool))


def _steps(folder: Path) -> KeptSteps:
    return KeptSteps(KeptFiles(lambda: folder))


def _forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("made again")

    for module, name in SLOW:
        monkeypatch.setattr(module, name, never)


def _bits(model: LiverModel) -> list[bytes]:
    """What all numbers are made of, as bytes."""
    arrays = [model.codes.of_voxel, model.codes.count, model.closed.closed]
    for part in (model.portal, model.hepatic):
        assert part is not None
        own = part.tree
        arrays += [part.nearest, part.branch, own.points_mm, own.radius_mm, own.parent, own.step_mm, own.confidence]
    for one in model.tumors:
        surface = one.surface
        arrays += [surface.mesh.points_mm, surface.mesh.triangles, surface.field_mm, surface.grid.world_from_index]
    return [array.dtype.str.encode() + array.tobytes() for array in arrays]


def test_a_kept_liver_is_the_same_to_the_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, first = block_liver(), block_liver(steps=_steps(tmp_path))
    _forbid(monkeypatch)
    later = block_liver(steps=_steps(tmp_path))
    assert _bits(plain) == _bits(first) == _bits(later)
    cut = [beyond(60.0)]
    assert later.evaluate(cut).removed_voxels == plain.evaluate(cut).removed_voxels
    assert [one.minimum_mm for one in later.evaluate(cut).margins if one is not None] == [
        one.minimum_mm for one in plain.evaluate(cut).margins if one is not None
    ]
    assert later.findings == plain.findings


def test_a_step_that_is_damaged_or_cut_off_is_made_again(tmp_path: Path) -> None:
    steps, made = _steps(tmp_path), []

    def make() -> Arrays:
        made.append(True)
        return {"a": np.arange(500.0), "none": np.zeros((0, 3))}

    steps.arrays("test", (CUBE,), make)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    random = np.random.default_rng(1)
    for _ in range(400):
        wrong = bytearray(whole)
        wrong[int(random.integers(len(whole)))] ^= 1 << int(random.integers(8))
        path.write_bytes(bytes(wrong[: int(random.integers(len(whole)))] if random.random() < 0.2 else wrong))
        found = steps.arrays("test", (CUBE,), make)
        assert np.array_equal(found["a"], np.arange(500.0))
        assert found["none"].shape == (0, 3)
    # some bits of an archive mean nothing
    assert len(made) > 300


def _others() -> list[tuple[Mask | np.ndarray, ...]]:
    voxels = CUBE.voxels.copy()
    voxels[1, 1, 1] = False
    moved = Grid.from_parts((9, 9, 9), origin_mm=(0.0, 0.0, 1e-9))
    return [
        (replace(CUBE, voxels=voxels),),
        (replace(CUBE, start_ijk=(2, 3, 3)),),
        (replace(CUBE, grid=moved),),
        (Mask(CUBE.grid, CUBE.start_ijk, CUBE.voxels.reshape(4, 2, 3)),),
        (CUBE, np.zeros(2)),
        (CUBE, np.zeros(2, dtype=np.float32)),
        (CUBE, np.zeros((2, 1))),
        (CUBE, np.array([0.0, 1e-300])),
    ]


def test_whatever_a_step_follows_from_tells_it_from_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps, made = _steps(tmp_path), []

    def number() -> Arrays:
        made.append(True)
        return {"n": np.array(len(made))}

    for given in [(CUBE,), *_others()]:
        steps.arrays("test", given, number)
    steps.arrays("another", (CUBE,), number)
    monkeypatch.setattr(kept_steps, "program_words", lambda: "another version")
    steps.arrays("test", (CUBE,), number)
    assert len(made) == len(_others()) + 3
    assert int(steps.arrays("test", (CUBE,), number)["n"]) == len(made)


def test_the_program_is_told_by_its_own_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "liver").mkdir()
    code = tmp_path / "liver" / "graph.py"
    monkeypatch.setattr(kept_steps, "__file__", str(tmp_path / "kept_steps.py"))
    ask: Callable[[], str] = kept_steps.program_words.__wrapped__
    code.write_text("STEP_MM = 0.8\n", encoding="utf-8")
    before = ask()
    code.write_text("STEP_MM = 0.7\n", encoding="utf-8")
    assert ask() != before
    assert before.split()[0] == kept_steps.APPLICATION_VERSION


def test_another_build_of_one_version_is_another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = tmp_path / "theatrum"
    monkeypatch.setattr(kept_steps.sys, "frozen", True, raising=False)
    monkeypatch.setattr(kept_steps.sys, "executable", str(built))
    ask: Callable[[], str] = kept_steps.program_words.__wrapped__
    built.write_bytes(b"one")
    before = ask()
    built.write_bytes(b"two")
    assert ask() != before


def test_what_was_stopped_is_not_kept(tmp_path: Path) -> None:
    def stopped() -> Arrays:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        _steps(tmp_path).arrays("test", (CUBE,), stopped)
    assert list(tmp_path.iterdir()) == []
