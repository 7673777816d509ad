"""Routes from the aorta to the groins against analytic arteries, and on real scans that do not reach them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from arteries import Artery, Pelvis, artery, close, make_pelvis, narrow, standard_arteries, turned

from planning.access.bends import bends_of
from planning.access.corrections import corrected
from planning.access.plan import NAMES, find_access
from planning.access.scene import along_patient
from planning.access.sheaths import catalogue, choose_sheath
from planning.centerline import Centerline
from planning.errors import InputError

SPACING = (0.9, 0.9, 1.2)


def _by_key(access: dict) -> dict:
    return {row["key"]: row for row in access["routes"]}


def _true_length(vessel: Artery, end_mm: list[float]) -> float:
    return float(vessel.along_mm[int(np.argmin(np.linalg.norm(vessel.curve_mm - end_mm, axis=1)))])


@pytest.fixture(scope="module")
def narrowed() -> tuple[Pelvis, dict]:
    """Right: kinks and a calcified stenosis; left: closed from 95 to 125 mm."""
    arteries = standard_arteries()
    close(arteries["left"], 95.0, 125.0)
    narrow(arteries["right"], 45.0, 2.4, 5.0, (200.0, 390.0))
    pelvis = make_pelvis(arteries, spacing=SPACING)
    return pelvis, find_access(pelvis.volume, sheath="eSheath 14F")


@pytest.mark.slow
def test_length_least_lumen_kinks_and_calcium_of_a_route(narrowed: tuple[Pelvis, dict]) -> None:
    pelvis, access = narrowed
    right = _by_key(access)["right_femoral"]
    assert np.linalg.norm(np.array(access["fork_mm"]) - pelvis.fork_mm) < 3.0
    true = _true_length(pelvis.arteries["right"], right["to_mm"]) - _true_length(
        pelvis.arteries["right"], right["from_mm"]
    )
    assert right["length_mm"] == pytest.approx(true, rel=0.012)
    assert right["to_mm"][2] == pytest.approx(-150.0, abs=4.0)
    least = right["minimum"]
    assert least["min_diameter_mm"] == pytest.approx(4.8, abs=0.3)
    assert abs(least["min_diameter_mm"] - 4.8) < least["uncertainty_mm"]
    assert least["s_mm"] == pytest.approx(45.0, abs=4.0)
    assert 150.0 <= right["calcium"]["greatest_arc_deg"] <= 220.0
    assert right["sheath_ratio"] == pytest.approx(6.0 / least["min_diameter_mm"])
    assert (right["state"], right["text"]) == ("bad", f"{5.5 - least['min_diameter_mm']:.1f} under 5.5")
    assert len(right["bends_deg"]) >= 2
    assert right["sharpest_bend_deg"] > 60.0


@pytest.mark.slow
def test_an_occlusion_ends_the_route_and_is_said(narrowed: tuple[Pelvis, dict]) -> None:
    left = _by_key(narrowed[1])["left_femoral"]
    assert left["closed_at_mm"] == pytest.approx(95.0, abs=3.0)
    assert left["state"] == "bad"
    assert left["text"] == f"closed at {left['closed_at_mm']:.0f} mm"
    assert left["centerline_mm"][-1] == pytest.approx(left["to_mm"])
    assert max(station["s_mm"] for station in left["stations"]) <= left["closed_at_mm"] + 0.5
    assert left["rank"] == 2


@pytest.mark.slow
def test_every_sheath_is_held_against_every_route_and_another_one_needs_no_new_measurement(
    narrowed: tuple[Pelvis, dict],
) -> None:
    access = narrowed[1]
    assert [row["name"] for row in access["sheath_table"]] == [sheath.name for sheath in catalogue()]
    assert all(set(row["ratio"]) == {"right_femoral", "left_femoral"} for row in access["sheath_table"])
    assert all(row["ratio"]["left_femoral"] is None for row in access["sheath_table"])
    none = corrected(access).access
    assert none["sheath"] is None
    assert all(row["sheath_ratio"] is None for row in none["routes"])
    assert "sheath" in _by_key(none)["right_femoral"]["text"]
    again = corrected(none, sheath="eSheath 14F").access
    assert [(row["key"], row["text"], row["rank"]) for row in again["routes"]] == [
        (row["key"], row["text"], row["rank"]) for row in access["routes"]
    ]
    assert {row["key"] for row in [*access["routes"], *access["missing"]]} == set(NAMES)


def test_a_scan_stored_another_way_round_is_the_same_scan() -> None:
    plain = make_pelvis(standard_arteries(kinked=False), spacing=(2.4, 2.4, 3.0)).volume
    again = along_patient(turned(plain, (1, 2, 0), (True, False, True)))
    # everything else sees only this
    assert np.array_equal(again.voxels, along_patient(plain).voxels)
    assert again.grid.world_from_index == pytest.approx(along_patient(plain).grid.world_from_index, abs=1e-9)


@pytest.mark.slow
def test_a_side_closed_at_its_origin_is_a_bad_route_not_a_missing_one_whatever_way_the_scan_is_stored() -> None:
    arteries = standard_arteries(kinked=False)
    close(arteries["right"], 0.0, 400.0)
    arteries.pop("right_internal")
    pelvis = make_pelvis(arteries, spacing=(1.2, 1.2, 1.5), noise_hu=15.0)
    access = find_access(turned(pelvis.volume, (1, 2, 0), (True, False, True)))
    rows = _by_key(access)
    assert rows["right_femoral"]["state"] == "bad"
    assert rows["right_femoral"]["closed_at_mm"] == 0.0
    assert rows["left_femoral"]["closed_at_mm"] is None
    assert rows["left_femoral"]["rank"] == 1
    left = rows["left_femoral"]
    length = np.subtract(*(_true_length(arteries["left"], left[end]) for end in ("to_mm", "from_mm")))
    assert left["length_mm"] == pytest.approx(length, rel=0.012)


@pytest.mark.slow
def test_an_artery_closed_where_the_deep_branch_leaves_is_not_followed_into_the_branch() -> None:
    arteries = standard_arteries(kinked=False)
    close(arteries["left"], 66.0, 100.0)
    left = _by_key(find_access(make_pelvis(arteries, spacing=(1.2, 1.2, 1.5), noise_hu=15.0).volume))["left_femoral"]
    assert left["closed_at_mm"] == pytest.approx(66.0, abs=5.0)
    assert np.linalg.norm(arteries["left"].curve_mm - left["to_mm"], axis=1).min() < 3.0


def test_a_scan_that_ends_above_the_fork_and_one_without_contrast_say_so() -> None:
    arteries = standard_arteries(kinked=False)
    coarse = {"spacing": (1.2, 1.2, 1.5), "noise_hu": 15.0}
    short = find_access(make_pelvis(arteries, low=(-120.0, -75.0, 20.0), **coarse).volume)
    assert not short["routes"]
    assert {row["key"] for row in short["missing"]} == set(NAMES)
    assert "ends above the groin" in short["missing"][0]["text"]
    plain = find_access(make_pelvis(arteries, lumen_hu=45.0, vein_hu=45.0, **coarse).volume)
    assert not plain["routes"]
    assert "No contrast-filled aorta" in plain["missing"][0]["text"]


def test_the_catalogue_marks_what_nobody_checked_and_knows_the_valves() -> None:
    assert all(not sheath.checked and sheath.as_json()["note"] == "verify against the IFU" for sheath in catalogue())
    chosen = choose_sheath(None, {"model": "SAPIEN 3", "size": "29"})
    assert chosen is not None
    assert chosen.name == "eSheath 16F"
    assert choose_sheath(None, {"model": "unknown", "size": "1"}) is None
    with pytest.raises(InputError, match="no sheath named"):
        choose_sheath("garden hose", None)


def test_bends_are_angles_between_tangents_ten_millimetres_away() -> None:
    angle = np.radians(70.0)
    s = np.arange(-60.0, 60.25, 0.25)
    round_ = 4.0
    turn = np.clip(s / (2.0 * round_) + 0.5, 0.0, 1.0) * angle
    points = np.cumsum(0.25 * np.stack([np.cos(turn), np.sin(turn), 0.0 * s], 1), axis=0)
    bends = bends_of(Centerline.through(points, 1.0, 0.01))
    assert bends.angles_deg == pytest.approx((70.0,), abs=2.0)
    assert bends.at_mm[0] == pytest.approx(60.0, abs=2.0)
    assert bends.sum_deg == pytest.approx(bends.sharpest_deg)
    assert not bends_of(Centerline.through(points[:60], 1.0, 0.01)).angles_deg


def test_a_real_chest_and_abdomen_has_no_groin(shared_data: Path) -> None:
    sitk = pytest.importorskip("SimpleITK")
    from planning.geometry import Grid
    from planning.volume import Volume

    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(shared_data / "lidc0001_dicom")))
    image = reader.Execute()
    voxels = np.clip(sitk.GetArrayFromImage(image), -1024, 3000).astype(np.int16)
    access = find_access(Volume(Grid.from_parts(image.GetSize(), image.GetSpacing(), image.GetOrigin()), voxels))
    assert "ends above the groin" in next(row["text"] for row in access["missing"] if row["key"] == "right_femoral")
    aorta = np.array(access["aorta_mm"])
    assert aorta[:, 2].max() - aorta[:, 2].min() > 150.0


@pytest.mark.slow
def test_arteries_of_arms_and_neck_are_followed_from_the_arch() -> None:
    aorta = [(10, 32, -120), (11, 30, -40), (10, 24, 10), (3, 8, 34), (-8, -8, 22), (-16, -18, -20), (-18, -20, -70)]
    arteries = {
        "aorta": artery("aorta", aorta, 11.0, 13.0),
        "trunk": artery("trunk", [(-4, -3, 34), (-9, -6, 50), (-18, -8, 66)], 5.5, 5.0),
        "right_carotid": artery("right_carotid", [(-18, -8, 66), (-22, -6, 90), (-26, -2, 125)], 3.6, 3.2),
        "right_subclavian": artery(
            "right_subclavian", [(-18, -8, 66), (-34, -2, 82), (-70, 4, 84), (-100, 6, 74)], 4.2, 3.4
        ),
        "left_carotid": artery("left_carotid", [(3, 8, 36), (10, 5, 70), (24, 0, 125)], 3.6, 3.2),
        "left_subclavian": artery("left_subclavian", [(8, 18, 28), (16, 16, 60), (36, 10, 84), (100, 8, 74)], 4.2, 3.4),
    }
    scan = make_pelvis(
        arteries, spacing=(1.0, 1.0, 1.2), bone=False, low=(-115, -75, -80), high=(115, 75, 116), noise_hu=15.0
    )
    access = find_access(scan.volume)
    rows = _by_key(access)
    assert set(rows) == {"right_subclavian", "left_subclavian", "right_carotid", "left_carotid"}
    for key, row in rows.items():
        truth = arteries[key]
        assert row["minimum"]["min_diameter_mm"] == pytest.approx(2.0 * truth.radius_mm.min(), abs=0.8)
        assert np.linalg.norm(truth.curve_mm - row["to_mm"], axis=1).min() < 3.0
    assert {row["key"] for row in access["missing"]} == {"right_femoral", "left_femoral"}
