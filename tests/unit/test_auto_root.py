"""The automatic root on a chest written apart from the product's phantoms: places, names, refusals."""

from __future__ import annotations

from itertools import permutations, product
from pathlib import Path

import numpy as np
import pytest
from chests import Anatomy, Chest, make_chest
from chests_b import make_chest_b, random_anatomy_b
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from planning.errors import Cancelled, MeasurementError
from planning.files.volumes import read_volume
from planning.geometry import Grid
from planning.progress import CancelToken
from planning.tavr.auto import RootEstimate, find_root
from planning.tavr.auto.coarse import make_coarse
from planning.tavr.auto.find import Place, aorta_like, aortic_partner, pulmonary_place
from planning.tavr.auto.naming import name_cusps
from planning.tavr.auto.ostia import Opening
from planning.tavr.auto.sites import Site
from planning.tavr.auto.tubes import Chain, is_bone
from planning.tavr.auto.upright import upright
from planning.tavr.inputs import TavrInputs
from planning.tavr.plan import make_tavr_plan
from planning.volume import Volume

DATA = Path(__file__).parents[3] / "shared" / "data"
ANATOMY = Anatomy(tilt_deg=38.0, belly_mm=0.8, nodules=3, noise_hu=18.0, center_mm=(4.0, -3.0, 6.0))
SPACING_MM = (0.8, 0.8, 0.9)
FIELD_MM = (80.0, 84.0, 78.0)


@pytest.fixture(scope="module")
def chest() -> Chest:
    return make_chest(ANATOMY, spacing_mm=SPACING_MM, field_mm=FIELD_MM, seed=4, shift_mm=(-4.0, 0.0, 11.0))


@pytest.fixture(scope="module")
def root(chest: Chest) -> RootEstimate:
    return find_root(chest.volume)


def relaid(volume: Volume, order: tuple[int, int, int], backwards: tuple[bool, bool, bool]) -> Volume:
    """The same scan with its axes in another order, some of them the other way round."""
    old = volume.grid.world_from_index
    matrix = np.column_stack([old[:, n] for n in order] + [old[:, 3]])
    size = [volume.grid.size_ijk[n] for n in order]
    voxels = volume.voxels.transpose([2 - n for n in order[::-1]])
    for row in np.flatnonzero(backwards):
        matrix[:, 3] += (size[row] - 1) * matrix[:, row]
        matrix[:, row] *= -1.0
        voxels = np.flip(voxels, 2 - row)
    return Volume(Grid((size[0], size[1], size[2]), matrix), np.ascontiguousarray(voxels))


def _hinge_errors_mm(root: RootEstimate, hinges_mm: np.ndarray) -> np.ndarray:
    return np.linalg.norm(root.hinges_mm - hinges_mm, axis=1)


def _tilt_deg(one: np.ndarray, two: np.ndarray) -> float:
    return float(np.degrees(np.arccos(np.clip(one @ two, -1.0, 1.0))))


def test_hinges_are_found_and_named(chest: Chest, root: RootEstimate) -> None:
    assert _hinge_errors_mm(root, chest.truth.hinges_mm).mean() < 1.0
    assert _tilt_deg(root.normal, chest.truth.normal) < 3.0
    assert root.cusps == 3
    assert root.confidence > 0.6
    assert "cusp_names" not in {finding.code for finding in root.findings}


def test_ostia_and_commissures_are_where_they_are(chest: Chest, root: RootEstimate) -> None:
    for found, truth in zip(root.ostia_mm, chest.truth.ostia_mm, strict=True):
        assert found is not None
        assert abs((found - truth) @ chest.truth.normal) < 0.7
    assert np.linalg.norm(root.commissures_mm - chest.truth.commissures_mm, axis=1).max() < 4.0


def test_second_estimate_stands_apart_and_near(chest: Chest, root: RootEstimate) -> None:
    assert root.hinges_second_mm is not None
    assert not np.allclose(root.hinges_second_mm, root.hinges_mm)
    assert abs((root.second.origin_mm - chest.truth.hinges_mm.mean(axis=0)) @ chest.truth.normal) < 2.5
    assert _tilt_deg(root.second.normal, root.normal) == pytest.approx(root.tilt_deg, abs=0.5)


def test_centerline_runs_upwards_in_the_lumen(chest: Chest, root: RootEstimate) -> None:
    along = (root.centerline_mm - chest.truth.hinges_mm.mean(axis=0)) @ chest.truth.normal
    assert along[0] < -8.0
    assert along[-1] > 25.0
    assert (np.diff(along) > 0).mean() > 0.9
    index = np.rint(chest.volume.grid.to_index(root.centerline_mm)).astype(int)
    inside = chest.volume.grid.contains(root.centerline_mm)
    i, j, k = index[inside].T
    assert np.median(chest.volume.voxels[k, j, i]) > 0.8 * ANATOMY.lumen_hu


