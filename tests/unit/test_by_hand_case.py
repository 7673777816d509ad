"""Edits by hand in a case file: small, exact, undone after any reopening, and refused where they do not fit."""

from __future__ import annotations

import gc
import json
import sqlite3
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.panels.segment.by_hand_keep import brought_up, step_command
from planning.by_hand import editing
from planning.by_hand.patches import Patch
from planning.by_hand.strokes import Brush, Stroke
from planning.case import edited
from planning.case.commands import (
    Batch,
    Command,
    LockStructure,
    RecolourStructure,
    RemoveStructure,
    RenameStructure,
    ReplaceStructure,
)
from planning.case.document import Document
from planning.case.manifest import case_json
from planning.case.verify import verify_case
from planning.errors import CaseError
from planning.geometry import Grid
from planning.volume import Mask, Volume
from tests.support.cases import add_structures, make_case

GRID = Grid.from_parts((64, 60, 48), (0.8, 0.8, 1.2), (5, 6, 7))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "case.theatrum"


@pytest.fixture
def document(path: Path) -> Iterator[Document]:
    with make_case(path, Volume(GRID, np.zeros(GRID.shape_kji, dtype=np.int16))) as opened:
        inside = np.zeros(GRID.shape_kji, dtype=bool)
        inside[10:30, 12:40, 14:44] = True
        add_structures(opened, {"liver": Mask.from_full(GRID, inside), "spleen": Mask.from_full(GRID, inside[::-1])})
        yield opened


def _paint(document: Document, name: str, ijk: tuple[float, float, float], *, erase: bool = False) -> Patch:
    stroke = Stroke(document.mask(name), Brush("sphere", 4.0), erase=erase)
    stroke.move(GRID.to_world(ijk))
    patch = stroke.patch()
    assert patch is not None
    document.do(editing.edit_step(document, {name: patch}, f"Brush stroke on {name}"))
    return patch


def test_strokes_survive_closing_and_are_undone_to_the_start(document: Document, path: Path) -> None:
    states = [(case_json(document.case), document.mask("liver").full())]
    for place in ((15, 30, 20), (50, 50, 40), (30, 30, 20), (3, 3, 3)):
        _paint(document, "liver", place, erase=place == (30, 30, 20))
        states.append((case_json(document.case), document.mask("liver").full()))
    document.close()
    assert verify_case(path)["structures"] == 2
    with Document.open(path) as again:
        assert again.undo_text == "Brush stroke on liver"
        assert again.case.structures["liver"].source == "edited"
        for state, full in reversed(states):
            assert case_json(again.case) == state
            assert np.array_equal(again.mask("liver").full(), full)
            again.undo()
        assert again.undo_text == "Import CT"
        again.redo()
        for state, full in states:
            assert case_json(again.case) == state
            assert np.array_equal(again.mask("liver").full(), full)
            if again.can_redo:
                again.redo()


def test_an_unedited_case_is_written_as_before(document: Document) -> None:
    for structure in case_json(document.case)["structures"]:
        assert not {"edits", "locked"} & set(structure)


def test_a_stroke_writes_its_patch_and_no_shape(document: Document) -> None:
    def stored() -> int:
        return int(document.store.rows("SELECT SUM(LENGTH(data)) FROM chunk")[0][0])

    before, arrays = stored(), document.store.rows("SELECT COUNT(*) FROM array")[0][0]
    patch = _paint(document, "liver", (46, 30, 20))
    assert stored() - before < 600
    assert document.store.rows("SELECT COUNT(*) FROM array")[0][0] == arrays + 1
    assert patch.nbytes < 2000
    liver = document.case.structures["liver"]
    assert editing.change_ml(liver, patch) == pytest.approx(patch.gained * GRID.voxel_mm3 / 1000)


def test_a_mask_after_a_stroke_says_where_it_differs(document: Document) -> None:
    before = document.mask("liver")
    assert document.mask("liver") is before
    patch = _paint(document, "liver", (44, 30, 20))
    after = document.mask("liver")
    assert after.changed_box(before) == patch.box
    document.undo()
    assert document.mask("liver") is before, "undo leads back to the very same mask while it is held"


