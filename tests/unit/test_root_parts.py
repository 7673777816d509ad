"""Sinuses, junction, ostia, calcium, leaflets, septum and cusps against roots of known shape."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from valves import Coronary, Nodule, Spec, Valve, leaflet_length_mm, make_valve, septum_length_mm, wall_mm

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Grid
from planning.section import Contour, Frame, Sampler
from planning.tavr.agatston import agatston_score
from planning.tavr.annulus import find_annulus
from planning.tavr.bicuspid import find_cusps
from planning.tavr.calcium import calcium_findings, measure_calcium
from planning.tavr.coronaries import OstiaSearch, search_ostia
from planning.tavr.frame import annulus_frame, hinge_angles
from planning.tavr.leaflets import find_leaflets
from planning.tavr.root import (
    Commissure,
    Level,
    find_commissures,
    find_levels,
    find_sinus_and_junction,
    lvot_report,
    measure_ascending,
    measure_junction,
    measure_lvot,
    measure_sinuses,
    outflow_levels,
    sector_edges,
    sector_of,
)
from planning.tavr.septum import edited_septum, find_septum
from planning.volume import Volume

COARSE = (0.75, 0.75, 0.8)
NODULES = (
    Nodule(200.0, 6.0, 0.6, 1.5),
    Nodule(230.0, 8.0, 0.7, 1.0),
    Nodule(318.0, 5.0, 0.7, 1.8),
    Nodule(85.0, 7.0, 0.6, 1.3),
    Nodule(30.0, -5.0, 0.95, 1.6),
)
FULL = Spec(septum_mm=5.0, septum_slope=1.5, nodules=NODULES, spacing_mm=COARSE, side_mm=64.0, seed=3)


@dataclass(frozen=True)
class Looked:
    """A root with everything that its parts are measured from."""

    valve: Valve
    sampler: Sampler
    frame: Frame
    angles: FloatArray
    annulus: Contour
    levels: list[Level]
    below: list[Level]
    sinus: int | None
    stj: dict
    commissures: tuple[Commissure | None, Commissure | None, Commissure | None]

    def ostia(self) -> OstiaSearch:
        return search_ostia(self.sampler, self.frame, self.levels, self.angles, self.stj["height_mm"])

    def calcium(self, hu: float | None) -> dict:
        return measure_calcium(
            self.sampler,
            self.frame,
            self.levels,
            self.angles,
            self.stj["height_mm"],
            self.annulus.lumen_hu,
            self.annulus.noise_hu,
            hu,
            edges=sector_edges(self.angles, self.commissures),
        )


def look(valve: Valve, volume: Volume | None = None, hinges: FloatArray | None = None) -> Looked:
    image = valve.volume if volume is None else volume
    points = valve.truth.hinges_mm if hinges is None else hinges
    frame = annulus_frame(points, image.grid)
    sampler = Sampler.around(image, frame.origin_mm[None], 62.0)
    angles = hinge_angles(frame, points)
    annulus = find_annulus(sampler, frame, angles)
    levels = find_levels(sampler, frame, annulus)
    sinus, junction = find_sinus_and_junction(levels)
    stj = measure_junction(sampler, frame, levels, junction, angles)
    commissures = find_commissures(levels, sinus, stj["height_mm"], angles, frame)
    below = outflow_levels(sampler, frame, annulus, 12.0)
    return Looked(valve, sampler, frame, angles, annulus, levels, below, sinus, stj, commissures)


@pytest.fixture(scope="module")
def full() -> Looked:
    return look(make_valve(FULL))


def test_the_wall_is_followed_through_the_sinuses(full: Looked) -> None:
    spec, errors = full.valve.spec, []
    for level in full.levels:
        if level.height_mm > spec.junction_mm:
            break
        points = level.contour.points_mm
        plane, height = full.valve.frame.to_plane(points), points @ full.valve.frame.normal
        errors.append(np.hypot(*plane.T) - wall_mm(spec, np.arctan2(plane[:, 1], plane[:, 0]), height))
    assert np.abs(np.mean(errors)) < 0.1
    assert np.std(errors) < 0.25


def test_sinuses_junction_and_outflow(full: Looked) -> None:
    spec = full.valve.spec
    assert full.stj["height_mm"] == pytest.approx(spec.junction_mm, abs=0.7)
    assert full.stj["mean_diameter_mm"] == pytest.approx(2 * spec.junction_radius_mm, abs=0.3)
    assert np.dot(full.stj["normal"], full.frame.normal) > np.cos(np.radians(3.0))
    sinuses = measure_sinuses(full.levels, full.sinus, full.stj, full.angles, full.commissures)
    level = sinuses["level_mm"]
    hinges = np.radians(spec.hinge_deg)
    for number, key in enumerate(("ncc", "rcc", "lcc")):
        around = hinges[number] + np.radians(np.arange(-40, 41))
        deep = wall_mm(spec, around, np.full(81, level))
        other = np.radians(full.valve.truth.commissure_deg[(number + 1) % 3])
        far = float(wall_mm(spec, np.array(other), np.array(level)))
        at = around[np.argmax(deep)]
        expected = np.hypot(
            deep.max() * np.cos(at) - far * np.cos(other), deep.max() * np.sin(at) - far * np.sin(other)
        )
        assert sinuses[f"{key}_mm"] == pytest.approx(expected, abs=0.5)
        assert sinuses[f"height_{key}_mm"] == pytest.approx(spec.junction_mm, abs=1.0)
    assert sinuses["mean_mm"] == pytest.approx(np.mean([sinuses[f"{key}_mm"] for key in ("ncc", "rcc", "lcc")]))
    assert len(sinuses["contour_mm"]) <= 120
    rows, findings = measure_lvot(full.below)
    assert [row["depth_mm"] for row in rows] == [2, 3, 4, 5, 6, 8, 10]
    assert not findings
    around = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    for row in rows:
        truth = 0.5 * (wall_mm(spec, around, np.full(720, -row["depth_mm"])) ** 2).sum() * 2 * np.pi / 720
        assert row["area_mm2"] == pytest.approx(truth, rel=0.02)
    assert lvot_report(rows, full.annulus.measures().area_mm2)["shape"] == "tubular"
    assert lvot_report([], 400.0)["shape"] is None


def test_the_ascending_aorta_is_measured_across_itself(full: Looked) -> None:
    _, junction = find_sinus_and_junction(full.levels)
    ascending = measure_ascending(full.sampler, full.levels, junction)
    expected = 2 * float(wall_mm(full.valve.spec, np.array(0.3), np.array(39.0)))
    if ascending["area_mm2"] is not None:
        assert ascending["area_diameter_mm"] == pytest.approx(expected, abs=0.4)
    assert ascending["greatest_diameter_mm"] == pytest.approx(expected, abs=0.8)


def test_commissures_are_found_where_they_are_not_midway(full: Looked) -> None:
    for found, truth in zip(full.commissures, full.valve.truth.commissure_deg, strict=True):
        assert found is not None
        assert abs(np.degrees(np.angle(np.exp(1j * (found.angle - np.radians(truth)))))) < 8.0


def test_sectors_lie_between_their_borders() -> None:
    edges = tuple(np.radians((60.0, 170.0, 300.0)))
    angles = np.radians((0.0, 59.0, 61.0, 169.0, 171.0, -61.0, -59.0))
    assert sector_of(angles, edges).tolist() == [0, 0, 1, 1, 2, 2, 0]


def test_ostia_lie_on_their_lowest_rim_beside_a_bright_atrium(full: Looked) -> None:
    search = full.ostia()
    for found, truth in zip((search.left, search.right), full.valve.truth.rims_mm, strict=True):
        assert found is not None
        assert found.height_mm == pytest.approx(truth, abs=0.5)
        assert abs(found.height_mm - truth) <= found.uncertainty_mm + 0.1
    assert not search.others
    assert not search.findings


OSTIA = Spec(spacing_mm=(0.8, 0.8, 0.8), side_mm=56.0, septum_mm=None, leaflets=None)


@pytest.mark.parametrize(
    ("coronaries", "codes", "rims"),
    [
        ((), {"coronary_missing"}, (None, None)),
        (
            (Coronary(2, 23.0), Coronary(1, 14.0), Coronary(1, 13.0, 1.0, -24.0)),
            {"coronary_high", "coronary_extra"},
            (23.0, 14.0),
        ),
        ((Coronary(1, 14.0, 1.8, -16.0), Coronary(1, 13.0, 1.8, 22.0)), {"coronary_anomalous"}, None),
    ],
    ids=["none", "high take-off and conus branch", "left from the right sinus"],
)
def test_unusual_ostia_are_found_and_said(coronaries, codes, rims) -> None:
    search = look(make_valve(replace(OSTIA, coronaries=coronaries, atrium_gap_mm=1.5))).ostia()
    assert {finding.code for finding in search.findings} == codes
    if rims is not None:
        for found, truth in zip((search.left, search.right), rims, strict=True):
            assert (found is None) == (truth is None)
            if found is not None:
                assert found.height_mm == pytest.approx(truth, abs=0.6)
    else:
        assert search.left is not None
        assert search.left.confidence < 0.6


def test_calcium_is_the_images_own_volume_in_its_sectors(full: Looked) -> None:
    truth = full.valve.truth.calcium_mm3(850.0)
    found = full.calcium(850.0)
    assert found["total_mm3"] == pytest.approx(truth, rel=0.1)
    assert sum(found["by_region"].values()) == pytest.approx(found["total_mm3"], rel=1e-9)
    assert found["above_850_mm3"] == pytest.approx(found["total_mm3"])
    assert found["method"] == "fixed"
    relative = full.calcium(None)
    assert relative["total_mm3"] > found["total_mm3"]
    regions = {row["region"] for row in relative["nodules"]}
    assert regions == {"ncc", "rcc", "lcc", "lvot"}
    low = next(row for row in relative["nodules"] if row["region"] == "lvot")
    assert low["protrusion_mm"] == pytest.approx(1.6 + 0.05 * 12, abs=1.2)
    assert relative["lvot"]["present"]
    assert not calcium_findings(relative)
    assert {finding.code for finding in calcium_findings(full.calcium(400.0))} == {"calcium_threshold_low"}


def test_dense_contrast_beside_the_root_is_no_calcium(full: Looked) -> None:
    """A chamber of 750 HU two millimetres outside the outflow tract's wall, streaming upwards."""
    volume, frame = full.valve.volume, full.annulus.frame
    points = volume.grid.to_world(np.indices(volume.grid.shape_kji)[::-1].reshape(3, -1).T)
    height, plane = (points - frame.origin_mm) @ frame.normal, frame.to_plane(points)
    outside = np.hypot(plane[:, 0], plane[:, 1]) - full.annulus.radius_at_mm(np.arctan2(plane[:, 1], plane[:, 0]))
    chamber = (outside > 2.0) & (height < -1.0) & (np.abs(plane[:, 1]) < 14.0) & (plane[:, 0] < 0.0)
    voxels = volume.voxels.copy()
    voxels.reshape(-1)[chamber] = 750
    beside = look(full.valve, Volume(volume.grid, voxels)).calcium(None)
    clean = full.calcium(None)
    assert beside["left_out_mm3"] > 50.0
    assert beside["total_mm3"] == pytest.approx(clean["total_mm3"], rel=0.1)
    assert "calcium_left_out" in {finding.code for finding in calcium_findings(beside)}
    assert clean["left_out_mm3"] == 0.0


