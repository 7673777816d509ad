"""Couinaud's segments: by landmarks, by portal branches, corrected, and on a labelled patient."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planning.errors import UsageError
from planning.geometry import Grid
from planning.liver.anatomy import LiverAnatomy
from planning.liver.couinaud import (
    LANDMARKS,
    NUMERALS,
    CouinaudInputs,
    SegmentName,
    couinaud_by_landmarks,
    surfaces_from_landmarks,
)
from planning.liver.couinaud_branches import couinaud_by_branches, find_couinaud, find_main_fork
from planning.liver.couinaud_landmarks import suggest_landmarks
from planning.liver.model import LiverModel
from planning.liver.plan import plan_resections
from planning.liver.resection import TerritoryResection
from planning.liver.territories import TreeTerritories, find_territories
from planning.liver.tree import VesselTree
from planning.volume import Mask

CAVA = np.array((0.0, 30.0, 45.0))
PLACES = {
    "cava": tuple(CAVA.tolist()),
    "gallbladder_fossa": (-30.0, -40.0, -30.0),
    "right_vein": (-60.0, 30.0, 20.0),
    "middle_vein": (-22.0, -10.0, 20.0),
    "left_vein": (30.0, -10.0, 35.0),
    "portal_bifurcation": (-10.0, 12.0, 0.0),
    "umbilical_portion": (12.0, -12.0, 5.0),
    "ligamentum_venosum": (8.0, 14.0, 25.0),
}
# on the side of each boundary that the segment has in a patient who lies as the axes say: +x left, +y back, +z head
TRUTH = {
    "II": (60.0, 10.0, 45.0),
    "III": (45.0, -35.0, -10.0),
    "IV": (-5.0, -35.0, 10.0),
    "V": (-50.0, -25.0, -20.0),
    "VI": (-50.0, 48.0, -25.0),
    "VII": (-50.0, 48.0, 25.0),
    "VIII": (-55.0, -10.0, 35.0),
    "I": (0.0, 25.0, 10.0),
}


def _organ(spacing=(2.0, 2.0, 2.5), turn: np.ndarray | None = None) -> Mask:
    size = tuple(int(n) for n in np.ceil(np.array((220.0, 190.0, 180.0)) / spacing))
    axes = np.eye(3) if turn is None else turn
    origin = -axes @ ((np.array(size) - 1) / 2.0 * spacing)
    grid = Grid.from_parts((size[0], size[1], size[2]), spacing, origin, axes)
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    inside = ((places / (95.0, 75.0, 70.0)) ** 2).sum(axis=1) <= 1.0
    return Mask.from_full(grid, inside.reshape(grid.shape_kji))


def _turned() -> np.ndarray:
    """Rows and slices of another order, as from a sagittal series with its slices from left to right."""
    return np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def test_eight_landmarks_name_the_patients_own_sides() -> None:
    surfaces, findings = surfaces_from_landmarks(PLACES, None)
    assert surfaces is not None
    assert not findings
    for name, place in TRUTH.items():
        assert NUMERALS[surfaces.segments(np.array([place]))[0]] == name


@pytest.mark.parametrize("turn", [None, _turned()])
def test_every_voxel_has_one_segment_however_the_image_lies(turn: np.ndarray | None) -> None:
    organ = _organ(turn=turn)
    surfaces, _ = surfaces_from_landmarks(PLACES, None)
    assert surfaces is not None
    found = couinaud_by_landmarks(organ, surfaces)
    assert found.names == NUMERALS
    assert sum(found.volumes_ml) == pytest.approx(organ.volume_ml)
    whole = np.zeros(organ.voxels.shape, dtype=int)
    for name in found.names:
        whole += found.segment_mask(name, organ)
    assert (whole == organ.voxels).all()
    left = Mask(organ.grid, organ.start_ijk, found.segment_mask("II", organ))
    right = Mask(organ.grid, organ.start_ijk, found.segment_mask("VII", organ))
    assert left.centroid_mm()[0] > 20.0 > -20.0 > right.centroid_mm()[0]


def test_landmarks_that_are_missing_or_out_of_order_name_nothing() -> None:
    surfaces, findings = surfaces_from_landmarks({"cava": PLACES["cava"]}, None)
    assert surfaces is None
    assert "gallbladder fossa" in findings[0].text
    mirrored = {name: (-x, y, z) for name, (x, y, z) in PLACES.items()}
    surfaces, findings = surfaces_from_landmarks(mirrored, None)
    assert surfaces is None
    assert "from left to right" in findings[0].text


def test_what_a_person_said_is_kept_as_data() -> None:
    inputs = CouinaudInputs(tuple(PLACES.items()), (SegmentName((1.0, 2.0, 3.0), "IV"),))
    again = CouinaudInputs.from_json(json.loads(json.dumps(inputs.as_json())))
    assert dict(again.landmarks) == PLACES
    assert again.names == inputs.names
    for value in (
        {"landmarks": {"spleen": [0, 0, 0]}},
        {"landmarks": {LANDMARKS[0]: [0, 0]}},
        {"names": [{"at_mm": [0, 0, 0], "segment": "IX"}]},
    ):
        with pytest.raises(UsageError):
            CouinaudInputs.from_json(value)


def _tree(kind: str, lines: list[tuple[tuple[float, float, float], tuple[float, float, float], float]]) -> VesselTree:
    """Lines of (start, end, radius) in 1 mm steps; each begins at the point so far that is nearest to its start."""
    points, parents, radii = [np.array(lines[0][0], dtype=float)], [-1], [lines[0][2]]
    for start, end, radius in lines:
        last = int(np.linalg.norm(np.array(points) - start, axis=1).argmin())
        begin = points[last]
        count = int(np.ceil(np.linalg.norm(np.array(end) - begin)))
        for n in range(1, count + 1):
            points.append(begin + (np.array(end) - begin) * n / count)
            parents.append(last)
            radii.append(radius)
            last = len(points) - 1
    places, parent = np.array(points), np.array(parents, dtype=np.int64)
    step = np.where(parent < 0, 0.0, np.linalg.norm(places - places[parent], axis=1))
    return VesselTree(kind, places, np.array(radii, dtype=float), parent, step, np.ones(len(places)))


def _book_case() -> tuple[TreeTerritories, TreeTerritories, Mask]:
    """The book's liver: a portal tree with a branch to each of II to VIII, three hepatic veins."""
    organ = _organ()
    fork = (-10.0, 12.0, 0.0)
    anterior, posterior, umbilical = (-42.0, -5.0, 5.0), (-40.0, 42.0, 2.0), (14.0, -14.0, 8.0)
    portal = _tree(
        "portal",
        [
            ((0, 20, -85), fork, 6.0),
            (fork, (-28, 16, 2), 5.0),
            ((-28, 16, 2), anterior, 3.5),
            (anterior, (-48, -12, 42), 2.0),
            (anterior, (-52, -28, -30), 2.0),
            ((-28, 16, 2), posterior, 3.5),
            (posterior, (-58, 42, 32), 2.0),
            (posterior, (-58, 44, -30), 2.0),
            (fork, umbilical, 4.5),
            (umbilical, (58, 2, 36), 2.0),
            (umbilical, (48, -36, -8), 2.0),
            (umbilical, (-4, -40, 14), 2.0),
        ],
    )
    hepatic = _tree(
        "hepatic",
        [
            ((0, 32, -80), (0, 30, 48), 10.0),
            ((0, 30, 48), (-40, 30, 40), 4.0),
            ((-40, 30, 40), (-74, 28, -20), 3.0),
            ((0, 30, 48), (-22, -8, 38), 4.0),
            ((-22, -8, 38), (-34, -36, -20), 3.0),
            ((0, 30, 48), (26, -4, 40), 4.0),
            ((26, -4, 40), (52, -20, 26), 3.0),
        ],
    )
    parts = [find_territories(tree, organ) for tree in (portal, hepatic)]
    assert parts[0] is not None
    assert parts[1] is not None
    return parts[0], parts[1], organ


