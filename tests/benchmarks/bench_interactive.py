"""Three scribbled slices: how good a structure becomes, and how long each update takes.

Run as a file; prints, asserts nothing. For each structure three axial slices, at quarters of its height, get a cross through
the deepest point of every piece of 3 cm² or more there, and rings outside, 8 mm from the label (jitters: slices moved by up
to 5 % of the height, crosses by up to 3 voxels, rings at 6 to 11 mm). One update per slice. Dice on the image's own voxels.
Scans: `ircad01` (test only), and `lidc0001` and `ts_abdomen`, on which the constants were compared (see
docs/interactive.md). With a network's prior where the shipped model is there or `--model FOLDER` names one.

`--corrections N`: instead, the network's own structures as a start and N strokes of a robot, each a line in the axial slice
through the deepest point of the largest error.

    python tests/benchmarks/bench_interactive.py [--scans ircad01,lidc0001,ts_abdomen] [--jitters 4] [--model FOLDER]
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from skimage.measure import find_contours

from inference.interactive.image import PreparedImage, prepare_image
from inference.interactive.prior import NetworkView, Prior, look
from inference.interactive.prompts import Prompt
from inference.interactive.strokes import StrokeSession
from inference.manifest import read_manifest
from inference.pipeline import RunOptions
from inference.zoo import InstalledModel, Zoo
from planning.errors import ModelError
from planning.files.volumes import read_volume
from planning.geometry import Grid
from planning.liver.segment.working import onto
from planning.volume import Mask, Volume

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
BoolArray = npt.NDArray[np.bool_]
BARS = {"liver": 0.92, "tumour 84 ml": 0.80}
RING_MM, CORE_MM = 8.0, 3.0
# a person crosses every piece worth it that a slice shows
LEAST_CROSSED_MM2 = 300.0


def _scan(name: str) -> tuple[Volume, dict[str, tuple[BoolArray, str]], BoolArray]:
    """Image, structure → (label, name in the shipped model), voxels that are not judged."""
    if name == "ircad01":
        voxels, grid = read_volume(DATA / "ircad01" / "ct.nii.gz")
        labels, _ = read_volume(DATA / "ircad01" / "labels.nii.gz")
        pieces, _ = ndimage.label(labels == 2, structure=np.ones((3, 3, 3)))
        largest = pieces == 1 + int(np.bincount(pieces.ravel())[1:].argmax())
        found = {"liver": (np.isin(labels, (1, 2, 12, 13, 14)), "liver"), "tumour 84 ml": (largest, "liver")}
        names = {6: "spleen", 7: "kidney_left", 8: "kidney_right"}
    elif name == "lidc0001":
        voxels, grid = _dicom(DATA / "lidc0001_dicom")
        labels, _ = read_volume(DATA / "train" / "lidc0001_labels.nii.gz")
        found, names = {}, {1: "liver", 2: "spleen", 3: "kidney_left", 5: "aorta"}
    else:
        voxels, grid = read_volume(DATA / "train" / "ts_abdomen_noncontrast.nii.gz")
        labels, _ = read_volume(DATA / "train" / "ts_abdomen_noncontrast_labels.nii.gz")
        found, names = {}, {1: "liver", 2: "spleen"}
    found |= {structure: (labels == value, structure) for value, structure in names.items()}
    unjudged = labels == 255 if name != "ircad01" else np.zeros(labels.shape, dtype=bool)
    return Volume(grid, voxels.astype(np.int16)), found, unjudged


def _dicom(folder: Path) -> tuple[npt.NDArray[np.int16], Grid]:
    import SimpleITK

    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
    image = reader.Execute()
    voxels = np.maximum(SimpleITK.GetArrayFromImage(image), -1024).astype(np.int16)
    return voxels, Grid.from_parts(image.GetSize(), image.GetSpacing(), image.GetOrigin())


def scribbled(label: BoolArray, grid: Grid, seed: int) -> Iterator[list[Prompt]]:
    """The prompts of each of three slices. Seed 0 stands still."""
    draw = np.random.default_rng(seed)
    used = np.flatnonzero(label.any(axis=(1, 2)))
    steps = grid.spacing_mm[1::-1]
    for quarter in (0.25, 0.5, 0.75):
        share = quarter + (draw.uniform(-0.05, 0.05) if seed else 0.0)
        k = round(used[0] + share * (used[-1] - used[0]))
        layer = label[k]
        pieces, _ = ndimage.label(layer)
        lines = []
        for number in 1 + np.flatnonzero(np.bincount(pieces.ravel())[1:] * steps.prod() >= LEAST_CROSSED_MM2):
            depth = ndimage.distance_transform_edt(pieces == number, sampling=steps)
            j, i = np.unravel_index(int(depth.argmax()), depth.shape)
            j, i = (int(n + (draw.integers(-3, 4) if seed else 0)) for n in (j, i))
            core = depth > min(CORE_MM, 0.4 * float(depth.max()))
            lines += [[(k, j, n) for n in _run(core[j], i)], [(k, n, i) for n in _run(core[:, i], j)]]
        away = ndimage.distance_transform_edt(~layer, sampling=steps)
        ring_mm = draw.uniform(6.0, 11.0) if seed else RING_MM
        rings = [np.insert(ring, 0, k, axis=1) for ring in find_contours(away, ring_mm) if len(ring) > 3]
        yield [_scribble(line, True, grid) for line in lines if line] + [_scribble(r, False, grid) for r in rings]


def _run(row: BoolArray, at: int) -> npt.NDArray[np.int64]:
    pieces, _ = ndimage.label(row)
    return np.flatnonzero(pieces == pieces[at]) if pieces[at] else np.zeros(0, dtype=np.int64)


def _scribble(index_kji: npt.ArrayLike, positive: bool, grid: Grid) -> Prompt:
    return Prompt.checked("scribble", positive, grid.to_world(np.asarray(index_kji)[:, ::-1]), grid)


def _dice(first: BoolArray, second: BoolArray) -> float:
    return float(2.0 * np.count_nonzero(first & second) / max(np.count_nonzero(first) + np.count_nonzero(second), 1))


def _measured(
    image: PreparedImage, label: BoolArray, unjudged: BoolArray, prior: Prior | None, seed: int, threads: int
) -> tuple[list[float], list[float], list[float]]:
    """Dice, wall seconds, CPU seconds after each slice."""
    session = StrokeSession(image, prior, threads)
    dices, walls, cpus = [], [], []
    for prompts in scribbled(label, image.volume.grid, seed):
        wall, cpu = time.perf_counter(), time.process_time()
        session.add_all(prompts)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
        dices.append(_dice(session.mask.full() & ~unjudged, label & ~unjudged))
    return dices, walls, cpus


def _error_stroke(found: BoolArray, label: BoolArray, grid: Grid) -> Prompt:
    """Along the longer of both lines in the slice, through the deepest point of the largest piece of error."""
    best: tuple[int, bool, BoolArray] | None = None
    for positive, wrong in ((True, label & ~found), (False, found & ~label)):
        pieces, count = ndimage.label(ndimage.binary_erosion(wrong))
        if count:
            sizes = np.bincount(pieces.ravel())[1:]
            if best is None or sizes.max() > best[0]:
                best = (int(sizes.max()), positive, pieces == 1 + int(sizes.argmax()))
    if best is None:
        raise SystemExit("nothing is wrong any more")
    _, positive, piece = best
    depth = ndimage.distance_transform_edt(piece, sampling=grid.spacing_mm[::-1])
    k, j, i = (int(n) for n in np.unravel_index(int(depth.argmax()), depth.shape))
    row, column = _run(piece[k, j], i), _run(piece[k, :, i], j)
    line = [(k, j, n) for n in row] if len(row) >= len(column) else [(k, n, i) for n in column]
    return _scribble(line, positive, grid)


def _corrected(image: PreparedImage, label: BoolArray, unjudged: BoolArray, prior: Prior, strokes: int) -> str:
    """Dice before and after each stroke, and the slowest answer."""
    grid = image.volume.grid
    here = onto(prior.fine, image.fine, grid) > 0.5
    pieces, count = ndimage.label(here)
    if not count:
        return "not found by the network"
    start = pieces == 1 + int(np.bincount(pieces.ravel())[1:].argmax())
    session = StrokeSession(image, None)
    session.set_initial(Mask.from_full(grid, start))
    dices, seconds = [_dice(start & ~unjudged, label & ~unjudged)], [0.0]
    for _ in range(strokes):
        prompt = _error_stroke(session.mask.full() & ~unjudged, label & ~unjudged, grid)
        began = time.process_time()
        session.add_all([prompt])
        seconds.append(time.process_time() - began)
        dices.append(_dice(session.mask.full() & ~unjudged, label & ~unjudged))
    return f"{', '.join(f'{dice:.3f}' for dice in dices)} | most CPU s {max(seconds):.2f}"


def _model(folder: str | None) -> InstalledModel | None:
    if folder is not None:
        return InstalledModel(Path(folder), read_manifest(Path(folder)))
    try:
        return Zoo.at(Path("/nonexistent")).find()
    except ModelError:
        return None


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scans", default="ircad01,lidc0001,ts_abdomen")
    parser.add_argument("--jitters", type=int, default=4)
    parser.add_argument("--model")
    parser.add_argument("--corrections", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    model = _model(chosen.model)
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"model: {model.key if model else 'none'}")
    print("| scan | structure | prior | Dice after slices 1, 2, 3 | jitters: mean, worst | bar | most CPU s | wall s |")
    print("|---|---|---|---|---|---|---|---|")
    for name in chosen.scans.split(","):
        volume, structures, unjudged = _scan(name)
        started = time.process_time()
        image = prepare_image(volume)
        prepared = time.process_time() - started
        started = time.process_time()
        view: NetworkView | None = look(volume, model, RunOptions(device="cpu")) if model else None
        looked = time.process_time() - started
        print(f"| {name} | (prepared in {prepared:.1f} CPU s, network {looked:.1f}) |", flush=True)
        for structure, (label, known) in structures.items():
            if chosen.corrections:
                if view is not None and known in view.probabilities and structure == known:
                    told = _corrected(image, label, unjudged, view.on(image, known), chosen.corrections)
                    print(f"| {name} | {structure} | corrected | {told} |", flush=True)
                continue
            for kind in ("without", "with"):
                if kind == "with" and (view is None or known not in view.probabilities):
                    continue
                prior = view.on(image, known) if kind == "with" and view is not None else None
                plain, walls, cpus = _measured(image, label, unjudged, prior, 0, chosen.threads)
                last = [plain[-1]]
                for seed in range(1, chosen.jitters + 1):
                    dices, more, used = _measured(image, label, unjudged, prior, seed, chosen.threads)
                    last.append(dices[-1])
                    walls += more
                    cpus += used
                bar = f"{BARS[structure]:.2f}" if name == "ircad01" and structure in BARS else ""
                steps = ", ".join(f"{dice:.3f}" for dice in plain)
                print(
                    f"| {name} | {structure} | {kind} | {steps} | {np.mean(last):.3f}, {min(last):.3f} | {bar} "
                    f"| {max(cpus):.2f} | {max(walls):.2f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
