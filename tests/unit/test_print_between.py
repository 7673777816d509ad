"""What is between the objects of one file: overlaps and gaps under the clearance, with their places; what is meant is left."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planning.geometry import Grid, Plane
from planning.printing.between import pair_faults, pair_findings
from planning.printing.layout import Lying
from planning.printing.options import PrintOptions
from planning.printing.parts import Piece, PrintPart
from planning.volume import Mask
from tests.support.solids import box

FAR = np.array([120.0, -340.0, 800.0])
MASK = Mask(Grid.from_parts((2, 2, 2), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)), (0, 0, 0), np.ones((2, 2, 2), bool))
STAYS = Lying(0, np.eye(4))


def _piece(name: str, low: float, high: float, part: PrintPart | None = None) -> Piece:
    mesh = box(FAR + (low, 0, 0), FAR + (high, 10, 10))
    return Piece(name, part or PrintPart(name, MASK, "#ffffff", "other"), mesh, 1.0)


def _faults(pieces: list[Piece], options: PrintOptions | None = None, ending: str = ".3mf", places=None):
    meshes = [piece.planned for piece in pieces]
    return pair_faults(pieces, meshes, places or [STAYS] * len(pieces), options or PrintOptions(), ending)


def test_overlaps_and_narrow_gaps_are_told_with_both_names() -> None:
    pieces = [_piece("a", 0, 10), _piece("b", 9, 20), _piece("c", 20.2, 30), _piece("d", 30.5, 40)]
    overlap, near = _faults(pieces)
    assert (overlap.kind, overlap.of, near.kind, near.of) == ("overlap", "a, b", "clearance", "b, c")
    assert overlap.measure == pytest.approx(0.1, rel=1e-4)
    np.testing.assert_allclose(overlap.at_mm, FAR + (9.5, 5, 5), atol=1e-3)
    assert near.measure == pytest.approx(0.2, abs=1e-4)
    assert near.limit == pytest.approx(0.3)
    assert near.as_json()["of"] == "b, c"
    assert [one.code for one in pair_findings([overlap, near])] == ["overlap", "clearance"]
    # files of their own cannot meet
    assert _faults(pieces, ending=".stl") == []


def test_a_film_thinner_than_the_tolerance_is_a_touch() -> None:
    (fault,) = _faults([_piece("a", 0, 10), _piece("b", 9.95, 20)])
    assert (fault.kind, fault.measure) == ("clearance", 0.0)


def test_faces_of_a_cut_may_touch_and_not_stand_in_each_other() -> None:
    plane = Plane(FAR + (10, 0, 0), (1.0, 0.0, 0.0))
    one = replace(_piece("liver_2", 0, 10), sides=((plane, -1),))
    other = replace(_piece("liver_1", 10, 20, one.part), sides=((plane, 1),))
    assert _faults([one, other]) == []
    assert _faults([one, replace(other, planned=box(FAR + (9, 0, 0), FAR + (20, 10, 10)))])[0].kind == "overlap"
    # seen through with room for what lies inside
    assert _faults([replace(_piece("a", 0, 10), opacity=0.3), _piece("b", 10, 20)]) == []


def test_what_is_moved_is_held_together_on_its_plate_and_its_place_is_in_the_patient() -> None:
    options = PrintOptions(nest=True, bed_mm=(100.0, 100.0, 100.0))
    pieces = [_piece("a", 0, 10), _piece("b", 50, 60)]
    moved = np.eye(4)
    moved[0, 3] = -39.9
    (fault,) = _faults(pieces, options, places=[STAYS, Lying(0, moved)])
    assert fault.measure == pytest.approx(0.1, abs=1e-3)
    np.testing.assert_allclose(np.array(fault.at_mm)[0], FAR[0] + 10, atol=0.2)
    assert _faults(pieces, options, places=[STAYS, Lying(1, moved)]) == []