def test_lumen_holds_root_and_ascending_aorta(chest: Chest, root: RootEstimate) -> None:
    assert root.aorta is not None
    assert 25.0 < root.aorta.volume_ml < 80.0
    middle = chest.truth.hinges_mm.mean(axis=0) + 8.0 * chest.truth.normal
    i, j, k = np.rint(chest.volume.grid.to_index(middle)).astype(int)
    whole = root.aorta.full()
    assert whole[k, j, i]
    trunk = np.rint(chest.volume.grid.to_index(chest.truth.trunk_mm)).astype(int)
    seen = chest.volume.grid.contains(chest.truth.trunk_mm)
    assert not whole[tuple(trunk[seen].T[::-1])].any()


def test_json_comes_back(root: RootEstimate) -> None:
    again = RootEstimate.from_json(root.as_json())
    assert again.as_json() == root.as_json()
    assert again.aorta is None


def test_a_lost_flip_swaps_left_and_non_and_is_said(chest: Chest) -> None:
    """The volume seen in a mirror: right stays in front, the sense of rotation swaps the other two."""
    grid = chest.volume.grid
    mirrored = Volume(grid, np.ascontiguousarray(chest.volume.voxels[:, :, ::-1]))
    truth = grid.to_index(chest.truth.hinges_mm)
    truth[:, 0] = grid.size_ijk[0] - 1 - truth[:, 0]
    root = find_root(mirrored, with_lumen=False)
    errors = _hinge_errors_mm(root, grid.to_world(truth)[[2, 1, 0]])
    assert errors.mean() < 1.3
    assert "cusp_names" in {finding.code for finding in root.findings}


@pytest.mark.parametrize(
    ("order", "backwards"),
    [((0, 1, 2), (True, False, True)), ((2, 0, 1), (True, True, False))],
)
def test_order_of_axes_does_not_matter(
    chest: Chest, root: RootEstimate, order: tuple[int, int, int], backwards: tuple[bool, bool, bool]
) -> None:
    """The same voxels in the same places, laid down otherwise: nothing changes but rounding."""
    again = find_root(relaid(chest.volume, order, backwards))
    assert _hinge_errors_mm(again, root.hinges_mm).max() < 1e-6
    np.testing.assert_allclose(again.hinge_confidence, root.hinge_confidence, atol=1e-9)
    np.testing.assert_allclose(again.centerline_mm, root.centerline_mm, atol=1e-6)
    assert [finding.text for finding in again.findings] == [finding.text for finding in root.findings]
    assert again.aorta is not None
    assert root.aorta is not None
    assert again.aorta.volume_ml == pytest.approx(root.aorta.volume_ml, rel=2e-3)


RIGHT_HANDED = [
    (order, backwards)
    for order in permutations((0, 1, 2))
    for backwards in product((False, True), repeat=3)
    if np.linalg.det(np.eye(3)[list(order)]) * (-1.0) ** sum(backwards) > 0
]


@settings(max_examples=24, deadline=None, derandomize=True)
@given(laid=st.sampled_from(RIGHT_HANDED))
def test_every_order_of_axes_is_laid_down_the_same(laid: tuple[tuple[int, int, int], tuple[bool, bool, bool]]) -> None:
    """Exactly as it was, for all 24 ways to lay a slightly turned scan down."""
    turn = np.array(((0.96, -0.28, 0.0), (0.28, 0.96, 0.0), (0.0, 0.0, 1.0)))
    grid = Grid.from_parts((3, 4, 5), (0.5, 0.75, 1.25), (-10.0, 20.0, 30.0), turn)
    volume = Volume(grid, np.arange(60, dtype=np.int16).reshape(5, 4, 3))
    again = upright(relaid(volume, *laid))
    assert again.grid.size_ijk == grid.size_ijk
    np.testing.assert_allclose(again.grid.world_from_index, grid.world_from_index, atol=1e-12)
    np.testing.assert_array_equal(again.voxels, volume.voxels)
    assert upright(volume) is volume


