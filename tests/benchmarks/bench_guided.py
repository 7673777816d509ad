"""From a bare CT to a liver ready to plan, by clicks that a robot places where an eye would. Prints, asserts nothing.

The robot: the liver as in `bench_liver_segment` (three clicks at most); one click in the deepest labelled portal vein and
one in the deepest hepatic vein that was found, then four more, each in the largest piece on the wrong side; one line across
each labelled tumour of 1 ml or more. Every click and processor second is counted, the liver model at the end too.
"""

from __future__ import annotations

import time

import numpy as np
import numpy.typing as npt
from bench_liver_segment import DATA, LIVER_CLICKS, _deepest, _diameter, _dice, _next_click
from scipy import ndimage

from planning.case.guided import (
    HEPATIC,
    HEPATIC_VEINS,
    LIVER,
    NOT,
    PORTAL,
    PORTAL_VEIN,
    THIS,
    FoundVessels,
    Guided,
    Mark,
    Marks,
    find_vessels,
    guide_liver,
    guide_tumor,
    guide_vessels,
)
from planning.files.volumes import read_volume
from planning.geometry import Grid
from planning.liver.model import LiverModel
from planning.liver.segment.liver import PreparedScan, prepare_scan
from planning.volume import Mask, Volume, union

BoolArray = npt.NDArray[np.bool_]
ORGAN, TUMOR, PORTAL_LABELS, HEPATIC_LABELS = (1, 2, 12, 13, 14), 2, (3, 13), (4, 14)
VESSEL_CLICKS = 6
LEAST_TUMOR_ML = 1.0


def _liver(scan: PreparedScan, truth: BoolArray, grid: Grid) -> tuple[Guided, int]:
    marks: Marks = (Mark(THIS, _deepest(truth, grid)[0].reshape(1, 3)),)
    for turn in range(LIVER_CLICKS):
        found = guide_liver(scan, marks)
        seen = found.masks[LIVER].full()
        print(f"  liver after {turn + 1}: Dice {_dice(seen, truth):.4f}, {found.cpu_seconds:.1f} CPU s")
        if turn + 1 < LIVER_CLICKS:
            stroke = _next_click(seen, truth, grid)
            marks = (*marks, Mark(THIS if stroke.is_inside else NOT, stroke.points_mm))
    return found, len(marks)


def _vessels(found: FoundVessels, portal: BoolArray, hepatic: BoolArray, grid: Grid) -> tuple[Guided, int]:
    everything = found.mask.full()
    portal, hepatic = portal & everything, hepatic & everything
    marks: Marks = tuple(
        Mark(kind, _deepest(truth, grid)[0].reshape(1, 3)) for kind, truth in ((PORTAL, portal), (HEPATIC, hepatic))
    )
    while True:
        parts = guide_vessels(found, marks)
        seen = [parts.masks[name].full() for name in (PORTAL_VEIN, HEPATIC_VEINS)]
        right = [np.mean(seen[0][portal]), np.mean(seen[1][hepatic])]
        print(
            f"  vessels after {len(marks)}: {right[0]:.3f} of the labelled portal and {right[1]:.3f} of the hepatic "
            f"veins that were found are on their side, {parts.cpu_seconds:.1f} CPU s"
        )
        if len(marks) == VESSEL_CLICKS:
            return parts, len(marks)
        (at_portal, many), (at_hepatic, few) = _deepest(portal & ~seen[0], grid), _deepest(hepatic & ~seen[1], grid)
        wrong = (PORTAL, at_portal) if many > few else (HEPATIC, at_hepatic)
        marks = (*marks, Mark(wrong[0], wrong[1].reshape(1, 3)))


def _tumors(scan: PreparedScan, liver: Mask, truth: BoolArray, grid: Grid) -> list[tuple[str, Mask]]:
    pieces, _ = ndimage.label(truth, structure=np.ones((3, 3, 3)))
    sizes = np.bincount(pieces.ravel()) * grid.voxel_mm3 / 1000.0
    kept: list[tuple[str, Mask]] = []
    for number in 1 + np.argsort(-sizes[1:]):
        if sizes[number] < LEAST_TUMOR_ML:
            break
        name, piece = f"tumor_{len(kept) + 1}", pieces == number
        closed = union([liver, *(mask for _, mask in kept)])
        found = guide_tumor(scan, (Mark(THIS, _diameter(piece, grid).points_mm),), name, liver=closed)
        seen = found.masks[name].full() & ~(truth & ~piece)
        print(f"  {name} {sizes[number]:5.1f} ml: Dice {_dice(seen, piece):.3f}, {found.cpu_seconds:.1f} CPU s")
        kept.append((name, found.masks[name]))
    return kept


def main() -> None:
    """The labelled portal-venous scan, where it is there."""
    if not DATA.is_dir():
        print("the real scans (../shared/data) are not on this machine")
        return
    voxels, grid = read_volume(DATA / "ircad01" / "ct.nii.gz")
    labels, _ = read_volume(DATA / "ircad01" / "labels.nii.gz")
    start = time.process_time()
    scan = prepare_scan(Volume(grid, voxels.astype(np.int16)))
    print(f"ircad01, prepared in {time.process_time() - start:.1f} CPU s")
    liver, clicks = _liver(scan, np.isin(labels, ORGAN), grid)
    organ = liver.masks[LIVER]
    before = time.process_time()
    found = find_vessels(scan, organ)
    print(f"  all vessels, no click: {found.mask.volume_ml:.0f} ml, {time.process_time() - before:.1f} CPU s")
    vessels, more = _vessels(found, np.isin(labels, PORTAL_LABELS), np.isin(labels, HEPATIC_LABELS), grid)
    tumors = _tumors(scan, organ, labels == TUMOR, grid)
    before = time.process_time()
    LiverModel.prepare(
        organ=[(LIVER, organ)],
        tumors=tumors,
        portal=[(PORTAL_VEIN, vessels.masks[PORTAL_VEIN])],
        hepatic=[(HEPATIC_VEINS, vessels.masks[HEPATIC_VEINS])],
    )
    print(f"  ready to plan: {time.process_time() - before:.1f} CPU s")
    print(f"  {clicks + more} clicks and {len(tumors)} lines, {time.process_time() - start:.0f} CPU s in all")


if __name__ == "__main__":
    main()
