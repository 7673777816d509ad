"""What the segment editor's computing tools would do, against shapes of known truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.panels.segment.by_hand_choices import rules_of
from app.panels.segment.by_hand_compute import Outcome, Task, compute
from app.panels.segment.by_hand_settings import HandSettings
from planning.by_hand.holes import slices_facing
from planning.by_hand.rules import Rules
from planning.errors import InputError
from planning.geometry import Grid
from planning.progress import CancelToken, no_progress
from planning.volume import Mask, Volume

GRID = Grid.from_parts((48, 40, 36), (1.0, 1.0, 1.5))
SLICE, ROW, COLUMN = np.ogrid[:36, :40, :48]


def ball(i: float, j: float, k: float, radius: float) -> np.ndarray:
    return (COLUMN - i) ** 2 + (ROW - j) ** 2 + (1.5 * (SLICE - k)) ** 2 <= radius**2


LARGE, SMALL, OTHER = ball(16, 20, 18, 10), ball(38, 20, 18, 3), ball(22, 20, 18, 8)
HU = np.where(LARGE | SMALL, 120, np.where(OTHER, 200, -80)).astype(np.int16)


def run(tool: str, voxels: np.ndarray = LARGE | SMALL, **settings: object) -> Outcome:
    masks = {"liver": Mask.from_full(GRID, voxels), "vein": Mask.from_full(GRID, OTHER)}
    task = Task(
        tool=tool,
        name="liver",
        settings=replace(HandSettings(), **settings),
        masks=masks,
        rules=Rules.over("liver", masks),
        volume=Volume(GRID, HU),
    )
    return compute(task, no_progress, CancelToken())


def test_islands_are_kept_removed_and_parted() -> None:
    assert np.array_equal(run("islands", islands="largest").after.full(), LARGE)
    assert np.array_equal(run("islands", islands="small", least_ml=1.0).after.full(), LARGE)
    parted = run("islands", islands="split", least_ml=0.0)
    assert np.array_equal(parted.after.full(), LARGE)
    assert [mask.voxel_count for mask in parted.parts] == [np.count_nonzero(SMALL)]
    assert parted.lost is not None
    assert np.array_equal(parted.lost.full(), SMALL)
    whole = run("islands", LARGE, islands="split")
    assert whole.is_nothing
    assert run("islands", LARGE, islands="largest").is_nothing


@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        ("add", LARGE | SMALL | OTHER),
        ("subtract", (LARGE | SMALL) & ~OTHER),
        ("intersect", (LARGE | SMALL) & OTHER),
        ("invert", OTHER & ~(LARGE | SMALL)),
    ],
)
def test_structures_are_combined(how: str, wanted: np.ndarray) -> None:
    found = run("combine", combine_how=how, with_other="vein")
    assert np.array_equal(found.after.full(), wanted)
    before = LARGE | SMALL
    for mask, part in ((found.gained, wanted & ~before), (found.lost, before & ~wanted)):
        assert np.array_equal(np.zeros_like(part) if mask is None else mask.full(), part)


def test_a_threshold_replaces_adds_and_looks_within_a_structure() -> None:
    assert np.array_equal(run("threshold", threshold_hu=(100.0, 130.0)).after.full(), HU == 120)
    added = run("threshold", threshold_hu=(190.0, 210.0), threshold_adds=True).after.full()
    assert np.array_equal(added, LARGE | SMALL | (HU == 200))
    within = run("threshold", threshold_hu=(100.0, 130.0), threshold_in="vein").after.full()
    assert np.array_equal(within, (HU == 120) & OTHER)


def test_holes_slices_and_walls() -> None:
    hole = LARGE & ~ball(16, 20, 18, 4)
    assert np.array_equal(run("fill_holes", hole, fill_how="3d").after.full(), LARGE)
    every_third = LARGE & (SLICE % 3 == 0)
    filled = run("fill_between", every_third, between="axial").after.full()
    assert not (every_third & ~filled).any()
    overlap = 2 * np.count_nonzero(filled & LARGE) / (np.count_nonzero(filled) + np.count_nonzero(LARGE))
    assert overlap > 0.93
    shell = run("hollow", LARGE, wall_mm=2.0, wall_where="inside").after.full()
    assert not (shell & ~LARGE).any()
    assert not shell[18, 20, 16]
    shrunk, grown = (run("grow", LARGE, grow_mm=2.0, shrinks=shrinks).after for shrinks in (True, False))
    for mask, radius in ((shrunk, 8), (grown, 12)):
        assert mask.volume_ml == pytest.approx(4 / 3 * np.pi * radius**3 / 1000, rel=0.12)
    spike = LARGE | ((ROW == 20) & (SLICE == 18) & (COLUMN > 20) & (COLUMN < 40))
    smooth = run("smooth", spike, smooth_how="median", smooth_mm=2.0).after.full()
    assert not smooth[18, 20, 32:].any()
    assert 2 * np.count_nonzero(smooth & LARGE) / (np.count_nonzero(smooth) + np.count_nonzero(LARGE)) > 0.92


@pytest.mark.parametrize(
    "columns",
    [
        # axial, coronal with slices towards the back, sagittal towards the left, each as a scanner stores them, and tilted
        ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
        ((1, 0, 0), (0, 0, -1), (0, 1, 0)),
        ((0, 1, 0), (0, 0, -1), (-1, 0, 0)),
        ((0.96, 0.0, 0.28), (0.28, 0.0, -0.96), (0, 1, 0)),
    ],
)
def test_slices_are_the_patients_however_the_scan_is_stored(columns: tuple[tuple[float, ...], ...]) -> None:
    grid = Grid.from_parts((41, 41, 41), (1.0, 1.0, 1.0), direction=np.array(columns).T)
    x, y, z = np.moveaxis(
        grid.to_world(np.indices(grid.shape_kji)[::-1].reshape(3, -1).T).reshape(*grid.shape_kji, 3) - grid.center_mm,
        -1,
        0,
    )
    # along the grid's own axis that lies nearest to head and feet
    up = grid.direction[:, np.argmax(np.abs(grid.direction[2]))]
    height = x * up[0] + y * up[1] + z * up[2]
    away = np.sqrt(x**2 + y**2 + z**2 - np.minimum(height**2, x**2 + y**2 + z**2))
    tube = (np.abs(height) < 10.5) & (away < 12.1)
    task = Task(
        tool="fill_holes",
        name="liver",
        settings=HandSettings(fill_how="axial"),
        masks={"liver": Mask.from_full(grid, tube & (away > 6.1))},
        rules=Rules(),
        volume=None,
    )
    assert np.array_equal(compute(task, no_progress, CancelToken()).after.full(), tube)
    painted = replace(
        task,
        tool="fill_between",
        settings=HandSettings(between="axial"),
        masks={"liver": Mask.from_full(grid, tube & (np.abs(np.rint(height)) == 10))},
    )
    assert np.array_equal(compute(painted, no_progress, CancelToken()).after.full(), tube)
    for name, normal in (("axial", (0, 0, 1)), ("coronal", (0, -1, 0)), ("sagittal", (1, 0, 0))):
        assert slices_facing(grid, np.array(normal, dtype=float)) == name


def test_seeds_grow_together_and_say_what_is_missing() -> None:
    seeds = {"liver": ball(16, 20, 18, 3), "vein": ball(26, 20, 18, 2)}
    masks = {name: Mask.from_full(GRID, voxels) for name, voxels in seeds.items()}
    task = Task(
        tool="seeds",
        name="liver",
        settings=HandSettings(seeds_with=frozenset({"vein"})),
        masks=masks,
        rules=Rules.over("liver", masks),
        volume=Volume(GRID, HU),
    )
    found = compute(task, no_progress, CancelToken())
    assert set(found.patches) <= {"liver", "vein"}
    assert found.after.voxel_count > masks["liver"].voxel_count
    assert not (found.after.full() & found.others["vein"].full()).any()
    with pytest.raises(InputError, match="Tick"):
        compute(replace(task, settings=HandSettings()), no_progress, CancelToken())
    empty = {**masks, "vein": Mask.from_full(GRID, np.zeros(GRID.shape_kji, dtype=bool))}
    with pytest.raises(InputError, match="Nothing is painted"):
        compute(replace(task, masks=empty), no_progress, CancelToken())


def test_neighbours_are_smoothed_together_without_a_gap() -> None:
    rough = (COLUMN + (ROW // 2 + SLICE // 2) % 2 * 2) < 24
    block = (abs(COLUMN - 24) < 14) & (abs(ROW - 20) < 12) & (abs(SLICE - 18) < 10)
    masks = {"liver": Mask.from_full(GRID, block & rough), "vein": Mask.from_full(GRID, block & ~rough)}
    task = Task(
        tool="smooth",
        name="liver",
        settings=HandSettings(smooth_mm=2.0, smooth_with=frozenset({"vein"})),
        masks=masks,
        rules=Rules.over("liver", masks),
        volume=Volume(GRID, HU),
    )
    found = compute(task, no_progress, CancelToken())
    first, second = found.after.full(), found.others["vein"].full()
    assert set(found.patches) == {"liver", "vein"}
    assert not (first & second).any()
    inner = (abs(COLUMN - 24) < 8) & (abs(ROW - 20) < 6) & (abs(SLICE - 18) < 5)
    assert (first | second)[inner].all()


def test_the_rules_hold_for_computing_tools() -> None:
    masks = {"liver": Mask.from_full(GRID, LARGE), "vein": Mask.from_full(GRID, OTHER)}
    task = Task(
        tool="grow",
        name="liver",
        settings=HandSettings(grow_mm=3.0),
        masks=masks,
        rules=Rules.over("liver", masks, paint_over="empty"),
        volume=Volume(GRID, HU),
    )
    found = compute(task, no_progress, CancelToken())
    assert found.gained is not None
    assert not (found.gained.full() & OTHER).any()


@pytest.mark.parametrize("over", ["everywhere", "empty", "give_way", "inside:organ"])
def test_what_grows_from_seeds_goes_only_where_it_may_be_painted(over: str) -> None:
    organ = ball(16, 20, 18, 6)
    shapes = {"liver": ball(6, 20, 18, 2), "vein": ball(26, 20, 18, 2), "organ": organ}
    masks = {name: Mask.from_full(GRID, voxels) for name, voxels in shapes.items()}
    task = Task(
        tool="seeds",
        name="liver",
        settings=HandSettings(seeds_with=frozenset({"vein"}), over=over),
        masks=masks,
        rules=rules_of(over, "liver", masks, (), None),
        # no edge anywhere: they meet in the middle
        volume=Volume(GRID, np.zeros_like(HU)),
    )
    found = compute(task, no_progress, CancelToken())
    liver, vein = found.after.full(), found.others["vein"].full()
    assert not (liver & vein).any()
    assert found.gained is not None
    if over == "empty":
        assert not ((liver | vein) & organ).any()
    elif over == "inside:organ":
        assert not ((liver & ~shapes["liver"]) & ~organ).any()
        assert not ((vein & ~shapes["vein"]) & ~organ).any()
    else:
        assert (liver & organ).any()
    lost = organ & ~found.others["organ"].full() if "organ" in found.others else np.zeros_like(organ)
    assert np.array_equal(lost, (liver | vein) & organ if over == "give_way" else np.zeros_like(organ))
    assert set(found.patches) == {"liver", "vein", *(("organ",) if over == "give_way" else ())}


def test_seeds_grow_as_far_beyond_the_paint_as_was_asked() -> None:
    masks = {
        "liver": Mask.from_full(GRID, ball(16, 20, 18, 2)),
        "vein": Mask.from_full(GRID, ball(24, 20, 18, 2)),
    }
    for reach_mm in (4.0, 9.0):
        task = Task(
            tool="seeds",
            name="liver",
            settings=HandSettings(seeds_with=frozenset({"vein"}), seeds_reach_mm=reach_mm),
            masks=masks,
            rules=Rules.over("liver", masks),
            volume=Volume(GRID, HU),
        )
        found = compute(task, no_progress, CancelToken())
        both = found.after.full() | found.others["vein"].full()
        rows = np.flatnonzero(both.any(axis=(0, 2)))
        # and one voxel more
        assert (rows[0], rows[-1]) == (17 - reach_mm, 23 + reach_mm)