def test_the_books_branches_are_named_and_the_missing_one_is_said() -> None:
    portal, hepatic, organ = _book_case()
    found, findings = couinaud_by_branches(portal, hepatic, organ)
    assert not findings
    assert found is not None
    assert found.method == "branches"
    assert found.names == ("II", "III", "IV", "V", "VI", "VII", "VIII")
    assert "Segment I has no branch of its own here" in [finding.text for finding in found.findings]
    assert sum(found.volumes_ml) == pytest.approx(organ.volume_ml)
    assert min(found.confidence) > 0.5
    assert found.portal_points is not None
    ends = {"VIII": (-48, -12, 42), "V": (-52, -28, -30), "VII": (-58, 42, 32), "VI": (-58, 44, -30)}
    ends |= {"II": (58, 2, 36), "III": (48, -36, -8), "IV": (-4, -40, 14)}
    for name, end in ends.items():
        point = int(np.linalg.norm(portal.tree.points_mm - end, axis=1).argmin())
        assert found.names[found.portal_points[point]] == name


def test_a_person_names_a_branch_over_the_rules() -> None:
    portal, hepatic, organ = _book_case()
    names = [SegmentName((-4.0, -40.0, 14.0), "III"), SegmentName((900.0, 0.0, 0.0), "I")]
    found, _ = couinaud_by_branches(portal, hepatic, organ, names)
    assert found is not None
    assert "IV" not in found.names
    assert "segment_name" in {finding.code for finding in found.findings}


