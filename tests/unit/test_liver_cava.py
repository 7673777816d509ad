"""The vena cava is known in a hepatic tree, and no resection takes it."""

from __future__ import annotations

import numpy as np
import pytest

from planning.geometry import Grid, Plane
from planning.liver.cava import find_cava
from planning.liver.model import LiverModel
from planning.liver.plan import cava_findings
from planning.liver.resection import PlaneResection, TerritoryResection
from planning.liver.tree import find_tree
from planning.volume import Mask


def _grid() -> Grid:
    matrix = np.eye(4)
    matrix[:3, 3] = (-45.0, -40.0, -55.0)
    return Grid((90, 80, 110), matrix)


def _tube(places: np.ndarray, start, end, radius: float) -> np.ndarray:
    a, b = np.array(start, float), np.array(end, float)
    share = np.clip((places - a) @ (b - a) / float((b - a) @ (b - a)), 0.0, 1.0)
    return np.linalg.norm(places - a - share[..., None] * (b - a), axis=-1) <= radius


def _veins(*, cava: bool) -> Mask:
    """A cava along the body behind, and a right, middle and left vein that join it near its upper end."""
    grid = _grid()
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    found = np.zeros(len(places), dtype=bool)
    if cava:
        found |= _tube(places, (0, 20, -52), (0, 20, 50), 8.0)
    for end in ((-35, 10, -20), (-5, -25, -15), (30, -10, 5)):
        found |= _tube(places, (0, 20, 36), end, 3.5)
    return Mask.from_full(grid, found.reshape(grid.shape_kji))


def _liver() -> Mask:
    grid = _grid()
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    inside = (((places - (0.0, 0.0, 0.0)) / (42.0, 30.0, 42.0)) ** 2).sum(axis=1) <= 1.0
    return Mask.from_full(grid, inside.reshape(grid.shape_kji))


def _portal() -> Mask:
    grid = _grid()
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    found = _tube(places, (14, 0, -52), (14, 0, -10), 5.0)
    found |= _tube(places, (14, 0, -10), (-32, -5, 10), 3.5) | _tube(places, (14, 0, -10), (34, -8, 12), 3.5)
    return Mask.from_full(grid, found.reshape(grid.shape_kji))


def test_the_cava_is_the_thick_way_along_the_body_and_its_root_is_toward_the_head() -> None:
    tree = find_tree(_veins(cava=True), "hepatic").tree
    assert tree is not None
    (root,) = tree.roots
    assert tree.points_mm[root, 2] > 40.0
    cava = find_cava(tree)
    away = np.linalg.norm(tree.points_mm[:, :2] - (0.0, 20.0), axis=1)
    assert away[cava].max() < 9.0
    assert cava[(away < 2.0) & (np.abs(tree.points_mm[:, 2]) < 45.0)].mean() > 0.98
    assert not cava[away > 12.0].any()


def test_veins_without_a_cava_have_none() -> None:
    tree = find_tree(_veins(cava=False), "hepatic").tree
    assert tree is not None
    assert not find_cava(tree).any()


def test_a_cut_through_the_cava_leaves_the_other_veins_their_drainage_and_is_told() -> None:
    model = LiverModel.prepare(
        organ=[("liver", _liver())], portal=[("portal", _portal())], hepatic=[("hepatic", _veins(cava=True))]
    )
    assert model.hepatic is not None
    # all to the right of x = 6 mm goes, with the cava's bed
    cut = PlaneResection(Plane(np.array((6.0, 0.0, 0.0)), np.array((-1.0, 0.0, 0.0))))
    (region,) = model.regions([cut])
    assert model.hepatic.meets_cava([region]) > 40.0
    (said,) = cava_findings(model, [cut])
    assert said.code == "cava"
    numbers = model.evaluate([cut])
    assert numbers.perfusion is not None
    # the left vein still drains into the cava
    left = model.hepatic.nearest
    assert not model.hepatic.lost_points([region])[left].all()
    assert numbers.perfusion.viable_ml > 0.5 * numbers.kept_voxels * model.voxel_ml
    names = [one.name for one in model.vessel_cuts([cut]) if one.tree == "hepatic"]
    assert len(names) >= 2


def test_a_stem_whose_branches_all_go_is_divided_once() -> None:
    model = LiverModel.prepare(
        organ=[("liver", _liver())], portal=[("portal", _portal())], hepatic=[("hepatic", _veins(cava=True))]
    )
    assert model.portal is not None
    assert len(model.portal.names) >= 2
    right = [
        name
        for number, name in enumerate(model.portal.names)
        if np.median(model.portal.tree.points_mm[model.portal.branch == number, 0]) < 0.0
    ]
    cuts = [one for one in model.vessel_cuts([TerritoryResection(tuple(right))]) if one.tree == "portal"]
    assert len(cuts) == 1
    assert np.linalg.norm(cuts[0].at_mm - (14.0, 0.0, -10.0)) < 8.0
    assert cuts[0].diameter_mm == pytest.approx(7.0, abs=1.6)
