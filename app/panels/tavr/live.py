"""Numbers that follow a dragged hinge or contour handle, in the plan's own shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from planning.errors import MeasurementError
from planning.progress import CancelToken, Progress
from planning.tavr.live import LiveRoot
from planning.tavr.pins import pull_contour
from planning.tavr.plan import measure_annulus_live
from planning.volume import Volume


def live_work(volume: Volume, hinges_mm: Sequence[Sequence[float]], pins_mm: Sequence[Sequence[float]]) -> Any:
    """A job's work: the annulus of these hinges drawn through these pins, or the error that they make."""
    hinges = np.array(hinges_mm)

    def work(progress: Progress, cancel: CancelToken) -> Mapping[str, Any] | MeasurementError:
        try:
            preview = measure_annulus_live(volume, hinges)
            pulled = pull_contour(preview.contour, np.array(pins_mm)) if len(pins_mm) else preview.contour
            return live_numbers(replace(preview, contour=pulled).as_json())
        except MeasurementError as error:
            # a place on the way is no failure: it is said in the panel while the hand goes on
            return error

    return work


def root_work(root: LiveRoot, hinges_mm: Sequence[Sequence[float]]) -> Any:
    """A job's work: every number of the plan at these hinges, or the error that they make."""
    hinges = np.array(hinges_mm)

    def work(progress: Progress, cancel: CancelToken) -> Mapping[str, Any] | MeasurementError:
        try:
            numbers = root.measure(hinges)
        except MeasurementError as error:
            return error
        # routes and phases do not follow from hinges
        return {key: value for key, value in numbers.items() if key not in ("access", "phases")}

    return work


def live_numbers(annulus: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a plan that follow from an annulus measured beside the hand."""
    normal = np.asarray(annulus["normal"])
    return {"annulus": annulus, "angulation_deg": float(np.degrees(np.arctan2(abs(normal[0]), abs(normal[2]))))}
