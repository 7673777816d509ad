"""The print place with real widgets on a small case: parts, shape, repairs one by one, the file."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from liver_case import TUMORS, close_session, liver_document, open_session
from panel_hand import click, shown, tick
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox
from pytestqt.qtbot import QtBot

from app.dialogs.message import ConfirmDialog
from app.panels.printing import CHECK, PARTS, SHAPE, WRITE, PrintPanel
from app.panels.printing.draft import copy_draft, draft_targets, laid_out
from app.panels.printing.history import History, change_words
from app.panels.printing.parts_column import estimate_words, hours_words
from app.panels.printing.step_check import MOST_NOTES, CheckStep
from app.panels.printing.troubles import checks_of
from app.panels.printing.wish import PrintWish, options_of, plane_cuts
from app.session import Session
from planning.case.commands import AddStructure, SetPlan
from planning.case.model import Structure
from planning.case.plans import liver_record
from planning.case.structure_commands import RecolourStructure
from planning.geometry import Plane
from planning.liver.resection import PlaneResection
from planning.provenance import Provenance
from planning.volume import Mask

pytestmark = pytest.mark.gui
LONG_MS = 180_000
PLAIN = PrintWish(printer="fff-256")


@pytest.fixture
def session(qtbot: QtBot, tmp_path: Path):
    made = open_session(liver_document(tmp_path / "case.theatrum"))
    yield made
    close_session(made)


@pytest.fixture
def planned(session: Session) -> Session:
    """The case with a plan A."""
    plane = Plane(np.array(TUMORS[0][0]) + (19.0, 0.0, 0.0), np.array((-1.0, 0.0, 0.0)))
    record = liver_record(
        session.document, "A", [PlaneResection(plane)], portal=["portal_vein"], hepatic=["hepatic_veins"]
    )
    session.do(SetPlan(record))
    return session


@pytest.fixture
def faulty(session: Session) -> Session:
    """The case with a lump that has a crumb, a second piece and a fin of one voxel."""
    grid = session.image.grid
    voxels = np.zeros(grid.shape_kji, dtype=bool)
    voxels[10:24, 20:32, 20:32] = True
    voxels[14:22, 25, 32:44] = True
    voxels[30:36, 20:30, 20:30] = True
    voxels[40, 40, 40] = True
    mask = Mask.from_full(grid, voxels)
    array = session.document.store.put_array(mask.voxels.astype(np.uint8))
    session.do(
        AddStructure(
            Structure(
                name="lump",
                grid=grid,
                start_ijk=mask.start_ijk,
                array=array,
                voxel_count=mask.voxel_count,
                color="#5C8F3E",
                provenance=Provenance("test"),
            )
        )
    )
    return session


def _choose(box: QComboBox, words: str) -> None:
    box.setCurrentIndex([box.itemText(n) for n in range(box.count())].index(words))
    box.activated.emit(box.currentIndex())


def _quiet(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: not session.jobs.active, timeout=LONG_MS)


def test_print_goes_from_parts_to_a_proved_file(qtbot: QtBot, planned: Session, tmp_path: Path) -> None:
    panel = PrintPanel(planned)
    shown(qtbot, panel)
    assert panel.wish.plan_parts == (("A", "kept"), ("A", "removed"))
    for key in ("A\nkept", "A\nremoved"):
        tick(panel.steps[PARTS].plans, key)
    for key in ("portal_vein", "hepatic_veins", "tumor_2"):
        tick(panel.steps[PARTS].structures, key)
    assert panel.wish.structures == ("tumor_1",)
    tick(panel.steps[PARTS].structures, "liver")
    assert panel.drafted() == "choice of parts to print"
    panel.take_back()
    assert panel.wish.structures == ("tumor_1",)
    panel.bring_again()
    assert panel.wish.structures == ("liver", "tumor_1")
    click(panel, "print_shape")
    assert panel.where.current == SHAPE
    _choose(panel.steps[SHAPE].printer, "Filament, 220 × 220 × 250 mm")
    assert panel.wish.room_mm == (220, 220, 250)
    assert panel.steps[SHAPE].material.currentText() == "PLA"
    column = panel.left_column()
    assert column.value("cost") == "–"
    click(panel, "print_check")
    assert panel.where.current == CHECK
    assert not panel.steps[WRITE].is_reachable()
    _quiet(qtbot, planned)
    assert panel.problem is None
    checks = {check.key: check for check in panel.steps[CHECK].checks.checks}
    assert checks["closed"].name == "Closed, 2 of 2 objects"
    assert checks["closed"].state == checks["edges"].state == checks["crossing"].state == "ok"
    # not the size of one part, which would be read as that of all
    assert (checks["size"].name, checks["size"].value) == ("Fits the plate", "")
    assert float(panel.steps[CHECK].proof.row("mean").value) <= 0.1
    assert column.value("cost") == f"about {max(panel.draft.told['estimate']['cost'], 1):.0f} €"
    while panel.open_troubles():
        click(panel, "accept_fault")
    click(panel, "accept_model")
    assert panel.where.current == WRITE
    _choose(panel.steps[WRITE].file, "OBJ, one file")
    _quiet(qtbot, planned)
    assert panel.where.current == WRITE
    out = tmp_path / "out"
    out.mkdir()
    panel.save_asked.connect(lambda name, kinds, use: use(out / name))
    click(panel, "write_model")
    _quiet(qtbot, planned)
    assert sorted(path.name for path in out.iterdir()) == ["model.mtl", "model.obj"]
    # the file names the colours that lie beside it
    assert b"mtllib model.mtl" in (out / "model.obj").read_bytes()[:200]
    assert panel.steps[WRITE].note.title == "model.obj and 1 more"
    assert "Read back and compared" in panel.steps[WRITE].note.words


def test_what_is_not_met_comes_one_by_one_and_is_repaired_or_accepted(qtbot: QtBot, faulty: Session) -> None:
    panel = PrintPanel(faulty)
    shown(qtbot, panel)
    panel.ask(replace(PLAIN, structures=("lump",), printer="fff-256"))
    panel.go_to(CHECK)
    _quiet(qtbot, faulty)
    keys = [one.key for one in panel.open_troubles()]
    assert keys[0] == "wall"
    assert {"crumbs", "loose"} <= set(keys)
    step = panel.steps[CHECK]
    assert step.trouble.title == "Wall thinner than 0.8 mm" or step.trouble.title.startswith("Wall")
    assert not panel.steps[WRITE].is_reachable()
    # a large piece is never dropped by Enter
    QTest.mouseClick(
        next(line for line in step.checks._lines if line.check.key in ("crumbs", "loose")), Qt.MouseButton.LeftButton
    )
    assert panel.trouble.key == "crumbs"
    before = panel.draft.rows[0]["volume_ml"]
    click(panel, "repair")
    assert panel.wish.fixes == (("lump", "drop_crumbs"),)
    assert panel.drafted() == "repair of the model"
    assert step._waiting.text().startswith("Measuring again")
    _quiet(qtbot, faulty)
    assert "crumbs" not in [one.key for one in panel.troubles]
    assert panel.draft.rows[0]["components"] == 2
    assert panel.draft.rows[0]["volume_ml"] < before
    panel.follow_check("loose", "lump")
    main = panel.frame.footer.main_button
    assert main.objectName() == "accept_fault"
    assert panel.findChild(QAbstractButton, "repair_other").text().strip() == "Drop 1 loose part"
    main.click()
    assert [one.kind for one in faulty.case.accepted] == ["loose"]
    assert "loose" not in [one.key for one in panel.open_troubles()]
    faulty.undo()
    assert faulty.case.accepted == ()
    assert "loose" in [one.key for one in panel.open_troubles()]
    faulty.redo()
    click(panel, "accept_fault")
    assert not panel.open_troubles()
    assert panel.steps[WRITE].is_reachable()
    assert panel.accepted_count() >= 2
    # another draft of the same: what was accepted stays accepted
    panel.ask(replace(panel.wish, base=True))
    _quiet(qtbot, faulty)
    assert "loose" not in [one.key for one in panel.open_troubles()]


def test_a_case_that_is_open_to_read_is_printed_too(
    qtbot: QtBot, faulty: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(faulty.document), "read_only", property(lambda document: True))
    panel = PrintPanel(faulty)
    shown(qtbot, panel)
    panel.ask(replace(PLAIN, structures=("lump",)))
    panel.go_to(CHECK)
    _quiet(qtbot, faulty)
    with qtbot.waitSignal(faulty.said) as said:
        click(panel, "accept_fault")
    assert said.args == ["Not kept: this case is open to read"]
    while panel.open_troubles():
        click(panel, "accept_fault")
    assert panel.steps[WRITE].is_reachable()
    assert faulty.case.accepted == ()
    panel.follow_check("loose", "lump")
    click(panel, "take_fault_back")
    assert [one.key for one in panel.open_troubles()] == ["loose"]


def test_a_thin_place_is_shown_in_a_cut_and_thickened(qtbot: QtBot, faulty: Session) -> None:
    panel = PrintPanel(faulty)
    shown(qtbot, panel)
    panel.ask(replace(PLAIN, structures=("lump",), printer="", bed_mm=None, fixes=(("lump", "drop_loose"),)))
    panel.ask(replace(panel.wish, printer="sls-165"))
    for pane in panel.panes().values():
        qtbot.addWidget(pane)
    panel.go_to(CHECK)
    _quiet(qtbot, faulty)
    trouble = panel.trouble
    assert trouble is not None
    assert trouble.key in ("wall", "loose", "crumbs")
    close = panel.plate.close_pane
    qtbot.waitUntil(lambda: close.shown is not None, timeout=LONG_MS)
    assert close.shown.part == "Lump"
    assert close.shown.curves
    assert panel.plate.plate.rings
    assert sum(ring.is_chosen for ring in panel.plate.plate.rings) == 1
    assert panel.plate.walls.shares
    places = sum(len(one.places) for one in panel.open_troubles())
    seen = set()
    for _ in range(places):
        seen.add((panel.trouble.key, panel.trouble.places.index(panel.place)))
        QTest.keyClick(panel.plate.plate, Qt.Key.Key_PageDown)
    assert len(seen) == places


def test_a_changed_wish_needs_another_check(qtbot: QtBot, planned: Session) -> None:
    panel = PrintPanel(planned)
    shown(qtbot, panel)
    panel.ask(replace(PLAIN, structures=("tumor_1",)))
    panel.accept()
    panel.accept()
    _quiet(qtbot, planned)
    assert panel.draft is not None
    panel.go_to(PARTS)
    tick(panel.steps[PARTS].structures, "tumor_2")
    assert panel.draft is None
    assert not panel.steps[WRITE].is_reachable()
    panel.go_to(CHECK)
    assert panel.is_checking
    _quiet(qtbot, planned)
    assert [row["name"] for row in panel.draft.rows] == ["tumor_1", "tumor_2"]


def test_a_new_colour_needs_another_check(qtbot: QtBot, planned: Session) -> None:
    panel = PrintPanel(planned)
    shown(qtbot, panel)
    panel.ask(replace(PLAIN, structures=("tumor_1",)))
    panel.accept()
    panel.accept()
    _quiet(qtbot, planned)
    # the file of the draft holds the colour
    before = panel.draft
    assert before is not None
    planned.do(RecolourStructure("tumor_1", "#123456"))
    assert panel.draft is None
    assert panel.wish.structures == ("tumor_1",)
    assert panel.where.current == CHECK
    panel.check_again()
    _quiet(qtbot, planned)
    assert panel.draft is not None
    assert panel.draft.objects[0].color == "#123456"


def test_parts_and_judged_surfaces_go_when_nobody_prints_and_come_again(
    qtbot: QtBot, planned: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.out_of_sight.AFTER_MS", 50)
    panel = PrintPanel(planned)
    shown(qtbot, panel)
    panel.ask(replace(PLAIN, structures=("tumor_1",)))
    panel.accept()
    panel.accept()
    _quiet(qtbot, planned)
    assert panel._kept.gathered is not None
    panel.hide()
    qtbot.waitUntil(lambda: panel._kept.gathered is None, timeout=2000)
    assert not panel._kept.known
    # what was checked can still be written
    assert panel.draft is not None
    panel.show()
    panel.ask(replace(panel.wish, structures=("tumor_1", "tumor_2")))
    _quiet(qtbot, planned)
    assert [row["name"] for row in panel.draft.rows] == ["tumor_1", "tumor_2"]


def test_a_check_that_was_stopped_can_be_asked_for_again(qtbot: QtBot, faulty: Session) -> None:
    panel = PrintPanel(faulty)
    panel.wish = replace(panel.wish, structures=("lump",), plan_parts=())
    shown(qtbot, panel)
    panel.check_model()
    assert panel.is_checking
    for job in faulty.jobs.active:
        if job.job.key == "print check":
            faulty.jobs.cancel(job)
    _quiet(qtbot, faulty)
    qtbot.waitUntil(lambda: not panel.is_checking, timeout=2000)
    assert panel.findChild(QAbstractButton, "print_check").isEnabled()


def test_what_does_not_fit_is_said_and_cut(qtbot: QtBot, planned: Session) -> None:
    panel = PrintPanel(planned)
    shown(qtbot, panel)
    panel.ask(PrintWish(structures=("liver",), bed_mm=(90.0, 90.0, 90.0), tolerance_mm=0.5))
    panel.go_to(CHECK)
    _quiet(qtbot, planned)
    bad = [check for check in checks_of(panel.draft) if check.state == "bad"]
    assert [check.key for check in bad] == ["size"]
    assert panel.trouble.title.endswith("mm too long")
    line = next(line for line in panel.steps[CHECK].checks._lines if line.check.key == "size")
    with qtbot.waitSignal(panel.fly_asked):
        QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    assert planned.view.state.selected == "liver"
    assert panel.trouble.other.startswith("Scale to ")
    click(panel, "repair_other")
    assert 0.1 < panel.wish.scale < 1.0
    _quiet(qtbot, planned)
    assert all(row["fits_bed"] for row in panel.draft.rows)
    assert panel.plate.plate is None
    panel.take_back()
    assert panel.wish.scale == 1.0
    _quiet(qtbot, planned)
    click(panel, "repair")
    assert panel.wish.split
    assert panel.is_checking
    planned.jobs.cancel_all()
    _quiet(qtbot, planned)


def test_a_shape_that_cannot_be_made_says_why(qtbot: QtBot, planned: Session) -> None:
    panel = PrintPanel(planned)
    shown(qtbot, panel)
    panel.ask(replace(PLAIN, structures=("liver",)))
    click(panel, "print_shape")
    step = panel.steps[SHAPE]
    _choose(step.inside, "Hollow")
    assert panel.wish.hollow_mm == 3.0
    assert not step.drain.isEnabled()
    assert step.drain.toolTip() == "Filament leaves nothing in a hollow"
    assert not step.pegs.isEnabled()
    panel.ask(replace(panel.wish, hollow_mm=0.5))
    assert not panel.findChild(QAbstractButton, "print_check").isEnabled()
    assert "0.5 mm" in step._problem.title
    assert not panel.steps[CHECK].is_reachable()
    _choose(step.printer, "Resin, 145 × 145 × 185 mm")
    assert step.drain.isEnabled()
    step.drain.click()
    assert options_of(panel.wish, planned.case).drain
    assert panel.gap_mm() == 0.12


def test_a_model_is_parted_by_any_flat_cut_of_a_plan_and_by_no_other(qtbot: QtBot, planned: Session) -> None:
    """A wedge has no plane: a plan that begins with one used to stop the check with an error."""
    first = planned.case.plans["A"]
    rows = ({"kind": "wedge"}, {"kind": "plane", "origin_mm": [5.0, 0.0, 0.0], "normal": [0.0, 1.0, 0.0]})
    results = {**first.results, "resections": list(rows)}
    planned.do(SetPlan(replace(first, name="B", results=results)))
    cuts = plane_cuts(planned.case)
    assert list(cuts) == [("A", 1), ("B", 2)]
    assert cuts["B", 2].normal == pytest.approx((0.0, 1.0, 0.0))
    panel = PrintPanel(planned)
    shown(qtbot, panel)
    click(panel, "print_shape")
    box = panel.steps[SHAPE].cut
    assert [box.itemText(n) for n in range(box.count())] == [
        "Not cut",
        "By plan A",
        "By cut 2 of plan B",
        "Ticked structures along plan A",
        "Ticked structures along plan B",
    ]
    _choose(box, "By cut 2 of plan B")
    assert panel.wish.cut == ("B", 2)
    planned.undo()
    assert panel.wish.cut is None


def test_several_files_replace_nothing_unasked(
    qtbot: QtBot, planned: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's dialog asks about "model.stl"; what is written is a file for each part, and a text beside them."""
    panel = PrintPanel(planned)
    shown(qtbot, panel)
    panel.ask(replace(PLAIN, structures=("tumor_1", "tumor_2"), ending=".stl"))
    panel.go_to(CHECK)
    _quiet(qtbot, planned)
    names = [path.name for path in draft_targets(panel.draft.files, "draft", tmp_path / "model.stl")]
    assert names == ["model-tumor_1.stl", "model-tumor_2.stl", "model.mm.txt"]
    there = tmp_path / names[1]
    there.write_bytes(b"mine")
    answers = iter((False, True))
    monkeypatch.setattr(ConfirmDialog, "ask", lambda dialog: next(answers))
    panel.write_to(tmp_path / "model.stl")
    assert not panel.is_writing
    assert there.read_bytes() == b"mine"
    panel.write_to(tmp_path / "model.stl")
    _quiet(qtbot, planned)
    assert there.read_bytes() != b"mine"
    assert sorted(path.name for path in tmp_path.glob("model*")) == sorted(names)
    assert "model-tumor_2.stl: tumor_2" in (tmp_path / "model.mm.txt").read_text(encoding="utf-8")


