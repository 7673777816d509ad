"""Which territories are coloured in the panes: built once for each liver in a job, then the same objects."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from app.i18n import tr
from app.jobs import Job
from app.panels.liver.cuts import branch_label
from app.panels.liver.made_of import MadeOf
from app.panels.liver.work import LiverWork
from app.theme.tokens import SEGMENTS
from planning.errors import TheatrumError
from planning.mesh import SurfaceMesh
from planning.progress import CancelToken, Progress
from viewers.overlay import PartsItem

if TYPE_CHECKING:
    from planning.liver.model import LiverModel
    from planning.liver.territory_field import TerritoryField

KEY = "territories"
KINDS = ("couinaud", "portal", "hepatic")


def color_of(kind: str, name: str, number: int) -> str:
    """A segment has its own hue, whatever others are there; branches have theirs by their order."""
    if kind == "couinaud":
        from planning.liver.couinaud import NUMERALS

        number = NUMERALS.index(name)
    return SEGMENTS[number % len(SEGMENTS)]


def short_name(kind: str, name: str) -> str:
    """ "VIII" of a segment; "P3", "V2" of "portal_3", "hepatic_2"."""
    return name if kind == "couinaud" else f"{'P' if kind == 'portal' else 'V'}{name.rpartition('_')[2]}"


class TerritoryView(QObject):
    """`changed`: other territories are there. kind: which are shown, "" for the first that there are."""

    changed = Signal()

    def __init__(self, work: LiverWork) -> None:
        super().__init__(work)
        self._work = work
        self._wanted = ""
        self._of = MadeOf()
        self._fields: dict[str, TerritoryField] = {}
        self._asked: tuple[MadeOf, str] | None = None
        # segments, and how far branches and veins agree about each
        self._agreed: Mapping[str, float] = {}
        self._item: PartsItem | None = None
        self._codes: dict[str, tuple[SurfaceMesh, TerritoryField, npt.NDArray[np.uint8]]] = {}
        self.chosen = -1

    # which

    def kinds(self) -> tuple[str, ...]:
        """The kinds that this liver has."""
        model = self._work.model
        if model is None:
            return ()
        there = {"couinaud": model.couinaud, "portal": model.portal, "hepatic": model.hepatic}
        return tuple(kind for kind in KINDS if there[kind] is not None)

    @property
    def kind(self) -> str:
        """What is shown: the kind that was chosen, else the first that is there; "" for none."""
        kinds = self.kinds()
        if self._wanted:
            return self._wanted
        return kinds[0] if kinds else ""

    @property
    def is_chosen(self) -> bool:
        """Whether a person said what is shown."""
        return bool(self._wanted)

    def choose(self, kind: str) -> None:
        """Show another kind, even one that is not there yet."""
        if kind != self.kind:
            self.chosen = -1
        self._wanted = kind
        self._ask()
        self.changed.emit()

    def mark(self, number: int) -> None:
        """Fill one territory more strongly, −1 for none."""
        if number != self.chosen:
            self.chosen = number
            self.changed.emit()

    # what is there

    @property
    def field(self) -> TerritoryField | None:
        """The shown territories; while a new liver is made ready, the old one's."""
        model = self._work.model
        if model is None:
            return None
        if not self._of.is_(model):
            self._ask()
        return self._fields.get(self.kind)

    @property
    def is_stale(self) -> bool:
        """Whether the shown territories are still those of before."""
        return self._work.is_preparing or not self._of.is_(self._work.model)

    def item(self, *, fill_opacity: float) -> PartsItem | None:
        """What the panes draw."""
        field = self.field
        if field is None:
            return None
        item = self._item
        if (
            item is None
            or item.codes is not field.codes
            or (item.chosen, item.fill_opacity) != (self.chosen, fill_opacity)
        ):
            self._item = PartsItem(
                key=KEY,
                codes=field.codes,
                grid=field.grid,
                colors=tuple(color_of(field.kind, name, n) for n, name in enumerate(field.names)),
                names=tuple(self._label(field, name) for name in field.names),
                middles_mm=field.middles_mm,
                fill_opacity=fill_opacity,
                chosen=self.chosen,
            )
        return self._item

    def _label(self, field: TerritoryField, name: str) -> str:
        """A segment that is unsure says so where it stands."""
        return f"{short_name(field.kind, name)}{'?' if name in self.unsure() else ''}"

    def unsure(self) -> frozenset[str]:
        """Segments whose branches and veins do not agree."""
        from planning.liver.couinaud_branches import LEAST_AGREED

        agreed = self._agreed if self.kind == "couinaud" else {}
        return frozenset(name for name, share in agreed.items() if share < LEAST_AGREED)

    def surface_codes(self, names: tuple[str, ...]) -> Mapping[str, npt.NDArray[np.uint8]]:
        """For structures of the organ: the code of each point of its surface, as far as that is there."""
        field, session = self.field, self._work.session
        found: dict[str, npt.NDArray[np.uint8]] = {}
        for name in names if field is not None else ():
            mesh = session.surface(name) if name in session.case.structures else None
            if mesh is None or field is None:
                found[name] = np.zeros(0, dtype=np.uint8)
                continue
            kept = self._codes.get(name)
            if kept is None or kept[0] is not mesh or kept[1] is not field:
                kept = (mesh, field, field.codes_at(mesh.points_mm))
                self._codes[name] = kept
            found[name] = kept[2]
        return found

    def title_of(self, kind: str, name: str) -> str:
        """ "Segment VIII", "Portal branch 3"."""
        return tr("Segment {name}", name=name) if kind == "couinaud" else branch_label(name)

    # making

    def _ask(self) -> None:
        model, kind = self._work.model, self.kind
        if model is None or not kind or kind not in self.kinds():
            return
        asked = self._asked
        is_asked = asked is not None and asked[0].is_(model) and asked[1] == kind
        if is_asked or (self._of.is_(model) and kind in self._fields):
            return
        self._asked = (MadeOf(model), kind)
        self._work.session.jobs.submit(
            Job(
                key="territories",
                title=tr("Colouring the territories"),
                work=partial(_made, model, kind),
                done=partial(self._take, model, kind),
                failed=self._failed,
                still_wanted=lambda: self._work.model is model,
                subject=self._work.session.label,
                quiet=True,
            )
        )

    def _failed(self, error: TheatrumError) -> None:
        self._asked = None
        self._work.failed.emit(error)

    def _take(self, model: LiverModel, kind: str, field: TerritoryField) -> None:
        if not self._of.is_(model):
            self._of, self._fields, self._agreed = MadeOf(model), {}, _agreed(model)
        self._fields[kind], self._asked = field, None
        self.chosen = self.chosen if self.chosen < len(field.names) else -1
        self.changed.emit()


def _agreed(model: LiverModel) -> Mapping[str, float]:
    found = model.couinaud
    return {} if found is None else dict(zip(found.names, map(float, found.confidence), strict=True))


def _made(model: LiverModel, kind: str, progress: Progress, cancel: CancelToken) -> TerritoryField | None:
    from planning.liver.territory_field import territory_field

    cancel.raise_if_set()
    return territory_field(model, kind)