def test_undo_after_reopening_reads_no_shape_again(document: Document, path: Path) -> None:
    for place in ((44, 30, 20), (44, 40, 20), (44, 44, 26)):
        _paint(document, "liver", place)
    document.close()
    with Document.open(path) as again:
        mask = again.mask("liver")
        for _ in range(3):
            again.undo()
            before, mask = mask, again.mask("liver")
            assert mask.changed_box(before) is not None


def test_the_reader_of_a_thread_keeps_its_state(document: Document) -> None:
    reader = document.reader()
    full = reader.mask("liver").full()
    _paint(document, "liver", (44, 30, 20))
    assert np.array_equal(reader.mask("liver").full(), full)


def test_former_masks_are_kept_by_their_bytes(path: Path, document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    from viewers import label_layer
    from viewers.overlay import LabelItem
    from viewers.pane_geometry import PaneGeometry

    room = 2 * document.mask("liver").voxels.nbytes
    document.close()
    monkeypatch.setattr(edited, "HELD_BYTES", room)
    monkeypatch.setattr(label_layer, "HIDDEN_BYTES", room)
    layer, (right, down, normal) = label_layer.LabelLayer(), np.eye(3)
    geometry = PaneGeometry(
        center_mm=GRID.center_mm, right=right, down=down, normal=normal, mm_per_px=0.5, width=100, height=100
    )
    masks, pictures = [], []
    with Document.open(path) as again:
        for turn in range(9):
            mask = again.mask("liver")
            masks.append(weakref.ref(mask))
            item = LabelItem(key="liver", mask=mask, color="#DD8265")
            pictures.append(layer.picture((item,), geometry, fill=True, smooth=True, selected=""))
            del mask, item
            _paint(again, "liver", (44 + turn, 30, 23.5))
        # the four newest stay whatever their size: undo goes to and fro between them
        assert sum(mask() is not None for mask in masks) <= 4
    assert not np.array_equal(pictures[0], pictures[-1])


def test_only_images_are_kept_by_the_file(document: Document, path: Path) -> None:
    _paint(document, "liver", (44, 30, 20))
    document.close()
    with Document.open(path) as again:
        image = again.volume("CT").voxels
        again.mask("liver")
        again.undo()
        again.mask("liver")
        assert again.volume("CT").voxels is image
        assert len(again.store._cache) == 1


def test_what_nobody_holds_is_let_go_and_what_somebody_holds_is_not_read_twice(document: Document, path: Path) -> None:
    _paint(document, "liver", (44, 30, 20))
    document.close()
    with Document.open(path) as again:
        image, mask = weakref.ref(again.volume("CT").voxels), again.mask("liver")
        again.undo()
        former = weakref.ref(again.mask("liver"))
        again.forget_read()
        gc.collect()
        assert image() is None
        assert former() is None
        before = np.array(again.mask("liver").full())
        again.redo()
        assert again.mask("liver") is mask
        assert not np.array_equal(before, mask.full())
        held = again.volume("CT").voxels
        again.forget_read()
        assert again.volume("CT").voxels is held


def test_two_structures_change_in_one_step(document: Document) -> None:
    stroke = Stroke(document.mask("liver"), Brush("sphere", 4.0))
    stroke.move(GRID.to_world((46, 30, 20)))
    patch = stroke.patch()
    start = case_json(document.case)
    document.do(editing.edit_step(document, {"liver": patch, "spleen": patch}, "Overwrite"))
    assert document.undo_text == "Overwrite"
    document.undo()
    assert case_json(document.case) == start


def test_many_patches_are_folded_into_one_shape(
    document: Document, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "MOST_PATCHES", 3)
    monkeypatch.setattr(editing, "CROPPED_BELOW", 0.0)
    start, fulls = case_json(document.case), []
    for turn in range(8):
        before = document.mask("liver")
        _paint(document, "liver", (12 + 5 * turn, 40, 12 + 3 * turn))
        edits = document.case.structures["liver"].edits
        assert edits is None or len(edits.patches) <= 3
        fulls.append(document.mask("liver").full())
        assert before.changed_box(document.mask("liver")) is not None, "folding draws nothing anew"
    assert document.undo_text == "Brush stroke on liver"
    document.close()
    with Document.open(path) as again:
        for full in reversed(fulls):
            assert np.array_equal(again.mask("liver").full(), full)
            again.undo()
        assert case_json(again.case) == start


def test_folding_gives_a_structure_that_shrank_a_smaller_box(
    document: Document, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _paint(document, "liver", (58, 54, 40))
    shape = document.case.structures["liver"].array.shape
    _paint(document, "liver", (58, 54, 40), erase=True)
    monkeypatch.setattr(editing, "MOST_PATCHES", 1)
    _paint(document, "liver", (15, 20, 20), erase=True)
    liver = document.case.structures["liver"]
    assert np.prod(liver.array.shape) < 0.7 * np.prod(shape)
    full = document.mask("liver").full()
    document.close()
    with Document.open(path, read_only=True) as again:
        assert np.array_equal(again.mask("liver").full(), full)


@pytest.mark.parametrize("most", [1, 99])
def test_an_edit_of_what_has_changed_meanwhile_is_refused(
    document: Document, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _paint(document, "liver", (44, 30, 20))
    stroke = Stroke(document.mask("liver"), Brush("sphere", 4.0))
    stroke.move(GRID.to_world((15, 15, 31)))
    with monkeypatch.context() as change:
        change.setattr(editing, "MOST_PATCHES", most)
        late = editing.edit_step(document, {"liver": stroke.patch()}, "Late")
    _paint(document, "liver", (44, 40, 20))
    full = document.mask("liver").full()
    with pytest.raises(CaseError, match="changed meanwhile"):
        document.do(late)
    assert np.array_equal(document.mask("liver").full(), full)
    document.undo()
    document.do(late)
    assert document.undo_text == "Late"
    document.mask("liver")


def test_an_edit_made_of_an_older_shape_never_becomes_a_step(document: Document) -> None:
    """Two strokes of one shape that overlap: the second would turn the first one's voxels over and damage the case."""
    strokes = []
    for column in (46, 48, 4):
        stroke = Stroke(document.mask("liver"), Brush("sphere", 4.0))
        stroke.move(GRID.to_world((column, 30, 20)))
        strokes.append(stroke.patch())
    first, second, elsewhere = strokes
    document.do(editing.edit_step(document, {"liver": first}, "First"))
    full = document.mask("liver").full()
    with pytest.raises(CaseError, match="changed meanwhile"):
        editing.edit_step(document, {"liver": second}, "Second")
    assert np.array_equal(document.mask("liver").full(), full)
    # what touches nothing of it is as right as before
    document.do(editing.edit_step(document, {"liver": elsewhere}, "Elsewhere"))
    assert document.mask("liver").voxel_count == int(full.sum()) + elsewhere.gained


def test_long_work_is_told_beforehand(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    patch = _paint(document, "liver", (44, 30, 20))
    assert not editing.is_long(document, {"liver": patch})
    monkeypatch.setattr(editing, "MOST_PATCHES", 1)
    assert editing.is_long(document, {"liver": patch})
    monkeypatch.setattr(editing, "MOST_PATCHES", 99)
    monkeypatch.setattr(editing, "LONG_BYTES", 10)
    assert editing.is_long(document, {"liver": patch})


def test_a_locked_structure_is_left_alone(document: Document) -> None:
    stroke = Stroke(document.mask("liver"), Brush("sphere", 4.0))
    stroke.move(GRID.to_world((46, 30, 20)))
    step = editing.edit_step(document, {"liver": stroke.patch()}, "Stroke")
    document.do(LockStructure("liver"))
    assert document.undo_text == "Lock liver"
    liver = document.case.structures["liver"]
    for command in (step, RemoveStructure("liver"), ReplaceStructure(liver), Batch((step,), "Both")):
        with pytest.raises(CaseError, match="locked"):
            document.do(command)
    with pytest.raises(CaseError, match="'liver' is locked"):
        editing.edit_step(document, {"liver": stroke.patch()}, "Stroke")
    document.undo()
    document.do(step)


def test_a_structure_begins_empty_and_is_copied_without_writing(document: Document) -> None:
    document.do(editing.new_structure(document, "tumor", "#FFD65C", GRID))
    assert document.mask("tumor").voxel_count == 0
    _paint(document, "tumor", (30, 30, 20))
    tumor = document.case.structures["tumor"]
    assert tumor.source == "painted"
    assert np.prod(tumor.array.shape) < 40**3, "the box does not reach to the corner where the empty one stood"
    chunks = document.store.rows("SELECT COUNT(*) FROM chunk")
    document.do(editing.copy_structure(document.case, "tumor", "tumor 2"))
    assert document.store.rows("SELECT COUNT(*) FROM chunk") == chunks
    _paint(document, "tumor 2", (36, 30, 20))
    assert document.mask("tumor 2").voxel_count > document.mask("tumor").voxel_count
    for name in ("tumor", " "):
        with pytest.raises(CaseError):
            editing.new_structure(document, name, "#FFD65C", GRID)
        with pytest.raises(CaseError):
            editing.copy_structure(document.case, "liver", name)
    with pytest.raises(CaseError, match="kidney"):
        editing.copy_structure(document.case, "kidney", "new")


def test_a_patch_that_leaves_the_grid_is_refused(document: Document) -> None:
    patch = Patch((60, 0, 0), (8, 1, 1), np.ones((1, 1, 1), dtype=np.uint8), gained=8, lost=0)
    with pytest.raises(CaseError, match="grid"):
        editing.edit_step(document, {"liver": patch}, "Stroke")


@pytest.mark.parametrize("what", ["count", "name", "box", "patch"])
def test_edits_that_do_not_fit_are_damage(document: Document, path: Path, what: str) -> None:
    from planning.case import journal

    _paint(document, "liver", (44, 30, 20))
    state = case_json(document.case)
    liver = next(one for one in state["structures"] if one["name"] == "liver")
    if what == "count":
        liver["voxel_count"] += 1
    elif what == "name":
        liver["array"]["sha256"] = "0" * 64
    elif what == "box":
        liver["array"]["shape"] = [1 << 18, 1 << 18, 1 << 18]
    else:
        liver["edits"]["patches"][0]["start_ijk"][0] += 1
    head, length = document.head_sha256, document.journal_length
    document.close()
    text = json.dumps(state, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM snapshot")
        connection.execute(
            "INSERT INTO snapshot VALUES (?, ?, ?)", (length, text, journal.snapshot_sha256(length, head, text))
        )
    connection.close()
    with Document.open(path, read_only=True) as again, pytest.raises(CaseError, match="damaged"):
        again.mask("liver")


@pytest.mark.parametrize("is_storing", [False, True])
@pytest.mark.parametrize("most", [1, 99])
def test_a_new_name_and_colour_are_kept_by_an_edit_that_was_being_stored(
    document: Document, most: int, is_storing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    _paint(document, "liver", (44, 30, 20))
    stroke = Stroke(document.mask("liver"), Brush("sphere", 4.0))
    stroke.move(GRID.to_world((15, 15, 31)))
    patch, before = stroke.patch(), {"liver": document.case.structures["liver"]}
    assert patch is not None

    def step() -> Command:
        with monkeypatch.context() as change:
            change.setattr(editing, "MOST_PATCHES", most)
            return step_command(document, "liver", {"liver": patch}, "Late", (), before)

    made = step() if is_storing else None
    document.do(RenameStructure("liver", "Leber"))
    document.do(RecolourStructure("Leber", "#112233"))
    document.do(brought_up(made or step(), before, document.case))
    leber = document.case.structures["Leber"]
    assert leber.color == "#112233"
    assert leber.name == "Leber"
    assert set(document.case.structures) == {"Leber", "spleen"}
    assert leber.voxel_count == before["liver"].voxel_count + patch.gained
    assert document.mask("Leber").voxel_count == leber.voxel_count
    for _ in range(3):
        document.undo()
    assert document.case.structures["liver"].array == before["liver"].array
