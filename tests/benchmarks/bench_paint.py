"""Segmenting by hand: CPU milliseconds of a paint event, a release, undo; memory of many strokes; scissors and the tools.

Own CPU time of the calling thread (of the process where a library works in several), medians and worst. Prints; asserts
nothing about time, but everything about exactness. Run: python tests/benchmarks/bench_paint.py [--slices 1093] [--strokes 200]
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from planning.by_hand import (
    between,
    boxes,
    editing,
    growing,
    holes,
    islands,
    logic,
    scissors,
    seeds,
    smoothing,
    strokes,
    threshold,
)
from planning.by_hand.rules import Rules
from planning.case.document import Document
from planning.case.manifest import case_json
from planning.geometry import Grid
from planning.volume import Mask, Volume, array_sha256

SPACING_MM = (0.7, 0.7, 0.6)
GOAL_EVENT_MS, GOAL_SCISSORS_S = 8.0, 2.0
STRUCTURES = 8


def timed(work: Callable[[], Any], clock: Callable[[], float] = time.thread_time) -> tuple[float, Any]:
    """Milliseconds of CPU, and what the work gave."""
    start = clock()
    answer = work()
    return (clock() - start) * 1e3, answer


def line(name: str, values_ms: list[float], goal_ms: float | None = None) -> None:
    """Median and worst of a row, with its goal."""
    goal = "" if goal_ms is None else f"   goal {goal_ms:g}"
    print(f"  {name:<52} {statistics.median(values_ms):8.2f} ms   worst {max(values_ms):8.2f}{goal}", flush=True)


def resident_mb() -> float:
    """Memory of this process that is in use."""
    with Path("/proc/self/statm").open(encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def ellipsoid(grid: Grid, middle_kji: np.ndarray, reach_kji: np.ndarray) -> Mask:
    """An ellipsoid, made slab by slab."""
    low = np.maximum(np.floor(middle_kji - reach_kji), 0).astype(int)
    high = np.minimum(np.ceil(middle_kji + reach_kji) + 1, grid.shape_kji).astype(int)
    k, j, i = (
        (((np.arange(a, b) - m) / r) ** 2).astype(np.float32)
        for a, b, m, r in zip(low, high, middle_kji, reach_kji, strict=True)
    )
    inside = np.empty(tuple(high - low), dtype=bool)
    for number, height in enumerate(k):
        inside[number] = j[:, None] + i < 1 - height
    return Mask(grid, tuple(int(n) for n in low[::-1]), inside, count=int(np.count_nonzero(inside)))


def make_scene(slices: int) -> tuple[Volume, dict[str, Mask]]:
    """A noisy image and eight structures, the first one through nearly all of it."""
    grid = Grid.from_parts((512, 512, slices), SPACING_MM)
    noise = np.random.default_rng(0).integers(60, 140, (32, 512, 512), dtype=np.int16)
    voxels = np.concatenate([noise] * -(-slices // 32))[:slices]
    middle = np.array(grid.shape_kji) / 2
    masks = {"body": ellipsoid(grid, middle, np.array((slices * 0.6, 240, 250)))}
    for number in range(1, STRUCTURES):
        angle = 2 * np.pi * number / (STRUCTURES - 1)
        away = middle + np.array((0, 130 * np.sin(angle), 130 * np.cos(angle)))
        masks[f"part {number}"] = ellipsoid(grid, away, np.array((60, 50, 45)))
    return Volume(grid, voxels), masks


def path(grid: Grid, random: np.random.Generator, points: int = 14) -> list[np.ndarray]:
    """A curved stroke somewhere in the middle half, about 4 mm from event to event."""
    at = grid.center_mm + random.uniform(-60, 60, 3)
    turn = np.cumsum(random.normal(0, 0.3, points))
    steps = 4.0 * np.stack([np.cos(turn), np.sin(turn), np.zeros(points)], axis=1)
    return list(at + np.cumsum(steps, axis=0))


def paint_events(volume: Volume, masks: dict[str, Mask]) -> None:
    """Each event of strokes with several brushes and rules."""
    print("paint event, our own CPU")
    part = masks["part 1"]
    others = {name: mask for name, mask in masks.items() if name != "body"}
    normal = np.array((0.36, 0.48, 0.8))
    plain, strict = Rules(), Rules.over("part 1", others, paint_over="empty", band_hu=(70, 130))
    cases: list[tuple[str, strokes.Brush, Rules, dict[str, Any]]] = [
        ("disc 12 mm, axial", strokes.Brush("disc", 6.0, np.array((0.0, 0, 1.0))), plain, {}),
        ("disc 30 mm, oblique, 5 mm thick", strokes.Brush("disc", 15.0, normal, 5.0), plain, {}),
        ("sphere 12 mm", strokes.Brush("sphere", 6.0), plain, {}),
        ("sphere 12 mm, HU band, 6 structures kept out of", strokes.Brush("sphere", 6.0), strict, {}),
        ("sphere 12 mm, smart edge", strokes.Brush("sphere", 6.0), plain, {"smart": True}),
        ("sphere 30 mm, smart edge", strokes.Brush("sphere", 15.0), plain, {"smart": True}),
        ("sphere 40 mm", strokes.Brush("sphere", 20.0), plain, {}),
        ("sphere 40 mm, HU band, 6 structures kept out of", strokes.Brush("sphere", 20.0), strict, {}),
        ("sphere 80 mm", strokes.Brush("sphere", 40.0), plain, {}),
        ("erase, sphere 40 mm, from the largest structure", strokes.Brush("sphere", 20.0), plain, {"erase": True}),
    ]
    # what a first use loads is paid when a tool is taken up
    warm = strokes.Stroke(part, strokes.Brush("sphere", 2.0), volume=volume, smart=True)
    warm.move(volume.grid.center_mm)
    for name, brush, rules, options in cases:
        first, rest = [], []
        for turn in range(6):
            mask = masks["body"] if options.get("erase") else part
            stroke = strokes.Stroke(mask, brush, rules, volume=volume, **options)
            for number, point in enumerate(path(volume.grid, np.random.default_rng(turn))):
                spent, _ = timed(lambda stroke=stroke, point=point: stroke.move(point))
                (rest if number else first).append(spent)
        line(f"{name}: press", first, GOAL_EVENT_MS)
        line(f"{name}: move", rest, GOAL_EVENT_MS)


def many_strokes(volume: Volume, masks: dict[str, Mask], count: int) -> None:
    """Strokes on the largest structure in a case: release, memory, file, undo and redo after reopening."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "paint.theatrum"
        with Document.create(place) as document:
            document.do(editing.new_structure(document, "body", "#DD8265", volume.grid))
            start = editing.Patch.between(document.mask("body"), masks["body"])
            assert start is not None
            document.do(editing.edit_step(document, {"body": start}, "Start"))
            first = document.mask("body")
            spent, _ = timed(lambda: editing.prepare_edits(document, "body"))
            print(f"before the first stroke, once, in a job: {spent:.0f} ms for {first.voxels.nbytes / 1e6:.0f} MB")
            memory, stored = resident_mb(), _stored(document)
            pieces, steps, shapes, prints, digests = [], [], [], [], {}
            mask = first
            random = np.random.default_rng(5)
            bits = 0
            for number in range(count):
                stroke = strokes.Stroke(mask, strokes.Brush("sphere", 6.0), erase=number % 2 == 0)
                for point in path(volume.grid, random):
                    stroke.move(point)
                spent, patch = timed(stroke.patch)
                if patch is None:
                    continue
                pieces.append(spent)
                bits += patch.nbytes
                spent, step = timed(lambda p=patch: editing.edit_step(document, {"body": p}, "Stroke"))
                spent_do, _ = timed(lambda s=step: document.do(s))
                steps.append(spent + spent_do)
                spent, mask = timed(lambda: document.mask("body"))
                shapes.append(spent)
                prints.append(case_json(document.case))
                if number % 40 == 0:
                    digests[len(prints) - 1] = array_sha256(mask.voxels.view(np.uint8))
                stroke = None
            print(f"release of {len(pieces)} strokes of 14 events on {'x'.join(map(str, volume.grid.size_ijk))}")
            line("cutting out the patch", pieces)
            line("storing it and the step (and the disk's own time)", steps)
            line("the mask after it", shapes)
            line("all", [a + b + c for a, b, c in zip(pieces, steps, shapes, strict=True)])
            grown, written = resident_mb() - memory, _stored(document) - stored
            whole = first.voxels.nbytes * len(pieces) / 1e9
            print(f"  patches: {bits / 1e3:.0f} kB of bits, {written / 1e3:.1f} kB in the file")
            print(f"  memory: {grown:+.0f} MB; whole copies would be {whole:.1f} GB")
            del mask, first
        with Document.open(place) as document:
            spent, _ = timed(lambda: document.mask("body"), time.process_time)
            print(f"reopened: {spent:.0f} ms of CPU until the mask of {len(pieces) + 1} patches stands")
            # pages are shared from the first undo on
            editing.prepare_edits(document, "body")
            for name, order in (("undo", range(len(prints) - 1, 0, -1)), ("redo", range(1, len(prints)))):
                rows = []
                for number in order:
                    spent, _ = timed(lambda name=name: getattr(document, name)())
                    spent_mask, mask = timed(lambda: document.mask("body"))
                    rows.append(spent + spent_mask)
                    at = number - 1 if name == "undo" else number
                    assert case_json(document.case) == prints[at], "undo must lead back to the very same case"
                    if at in digests:
                        assert array_sha256(mask.voxels.view(np.uint8)) == digests[at], "and to the very same voxels"
                line(f"{name} after reopening, exact", rows)


