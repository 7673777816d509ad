"""Orientation, grids of the three families, crops, resampling: analytic truth."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from skimage.transform import resize

from inference.grid import above_box, axes_of, axis_map, body_box, make_field, network_box, nonzero_box
from inference.manifest import Input, Normalise, Resample
from inference.normalise import normaliser
from inference.resample import resample, resample_labels
from planning.geometry import Grid
from planning.progress import CancelToken

LETTERS = [a + b + c for a, b, c in itertools.product("LR", "PA", "SI")]
ORIENTATIONS = [
    "".join(order) for letters in LETTERS for order in itertools.permutations(letters) if len(set(order)) == 3
]
AXES = ("kji", "kij", "jki", "jik", "ikj", "ijk")


def rotation(columns: str) -> np.ndarray:
    """Unit axes of i, j, k as columns, from three letters."""
    side = {"L": 0, "R": 0, "P": 1, "A": 1, "S": 2, "I": 2}
    matrix = np.zeros((3, 3))
    for column, letter in enumerate(columns):
        matrix[side[letter], column] = 1 if letter in "LPS" else -1
    return matrix


RIGHT_HANDED = [letters for letters in ORIENTATIONS if np.linalg.det(rotation(letters)) > 0]


def linear_field(grid: Grid, gradient: np.ndarray) -> np.ndarray:
    """A field that grows linearly in the patient, on the grid (k, j, i)."""
    ijk = np.stack(np.meshgrid(*[np.arange(n) for n in grid.size_ijk], indexing="ij"), axis=-1)
    return (grid.to_world(ijk) @ gradient).transpose(2, 1, 0)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(RIGHT_HANDED),
    st.sampled_from(ORIENTATIONS),
    st.sampled_from(AXES),
    st.sampled_from(["edge", "centre", "corner"]),
    st.sampled_from([1, 3]),
    st.integers(0, 2**31),
)
def test_a_linear_field_keeps_its_place_in_every_orientation(
    image: str, wanted: str, axes: str, rule: str, order: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    size = tuple(int(n) for n in generator.integers(11, 24, 3))
    grid = Grid.from_parts(size, generator.uniform(0.5, 2.0, 3), generator.uniform(-50, 50, 3), rotation(image))
    gradient = generator.uniform(-1, 1, 3)
    spacing = tuple(float(x) for x in generator.uniform(0.6, 2.5, 3))
    asked = Input(orientation=wanted, axes=axes, spacing_mm=spacing, resample=Resample(grid=rule, data_order=order))
    field = make_field(grid, asked)
    values = resample(field.axes.apply(linear_field(grid, gradient)), field, asked.resample)
    # where each network sample lies: through the axis maps, the flips and the order, back to the patient
    positions = [axis.start + axis.image_positions() for axis in field.maps]
    # the border is repeated, not continued: a spline forgets that within a few samples
    away = 2.0 if order == 1 else 4.5
    inner = [(p > away) & (p < n - 1 - away) for p, n in zip(positions, field.shape_image, strict=True)]
    for n, (flip, length) in enumerate(zip(field.axes.flipped, field.shape_image, strict=True)):
        if flip:
            positions[n] = length - 1 - positions[n]
    places = np.stack(np.meshgrid(*positions, indexing="ij"), axis=-1)
    kji = np.empty_like(places)
    for n, axis in enumerate(field.axes.order):
        kji[..., axis] = places[..., n]
    truth = grid.to_world(kji[..., ::-1]) @ gradient
    keep = np.ix_(*inner)
    assert values.shape == field.shape
    tolerance = 1e-3 if order == 1 else 2e-2
    assert np.abs(values[keep] - truth[keep]).max(initial=0.0) < tolerance


@pytest.mark.parametrize("image", RIGHT_HANDED)
@pytest.mark.parametrize("wanted", ["LPS", "RAS", "SAL"])
def test_network_axes_point_where_their_letters_say(image: str, wanted: str) -> None:
    grid = Grid.from_parts((7, 8, 9), direction=rotation(image))
    asked = Input(orientation=wanted, axes="ijk", spacing_mm=(1.0, 1.0, 1.0))
    axes = axes_of(grid, asked)
    for n, letter in enumerate(wanted):
        world = linear_field(
            grid, rotation(letter + "PS")[:, 0] if letter in "LR" else rotation("L" + letter + "S")[:, 1]
        )
        if letter in "SI":
            world = linear_field(grid, rotation("LP" + letter)[:, 2])
        turned = axes.apply(world)
        assert np.all(np.diff(turned, axis=n) > 0)


def test_counts_of_the_three_families_are_those_of_their_sources() -> None:
    # 240 samples of 0.75 to 3.0: MONAI gives 61, nnU-Net 60
    assert axis_map(0, 240, 0.75, 3.0, "centre").n_net == 61
    assert axis_map(0, 240, 0.75, 3.0, "edge").n_net == 60
    assert axis_map(0, 5, 1.0, 2.0, "edge").n_net == 2  # 2.5, half to even
    corner = axis_map(0, 10, 1.0, 2.0, "corner")
    assert corner.image_positions()[[0, -1]].tolist() == [0.0, 9.0]


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 300), st.floats(0.3, 6.0), st.floats(0.3, 6.0), st.sampled_from(["edge", "centre", "corner"]))
def test_there_and_back_is_the_same_place(n: int, spacing: float, wanted: float, rule: str) -> None:
    axis = axis_map(3, n, spacing, wanted, rule)
    first, last = axis.image_range()
    assert (first, last) == (3, 3 + n)
    image = np.arange(n)
    back = axis.network_positions() * axis.scale + axis.offset
    inside = (image >= axis.offset) & (image <= axis.offset + axis.scale * (axis.n_net - 1))
    assert np.allclose(back[inside], image[inside], atol=1e-9)


@pytest.mark.parametrize("order", [0, 1, 3])
@pytest.mark.parametrize("spacing", [(2.3, 1.1, 0.5), (1.0, 2.0, 3.0), (30.0, 30.0, 1.7)])
def test_resampling_is_that_of_scikit_image(order: int, spacing: tuple[float, float, float]) -> None:
    generator = np.random.default_rng(0)
    image = ndimage.gaussian_filter(generator.normal(size=(61, 50, 47)), 1.0) * 1000
    image = np.round(image).astype(np.int16)
    grid = Grid.from_parts((47, 50, 61), (0.8, 0.9, 1.7))
    asked = Input(
        orientation="native",
        spacing_mm=tuple(min(s, 20.0) for s in spacing),
        resample=Resample(data_order=order, clip_to_input=True),
    )
    field = make_field(grid, asked)
    truth = resize(image.astype(float), field.shape, order, mode="edge", anti_aliasing=False)
    assert np.abs(resample(image, field, asked.resample) - truth).max() < 2e-4


def test_corner_grid_is_scipys_zoom() -> None:
    image = np.random.default_rng(1).normal(size=(20, 31, 17)).astype(np.float32)
    grid = Grid.from_parts((17, 31, 20), (1.0, 1.0, 2.0))
    asked = Input(orientation="native", spacing_mm=(1.5, 1.5, 1.5), resample=Resample(grid="corner"))
    field = make_field(grid, asked)
    truth = ndimage.zoom(image.astype(float), np.array(field.shape) / image.shape, order=1, mode="nearest")
    assert np.allclose(resample(image, field, asked.resample), truth, atol=1e-5)


def test_an_identical_grid_gives_the_image_back() -> None:
    image = np.random.default_rng(2).integers(-1000, 1000, (9, 11, 13)).astype(np.int16)
    grid = Grid.from_parts((13, 11, 9), (0.7, 0.7, 2.5))
    for rule in ("edge", "centre", "corner", "none"):
        asked = Input(spacing_mm=(2.5, 0.7, 0.7), resample=Resample(grid=rule, data_order=3))
        field = make_field(grid, asked)
        assert np.array_equal(resample(field.axes.apply(image), field, asked.resample), image)


def test_separate_axis_is_found_as_nnunet_finds_it() -> None:
    thick = Grid.from_parts((20, 20, 10), (0.8, 0.8, 5.0))
    auto = Resample(separate_z="auto", order_z=0)
    assert make_field(thick, Input(orientation="native", spacing_mm=(3.0, 0.8, 0.8), resample=auto)).low_axis == 0
    assert make_field(thick, Input(spacing_mm=(3.0, 0.8, 0.8))).low_axis is None
    thin = Grid.from_parts((20, 20, 10), (0.8, 0.8, 1.0))
    assert make_field(thin, Input(orientation="native", spacing_mm=(3.0, 0.8, 0.8), resample=auto)).low_axis == 0
    assert make_field(thin, Input(orientation="native", spacing_mm=(1.0, 1.0, 1.0), resample=auto)).low_axis is None
    # two coarse axes are no slices
    odd = Grid.from_parts((20, 20, 10), (5.0, 0.8, 5.0))
    assert make_field(odd, Input(orientation="native", spacing_mm=(1.0, 1.0, 1.0), resample=auto)).low_axis is None


def test_separate_axis_is_resampled_after_the_others_by_its_nearest_slice() -> None:
    image = np.random.default_rng(3).normal(size=(8, 30, 30)).astype(np.float32)
    grid = Grid.from_parts((30, 30, 8), (1.0, 1.0, 5.0))
    asked = Input(
        orientation="native", spacing_mm=(3.0, 1.5, 1.5), resample=Resample(data_order=3, separate_z="auto", order_z=0)
    )
    field = make_field(grid, asked)
    found = resample(image, field, asked.resample)
    slices = np.stack(
        [resize(s.astype(float), field.shape[1:], 3, mode="edge", anti_aliasing=False, clip=False) for s in image]
    )
    z = np.clip(np.floor((np.arange(field.shape[0]) + 0.5) * 8 / field.shape[0] - 0.5 + 0.5).astype(int), 0, 7)
    assert np.abs(found - slices[z]).max() < 1e-5


def test_labels_are_resampled_by_halves() -> None:
    labels = np.zeros((10, 12, 14), dtype=np.uint8)
    labels[3:8, 2:9, 4:11] = 2
    grid = Grid.from_parts((14, 12, 10))
    field = make_field(grid, Input(orientation="native", spacing_mm=(0.5, 0.5, 0.5)))
    found = resample_labels(labels, field, (1, 2))
    assert set(np.unique(found)) == {0, 2}
    assert abs(np.count_nonzero(found) - 8 * np.count_nonzero(labels)) < 0.05 * found.size
    same = make_field(grid, Input(orientation="native", spacing_mm=(1.0, 1.0, 1.0)))
    assert np.array_equal(resample_labels(labels, same, (1, 2)), labels)


def test_resampling_stops_when_asked() -> None:
    from planning.errors import Cancelled

    cancel = CancelToken()
    cancel.set()
    field = make_field(Grid.from_parts((5, 5, 5)), Input(spacing_mm=(2.0, 2.0, 2.0)))
    with pytest.raises(Cancelled):
        resample(np.zeros((5, 5, 5), dtype=np.int16), field, Resample(), cancel=cancel)


def phantom_with_table() -> np.ndarray:
    """A body (0 HU) in air above a thin table."""
    scan = np.full((40, 128, 128), -1000, dtype=np.int16)
    y, x = np.mgrid[:128, :128]
    scan[:, ((y - 60) / 40) ** 2 + ((x - 64) / 50) ** 2 < 1] = 0
    scan[:, 112:114, 10:118] = 100
    return scan


def test_the_body_is_found_without_its_table() -> None:
    scan = phantom_with_table()
    box = body_box(scan, (3.0, 2.0, 2.0), 0.0)
    assert box[0] == (0, 40)
    assert abs(box[1][0] - 20) <= 2
    assert abs(box[1][1] - 100) <= 2
    assert body_box(np.full((10, 10, 10), -1000, dtype=np.int16), (1.0, 1.0, 1.0), 5.0) == ((0, 10),) * 3


def test_a_network_box_covers_its_image_box() -> None:
    grid = Grid.from_parts((100, 90, 80), (0.8, 0.8, 1.5))
    field = make_field(grid, Input(orientation="native", spacing_mm=(2.0, 2.0, 2.0)))
    box = ((11, 50), (20, 77), (5, 6))
    part = field.part(network_box(field, box))
    for inner, outer in zip(part.image_box, box, strict=True):
        assert inner.start <= outer[0]
        assert inner.stop >= outer[1]


def test_boxes_of_values() -> None:
    image = np.zeros((10, 11, 12), dtype=np.int16)
    assert nonzero_box(image) == ((0, 10), (0, 11), (0, 12))
    image[2:5, 3:4, 7:12] = -5
    assert nonzero_box(image) == ((2, 5), (3, 4), (7, 12))
    image[4, 3, 8] = 5
    assert above_box(image, 0.0, 2) == ((2, 7), (1, 6), (6, 11))


def test_normalisation_schemes() -> None:
    image = np.array([[[-2000, -100, 0, 500, 3000]]], dtype=np.int16)
    ct = normaliser(Normalise(clip=(-1000, 600), mean=-100, std=300), image)(image)
    assert np.allclose(ct.ravel(), [-3.0, 0.0, 1 / 3, 2.0, 7 / 3])
    ranged = normaliser(Normalise(scheme="range", clip=(-100, 900), to=(0, 1)), image)(image)
    assert np.allclose(ranged.ravel(), [0, 0, 0.1, 0.6, 1.0])
    free = normaliser(
        Normalise(scheme="range", clip=(-100, 900), to=(-1, 1), clip_output=False, squash="sigmoid"), image
    )
    assert np.allclose(free(image).ravel()[1], 1 / (1 + np.e))
    z = normaliser(Normalise(scheme="zscore", nonzero=True), image)(image).ravel()
    rest = np.array([-2000.0, -100.0, 500.0, 3000.0])
    assert np.allclose(z[[0, 1, 3, 4]], (rest - rest.mean()) / rest.std(), atol=1e-5)
    assert z[2] == 0
    whole = normaliser(Normalise(scheme="minmax", to=(0, 1)), image)(image)
    assert np.allclose(whole.ravel()[[0, -1]], [0, 1])
    after = normaliser(Normalise(scheme="zscore", then="minmax", to=(0, 2)), image)(image)
    assert np.allclose(after.ravel()[[0, -1]], [0, 2])
