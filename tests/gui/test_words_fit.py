"""Words in narrow places: choosers shorten, buttons share their row, and texts name plans, units and reasons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.dialogs.fault import FaultDialog
from app.dialogs.recovery import RecoveryDialog
from app.i18n import tr, use_language
from app.launch import make_application
from app.panels.labels import IconMark, text_font
from app.panels.liver.plan_card import BandLegend
from app.panels.printing.parts_list import PartsList, PartsSeen
from app.panels.printing.printer_box import PrinterBox
from app.panels.printing.wish import PrintWish
from app.panels.quantities import NumberField
from app.panels.row_painting import swatch_rim
from app.panels.rows import FieldRow, choice_box
from app.panels.segment.by_hand_parts import ChoiceBar
from app.panels.segment.by_hand_words import new_name
from app.panels.segment.mark_choice import MarkChoice
from app.panels.segment.reason_words import short_reason
from app.panels.segment.step_vessels import VesselStep
from app.panels.tavr.route_card import RouteCard
from app.panes.found_pane import INSET_PX, TICK_MIDDLE_PX, FoundPane
from app.panes.found_pane import _Columns as found_columns
from app.panes.look import panel_look
from app.panes.phase_axis import phase_name
from app.plan_titles import counted, titled
from app.screens.cards import draw_picture
from app.settings import Settings
from app.theme.fonts import font
from app.theme.style import color
from app.theme.tokens import DARK
from app.top_bar import MOST_CHIP_PX, CaseChip
from planning.findings import Finding
from viewers.view_state import ViewModel

pytestmark = pytest.mark.gui
INNER_PX = 372


@pytest.fixture
def large_german() -> Iterator[None]:
    make_application(Settings(language="de", text_scale_percent=150))
    yield
    use_language("en", QApplication.instance())  # type: ignore[arg-type]
    make_application(Settings())


def _shown(qtbot: QtBot, widget: QWidget, width: int = INNER_PX) -> QWidget:
    holder = QWidget()
    qtbot.addWidget(holder)
    box = QVBoxLayout(holder)
    box.setContentsMargins(0, 0, 0, 0)
    box.addWidget(widget)
    holder.setFixedWidth(width)
    holder.show()
    qtbot.waitExposed(holder)
    return holder


def test_a_printer_keeps_the_figures_that_tell_it_from_others(qtbot: QtBot) -> None:
    box = PrinterBox("printer")
    holder = _shown(qtbot, box, 208)
    box.show_wish(PrintWish(printer="fff-256"))
    assert box.shown_text() == "256 × 256 × 256 mm"
    assert box.currentText() == "Filament, 256 × 256 × 256 mm"
    holder.setFixedWidth(320)
    qtbot.waitUntil(lambda: box.shown_text() == box.currentText())


def test_what_a_new_structure_is_called_is_readable_and_free(large_german: None) -> None:
    assert new_name(()) == "Struktur 1"
    assert new_name(("structure_1", "Struktur 2", "liver")) == "Struktur 3"
    use_language("en", QApplication.instance())  # type: ignore[arg-type]
    assert new_name(("structure_1",)) == "Structure 2"


def test_phases_and_doubts_are_told_in_german(large_german: None) -> None:
    assert phase_name(("75 % of R–R", ""), 0) == "75 % von R–R"
    assert phase_name(("75 % of R–R", ""), 1) == "Phase 2"
    reasons = (Finding("fat", "Fat has other HU here"), Finding("fat", "Fat has other HU here"))
    assert short_reason(reasons) == "HU in Fett verschoben"


def test_a_route_is_told_in_german_and_its_words_leave_its_number_alone(qtbot: QtBot, large_german: None) -> None:
    least = {"min_diameter_mm": 4.9, "uncertainty_mm": 0.3, "calcium_arc_deg": 0.0, "edited": True}
    route = {
        "rank": 1, "name": "Right femoral", "state": "bad", "text": "0.6 under 5.5", "reason": "no contrast",
        "minimum": least, "sheath_ratio": 1.23, "length_mm": 69.9, "tortuosity": 1.29, "bends_deg": [],
        "sharpest_bend_deg": None, "calcium": {"circumferential_mm": 0.0},
    }  # fmt: skip
    drawn = []
    for ratio in (1.23, None):
        card = RouteCard("right_femoral")
        holder = _shown(qtbot, card, 300)
        card.show_route({**route, "sheath_ratio": ratio}, chosen=False)
        drawn.append(holder.grab(QRect(0, 40, 165, 40)).toImage())
    assert card.accessibleName().startswith("1, Rechts femoral")
    assert card.accessibleName().endswith("0,6 unter 5,5")
    assert card.toolTip() == "kein Kontrast"
    # whatever the ratio's figures are, and where its word ends: the number, ± and the pencil stay free
    assert drawn[0] == drawn[1]


def test_a_chooser_shortens_its_words_and_keeps_those_that_fit(qtbot: QtBot) -> None:
    box = choice_box("printer", "Printer", ["Filament, 256 × 256 × 256 mm, with a long name", "PLA"])
    holder = _shown(qtbot, FieldRow("Printer", box, wide=True), 280)
    whole = box.currentText()
    assert box.shown_text().endswith("…")
    assert whole.startswith(box.shown_text()[:-1])
    box.setCurrentIndex(1)
    assert box.shown_text() == "PLA"
    assert holder.width() == 280


def test_a_longer_word_takes_what_the_others_can_spare(qtbot: QtBot, large_german: None) -> None:
    choice = MarkChoice("vessel_marks", VesselStep.kinds)
    choice.show_kind(VesselStep.kinds[1][0])
    holder = _shown(qtbot, choice)
    buttons = choice.findChildren(QPushButton)
    assert [button.text() for button in buttons] == ["Pfortader", "Lebervenen", "Keines"]
    # the words have 14 px on each side where there is room, and are never cut
    assert all(button.width() >= button.sizeHint().width() - 12 for button in buttons)
    assert holder.width() == choice.width() == INNER_PX


def test_a_bar_of_choices_cuts_no_word(qtbot: QtBot, large_german: None) -> None:
    words = ("Hinzufügen", "Abziehen", "Beide", "Rest")
    bar = ChoiceBar("combine", "Kombinieren", [(word, word, "") for word in words])
    bar.show_value("Hinzufügen")
    holder = _shown(qtbot, bar)
    assert all(button.width() >= button.sizeHint().width() for button in bar.buttons.values())
    assert holder.width() == bar.width() == INNER_PX


def test_plans_are_titled_and_counted_in_one_word_where_the_language_joins_them(large_german: None) -> None:
    assert titled("liver", "C") == "Leberplan C"
    assert titled("vessel", "vessel") == "Gefäßplan"
    assert titled("tavr", "tavr 2") == "TAVR-Plan 2"
    assert counted(["tavr", "liver", "liver"]) == "TAVR-Plan, 2 Leberpläne"


@pytest.mark.parametrize(
    ("kind", "name", "title"),
    [
        ("liver", "A", "Liver plan A"),
        ("tavr", "tavr", "TAVR plan"),
        ("tavr", "tavr 2", "TAVR plan 2"),
        # begins as the kind does and is a person's own
        ("vessel", "vessels of the leg", "Vessel plan vessels of the leg"),
    ],
)
def test_a_title_says_the_kind_once(kind: str, name: str, title: str) -> None:
    assert titled(kind, name) == title


def test_a_plan_is_told_before_its_part(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    # a narrow column shortens at the end: what is cut off must not be the plan
    plan = SimpleNamespace(results={})
    monkeypatch.setattr("app.panels.printing.parts_list.liver_plans", lambda case: ("A", "B"))
    monkeypatch.setattr("app.panels.printing.parts_list.plan_choices", lambda plan: [("kept", "Kept", "#ffffff")])
    monkeypatch.setattr("app.panels.printing.parts_list.plan_part_ml", lambda plan, part: 12.0)
    case: Any = SimpleNamespace(plans={"A": plan, "B": plan}, structures={})
    parts = PartsList()
    qtbot.addWidget(parts)
    parts.show_parts(PartsSeen(case, PrintWish(), {}))
    model = parts.plans.model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["A: kept", "B: kept"]


def test_a_fault_has_the_colour_of_its_sign(qtbot: QtBot) -> None:
    dialog = FaultDialog(None)
    qtbot.addWidget(dialog)
    mark = dialog.findChild(IconMark)
    assert mark is not None
    assert mark._token == "bad"


def test_the_day_of_work_that_was_found_is_in_the_windows_language(qtbot: QtBot, large_german: None) -> None:
    edited, now = datetime(2026, 10, 26, 10, 38), datetime(2026, 10, 27, 9, 0)
    dialog = RecoveryDialog("Fall 1", edited, now=now)
    qtbot.addWidget(dialog)
    assert dialog.windowTitle() == "Arbeit von 26. Okt., 10:38 gefunden"


@pytest.mark.parametrize(("theme", "cream", "black"), [("light", True, False), ("dark", False, True)])
def test_a_colour_that_its_panel_would_swallow_has_a_rim(theme: Any, cream: bool, black: bool) -> None:
    make_application(Settings(theme=theme))
    try:
        # calcium's cream on white paper, and nearly black on a dark panel
        assert (swatch_rim("#FFF4D6").style() != Qt.PenStyle.NoPen) is cream
        assert (swatch_rim("#101010").style() != Qt.PenStyle.NoPen) is black
        assert swatch_rim("#E0503F").style() == Qt.PenStyle.NoPen
    finally:
        make_application(Settings())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_card_without_a_picture_shows_its_sign(qtbot: QtBot, theme: Any) -> None:
    make_application(Settings(theme=theme))
    try:
        canvas = QImage(104, 76, QImage.Format.Format_RGB32)
        canvas.fill(QColor(color("s2")))
        painter = QPainter(canvas)
        draw_picture(painter, QRectF(0, 0, 104, 76), None, "image", 4.0)
        painter.end()
        ground = canvas.pixelColor(20, 38)
        lightness = [canvas.pixelColor(x, y).lightness() for x in range(38, 66) for y in range(24, 52)]
        assert ground == QColor(color("s3"))
        # the sign is seen on its ground, whatever the theme
        assert max(abs(one - ground.lightness()) for one in lightness) > 60
    finally:
        make_application(Settings())


@pytest.mark.parametrize("facts", ["", "74 y · female · CT 2026"])
def test_a_long_case_name_ends_in_dots_and_leaves_the_facts_whole(qtbot: QtBot, facts: str) -> None:
    chip = CaseChip()
    holder = _shown(qtbot, chip, MOST_CHIP_PX)
    chip.show_case("A case with a name that is longer than all the room that there is for it", facts)
    label, told = chip.findChildren(QLabel)
    assert label.text().startswith("A case")
    assert label.text().endswith("…")
    assert label.width() >= label.fontMetrics().horizontalAdvance(label.text())
    assert told.isVisible() == bool(facts)
    assert not facts or told.width() >= told.fontMetrics().horizontalAdvance(facts)
    assert label.geometry().right() < chip.width() - 25
    chip.show_case("Case 0147", facts)
    assert label.text() == "Case 0147"
    assert holder.isVisible()


def test_a_chip_that_is_as_wide_as_it_asks_for_shows_the_whole_name(qtbot: QtBot) -> None:
    chip = CaseChip()
    chip.show_case("Case with a longish name", "61 y")
    holder = _shown(qtbot, chip, chip.sizeHint().width())
    assert holder.isVisible()
    assert [part.text() for part in chip.findChildren(QLabel)] == ["Case with a longish name", "61 y"]


def test_an_empty_number_says_its_unit(qtbot: QtBot) -> None:
    field = NumberField("weight", "Weight", "kg", 1.0, 300.0, 1.0)
    qtbot.addWidget(field)
    assert (field.text(), field.placeholderText()) == ("", "kg")
    field.set_unit("mm", "Width")
    assert field.placeholderText() == "mm"


@pytest.mark.parametrize("weight", [400, 500, 600])
def test_figures_are_of_one_width_and_hyphens_tear_no_word_apart(qtbot: QtBot, weight: int) -> None:
    metrics = QFontMetricsF(font(40, weight))
    figures = {round(metrics.horizontalAdvance(figure), 3) for figure in "0123456789"}
    assert len(figures) == 1
    assert metrics.horizontalAdvance("\u2212") == pytest.approx(figures.pop(), abs=0.01)
    assert metrics.horizontalAdvance("-") < 0.8 * metrics.horizontalAdvance("0")


def test_all_or_none_stands_clear_of_the_word_over_the_ticks(qtbot: QtBot, large_german: None) -> None:
    pane = FoundPane(ViewModel(), panel_look())
    qtbot.addWidget(pane)
    pane.resize(780, 400)
    pane._tick_word = tr("Find")
    half = QFontMetricsF(text_font(11, 500)).horizontalAdvance(tr("Find")) / 2
    columns = found_columns.of(pane.width() - 2 * INSET_PX, 1.5)
    assert tr("Find") == "Finden"
    assert pane._all_rect().right() + 8 <= INSET_PX + columns.tick + TICK_MIDDLE_PX - half


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_key_of_margins_has_the_colours_of_maps_and_3d(qtbot: QtBot, theme: str) -> None:
    make_application(Settings(theme=theme), theme)  # type: ignore[arg-type]
    legend = BandLegend()
    legend.resize(300, 60)
    qtbot.addWidget(legend)
    legend.show_limit(5.0)
    image = legend.grab().toImage()
    shown = {image.pixelColor(x, y).name().upper() for x in range(300) for y in range(60)}
    make_application(Settings())
    assert {DARK[token].upper() for token in ("bad", "warn", "ok")} <= shown