@pytest.mark.parametrize("spacing", [0.4, 0.7, 1.0])
def test_small_nodules_keep_their_volume_in_large_voxels(spacing: float) -> None:
    spec = Spec(
        nodules=tuple(Nodule(60.0 * n, 6.0, 0.5, 0.8 + 0.24 * n) for n in range(6)),
        spacing_mm=(spacing,) * 3,
        side_mm=44.0,
        leaflets=None,
        coronaries=(),
        atrium_hu=None,
    )
    valve = make_valve(spec)
    frame = annulus_frame(valve.truth.hinges_mm, valve.volume.grid)
    sampler = Sampler.around(valve.volume, frame.origin_mm[None], 40.0)
    angles = hinge_angles(frame, valve.truth.hinges_mm)
    annulus = find_annulus(sampler, frame, angles, quick=True)
    levels = [Level(0.0, annulus, annulus.measures())]
    found = measure_calcium(sampler, frame, levels, angles, 14.0, annulus.lumen_hu, annulus.noise_hu, 850.0)
    assert found["total_mm3"] == pytest.approx(valve.truth.calcium_mm3(850.0), rel=0.1)


def test_leaflets_from_hinge_to_free_edge(full: Looked) -> None:
    leaflets = find_leaflets(
        full.sampler,
        full.frame,
        full.levels,
        full.valve.truth.hinges_mm,
        full.annulus.lumen_hu,
        full.annulus.noise_hu,
    )
    for number, leaflet in enumerate(leaflets):
        assert leaflet is not None
        truth = leaflet_length_mm(full.valve.spec, number)
        assert abs(leaflet.length_mm - truth) <= leaflet.uncertainty_mm + 0.3
        np.testing.assert_allclose(leaflet.points_mm[0], full.valve.truth.hinges_mm[number], atol=0.1)


