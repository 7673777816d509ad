"""Liver, tumours and vessels from clicks that a robot places, counted. Run as a file; prints, asserts nothing.

The robot: the first click is the deepest point of the label, each next one the deepest point of the largest piece of
error, "this" or "not this". Real scans are read from ../shared/data where it is there; labelled lungs, kidneys and the
like are never shown to the program. Liver: Dice on the image's own voxels. Tumours: within the liver that the robot
clicked (clicked) and within the labelled one (label).
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from planning.files.volumes import read_volume
from planning.geometry import Grid
from planning.liver.segment.liver import PreparedScan, prepare_scan, segment_liver
from planning.liver.segment.strokes import Stroke, click
from planning.liver.segment.tumors import segment_tumor
from planning.liver.segment.vessels import segment_vessels
from planning.phantoms.hepatic import hepatic_phantom
from planning.volume import Mask, Volume

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
BoolArray = npt.NDArray[np.bool_]
LIVER_CLICKS, TUMOR_CLICKS = 3, 2
LIVER_BAR = 0.94


@dataclass(frozen=True)
class Case:
    """organ, unlabelled, tumors, vessels: bool on the volume's grid; unlabelled voxels are not judged."""

    name: str
    volume: Volume
    organ: BoolArray
    unlabelled: BoolArray
    tumors: BoolArray
    vessels: BoolArray


def _cases() -> Iterator[Case]:
    for seed in (0, 3):
        phantom = hepatic_phantom(seed=seed, spacing_mm=(1.0, 1.0, 2.0))
        parts = phantom.structures
        tumors = np.logical_or.reduce([mask.full() for name, mask in parts.items() if name.startswith("tumor")])
        vessels = parts["portal_vein"].full() | parts["hepatic_veins"].full()
        organ = parts["liver"].full() | tumors
        yield Case(f"phantom {seed}", phantom.volume, organ, np.zeros_like(organ), tumors, vessels)
    if not DATA.is_dir():
        return
    voxels, grid = read_volume(DATA / "ircad01" / "ct.nii.gz")
    labels, _ = read_volume(DATA / "ircad01" / "labels.nii.gz")
    none = np.zeros(labels.shape, dtype=bool)
    volume = Volume(grid, voxels.astype(np.int16))
    organ = np.isin(labels, (1, 2, 12, 13, 14))
    yield Case("ircad01", volume, organ, none, labels == 2, np.isin(labels, (13, 14)))
    voxels, grid = _dicom(DATA / "lidc0001_dicom")
    labels, _ = read_volume(DATA / "train" / "lidc0001_labels.nii.gz")
    yield Case("lidc0001 (arterial)", Volume(grid, voxels), labels == 1, labels == 255, none[:0], none[:0])
    voxels, grid = read_volume(DATA / "train" / "ts_abdomen_noncontrast.nii.gz")
    labels, _ = read_volume(DATA / "train" / "ts_abdomen_noncontrast_labels.nii.gz")
    volume = Volume(grid, voxels.astype(np.int16))
    yield Case("ts (no contrast, 3 mm)", volume, labels == 1, labels == 255, none[:0], none[:0])


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


def _liver(case: Case, scan: PreparedScan) -> Mask:
    grid = case.volume.grid
    strokes = [click(_deepest(case.organ, grid)[0])]
    line, best = [], None
    for turn in range(LIVER_CLICKS):
        start = time.process_time()
        found = segment_liver(scan, strokes)
        seconds = time.process_time() - start
        seen = found.mask.full() & ~case.unlabelled
        line.append(f"{_dice(seen, case.organ):.4f} ({seconds:.1f} s)")
        best = found.mask
        if turn + 1 < LIVER_CLICKS:
            strokes.append(_next_click(seen, case.organ, grid))
    signs = "".join("+" if stroke.is_inside else "-" for stroke in strokes)
    print(f"  liver   clicks {signs:4} Dice after 1, 2, 3: {', '.join(line)}   bar {LIVER_BAR}")
    assert best is not None
    return best


def _tumors(case: Case, scan: PreparedScan, clicked: Mask) -> None:
    grid = case.volume.grid
    pieces, _ = ndimage.label(case.tumors, structure=np.ones((3, 3, 3)))
    sizes = np.bincount(pieces.ravel())
    for number in 1 + np.argsort(-sizes[1:]):
        piece, size_ml = pieces == number, sizes[number] * grid.voxel_mm3 / 1000.0
        others, row = case.tumors & ~piece, []
        for where, liver in (("clicked", clicked), ("label", Mask.from_full(grid, case.organ))):
            for how, first in (("click", click(_deepest(piece, grid)[0])), ("line", _diameter(piece, grid))):
                strokes, scores = [first], []
                for turn in range(TUMOR_CLICKS):
                    found = segment_tumor(scan, strokes, liver=liver).mask.full() & ~others
                    scores.append(f"{_dice(found, piece):.3f}")
                    if turn + 1 < TUMOR_CLICKS:
                        strokes.append(_next_click(found, piece, grid))
                row.append(f"{where} {how} {' '.join(scores)}")
        bar = "0.85" if size_ml >= 80.0 else "0.75" if size_ml >= 2.0 else "-"
        print(f"  tumour {size_ml:6.1f} ml  {' | '.join(row)}   bar {bar}")


def _vessels(case: Case, scan: PreparedScan) -> None:
    start = time.process_time()
    found = segment_vessels(scan, Mask.from_full(case.volume.grid, case.organ))
    seconds = time.process_time() - start
    seen, truth = found.mask.full() & case.organ, case.vessels & case.organ
    sensitivity = np.count_nonzero(seen & truth) / max(np.count_nonzero(truth), 1)
    print(
        f"  vessels Dice {_dice(seen, truth):.3f}, found {sensitivity:.3f} of the label's ({seconds:.1f} s, no click)"
    )


def main() -> None:
    """One block for each scan."""
    for case in _cases():
        start = time.process_time()
        scan = prepare_scan(case.volume)
        print(f"{case.name}: {case.volume.grid.size_ijk}, prepared in {time.process_time() - start:.1f} s")
        clicked = _liver(case, scan)
        if case.tumors.size:
            _tumors(case, scan, clicked)
            _vessels(case, scan)
    print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB")


if __name__ == "__main__":
    main()
