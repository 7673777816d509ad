"""The steps of the liver panel before the resection: scan and liver, vessels, tumours, territories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.panels.choices import Choice, ChoiceList
from app.panels.guide import Step, StepActions
from app.panels.parts import Callout, HeroNumber, NumberTable, PanelAction, TableRow, number_row, page, paragraph, plain
from app.panels.rows import Heading
from planning.errors import TheatrumError
from planning.liver.roles import LiverRoles
from planning.registry import canonical_name, structure_style
from planning.units import text_quantity

if TYPE_CHECKING:
    from app.panels.liver import LiverPanel

THICK_SLICE_MM = 2.5
# a tumour for which the scan's own limit is told
TYPICAL_RADIUS_MM = 10.0
FEW = 7


class StructureChoice(QWidget):
    """The structures that can play a role, likely ones first; the rest by [Show all]."""

    def __init__(self, identifier: str, heading: str, kinds: Sequence[str]) -> None:
        super().__init__()
        self._kinds = tuple(kinds)
        self._all = False
        self.heading = Heading(heading, f"{identifier}_all", "Show all")
        self.list = ChoiceList(identifier, heading)
        self._none = paragraph("No structure of this case fits.", "hint")
        self.heading.followed.connect(self._toggle)
        self._content = page(self.heading, self.list, self._none, spacing=2)
        box = page(self._content)
        self.setLayout(box.layout())
        self._rows: tuple[Choice, ...] = ()
        self._likely: frozenset[str] = frozenset()

    def show_choices(self, rows: Sequence[Choice], likely: Sequence[str]) -> None:
        """All structures as rows, and the keys of those that fit by their kind."""
        self._rows, self._likely = tuple(rows), frozenset(likely)
        self._list()

    def _toggle(self) -> None:
        self._all = not self._all
        self._list()

    def _list(self) -> None:
        fitting = [row for row in self._rows if row.ticked or row.key in self._likely]
        rest = [row for row in self._rows if row not in fitting]
        shown = [*fitting, *rest] if self._all else fitting
        self.list.set_rows(shown)
        self.heading.set_link("" if not rest else "Show fewer" if self._all else "Show all")
        self._none.setVisible(not shown)


class LiverStep(Step):
    """A step of the liver panel: it reads the panel's work and asks for changes there."""

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self.work = panel.work

    def choices(self, chosen: Sequence[str]) -> list[Choice]:
        """Every structure of the case, ticked where it is chosen."""
        return [
            Choice(
                name,
                structure_style(name).display,
                text_quantity(structure.volume_ml, "ml"),
                structure.color,
                name in chosen,
            )
            for name, structure in self.panel.session.case.structures.items()
        ]

    def of_kind(self, *kinds: str) -> list[str]:
        """Names of the structures of these kinds, in the group of the liver."""
        styles = {name: structure_style(name) for name in self.panel.session.case.structures}
        return [name for name, style in styles.items() if style.kind in kinds and style.group in ("Liver", "Tumours")]

    def set_role(self, role: str, name: str, wanted: bool) -> None:
        """Give a structure a role or take it away. A vessel may be part of the liver too; no other role is shared."""
        roles = self.work.draft.roles.as_mapping()
        shared = {"organ": ("portal", "hepatic"), "portal": ("organ",), "hepatic": ("organ",), "tumors": ()}[role]
        order = tuple(self.panel.session.case.structures)
        changed = {}
        for other, names in roles.items():
            if other == role:
                mine = {*names, name} if wanted else set(names) - {name}
                changed[other] = tuple(n for n in order if n in mine)
            else:
                changed[other] = tuple(n for n in names if not wanted or n != name or other in shared)
        self.work.set_roles(LiverRoles(**changed))

    def waiting_words(self) -> str:
        """What is being done before this step's numbers are there."""
        return "Preparing the liver…" if self.work.is_preparing else ""

    def finding_words(self, *codes: str) -> list[str]:
        """Sentences of the model's findings of these codes."""
        model = self.work.model
        return [f.text for f in model.findings if f.code in codes] if model is not None else []