def _stored(document: Document) -> int:
    journal = "SELECT SUM(LENGTH(parameters_json)) FROM journal"
    return sum(int(document.store.rows(text)[0][0]) for text in ("SELECT SUM(LENGTH(data)) FROM chunk", journal))


def cuts(volume: Volume, mask: Mask) -> None:
    """Scissors with the patch that follows."""
    center = volume.grid.center_mm
    turns = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    polygon = 100 * np.stack([np.cos(turns) * (1 + 0.2 * np.sin(5 * turns)), np.sin(turns)], axis=1)
    eye = center + (300.0, -1500.0, 200.0)
    forward = (center - eye) / np.linalg.norm(center - eye)
    right = np.cross(forward, (0, 0, 1.0))
    right /= np.linalg.norm(right)
    camera = np.eye(4)
    camera[:3, :3] = [right, np.cross(right, forward), forward]
    camera[:3, 3] = -camera[:3, :3] @ eye
    camera[3] = camera[2]
    plane = scissors.Projection.of_plane
    views = {
        "axial, through all": (plane(center, np.array((1.0, 0, 0)), np.array((0, 1.0, 0))), 1.0, None),
        "coronal, through all": (plane(center, np.array((1.0, 0, 0)), np.array((0, 0, -1.0))), 1.0, None),
        "oblique, through all": (plane(center, np.array((0.8, 0.6, 0)), np.array((-0.36, 0.48, 0.8))), 1.0, None),
        "oblique, ±10 mm": (plane(center, np.array((0.8, 0.6, 0)), np.array((-0.36, 0.48, 0.8))), 1.0, 10.0),
        "3D camera": (scissors.Projection.of_camera(camera), 1 / 1500, None),
    }
    print(
        f"scissors with 120 corners on {'x'.join(map(str, volume.grid.size_ijk))}, with the patch; goal {GOAL_SCISSORS_S} s"
    )
    for name, (view, scale, depth_mm) in views.items():
        spent = [
            timed(
                lambda v=view, s=scale, d=depth_mm: Rules().limit(mask, scissors.cut(mask, s * polygon, v, depth_mm=d)),
                time.process_time,
            )[0]
            for _ in range(3)
        ]
        line(name, spent, GOAL_SCISSORS_S * 1e3)


