"""Step 2 of the liver panel: the portal and the hepatic venous tree, seen, doubted, and mended by one click."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from app.panels.base import PlanRow
from app.panels.guide import StepActions
from app.panels.liver.step_parts import LiverStep, StructureChoice
from app.panels.liver.tree_aim import KINDS, place_of
from app.panels.liver.tree_mending import Marked, Mending, correction_words
from app.panels.liver.tree_places import MOST_PLACES, TreePlace, loose_pieces, places_to_look
from app.panels.liver.tree_scene import TreeScene, tree_rows, tree_title, trees_of
from app.panels.liver.tree_widgets import CorrectionList, CorrectionRow, TreeTools
from app.panels.parts import Callout, HeroNumber, IconButton, NumberTable, PanelAction, TableRow, page, paragraph, plain
from app.panels.rows import FieldRow, Heading, choice_box
from app.theme.tokens import DARK, LOOSE_VESSEL
from planning.geometry import FloatArray, Vector
from planning.liver.roles import may_hold_both_trees
from planning.registry import canonical_name, structure_style
from planning.units import text_value
from viewers.overlay import PlanItem
from viewers.pointing import Pointing
from viewers.view_state import ViewState

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel
    from planning.liver.anatomy import LiverAnatomy
    from planning.liver.corrections import TreeCorrection, TreeSet
    from planning.liver.model import LiverModel

PLACING = "tree"
SLABS_MM = MappingProxyType({"axial": 12.0, "coronal": 12.0})
# one looks into the liver at the trees; their tubes stand for the vessels' walls
LIVER_OPACITY, TUMOR_OPACITY = 0.12, 0.4
BEYOND = (("drop", "Belongs to no tree"), ("root", "Has a root of its own"))
NO_ROOTS = "no_tree_roots"
CONFIRM = "  This branch is right"
READ_ONLY = "This case is open to read"


class VesselStep(LiverStep):
    """2: the portal and the hepatic venous tree, both optional."""

    name = "Vessels"

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.hero = self._hero = HeroNumber()
        self._portal = StructureChoice("liver_portal", "Portal vein", ("vessel",))
        self._hepatic = StructureChoice("liver_hepatic", "Hepatic veins", ("vessel",))
        self._portal.list.ticked.connect(lambda name, on: self._tick("portal", name, on))
        self._hepatic.list.ticked.connect(lambda name, on: self._tick("hepatic", name, on))
        self._note = Callout("trees")
        self._table, self._look_table = NumberTable(), NumberTable()
        self._table.setObjectName("trees_table")
        self._look_table.setObjectName("tree_places")
        self._table.row_clicked.connect(self._fly_to_tree)
        self._look_table.row_clicked.connect(self._choose_place)
        self.tools = TreeTools()
        self.tools.chosen.connect(self.take_tool)
        self._hint = paragraph("", "hint")
        self._beyond = choice_box("cut_beyond", "What is beyond a cut", [words for _, words in BEYOND])
        self._beyond.activated.connect(self._beyond_chosen)
        self._beyond_row = FieldRow("Beyond it", self._beyond, wide=True)
        self._look_head = Heading("Look here")
        self._more = paragraph("", "hint")
        self.confirm = IconButton("confirm_branch", CONFIRM.strip(), "check", kind="second")
        self.confirm.clicked.connect(self._confirm)
        self._list_head = Heading("Corrections", "remove_tree_corrections", "Delete all")
        self._list_head.followed.connect(lambda: self._set_corrections(()))
        self.list = CorrectionList()
        self.list.opened.connect(self._fly_to_correction)
        self.list.removed.connect(self._remove)
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
            self._portal,
            self._hepatic,
        )
        self.mending = Mending()
        self.scene = TreeScene()
        self.places: list[TreePlace] = []
        self._chosen = ""
        self._marked: tuple[Marked, ...] = ()
        # the model, and its trees with a correction that it does not have yet
        self._ahead: tuple[LiverModel, TreeSet] | None = None
        self._said = ""
        panel.session.view.changed.connect(self._on_view)

    # what is there

    def trees(self) -> TreeSet | None:
        """The trees as they are shown: the model's, and at once with the correction that was made last."""
        model = self.work.model
        if model is None:
            return None
        return self._ahead[1] if self._ahead is not None and self._ahead[0] is model else model.trees.trees

    def _count(self) -> int:
        trees = self.trees()
        if trees is not None:
            return sum(tree is not None for tree in (trees.portal, trees.hepatic))
        return sum(bool(names) for names in (self.work.draft.roles.portal, self.work.draft.roles.hepatic))

    def _anatomy(self) -> LiverAnatomy:
        from planning.liver.anatomy import LiverAnatomy

        return LiverAnatomy.from_json(self.work.draft.anatomy)

    @property
    def corrections(self) -> tuple[TreeCorrection, ...]:
        """Those made, in their order."""
        return self._anatomy().corrections

    @property
    def _lacks_roots(self) -> bool:
        return bool(self.finding_words(NO_ROOTS))

    def colors(self) -> dict[str, str]:
        """Of each tree, and of what belongs to none."""
        own = {
            kind: structure_style(name).color
            for kind, name in (("portal", "portal_vein"), ("hepatic", "hepatic_veins"))
        }
        found = {**own, **self.panel.tree_colors()}
        if found["portal"] == found["hepatic"]:
            found = own
        return {**found, "loose": LOOSE_VESSEL}

    # coming and going

    def entered(self) -> None:
        """Slabs show whole vessels; the tools' keys hold."""
        self.panel.session.view.set(slabs=SLABS_MM)
        self.tools.listen(self.panel.window())

    def left(self) -> None:
        """Plain slices again, and no tool."""
        self.take_tool("")
        self.tools.be_silent()
        self.panel.session.view.set(slabs=MappingProxyType({}))

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        """Esc puts the tool down, and so does another tool."""
        if self.mending.tool and not (new.tool == "place" and new.placing == PLACING):
            self._hold("")

    # the tools

    def take_tool(self, tool: str) -> None:
        """Take a tool into the hand, "" puts it down."""
        if tool == self.mending.tool:
            return
        self._hold(tool)
        view = self.panel.session.view
        if tool:
            view.set(tool="place", placing=PLACING, selected_point="")
        elif view.state.placing == PLACING:
            view.set(tool="cross", placing="")

    def _hold(self, tool: str) -> None:
        self.mending.take(tool)
        self._said, self._marked = "", ()
        self._show_tools()
        self.panel.show_actions()
        self.panel.scene_changed.emit()

    def _blocked(self) -> str:
        if self.panel.session.document.read_only:
            return READ_ONLY
        return "" if self.trees() is not None else "Preparing the liver"

    def _kinds(self) -> tuple[str, ...]:
        """The trees that the tool in the hand can mean: those that it changes and that are not hidden."""
        hidden = self.panel.session.view.state.hidden
        wide = self.mending.tool in ("give", "join") or self._lacks_roots
        return tuple(kind for kind in (KINDS if wide else KINDS[:2]) if f"tree_{kind}" not in hidden)

    def pointed(self, pointing: Pointing | None) -> None:
        """What a click would change is marked before it."""
        if not self.mending.tool:
            return
        slab_mm = 0.0 if pointing is None else self.panel.session.view.state.slab_mm(pointing.pane)
        if self.mending.point(self.trees(), self._kinds(), pointing, slab_mm):
            self._remark()

    def point_placed(self, position_mm: FloatArray) -> None:
        """A click mends."""
        trees = self.trees()
        if not self.mending.tool or trees is None:
            return
        aim = self.mending.aim_of(trees, self._kinds(), position_mm)
        if aim is None:
            self._say("There is no vessel here.")
            return
        if aim.kind == "loose" and self.mending.tool == "root":
            self._name_root(aim.place_mm)
            return
        correction = self.mending.correction(trees, aim)
        self._say("")
        if correction is None:
            self._remark()
            return
        self._try(trees, correction)

    def _name_root(self, place_mm: Vector) -> None:
        """Where one label holds both trees and no root is known, the first click names the portal trunk."""
        from planning.liver.corrections import Root

        named = {one.tree for one in self.corrections if isinstance(one, Root)}
        tree = "hepatic" if "portal" in named else "portal"
        self._set_corrections((*self.corrections, Root(place_of(place_mm), tree)))

    def _try(self, trees: TreeSet, correction: TreeCorrection) -> None:
        """Keep a correction that changes something; say it of one that does not."""
        from planning.liver.corrections import apply_corrections

        after, findings = apply_corrections(trees, [correction])
        reason = findings[0].text.partition(": ")[2] if findings else "it is so already" if after is trees else ""
        words = f"{reason[:1].upper()}{reason[1:]}." if reason else ""
        if after is trees:
            self._say(f"{words} Nothing was changed.")
            self._remark()
            return
        self._say(words)
        model = self.work.model
        self._set_corrections((*self.corrections, correction), None if model is None else (model, after))

    def _set_corrections(
        self, corrections: tuple[TreeCorrection, ...], ahead: tuple[LiverModel, TreeSet] | None = None
    ) -> None:
        """Other corrections; trees, territories and numbers follow in a job. ahead: the trees until then."""
        self._ahead = ahead
        self.mending.aim = self.mending.first = None
        self._remark()
        self.work.set_anatomy(replace(self._anatomy(), corrections=corrections))

    def _remove(self, number: int) -> None:
        kept = self.corrections
        self._set_corrections((*kept[:number], *kept[number + 1 :]))

    def _confirm(self) -> None:
        """The branch that is looked at belongs where it is; the root is one."""
        from planning.liver.corrections import Reassign, Root

        place, trees = self._place(self._chosen), self.trees()
        if place is None or not place.tree or trees is None:
            return
        at = place_of(place.at_mm)
        if place.kind == "root":
            self._set_corrections((*self.corrections, Root(at, place.tree)))
        else:
            self._try(trees, Reassign(at, place.tree))

    def _beyond_chosen(self, number: int) -> None:
        self.mending.beyond = BEYOND[number][0]
        self._remark()

    def drafted(self) -> str:
        """The piece that a join begins with."""
        return "piece to join" if self.mending.first is not None else ""

    def take_back(self) -> None:
        """The join begins again."""
        self.mending.first = None
        self._remark()
        self._show_tools()

    def _say(self, words: str) -> None:
        """Beside the tools, and in the strip."""
        self._said = words
        if words:
            self.panel.session.said.emit(words)
        self._show_tools()

    def _remark(self) -> None:
        """What a click would change, as it is now."""
        trees = self.trees()
        before, self._marked = self._marked, self.mending.marked(trees) if trees is not None else ()
        if before or self._marked:
            self.panel.scene_changed.emit()

    # flying

    def _place(self, key: str) -> TreePlace | None:
        return next((place for place in self.places if place.key == key), None)

    def _choose_place(self, key: str) -> None:
        """Fly to a place of the list."""
        place = self._place(key)
        if place is not None:
            self._chosen = key
            self._show_places()
            self.panel.fly_asked.emit(place.at_mm)
            self.panel.scene_changed.emit()

    def _fly_to_tree(self, key: str) -> None:
        """Its root; of loose pieces the longest."""
        trees = self.trees()
        tree = None if trees is None else trees.of(key.removeprefix("tree_"))
        if trees is not None and tree is not None:
            longest = loose_pieces(trees)[0][0] if tree.kind == "loose" else tree.points_mm[int(tree.roots[0])]
            self.panel.fly_asked.emit(longest)

    def _fly_to_correction(self, number: int) -> None:
        self.panel.fly_asked.emit(np.array(self.corrections[number].at_mm))

    # what the panes show

    def items(self) -> tuple[PlanItem, ...]:
        """Trees, marks, and what a click would change."""
        trees = self.trees()
        if trees is None:
            return ()
        with_roots = self.mending.tool == "root"
        return self.scene.items(trees, self.colors(), self.places, self._chosen, self._marked, with_roots=with_roots)

    def rows(self) -> tuple[PlanRow, ...]:
        """The trees in the list of structures."""
        trees = self.trees()
        return () if trees is None else tree_rows(trees, self.colors())

    def opacities(self) -> Mapping[str, float]:
        """One looks into the liver; the trees stand for the vessels, and what lies around is left out."""
        roles, trees = self.work.draft.roles, self.trees()
        if trees is None:
            return dict.fromkeys(roles.organ, LIVER_OPACITY)
        shown = {**dict.fromkeys(roles.tumors, TUMOR_OPACITY), **dict.fromkeys(roles.organ, LIVER_OPACITY)}
        vessels = {*roles.portal, *roles.hepatic}
        return {name: 0.0 if name in vessels else shown.get(name, 0.0) for name in self.panel.session.case.structures}

    # what the panel shows

    def result(self) -> str:
        """How many trees."""
        count = self._count()
        return f"{count} tree{'' if count == 1 else 's'}" if count else "none"

    def refresh(self) -> None:
        """The trees, what to look at, and what was corrected."""
        model, trees = self.work.model, self.trees()
        if self._ahead is not None and self._ahead[0] is not model:
            self._ahead = None
        self.places = [] if model is None or trees is None else places_to_look(model.trees, trees)
        self._marked = self.mending.marked(trees) if trees is not None else ()
        self._show_count()
        self._show_choices()
        self._show_note()
        self._show_tools()
        self._show_places()
        self._show_corrections()

    def _show_count(self) -> None:
        trees, count = self.trees(), self._count()
        note = f"{len(self.places)} to look at" if self.places else ""
        self._hero.set_text(
            "Vessel trees", str(count), "tree" if count == 1 else "trees", note=note, stale=self.work.is_preparing
        )
        colors = self.colors()
        rows = []
        for tree in trees_of(trees) if trees is not None else ():
            pieces = len(tree.roots)
            length = text_value(float(tree.step_mm.sum()) / 10.0, 0)
            detail = "" if tree.kind == "loose" or pieces == 1 else f"{pieces} pieces, each with its own root"
            rows.append(
                TableRow(
                    f"tree_{tree.kind}",
                    tree_title(tree.kind)
                    if tree.kind != "loose"
                    else f"{pieces} loose piece{'' if pieces == 1 else 's'}",
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
            self.choices(roles.portal), [n for n in vessels if "hepatic" not in canonical_name(n)]
        )
        self._hepatic.show_choices(
            self.choices(roles.hepatic), [n for n in vessels if "portal" not in canonical_name(n)]
        )

    def _show_note(self) -> None:
        roles = self.work.draft.roles
        missing = [w for w, names in (("portal", roles.portal), ("hepatic venous", roles.hepatic)) if not names]
        touches = sum(place.kind == "touch" for place in self.places)
        words = self.finding_words("no_portal_tree", "no_hepatic_tree", "portal_pieces", "hepatic_pieces")
        if missing:
            self._note.show_note(
                f"No {' and no '.join(missing)} tree", "The viable remnant needs both; the plan can go on without."
            )
        elif self._lacks_roots:
            self._note.show_note(
                "Where do the trees begin?",
                "Both lie in one structure. Take Root, click the portal trunk, then the vena cava.",
            )
        elif touches:
            places = f"{touches} place{'' if touches == 1 else 's'}"
            self._note.show_note(
                f"Portal and hepatic vein touch at {places}.",
                "They were cut apart there. Look, and give back what is wrong.",
            )
        elif words:
            self._note.show_note("Look at the vessels", f"{words[0]}.")
        else:
            self._note.clear()

    def _show_tools(self) -> None:
        has_trees, tool = self.trees() is not None and bool(self._table.rows), self.mending.tool
        self.tools.setVisible(has_trees)
        self.tools.show_tool(tool, self._blocked())
        self._beyond_row.setVisible(tool == "cut")
        words = self._said or self.mending.hint
        if not words and self.work.is_preparing and has_trees:
            words = "Trees, territories and numbers follow…"
        self._hint.setText(words)
        self._hint.setVisible(bool(words) and has_trees)

    def _show_places(self) -> None:
        self._look_head.setVisible(bool(self.places))
        self._look_table.setVisible(bool(self.places))
        self._look_table.set_rows([self._place_row(place) for place in self.places[:MOST_PLACES]])
        left = len(self.places) - MOST_PLACES
        self._more.setText(f"{left} more are shorter or thinner; they are marked, too.")
        self._more.setVisible(left > 0)
        chosen = self._place(self._chosen)
        self._look_table.set_selected("" if chosen is None else chosen.key)
        self.confirm.setVisible(chosen is not None and bool(chosen.tree))
        self.confirm.setText("  This root is right" if chosen is not None and chosen.kind == "root" else CONFIRM)
        self.confirm.setEnabled(not self._blocked())

    def _place_row(self, place: TreePlace) -> TableRow:
        words = {"root": "by its place", "touch": "", "doubt": ""}[place.kind]
        return TableRow(
            place.key,
            f"{place.number}  {place.name}",
            words or plain(place.size_mm, "mm"),
            "" if words else "mm",
            swatch=self.colors().get(place.tree, DARK["warn"]),
        )

    def _show_corrections(self) -> None:
        corrections = self.corrections
        blocked = READ_ONLY if self.panel.session.document.read_only else ""
        notes = self.finding_words("tree_correction") if not self.work.is_preparing else []
        rows = []
        for number, one in enumerate(corrections, start=1):
            mine = next((note for note in notes if note.startswith(f"Tree correction {number} ")), "")
            reason = mine.partition(": ")[2]
            rows.append(CorrectionRow(correction_words(one), f"{reason[:1].upper()}{reason[1:]}"))
        self._list_head.setVisible(bool(rows))
        self._list_head.set_link("Delete all" if len(rows) > 1 and not blocked else "")
        self.list.setVisible(bool(rows))
        self.list.show_rows(rows, blocked)

    def actions(self) -> StepActions:
        """Accept vessels."""
        word = "Accept vessels" if self._count() else "Go on without vessels"
        hint = "Esc puts the tool down" if self.mending.tool else "Enter accepts"
        return StepActions(PanelAction("accept_vessels", word, self.panel.accept_step, key="Enter"), hint=hint)
