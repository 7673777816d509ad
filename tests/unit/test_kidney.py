"""R.E.N.A.L. letters and contact area on a kidney of ellipsoids whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from planning.errors import MeasurementError
from planning.geometry import Grid
from planning.kidney.score import KidneyTumor, score_kidney
from planning.volume import Mask

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
