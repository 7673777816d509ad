"""Liver, tumours and vessels from clicks that a robot places, counted; tables for docs/guided-segmentation.md.

Run as a file, with what to measure: `real`, `jitter`, `vessels`, `abdomens FIRST LAST`,
`abdomens_tumors FIRST LAST` (several may follow one another).
Prints, asserts nothing. The robot: the first click is the deepest point of the label (a drawn line: the longest diameter in
the slice of the largest area), each next one the deepest point of the largest piece of error, "this" or "not this". Jitter
moves every point by 1 to 2 mm. Real scans are read from ../shared/data where it is there; labels of lungs, kidneys and the
like are never shown to the program. Dice on the image's own voxels, seconds of CPU time. Tumours: within the liver that the
robot clicked and within the labelled one.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from planning.files.volumes import read_volume
from planning.geometry import Grid
from planning.liver.graph import graph_of
from planning.liver.segment.liver import PreparedScan, prepare_scan, segment_liver
from planning.liver.segment.strokes import Stroke, click
from planning.liver.segment.tumors import segment_tumor
from planning.liver.segment.vessels import segment_vessels
from planning.liver.segment.working import bounds_of
from planning.liver.vessel_parts import part_vessels
from planning.phantoms.hepatic import hepatic_phantom
from planning.volume import Mask, Volume

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from abdomens import abdomen

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
BoolArray = npt.NDArray[np.bool_]
LIVER_CLICKS, TUMOR_CLICKS = 3, 2
JITTERS = 10
ABDOMEN_MM = (2.0, 2.0, 2.5)


@dataclass(frozen=True)
class Case:
    """organ, unlabelled, tumors: bool on the volume's grid; unlabelled voxels are not judged."""

    name: str
    volume: Volume
    organ: BoolArray
    unlabelled: BoolArray
    tumors: BoolArray


def _cases() -> Iterator[Case]:
    for seed in (0, 3):
        phantom = hepatic_phantom(seed=seed, spacing_mm=(1.0, 1.0, 2.0))
        parts = phantom.structures
        tumors = np.logical_or.reduce([mask.full() for name, mask in parts.items() if name.startswith("tumor")])
        organ = parts["liver"].full() | tumors
        yield Case(f"phantom {seed}", phantom.volume, organ, np.zeros_like(organ), tumors)
    if not DATA.is_dir():
        return
    yield _ircad()
    voxels, grid = _dicom(DATA / "lidc0001_dicom")
    none = np.zeros((1, 1, 1), dtype=bool)
    labels, _ = read_volume(DATA / "train" / "lidc0001_labels.nii.gz")
    yield Case("lidc0001 (arterial)", Volume(grid, voxels), labels == 1, labels == 255, none)
    voxels, grid = read_volume(DATA / "train" / "ts_abdomen_noncontrast.nii.gz")
    labels, _ = read_volume(DATA / "train" / "ts_abdomen_noncontrast_labels.nii.gz")
    volume = Volume(grid, voxels.astype(np.int16))
    yield Case("ts (no contrast, 3 mm)", volume, labels == 1, labels == 255, none)


def _ircad() -> Case:
    voxels, grid = read_volume(DATA / "ircad01" / "ct.nii.gz")
    labels, _ = read_volume(DATA / "ircad01" / "labels.nii.gz")
    none = np.zeros(labels.shape, dtype=bool)
    volume = Volume(grid, voxels.astype(np.int16))
    organ = np.isin(labels, (1, 2, 12, 13, 14))
    return Case("ircad01", volume, organ, none, labels == 2)


def _dicom(folder: Path) -> tuple[npt.NDArray[np.int16], Grid]:
    import SimpleITK

    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
    image = reader.Execute()
    voxels = np.maximum(SimpleITK.GetArrayFromImage(image), -1024).astype(np.int16)
    return voxels, Grid.from_parts(image.GetSize(), image.GetSpacing(), image.GetOrigin())


def _deepest(mask: BoolArray, grid: Grid) -> tuple[np.ndarray, int]:
    """Deepest point of the largest piece, LPS mm, and that piece's voxels."""
    pieces, count = ndimage.label(mask)
    if not count:
        return np.zeros(3), 0
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    number = int(sizes.argmax())
    box = ndimage.find_objects(pieces)[number - 1]
    depth = ndimage.distance_transform_edt(np.pad(pieces[box] == number, 1), sampling=grid.spacing_mm[::-1])
    at = np.array(np.unravel_index(int(depth.argmax()), depth.shape)) - 1 + [part.start for part in box]
    return grid.to_world(at[::-1]), int(sizes[number])