def test_without_leaflets_none_is_invented() -> None:
    seen = look(make_valve(replace(OSTIA, coronaries=(), atrium_hu=None)))
    args = (seen.sampler, seen.frame, seen.levels)
    leaflets = find_leaflets(*args, seen.valve.truth.hinges_mm, seen.annulus.lumen_hu, seen.annulus.noise_hu)
    assert leaflets == (None, None, None)
    cusps, findings = find_cusps(*args, seen.angles, seen.commissures, seen.stj["height_mm"], 530.0)
    assert cusps is None
    assert findings[0].code == "cusps_unclear"
    septum, reasons = find_septum(
        seen.sampler, seen.frame, seen.levels[0], seen.below, seen.angles, 0.0, seen.annulus.noise_hu
    )
    assert septum is None
    assert reasons[0].code == "septum_missing"


def test_the_septum_ends_at_the_muscles_crest(full: Looked) -> None:
    edge = sector_edges(full.angles, full.commissures)[0]
    septum, findings = find_septum(
        full.sampler, full.frame, full.levels[0], full.below, full.angles, edge, full.annulus.noise_hu
    )
    assert septum is not None
    assert not findings
    gap = np.radians(np.diff(full.valve.spec.hinge_deg)[0] % 360)
    middle = np.radians(full.valve.truth.commissure_deg[0])
    truth = septum_length_mm(full.valve.spec, middle + np.array((0.0, gap / 4, -gap / 4)))
    found = (septum.membranous_mm, septum.anterior_mm, septum.posterior_mm)
    assert found == pytest.approx(tuple(truth), abs=1.0)
    top, bottom = septum.line_mm
    assert (top - bottom) @ full.frame.normal == pytest.approx(septum.membranous_mm, abs=1e-6)
    moved = edited_septum(full.frame, np.stack([top, bottom - full.frame.normal]), septum)
    assert moved.membranous_mm == pytest.approx(septum.membranous_mm + 1.0)
    assert moved.source == "edited"