def test_a_turned_patient_gives_turned_points(chest: Chest, root: RootEstimate) -> None:
    angle = np.radians(14.0)
    turn = np.array(((np.cos(angle), -np.sin(angle), 0), (np.sin(angle), np.cos(angle), 0), (0, 0, 1.0)))
    shift = np.array((40.0, -25.0, 300.0))
    matrix = chest.volume.grid.world_from_index.copy()
    matrix[:3] = turn @ matrix[:3]
    matrix[:3, 3] += shift
    again = find_root(Volume(Grid(chest.volume.grid.size_ijk, matrix), chest.volume.voxels), with_lumen=False)
    assert _hinge_errors_mm(again, root.hinges_mm @ turn.T + shift).max() < 0.9


def _refusal(volume: Volume) -> MeasurementError:
    with pytest.raises(MeasurementError) as caught:
        find_root(volume, with_lumen=False)
    assert "hand" in caught.value.hint
    return caught.value


def test_no_contrast_is_said(chest: Chest) -> None:
    values = chest.volume.voxels.astype(np.float32)
    plain = np.where(values > 50, 50 + 0.04 * (values - 50), values).astype(np.int16)
    assert _refusal(Volume(chest.volume.grid, plain)).code == "no_contrast"


def test_bone_is_no_vessel() -> None:
    """Two upright tubes of the same HU: one even, one mottled in a bright shell."""
    grid = Grid.from_parts((60, 60, 40), (1.0, 1.0, 1.0))
    _, j, i = np.indices(grid.shape_kji)
    mottled = ndimage.gaussian_filter(np.random.default_rng(3).normal(size=grid.shape_kji), 1.2)
    mottled = 200.0 + 50.0 * mottled / mottled.std()
    values = np.full(grid.shape_kji, 40.0)
    values[np.hypot(i - 15, j - 30) < 12] = 200.0
    bone, shell = np.hypot(i - 45, j - 30) < 12, np.abs(np.hypot(i - 45, j - 30) - 11.5) < 1.5
    values[bone] = mottled[bone]
    values[shell] = 350.0
    coarse = make_coarse(Volume(grid, values.astype(np.int16)))
    height = np.arange(4.0, 36.0, 2.0)

    def chain(x: float) -> Chain:
        centers = np.stack([np.full_like(height, x), np.full_like(height, 30.0), height], axis=1)
        return Chain(centers, np.full(len(height), 12.0), 200.0)

    assert not is_bone(coarse, chain(15.0))
    assert is_bone(coarse, chain(45.0))


@pytest.mark.parametrize("name", ["acrin001_torso_noncontrast", "lidc0002_chest_noncontrast"])
def test_a_real_scan_without_contrast_is_said_to_have_none(name: str) -> None:
    path = DATA / "train" / f"{name}.nii.gz"
    if not path.exists():
        pytest.skip("the real scans are not here")
    voxels, grid = read_volume(path)
    error = _refusal(Volume(grid, voxels))
    assert error.code == "no_contrast"
    assert "no contrast in the aorta" in error.what


def test_another_modality_is_said(chest: Chest) -> None:
    assert _refusal(Volume(chest.volume.grid, chest.volume.voxels, quantity="SUV")).code == "modality"


def test_a_scan_that_cuts_the_root_is_refused(chest: Chest) -> None:
    grid = chest.volume.grid
    middle = chest.truth.hinges_mm.mean(axis=0)
    first = int(grid.to_index(middle + 5.0 * chest.truth.normal)[2])
    size = (*grid.size_ijk[:2], grid.size_ijk[2] - first)
    cut = Volume(grid.cropped((0, 0, first), size), np.ascontiguousarray(chest.volume.voxels[first:]))
    assert _refusal(cut).code in ("root_cut", "no_root", "no_aorta")


def test_a_prosthesis_is_said(chest: Chest) -> None:
    grid, truth = chest.volume.grid, chest.truth
    index = np.indices(grid.shape_kji)[::-1].reshape(3, -1).T
    away = grid.to_world(index) - truth.hinges_mm.mean(axis=0)
    height = away @ truth.normal
    side = away - height[:, None] * truth.normal
    radius = np.linalg.norm(side, axis=1)
    frame = (np.abs(radius - 10.5) < 0.7) & (height > -4.0) & (height < 14.0) & (np.mod(height, 4.0) < 1.8)
    voxels = chest.volume.voxels.copy()
    voxels.reshape(-1)[frame] = 2600
    assert _refusal(Volume(grid, voxels)).code == "prosthesis"


def test_an_empty_scan_is_refused() -> None:
    grid = Grid.from_parts((40, 40, 40), (2.0, 2.0, 2.0))
    assert _refusal(Volume(grid, np.full((40, 40, 40), -1000, np.int16))).code == "no_contrast"


