"""The liver from a few strokes.

The road: block means of about 2 mm, denoised → what cannot be liver → the liver's own HU, which drifts across the organ
by 10 to 20 HU (perfusion, hardened beams), grown outwards from the click on 4 mm → region competition on 2 mm → pieces
that hang on by a neck, or that a "not this" stroke names, fall off at the neck → lesions, which are darker and lie in
bays and holes of the organ, are closed in → the edge is set on finer voxels half-way between both sides' own HU.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from planning.errors import InputError
from planning.findings import Finding
from planning.geometry import Grid, Vector
from planning.liver.segment.edge import refined
from planning.liver.segment.lesions import find_lesions
from planning.liver.segment.necks import fallen_off
from planning.liver.segment.neighbours import Neighbours, find_neighbours, great_and_bright
from planning.liver.segment.settle import settle
from planning.liver.segment.strokes import Stroke, stroke_indices
from planning.liver.segment.tissue import Tissue, grow_tissue
from planning.liver.segment.working import Blocks, BoolArray, FieldArray, bounds_of, check, denoised, within_mm
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Mask, Volume

WORKING_MM = 2.0
EDGE_MM = 1.1
TOLERANCE_SD = 3.0
REACH_MM = 15.0
SIGMA_MM = 2.4
WEIGHT = 0.3
TURNS = 25
# a "this too" stroke whose HU differs by more is on other tissue in the liver: a lesion or a vessel
OTHER_TISSUE_HU = 18.0
# a "not this" stroke on tissue that differs by as much leans the evidence round it
LEAN_FROM_SD = 0.8
SOFT_HU = (10.0, 250.0)
LEAST_ML = 20.0


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The liver's own HU and what follows from them alone: no "not this" stroke changes any of it.

    box: the part of the working grid round the grown tissue; great, reached: bool there, far brighter
    and thick, and no farther from the grown tissue than the liver may go.
    """

    tissue: Tissue
    box: tuple[slice, slice, slice]
    great: BoolArray
    reached: BoolArray


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PreparedScan:
    """What every next stroke uses again.

    image: block means, still: denoised, HU float32 `[k, j, i]` on blocks.coarse. fine: block means on edge.coarse.
    last_ground: what is the same for the same voxels that the liver's HU was grown from, the last ones alone: a "not this"
    stroke leaves it as it is. last_held: the settled extent, of the last competition alone: most strokes leave that too.
    """

    volume: Volume
    blocks: Blocks
    image: FieldArray
    still: FieldArray
    neighbours: Neighbours
    edge: Blocks
    fine: FieldArray
    last_ground: dict[bytes, Ground] = field(default_factory=dict, repr=False)
    last_held: dict[tuple[bytes, bytes], BoolArray] = field(default_factory=dict, repr=False)

    @property
    def spacing_kji_mm(self) -> Vector:
        """Working voxel, mm along k, j, i."""
        return self.blocks.coarse.spacing_mm[::-1]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LiverSegmentation:
    """The liver with its vessels and lesions.

    mask: on the image's grid. confidence: 0 … 1, the part of the surface where both sides' HU differ by more than
    three standard deviations: there the image says where the edge is. mean_hu, sd_hu: the parenchyma's, after denoising.
    lesions_ml: darker tissue closed in. strokes: how many were used. findings: what a person must look at.
    """

    mask: Mask
    confidence: float
    mean_hu: float
    sd_hu: float
    lesions_ml: float
    strokes: int
    findings: tuple[Finding, ...]


