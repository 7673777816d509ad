"""The 3D picture of a resection: how far one looks into the liver, and its parts moved apart along their cuts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from app.i18n import mark, text_value, tr
from app.jobs import Job
from app.panels.liver.drawing import margin_items
from app.panels.liver.work import LiverWork
from app.panels.parts import NumberField, page
from app.panels.rows import FieldRow, Heading, choice_box
from app.theme.style import current_look, set_kind
from app.theme.tokens import REMOVED
from planning.errors import TheatrumError
from planning.mesh import SurfaceMesh
from viewers.overlay import MarginMapItem, PlanItem, SurfaceItem
from viewers.view_state import Vec, ViewState

if TYPE_CHECKING:
    from planning.liver.apart import PartsApart
    from planning.liver.cut_map import CutMap
    from planning.liver.held import HeldVessels
    from planning.liver.model import LiverModel
    from planning.liver.regions import Region

SOLID, CLEAR, GLASS = 1.0, 0.38, 0.14
LOOKS = {mark("Solid", "a look"): SOLID, mark("Clear", "a look"): CLEAR, mark("Glass", "a look"): GLASS}
MOST_APART_MM = 60.0
MOST_ITEMS = 256


class ApartParts(QObject):
    """The pieces of the surfaces for the cuts of now, made in a job when they are first wanted. `ready`: they are there."""

    ready = Signal()

    def __init__(self, work: LiverWork, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._made_for: tuple[object, ...] = ()
        self._made: PartsApart | None = None
        self._asked_for: tuple[object, ...] = ()
        self._items: dict[tuple[object, ...], SurfaceItem] = {}

    def now(self) -> PartsApart | None:
        """The pieces, None while they are not there; asks for them."""
        found = self._wanted()
        if found is None:
            return None
        surfaces, regions, cut = found
        key = (*regions, cut, *surfaces, *surfaces.values())
        if key == self._made_for:
            return self._made
        if key != self._asked_for:
            self._asked_for = key
            self._ask(key, surfaces, regions, cut)
        return None

    def _wanted(self) -> tuple[dict[str, SurfaceMesh], tuple[Region, ...], CutMap] | None:
        work = self._work
        cut = work.cut_map
        if work.model is None or not work.regions or cut is None or work.is_dragging:
            return None
        case = work.session.case
        names = dict.fromkeys(name for own in work.draft.roles.as_mapping().values() for name in own)
        surfaces = {
            name: mesh for name in names if name in case.structures and (mesh := work.session.surface(name)) is not None
        }
        return surfaces, tuple(work.regions), cut

    def _ask(
        self, key: tuple[object, ...], surfaces: dict[str, SurfaceMesh], regions: tuple[Region, ...], cut: CutMap
    ) -> None:
        from planning.liver.apart import parts_apart

        model = self._work.model
        assert model is not None
        middle = model.corners_mm.mean(axis=0)
        roles = self._work.draft.roles
        trees = dict.fromkeys(roles.portal, "portal") | dict.fromkeys(roles.hepatic, "hepatic")
        kinds = {name: kind for name, kind in trees.items() if kind in model.vessels}
        self._work.session.jobs.submit(
            Job(
                key="liver apart",
                title=tr("Parting the liver's picture"),
                work=lambda _, cancel: parts_apart(
                    surfaces, regions, cut, middle, held=_held(model, kinds), cancel=cancel
                ),
                done=partial(self._take, key),
                failed=self._failed,
                still_wanted=lambda: key == self._asked_for,
                subject=self._work.session.label,
            )
        )

    def _take(self, key: tuple[object, ...], made: PartsApart) -> None:
        self._made_for, self._made = key, made
        self._items.clear()
        self.ready.emit()

    def _failed(self, error: TheatrumError) -> None:
        self._work.failed.emit(error)

    @property
    def _has_tumors(self) -> bool:
        return self._work.model is not None and bool(self._work.model.targets)

    def surfaces(self, apart: PartsApart, apart_mm: float, opacity: float) -> tuple[SurfaceItem, ...]:
        """The pieces that are shown, each where it was moved to; faces of the cut where no tumour colours them."""
        case, hidden = self._work.session.case, self._work.session.view.state.hidden
        organ = self._work.draft.roles.organ
        shown: list[SurfaceItem] = []
        for name, pieces in apart.pieces.items():
            if name in hidden or name not in case.structures:
                continue
            color, clear = case.structures[name].color, opacity if name in organ else 1.0
            for number, mesh in pieces.items():
                if number and "removed" in hidden:
                    continue
                tone = REMOVED if number and name in organ else color
                key = name if number == 0 else f"{name}\n{number}"
                shown.append(self._item(key, mesh, tone, clear, moved(apart, number, apart_mm)))
        if organ and not self._has_tumors:
            for number, (mesh, _) in apart.faces.items():
                shown.append(
                    self._item(
                        tr("{organ}\nface {number}", organ=organ[0], number=number),
                        mesh,
                        REMOVED,
                        opacity,
                        moved(apart, number, apart_mm),
                    )
                )
        return tuple(shown)

    def faces(self, apart: PartsApart, apart_mm: float) -> tuple[PlanItem, ...]:
        """The margin map on what is kept and once more on each moved part's side of the cut."""
        asked_mm = self._work.draft.asked_mm
        items = tuple(item for item in margin_items(self._work) if isinstance(item, MarginMapItem))
        if not self._has_tumors or "removed" in self._work.session.view.state.hidden:
            return items
        return items + tuple(
            MarginMapItem(
                key=f"margin_map\n{number}",
                mesh=mesh,
                values_mm=values,
                asked_mm=asked_mm,
                moved_mm=moved(apart, number, apart_mm),
            )
            for number, (mesh, values) in apart.faces.items()
        )

    def _item(self, key: str, mesh: SurfaceMesh, color: str, opacity: float, moved_mm: Vec) -> SurfaceItem:
        """The same object while nothing about it changed, so that the scene has nothing to do."""
        wanted = (key, mesh, color, opacity, moved_mm)
        found = self._items.get(wanted)
        if found is None:
            # one slider position after another would pile up
            if len(self._items) > MOST_ITEMS:
                self._items.clear()
            found = self._items[wanted] = SurfaceItem(
                key=key, mesh=mesh, color=color, opacity=opacity, moved_mm=moved_mm
            )
        return found


