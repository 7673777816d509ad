"""An ablation zone: which one of the catalogue, about which tumour, and the needle's way through the skin."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from app.i18n import inside, mark, structure_name, text_quantity, tr
from app.jobs import Job
from app.panels import definitions
from app.panels.frame import PanelAction
from app.panels.liver.forms import AddForm
from app.panels.parts import IconButton, NumberTable, TableRow, paragraph, plain
from app.panels.rows import FieldRow, Heading, choice_box
from app.theme.tokens import DARK
from planning.case.trust import unticked
from planning.errors import TheatrumError
from planning.geometry import FloatArray, Vector
from planning.progress import CancelToken, Progress
from planning.registry import structure_style
from viewers.overlay import PathItem, PlanItem, PointItem

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel
    from planning.case.document import Document
    from planning.liver.ablation import NeedleWay
    from planning.liver.organ import OrganLookup
    from planning.liver.resection import AblationResection

ENTRY, TARGET = "needle_entry", "needle_target"
JOB_KEY = "needle ways"
# what a needle must not go through, by the kind of structure or its name
OBSTACLES = ("vessel", "bone", "lung", "vein", "artery", "aorta", "rib", "spine", "heart", "colon", "stomach", "bowel")


class AblationForm(AddForm):
    """The zone's middle is the tumour's; the needle's entry is proposed or put down by hand."""

    key = "ablation"
    title = mark("Ablation zone")

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.tumor = choice_box("ablation_tumor", tr("Tumour"), ())
        self.zone = choice_box("ablation_zone", tr("Zone"), ())
        self._source = paragraph("", "hint")
        self._head = Heading(tr("Ways of the needle"))
        self.ways_table = NumberTable(definitions.ABLATION)
        self._by_hand = IconButton("place_entry", tr("Place the entry by hand"), kind="inline")
        self.add(
            FieldRow(tr("Tumour"), self.tumor, wide=True),
            FieldRow(tr("Zone"), self.zone, wide=True),
            self._source,
            self._head,
            self.ways_table,
            self._by_hand,
        )
        self.tumor.activated.connect(lambda _: self._tumor_chosen())
        self.zone.activated.connect(lambda _: self._say())
        self.ways_table.row_clicked.connect(self._choose_way)
        self._by_hand.clicked.connect(self._place_entry)
        self.ways: tuple[NeedleWay, ...] = ()
        self.entry_mm: Vector | None = None
        self._is_by_hand = False
        self.target_mm: Vector = np.zeros(3)

    def opened(self) -> None:
        """The edited needle and zone; else the first tumour that stays, a plain zone, and the search for ways."""
        from planning.liver.ablation import zones
        from planning.liver.resection import AblationResection

        model = self.work.model
        assert model is not None
        self.tumor.clear()
        self.tumor.addItems([f"T{t.id}, {plain(t.longest_diameter_mm, 'mm')} mm" for t in model.tumors])
        first = next((n for n, share in enumerate(self.work.shares()) if share < 1.0), 0)
        self.tumor.setCurrentIndex(first)
        if not self.zone.count():
            self.zone.addItems([row.name for row in zones()])
        if isinstance(self.edited, AblationResection):
            self._fill(self.edited)
            return
        self._tumor_chosen()

    def _fill(self, zone: AblationResection) -> None:
        """From a zone of the plan; ways are looked for when another tumour is chosen."""
        model = self.work.model
        assert model is not None
        away = [float(np.linalg.norm(one.centroid_mm - zone.target_mm)) for one in model.tumors]
        self.tumor.setCurrentIndex(int(np.argmin(away)))
        self.zone.setCurrentIndex(max(self.zone.findText(zone.device), 0))
        self.ways, self.entry_mm, self.target_mm = (), zone.entry_mm, zone.target_mm
        self._is_by_hand = False
        self.note.clear()
        self._say()

    def left(self) -> None:
        """Ask for nothing more."""
        for state in self.panel.session.jobs.active:
            if state.job.key == JOB_KEY:
                self.panel.session.jobs.cancel(state)
        self.is_working = False
        if self.panel.session.view.state.placing in (ENTRY, TARGET):
            self.panel.session.view.set(tool="cross", placing="")

    def _tumor_chosen(self) -> None:
        """The smallest zone that holds the tumour with the margin asked for, else the widest; and the ways to it.

        Only zones that were checked against their source are proposed.
        """
        from planning.liver.ablation import zones

        model = self.work.model
        assert model is not None
        tumor = model.tumors[self.tumor.currentIndex()]
        needed = tumor.longest_diameter_mm + 2.0 * self.work.draft.asked_mm
        checked = [row for row in zones() if row.checked]
        wide = [row for row in checked if row.short_mm >= needed]
        zone = min(wide, key=lambda row: row.short_mm) if wide else max(checked, key=lambda row: row.short_mm)
        self.zone.setCurrentIndex(self.zone.findText(zone.name))
        self._ask_ways()
        if not wide:
            self.note.show_note(
                tr("T{id} is too wide for one zone", id=tumor.id),
                tr(
                    "With {asked_mm} all round it needs {needed}.",
                    asked_mm=text_quantity(self.work.draft.asked_mm, "mm"),
                    needed=text_quantity(needed, "mm"),
                ),
            )

    def _ask_ways(self) -> None:
        model, session = self.work.model, self.panel.session
        assert model is not None
        self.ways, self.entry_mm = (), None
        self._is_by_hand = False
        self.target_mm = model.tumors[self.tumor.currentIndex()].centroid_mm
        self.note.clear()
        image = session.image
        if image is None:
            return
        obstacles = tuple(name for name in session.case.structures if self._is_obstacle(name))
        unsure = unticked(session.case, obstacles)
        if unsure:
            names = ", ".join(inside(structure_name(name)) for name in unsure)
            self.note.show_note(
                tr("Ways keep clear of structures that a model is not sure of"),
                tr("Look at them first and use them or not (Segment, Find by a model): {names}.", names=names),
                "warn",
                tr("By hand"),
            )
            self._say()
            return
        self.is_working = True
        session.jobs.submit(
            Job(
                key=JOB_KEY,
                title=tr("Finding ways for the needle"),
                work=partial(_ways, session.document.reader(), image.name, self.target_mm, obstacles, model.lookup),
                done=self._take_ways,
                failed=self.fail,
                still_wanted=lambda: self.work.model is model and self.isVisibleTo(self.panel),
                subject=session.label,
            )
        )
        self._say()

    def _is_obstacle(self, name: str) -> bool:
        roles = self.work.draft.roles
        if name in (*roles.organ, *roles.tumors):
            return False
        trust = self.panel.session.case.structures[name].trust
        if trust is not None and trust.checked is False:
            # a person said that it is not there as drawn
            return False
        style = structure_style(name)
        return style.kind in OBSTACLES or any(word in name.lower() for word in OBSTACLES)

    def _take_ways(self, ways: tuple[NeedleWay, ...]) -> None:
        self.is_working = False
        self.ways = ways
        if not self._is_by_hand:
            self.entry_mm = ways[0].entry_mm
        self._say()

    def _choose_way(self, key: str) -> None:
        self.entry_mm = self.ways[int(key.removeprefix("way_"))].entry_mm
        self._is_by_hand = False
        self._say()

    def _place_entry(self) -> None:
        self.panel.session.view.set(tool="place", placing=ENTRY)

    def way_out(self, error: TheatrumError) -> str:
        """The entry can be put down by hand."""
        return tr("By hand")

    def follow(self) -> None:
        """Put the entry down by hand."""
        self._place_entry()

    def _say(self) -> None:
        from planning.liver.ablation import find_zone

        row = find_zone(self.zone.currentText())
        size = f"{row.long_mm:g} × {row.short_mm:g} mm. "
        self._source.setText(size + row.source[:1].upper() + row.source[1:] + ".")
        self._head.text.setText(tr("Finding ways for the needle…") if self.is_working else tr("Ways of the needle"))
        rows = []
        for number, way in enumerate(self.ways):
            nearest = min(way.clear_mm, key=lambda name: way.clear_mm[name], default="")
            rows.append(
                TableRow(
                    f"way_{number}",
                    tr("Way {number}", number=number + 1),
                    plain(way.length_mm, "mm"),
                    "mm",
                    detail=tr(
                        "{least_mm} from {lower}",
                        least_mm=text_quantity(way.least_mm, "mm"),
                        lower=inside(structure_name(nearest)),
                    )
                    if nearest
                    else tr("Nothing near it"),
                    swatch=DARK["acc"] if self.entry_mm is not None and way.entry_mm is self.entry_mm else "",
                )
            )
        self.ways_table.set_rows(rows)
        self.ways_table.setVisible(bool(rows))
        self.changed.emit()

    def point_placed(self, key: str, position_mm: FloatArray) -> None:
        """The entry by hand."""
        if key == ENTRY:
            self.entry_mm = np.asarray(position_mm)
            self._is_by_hand = True
            self.panel.session.view.set(tool="cross", placing="")
            self.note.clear()
            self._say()

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> bool:
        """Entry and target follow the hand."""
        if key == ENTRY:
            self.entry_mm = np.asarray(position_mm)
        elif key == TARGET:
            self.target_mm = np.asarray(position_mm)
        else:
            return False
        self._is_by_hand = True
        self._say()
        return True

    def held(self) -> str:
        """The needle's way that was put down by hand."""
        return tr("way of a needle") if self._is_by_hand else ""

    def items(self) -> tuple[PlanItem, ...]:
        """The needle as it would be."""
        if self.entry_mm is None:
            return ()
        color = self.panel.plan_color()
        line = np.linspace(self.entry_mm, self.target_mm, 64)
        return (
            PathItem(key="needle", points_mm=line, color=color, dashed=True),
            PointItem(key=ENTRY, position_mm=self.entry_mm, color=color, label=tr("Entry"), shape="square"),
            PointItem(key=TARGET, position_mm=self.target_mm, color=color, label=tr("Target"), shape="square"),
        )

    def main(self) -> PanelAction:
        """Put the zone there."""
        blocked = (
            "" if self.entry_mm is not None else tr("Finding ways") if self.is_working else tr("Place the entry first")
        )
        return PanelAction("make_ablation", tr("Place the zone"), self._make, blocked=blocked, key="Enter")

    def _make(self) -> None:
        from planning.liver.ablation import find_zone
        from planning.liver.resection import AblationResection

        if self.entry_mm is None:
            return
        row = find_zone(self.zone.currentText())
        try:
            zone = AblationResection(self.target_mm, self.entry_mm, row.long_mm / 2.0, row.short_mm / 2.0, row.name)
        except TheatrumError as error:
            self.fail(error)
            return
        self.take(zone)


def _ways(
    document: Document,
    image: str,
    target_mm: Vector,
    obstacles: tuple[str, ...],
    organ: OrganLookup,
    progress: Progress,
    cancel: CancelToken,
) -> tuple[NeedleWay, ...]:
    from planning.liver.ablation import body_mask, find_ways

    body = body_mask(document.volume(image))
    cancel.raise_if_set()
    masks = [(name, document.mask(name)) for name in obstacles if name in document.case.structures]
    cancel.raise_if_set()
    return find_ways(target_mm, body, masks, through=organ)