def test_nested_parts_lie_on_the_plate_and_others_stand_as_in_the_patient(qtbot: QtBot, planned: Session) -> None:
    panel = PrintPanel(planned)
    shown(qtbot, panel)
    panel.ask(replace(PLAIN, structures=("tumor_1", "tumor_2")))
    panel.go_to(CHECK)
    _quiet(qtbot, planned)
    (one, first), (other, second) = laid_out(panel.draft, 0)
    # together, and on the floor
    np.testing.assert_allclose(first, second)
    lowest = min((item.mesh.points_mm @ first[:3, :3].T + first[:3, 3])[:, 2].min() for item in (one, other))
    assert lowest == pytest.approx(0.0, abs=1e-6)
    panel.ask(replace(panel.wish, nest=True))
    _quiet(qtbot, planned)
    assert panel.plate.pages == 1
    for item, matrix in laid_out(panel.draft, 0):
        points = item.mesh.points_mm @ matrix[:3, :3].T + matrix[:3, 3]
        assert points[:, 2].min() == pytest.approx(0.0, abs=0.01)
        assert (np.abs(points[:, :2]) <= 128.0 + 0.01).all()
    # a floor with room for one of them
    for pane in panel.panes().values():
        qtbot.addWidget(pane)
    plate = panel.plate.plate
    size = max(max(row["size_mm"][:2]) for row in panel.draft.rows)
    side = max(size + 2.0, 30.0)
    panel.ask(replace(panel.wish, printer="", bed_mm=(side, side, 200.0)))
    _quiet(qtbot, planned)
    assert panel.plate.pages == 2
    panel.accept_fault() if panel.open_troubles() else None
    at = panel.plate.page
    click(plate, "plate_next")
    assert panel.plate.page == 1 - at
    assert plate.title == f"Plate {2 - at} of 2"


