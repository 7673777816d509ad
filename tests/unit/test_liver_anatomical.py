"""Anatomical resections by name."""

from __future__ import annotations

import pytest
from livers import known_liver

from planning.errors import MeasurementError
from planning.liver.anatomical import ANATOMICAL, named_resection, possible_resections, with_segments
from planning.liver.couinaud import NUMERALS, CouinaudInputs
from planning.liver.describe import say_resection, say_resections
from planning.liver.model import LiverModel
from planning.liver.realise import solved
from planning.liver.resection import TerritoryResection

LANDMARKS = {
    "cava": (0.0, 25.0, 20.0),
    "gallbladder_fossa": (-10.0, -40.0, -20.0),
    "right_vein": (-30.0, 15.0, 10.0),
    "middle_vein": (-6.0, -5.0, 10.0),
    "left_vein": (25.0, -5.0, 10.0),
    "portal_bifurcation": (-3.0, 5.0, -5.0),
    "umbilical_portion": (22.0, -15.0, 0.0),
    "ligamentum_venosum": (18.0, 12.0, 5.0),
}


def test_each_name_takes_known_segments_once_and_both_sides_of_cantlie_are_the_liver_but_the_caudate() -> None:
    assert len({one.name for one in ANATOMICAL}) == len(ANATOMICAL)
    assert all(set(one.segments) <= set(NUMERALS) for one in ANATOMICAL)
    by_name = {one.name: set(one.segments) for one in ANATOMICAL}
    assert by_name["right_hepatectomy"] | by_name["left_hepatectomy"] | {"I"} == set(NUMERALS)
    assert by_name["right_trisectionectomy"] | by_name["left_lateral_sectionectomy"] | {"I"} == set(NUMERALS)


def test_only_resections_of_known_segments_are_possible() -> None:
    assert {one.name for one in possible_resections(("II", "III", "IV"))} == {
        "left_lateral_sectionectomy",
        "left_medial_sectionectomy",
    }
    assert named_resection(("III", "II")).name == "left_lateral_sectionectomy"
    assert named_resection(("II", "portal_1")) is None


def test_a_name_becomes_its_segments_and_says_which_are_missing() -> None:
    assert with_segments(["left_medial_sectionectomy", "portal_1", "IV"], NUMERALS) == ("IV", "portal_1")
    with pytest.raises(MeasurementError, match="here VI, VII are not known"):
        with_segments(["right_posterior_sectionectomy"], ("V", "VIII"))


def test_a_right_hepatectomy_removes_its_segments_to_the_voxel() -> None:
    liver = known_liver(1)
    model = LiverModel.prepare(
        organ=[("liver", liver.organ)],
        portal=[("portal", liver.portal)],
        hepatic=[("hepatic", liver.hepatic)],
        segments=CouinaudInputs.from_json({"landmarks": LANDMARKS}),
    )
    assert model.couinaud is not None
    asked = TerritoryResection(("right_hepatectomy",))
    kept = solved(model, asked)
    assert isinstance(kept, TerritoryResection)
    assert kept.names == ("V", "VI", "VII", "VIII")
    own = sum(int(model.couinaud.segment_mask(name, model.organ).sum()) for name in kept.names)
    assert model.evaluate([asked]).removed_voxels == model.evaluate([kept]).removed_voxels == own
    assert say_resections([kept.as_json()]) == "Right hepatectomy"
    assert say_resection(kept.as_json()).startswith("right hepatectomy, territory of segments V, VI")