def test_a_stem_named_by_hand_takes_all_beyond_it_and_is_sure() -> None:
    portal, hepatic, organ = _book_case()
    plain, _ = couinaud_by_branches(portal, hepatic, organ)
    # the left vein before it parts into II, III and IV
    found, _ = couinaud_by_branches(portal, hepatic, organ, [SegmentName((10.0, -10.0, 6.0), "III")])
    assert plain is not None
    assert found is not None
    assert {"II", "IV"} & set(found.names) == set()
    left = sum(plain.volumes_ml[plain.names.index(name)] for name in ("II", "III", "IV"))
    assert found.volumes_ml[found.names.index("III")] == pytest.approx(left, rel=0.02)
    assert found.confidence[found.names.index("III")] == pytest.approx(1.0)


def test_without_hepatic_veins_only_what_was_named_is_a_segment() -> None:
    portal, _, organ = _book_case()
    assert find_couinaud(portal, None, organ, CouinaudInputs()) == (None, ())
    names = (SegmentName((-4.0, -40.0, 14.0), "IV"), SegmentName((-58.0, 42.0, 32.0), "VII"))
    found, findings = find_couinaud(portal, None, organ, CouinaudInputs(names=names))
    assert found is not None
    assert found.names == ("IV", "VII")
    assert sum(found.volumes_ml) == pytest.approx(organ.volume_ml)
    assert "segments_by_hand" in {finding.code for finding in findings}


def test_segments_whose_branches_and_veins_disagree_are_unsure() -> None:
    portal, hepatic, organ = _book_case()
    shifted = replace(hepatic, tree=replace(hepatic.tree, points_mm=_rightwards(hepatic.tree)))
    found, findings = couinaud_by_branches(portal, shifted, organ)
    codes = {finding.code for finding in (*findings, *(found.findings if found is not None else ()))}
    assert codes & {"segment_unsure", "no_couinaud"}


def _rightwards(tree: VesselTree) -> np.ndarray:
    """A middle vein that runs on the right one's side, as no anatomy has it."""
    points = tree.points_mm.copy()
    middle = (points[:, 1] < 10.0) & (points[:, 0] < -10.0)
    points[middle] += (-45.0, 30.0, 0.0)
    return points


def test_landmarks_are_kept_while_branches_are_wanted() -> None:
    portal, hepatic, organ = _book_case()
    inputs = CouinaudInputs(tuple(PLACES.items()), method="branches")
    assert CouinaudInputs.from_json(inputs.as_json()) == inputs
    found, _ = find_couinaud(portal, hepatic, organ, inputs)
    assert found is not None
    assert found.method == "branches"
    found, _ = find_couinaud(portal, hepatic, organ, replace(inputs, method=""))
    assert found is not None
    assert found.method == "landmarks"
    with pytest.raises(UsageError):
        CouinaudInputs.from_json({"method": "guess"})


def test_a_tree_without_a_left_side_is_not_named() -> None:
    portal, hepatic, organ = _book_case()
    lone = find_territories(portal.tree.part(portal.tree.points_mm[:, 0] < -5.0), organ)
    assert lone is not None
    found, findings = couinaud_by_branches(lone, hepatic, organ)
    assert found is None
    assert findings[0].code == "no_couinaud"


@pytest.fixture(scope="module")
def patient(shared_data: Path) -> LiverModel:
    """The labelled portal-venous CT, made ready once."""
    import SimpleITK

    folder = shared_data / "ircad01"
    if not folder.is_dir():
        pytest.skip("the labelled liver (ircad01) is not among the real scans")
    image = SimpleITK.ReadImage(str(folder / "labels.nii.gz"))
    voxels = SimpleITK.GetArrayFromImage(image)
    grid = Grid.from_parts(
        image.GetSize(), image.GetSpacing(), image.GetOrigin(), np.array(image.GetDirection()).reshape(3, 3)
    )
    label = json.loads((folder / "labels.json").read_text(encoding="utf-8"))

    def named(*names: str) -> list[tuple[str, Mask]]:
        return [(name, Mask.from_full(grid, voxels == label[name])) for name in names]

    return LiverModel.prepare(
        organ=named("liver", "liver_lesion_other", "portal_vein_in_liver", "venous_system_in_liver"),
        tumors=named("liver_tumor"),
        portal=named("portal_vein", "portal_vein_in_liver"),
        hepatic=named("venous_system", "venous_system_in_liver"),
    )


