"""Segmentation by strokes: what prompts name, undo and reset, corrections, the prior, the band's walker."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from cases import add_structures, make_case

from inference.grid import make_field
from inference.interactive import band, enclosed, seeds
from inference.interactive.image import PreparedImage, prepare_image
from inference.interactive.keeping import stroke_command
from inference.interactive.prior import NetworkView, Prior
from inference.interactive.prompts import Prompt, named_voxels
from inference.interactive.session import changed_box, empty_mask
from inference.interactive.strokes import CHANGES_MM, StrokeSession
from inference.manifest import Input
from planning.errors import Cancelled, InputError, ModelError
from planning.geometry import Grid
from planning.progress import CancelToken
from planning.volume import Mask, Volume

BoolArray = npt.NDArray[np.bool_]
GRID = Grid.from_parts((96, 96, 60), (1.5, 1.5, 2.0), (-70.0, -70.0, 20.0))


def _ellipsoid(center_mm: tuple[float, float, float], radii_mm: tuple[float, float, float]) -> BoolArray:
    nk, nj, ni = GRID.shape_kji
    k, j, i = np.meshgrid(np.arange(nk), np.arange(nj), np.arange(ni), indexing="ij")
    at = GRID.to_world(np.stack([i, j, k], axis=-1))
    return np.asarray((((at - center_mm) / radii_mm) ** 2).sum(axis=-1) < 1.0)


ORGAN = _ellipsoid((0.0, -10.0, 78.0), (36.0, 28.0, 42.0))
NEIGHBOUR = _ellipsoid((48.0, 10.0, 78.0), (18.0, 20.0, 36.0)) & ~ORGAN
BODY = _ellipsoid((0.0, 0.0, 78.0), (68.0, 66.0, 400.0))


@pytest.fixture(scope="module")
def image() -> PreparedImage:
    draw = np.random.default_rng(5)
    hu = np.full(GRID.shape_kji, -1000.0)
    hu[BODY], hu[ORGAN], hu[NEIGHBOUR] = -90.0, 110.0, 125.0
    hu[BODY] += draw.normal(0.0, 15.0, np.count_nonzero(BODY))
    return prepare_image(Volume(GRID, hu.astype(np.int16)))


def _line(*points_ijk: tuple[float, float, float]) -> npt.NDArray[np.float64]:
    return GRID.to_world(np.array(points_ijk))


def _ring(k: int, center: tuple[float, float], radii: tuple[float, float]) -> npt.NDArray[np.float64]:
    angles = np.linspace(0.0, 2.0 * np.pi, 40)
    i, j = center[0] + radii[0] * np.cos(angles), center[1] + radii[1] * np.sin(angles)
    return GRID.to_world(np.stack([i, j, np.full(40, k)], axis=-1))


def _scribbled(session: StrokeSession) -> None:
    for k, size in ((20, 0.85), (29, 1.0), (40, 0.8)):
        session.add_scribble(True, _line((47 - 18 * size, 40, k), (47 + 18 * size, 40, k)))
        session.add_scribble(True, _line((47, 40 - 13 * size, k), (47, 40 + 13 * size, k)))
        session.add_scribble(False, _ring(k, (46.7, 40), (24 * size + 5, 18.7 * size + 5)))


def _dice(first: BoolArray, second: BoolArray) -> float:
    return float(2.0 * (first & second).sum() / (first.sum() + second.sum()))


def test_three_scribbled_slices_find_the_organ_and_not_its_neighbour(image: PreparedImage) -> None:
    session = StrokeSession(image)
    _scribbled(session)
    found = session.mask.full()
    assert _dice(found, ORGAN) > 0.93
    assert (found & NEIGHBOUR).sum() < 0.05 * NEIGHBOUR.sum()


def test_the_changed_box_holds_all_that_changed_and_undo_is_exact(image: PreparedImage) -> None:
    session = StrokeSession(image)
    session.add_scribble(True, _line((30, 40, 29), (64, 40, 29)))
    first = session.mask
    before = first.full()
    box = session.add_scribble(False, _ring(29, (46.7, 40), (29, 24)))
    assert box is not None
    changed = before != session.mask.full()
    assert changed.any()
    outside = changed.copy()
    outside[box] = False
    assert not outside.any()
    assert session.undo() == box
    assert (session.mask.full() == before).all()
    assert len(session.prompts) == 1
    session.undo()
    assert not session.can_undo
    assert session.mask.voxel_count == 0
    assert session.undo() is None


def test_answers_do_not_depend_on_the_order_nor_on_what_was_taken_back(image: PreparedImage) -> None:
    one, two = StrokeSession(image), StrokeSession(image)
    line, ring = _line((30, 40, 29), (64, 40, 29)), _ring(29, (46.7, 40), (29, 24))
    one.add_scribble(True, line)
    one.add_scribble(False, ring)
    two.add_point(True, _line((75, 55, 29))[0])
    two.undo()
    two.add_scribble(True, line)
    two.add_scribble(False, ring)
    assert (one.mask.full() == two.mask.full()).all()


def test_reset_forgets_everything(image: PreparedImage) -> None:
    session = StrokeSession(image)
    session.set_initial(Mask.from_full(GRID, ORGAN))
    session.add_point(False, _line((47, 40, 50))[0])
    assert session.reset() is not None
    assert (session.mask.voxel_count, session.prompts, session.initial, session.can_undo) == (0, (), None, False)


def test_only_not_this_says_nothing_yet(image: PreparedImage) -> None:
    session = StrokeSession(image)
    assert session.add_point(False, _line((80, 50, 29))[0]) is None
    assert session.mask.voxel_count == 0
    assert len(session.prompts) == 1


def test_a_stop_leaves_the_session_as_it_was(image: PreparedImage) -> None:
    session = StrokeSession(image)
    session.add_point(True, _line((47, 40, 29))[0])
    before = session.mask
    token = CancelToken()
    token.set()
    with pytest.raises(Cancelled):
        session.add_point(False, _line((75, 50, 29))[0], token)
    assert session.mask is before
    assert len(session.prompts) == 1


@pytest.mark.parametrize(
    ("kind", "points"),
    [
        ("point", [[0.0, 0.0, np.nan]]),
        ("point", [[0.0, 0.0, 9000.0]]),
        ("point", [[0.0, 0.0, 78.0], [1.0, 0.0, 78.0]]),
        ("box", [[0.0, 0.0, 78.0]]),
        ("lasso", [[0.0, 0.0, 78.0], [9.0, 0.0, 78.0]]),
        ("lasso", [[0.0, 0.0, 78.0], [9.0, 9.0, 90.0], [-9.0, 3.0, 60.0]]),
        ("scribble", [[0.0, 0.0]]),
    ],
)
def test_prompts_that_cannot_be_are_refused(kind: str, points: list[list[float]]) -> None:
    with pytest.raises(InputError):
        Prompt.checked(kind, True, points, GRID)  # type: ignore[arg-type]


def test_a_box_names_its_middle_and_what_lies_round_it() -> None:
    named = named_voxels(Prompt.checked("box", True, _line((20, 20, 30), (40, 50, 30)), GRID), GRID)
    assert set(named.inside[:, 0].tolist()) == {30} == set(named.outside[:, 0].tolist())
    assert named.inside[:, 2].min() > 20
    assert (named.outside[:, 1:].min(axis=0) == (19, 19)).all()
    assert (named.outside[:, 1:].max(axis=0) == (51, 41)).all()
    on_rim = np.isin(named.outside[:, 1], (19, 51)) | np.isin(named.outside[:, 2], (19, 41))
    assert on_rim.all()
    none = named_voxels(Prompt.checked("box", False, _line((20, 20, 30), (40, 50, 30)), GRID), GRID)
    assert (len(none.inside), len(none.outside)) == (0, 21 * 31)


def test_a_lasso_names_its_core_and_a_rim_outside() -> None:
    outline = _ring(30, (50, 50), (20, 16))
    named = named_voxels(Prompt.checked("lasso", True, outline, GRID), GRID)
    away = ((named.outside[:, 2] - 50) / 20.0) ** 2 + ((named.outside[:, 1] - 50) / 16.0) ** 2
    assert away.min() > 1.0
    inner = ((named.inside[:, 2] - 50) / 20.0) ** 2 + ((named.inside[:, 1] - 50) / 16.0) ** 2
    assert inner.max() < 1.0
    assert set(named.inside[:, 0].tolist()) == {30}


@pytest.mark.parametrize("kind", ["box", "lasso"])
def test_boxes_and_lassos_alone_find_the_organ(image: PreparedImage, kind: str) -> None:
    session = StrokeSession(image)
    if kind == "box":
        session.add_box(True, _line((22, 20, 9), (72, 60, 49)))
    else:
        for k, size in ((20, 0.85), (29, 1.0), (40, 0.8)):
            session.add_lasso(True, _ring(k, (46.7, 40), (24 * size, 18.7 * size)))
    assert _dice(session.mask.full(), ORGAN) > 0.85


def test_a_correction_changes_what_is_near_and_nothing_else(image: PreparedImage) -> None:
    with_neighbour = ORGAN | NEIGHBOUR
    given = Mask.from_full(GRID, with_neighbour)
    session = StrokeSession(image)
    session.set_initial(given)
    assert (session.mask.full() == with_neighbour).all()
    at = _line((78, 53, 29))
    box = session.add_scribble(False, _line((76, 46, 29), (79, 62, 29)))
    assert box is not None
    found = session.mask.full()
    assert _dice(found, ORGAN) > _dice(with_neighbour, ORGAN)
    k, j, i = np.nonzero(found != with_neighbour)
    away = np.abs(GRID.to_world(np.stack([i, j, k], axis=-1)) - at).max(axis=1)
    assert away.max() < CHANGES_MM + 20.0
    session.undo()
    assert (session.mask.full() == with_neighbour).all()


def test_not_this_in_the_middle_of_a_small_structure_takes_it_away_and_leaves_the_other(image: PreparedImage) -> None:
    small = _ellipsoid((-40.0, -30.0, 78.0), (7.0, 7.0, 7.0))
    session = StrokeSession(image)
    session.set_initial(Mask.from_full(GRID, small | NEIGHBOUR))
    at = np.argwhere(small).mean(axis=0)[::-1]
    session.add_point(False, GRID.to_world(at))
    found = session.mask.full()
    assert not (found & small).any()
    assert _dice(found, NEIGHBOUR) > 0.98


def test_a_structure_of_another_image_is_no_start(image: PreparedImage) -> None:
    other = Grid.from_parts((8, 8, 8), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0))
    with pytest.raises(InputError):
        StrokeSession(image).set_initial(empty_mask(other))


def test_a_voxel_that_both_sides_name_belongs_to_the_last(image: PreparedImage) -> None:
    line = _line((30, 40, 29), (64, 40, 29))
    prompts = [Prompt.checked("scribble", side, line, GRID) for side in (True, False)]
    read = seeds.read_seeds(image, prompts, None)
    assert read is not None
    assert (len(read.inside), len(read.outside) > 10) == (0, True)


def test_a_prior_helps_one_stroke_and_is_left_out_where_strokes_contradict_it(image: PreparedImage) -> None:
    right = Prior.of(image, image.blocks.down(ORGAN))
    wrong = Prior.of(image, 1.0 - image.blocks.down(ORGAN))
    found = []
    for prior in (None, right, wrong):
        session = StrokeSession(image, prior)
        session.add_scribble(True, _line((35, 40, 29), (60, 40, 29)))
        session.add_scribble(False, _line((79, 46, 29), (79, 62, 29)))
        found.append(session.mask.full())
    assert (found[2] == found[0]).all()
    assert (found[1] != found[0]).any()
    assert _dice(found[1], ORGAN) > 0.97
    with pytest.raises(ModelError):
        Prior.of(image, np.zeros((2, 2, 2), dtype=np.float32))


@pytest.mark.parametrize("orientation", ["LPS", "RAS", "ASL"])
def test_a_networks_field_lies_where_it_lies_whatever_its_axes(image: PreparedImage, orientation: str) -> None:
    field = make_field(GRID, Input(orientation=orientation, spacing_mm=(4.0, 4.0, 4.0)))
    k, j, i = np.meshgrid(*[np.arange(n) for n in GRID.shape_kji], indexing="ij")
    ramp = 0.004 * i + 0.002 * j + 0.003 * k
    turned = field.axes.apply(ramp)
    sampled = turned
    for place, along in enumerate(field.maps):
        at = along.start + along.image_positions()
        low = np.clip(np.floor(at).astype(int), 0, turned.shape[place] - 2)
        shape = [1, 1, 1]
        shape[place] = len(at)
        weight = (at - low).reshape(shape)
        sampled = np.take(sampled, low, axis=place) * (1 - weight) + np.take(sampled, low + 1, axis=place) * weight
    view = NetworkView(field, {"ramp": sampled.astype(np.float16)})
    inner = (slice(4, -4),) * 3
    assert np.abs(view.on(image, "ramp").fine - image.blocks.down(ramp))[inner].max() < 2e-3
    with pytest.raises(ModelError):
        view.on(image, "spleen")


def test_the_walker_solves_its_system() -> None:
    draw = np.random.default_rng(3)
    shape = (5, 6, 7)
    hu = draw.normal(0.0, 20.0, shape).astype(np.float32)
    prior = draw.uniform(0.0, 1.0, shape).astype(np.float32)
    free = np.zeros(shape, dtype=bool)
    free[1:-1, 1:-1, 1:-1] = True
    spacing = np.array((2.0, 1.5, 1.5))
    found = band.walked(hu, prior, free, spacing)
    # every free voxel is the weighted mean of its neighbours and its own prior
    for k, j, i in np.argwhere(free):
        total, weighted = band.STOPS, band.STOPS * float(prior[k, j, i])
        for axis in range(3):
            for step in (-1, 1):
                n = [k, j, i]
                n[axis] += step
                way = np.exp(-(((hu[k, j, i] - hu[tuple(n)]) / band.STEP_HU) ** 2)) + band.LEAST_WAY
                way *= (1.5 / spacing[axis]) ** 2
                total += way
                weighted += way * float(found[tuple(n)])
        assert found[k, j, i] == pytest.approx(weighted / total, abs=5e-3)
    assert (found[~free] == prior[~free]).all()


def test_rings_lean_the_slices_between_them_and_open_lines_do_not(image: PreparedImage) -> None:
    cross = [Prompt.checked("scribble", True, _line((40, 40, k), (54, 40, k)), GRID) for k in (20, 40)]
    rings = [Prompt.checked("scribble", False, _ring(k, (47, 40), (24, 20)), GRID) for k in (20, 40)]
    read = seeds.read_seeds(image, [*cross, *rings], None)
    assert read is not None
    odds = enclosed.leaning(image, [*cross, *rings], read)
    assert odds is not None
    middle = image.coarse_of(np.array([[30, 40, 47]])) - read.low
    k = int(15 - read.low[0])
    assert odds[k, middle[0, 1], middle[0, 2]] > 0.3
    assert odds[k, 0, 0] < -0.3
    lines = [Prompt.checked("scribble", False, _line((20, 20, k), (20, 60, k)), GRID) for k in (20, 40)]
    assert enclosed.leaning(image, [*cross, *lines], read) is None


def test_masks_that_are_the_same_have_no_changed_box() -> None:
    mask = Mask.from_full(GRID, ORGAN)
    assert changed_box(mask, Mask(GRID, (0, 0, 0), ORGAN)) is None
    assert changed_box(empty_mask(GRID), mask) == mask.box_kji


def test_an_image_that_is_no_ct_is_refused() -> None:
    volume = Volume(GRID, np.zeros(GRID.shape_kji, dtype=np.int16), quantity="SUV")
    with pytest.raises(InputError):
        prepare_image(volume)


def test_what_strokes_made_is_one_step_of_the_case(image: PreparedImage, tmp_path: Path) -> None:
    with make_case(tmp_path / "a.theatrum", image.volume) as document:
        given = Mask.from_full(GRID, NEIGHBOUR)
        add_structures(document, {"liver": given})
        session = StrokeSession(image)
        session.set_initial(Mask.from_full(GRID, ORGAN))
        session.add_point(False, _line((47, 40, 29))[0])
        document.do(stroke_command(document, "liver", session.mask, session.prompts, "a model 1.0"))
        kept = document.case.structures["liver"]
        assert (kept.source, kept.voxel_count, kept.trust) == ("edited", session.mask.voxel_count, None)
        assert kept.provenance.source == "strokes, 1 prompt, a model 1.0"
        assert kept.provenance.inputs[0].startswith("point - ")
        document.undo()
        assert document.case.structures["liver"].voxel_count == given.voxel_count
        document.do(stroke_command(document, "spleen", session.mask, session.prompts))
        assert document.case.structures["spleen"].source == "automatic"
        with pytest.raises(InputError):
            stroke_command(document, "liver", empty_mask(GRID), session.prompts)
