"""R.E.N.A.L. letters and contact area on a kidney of ellipsoids whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from kidneys import random_kidney

from planning.errors import MeasurementError
from planning.geometry import Grid
from planning.kidney.clamping import ClampTerritory, checked_clamps, proposed_clamps
from planning.kidney.letters import exophytic_points, level_of, location_points, nearness_points, radius_points
from planning.kidney.plan import covered_share
from planning.kidney.roles import guess_kidney
from planning.kidney.score import KidneyTumor, score_kidney
from planning.volume import Mask, union

GRID = Grid.from_parts((110, 100, 150), (0.9, 0.9, 0.9), (-49.0, -44.5, -67.0))
PLACES = GRID.to_world(np.indices(GRID.shape_kji).reshape(3, -1)[::-1].T)
KIDNEY = ((PLACES / (26.0, 22.0, 52.0)) ** 2).sum(axis=1) <= 1.0
SINUS = (((PLACES - (16.0, 0, 0)) / (14.0, 9.0, 20.0)) ** 2).sum(axis=1) <= 1.0


def _mask(inside: np.ndarray) -> Mask:
    return Mask.from_full(GRID, inside.reshape(GRID.shape_kji))


def _ball(center: tuple[float, float, float], radius: float) -> np.ndarray:
    return np.linalg.norm(PLACES - center, axis=1) <= radius


def _score(center: tuple[float, float, float], radius: float, **more) -> KidneyTumor:
    tumor = _ball(center, radius)
    rows, _ = score_kidney(
        [("kidney", _mask(KIDNEY & ~SINUS & ~tumor))],
        [("tumor", _mask(tumor))],
        sinus=[("sinus", _mask(SINUS & KIDNEY & ~tumor))],
        **more,
    )
    return rows[0]


def _letters(row: KidneyTumor) -> dict[str, int | None]:
    return {letter.letter: letter.points for letter in row.letters}


def test_a_small_ball_on_the_upper_pole_is_the_easiest() -> None:
    row = _score((-10.0, 0.0, 50.0), 11.0)
    assert _letters(row) == {"R": 1, "E": 1, "N": 1, "A": None, "L": 1}
    assert row.total == 4
    assert row.complexity == "low"
    assert row.letters[0].value == pytest.approx(2.2, abs=0.1)
    assert all(letter.at_mm for letter in row.letters)


def test_a_ball_within_the_kidney_beside_the_sinus_is_hard() -> None:
    row = _score((-9.0, 0.0, 2.0), 8.0)
    assert _letters(row) == {"R": 1, "E": 3, "N": 3, "A": None, "L": 3}
    assert row.total == 10
    assert row.complexity == "high"
    # wholly in parenchyma but for the sinus side: its whole surface touches
    assert row.contact_cm2 == pytest.approx(4 * np.pi * 0.8**2, rel=0.12)


def test_front_and_back_are_the_patients() -> None:
    assert _score((-10.0, -17.0, 30.0), 8.0).suffix.startswith("a")
    assert _score((-10.0, 17.0, 30.0), 8.0).suffix.startswith("p")
    assert _score((-22.0, 0.0, 30.0), 8.0).suffix.startswith("x")


def test_a_half_sunken_ball_has_half_its_surface_in_contact_and_crosses_the_line() -> None:
    row = _score((-21.0, 0.0, 22.0), 10.0)
    assert 0.3 < row.contact_cm2 / (4 * np.pi * 1.0) < 0.75
    assert row.formula_cm2 == pytest.approx(row.contact_cm2, rel=0.45)
    assert _letters(row)["L"] in (2, 3)
    assert row.letters[4].value is not None


def test_a_touching_vessel_gives_the_h() -> None:
    touching = _mask((np.hypot(PLACES[:, 1], PLACES[:, 2] - 2.0) <= 2.5) & (np.abs(PLACES[:, 0] - 12) < 14))
    assert _score((-9.0, 0.0, 2.0), 8.0, vessels=[("renal_artery", touching)]).suffix.endswith("h")
    assert not _score((-10.0, 0.0, 50.0), 11.0, vessels=[("renal_artery", touching)]).suffix.endswith("h")


def test_without_a_sinus_the_hollow_is_taken_and_said() -> None:
    tumor = _ball((-22.0, 0.0, 30.0), 9.0)
    rows, findings = score_kidney([("kidney", _mask(KIDNEY & ~SINUS & ~tumor))], [("tumor", _mask(tumor))])
    assert [finding.code for finding in findings] == ["sinus_guessed"]
    assert rows[0].total is not None
    solid, said = score_kidney([("kidney", _mask(KIDNEY & ~tumor))], [("tumor", _mask(tumor))])
    assert [finding.code for finding in said] == ["no_sinus"]
    assert solid[0].total is None
    assert solid[0].complexity == "not known"
    with pytest.raises(MeasurementError, match="no voxels"):
        score_kidney([], [("tumor", _mask(tumor))])
    with pytest.raises(MeasurementError, match="No tumour"):
        score_kidney([("kidney", _mask(KIDNEY))], [])


def test_the_limits_of_each_letter_are_kutikovs() -> None:
    assert [radius_points(cm) for cm in (1.0, 4.0, 4.01, 6.99, 7.0)] == [1, 1, 2, 2, 3]
    assert [exophytic_points(share) for share in (100.0, 50.0, 49.9, 1.1, 1.0, 0.0)] == [1, 1, 2, 2, 3, 3]
    assert [nearness_points(mm) for mm in (20.0, 7.0, 6.99, 4.01, 4.0, 0.0)] == [1, 1, 2, 2, 3, 3]
    low, high = -20.0, 20.0
    levels = {
        1: (np.linspace(21, 40, 50), np.linspace(20, 30, 50), np.linspace(-50, -20, 50)),
        2: (np.linspace(11, 40, 50),),
        3: (np.linspace(4, 30, 50), np.linspace(-4, 90, 50), np.linspace(-10, 10, 50)),
    }
    for points, heights in levels.items():
        assert [location_points(one, low, high) for one in heights] == [points] * len(heights)
    assert [level_of(total) for total in (4, 6, 7, 9, 10, 12, None)] == [
        "low",
        "low",
        "moderate",
        "moderate",
        "high",
        "high",
        "not known",
    ]


def test_a_diameter_at_the_limit_leaves_both_points_open() -> None:
    near = _score((-30.0, 0.0, 30.0), 20.05)
    radius = near.letters[0]
    assert radius.possible == (1, 2)
    assert radius.doubt.startswith("4.0")
    assert radius.doubt.endswith("R is 1 or 2")
    assert near.possible_totals[0] < near.possible_totals[-1]
    clear = _score((-30.0, 0.0, 30.0), 17.0).letters[0]
    assert clear.possible == (1,)
    assert clear.doubt == ""


@pytest.mark.parametrize("slice_mm", [1.5, 4.0])
@pytest.mark.parametrize("seed", [3, 8, 11])
def test_tilted_kidneys_and_tumours_have_the_letters_that_they_were_made_with(seed: int, slice_mm: float) -> None:
    known = random_kidney(seed)
    masks = known.masks((1.1, 1.1, slice_mm), 0.3)
    (row, *_), _ = score_kidney(
        [("kidney", masks["kidney"])], [("tumor", masks["tumor"])], sinus=[("sinus", masks["sinus"])]
    )
    letters = {letter.letter: letter for letter in row.letters}
    truth = {
        "R": (known.diameter_cm, radius_points(known.diameter_cm)),
        "E": (known.exophytic_percent(), exophytic_points(known.exophytic_percent())),
        "N": (known.sinus_mm(), nearness_points(known.sinus_mm())),
        "L": (known.between_percent(), location_points(known.inside_mm()[:, 2], *known.polar_lines_mm())),
    }
    for name, (value, points) in truth.items():
        letter = letters[name]
        assert points in letter.possible, name
        assert abs(letter.value - value) <= 1.5 * letter.uncertainty + {"L": 3.0}.get(name, 0.0), name
    assert row.contact_cm2 == pytest.approx(known.contact_cm2(), rel=0.1)


def test_where_a_pole_is_gone_the_outline_is_told_to_be_unsure() -> None:
    # this tumour took most of the upper pole: the wall around it is seen on one side only
    known = random_kidney(15)
    masks = known.masks((1.3, 1.3, 1.6))
    (row, *_), _ = score_kidney([("kidney", masks["kidney"])], [("tumor", masks["tumor"])])
    share = row.letters[1]
    assert share.uncertainty > 10.0
    assert abs(share.value - known.exophytic_percent()) <= share.uncertainty
    assert exophytic_points(known.exophytic_percent()) in share.possible


def test_a_tumour_on_the_pole_is_proved_in_a_coronal_slice() -> None:
    share = _score((-2.0, 0.0, 62.0), 11.0).letters[1]
    assert share.slice is not None
    assert abs(float(share.slice.normal[1])) == pytest.approx(1.0)
    (line,) = share.lines_mm
    assert np.ptp(line[:, 1]) == pytest.approx(0.0, abs=1e-9)
    assert float(line[:, 2].max()) == pytest.approx(52.0, abs=3.0)


def test_every_proof_lies_in_its_slice() -> None:
    for letter in _score((-18.0, -8.0, 18.0), 13.0).letters:
        assert letter.slice is not None
        for place in (*letter.at_mm, *(point for line in letter.lines_mm for point in line)):
            assert abs(float(letter.slice.signed_distance_mm(place))) < 1e-6, letter.letter


def test_two_kidneys_are_refused_and_the_other_sides_tumour_is_left_out() -> None:
    wide = Grid.from_parts((160, 40, 80), (1.8, 1.8, 1.8), (-143.0, -36.0, -71.0))
    places = wide.to_world(np.indices(wide.shape_kji).reshape(3, -1)[::-1].T)

    def mask(center: tuple[float, ...], radii: tuple[float, ...]) -> Mask:
        inside = (((places - center) / radii) ** 2).sum(axis=1) <= 1.0
        return Mask.from_full(wide, inside.reshape(wide.shape_kji))

    right, left = mask((-80.0, 0.0, 0.0), (24.0, 20.0, 48.0)), mask((80.0, 0.0, 0.0), (24.0, 20.0, 48.0))
    own, other = mask((-104.0, 0.0, 20.0), (12.0,) * 3), mask((104.0, 0.0, 20.0), (10.0,) * 3)
    with pytest.raises(MeasurementError, match="two kidneys"):
        score_kidney([("kidneys", union([right, left]))], [("tumor", own)])
    with pytest.raises(MeasurementError, match="two kidneys"):
        score_kidney([("kidney_left", left), ("kidney_right", right)], [("tumor", own)])
    rows, findings = score_kidney([("kidney_right", right)], [("tumor", union([own, other]))])
    assert len(rows) == 1
    assert rows[0].tumor.centroid_mm[0] < 0.0
    assert "tumor_elsewhere" in {finding.code for finding in findings}
    with pytest.raises(MeasurementError, match="No tumour lies at this kidney"):
        score_kidney([("kidney_right", right)], [("tumor", other)])
    # a sinus of the other side is not used
    _, said = score_kidney(
        [("kidney_right", right)], [("tumor", own)], sinus=[("sinus", mask((60.0, 0, 0), (8.0,) * 3))]
    )
    assert "sinus_outside" in {finding.code for finding in said}


def test_names_tell_the_roles_and_the_side() -> None:
    names = ["kidney_left", "kidney_right", "kidney_tumor_right", "renal_pelvis", "renal_artery_left", "aorta"]
    roles = guess_kidney(names)
    assert roles.organ == ("kidney_right",)
    assert roles.tumors == ("kidney_tumor_right",)
    assert roles.sinus == ("renal_pelvis",)
    assert roles.artery == ()
    assert guess_kidney(["liver", "tumor_1"]).tumors == ()
    assert guess_kidney(["kidney", "artery"]).artery == ("artery",)
    assert guess_kidney(["kidney", "artery", "renal_artery"]).artery == ("renal_artery",)
    assert guess_kidney(["kidney", "tumor"]).tumors == ("tumor",)
    assert guess_kidney(["pelvis", "sinus"]).sinus == ("sinus",)


def test_clamps_are_proposed_for_what_is_cut_and_checked_by_name() -> None:
    def branch(name: str, margins: dict[int, float]) -> ClampTerritory:
        return ClampTerritory(
            name=name,
            clamp_mm=np.zeros(3),
            diameter_mm=4.0,
            volume_ml=40.0,
            share_percent=50.0,
            tumors={},
            margins=margins,
        )

    clamps = (branch("artery_1", {1: 0.985, 2: 0.0}), branch("artery_2", {1: 0.015, 2: 1.0}))
    assert proposed_clamps(clamps, [1]) == ("artery_1",)
    assert proposed_clamps(clamps, [2]) == ("artery_2",)
    assert proposed_clamps(clamps, [1, 2]) == ("artery_1", "artery_2")
    assert checked_clamps(clamps, ["artery_2", "artery_1"]) == ("artery_1", "artery_2")
    assert covered_share(clamps, ["artery_1"], 1) == pytest.approx(0.985)
    with pytest.raises(MeasurementError, match="artery_3"):
        checked_clamps(clamps, ["artery_3"])
