"""Study, Segment and Report with real widgets on a small case."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shiboken6
from liver_case import TUMORS, close_session, liver_document, open_session
from panel_hand import click, shown, tick
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.panels.report import ReportPanel
from app.panels.segment import SegmentPanel, names_file
from app.panels.study import StudyPanel
from app.report.content import Note
from app.session import Session
from planning.case.commands import SetIdentifiers, SetPlan
from planning.case.plans import liver_record
from planning.errors import TheatrumError
from planning.files.volumes import write_volume
from planning.geometry import Grid, Plane
from planning.liver.resection import PlaneResection

pytestmark = pytest.mark.gui
LONG_MS = 180_000


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


def _quiet(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: not session.jobs.active, timeout=LONG_MS)


# study


def test_study_leads_to_the_plan_the_case_is_ready_for(qtbot: QtBot, planned: Session) -> None:
    panel = StudyPanel(planned)
    shown(qtbot, panel)
    with qtbot.waitSignal(panel.module_asked) as asked:
        click(panel, "go_liver")
    assert asked.args == ["liver"]
    for module in ("heart", "liver", "vessel", "segment"):
        with qtbot.waitSignal(panel.module_asked) as asked:
            click(panel, f"plan_{module}")
        assert asked.args == [module]
    assert panel.steps[0]._facts.row("voxel").value == "1.50 × 1.50 × 2.00"
    with qtbot.waitSignal(panel.module_asked) as asked:
        tick(panel.steps[0]._plans, "A")
    assert asked.args == ["liver"]


# segment


def test_segment_renames_recolours_removes_and_undo_brings_back(qtbot: QtBot, session: Session) -> None:
    panel = SegmentPanel(session)
    shown(qtbot, panel)
    session.view.set(hidden=frozenset({"tumor_2"}))
    tick(panel.page.list, "tumor_2")
    assert session.view.state.selected == "tumor_2"
    field = panel.page.name_field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "cyst")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "cyst" in session.case.structures
    assert session.view.state.hidden == {"cyst"}
    color = session.case.structures["liver"].color
    click(panel, f"color_{color.lstrip('#').lower()}")
    assert session.case.structures["cyst"].color == color
    with qtbot.waitSignal(panel.fly_asked) as asked:
        click(panel, "show_structure")
    assert asked.args[0] == pytest.approx(TUMORS[1][0], abs=0.5)
    click(panel, "remove_structure")
    assert "cyst" not in session.case.structures
    for _ in range(3):
        session.undo()
    assert session.case.structures["tumor_2"].volume_ml == pytest.approx(4 / 3 * np.pi * 0.343, rel=0.05)


def _label_file(folder: Path, grid: Grid, name: str = "labels.nii.gz") -> Path:
    voxels = np.zeros(grid.shape_kji, dtype=np.uint8)
    voxels[10:14, 20:30, 30:36] = 1
    voxels[20:24, 20:30, 30:36] = 2
    write_volume(folder / name, voxels, grid)
    (folder / "labels.json").write_text(json.dumps({"1": "spleen", "2": "stomach"}), encoding="utf-8")
    return folder / name


def test_a_label_map_adds_its_structures_as_one_step(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    panel = SegmentPanel(session)
    shown(qtbot, panel)
    path = _label_file(tmp_path, session.image.grid)
    assert names_file(path) == tmp_path / "labels.json"
    panel.open_file_asked.connect(lambda title, kinds, use: use(path))
    click(panel, "add_from_file")
    _quiet(qtbot, session)
    assert session.case.structures["spleen"].voxel_count == 240
    assert panel.page._note.title == "2 structures added"
    session.undo()
    assert "stomach" not in session.case.structures
    session.redo()
    assert "stomach" in session.case.structures
    click(panel, "add_from_file")
    _quiet(qtbot, session)
    assert "already" in panel.page._note.title


def test_what_covers_all_else_is_not_shown_when_it_is_added(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    panel = SegmentPanel(session)
    shown(qtbot, panel)
    path = _label_file(tmp_path, session.image.grid)
    (tmp_path / "labels.json").write_text(json.dumps({"1": "body_rest", "2": "stomach"}), encoding="utf-8")
    panel.read_file(path)
    _quiet(qtbot, session)
    assert session.view.state.hidden == {"body_rest"}
    assert session.view.state.selected == "stomach"


def test_another_grid_is_taken_only_when_asked(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    panel = SegmentPanel(session)
    shown(qtbot, panel)
    grid = session.image.grid
    finer = Grid.from_parts((120, 90, 70), grid.spacing_mm * 0.75, grid.origin_mm)
    path = _label_file(tmp_path, finer)
    panel.read_file(path)
    _quiet(qtbot, session)
    assert panel.page._note.title == "The label map lies on another grid"
    assert "spleen" not in session.case.structures
    click(panel, "callout_labels_link")
    _quiet(qtbot, session)
    taken = session.case.structures["spleen"].volume_ml
    assert taken == pytest.approx(240 * finer.voxel_mm3 / 1000.0, rel=0.35)


# report


def test_report_takes_the_body_size_as_one_step_and_writes(qtbot: QtBot, planned: Session, tmp_path: Path) -> None:
    panel = ReportPanel(planned)
    shown(qtbot, panel)
    table = panel.page._tables[0]
    assert table.row("box_0").name == "Least margin, T1 to cut"
    for field, text in ((panel.page.weight, "78"), (panel.page.height, "1.78 m")):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
    plan = planned.case.plans["A"]
    assert (plan.inputs["weight_kg"], plan.inputs["height_cm"]) == (78.0, 178.0)
    assert plan.results["sflr_percent"] > 0
    planned.undo()
    assert planned.case.plans["A"].inputs["height_cm"] is None
    planned.redo()
    for ending in (".csv", ".html"):
        path = tmp_path / f"report{ending}"
        panel.save_asked.connect(lambda name, kinds, use, path=path: use(path))
        click(panel, "write_report")
        panel.save_asked.disconnect()
        _quiet(qtbot, planned)
        assert panel.problem is None
        assert path.stat().st_size > 1000
        assert panel.page._written.title == path.name
    tick(panel.page.plans, "A")
    assert not panel.findChild(QPushButton, "write_report").isEnabled()


def test_every_note_is_shown_before_a_report_is_signed(
    qtbot: QtBot, planned: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = ReportPanel(planned)
    shown(qtbot, panel)
    step, content = panel.page, panel.contents()[0]
    notes = [Note(f"Head {n}", f"Text {n}.", "bad" if n == 4 else "warn") for n in range(5)]
    monkeypatch.setattr(panel, "contents", lambda: [replace(content, notes=notes)])
    step.refresh()
    told = [callout for callout in step.notes if callout.isVisibleTo(step.body)]
    assert [callout._title.text() for callout in told] == ["Head 4", "Head 0", "Head 1", "Head 2", "Head 3"]
    monkeypatch.setattr(panel, "contents", lambda: [replace(content, notes=notes[:2])])
    step.refresh()
    assert [callout.isVisibleTo(step.body) for callout in step.notes] == [True, True, False, False, False]


def test_a_report_that_names_the_patient_says_so_before_it_is_written(qtbot: QtBot, planned: Session) -> None:
    panel = ReportPanel(planned)
    shown(qtbot, panel)
    assert not panel.page._identity.isVisible()
    planned.do(SetIdentifiers({"name": "Somebody^Else"}))
    assert panel.page._identity.isVisible()
    assert "Name and number" in panel.page._identity.title


def test_a_report_that_cannot_be_written_says_why(qtbot: QtBot, planned: Session, tmp_path: Path) -> None:
    panel = ReportPanel(planned)
    shown(qtbot, panel)
    panel.write_to(tmp_path / "nowhere" / "report.csv")
    _quiet(qtbot, planned)
    assert isinstance(panel.problem, TheatrumError)
    assert "folder" in panel.page._written.title


def test_results_go_into_a_folder_as_dicom_and_a_full_one_is_refused(
    qtbot: QtBot, planned: Session, tmp_path: Path
) -> None:
    panel = ReportPanel(planned)
    shown(qtbot, panel)
    panel.save_asked.connect(lambda name, kinds, use: use(tmp_path / "results"))
    click(panel, "write_dicom")
    assert not panel.findChild(QPushButton, "write_dicom").isEnabled()
    _quiet(qtbot, planned)
    assert panel.problem is None
    files = {path.name for path in (tmp_path / "results").glob("*.dcm")}
    assert {"sr-a.dcm", "rtstruct.dcm", "report.dcm"} <= files
    assert panel.page._written.title == "results"
    click(panel, "write_dicom")
    _quiet(qtbot, planned)
    assert "esults holds files already" in panel.page._written.title
    # what was left out is said
    told = {"folder": str(tmp_path / "results"), "warnings": [{"text": "lump is empty and left out."}]}
    panel.problem = None
    panel._done_dicom(told)
    assert "lump is empty and left out." in panel.page._written.words


@pytest.mark.parametrize("ask", ["write_to", "write_dicom_to"])
def test_what_was_stopped_can_be_asked_for_again(qtbot: QtBot, planned: Session, tmp_path: Path, ask: str) -> None:
    panel = ReportPanel(planned)
    shown(qtbot, panel)
    getattr(panel, ask)(tmp_path / "report.pdf")
    assert panel.is_writing
    (job,) = planned.jobs.active
    planned.jobs.cancel(job)
    _quiet(qtbot, planned)
    qtbot.waitUntil(lambda: not panel.is_writing, timeout=2000)
    assert panel.findChild(QPushButton, "write_report").isEnabled()


@pytest.mark.parametrize("goes_on", [False, True])
def test_results_that_name_the_patient_are_asked_about(
    qtbot: QtBot, planned: Session, tmp_path: Path, goes_on: bool
) -> None:
    panel = ReportPanel(planned)
    shown(qtbot, panel)
    planned.do(SetIdentifiers({"name": "Somebody^Else"}))
    asked: list[str] = []
    panel.save_asked.connect(lambda name, kinds, use: asked.append("where"))

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        asked.append(dialog.findChild(QLabel, "confirm_dialog_title").text())
        click(dialog, "confirm_dialog_danger" if goes_on else "confirm_dialog_safe")

    QTimer.singleShot(200, panel, answer)
    click(panel, "write_dicom")
    assert asked == ["The files keep name and number", *(["where"] if goes_on else [])]


def test_an_empty_case_offers_the_ways_to_a_plan(qtbot: QtBot, session: Session) -> None:
    panel = ReportPanel(session)
    shown(qtbot, panel)
    assert panel.page._none.text() == "No plan yet."
    for name, module in (("start_tavr", "heart"), ("start_liver", "liver")):
        with qtbot.waitSignal(panel.module_asked) as asked:
            click(panel, name)
        assert asked.args == [module]


def test_a_stop_that_comes_after_the_panel_went_is_borne(qtbot: QtBot, planned: Session) -> None:
    panel = ReportPanel(planned)
    stopped = panel._stopped
    shiboken6.delete(panel)
    stopped()
