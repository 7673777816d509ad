"""Couinaud's segments by portal branches: a branch is named by a click on it and a choice from a menu."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject
from PySide6.QtGui import QCursor, QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.i18n import mark, text_position, tr
from app.panels import definitions
from app.panels.liver.segment_landmarks import anatomy_of, as_place
from app.panels.liver.segment_words import DEFINITIONS
from app.panels.liver.territory_view import color_of
from app.panels.liver.tree_aim import Aim, aim_at, aim_near, is_on_line
from app.panels.liver.tree_drawing import Pictures
from app.panels.parts import IconButton, NumberTable, PanelAction, TableRow, page, paragraph
from app.panels.rows import FieldRow, Heading, choice_box
from app.theme.style import set_kind
from app.theme.tokens import DARK
from planning.geometry import FloatArray
from planning.units import THIN_SPACE
from viewers.overlay import PlanItem, PointItem
from viewers.pointing import Pointing
from viewers.view_state import ViewState

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel
    from planning.liver.corrections import TreeSet
    from planning.liver.couinaud import Couinaud, SegmentName
    from planning.liver.places import Place
    from planning.liver.tree import VesselTree

PLACING = "segment_branch"
NUMERALS = tuple(DEFINITIONS)
HINT = mark("Click a portal branch and choose its segment. All beyond it goes with it.")
MOST_DOUBTS = 6
TREE_PX, TREE_SWELL = 3.0, 1.05
SWATCH_PX = 12


class NamesPart(QObject):
    """The tool that names, the branches that are doubtful, and those that were named."""

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self.hint = paragraph("", "hint")
        self._doubt_head = Heading(tr("Between two segments"))
        self.doubts = NumberTable(definitions.LIVER_BRANCHES)
        self.doubts.setObjectName("segment_doubts")
        self.doubts.row_clicked.connect(self._choose_doubt)
        self._head = Heading(tr("Named by hand"), "remove_segment_names", tr("Delete all"))
        self._head.followed.connect(lambda: self._keep(()))
        self.table = NumberTable(definitions.LIVER_BRANCHES)
        self.table.setObjectName("segment_names")
        self.table.row_clicked.connect(self._choose_name)
        self._box = choice_box("branch_segment", tr("Segment of the branch"), (tr("Automatic"), *NUMERALS))
        self._box.activated.connect(self._box_chosen)
        self._box_row = FieldRow(tr("This branch is"), self._box, wide=True)
        self._remove = IconButton("remove_segment_name", tr("Delete this name"), kind="inline")
        self._remove.clicked.connect(self._remove_chosen)
        line = QWidget()
        set_kind(line, "clear")
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self._remove)
        self._remove_row = line
        self.widget = page(
            self._doubt_head,
            self.doubts,
            self._head,
            self.table,
            self._box_row,
            self._remove_row,
            spacing=6,
        )
        self.menu: QMenu | None = None
        self._pictures = Pictures()
        self._pointing: Pointing | None = None
        self._aim: Aim | None = None
        self._said = ""
        self._drawn: tuple[VesselTree, Couinaud | None, list[PlanItem]] | None = None
        # the branch that rows and the box speak of
        self._at: Place | None = None
        panel.session.view.changed.connect(self._on_view)

    # what is there

    @property
    def names(self) -> tuple[SegmentName, ...]:
        """Those said, in their order."""
        return anatomy_of(self._panel).segments.names

    @property
    def is_naming(self) -> bool:
        """Whether a click names a branch."""
        state = self._panel.session.view.state
        return state.tool == "place" and state.placing == PLACING

    @property
    def _is_read_only(self) -> bool:
        return self._panel.session.document.read_only

    def actions(self) -> tuple[PanelAction, ...]:
        """The button that takes the tool or puts it down."""
        if self._tree() is None or self._is_read_only:
            return ()
        if self.is_naming:
            return (PanelAction("name_branch", tr("Stop naming"), self.toggle, "x", key="E"),)
        return (PanelAction("name_branch", tr("Name a branch"), self.toggle, "pencil", key="E"),)

    def _tree(self) -> VesselTree | None:
        model = self._panel.work.model
        return model.portal.tree if model is not None and model.portal is not None else None

    def _trees(self) -> TreeSet | None:
        from planning.liver.corrections import TreeSet

        tree = self._tree()
        return None if tree is None else TreeSet(tree, None)

    def segment_at(self, point: int) -> str:
        """ "VIII, 82 % sure" of a point of the portal tree as it is now, "" for stems."""
        model = self._panel.work.model
        found = model.couinaud if model is not None else None
        if found is None or found.portal_points is None or found.portal_points[point] < 0:
            return ""
        number = int(found.portal_points[point])
        return tr(
            "{names}, {value:.0f}{THIN_SPACE}% sure",
            names=found.names[number],
            value=100.0 * found.confidence[number],
            THIN_SPACE=THIN_SPACE,
        )

    # the tool

    def toggle(self) -> None:
        """Take the tool that names into the hand, or put it down."""
        if self.is_naming:
            self.stop()
        elif not self._is_read_only and self._tree() is not None:
            self._panel.session.view.set(tool="place", placing=PLACING, selected_point="")

    def stop(self) -> None:
        """Put the tool down."""
        if self.is_naming:
            self._panel.session.view.set(tool="cross", placing="")

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        if (old.tool, old.placing) != (new.tool, new.placing) and self.widget.isVisible():
            self._aim, self._said = None, ""
            self.refresh()
            self._panel.show_actions()
            self._panel.scene_changed.emit()

    def pointed(self, pointing: Pointing | None) -> None:
        """The branch under the hand is marked with all beyond it."""
        if not self.is_naming:
            return
        before, self._pointing, self._aim = self._aim, pointing, None
        trees = self._trees()
        if trees is not None and pointing is not None:
            self._aim = aim_at(trees, ("portal",), pointing, self._panel.session.view.state.slab_mm(pointing.pane))
        if (before is None) != (self._aim is None) or (
            before is not None and self._aim is not None and before.point != self._aim.point
        ):
            self._panel.scene_changed.emit()

    def point_placed(self, position_mm: FloatArray) -> None:
        """A click on a branch opens the menu of segments there."""
        trees = self._trees()
        if trees is None:
            return
        aim = aim_near(trees, ("portal",), position_mm)
        if self._pointing is not None and is_on_line(self._pointing, position_mm):
            aim = self._aim
        if aim is None:
            self._said = tr("There is no portal branch here.")
            self._panel.session.said.emit(self._said)
            self.refresh()
            return
        self._said, self._at = "", as_place(aim.place_mm)
        self.refresh()
        self._open_menu(aim)

    def _open_menu(self, aim: Aim) -> None:
        now = self.segment_at(aim.point)
        if self.menu is not None:
            # it held the branch that was asked about before
            self.menu.deleteLater()
        self.menu = QMenu(self._panel)
        self.menu.setObjectName("segment_menu")
        for number, name in enumerate(NUMERALS):
            is_now = now.startswith(f"{name},")
            words = tr("Segment {name}", name=name) + (f"   ({now.partition(', ')[2]})" if is_now else "")
            action = self.menu.addAction(_dot(color_of("couinaud", name, number)), words)
            action.setObjectName(f"name_{name}")
            action.setToolTip(tr(DEFINITIONS[name]))
            action.triggered.connect(lambda _=False, segment=name: self._name(segment))
        self.menu.setToolTipsVisible(True)
        self.menu.popup(QCursor.pos())

    # naming

    def _name(self, segment: str) -> None:
        """The chosen branch takes a segment, over what was said of it before."""
        from planning.liver.couinaud import SegmentName

        if self._at is not None and not self._is_read_only:
            others = [one for one in self.names if one.at_mm != self._at]
            self._keep((*others, SegmentName(self._at, segment)))

    def _box_chosen(self, number: int) -> None:
        if number > 0:
            self._name(NUMERALS[number - 1])
        else:
            self._remove_chosen()

    def _remove_chosen(self) -> None:
        if self._at is not None and not self._is_read_only:
            self._keep([one for one in self.names if one.at_mm != self._at])

    def _keep(self, names: Sequence[SegmentName]) -> None:
        anatomy = anatomy_of(self._panel)
        method = "branches" if anatomy.segments.landmarks else ""
        said = replace(anatomy.segments, names=tuple(names), method=method)
        self._panel.work.set_anatomy(replace(anatomy, segments=said))

    # rows

    def _doubt_places(self) -> tuple[Place, ...]:
        model = self._panel.work.model
        found = model.couinaud if model is not None else None
        return found.doubts[:MOST_DOUBTS] if found is not None and found.method == "branches" else ()

    def _choose_doubt(self, key: str) -> None:
        tree, places = self._tree(), self._doubt_places()
        if tree is None:
            return
        from planning.liver.tree import nearest_point

        # the middle of a branch may lie beside it
        point, _ = nearest_point(tree, np.array(places[int(key.removeprefix("doubt_"))]))
        self._look_at(as_place(tree.points_mm[point]))

    def _choose_name(self, key: str) -> None:
        self._look_at(self.names[int(key.removeprefix("named_"))].at_mm)

    def _look_at(self, at_mm: Place) -> None:
        self._at = at_mm
        self._panel.fly_asked.emit(np.array(at_mm))
        self.refresh()
        self._panel.scene_changed.emit()

    def refresh(self) -> None:
        """The tool, the doubts, and what was said."""
        blocked = tr("This case is open to read") if self._is_read_only else ""
        self.hint.setText(self._said or (HINT if self.is_naming else ""))
        self.hint.setVisible(bool(self.hint.text()))
        names, places = self.names, self._doubt_places()
        if self._at is not None and not self._is_known(self._at):
            self._at = None
        self._doubt_head.setVisible(bool(places))
        self.doubts.setVisible(bool(places))
        self.doubts.set_rows(
            [
                TableRow(
                    f"doubt_{n}", tr("Branch {n}", n=n + 1), "", detail=text_position(np.array(place)), state="warn"
                )
                for n, place in enumerate(places)
            ]
        )
        self._head.setVisible(bool(names))
        self._head.set_link(tr("Delete all") if len(names) > 1 and not blocked else "")
        self.table.setVisible(bool(names))
        self.table.set_rows(
            [
                TableRow(
                    f"named_{n}",
                    tr("Segment {segment}", segment=one.segment),
                    "",
                    detail=text_position(np.array(one.at_mm)),
                    swatch=color_of("couinaud", one.segment, 0),
                )
                for n, one in enumerate(names)
            ]
        )
        self._show_chosen(names, blocked)

    def _is_known(self, at_mm: Place) -> bool:
        trees = self._trees()
        return trees is not None and aim_near(trees, ("portal",), np.array(at_mm)) is not None

    def _show_chosen(self, names: tuple[SegmentName, ...], blocked: str) -> None:
        own = next((n for n, one in enumerate(names) if one.at_mm == self._at), -1)
        self.table.set_selected(f"named_{own}" if own >= 0 else "")
        self._box_row.setVisible(self._at is not None)
        self._remove_row.setVisible(own >= 0 and not blocked)
        self._box.setEnabled(not blocked)
        if self._at is None:
            return
        tree = self._tree()
        now = ""
        if tree is not None:
            from planning.liver.tree import nearest_point

            now = self.segment_at(nearest_point(tree, np.array(self._at))[0])
        self._box.setItemText(0, tr("Automatic") if own >= 0 or not now else tr("Automatic: {now}", now=now))
        self._box.setCurrentIndex(NUMERALS.index(names[own].segment) + 1 if own >= 0 else 0)

    # what the panes show

    def items(self) -> tuple[PlanItem, ...]:
        """The portal tree in its segments' colours while a branch is named, and what a click would name."""
        model, tree = self._panel.work.model, self._tree()
        if tree is None or model is None:
            return ()
        items: list[PlanItem] = []
        if self.is_naming:
            items += self._colored(tree, model.couinaud)
            if self._aim is not None and self._aim.point < len(tree.parent):
                flags, words = self._beyond(tree, self._aim.point), self.segment_at(self._aim.point)
                picture = self._pictures.of(tree)
                items.append(picture.marked("segment_tree_aim", flags, DARK["t1"], self._aim.place_mm, words))
        if self._at is not None:
            items.append(
                PointItem(
                    key="segment_branch_at",
                    position_mm=np.array(self._at),
                    color=DARK["t1"],
                    label="",
                    movable=False,
                    shape="ring",
                )
            )
        return tuple(items)

    def _colored(self, tree: VesselTree, found: Couinaud | None) -> list[PlanItem]:
        """The tree in its segments' colours, stems in grey; the same objects while both stay."""
        if self._drawn is None or self._drawn[0] is not tree or self._drawn[1] is not found:
            picture = self._pictures.of(tree)
            points = found.portal_points if found is not None and found.portal_points is not None else None
            number = np.full(len(tree.parent), -1) if points is None else points
            items: list[PlanItem] = []
            for n in np.unique(number).tolist():
                name = "stem" if n < 0 or found is None else found.names[n]
                color = DARK["t2"] if n < 0 else color_of("couinaud", name, 0)
                part = picture.doubtful(f"segment_tree_{name}", number == n, color)
                items.append(replace(part, width_px=TREE_PX, swell=TREE_SWELL, dashed=False))
            self._drawn = (tree, found, items)
        return self._drawn[2]

    def _beyond(self, tree: VesselTree, point: int) -> npt.NDArray[np.bool_]:
        from planning.liver.corrections import branch_start

        return tree.below(branch_start(tree, point))


def _dot(color: str) -> QIcon:
    picture = QPixmap(SWATCH_PX, SWATCH_PX)
    picture.fill(color)
    return QIcon(picture)
