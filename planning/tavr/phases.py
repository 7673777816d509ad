"""The annulus through the heartbeat: hinges followed from phase to phase, the ring measured again in each phase's image.

The root moves, turns and widens between phases. An affine registration of the root's surroundings carries the hinges
along; what is measured is each phase's own edge. A diastolic scan reads about 5 % less area than a systolic one
(51 patients, PMC5590871), so sizing wants the phase of greatest area in systole (SCCT 2019).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Grid
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Volume

if TYPE_CHECKING:
    import SimpleITK

SYSTOLE_PERCENT = (10.0, 40.0)
REACH_MM, ROOT_MM, STEP_MM = 34.0, 24.0, 1.5
LOW_HU, HIGH_HU = -150.0, 600.0
LEAST_AGREEMENT = 0.85
PERCENT = re.compile(r"([\d.]+)\s*%")


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """Hinges (3, 3) N, R, L in a phase, and how alike the root looks there (correlation, 1 is the same)."""

    hinges_mm: FloatArray
    agreement: float


def percent_of(label: str) -> float | None:
    """The phase in % of R–R that a label states, or None."""
    found = PERCENT.search(label)
    return float(found.group(1)) if found else None


def systolic_phase(labels: Sequence[str], areas_mm2: Sequence[float | None]) -> int | None:
    """The phase of greatest area in 10–40 % of R–R; among all phases where no label states a percentage. None: no areas."""
    known = [n for n, area in enumerate(areas_mm2) if area is not None]
    inside = [
        n
        for n in known
        if (percent := percent_of(labels[n])) is not None and SYSTOLE_PERCENT[0] <= percent <= SYSTOLE_PERCENT[1]
    ]
    return max(inside or known, key=lambda n: float(areas_mm2[n] or 0.0), default=None)


def follow_hinges(
    read: Callable[[int], Volume],
    count: int,
    start: int,
    hinges_mm: npt.ArrayLike,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> list[Followed]:
    """The hinges in every phase, from those of phase `start`. read: the volume of a phase.

    Phases are a circle: neighbours are followed outwards from `start` on both sides, each from its neighbour's place.
    """

    hinges = np.asarray(hinges_mm, dtype=np.float64)
    first = read(start)
    middle = hinges.mean(axis=0)
    fixed = _root_image(first, middle)
    mask = _ball(fixed, middle)
    found: dict[int, Followed] = {start: Followed(hinges, 1.0)}
    transforms: dict[int, SimpleITK.AffineTransform] = {}
    for done, (phase, neighbour) in enumerate(_outwards(count, start)):
        if cancel is not None:
            cancel.raise_if_set()
        progress(done / max(count - 1, 1), f"Following the annulus, phase {phase + 1}")
        begin = transforms.get(neighbour)
        shift = np.zeros(3) if begin is None else np.array(begin.TransformPoint(middle.tolist())) - middle
        moving = _root_image(read(phase), middle + shift)
        transform = _register(fixed, moving, mask, middle, begin)
        transforms[phase] = transform
        moved = np.array([transform.TransformPoint(point.tolist()) for point in hinges])
        found[phase] = Followed(moved, _agreement(fixed, moving, mask, transform))
    return [found[phase] for phase in range(count)]


def measure_phases(
    read: Callable[[int], Volume],
    labels: Sequence[str],
    start: int,
    hinges_mm: npt.ArrayLike,
    measure: Callable[[Volume, FloatArray], dict[str, Any]],
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """Annulus sizes of every phase, and the phase proposed for sizing.

    measure: the contract's annulus of a volume and hinges; a phase that it raises MeasurementError for has null sizes
    and the reason. Keys: curve [{phase, label, area_mm2, …, hinges_mm, contour_mm, agreement, reason}], measured_phase,
    systole, proposed, text.
    """
    count = len(labels)

    def following(fraction: float, text: str = "") -> None:
        progress(0.6 * fraction, text)

    followed = follow_hinges(read, count, start, hinges_mm, progress=following, cancel=cancel)
    curve: list[dict[str, Any]] = []
    for phase, place in enumerate(followed):
        if cancel is not None:
            cancel.raise_if_set()
        progress(0.6 + 0.4 * phase / count, f"Measuring phase {phase + 1}")
        curve.append({"phase": phase, "label": labels[phase], **_sizes(read(phase), place, measure)})
    return _judged(curve, start)


def carried(
    known: Mapping[str, Any] | None, phase: int, hinges_mm: npt.ArrayLike, *, within_mm: float = 0.01
) -> dict[str, Any] | None:
    """The phases of a plan for the same ring in another phase of it; None where these hinges were not followed there.

    known: a plan's "phases". hinges_mm: (3, 3) N, R, L of the plan in `phase`.
    """
    curve = [] if known is None else known["curve"]
    if phase >= len(curve) or curve[phase]["area_mm2"] is None:
        return None
    away = np.asarray(curve[phase]["hinges_mm"], dtype=np.float64) - np.asarray(hinges_mm, dtype=np.float64)
    return _judged(curve, phase) if float(np.abs(away).max()) <= within_mm else None


def _judged(curve: Sequence[dict[str, Any]], start: int) -> dict[str, Any]:
    systole = systolic_phase([row["label"] for row in curve], [row["area_mm2"] for row in curve])
    return {
        "curve": list(curve),
        "measured_phase": start,
        "systole": systole,
        "proposed": systole,
        "text": _words(curve, start, systole),
    }


SIZES = ("area_mm2", "perimeter_mm", "min_diameter_mm", "max_diameter_mm")
# enough to draw a ring
CONTOUR_POINTS = 60


def _sizes(volume: Volume, place: Followed, measure: Callable[[Volume, FloatArray], dict[str, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {
        **dict.fromkeys(SIZES),
        "uncertainty_mm2": None,
        "normal": None,
        "centroid_mm": None,
        "contour_mm": None,
        "hinges_mm": place.hinges_mm.tolist(),
        "agreement": place.agreement,
        "reason": "",
    }
    if place.agreement < LEAST_AGREEMENT:
        row["reason"] = "the root could not be followed into this phase"
        return row
    try:
        annulus = measure(volume, place.hinges_mm)
    except MeasurementError as error:
        row["reason"] = error.what
        return row
    row |= {key: annulus[key] for key in SIZES}
    row |= {"uncertainty_mm2": annulus["uncertainty"]["area_mm2"], "normal": annulus["normal"]}
    contour = np.asarray(annulus["contour_mm"], dtype=np.float64)
    chosen = contour[np.arange(CONTOUR_POINTS) * len(contour) // CONTOUR_POINTS]
    row |= {"centroid_mm": contour.mean(axis=0).round(2).tolist(), "contour_mm": chosen.round(2).tolist()}
    return row


def _words(curve: Sequence[dict[str, Any]], start: int, systole: int | None) -> str:
    if systole is None:
        return "The annulus could not be measured in any phase."
    best, own = curve[systole], curve[start]
    name = best["label"] or f"phase {systole + 1}"
    if systole == start:
        return f"The annulus is widest in the phase measured, {name}."
    if own["area_mm2"] is None:
        return f"The annulus is widest at {name}."
    return f"The annulus is widest at {name}: {best['area_mm2'] - own['area_mm2']:+.0f} mm² against the phase measured."


def _outwards(count: int, start: int) -> list[tuple[int, int]]:
    """(phase, neighbour already followed), nearest to `start` first, on both sides of the circle."""
    steps = []
    for away in range(1, count // 2 + 1):
        steps.append(((start + away) % count, (start + away - 1) % count))
        if 2 * away != count:
            steps.append(((start - away) % count, (start - away + 1) % count))
    return steps


def _root_image(volume: Volume, middle_mm: FloatArray) -> SimpleITK.Image:
    """The surroundings of the root on an even grid along the patient's axes, in LPS mm."""
    import SimpleITK
    from scipy import ndimage

    size = int(2 * REACH_MM / STEP_MM) + 1
    grid = Grid.from_parts((size,) * 3, (STEP_MM,) * 3, middle_mm - REACH_MM)
    corners = volume.grid.to_index(grid.to_world(np.indices((2, 2, 2)).reshape(3, -1).T * (size - 1)))
    low = np.clip(np.floor(corners.min(axis=0)).astype(int) - 2, 0, np.array(volume.grid.size_ijk) - 1)
    high = np.clip(np.ceil(corners.max(axis=0)).astype(int) + 3, low + 1, np.array(volume.grid.size_ijk))
    crop = volume.voxels[low[2] : high[2], low[1] : high[1], low[0] : high[0]].astype(np.float32)
    smooth = ndimage.gaussian_filter(np.clip(crop, LOW_HU, HIGH_HU), (0.5 * STEP_MM / volume.grid.spacing_mm)[::-1])
    # one affine step from the even grid's (k, j, i) to the crop's
    to_index = volume.grid.index_from_world @ grid.world_from_index
    matrix = to_index[:3, :3][::-1, ::-1]
    offset = (to_index[:3, 3] - low)[::-1]
    values = ndimage.affine_transform(
        smooth, matrix, offset, output_shape=(size,) * 3, order=1, mode="nearest", output=np.float32
    )
    image = SimpleITK.GetImageFromArray(values)
    image.SetSpacing((STEP_MM,) * 3)
    image.SetOrigin((middle_mm - REACH_MM).tolist())
    return image


