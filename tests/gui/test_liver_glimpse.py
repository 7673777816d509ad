"""A saved plan's cuts are seen before the organ is ready: as they were drawn last, for looking only."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from guided_panel import at_rest, click, shown_panel
from liver_case import liver_document
from pytestqt.qtbot import QtBot

from app.panels.liver import RESECTION, LiverPanel
from planning.liver.resection import PlaneResection
from viewers.overlay import CutItem, DistanceItem, MarginMapItem, PlanItem

pytestmark = pytest.mark.gui


def _seen_while_preparing(qtbot: QtBot, panel: LiverPanel) -> list[tuple[PlanItem, ...]]:
    """What another panel on the same case draws each time that something changes before its organ is ready."""
    other, seen = LiverPanel(panel.session), []
    qtbot.addWidget(other)
    other.work.changed.connect(lambda: seen.append(other.items()) if other.work.model is None else None)
    other.entered()
    at_rest(qtbot, other)
    return seen


def _of(items: tuple[PlanItem, ...], kind: type[PlanItem]) -> list[PlanItem]:
    return [item for item in items if isinstance(item, kind)]


def test_the_cuts_of_a_saved_plan_are_seen_as_they_were(qtbot: QtBot, tmp_path: Path) -> None:
    with shown_panel(qtbot, liver_document(tmp_path / "liver.theatrum"), LiverPanel, height=720) as panel:
        assert _seen_while_preparing(qtbot, panel)[-1] == ()
        panel.go_to(RESECTION)
        click(panel, "keep_plan")
        at_rest(qtbot, panel)
        panel.go_to(RESECTION)
        drawn = panel.items()
        first, *_, last = _seen_while_preparing(qtbot, panel)
        # at first the plane that was asked for, then all that was drawn
        assert [type(item) for item in first] == [CutItem]
        for kind in (CutItem, DistanceItem, MarginMapItem):
            assert len(_of(last, kind)) == len(_of(drawn, kind)) == 1
        (cut,), (mapped,) = _of(last, CutItem), _of(last, MarginMapItem)
        (true_cut,), (true_map,) = _of(drawn, CutItem), _of(drawn, MarginMapItem)
        assert np.array_equal(cut.plane.origin_mm, true_cut.plane.origin_mm)
        assert np.array_equal(cut.plane.normal, true_cut.plane.normal)
        assert not cut.movable
        assert np.array_equal(mapped.values_mm, true_map.values_mm)
        assert np.array_equal(mapped.mesh.points_mm, true_map.mesh.points_mm)
        assert _of(last, DistanceItem)[0].text == _of(drawn, DistanceItem)[0].text


def test_another_cut_shows_nothing_of_the_one_before(qtbot: QtBot, tmp_path: Path) -> None:
    with shown_panel(qtbot, liver_document(tmp_path / "liver.theatrum"), LiverPanel, height=720) as panel:
        panel.go_to(RESECTION)
        click(panel, "keep_plan")
        at_rest(qtbot, panel)
        (cut,) = panel.work.draft.resections
        assert isinstance(cut, PlaneResection)
        # the case hears of it, the disk has not drawn it yet
        words = panel.work.glimpse._words()
        moved = type(cut.plane)(cut.plane.origin_mm + 2.0 * cut.plane.normal, cut.plane.normal)
        panel.work.put(0, PlaneResection(moved))
        at_rest(qtbot, panel)
        assert panel.work.is_saved
        assert panel.work.glimpse._words() != words
        last = _seen_while_preparing(qtbot, panel)[-1]
        (seen,) = _of(last, CutItem)
        assert seen.plane.origin_mm == pytest.approx(panel.work.regions[0].plane.origin_mm)
