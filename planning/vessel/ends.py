"""The two ends of a vessel without a person's clicks: of the tree that holds a point, or of the aorta."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray
from planning.progress import CancelToken, Progress, no_progress, part_of
from planning.vessel.branches import stoppable
from planning.vessel.tree import MOST_BRANCHES
from planning.vessel.trees import find_tree
from planning.volume import Volume

# as far as the vessel goes; where it runs into the heart that far away, nearer
REACHES_MM = (300.0, 150.0, 80.0)
WITHIN_RADII = 1.5
FROM_END_MM = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """start_mm, end_mm: (3,) LPS, inside the lumen. how: what was followed, in words."""

    start_mm: FloatArray
    end_mm: FloatArray
    how: str


def find_ends(
    volume: Volume,
    point_mm: npt.ArrayLike | None = None,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Ends:
    """Both ends of the longest way through the lumen that holds a point; without a point, of the aorta in the scan.

    Where that lumen runs into the heart, other vessels or bone, the stretch of round aorta that holds the point is
    taken. Raises MeasurementError when there is neither, Cancelled when asked to stop.
    """
    told = stoppable(progress, cancel)
    told(0.0, "Looking for the vessel")
    aorta = None
    if point_mm is None:
        aorta = _aorta(volume)
        point = aorta[len(aorta) // 2]
    else:
        point = np.asarray(point_mm, dtype=np.float64)
    leak: MeasurementError | None = None
    for number, reach in enumerate(REACHES_MM):
        low = 0.1 + 0.8 * number / len(REACHES_MM)
        try:
            line = _longest(volume, point, reach, part_of(told, low, 0.9))
        except MeasurementError as error:
            if error.code != "leak":
                raise
            leak = error
        else:
            return Ends(*_inside(line), "the longest way through this lumen")
        # the lumen runs into the heart: where this is the aorta it is followed by its round sections
        aorta = aorta if aorta is not None else _aorta_at(volume, point)
        if aorta is not None:
            return Ends(aorta[0], aorta[-1], "the aorta, as far as it is round by itself")
    assert leak is not None
    raise leak


def _longest(volume: Volume, point: FloatArray, reach_mm: float, progress: Progress) -> FloatArray:
    """(N, 3) the longest way through the lumen. Raises MeasurementError "leak" where that is no vessel."""
    branches = find_tree(volume, point, reach_mm=reach_mm, progress=progress)["branches"]
    if len(branches) >= MOST_BRANCHES:
        # no vessel has so many: these are chambers of the heart, bone or noise
        raise MeasurementError("The vessel runs into other bright parts here", "Measure it between two points", "leak")
    return np.asarray(branches[0]["centerline_mm"], dtype=np.float64)


def _aorta(volume: Volume) -> FloatArray:
    from planning.access.aorta import find_aorta
    from planning.access.scene import Coarse, along_patient

    return find_aorta(Coarse.of(along_patient(volume))).points_mm


def _aorta_at(volume: Volume, point: FloatArray) -> FloatArray | None:
    """The aorta where it holds the point, None where there is none or it lies elsewhere."""
    from planning.access.aorta import find_aorta
    from planning.access.scene import Coarse, along_patient

    if volume.quantity != "HU":
        return None
    try:
        chain = find_aorta(Coarse.of(along_patient(volume)), point[None])
    except MeasurementError:
        return None
    away = np.linalg.norm(chain.points_mm - point, axis=1)
    near = int(np.argmin(away))
    return chain.points_mm if away[near] <= WITHIN_RADII * chain.radii_mm[near] else None


def _inside(line: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The line's ends, a little way in: the last voxels of a lumen lie in its blunt end."""
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    spare = min(FROM_END_MM, 0.1 * float(along[-1]))
    at = (spare, float(along[-1]) - spare)
    first, last = (np.array([np.interp(s, along, line[:, n]) for n in range(3)]) for s in at)
    return first, last
