"""Body, lungs, bone and the contrast aorta without a network, in any orientation; edges only where the image has them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from inference.classical.coarse import Coarse
from inference.classical.engine import find_classical
from inference.classical.refine import refine
from inference.confidence.measures import dice
from planning.errors import Cancelled
from planning.geometry import Grid
from planning.progress import CancelToken
from tests.support.plain_torso import plain_torso

TURNS = [((0, 1, 2), ()), ((0, 1, 2), (0, 1)), ((1, 0, 2), (2,)), ((2, 1, 0), (0,)), ((0, 2, 1), (0,))]


@pytest.mark.parametrize(("order", "flips"), TURNS)
def test_every_structure_is_found_in_any_orientation(order: tuple[int, int, int], flips: tuple[int, ...]) -> None:
    torso = plain_torso().turned(order, flips)
    found = find_classical(torso.volume, torso.grid)
    for name, least in {"body": 0.97, "lung_left": 0.95, "lung_right": 0.95, "bone": 0.85, "aorta": 0.9}.items():
        assert dice(found.masks[name], torso.parts[name]) > least, name
    assert not (found.masks["bone"] & found.masks["aorta"]).any()


def test_without_contrast_there_is_no_aorta() -> None:
    torso = plain_torso(aorta_hu=45.0)
    found = find_classical(torso.volume, torso.grid, ("aorta", "lung_left"))
    assert "aorta" not in found.masks
    assert found.aorta is None
    assert set(found.masks) == {"lung_left"}


def test_noise_does_not_fray_the_wall_of_an_aorta() -> None:
    torso = plain_torso(aorta_hu=170.0)
    planes = slice(0, 60)
    fine = torso.volume[planes].repeat(3, axis=1).repeat(3, axis=2)
    fine = fine + np.random.default_rng(1).normal(0, 35.0, fine.shape)
    grid = Grid.from_parts(fine.shape[::-1], (1.0, 1.0, 3.0), (-178.0, -110.0, 0.0))
    found = find_classical(fine.astype(np.int16), grid, ("aorta",)).masks["aorta"]
    assert dice(found, torso.parts["aorta"][planes].repeat(3, axis=1).repeat(3, axis=2)) > 0.94
    frayed = [(plane ^ ndimage.median_filter(plane, 3)).sum() / max(int(plane.sum()), 1) for plane in found[5:55]]
    # corners of the 3 mm blocks are 2 %; 8 % without calming
    assert np.mean(frayed) < 0.04


def test_what_a_network_named_is_no_bone() -> None:
    torso = plain_torso()
    labels = torso.parts["bone"].astype(np.uint8) * 7
    assert "bone" not in find_classical(torso.volume, torso.grid, ("bone",), labels).masks
    assert "bone" in find_classical(torso.volume, torso.grid, ("bone",), labels, bone_index=7).masks


def test_air_alone_holds_nothing() -> None:
    grid = Grid.from_parts((40, 40, 40), (3.0, 3.0, 3.0))
    assert find_classical(np.full((40, 40, 40), -1000, np.int16), grid).masks == {}


def test_it_stops_when_asked() -> None:
    torso, token = plain_torso(), CancelToken()
    token.set()
    with pytest.raises(Cancelled):
        find_classical(torso.volume, torso.grid, cancel=token)


def test_coarse_voxels_are_means_and_come_back_to_their_place() -> None:
    rng = np.random.default_rng(0)
    volume = rng.integers(-100, 100, (13, 10, 9)).astype(np.int16)
    grid = Grid.from_parts((9, 10, 13), (1.0, 1.2, 0.9))
    coarse = Coarse.of(volume, grid)
    fk, fj, fi = coarse.factors
    assert coarse.hu[1, 1, 1] == pytest.approx(volume[fk : 2 * fk, fj : 2 * fj, fi : 2 * fi].mean(), abs=1e-3)
    mask = np.ones(coarse.hu.shape, dtype=bool)
    # far edges belong to the last coarse voxel
    assert coarse.with_edges(mask, volume, lambda hu: np.ones(hu.shape, bool)).all()


def ball(
    shift: float = 0.0, radius: float = 30.0, contrast: float = 150.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(image, truth, moved truth) of a blurred ball on 1 mm voxels."""
    z, y, x = np.mgrid[-45:45, -45:45, -45:45].astype(np.float32)
    away = np.sqrt(x**2 + y**2 + z**2)
    share = np.clip((radius - away) / 2 + 0.5, 0, 1)
    image = contrast * share + np.random.default_rng(1).normal(0, 15, away.shape)
    moved = np.sqrt((x - shift) ** 2 + y**2 + z**2) < radius
    return np.round(image).astype(np.int16), away < radius, moved


def test_a_boundary_goes_to_the_half_height() -> None:
    image, truth, moved = ball(shift=3.0)
    grid = Grid.from_parts((90, 90, 90))
    labels = moved.astype(np.uint8)
    told = refine(labels, 1, image, grid)
    assert told.clear_share > 0.9
    assert dice(moved, truth) < 0.94
    assert dice(labels == 1, truth) > 0.985


def test_without_contrast_nothing_moves() -> None:
    image, _, moved = ball(shift=3.0, contrast=5.0)
    labels = moved.astype(np.uint8)
    told = refine(labels, 1, image, Grid.from_parts((90, 90, 90)))
    assert told.clear_share < 0.05
    assert dice(labels == 1, moved) > 0.995


def test_a_neighbour_is_not_taken() -> None:
    image, truth, moved = ball(shift=3.0)
    labels = moved.astype(np.uint8)
    labels[truth & ~moved] = 2
    before = labels == 2
    refine(labels, 1, image, Grid.from_parts((90, 90, 90)))
    assert np.array_equal(labels == 2, before)


def test_thin_and_missing_structures_are_left_alone() -> None:
    image = np.zeros((30, 30, 30), np.int16)
    labels = np.zeros((30, 30, 30), np.uint8)
    labels[:, 14:16, 14:16] = 1
    image[labels == 1] = 300
    before = labels.copy()
    assert refine(labels, 1, image, Grid.from_parts((30, 30, 30))).moved_ml == 0
    assert refine(labels, 5, image, Grid.from_parts((30, 30, 30))).moved_ml == 0
    assert np.array_equal(labels, before)
