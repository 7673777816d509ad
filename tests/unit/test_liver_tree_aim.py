"""Which vessel a hand means, what a tool would change there, and how a tree is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from app.panels.liver.tree_aim import aim_at, aim_near, changed_by, is_on_line, other_tree
from app.panels.liver.tree_drawing import picture_of
from app.panels.liver.tree_places import doubtful_branches
from planning.liver.corrections import TreeSet
from planning.liver.tree import VesselTree, branches_of
from viewers.pointing import Pointing

UP = np.array((0.0, 0.0, 1.0))


def _tree(kind: str, y_mm: float, z_mm: float, radius_mm: float = 1.0) -> VesselTree:
    """A trunk along x from 0 to 20, and from its point at 10 a limb of ten points along y."""
    trunk = [(float(x), y_mm, z_mm) for x in range(21)]
    limb = [(10.0, y_mm + n, z_mm) for n in range(1, 11)]
    parent = np.array([-1, *range(20), 10, *range(21, 30)])
    count = len(trunk) + len(limb)
    step = np.where(parent < 0, 0.0, 1.0)
    return VesselTree(kind, np.array(trunk + limb), np.full(count, radius_mm), parent, step, np.ones(count))


@pytest.fixture
def trees() -> TreeSet:
    """The hepatic tree lies 4 mm above the portal one and 1 mm beside it."""
    return TreeSet(_tree("portal", 0.0, 0.0), _tree("hepatic", 1.0, 4.0))


def _pointing(pane: str, place: tuple[float, float, float], mm_per_px: float = 0.1) -> Pointing:
    return Pointing(pane, np.array(place), UP, mm_per_px)


def test_a_slice_means_what_lies_near_its_plane_and_a_slab_what_lies_in_it(trees: TreeSet) -> None:
    place = (5.0, 1.0, 0.0)
    near = aim_at(trees, ("portal", "hepatic"), _pointing("axial", place), 0.0)
    assert near is not None
    assert near.kind == "portal"
    in_slab = aim_at(trees, ("portal", "hepatic"), _pointing("axial", place), 12.0)
    assert in_slab is not None
    assert in_slab.kind == "hepatic"
    assert in_slab.place_mm.tolist() == [5.0, 1.0, 4.0]
    assert aim_at(trees, ("portal", "hepatic"), _pointing("axial", (5.0, -9.0, 0.0)), 12.0) is None
    assert aim_at(trees, ("portal",), _pointing("axial", place), 12.0).kind == "portal"


def test_3d_means_what_lies_before_the_rest(trees: TreeSet) -> None:
    found = aim_at(trees, ("portal", "hepatic"), _pointing("3d", (5.0, 0.5, -80.0)), 0.0)
    assert found is not None
    assert found.kind == "hepatic"
    assert is_on_line(_pointing("3d", (5.0, 0.5, -80.0)), np.array((5.0, 0.5, 33.0)))
    assert not is_on_line(_pointing("3d", (5.0, 0.5, -80.0)), np.array((5.0, 2.5, 33.0)))


def test_a_place_without_a_hand_means_the_nearest_vessel_within_reach(trees: TreeSet) -> None:
    found = aim_near(trees, ("portal", "hepatic"), np.array((3.0, 0.0, 1.0)))
    assert found is not None
    assert (found.kind, found.place_mm.tolist()) == ("portal", [3.0, 0.0, 0.0])
    assert aim_near(trees, ("portal", "hepatic"), np.array((3.0, -40.0, 1.0))) is None


def test_a_tool_changes_the_branch_what_is_beyond_or_the_piece(trees: TreeSet) -> None:
    aim = aim_near(trees, ("portal",), np.array((15.0, 0.0, 0.0)))
    assert aim is not None
    portal = trees.portal
    assert portal is not None
    # the far half of the trunk is a branch of its own, beyond the fork
    assert portal.points_mm[changed_by(trees, "give", aim)][:, 0].tolist() == list(range(11, 21))
    assert portal.points_mm[changed_by(trees, "cut", aim)][:, 0].tolist() == list(range(15, 21))
    assert changed_by(trees, "join", aim).all()
    assert other_tree(trees, aim) == "hepatic"


def test_a_loose_piece_goes_to_the_tree_that_is_nearer(trees: TreeSet) -> None:
    loose = trees.with_tree("loose", _tree("loose", 1.0, 9.0))
    aim = aim_near(loose, ("loose",), np.array((3.0, 1.0, 9.0)))
    assert aim is not None
    assert other_tree(loose, aim) == "hepatic"


def test_a_tree_is_drawn_whole_and_even_with_its_forks_in_place(trees: TreeSet) -> None:
    portal = trees.portal
    assert portal is not None
    ragged = portal.points_mm + np.where(np.arange(31) % 2, 0.4, -0.4)[:, None] * UP
    tree = VesselTree("portal", ragged, portal.radius_mm, portal.parent, portal.step_mm, portal.confidence)
    picture = picture_of(tree)
    lines = sorted(line.tolist() for line in picture.lines)
    expected = []
    for branch in branches_of(tree):
        first = int(tree.parent[branch.points[0]])
        expected.append([*([first] if first >= 0 else []), *branch.points.tolist()])
    assert lines == sorted(expected)
    for fixed in (0, 10, 20, 30):
        assert (picture.points_mm[fixed] == ragged[fixed]).all()
    assert np.abs(picture.points_mm[3:8, 2]).max() < 0.1
    assert doubtful_branches(tree) == []