@pytest.mark.parametrize("merged", [None, 1])
def test_cusps_are_counted_by_their_attachment(full: Looked, merged: int | None) -> None:
    seen = full if merged is None else look(make_valve(replace(FULL, merged=merged, septum_mm=None)))
    cusps, findings = find_cusps(
        seen.sampler, seen.frame, seen.levels, seen.angles, seen.commissures, seen.stj["height_mm"], 530.0
    )
    assert cusps is not None
    if merged is None:
        assert (cusps.cusps, cusps.sievers, cusps.intercommissural_mm) == (3, None, None)
        return
    assert (cusps.cusps, cusps.sievers, cusps.raphe) == (2, "1", "L-R")
    assert findings[0].code == "bicuspid"
    spec = seen.valve.spec
    ends = np.radians([seen.valve.truth.commissure_deg[n] for n in (0, 2)])
    radii = wall_mm(spec, ends, np.full(2, 4.0))
    points = np.stack([radii * np.cos(ends), radii * np.sin(ends)], axis=-1)
    assert cusps.intercommissural_mm == pytest.approx(float(np.linalg.norm(points[0] - points[1])), abs=1.5)


def test_a_mirrored_and_turned_scan_gives_the_same_numbers(full: Looked) -> None:
    volume = full.valve.volume
    # mirrored left to right, and the axes of storage exchanged: the same patient's image in a mirror
    voxels = np.ascontiguousarray(np.transpose(volume.voxels, (1, 0, 2)))
    matrix = volume.grid.world_from_index.copy()
    matrix[:, [1, 2]] = matrix[:, [2, 1]]
    matrix[0] *= -1.0
    ni, nj, nk = volume.grid.size_ijk
    mirrored = Volume(Grid((ni, nk, nj), matrix), voxels)
    hinges = full.valve.truth.hinges_mm[[0, 2, 1]] * (-1.0, 1.0, 1.0)
    other = look(full.valve, mirrored, hinges)
    assert other.stj["height_mm"] == pytest.approx(full.stj["height_mm"], abs=0.15)
    first, second = full.ostia(), other.ostia()
    # in the mirror the left sinus is the right one
    assert second.right.height_mm == pytest.approx(first.left.height_mm, abs=0.1)
    assert second.left.height_mm == pytest.approx(first.right.height_mm, abs=0.1)
    here, there = full.calcium(850.0), other.calcium(850.0)
    assert there["total_mm3"] == pytest.approx(here["total_mm3"], rel=0.02)
    assert there["by_region"]["lcc_mm3"] == pytest.approx(here["by_region"]["rcc_mm3"], rel=0.05, abs=0.5)


