"""Step 2 of the liver panel: the portal and the hepatic venous tree, seen, doubted, and mended by one click."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from app.i18n import mark, text_value, tr, word
from app.panels import definitions
from app.panels.base import PlanRow
from app.panels.guide import StepActions
from app.panels.liver.step_parts import LiverStep, StructureChoice
from app.panels.liver.tree_mending import correction_words
from app.panels.liver.tree_places import MOST_PLACES, TreePlace, loose_pieces
from app.panels.liver.tree_scene import TreeScene, tree_rows, tree_title, trees_of
from app.panels.liver.tree_widgets import CorrectionList, CorrectionRow, TreeTools
from app.panels.liver.tree_work import READ_ONLY, TreeWork
from app.panels.parts import Callout, HeroNumber, IconButton, NumberTable, PanelAction, TableRow, page, paragraph, plain
from app.panels.rows import FieldRow, Heading, choice_box
from app.theme.tokens import DARK
from planning.liver.roles import may_hold_both_trees
from planning.registry import canonical_name
from viewers.overlay import PlanItem

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel

SLAB_PANES = ("axial", "coronal")
SLABS_MM = (0.0, 6.0, 12.0, 20.0)
FIRST_SLAB = 2
# one looks into the liver at the trees; their tubes stand for the vessels' walls
LIVER_OPACITY, TUMOR_OPACITY = 0.12, 0.4
BEYOND = (("drop", mark("Belongs to no tree")), ("root", mark("Has a root of its own")))
CONFIRM = mark("  This branch is right")


class VesselStep(LiverStep):
    """2: the portal and the hepatic venous tree, both optional."""

    name = mark("Vessels")

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.hero = self._hero = HeroNumber(definitions.LIVER_TREE_COUNT)
        words = [tr("{mm:.0f} mm slab", mm=mm) if mm else tr("Plain slices") for mm in SLABS_MM]
        self.slab = choice_box("tree_slab", tr("Axial and coronal show"), words)
        self.slab.setCurrentIndex(FIRST_SLAB)
        self.slab.activated.connect(lambda _: self._show_slabs())
        self._portal = StructureChoice("liver_portal", tr("Portal vein"), ("vessel",))
        self._hepatic = StructureChoice("liver_hepatic", tr("Hepatic veins"), ("vessel",))
        self._portal.list.ticked.connect(lambda name, on: self._tick("portal", name, on))
        self._hepatic.list.ticked.connect(lambda name, on: self._tick("hepatic", name, on))
        self._note = Callout("trees")
        self._table, self._look_table = NumberTable(definitions.LIVER_TREES), NumberTable(definitions.LIVER_PLACES)
        self._table.setObjectName("trees_table")
        self._look_table.setObjectName("tree_places")
        self._table.row_clicked.connect(self._fly_to_tree)
        self._look_table.row_clicked.connect(self._choose_place)
        self.tools = TreeTools()
        self._hint = paragraph("", "hint")
        self._beyond = choice_box("cut_beyond", tr("What is beyond a cut"), [words for _, words in BEYOND])
        self._beyond.activated.connect(self._beyond_chosen)
        self._beyond_row = FieldRow(tr("Beyond it"), self._beyond, wide=True)
        self._look_head = Heading(tr("Look here"))
        self._more = paragraph("", "hint")
        self.confirm = IconButton("confirm_branch", CONFIRM.strip(), "check", kind="second")
        self.confirm.clicked.connect(self._confirm)
        self._list_head = Heading(tr("Corrections"), "remove_tree_corrections", tr("Delete all"))
        self.list = CorrectionList()
        self.list.opened.connect(self._fly_to_correction)
        self.body = page(
            self._note,
            self._table,
            self.tools,
            self._hint,
            self._beyond_row,
            self._look_head,
            self._look_table,
            self._more,
            self.confirm,
            self._list_head,
            self.list,
            FieldRow(tr("Axial and coronal"), self.slab, wide=True),
            self._portal,
            self._hepatic,
        )
        self.trees = TreeWork(panel, self)
        self.trees.tool_changed.connect(self._tool_changed)
        self.trees.marked_changed.connect(panel.scene_changed)
        self.tools.chosen.connect(self.trees.take_tool)
        self.list.removed.connect(self.trees.remove)
        self._list_head.followed.connect(self.trees.remove_all)
        self.scene = TreeScene()
        self._chosen: TreePlace | None = None
        self._loose_at = 0

    # what is there

    def _count(self) -> int:
        trees = self.trees.trees()
        if trees is not None:
            return sum(tree is not None for tree in (trees.portal, trees.hepatic))
        return sum(bool(names) for names in (self.work.draft.roles.portal, self.work.draft.roles.hepatic))

    # coming and going

    def entered(self) -> None:
        """Slabs show whole vessels; the tools' keys hold."""
        self._show_slabs()
        self.tools.listen(self.panel.window())

    def _show_slabs(self) -> None:
        thickness = SLABS_MM[self.slab.currentIndex()]
        self.panel.session.view.set(slabs=MappingProxyType(dict.fromkeys(SLAB_PANES, thickness)))

    def left(self) -> None:
        """Plain slices again, and no tool."""
        self.trees.take_tool("")
        self.tools.be_silent()
        self.panel.session.view.set(slabs=MappingProxyType({}))

    def _tool_changed(self) -> None:
        self._show_tools()
        self.panel.show_actions()

    def _beyond_chosen(self, number: int) -> None:
        self.trees.set_beyond(BEYOND[number][0])

    def _confirm(self) -> None:
        if self._chosen is not None:
            self.trees.confirm(self._chosen)

    # flying

    @property
    def _chosen_key(self) -> str:
        return "" if self._chosen is None else self._chosen.key

    def _choose_place(self, key: str) -> None:
        """Fly to a place of the list."""
        place = next((place for place in self.trees.places if place.key == key), None)
        if place is not None:
            self._chosen = place
            self._show_places()
            self.panel.fly_asked.emit(place.at_mm)
            self.panel.scene_changed.emit()

    def _fly_to_tree(self, key: str) -> None:
        """Its root; of loose pieces one after another, the longest first."""
        trees = self.trees.trees()
        tree = None if trees is None else trees.of(key.removeprefix("tree_"))
        if trees is None or tree is None:
            return
        if tree.kind != "loose":
            self.panel.fly_asked.emit(tree.points_mm[int(tree.roots[0])])
            return
        pieces = loose_pieces(trees)
        self.panel.fly_asked.emit(pieces[self._loose_at % len(pieces)][0])
        self._loose_at += 1

    def _fly_to_correction(self, number: int) -> None:
        self.panel.fly_asked.emit(np.array(self.trees.corrections[number].at_mm))

    # what the panes show

    def items(self) -> tuple[PlanItem, ...]:
        """Trees, marks, and what a click would change."""
        trees = self.trees.trees()
        if trees is None:
            return ()
        with_roots = self.trees.mending.tool == "root"
        hidden = self.panel.session.view.state.hidden
        items = self.scene.items(
            trees, self.trees.colors(), self.trees.places, self._chosen_key, self.trees.marked, with_roots=with_roots
        )
        # what is doubted of a tree is hidden with it
        return tuple(item for item in items if item.key.replace("doubt_", "tree_", 1) not in hidden)

    def rows(self) -> tuple[PlanRow, ...]:
        """The trees in the list of structures."""
        trees = self.trees.trees()
        return () if trees is None else tree_rows(trees, self.trees.colors())

    def opacities(self) -> Mapping[str, float]:
        """One looks into the liver; the trees stand for the vessels, and what lies around is left out."""
        roles, trees = self.work.draft.roles, self.trees.trees()
        if trees is None:
            return dict.fromkeys(roles.organ, LIVER_OPACITY)
        shown = {**dict.fromkeys(roles.tumors, TUMOR_OPACITY), **dict.fromkeys(roles.organ, LIVER_OPACITY)}
        vessels = {*roles.portal, *roles.hepatic}
        return {name: 0.0 if name in vessels else shown.get(name, 0.0) for name in self.panel.session.case.structures}

    # what the panel shows

    def result(self) -> str:
        """How many trees."""
        count = self._count()
        return tr("%n tree(s)", "", count) if count else tr("none")

    def refresh(self) -> None:
        """The trees, what to look at, and what was corrected."""
        self.trees.refresh()
        if self._chosen is not None:
            # numbers change when a place is settled
            self._chosen = next((one for one in self.trees.places if one.is_same(self._chosen)), None)
        self._show_count()
        self._show_choices()
        self._show_note()
        self._show_tools()
        self._show_places()
        self._show_corrections()

    def _show_count(self) -> None:
        trees, count = self.trees.trees(), self._count()
        note = tr("{places} to look at", places=len(self.trees.places)) if self.trees.places else ""
        self._hero.set_text(
            tr("Vessel trees"),
            str(count),
            tr("tree") if count == 1 else tr("trees"),
            note=note,
            stale=self.work.is_preparing,
        )
        colors = self.trees.colors()
        rows = []
        for tree in trees_of(trees) if trees is not None else ():
            pieces = len(tree.roots)
            length = text_value(float(tree.step_mm.sum()) / 10.0, 0)
            detail = (
                ""
                if tree.kind == "loose" or pieces == 1
                else tr("{pieces} pieces, each with its own root", pieces=pieces)
            )
            rows.append(
                TableRow(
                    f"tree_{tree.kind}",
                    tree_title(tree.kind) if tree.kind != "loose" else tr("%n loose piece(s)", "", pieces),
                    length,
                    "cm",
                    swatch=colors[tree.kind],
                    detail=detail,
                )
            )
        self._table.set_rows(rows, stale=self.work.is_preparing)
        self._table.setVisible(bool(rows))

    def _tick(self, role: str, name: str, wanted: bool) -> None:
        """One label that holds both trees may be ticked for both."""
        roles = self.work.draft.roles
        if not may_hold_both_trees(name):
            self.set_role(role, name, wanted)
            return
        names = {*roles.as_mapping()[role], name} if wanted else set(roles.as_mapping()[role]) - {name}
        order = self.panel.session.case.structures
        self.work.set_roles(replace(roles, **{role: tuple(one for one in order if one in names)}))

    def _show_choices(self) -> None:
        roles, vessels = self.work.draft.roles, self.of_kind("vessel")
        self._portal.show_choices(
            self.choices(roles.portal),
            [n for n in vessels if not any(word in canonical_name(n) for word in ("hepatic", "cava"))],
        )
        self._hepatic.show_choices(
            self.choices(roles.hepatic), [n for n in vessels if "portal" not in canonical_name(n)]
        )

    def _show_note(self) -> None:
        roles, trees = self.work.draft.roles, self.trees.trees()
        missing = [
            w for w, names in ((word("portal"), roles.portal), (tr("hepatic venous"), roles.hepatic)) if not names
        ]
        touches = sum(place.kind == "touch" for place in self.trees.places)
        words = self.finding_words("no_portal_tree", "no_hepatic_tree", "portal_pieces", "hepatic_pieces")
        if missing:
            self._note.show_note(
                tr("No {join} tree", join=tr(" and no ").join(missing)),
                tr("The viable remnant needs both; the plan can go on without."),
            )
        elif self.trees.lacks_roots:
            self._note.show_note(
                tr("Where do the trees begin?"),
                tr("Both lie in one structure. Take Root, click the portal trunk, then the vena cava."),
            )
        elif trees is not None and (trees.portal is None or trees.hepatic is None) and self.trees.corrections:
            self._note.show_note(
                tr("There is no portal tree now") if trees.portal is None else tr("There is no hepatic tree now"),
                tr("Nothing belongs to it any more. Give a branch back, or delete a correction."),
            )
        elif touches:
            places = tr("%n place(s)", "", touches)
            self._note.show_note(
                tr("Portal and hepatic vein touch at {places}.", places=places),
                tr("They were cut apart there. Look, and give back what is wrong."),
            )
        elif words:
            self._note.show_note(tr("Look at the vessels"), f"{words[0]}.")
        else:
            self._note.clear()

    def _show_tools(self) -> None:
        has_trees, tool = self.trees.trees() is not None and bool(self._table.rows), self.trees.mending.tool
        self.tools.setVisible(has_trees)
        self.tools.show_tool(tool, self.trees.blocked)
        self._beyond_row.setVisible(tool == "cut")
        words = self.trees.said or self.trees.mending.hint
        if not words and self.work.is_preparing and has_trees:
            words = tr("Trees, territories and numbers follow…")
        self._hint.setText(words)
        self._hint.setVisible(bool(words) and has_trees)

    def _show_places(self) -> None:
        self._look_head.setVisible(bool(self.trees.places))
        self._look_table.setVisible(bool(self.trees.places))
        self._look_table.set_rows([self._place_row(place) for place in self.trees.places[:MOST_PLACES]])
        left = len(self.trees.places) - MOST_PLACES
        self._more.setText(tr("{left} more are shorter or thinner; they are marked, too.", left=left))
        self._more.setVisible(left > 0)
        chosen = self._chosen
        self._look_table.set_selected(self._chosen_key)
        self.confirm.setVisible(chosen is not None and bool(chosen.tree))
        self.confirm.setText(tr("  This root is right") if chosen is not None and chosen.kind == "root" else CONFIRM)
        self.confirm.setEnabled(not self.trees.blocked)

    def _place_row(self, place: TreePlace) -> TableRow:
        words = {"root": tr("by its place"), "touch": "", "doubt": ""}[place.kind]
        return TableRow(
            place.key,
            f"{place.number}  {place.name}",
            words or plain(place.size_mm, "mm"),
            "" if words else "mm",
            swatch=self.trees.colors().get(place.tree, DARK["warn"]),
        )

    def _show_corrections(self) -> None:
        corrections = self.trees.corrections
        blocked = READ_ONLY if self.panel.session.document.read_only else ""
        notes = self.finding_words("tree_correction") if not self.work.is_preparing else []
        rows = []
        for number, one in enumerate(corrections, start=1):
            mine = next((note for note in notes if note.startswith(f"Tree correction {number} ")), "")
            reason = mine.partition(": ")[2]
            rows.append(CorrectionRow(correction_words(one), f"{reason[:1].upper()}{reason[1:]}"))
        self._list_head.setVisible(bool(rows))
        self._list_head.set_link(tr("Delete all") if len(rows) > 1 and not blocked else "")
        self.list.setVisible(bool(rows))
        self.list.show_rows(rows, blocked)

    def actions(self) -> StepActions:
        """Accept vessels."""
        word = tr("Accept vessels") if self._count() else tr("Go on without vessels")
        hint = tr("Esc puts the tool down") if self.trees.mending.tool else tr("Enter accepts")
        return StepActions(PanelAction("accept_vessels", word, self.panel.accept_step, key="Enter"), hint=hint)
