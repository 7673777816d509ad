"""What must hold for every edit by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.by_hand import boxes, editing, patches
from planning.by_hand.patches import Patch, patched
from planning.by_hand.strokes import Brush, Stroke
from planning.case.document import Document
from planning.case.manifest import case_json
from planning.geometry import Grid
from planning.volume import Mask

GRID = Grid.from_parts((34, 30, 26), (0.8, 1.0, 1.4), (4, -7, 20))
places = st.tuples(st.floats(-4, 37), st.floats(-4, 33), st.floats(-4, 29))
radii = st.floats(0.6, 9.0)
kinds = st.sampled_from(("sphere", "disc"))


@st.composite
def masks(draw: st.DrawFn) -> Mask:
    random = np.random.default_rng(draw(st.integers(0, 1 << 20)))
    share = draw(st.sampled_from((0.0, 0.1, 0.6, 1.0)))
    start = random.integers(0, (20, 18, 16))
    size = random.integers(1, (14, 12, 10))
    return Mask(GRID, tuple(int(n) for n in start), random.random(size[::-1]) < share)


@st.composite
def edits(draw: st.DrawFn) -> tuple[tuple[int, int, int], np.ndarray]:
    random = np.random.default_rng(draw(st.integers(0, 1 << 20)))
    start = random.integers(0, (20, 18, 16))
    bits = random.random(random.integers(1, (14, 12, 10))[::-1]) < draw(st.sampled_from((0.05, 0.5, 1.0)))
    bits.flat[-1] = True
    return tuple(int(n) for n in start), bits


def _patch(mask: Mask, edit: tuple[tuple[int, int, int], np.ndarray]) -> Patch:
    start, bits = edit
    patch = Patch.of(bits, boxes.box_of(start, bits.shape[::-1]), mask)
    assert patch is not None
    return patch


def _stroke(mask: Mask, kind: str, radius_mm: float, path: list[tuple[float, float, float]], erase: bool) -> Stroke:
    normal = np.array((0.36, 0.48, 0.8)) if kind == "disc" else None
    stroke = Stroke(mask, Brush(kind, radius_mm, normal), erase=erase)  # type: ignore[arg-type]
    for place in path:
        stroke.move(GRID.to_world(place))
    return stroke


@given(masks(), edits())
def test_an_edit_is_its_own_inverse(mask: Mask, edit: tuple[tuple[int, int, int], np.ndarray]) -> None:
    patch = _patch(mask, edit)
    after = patched(mask, patch)
    assert after.voxel_count == mask.voxel_count + patch.gained - patch.lost
    back = patched(after, patch)
    assert np.array_equal(back.full(), mask.full())
    assert np.array_equal(patched(after, patch, mask.box_kji).voxels, mask.voxels)
    differ = after.full() ^ mask.full()
    assert differ.sum() == patch.voxels().sum()
    assert differ[after.changed_box(mask)].sum() == differ.sum()


@given(masks(), st.lists(edits(), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_patches_does_not_matter(mask: Mask, several: list, random) -> None:
    made = [_patch(mask, edit) for edit in several]
    shuffled = list(made)
    random.shuffle(shuffled)
    one = two = mask
    for first, second in zip(made, shuffled, strict=True):
        one, two = patched(one, first), patched(two, second)
    assert np.array_equal(one.full(), two.full())


@given(masks(), masks())
def test_a_patch_leads_from_any_mask_to_any_other(old: Mask, new: Mask) -> None:
    patch = Patch.between(old, new)
    after = old if patch is None else patched(old, patch)
    assert np.array_equal(after.full(), new.full())


@settings(deadline=None)
@given(masks(), kinds, radii, st.lists(places, min_size=1, max_size=4))
def test_painting_and_erasing_along_one_path_leaves_nothing_there(
    mask: Mask, kind: str, radius: float, path: list
) -> None:
    painting = _stroke(mask, kind, radius, path, erase=False)
    patch = painting.patch()
    painted = mask if patch is None else patched(mask, patch)
    assert (painted.full() >= mask.full()).all()
    erasing = _stroke(painted, kind, radius, path, erase=True).patch()
    left = painted if erasing is None else patched(painted, erasing)
    covered = _stroke(Mask.from_full(GRID, np.zeros(GRID.shape_kji)), kind, radius, path, erase=False).changed
    assert np.array_equal(left.full(), mask.full() & ~covered)


@settings(deadline=None)
@given(masks(), radii, st.lists(places, min_size=1, max_size=4), places)
def test_a_large_brush_paints_what_a_small_one_would(mask: Mask, radius: float, path: list, end: tuple) -> None:
    from planning.by_hand import strokes

    usual = strokes.LARGE_SWEEP
    answers = []
    for limit in (0, 1 << 40):
        strokes.LARGE_SWEEP = limit
        try:
            answers.append(_stroke(mask, "sphere", radius, [*path, end], erase=False).changed)
        finally:
            strokes.LARGE_SWEEP = usual
    assert np.array_equal(*answers)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.tuples(st.sampled_from("peur"), places, radii), min_size=1, max_size=14), st.booleans())
def test_undo_leads_back_to_the_very_same_case(steps: list, is_shared: bool) -> None:
    import tempfile

    usual = patches.SHARED_FROM_BYTES
    patches.SHARED_FROM_BYTES = 0 if is_shared else usual
    try:
        with tempfile.TemporaryDirectory() as folder, Document.create(Path(folder) / "a.theatrum") as document:
            document.do(editing.new_structure(document, "a", "#112233", GRID))
            states = [(case_json(document.case), document.mask("a").full())]
            at = 0
            for what, place, radius in steps:
                if what == "u" and at:
                    document.undo()
                    at -= 1
                elif what == "r" and document.can_redo:
                    document.redo()
                    at += 1
                else:
                    patch = _stroke(document.mask("a"), "sphere", radius, [place], erase=what == "e").patch()
                    if patch is None:
                        continue
                    document.do(editing.edit_step(document, {"a": patch}, "Stroke"))
                    at += 1
                    del states[at:]
                    states.append((case_json(document.case), document.mask("a").full()))
                assert case_json(document.case) == states[at][0]
                assert np.array_equal(document.mask("a").full(), states[at][1])
            document.close()
            with Document.open(Path(folder) / "a.theatrum") as again:
                for number in range(at, -1, -1):
                    assert case_json(again.case) == states[number][0]
                    assert np.array_equal(again.mask("a").full(), states[number][1])
                    if number:
                        again.undo()
    finally:
        patches.SHARED_FROM_BYTES = usual