class ScanStep(LiverStep):
    """1: which structures are the liver, and what the scan allows."""

    name = "Scan and liver"

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.hero = self._hero = HeroNumber()
        self._facts = NumberTable()
        self._choice = StructureChoice("liver_organ", "The liver is", ("organ",))
        self._choice.list.ticked.connect(lambda name, on: self.set_role("organ", name, on))
        self._note = Callout("scan")
        self._missing = Callout("organ")
        self._missing.followed.connect(lambda: panel.module_asked.emit("segment"))
        self.body = page(self._facts, self._missing, self._note, self._choice)

    def _volume_ml(self) -> float | None:
        if self.work.model is not None:
            return self.work.model.voxels.count * self.work.model.voxel_ml
        structures = self.panel.session.case.structures
        found = [structures[name].volume_ml for name in self.work.draft.roles.organ if name in structures]
        # the union of several is only known when the liver is ready
        return found[0] if len(found) == 1 else None

    def result(self) -> str:
        """The liver's volume."""
        volume = self._volume_ml()
        return "" if volume is None else text_quantity(volume, "ml")

    def refresh(self) -> None:
        """Facts of the scan, the chosen structures, what can be wrong."""
        from planning.liver.margin import margin_uncertainty_mm

        session, roles = self.panel.session, self.work.draft.roles
        volume = self._volume_ml()
        caption = "Liver with tumours" if roles.tumors and self.work.model is not None else "Liver"
        self._hero.set_text(caption, plain(volume, "ml"), "ml" if volume is not None else "")
        image = session.image
        if image is None:
            return
        spacing = image.grid.spacing_mm
        phase = image.phases[min(session.view.state.phase, len(image.phases) - 1)]
        rows = [
            TableRow("voxel", "Voxel", f"{spacing[0]:.2f} × {spacing[1]:.2f}", "mm", clickable=False),
            number_row("slice", "Between slices", float(spacing[2]), "mm", decimals=2, clickable=False),
        ]
        if phase:
            rows.append(TableRow("phase", "Phase", phase, clickable=False))
        self._facts.set_rows(rows)
        self._choice.show_choices(self.choices(roles.organ), self.of_kind("organ"))
        if not roles.organ:
            self._missing.show_note(
                "No liver in this case", "Import a label map with the liver, then plan.", "warn", "Segment"
            )
        elif self.work.problem is not None:
            self._missing.show_note(*problem_words(self.work.problem))
        else:
            self._missing.clear()
        step = float(spacing.max())
        if step >= THICK_SLICE_MM:
            best = margin_uncertainty_mm(spacing, TYPICAL_RADIUS_MM)
            self._note.show_note(
                f"Slices are {step:g} mm",
                f"Margins are ± {plain(best, 'mm')} mm at best.".replace(" mm at", "\u202fmm at"),
            )
        else:
            words = self.finding_words("enclosed_structure")
            if words:
                self._note.show_note("Look inside the liver", f"{words[0]}.")
            else:
                self._note.clear()

    def actions(self) -> StepActions:
        """Accept liver."""
        blocked = "" if self.work.draft.roles.organ else "Choose the liver first"
        return StepActions(
            PanelAction("accept_liver", "Accept liver", self.panel.accept_step, blocked=blocked, key="Enter"),
            hint="Enter accepts",
        )


def problem_words(error: TheatrumError) -> tuple[str, str]:
    """Title and sentence of an error as a callout."""
    from app.texts import error_text

    words = error_text(error)
    return words.title, " ".join(part for part in (words.text, words.hint) if part)