def _plain_scan(step_mm: float) -> Volume:
    """Soft tissue with a 5 × 5 × 6 mm block of 350 HU and one of 0.5 mm² in section, too small to count."""
    count = round(48.0 / step_mm)
    grid = Grid.from_parts((96, 96, count), (0.5, 0.5, step_mm), (-24.0, -24.0, -24.0 + step_mm / 2))
    voxels = np.full(grid.shape_kji, 40, dtype=np.int16)
    k = slice(round((24.0 - 3.0) / step_mm), round((24.0 + 3.0) / step_mm))
    voxels[k, 40:50, 40:50] = 350
    voxels[k, 60:61, 60:62] = 350
    return Volume(grid, voxels)


@pytest.mark.parametrize("step_mm", [0.5, 1.0, 1.5, 3.0])
def test_agatston_score_does_not_depend_on_the_slices(step_mm: float) -> None:
    result = agatston_score(_plain_scan(step_mm), (0.0, 0.0, 0.0), 24.0)
    # two slabs of 25 mm² with weight 3
    assert result.score == pytest.approx(150.0, rel=0.01)
    assert result.volume_mm3 == pytest.approx(150.0, rel=0.01)
    assert result.as_json()["severe_likely"] == {"men": False, "women": False}


def test_agatston_refuses_contrast_and_places_outside(full: Looked) -> None:
    with pytest.raises(MeasurementError, match="carries contrast"):
        agatston_score(full.valve.volume, full.frame.origin_mm + 8.0 * full.frame.normal, 10.0)
    with pytest.raises(MeasurementError, match="outside"):
        agatston_score(full.valve.volume, (500.0, 0.0, 0.0))