@pytest.mark.slow
def test_a_patients_trees_are_connected_and_lie_in_their_labels(patient: LiverModel) -> None:
    from planning.liver.organ import OrganLookup

    for part in (patient.portal, patient.hepatic):
        assert part is not None
        tree = part.tree
        assert len(tree.roots) == 1
        inside = OrganLookup.of(patient.vessels[tree.kind]).contains(tree.points_mm)
        assert float((tree.step_mm * inside).sum()) >= 0.95 * float(tree.step_mm.sum())
        assert sum(part.volumes_ml) == pytest.approx(patient.organ.volume_ml)
    # the portal blood comes by the trunk, not from a stump at the fork
    assert patient.portal is not None
    fork = find_main_fork(patient.portal)
    assert fork is not None
    tree = patient.portal.tree
    assert np.linalg.norm(tree.points_mm[tree.roots[0]] - tree.points_mm[tree.parent[fork.point]]) > 20.0


@pytest.mark.slow
def test_a_patients_territory_and_segment_are_cut_at_their_own_stem(patient: LiverModel) -> None:
    plan = plan_resections(patient, [TerritoryResection(("portal_1",))])
    stems = [cut for cut in plan["vessels_cut"] if cut["name"] == "portal_1"]
    assert len(stems) == 1
    assert stems[0]["diameter_mm"] > 6.0
    rows = [row for row in plan["territories"] if row["tree"] == "couinaud"]
    assert {row["method"] for row in rows} == {"by branches"}
    assert [row["name"] for row in rows] == ["II", "III", "IV", "V", "VI", "VII", "VIII"]
    assert sum(row["volume_ml"] for row in rows) == pytest.approx(plan["organ_ml"])
    names = [row["name"] for row in plan["territories"]]
    assert len(set(names)) == len(names)
    segment = plan_resections(patient, [TerritoryResection(("IV",))])
    assert segment["removed_ml"] == pytest.approx(next(row["volume_ml"] for row in rows if row["name"] == "IV"))
    assert "portal_IV" in {cut["name"] for cut in segment["vessels_cut"]}


def test_what_was_said_of_the_anatomy_is_kept_as_json_and_refused_in_words() -> None:
    said = LiverAnatomy.from_json(
        {
            "corrections": [{"kind": "cut", "at_mm": [1, 2, 3], "beyond": "root"}],
            "segments": {"names": [{"at_mm": [4, 5, 6], "segment": "V"}]},
        }
    )
    assert said.is_said
    assert LiverAnatomy.from_json(said.as_json()) == said
    assert not LiverAnatomy.from_json(None).is_said
    with pytest.raises(UsageError):
        LiverAnatomy.from_json({"corrections": [{"kind": "fly", "at_mm": [1, 2, 3]}]})


def test_vessels_tell_the_landmarks_that_they_hold_and_no_others() -> None:
    portal, hepatic, organ = _book_case()
    found = dict(suggest_landmarks(portal, hepatic, organ))
    assert set(found) == set(LANDMARKS) - {"gallbladder_fossa", "ligamentum_venosum"}
    for name, within_mm in (("cava", 8.0), ("portal_bifurcation", 4.0), ("umbilical_portion", 6.0)):
        assert np.linalg.norm(np.array(found[name]) - PLACES[name]) < within_mm, name
    surfaces, findings = surfaces_from_landmarks(
        {**found, "gallbladder_fossa": PLACES["gallbladder_fossa"], "ligamentum_venosum": PLACES["ligamentum_venosum"]},
        hepatic.tree,
    )
    assert surfaces is not None
    assert not findings
    assert dict(suggest_landmarks(None, None, organ)) == {}


def test_the_gallbladders_bed_is_told_where_it_lies_at_the_liver() -> None:
    _, _, organ = _book_case()
    grid = organ.grid
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)

    def ball(center: tuple[float, float, float]) -> Mask:
        return Mask.from_full(grid, (np.linalg.norm(places - center, axis=1) <= 9.0).reshape(grid.shape_kji))

    ((name, place),) = suggest_landmarks(None, None, organ, ball((-30.0, -52.0, -52.0)))
    assert name == "gallbladder_fossa"
    assert np.linalg.norm(np.array(place) - (-30.0, -52.0, -52.0)) < 18.0
    assert suggest_landmarks(None, None, organ, ball((95.0, -80.0, -75.0))) == ()