class VesselStep(LiverStep):
    """2: the portal and the hepatic venous tree, both optional."""

    name = "Vessels"

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.hero = self._hero = HeroNumber()
        self._portal = StructureChoice("liver_portal", "Portal vein", ("vessel",))
        self._hepatic = StructureChoice("liver_hepatic", "Hepatic veins", ("vessel",))
        self._portal.list.ticked.connect(lambda name, on: self.set_role("portal", name, on))
        self._hepatic.list.ticked.connect(lambda name, on: self.set_role("hepatic", name, on))
        self._note = Callout("trees")
        self.body = page(self._note, self._portal, self._hepatic)

    def _trees(self) -> int:
        model = self.work.model
        if model is not None:
            return sum(part is not None for part in (model.portal, model.hepatic))
        return sum(bool(names) for names in (self.work.draft.roles.portal, self.work.draft.roles.hepatic))

    def result(self) -> str:
        """How many trees."""
        count = self._trees()
        return f"{count} tree{'' if count == 1 else 's'}" if count else "none"

    def refresh(self) -> None:
        """The trees and what is missing."""
        roles, count = self.work.draft.roles, self._trees()
        self._hero.set_text("Vessel trees", str(count), "tree" if count == 1 else "trees", stale=self.work.is_preparing)
        vessels = self.of_kind("vessel")
        self._portal.show_choices(
            self.choices(roles.portal), [n for n in vessels if "hepatic" not in canonical_name(n)]
        )
        self._hepatic.show_choices(
            self.choices(roles.hepatic), [n for n in vessels if "portal" not in canonical_name(n)]
        )
        if not (roles.portal and roles.hepatic):
            missing = [w for w, names in (("portal", roles.portal), ("hepatic venous", roles.hepatic)) if not names]
            self._note.show_note(
                f"No {' and no '.join(missing)} tree", "The viable remnant needs both; the plan can go on without."
            )
            return
        words = self.finding_words("no_portal_tree", "no_hepatic_tree", "portal_pieces", "hepatic_pieces")
        if words:
            self._note.show_note("Look at the vessels", f"{words[0]}.")
        else:
            self._note.clear()

    def actions(self) -> StepActions:
        """Accept vessels."""
        word = "Accept vessels" if self._trees() else "Go on without vessels"
        return StepActions(
            PanelAction("accept_vessels", word, self.panel.accept_step, key="Enter"), hint="Enter accepts"
        )


class TumorStep(LiverStep):
    """3: the tumours, each with its size."""

    name = "Tumours"

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.hero = self._hero = HeroNumber()
        self._table = NumberTable()
        self._table.row_clicked.connect(self._fly)
        self._table.row_hovered.connect(self._hover)
        self._waiting = paragraph("", "hint")
        self._choice = StructureChoice("liver_tumors", "Tumours are", ("lesion",))
        self._choice.list.ticked.connect(lambda name, on: self.set_role("tumors", name, on))
        self._note = Callout("tumors")
        self._head = Heading("Longest diameter and volume")
        self.body = page(self._waiting, self._head, self._table, self._note, self._choice)

    def result(self) -> str:
        """How many."""
        model = self.work.model
        if model is None:
            return ""
        return f"{len(model.tumors)} tumour{'' if len(model.tumors) == 1 else 's'}" if model.tumors else "none"

    def refresh(self) -> None:
        """Sizes of each."""
        roles, model = self.work.draft.roles, self.work.model
        self._choice.show_choices(self.choices(roles.tumors), self.of_kind("lesion"))
        self._waiting.setText(self.waiting_words())
        self._waiting.setVisible(bool(self.waiting_words()))
        if model is None:
            self._hero.set_text("Tumours", "–", stale=True)
            self._head.setVisible(False)
            self._table.set_rows([])
            self._note.clear()
            return
        self._head.setVisible(bool(model.tumors))
        largest = max((t.longest_diameter_mm for t in model.tumors), default=None)
        note = "" if largest is None else f"largest {text_quantity(largest, 'mm')}"
        self._hero.set_text("Tumours", str(len(model.tumors)), note=note)
        structures = self.panel.session.case.structures
        self._table.set_rows(
            [
                TableRow(
                    f"tumor_{t.id}",
                    f"T{t.id}",
                    plain(t.longest_diameter_mm, "mm"),
                    "mm",
                    share=text_quantity(t.volume_ml, "ml"),
                    swatch=structures[t.structure].color if t.structure in structures else "",
                )
                for t in model.tumors
            ]
        )
        words = self.finding_words("tumor_specks", "empty_tumor")
        if not model.tumors:
            self._note.show_note("No tumour is chosen", "Volumes are planned; there is no margin to measure.")
        elif words:
            self._note.show_note("Look at the tumours", f"{words[0]}.")
        else:
            self._note.clear()

    def _tumor(self, key: str) -> object | None:
        model = self.work.model
        tumors = model.tumors if model is not None else ()
        return next((t for t in tumors if key == f"tumor_{t.id}"), None)

    def _fly(self, key: str) -> None:
        tumor = self._tumor(key)
        if tumor is not None:
            self.panel.fly_asked.emit(tumor.centroid_mm)  # type: ignore[attr-defined]

    def _hover(self, key: str) -> None:
        tumor = self._tumor(key)
        self.panel.session.view.set(selected=tumor.structure if tumor is not None else "")  # type: ignore[attr-defined]

    def left(self) -> None:
        """Nothing stays marked."""
        self._hover("")

    def actions(self) -> StepActions:
        """Accept tumours."""
        blocked = "" if self.work.model is not None or self.work.problem is not None else "Preparing the liver"
        return StepActions(
            PanelAction("accept_tumors", "Accept tumours", self.panel.accept_step, blocked=blocked, key="Enter"),
            hint="Enter accepts",
        )