def tools(volume: Volume, organ: Mask) -> None:
    """The computing tools on a structure of a liver's size."""
    shape = "x".join(map(str, organ.voxels.shape[::-1]))
    print(f"tools on a structure in a box of {shape} ({organ.volume_ml:.0f} ml), CPU of all threads")
    every = organ.voxels.copy()
    every[np.arange(len(every)) % 12 != 0] = False
    painted = boxes.made(organ.grid, every, organ.box_kji)
    seed = {
        "a": growing.grow(organ, -25.0),
        "b": logic.combine("subtract", growing.grow(organ, 6.0), growing.grow(organ, 4.0)),
    }
    work: dict[str, Callable[[], Any]] = {
        "threshold in the whole image": lambda: threshold.threshold(volume, 100, 120),
        "threshold inside the structure": lambda: threshold.threshold(volume, 100, 120, within=[organ]),
        "grow 2 mm": lambda: growing.grow(organ, 2.0),
        "shrink 2 mm": lambda: growing.grow(organ, -2.0),
        "hollow 3 mm": lambda: growing.hollow(organ, 3.0),
        "smooth, median 2 mm": lambda: smoothing.smooth(organ, 2.0, "median"),
        "smooth, Gaussian 1.5 mm": lambda: smoothing.smooth(organ, 1.5, "gaussian"),
        "islands, largest": lambda: islands.largest(organ),
        "holes in 3D": lambda: holes.fill_holes(organ),
        "holes slice by slice": lambda: holes.fill_holes(organ, "k"),
        "between every 12th slice": lambda: between.fill_between(painted, "k"),
        "seeds of two": lambda: seeds.grow_from_seeds(volume, seed),
        "subtract": lambda: logic.combine("subtract", organ, painted),
    }
    for name, one in work.items():
        spent, new = timed(one, time.process_time)
        change = f"{new.volume_ml - organ.volume_ml:+9.1f} ml" if isinstance(new, Mask) else ""
        print(f"  {name:<52} {spent:8.0f} ms   {change}", flush=True)


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slices", type=int, default=1093)
    parser.add_argument("--strokes", type=int, default=200)
    asked = parser.parse_args()
    volume, masks = make_scene(asked.slices)
    print(f"image {'x'.join(map(str, volume.grid.size_ijk))}, {len(masks)} structures")
    paint_events(volume, masks)
    many_strokes(volume, masks, asked.strokes)
    cuts(volume, masks["body"])
    tools(volume, ellipsoid(volume.grid, np.array(volume.grid.shape_kji) / 2, np.array((120, 110, 135))))


if __name__ == "__main__":
    main()
