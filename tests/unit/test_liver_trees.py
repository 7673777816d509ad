"""Vessel trees against known ones: shape and radii, touching trees cut apart, corrections, territories."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from livers import KnownLiver, known_liver

from planning.errors import UsageError
from planning.geometry import Grid
from planning.liver.corrections import (
    Cut,
    Join,
    Reassign,
    Root,
    TreeSet,
    apply_corrections,
    correction_as_json,
    correction_from_json,
)
from planning.liver.graph import chains_of, graph_of, joined
from planning.liver.model import LiverModel
from planning.liver.organ import OrganLookup
from planning.liver.split import LOOK_HERE, split_trees
from planning.liver.territories import find_territories
from planning.liver.tree import VesselTree, branches_of, find_tree
from planning.liver.trees import tree_source
from planning.phantoms.shapes import Canvas
from planning.volume import Mask


def _tubes(*lines, spacing=(0.8, 0.8, 1.0)) -> Mask:
    """Tubes of (start, end, radius) about the origin."""
    size = tuple(int(n) for n in np.ceil(100.0 / np.array(spacing)))
    grid = Grid.from_parts((size[0], size[1], size[2]), spacing, (-50.0, -50.0, -50.0))
    canvas = Canvas(grid)
    starts, ends = (np.array([line[n] for line in lines], dtype=float) for n in (0, 1))
    radius = np.array([line[2] for line in lines], dtype=float)
    return canvas.mask(*canvas.tube_distance(starts, ends, radius, radius))


Y_SHAPE = (((0, 0, -44), (0, 0, 0), 4.0), ((0, 0, 0), (-26, 0, 22), 2.6), ((0, 0, 0), (24, 8, 24), 2.0))


def _inside_share(tree: VesselTree, mask: Mask) -> float:
    inside = OrganLookup.of(mask).contains(tree.points_mm)
    return float((tree.step_mm * inside).sum() / tree.step_mm.sum())


def test_a_fork_is_three_branches_with_their_lengths_and_radii() -> None:
    mask = _tubes(*Y_SHAPE)
    tree = find_tree(mask, "portal").tree
    assert tree is not None
    assert tree.roots.tolist() == [0]
    assert np.linalg.norm(tree.points_mm[0] - (0, 0, -44)) < 5.0
    trunk, *limbs = branches_of(tree)
    assert [trunk.parent, *(limb.parent for limb in limbs)] == [-1, 0, 0]
    assert trunk.radius_mm == pytest.approx(4.0, abs=0.2)
    assert sorted(limb.radius_mm for limb in limbs) == pytest.approx([2.0, 2.6], abs=0.15)
    # the thinning stops up to a radius before a round end
    assert trunk.length_mm == pytest.approx(44.0, abs=5.0)
    assert _inside_share(tree, mask) == 1.0


@pytest.mark.parametrize("radius", [1.2, 1.6, 2.0, 2.4, 3.2])
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_vessels_of_every_width_along_every_axis_are_found(axis: int, radius: float) -> None:
    # thinning alone wears some of them away from their end
    end = np.zeros(3)
    end[axis] = 30.0
    mask = _tubes((-end, end, radius), spacing=(0.8, 0.8, 0.8))
    tree = find_tree(mask, "portal").tree
    assert tree is not None
    assert tree.step_mm.sum() >= 60.0 - 2.0
    drawn = np.sqrt(mask.volume_ml * 1000.0 / (np.pi * (60.0 + radius)))
    assert tree.radius_mm[2:-2].mean() == pytest.approx(drawn, abs=0.15)


def test_a_gap_is_bridged_straight_on_only() -> None:
    straight = _tubes(((-40, 0, 0), (-3.5, 0, 0), 2.0), ((3.5, 0, 0), (40, 0, 0), 2.0))
    graph, joints = joined(graph_of(straight))
    assert graph.pieces()[0] == 1
    assert 3.0 < joints[0].gap_mm <= 10.0
    aside = _tubes(((-40, 0, 0), (0, 0, 0), 2.0), ((0, 9, -30), (0, 9, 30), 2.0))
    graph, joints = joined(graph_of(aside))
    assert graph.pieces()[0] == 2
    assert not joints


def test_a_piece_too_short_for_a_root_is_loose_and_said() -> None:
    found = find_tree(_tubes(*Y_SHAPE, ((-40, -40, 40), (-30, -40, 40), 2.0)), "portal")
    assert found.loose is not None
    assert "portal_pieces" in {finding.code for finding in found.findings}
    empty = find_tree(Mask(Grid.from_parts((4, 4, 4)), (0, 0, 0), np.zeros((4, 4, 4), dtype=bool)), "portal")
    assert empty.tree is None
    assert empty.findings[0].code == "no_portal_tree"


def test_the_root_lies_outside_the_organ_though_a_vessel_in_it_is_as_thick() -> None:
    mask = _tubes(((0, 0, -44), (0, 0, 20), 3.0), ((0, 0, 0), (30, 0, 10), 3.2), ((0, 0, 0), (-30, 0, 10), 2.0))
    whole = np.zeros(mask.grid.shape_kji, dtype=bool)
    whole[30:] = True
    organ = OrganLookup.of(Mask.from_full(mask.grid, whole))
    tree = find_tree(mask, "portal", organ).tree
    assert tree is not None
    assert tree.points_mm[tree.roots[0], 2] < -35.0


def _nearest(graph, place) -> int:
    return int(np.linalg.norm(graph.points_mm - place, axis=1).argmin())


def _score(liver: KnownLiver, graph, split) -> tuple[float, float]:
    """F1 of portal and hepatic branches, by branch of the joined graph; bridges count for neither."""
    table = np.zeros((2, 2))
    kept = [{place.tobytes() for place in part.graph.points_mm} for part in (split.portal, split.hepatic)]
    for chain in chains_of(graph):
        points = graph.points_mm[list(chain.points[1:-1] or chain.points)]
        gaps = liver.distance_mm(points)
        if np.mean(gaps[2] < gaps[:2].min(axis=0)) > 0.5:
            continue
        held = [sum(place.tobytes() in own for place in points) for own in kept]
        if not any(held):
            continue
        truth = int(np.median(gaps[1] < gaps[0]))
        table[truth, int(held[1] > held[0])] += 1
    return tuple(2 * table[n, n] / max(2 * table[n, n] + table[n, 1 - n] + table[1 - n, n], 1.0) for n in (0, 1))


@pytest.mark.parametrize("seed", [0, 3])
def test_trees_with_bridges_are_cut_apart_and_the_places_told(seed: int) -> None:
    liver = known_liver(seed, bridges=5)
    graph, _ = joined(graph_of(liver.both))
    split = split_trees(graph, [_nearest(graph, liver.portal_root)], [_nearest(graph, liver.cava_root)])
    assert min(_score(liver, graph, split)) >= 0.95
    starts, ends = liver.segments[2][:2]
    places = np.array([bridge.at_mm for bridge in split.bridges])
    for middle in (starts + ends) / 2.0:
        assert np.linalg.norm(places - middle, axis=1).min() < 12.0
    for part in (split.portal, split.hepatic):
        assert part.graph.pieces()[0] == 1
        assert ((part.confidence >= 0.0) & (part.confidence <= 1.0)).all()
        assert np.mean(part.confidence < LOOK_HERE) < 0.1


def test_one_label_for_both_finds_its_roots_and_says_that_it_did() -> None:
    liver = known_liver(1)
    found = tree_source([("vessels", liver.both)], [("vessels", liver.both)], liver.organ).trees()
    assert {"roots_by_position", "trees_touch"} <= {finding.code for finding in found.findings}
    for tree, truth, number in ((found.portal, liver.portal_root, 0), (found.hepatic, liver.cava_root, 1)):
        assert tree is not None
        assert np.linalg.norm(tree.points_mm[tree.roots[0]] - truth) < 8.0
        gaps = liver.distance_mm(tree.points_mm)
        assert float(tree.step_mm[gaps[number] <= gaps[1 - number]].sum()) >= 0.95 * tree.step_mm.sum()
    assert found.portal is not None
    assert _inside_share(found.portal, liver.both) >= 0.95


def test_a_branch_given_in_one_label_changes_nothing_else() -> None:
    liver = known_liver(1)
    label = [("vessels", liver.both)]
    source = tree_source(label, label, liver.organ)
    before = source.trees().portal
    assert before is not None
    limb = max((one for one in branches_of(before) if one.order >= 3), key=lambda one: one.length_mm)
    place = before.points_mm[limb.points[len(limb.points) // 2]]
    after = source.trees([Reassign(tuple(place.tolist()), "hepatic")])
    assert after.hepatic is not None
    assert np.linalg.norm(after.hepatic.points_mm - place, axis=1).min() < 1.5
    assert after.portal is not None
    moved = int(before.below(int(limb.points[0])).sum())
    assert len(after.portal.parent) == len(before.parent) - moved


def _line_tree(kind: str, points) -> VesselTree:
    """A single vessel through points, 2 mm thick."""
    places = np.array(points, dtype=float)
    parent = np.arange(-1, len(places) - 1)
    step = np.concatenate([[0.0], np.linalg.norm(np.diff(places, axis=0), axis=1)])
    return VesselTree(kind, places, np.full(len(places), 2.0), parent, step, np.ones(len(places)))


def _two_trees() -> TreeSet:
    """A portal trunk along z with a branch along +x from (0, 0, 10), and a hepatic vein along z at x = 30."""
    trunk = [(0, 0, z) for z in range(0, 31)]
    portal = _line_tree("portal", trunk)
    limb = np.array([(x, 0, 10) for x in range(1, 26)], dtype=float)
    count = len(trunk)
    portal = VesselTree(
        "portal",
        np.concatenate([portal.points_mm, limb]),
        np.full(count + 25, 2.0),
        np.concatenate([portal.parent, [10], np.arange(count, count + 24)]),
        np.concatenate([portal.step_mm, np.ones(25)]),
        np.ones(count + 25),
    )
    hepatic = _line_tree("hepatic", [(30, 0, z) for z in range(30, -1, -1)])
    return TreeSet(portal, hepatic, _line_tree("loose", [(0, y, 34) for y in range(3, 12)]))


def _at(tree: VesselTree | None, place) -> bool:
    return tree is not None and bool((np.linalg.norm(tree.points_mm - place, axis=1) < 0.1).any())


def test_a_click_gives_a_branch_with_all_beyond_it_to_the_other_tree() -> None:
    trees, findings = apply_corrections(_two_trees(), [Reassign((12.0, 1.0, 10.0), "hepatic")])
    assert not findings
    assert not _at(trees.portal, (20, 0, 10))
    assert _at(trees.portal, (0, 0, 25))
    assert trees.hepatic is not None
    assert _at(trees.hepatic, (1, 0, 10))
    assert len(trees.hepatic.roots) == 1
    # the blood now leaves towards the vein: the old stem is the end
    stem = int(np.linalg.norm(trees.hepatic.points_mm - (1, 0, 10), axis=1).argmin())
    assert stem not in trees.hepatic.parent
    again, _ = apply_corrections(trees, [Reassign((12.0, 1.0, 10.0), "hepatic")])
    assert again is trees


def test_a_branch_given_to_its_own_tree_is_doubted_no_more() -> None:
    trees = _two_trees()
    assert trees.portal is not None
    portal = replace(trees.portal, confidence=np.full(len(trees.portal.parent), 0.1))
    sure, findings = apply_corrections(trees.with_tree("portal", portal), [Reassign((12.0, 1.0, 10.0), "portal")])
    assert not findings
    assert sure.portal is not None
    limb = sure.portal.points_mm[:, 0] >= 1.0
    assert (sure.portal.confidence[limb] == 1.0).all()
    assert (sure.portal.confidence[~limb] == 0.1).all()


def test_a_cut_drops_what_is_beyond_or_gives_it_a_root() -> None:
    dropped, _ = apply_corrections(_two_trees(), [Cut((10.0, 0.0, 10.0))])
    assert not _at(dropped.portal, (12, 0, 10))
    assert _at(dropped.portal, (8, 0, 10))
    # it is seen as a loose piece, and can be given again
    assert _at(dropped.loose, (12, 0, 10))
    assert _at(dropped.loose, (0, 5, 34))
    again, _ = apply_corrections(dropped, [Reassign((12.0, 1.0, 10.0), "hepatic")])
    assert _at(again.hepatic, (12, 0, 10))
    assert _at(again.loose, (0, 5, 34))
    rooted, _ = apply_corrections(_two_trees(), [Cut((10.0, 0.0, 10.0), "root")])
    assert rooted.portal is not None
    assert len(rooted.portal.roots) == 2
    assert _at(rooted.portal, (12, 0, 10))


def test_joining_makes_a_loose_piece_grow_from_the_tree() -> None:
    trees, findings = apply_corrections(_two_trees(), [Join((0.0, 3.0, 34.0), (0.0, 0.0, 30.0))])
    assert not findings
    assert trees.loose is None
    assert trees.portal is not None
    assert len(trees.portal.roots) == 1
    end = int(np.linalg.norm(trees.portal.points_mm - (0, 11, 34), axis=1).argmin())
    assert trees.portal.any_above(np.arange(len(trees.portal.parent)) == trees.portal.roots[0])[end]
    _, again = apply_corrections(trees, [Join((0.0, 3.0, 34.0), (0.0, 0.0, 30.0))])
    assert "one vessel already" in again[0].text


def test_corrections_hold_in_order_and_a_click_beside_everything_is_said() -> None:
    corrections = [
        Root((0.0, 0.0, 30.0), "portal"),
        Cut((15.0, 0.0, 10.0)),
        Reassign((500.0, 0.0, 0.0), "portal"),
    ]
    trees, findings = apply_corrections(_two_trees(), corrections)
    assert trees.portal is not None
    assert trees.portal.points_mm[trees.portal.roots[0]].tolist() == [0.0, 0.0, 30.0]
    assert [finding.code for finding in findings] == ["tree_correction"]
    assert "3 (reassign)" in findings[0].text


@pytest.mark.parametrize(
    "correction",
    [
        Reassign((1.0, 2.0, 3.0), "portal"),
        Cut((1.0, 2.0, 3.0), "root"),
        Join((1.0, 2.0, 3.0), (4.0, 5.0, 6.0)),
        Root((1.0, 2.0, 3.0), "hepatic"),
    ],
)
def test_corrections_are_kept_as_data(correction) -> None:
    assert correction_from_json(correction_as_json(correction)) == correction


@pytest.mark.parametrize(
    "value",
    [
        {"kind": "melt", "at_mm": [0, 0, 0]},
        {"kind": "cut", "at_mm": [0, 0]},
        {"kind": "reassign", "at_mm": [0, 0, 0], "tree": "biliary"},
        {"kind": "join", "at_mm": [0, 0, 0], "to_mm": [0, 0, float("nan")]},
    ],
)
def test_a_correction_that_is_not_whole_is_refused(value) -> None:
    with pytest.raises(UsageError):
        correction_from_json(value)


def test_territories_follow_the_known_centrelines() -> None:
    liver = known_liver(2)
    tree = find_tree(liver.portal, "portal", OrganLookup.of(liver.organ)).tree
    assert tree is not None
    part = find_territories(tree, liver.organ)
    assert part is not None
    assert len(set(part.names)) == len(part.names) >= 4
    assert sum(part.volumes_ml) == pytest.approx(liver.organ.volume_ml)
    # each known segment has the name of the found branch that runs in it; those of stems and side twigs have none
    starts, ends = liver.segments[0][:2]
    samples = starts[:, None] + (ends - starts)[:, None] * np.linspace(0.0, 1.0, 9)[:, None]
    nearest = np.linalg.norm(samples[:, :, None] - tree.points_mm, axis=3).argmin(axis=2)
    named = part.branch[nearest]
    named[~part.in_organ[nearest]] = -1
    generator = np.random.default_rng(0)
    k, j, i = np.nonzero(liver.organ.voxels)
    chosen = generator.permutation(len(k))[:4000]
    places = liver.organ.box_grid.to_world(np.stack([i[chosen], j[chosen], k[chosen]], axis=1))
    points, owner = samples[named >= 0], named[named >= 0]
    truth = owner[np.linalg.norm(places[:, None] - points, axis=2).argmin(axis=1)]
    assert np.mean(part.branch[part.nearest[chosen]] == truth) >= 0.97


def test_blocks_name_the_branch_that_each_voxel_would() -> None:
    from scipy.spatial import cKDTree

    liver = known_liver(4)
    tree = find_tree(liver.hepatic, "hepatic", OrganLookup.of(liver.organ)).tree
    assert tree is not None
    part = find_territories(tree, liver.organ)
    assert part is not None
    allowed = np.flatnonzero((part.branch >= 0) & part.in_organ)
    k, j, i = np.nonzero(liver.organ.voxels)
    _, asked = cKDTree(tree.points_mm[allowed]).query(liver.organ.box_grid.to_world(np.stack([i, j, k], axis=1)))
    assert np.mean(part.branch[allowed[asked]] == part.branch[part.nearest]) > 0.9999


def test_a_tree_beside_the_organ_has_no_territories() -> None:
    liver = known_liver(4)
    tree = find_tree(liver.portal, "portal").tree
    assert tree is not None
    away = replace(tree, points_mm=tree.points_mm + 1000.0)
    assert find_territories(away, liver.organ) is None


@pytest.mark.parametrize("is_shared", [False, True])
def test_other_anatomy_on_a_prepared_liver_is_the_same_as_preparing_it_so(is_shared: bool) -> None:
    liver = known_liver(1)
    portal = [("portal", liver.both if is_shared else liver.portal)]
    hepatic = [("hepatic", liver.both if is_shared else liver.hepatic)]
    parts = {"organ": [("liver", liver.organ)], "portal": portal, "hepatic": hepatic}
    plain = LiverModel.prepare(**parts)
    assert plain.trees.portal is not None
    limb = max((one for one in branches_of(plain.trees.portal) if one.order >= 2), key=lambda one: one.length_mm)
    x, y, z = plain.trees.portal.points_mm[limb.points[len(limb.points) // 2]].tolist()
    said = [Reassign((x, y, z), "hepatic")]

    again, whole = plain.with_anatomy(said), LiverModel.prepare(**parts, corrections=said)

    assert again.findings == whole.findings
    for one, other in ((again.portal, whole.portal), (again.hepatic, whole.hepatic)):
        assert one is not None
        assert other is not None
        assert one.names == other.names
        np.testing.assert_array_equal(one.nearest, other.nearest)
    np.testing.assert_array_equal(again.codes.of_voxel, whole.codes.of_voxel)
    assert again.hepatic is not None
    assert plain.hepatic is not None
    assert len(again.hepatic.branch) > len(plain.hepatic.branch)
    back = again.with_anatomy()
    assert back.portal is not None
    assert plain.portal is not None
    np.testing.assert_array_equal(back.portal.nearest, plain.portal.nearest)
    np.testing.assert_array_equal(back.codes.of_voxel, plain.codes.of_voxel)


@pytest.mark.parametrize("seed", [0, 2])
def test_veins_without_the_cava_are_rooted_where_they_met_it_and_that_is_told(seed: int) -> None:
    liver = known_liver(seed, cava=False)
    found = tree_source([], [("veins", liver.hepatic)], liver.organ).trees()
    assert found.hepatic is not None
    (root,) = found.hepatic.roots
    assert np.hypot(*(found.hepatic.points_mm[root, :2] - liver.cava_root[:2])) < 12.0
    assert "no_cava" in {finding.code for finding in found.findings}
    with_cava = tree_source([], [("veins", known_liver(seed).hepatic)], liver.organ).trees()
    assert "no_cava" not in {finding.code for finding in with_cava.findings}


@pytest.mark.parametrize("seed", range(4))
def test_what_lies_beyond_and_above_a_point_is_what_a_walk_along_the_tree_finds(seed: int) -> None:
    random = np.random.default_rng(seed)
    count = 60
    parent = np.array([-1 if n == 0 or random.random() < 0.05 else int(random.integers(n)) for n in range(count)])
    tree = VesselTree("portal", random.normal(size=(count, 3)), np.ones(count), parent, *(np.ones(count),) * 2)
    ways = []
    for point in range(count):
        way = [point]
        while parent[way[-1]] >= 0:
            way.append(int(parent[way[-1]]))
        ways.append(set(way))
    for share in (0.0, 0.1, 1.0):
        flags = random.random(count) < share
        flagged = set(np.flatnonzero(flags).tolist())
        assert tree.any_above(flags).tolist() == [bool(way & flagged) for way in ways]
        assert tree.count_below(flags).tolist() == [
            sum(point in ways[other] for other in flagged) for point in range(count)
        ]
    for point in range(count):
        assert tree.below(point).tolist() == [point in way for way in ways]