def _dice(first: BoolArray, second: BoolArray) -> float:
    return float(2.0 * np.count_nonzero(first & second) / max(np.count_nonzero(first) + np.count_nonzero(second), 1))


def _next_click(found: BoolArray, truth: BoolArray, grid: Grid) -> Stroke:
    (too_much, many), (missed, few) = _deepest(found & ~truth, grid), _deepest(truth & ~found, grid)
    return click(missed, True) if few > many else click(too_much, False)


def _diameter(piece: BoolArray, grid: Grid) -> Stroke:
    """The longest diameter in the slice of the largest area, as a reader draws it."""
    from scipy.spatial.distance import cdist

    k = int(piece.sum(axis=(1, 2)).argmax())
    rim = np.argwhere(piece[k] & ~ndimage.binary_erosion(piece[k]))
    rim = rim[:: len(rim) // 600 + 1]
    away = cdist(rim * grid.spacing_mm[1::-1], rim * grid.spacing_mm[1::-1])
    first, last = np.unravel_index(int(away.argmax()), away.shape)
    return Stroke(np.array([grid.to_world((rim[n][1], rim[n][0], k)) for n in (first, last)]))


def _jittered(stroke: Stroke, seed: int) -> Stroke:
    """Every point moved by 1 to 2 mm; seed 0 stands still."""
    if seed == 0:
        return stroke
    draw = np.random.default_rng([seed, len(stroke.points_mm)])
    ways = draw.normal(size=stroke.points_mm.shape)
    ways *= draw.uniform(1.0, 2.0, (len(ways), 1)) / np.linalg.norm(ways, axis=1)[:, None]
    return Stroke(stroke.points_mm + ways, stroke.is_inside)


def _liver(case: Case, scan: PreparedScan) -> Mask:
    grid = case.volume.grid
    strokes = [click(_deepest(case.organ, grid)[0])]
    row, best = [], None
    for turn in range(LIVER_CLICKS):
        start = time.process_time()
        found = segment_liver(scan, strokes)
        seconds = time.process_time() - start
        seen = found.mask.full() & ~case.unlabelled
        row.append(f"{_dice(seen, case.organ):.3f} ({seconds:.1f} s)")
        best = found.mask
        if turn + 1 < LIVER_CLICKS:
            strokes.append(_next_click(seen, case.organ, grid))
    signs = "".join("+" if stroke.is_inside else "-" for stroke in strokes)
    print(f"| {case.name} | {signs} | {' | '.join(row)} |", flush=True)
    assert best is not None
    return best


def _pieces(case: Case) -> Iterator[tuple[BoolArray, float]]:
    """Tumours, largest first, with their ml."""
    pieces, _ = ndimage.label(case.tumors, structure=np.ones((3, 3, 3)))
    sizes = np.bincount(pieces.ravel())
    for number in 1 + np.argsort(-sizes[1:]):
        yield pieces == number, float(sizes[number] * case.volume.grid.voxel_mm3 / 1000.0)


def _tumor(case: Case, scan: PreparedScan, piece: BoolArray, liver: Mask, first: Stroke, seed: int) -> list[float]:
    """Dice after one stroke and after two."""
    others, strokes, scores = case.tumors & ~piece, [_jittered(first, seed)], []
    for turn in range(TUMOR_CLICKS):
        found = segment_tumor(scan, strokes, liver=liver).mask.full() & ~others
        scores.append(_dice(found, piece))
        if turn + 1 < TUMOR_CLICKS:
            strokes.append(_jittered(_next_click(found, piece, case.volume.grid), seed))
    return scores


def _tumors(case: Case, scan: PreparedScan, clicked: Mask, seeds: int = 1, *, label: bool = True) -> None:
    grid = case.volume.grid
    livers = [clicked, Mask.from_full(grid, case.organ)] if label else [clicked]
    for piece, size_ml in _pieces(case):
        row = []
        for liver in livers:
            for first in (click(_deepest(piece, grid)[0]), _diameter(piece, grid)):
                scores = np.array([_tumor(case, scan, piece, liver, first, seed) for seed in range(seeds)])
                row += [_told(scores[:, turn]) for turn in range(TUMOR_CLICKS)]
        bar = "0.85" if size_ml >= 80.0 else "0.75" if size_ml >= 2.0 else "–"
        print(f"| {case.name} | {size_ml:.1f} | {bar} | {' | '.join(row)} |", flush=True)


def _told(scores: npt.NDArray[np.float64]) -> str:
    """One score, or mean and worst of several."""
    return f"{scores[0]:.3f}" if len(scores) == 1 else f"{scores.mean():.3f} / {scores.min():.3f}"


def _vessels(case: Case, scan: PreparedScan, clicked: Mask, portal: BoolArray, hepatic: BoolArray) -> None:
    """Dice, and how much of each centre line lies in the other's mask, one voxel wide; then both trees apart by clicks."""
    from skimage.morphology import skeletonize

    grid = case.volume.grid
    for name, liver in (("clicked", clicked), ("labelled", Mask.from_full(grid, case.organ))):
        start = time.process_time()
        found = segment_vessels(scan, liver)
        seconds = time.process_time() - start
        seen, truth = found.mask.full() & case.organ, (portal | hepatic) & case.organ
        box = bounds_of(seen | truth, 3)
        sensitivity = _share(skeletonize(truth[box]), ndimage.binary_dilation(seen[box], iterations=2))
        precision = _share(skeletonize(seen[box]), ndimage.binary_dilation(truth[box], iterations=2))
        start = time.process_time()
        graph = graph_of(found.mask)
        places = {which: [_trunk(found.mask, part, grid)] for which, part in (("portal", portal), ("hepatic", hepatic))}
        rows = []
        for turn in range(3):
            parted = part_vessels(found.mask, graph, portal=places["portal"], hepatic=places["hepatic"])
            ours = {"portal": _full(parted.portal, seen), "hepatic": _full(parted.hepatic, seen)}
            right = [_share(part & seen, ours[which]) for which, part in (("portal", portal), ("hepatic", hepatic))]
            rows.append(f"{right[0]:.2f} / {right[1]:.2f}")
            wrong = {"portal": portal & seen & ours["hepatic"], "hepatic": hepatic & seen & ours["portal"]}
            worst = max(wrong, key=lambda which: np.count_nonzero(wrong[which]))
            if turn < 2 and wrong[worst].any():
                places[worst].append(_deepest(wrong[worst], grid)[0])
        apart = time.process_time() - start
        dice, found_part = _dice(seen, truth), _share(truth, seen)
        print(
            f"| {name} | {dice:.3f} | {found_part:.2f} | {sensitivity:.2f} | {precision:.2f} | {seconds:.1f} s"
            f" | {' | '.join(rows)} | {apart:.1f} s |",
            flush=True,
        )


def _full(mask: Mask | None, like: BoolArray) -> BoolArray:
    return np.zeros_like(like) if mask is None else mask.full()


def _trunk(found: Mask, label: BoolArray, grid: Grid) -> npt.NDArray[np.float64]:
    """Where a person clicks: the thickest place of the vessel that is seen."""
    return _deepest(found.full() & label, grid)[0]


def _share(part: BoolArray, whole: BoolArray) -> float:
    part = np.asarray(part, dtype=bool)
    return float(np.count_nonzero(part & whole) / max(np.count_nonzero(part), 1))


def _measure_real() -> None:
    for case in _cases():
        start = time.process_time()
        scan = prepare_scan(case.volume)
        print(f"\n{case.name}: {case.volume.grid.size_ijk}, prepared in {time.process_time() - start:.1f} s")
        clicked = _liver(case, scan)
        if case.tumors.any():
            _tumors(case, scan, clicked)


def _measure_jitter() -> None:
    case = _ircad()
    scan = prepare_scan(case.volume)
    _tumors(case, scan, _liver(case, scan), seeds=JITTERS, label=False)


def _measure_vessels() -> None:
    case = _ircad()
    labels, _ = read_volume(DATA / "ircad01" / "labels.nii.gz")
    scan = prepare_scan(case.volume)
    _vessels(case, scan, _liver(case, scan), np.isin(labels, (3, 13)), np.isin(labels, (4, 14)))


def _measure_abdomens(first: int, last: int, with_tumors: bool) -> None:
    for seed in range(first, last + 1):
        made = abdomen(seed, spacing_mm=ABDOMEN_MM)
        tumors = np.logical_or.reduce(made.tumors)
        none = np.zeros_like(made.organ)
        case = Case(f"abdomen {seed}, {made.phase}", made.volume, made.organ, none, tumors)
        scan = prepare_scan(case.volume)
        clicked = _liver(case, scan)
        if with_tumors:
            _tumors(case, scan, clicked, label=False)


def main(asked: list[str]) -> None:
    """What was asked for, in order."""
    while asked:
        what = asked.pop(0)
        if what.startswith("abdomens"):
            _measure_abdomens(int(asked.pop(0)), int(asked.pop(0)), what == "abdomens_tumors")
        else:
            {"real": _measure_real, "jitter": _measure_jitter, "vessels": _measure_vessels}[what]()
    print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB")


if __name__ == "__main__":
    main(sys.argv[1:] or ["real"])