def _ball(image: SimpleITK.Image, middle_mm: FloatArray) -> SimpleITK.Image:
    import SimpleITK

    size = image.GetSize()[0]
    axis = np.arange(size) * STEP_MM - REACH_MM
    away = np.sqrt(axis[:, None, None] ** 2 + axis[None, :, None] ** 2 + axis[None, None, :] ** 2)
    mask = SimpleITK.GetImageFromArray((away <= ROOT_MM).astype(np.uint8))
    mask.CopyInformation(image)
    return mask


def _register(
    fixed: SimpleITK.Image,
    moving: SimpleITK.Image,
    mask: SimpleITK.Image,
    middle_mm: FloatArray,
    begin: SimpleITK.AffineTransform | None,
) -> SimpleITK.AffineTransform:
    import SimpleITK

    transform = SimpleITK.AffineTransform(3)
    transform.SetCenter(middle_mm.tolist())
    if begin is not None:
        transform.SetParameters(begin.GetParameters())
    method = SimpleITK.ImageRegistrationMethod()
    # the images are small, and other threads draw the window meanwhile
    method.SetNumberOfThreads(1)
    method.SetMetricAsMeanSquares()
    method.SetMetricFixedMask(mask)
    method.SetInterpolator(SimpleITK.sitkLinear)
    method.SetShrinkFactorsPerLevel([3, 1])
    method.SetSmoothingSigmasPerLevel([3.0, 0.0])
    method.SetSmoothingSigmasAreSpecifiedInPhysicalUnits(True)
    method.SetOptimizerAsConjugateGradientLineSearch(
        learningRate=1.0, numberOfIterations=40, convergenceMinimumValue=1e-5, convergenceWindowSize=6
    )
    method.SetOptimizerScalesFromPhysicalShift()
    # inPlace=False would hand back a composite
    method.SetInitialTransform(transform, inPlace=True)
    method.Execute(fixed, moving)
    return transform


def _agreement(
    fixed: SimpleITK.Image,
    moving: SimpleITK.Image,
    mask: SimpleITK.Image,
    transform: SimpleITK.AffineTransform,
) -> float:
    import SimpleITK

    sampler = SimpleITK.ResampleImageFilter()
    sampler.SetNumberOfThreads(1)
    sampler.SetReferenceImage(fixed)
    sampler.SetTransform(transform)
    sampler.SetInterpolator(SimpleITK.sitkLinear)
    sampler.SetDefaultPixelValue(LOW_HU)
    moved = sampler.Execute(moving)
    inside = SimpleITK.GetArrayViewFromImage(mask) > 0
    pair = [SimpleITK.GetArrayViewFromImage(image)[inside] for image in (fixed, moved)]
    if min(float(np.ptp(values)) for values in pair) == 0.0:
        # an empty phase follows nothing
        return 0.0
    return float(np.corrcoef(*pair)[0, 1])