class TerritoryStep(LiverStep):
    """4: how much liver hangs on each branch."""

    name = "Territories"

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.hero = self._hero = HeroNumber()
        self._waiting = paragraph("", "hint")
        self._portal_head, self._hepatic_head = Heading("By portal branch"), Heading("By hepatic vein")
        self._portal, self._hepatic = NumberTable(), NumberTable()
        for table in (self._portal, self._hepatic):
            table.row_clicked.connect(self._fly)
        self._note = Callout("territories")
        self._note.followed.connect(lambda: panel.go_to(1))
        self.body = page(self._waiting, self._note, self._portal_head, self._portal, self._hepatic_head, self._hepatic)

    def result(self) -> str:
        """How many branches have a territory."""
        count = self._count()
        return f"{count} branches" if count else "none" if self.work.model is not None else ""

    def _count(self) -> int:
        model = self.work.model
        parts = (model.portal, model.hepatic) if model is not None else ()
        return next((len(part.names) for part in parts if part is not None), 0)

    def refresh(self) -> None:
        """ml of each branch."""
        model = self.work.model
        self._waiting.setText(self.waiting_words())
        self._waiting.setVisible(bool(self.waiting_words()))
        count = self._count()
        self._hero.set_text("Territories", str(count) if model is not None else "–", stale=model is None)
        parts = (
            {"portal": None, "hepatic": None} if model is None else {"portal": model.portal, "hepatic": model.hepatic}
        )
        for key, head, table in (
            ("portal", self._portal_head, self._portal),
            ("hepatic", self._hepatic_head, self._hepatic),
        ):
            part = parts[key]
            head.setVisible(part is not None)
            rows = []
            if part is not None and model is not None:
                whole = model.voxels.count * model.voxel_ml
                rows = [
                    TableRow(
                        name,
                        branch_name(name, "Branch" if key == "portal" else "Vein"),
                        plain(ml, "ml"),
                        "ml",
                        share=text_quantity(100.0 * ml / whole, "%"),
                    )
                    for name, ml in zip(part.names, part.volumes_ml, strict=True)
                ]
            table.set_rows(rows)
        if model is not None and not count:
            self._note.show_note(
                "No vessel tree is chosen", "Territories follow the branches of a tree.", "warn", "Vessels"
            )
        else:
            self._note.clear()

    def _fly(self, name: str) -> None:
        if self.work.model is not None:
            self.panel.fly_asked.emit(self.work.model.territory_mask(name).centroid_mm())

    def actions(self) -> StepActions:
        """Accept territories."""
        ready = self.work.model is not None or self.work.problem is not None
        word = "Accept territories" if self._count() or not ready else "Go on without territories"
        return StepActions(
            PanelAction(
                "accept_territories",
                word,
                self.panel.accept_step,
                blocked="" if ready else "Preparing the liver",
                key="Enter",
            ),
            hint="Enter accepts",
        )


def branch_name(name: str, words: str) -> str:
    """ "Portal branch 3" from "portal_3"."""
    number = name.rpartition("_")[2]
    return f"{words} {number}" if number.isdigit() else structure_style(name).display