def prepare_scan(
    volume: Volume, *, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> PreparedScan:
    """Everything that needs no stroke. About 3 s for an abdomen of 512×512×130. Raises InputError, Cancelled."""
    if volume.quantity != "HU":
        raise InputError("The image is no CT: its values are not HU", "Choose a portal-venous CT")
    check(cancel)
    progress(0.0, "averaging voxels")
    blocks, edge = Blocks.near(volume.grid, WORKING_MM), Blocks.near(volume.grid, EDGE_MM)
    image = blocks.down(volume.voxels)
    check(cancel)
    fine = edge.down(volume.voxels)
    check(cancel)
    progress(0.4, "removing noise")
    spacing = blocks.coarse.spacing_mm[::-1]
    still = denoised(image, spacing)
    check(cancel)
    progress(0.7, "finding the neighbours")
    neighbours = find_neighbours(image, still, spacing, cancel)
    progress(1.0)
    return PreparedScan(
        volume=volume, blocks=blocks, image=image, still=still, neighbours=neighbours, edge=edge, fine=fine
    )


def segment_liver(
    scan: PreparedScan,
    strokes: Sequence[Stroke],
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> LiverSegmentation:
    """The liver that the strokes mean. The first inside stroke must lie on plain parenchyma.

    Raises InputError when there is no inside stroke, one lies outside the image, or the first lies in no soft tissue;
    Cancelled.
    """
    progress(0.0, "reading the strokes")
    marks = _Marks.read(scan, strokes)
    ground = _ground(scan, marks.liver, cancel)
    tissue, box = ground.tissue, ground.box
    progress(0.25, "finding the liver's extent")
    room = _Room(scan, ground, marks)
    organ, refused = _extent(scan, room, cancel)
    progress(0.5, "closing in lesions")
    lesions = find_lesions(
        organ,
        room.still,
        room.mean,
        tissue.sd_hu,
        allowed=room.soft & ~room.great & ~refused,
        under_skin_mm=scan.neighbours.under_skin_mm[box],
        inside=room.local(marks.other),
        outside=room.local(marks.outside),
        spacing_kji_mm=scan.spacing_kji_mm,
        cancel=cancel,
    )
    whole = _whole(organ | lesions)
    outside = room.local(marks.outside)
    if whole[tuple(outside.T)].any():
        ours = np.concatenate([room.local(marks.liver), room.local(marks.other)])
        whole, fell = fallen_off(whole, ours, outside, scan.spacing_kji_mm, cancel)
        refused |= fell
    check(cancel)
    progress(0.6, "setting the edge")
    mask, confidence = refined(
        scan.fine,
        scan.edge,
        whole,
        room.grid,
        inside_hu=room.mean,
        still=room.still,
        sd_hu=tissue.sd_hu,
        closed=refused | scan.neighbours.chest_wall[box],
        cancel=cancel,
    )
    progress(1.0)
    voxel_ml = float(np.prod(scan.spacing_kji_mm)) / 1000.0
    return LiverSegmentation(
        mask=mask,
        confidence=confidence,
        mean_hu=tissue.first_hu,
        sd_hu=tissue.sd_hu,
        lesions_ml=float(np.count_nonzero(lesions & ~organ)) * voxel_ml,
        strokes=len(strokes),
        findings=_findings(mask, confidence),
    )


def _ground(scan: PreparedScan, seeds: npt.NDArray[np.int64], cancel: CancelToken | None) -> Ground:
    key = seeds.tobytes()
    kept = scan.last_ground.get(key)
    if kept is not None:
        return kept
    tissue = grow_tissue(scan.still, scan.neighbours.soft, seeds, scan.spacing_kji_mm, cancel)
    check(cancel)
    box = bounds_of(tissue.grown, np.ceil(30.0 / scan.spacing_kji_mm).astype(int))
    excess = scan.still[box] - tissue.mean_hu[box]
    great = great_and_bright(excess, TOLERANCE_SD * tissue.sd_hu, scan.spacing_kji_mm)
    reached = within_mm(tissue.grown[box], REACH_MM, scan.spacing_kji_mm)
    ground = Ground(tissue, box, great, reached)
    scan.last_ground.clear()
    scan.last_ground[key] = ground
    return ground


@dataclass(frozen=True, slots=True, eq=False)
class _Marks:
    """Voxels under the strokes, (n, 3) `[k, j, i]` on the working grid: plain liver, other tissue in it, not liver."""

    liver: npt.NDArray[np.int64]
    other: npt.NDArray[np.int64]
    outside: npt.NDArray[np.int64]

    @classmethod
    def read(cls, scan: PreparedScan, strokes: Sequence[Stroke]) -> _Marks:
        under = [(s, stroke_indices(s, scan.volume.grid, scan.blocks.coarse)) for s in strokes]
        inside = [index for stroke, index in under if stroke.is_inside]
        if not inside:
            raise InputError("No stroke says where the liver is", "Click into plain liver tissue")
        first_hu = float(np.median(scan.still[tuple(inside[0].T)]))
        if not SOFT_HU[0] <= first_hu <= SOFT_HU[1]:
            raise InputError(
                f"The first click lies on tissue of {first_hu:.0f} HU, which is no liver",
                "Click into plain liver tissue",
            )
        liver = [inside[0]]
        other: list[npt.NDArray[np.int64]] = []
        for index in inside[1:]:
            plain = abs(float(np.median(scan.still[tuple(index.T)])) - first_hu) <= OTHER_TISSUE_HU
            (liver if plain else other).append(index)
        outside = [index for stroke, index in under if not stroke.is_inside]
        none = np.zeros((0, 3), dtype=np.int64)
        return cls(*(np.concatenate([none, *part]) for part in (liver, other, outside)))


class _Room:
    """The part of the working grid round the grown tissue, with what the competition needs there."""

    def __init__(self, scan: PreparedScan, ground: Ground, marks: _Marks) -> None:
        tissue, box = ground.tissue, ground.box
        nk, nj, ni = (part.stop - part.start for part in box)
        self.box = box
        self.grid: Grid = scan.blocks.coarse.cropped((box[2].start, box[1].start, box[0].start), (ni, nj, nk))
        self.spacing = scan.spacing_kji_mm
        self.still = scan.still[box]
        self.soft = scan.neighbours.soft[box]
        self.mean = tissue.mean_hu[box]
        self.grown = tissue.grown[box]
        self.sd_hu = tissue.sd_hu
        self.marks = marks
        self.great, self.reached = ground.great, ground.reached
        self.never = ~self.soft | self.great

    def local(self, index: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Voxels given on the whole working grid as voxels here; those outside are left out."""
        moved = index - np.array([part.start for part in self.box])
        keep = ((moved >= 0) & (moved < np.array(self.still.shape))).all(axis=1)
        return np.asarray(moved[keep])


def _evidence(room: _Room) -> FieldArray:
    """−1 at the liver's own HU … +1 from three standard deviations on; vessels say little, neighbours are sure."""
    excess = room.still - room.mean
    far = (excess / (TOLERANCE_SD * room.sd_hu)) ** 2 - 1.0
    evidence = np.clip(far, -1.0, 1.0)
    evidence[excess > TOLERANCE_SD * room.sd_hu] = 0.1
    _lean_from_strokes(room, evidence)
    evidence[room.never] = 4.0
    evidence[~room.reached] = 4.0
    return np.asarray(evidence, dtype=np.float32)


def _lean_from_strokes(room: _Room, evidence: npt.NDArray[np.float32]) -> None:
    """Round each "not this" voxel the nearer of both HU wins."""
    reach_mm = 30.0
    for k, j, i in _leaning(room):
        other_hu, mean_hu = _hu_about(room, (k, j, i)), float(room.mean[k, j, i])
        grid = np.ogrid[tuple(slice(0, n) for n in evidence.shape)]
        away = sum(((axis - at) * step) ** 2 for axis, at, step in zip(grid, (k, j, i), room.spacing, strict=True))
        near = np.asarray(away <= reach_mm**2)
        lean = 2.0 * (room.still - 0.5 * (mean_hu + other_hu)) / (other_hu - mean_hu)
        evidence[near] = np.clip(np.maximum(evidence, lean), -1.0, 1.0)[near]


def _leaning(room: _Room) -> list[tuple[int, int, int]]:
    """The "not this" voxels whose HU are other than the liver's there."""
    return [
        (k, j, i)
        for k, j, i in room.local(room.marks.outside).tolist()
        if abs(_hu_about(room, (k, j, i)) - float(room.mean[k, j, i])) >= LEAN_FROM_SD * room.sd_hu
    ]


def _hu_about(room: _Room, voxel: tuple[int, int, int]) -> float:
    return float(np.median(room.still[tuple(slice(max(at - 1, 0), at + 2) for at in voxel)]))


def _extent(scan: PreparedScan, room: _Room, cancel: CancelToken | None) -> tuple[BoolArray, BoolArray]:
    key = room.marks.liver.tobytes(), np.array(_leaning(room), dtype=np.int64).tobytes()
    held = scan.last_held.get(key)
    if held is None:
        held = settle(
            room.grown,
            _evidence(room),
            sigma_voxels=SIGMA_MM / room.spacing,
            weight=WEIGHT,
            turns=TURNS,
            still_below=40,
            cancel=cancel,
        )
        scan.last_held.clear()
        scan.last_held[key] = held
    return fallen_off(held, room.local(room.marks.liver), room.local(room.marks.outside), room.spacing, cancel)


def _whole(organ: BoolArray) -> BoolArray:
    from scipy import ndimage

    return np.asarray(ndimage.binary_fill_holes(organ))


def _findings(mask: Mask, confidence: float) -> tuple[Finding, ...]:
    found = []
    if mask.volume_ml < LEAST_ML:
        found.append(Finding("liver_small", f"Only {mask.volume_ml:.0f} ml were found: click into plain liver tissue"))
    if confidence < 0.6:
        found.append(
            Finding(
                "edge_unsure",
                f"On {100.0 * (1.0 - confidence):.0f} % of the surface the neighbour has the liver's own HU: look there",
            )
        )
    borders = [end for end, layer in (("first", mask.full()[0]), ("last", mask.full()[-1])) if layer.any()]
    if borders:
        found.append(
            Finding("liver_cut", f"The liver reaches the {' and '.join(borders)} slice: part of it is not seen")
        )
    return tuple(found)
