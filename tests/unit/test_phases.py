"""The annulus through the heartbeat, against a root whose movement is known."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest
from beating import BeatingRoot, make_beating_root

from planning.errors import Cancelled, MeasurementError
from planning.progress import CancelToken
from planning.section import Sampler
from planning.tavr.annulus import find_annulus
from planning.tavr.frame import annulus_frame, hinge_angles
from planning.tavr.phases import carried, follow_hinges, measure_phases, percent_of, systolic_phase
from planning.volume import Volume

PHASES = 5


@functools.cache
def _root() -> BeatingRoot:
    return make_beating_root(phases=PHASES, spacing_mm=(0.8, 0.8, 0.8), seed=11, size_mm=58.0)


def _measure(volume: Volume, hinges_mm: np.ndarray) -> dict[str, Any]:
    frame = annulus_frame(hinges_mm, volume.grid)
    sampler = Sampler.around(volume, frame.origin_mm[None], 28.0)
    contour = find_annulus(sampler, frame, hinge_angles(frame, hinges_mm))
    sizes = contour.measures().as_json()
    ring = {"normal": frame.normal.tolist(), "contour_mm": contour.points_mm.tolist()}
    return {**sizes, **ring, "uncertainty": {"area_mm2": 5.0}}


def test_hinges_are_followed_and_the_area_curve_is_true() -> None:
    root = _root()
    found = measure_phases(lambda k: root.volumes[k], root.labels, 4, root.hinges_mm[4], _measure)
    places = np.array([row["hinges_mm"] for row in found["curve"]])
    assert np.linalg.norm(places - root.hinges_mm, axis=2).max() < 0.5
    areas = np.array([row["area_mm2"] for row in found["curve"]])
    assert np.abs(areas / root.areas_mm2 - 1.0).max() < 0.015
    assert found["systole"] == int(np.argmax(root.areas_mm2))
    assert "widest at 20 %" in found["text"]
    drawn = np.array(found["curve"][1]["contour_mm"])
    assert drawn.shape == (60, 3)
    # the ring lies in the plane of the hinges that were followed
    away = (drawn - places[1][0]) @ np.array(found["curve"][1]["normal"])
    assert np.abs(away).max() < 0.05
    # the same ring, planned in the widest phase: nothing is measured again, only the words differ
    best = found["systole"]
    moved = carried(found, best, places[best])
    assert moved is not None
    assert moved["measured_phase"] == best
    assert moved["curve"] == found["curve"]
    assert "widest in the phase measured" in moved["text"]
    assert carried(found, best, places[best] + 0.5) is None
    assert carried(None, 0, places[0]) is None


def test_a_phase_of_something_else_is_not_measured() -> None:
    root = _root()
    noise = np.random.default_rng(0).normal(40.0, 25.0, root.volumes[0].voxels.shape).astype(np.int16)
    other = Volume(root.volumes[0].grid, noise)
    volumes = (*root.volumes[:2], other)
    found = measure_phases(lambda k: volumes[k], root.labels[:3], 0, root.hinges_mm[0], _measure)
    assert found["curve"][2]["area_mm2"] is None
    assert found["curve"][2]["reason"]
    assert found["systole"] == 1


@pytest.mark.filterwarnings("error")
def test_an_empty_phase_is_not_measured_and_disturbs_nothing() -> None:
    root = _root()
    empty = Volume(root.volumes[0].grid, np.zeros_like(root.volumes[0].voxels))
    volumes = (root.volumes[0], empty)
    found = measure_phases(lambda k: volumes[k], root.labels[:2], 0, root.hinges_mm[0], _measure)
    assert found["curve"][1]["reason"] == "the root could not be followed into this phase"


def test_a_phase_that_cannot_be_measured_keeps_its_row_and_its_reason() -> None:
    root = _root()

    def refuse(volume: Volume, hinges_mm: np.ndarray) -> dict[str, Any]:
        raise MeasurementError("There is no closed edge")

    found = measure_phases(lambda k: root.volumes[k], root.labels[:2], 0, root.hinges_mm[0], refuse)
    assert [row["reason"] for row in found["curve"]] == ["There is no closed edge"] * 2
    assert found["systole"] is None


def test_following_stops_when_asked() -> None:
    root, cancel = _root(), CancelToken()
    cancel.set()
    with pytest.raises(Cancelled):
        follow_hinges(lambda k: root.volumes[k], PHASES, 0, root.hinges_mm[0], cancel=cancel)


@pytest.mark.parametrize(
    ("labels", "areas", "expected"),
    [
        (["0 % of R–R", "30 % of R–R", "70 % of R–R"], [500.0, 480.0, 470.0], 1),
        (["phase 1", "phase 2"], [450.0, 470.0], 1),
        (["30 % of R–R", "40 % of R–R"], [None, 470.0], 1),
        (["a"], [None], None),
    ],
)
def test_systole_is_the_greatest_area_in_its_part_of_the_beat(
    labels: list[str], areas: list[float | None], expected: int | None
) -> None:
    assert systolic_phase(labels, areas) == expected


def test_percent_is_read_from_labels() -> None:
    assert percent_of("35 % of R–R") == 35.0
    assert percent_of("phase 2") is None