def test_words_of_time_cost_and_choices() -> None:
    assert hours_words(12.16) == "about 12 h 10 min"
    assert hours_words(0.3) == "about 20 min"
    assert hours_words(30.2) == "about 30 h"
    told = {"currency": "EUR", "used_ml": 94.23, "hours": 2.0, "cost": 8.7}
    assert estimate_words(told) == {"material": "94.2\u202fml", "time": "about 2 h", "cost": "about 9 €"}
    history = History()
    history.add(PLAIN, replace(PLAIN, printer="sla-145"))
    assert history.last == "choice of printer and plate"
    assert history.back(replace(PLAIN, printer="sla-145")) == PLAIN
    assert (history.last, history.next) == ("", "choice of printer and plate")
    assert change_words(PLAIN, replace(PLAIN, ending=".stl")) == "kind of file"


def test_a_copy_that_is_not_the_same_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from planning.errors import CaseError

    source = tmp_path / "draft.3mf"
    source.write_bytes(b"abc")
    checked = {"draft.3mf": hashlib.sha256(b"abc").hexdigest()}
    assert copy_draft([str(source)], "draft", tmp_path / "out.3mf", checked) == [str(tmp_path / "out.3mf")]
    # another draft took the place of the one that was checked
    source.write_bytes(b"abd")
    with pytest.raises(CaseError, match="not the one that was checked"):
        copy_draft([str(source)], "draft", tmp_path / "other.3mf", checked)
    source.write_bytes(b"abc")
    whole = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", lambda path, content: whole(path, content[:-1]))
    with pytest.raises(CaseError, match="not written as it is"):
        copy_draft([str(source)], "draft", tmp_path / "other.3mf", checked)
    assert not list(tmp_path.glob("*other*"))


def test_what_repairs_did_well_hides_nothing_that_is_wrong() -> None:
    fixes = [{"object": f"part_{n}", "fix": "unite", "changed": True, "text": "Done."} for n in range(MOST_NOTES)]
    wrong = {"code": "deviation", "text": "part_0: the file lies 0.61 mm from what was planned."}
    told = {"fixes": fixes, "warnings": [wrong]}
    draft = SimpleNamespace(told=told, rows=[{"name": fix["object"]} for fix in fixes], wish=PLAIN)
    shown = CheckStep._texts(SimpleNamespace(panel=SimpleNamespace(draft=draft)))[:MOST_NOTES]
    assert [state for _, _, state, _ in shown] == ["warn", "ok", "ok"]