def test_the_search_can_be_stopped(chest: Chest) -> None:
    token = CancelToken()
    token.set()
    with pytest.raises(Cancelled):
        find_root(chest.volume, cancel=token)


def test_the_pulmonary_valve_lies_before_and_above() -> None:
    aortic, pulmonary = np.array((0.0, 0.0, 0.0)), np.array((14.0, -30.0, 15.0))
    assert pulmonary_place(pulmonary, [aortic, pulmonary]) == 1.0
    assert pulmonary_place(aortic, [aortic, pulmonary]) == 0.0


def _place(center_mm: tuple[float, float, float], course: float) -> Place:
    center = np.array(center_mm)
    chain = Chain(center + np.array([[0.0, 0.0, 2.0 * n] for n in range(20)]), np.full(20, 13.0), 380.0)
    return Place(Site(center, np.array((0.0, 0.0, 1.0)), 13.0, 380.0, 1.0, {}, chain, chain.centers_mm), course)


def test_a_vessel_that_runs_like_an_aorta_behind_and_below_shows_the_trunk() -> None:
    trunk, aorta = _place((14.0, -30.0, 24.0), -0.7), _place((-11.0, -3.0, 12.0), 0.4)
    descending = _place((20.0, 64.0, -30.0), 0.5)
    places = [trunk, aorta, descending]
    assert aortic_partner(trunk, places) is aorta
    assert aortic_partner(aorta, places) is None
    assert aortic_partner(trunk, [trunk, descending]) is None


def test_a_dense_cava_is_not_taken_for_the_descending_aorta() -> None:
    """Where the field leaves the descending aorta out, undiluted contrast beside the root says nothing about it."""
    root = _place((0.0, 0.0, 0.0), 0.0).site
    height = np.arange(-30.0, 50.0, 2.0)

    def upright_vessel(x: float, y: float, blood_hu: float) -> Chain:
        line = np.stack([np.full_like(height, x), np.full_like(height, y), height], axis=1)
        return Chain(line, np.full(len(height), 9.0), blood_hu)

    alone = aorta_like(root, [root.chain])
    assert aorta_like(root, [root.chain, upright_vessel(-43.0, 8.0, 780.0)]) == alone
    assert aorta_like(root, [root.chain, upright_vessel(-30.0, 30.0, 120.0)]) == alone
    assert aorta_like(root, [root.chain, upright_vessel(15.0, 60.0, 780.0)]) < alone - 0.5
    assert aorta_like(root, [root.chain, upright_vessel(15.0, 60.0, 390.0)]) == alone


def test_two_cusps_get_no_three_sure_hinges() -> None:
    anatomy = random_anatomy_b(np.random.default_rng(5), "bicuspid0")
    spacing, field = (1.0, 1.0, 1.0), (92.0, 100.0, 90.0)
    chest = make_chest_b(anatomy, spacing_mm=spacing, field_mm=field, shift_mm=(0.0, 0.0, 14.0), seed=5)
    root = find_root(chest.volume, with_lumen=False)
    assert root.cusps == 2
    # both lowest points, and a plane through them that lies across the root
    away = np.linalg.norm(root.hinges_mm[:, None] - chest.truth.hinges_mm[None], axis=2)
    assert away.min(axis=0).max() < 1.5
    assert _tilt_deg(root.normal, chest.truth.normal) < 5.0
    assert root.hinge_confidence.max() <= 0.5
    assert "bicuspid" in {finding.code for finding in root.findings}
    assert root.two_leaflets
    assert RootEstimate.from_json(root.as_json()).two_leaflets
    inputs = TavrInputs(hinges_mm=root.hinges_mm, hinge_sources=("automatic",) * 3, automatic=root.as_json())
    plan = make_tavr_plan(chest.volume, inputs)
    assert plan["bicuspid"]["cusps"] == 2
    assert plan["bicuspid"]["sievers"] == "0"
    wide = plan["annulus"]["max_diameter_mm"]
    assert 0.6 * wide < plan["bicuspid"]["intercommissural_mm"] < 1.4 * wide


def test_names_follow_front_and_coronaries() -> None:
    front = np.array((-0.5, 1.0, -0.5))
    clear, none = Opening(0.0, np.zeros(3), 12.0, 0.9), None
    good = name_cusps(front, [none, clear, clear])
    assert good.order == (0, 1, 2)
    assert not good.conflict
    assert good.sure > 0.8
    assert name_cusps(front, [clear, clear, none]).conflict
    # a heart turned by 70°: the coronaries decide
    turned = name_cusps(np.cos(np.radians((-50.0, 70.0, 190.0))), [none, clear, clear])
    assert turned.order == (0, 1, 2)