def _held(model: LiverModel, kinds: Mapping[str, str]) -> dict[str, HeldVessels]:
    """What of each vessel structure goes with a part; kinds: the tree that each belongs to."""
    from planning.liver.held import HeldVessels
    from planning.liver.territories import ClosedOrgan

    closed = ClosedOrgan.of(model.organ)
    trees = {kind: HeldVessels.of(closed, model.vessels[kind]) for kind in set(kinds.values())}
    return {name: trees[kind] for name, kind in kinds.items()}


def moved(apart: PartsApart, number: int, apart_mm: float) -> Vec:
    """How far a part is moved; what is kept stays."""
    if number == 0:
        return (0.0, 0.0, 0.0)
    x, y, z = (float(value) for value in apart_mm * apart.ways[number])
    return x, y, z


def apart_words(apart_mm: float) -> str:
    """What the picture says."""
    return tr("Parts moved apart {apart_mm} mm", apart_mm=text_value(apart_mm, 0))


class PictureRows(QWidget):
    """How clear the liver is, and how far its parts stand apart: display only, kept with the view."""

    def __init__(self, state: Callable[[], ViewState], change: Callable[[float | None, float | None], None]) -> None:
        super().__init__()
        self._state, self._change = state, change
        self.look = choice_box(
            "liver_look", tr("How clear the liver is in 3D"), tuple(tr(words, "a look") for words in LOOKS)
        )
        self.look.activated.connect(lambda n: change(list(LOOKS.values())[n], None))
        self.clear = _slider("liver_opacity", tr("Opacity of the liver in 3D, percent"), 5, 100)
        self.clear.valueChanged.connect(lambda value: change(value / 100.0, None))
        self.apart = _slider(
            "parts_apart", tr("How far the parts are moved apart in 3D, millimetres"), 0, int(MOST_APART_MM)
        )
        self.apart.valueChanged.connect(lambda value: change(None, float(value)))
        self.apart_field = NumberField("parts_apart_mm", tr("Parts apart"), "mm", 0.0, MOST_APART_MM, 5.0)
        self.apart_field.entered.connect(lambda value: change(None, value))
        box = page(
            Heading(tr("3D picture")),
            FieldRow(tr("Liver"), self.look, wide=True),
            FieldRow(tr("Opacity"), self.clear, wide=True),
            FieldRow(tr("Parts apart"), _beside(self.apart, self.apart_field), wide=True),
            spacing=8,
        )
        self.setLayout(box.layout())
        self.refresh()

    def refresh(self) -> None:
        """The view's state."""
        state = self._state()
        names = [name for name, value in LOOKS.items() if abs(value - state.organ_opacity) < 0.005]
        self.look.setCurrentIndex(list(LOOKS).index(names[0]) if names else -1)
        for slider, value in ((self.clear, round(100.0 * state.organ_opacity)), (self.apart, round(state.apart_mm))):
            slider.blockSignals(True)
            slider.setValue(value)
            slider.blockSignals(False)
        self.apart_field.set_value(state.apart_mm)


def _slider(identifier: str, name: str, low: int, high: int) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setObjectName(identifier)
    slider.setAccessibleName(name)
    slider.setToolTip(name)
    slider.setRange(low, high)
    slider.setPageStep(10)
    return slider


def _beside(slider: QSlider, field: NumberField) -> QWidget:
    box = QWidget()
    set_kind(box, "clear")
    line = QHBoxLayout(box)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    line.addWidget(slider, 1)
    field.setFixedWidth(current_look().px(84))
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
    line.addWidget(field)
    return box
