"""What step 2 of the liver panel works on: the trees as they are shown, corrections made by a tool, and what to look at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.i18n import mark, tr
from app.panels.liver.made_of import MadeOf
from app.panels.liver.tree_aim import KINDS, place_of
from app.panels.liver.tree_mending import Marked, Mending
from app.panels.liver.tree_places import TreePlace, places_to_look
from app.theme.tokens import LOOSE_VESSEL
from planning.geometry import FloatArray, Vector
from planning.registry import structure_style
from viewers.pointing import Pointing
from viewers.view_state import ViewState

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel
    from planning.liver.anatomy import LiverAnatomy
    from planning.liver.corrections import TreeCorrection, TreeSet
    from planning.liver.model import LiverModel

PLACING = "tree"
NO_ROOTS = "no_tree_roots"
READ_ONLY = mark("This case is open to read")


class TreeWork(QObject):
    """`marked_changed`: what a click would change is another. `tool_changed`: the tool in the hand, or what is said of it."""

    marked_changed = Signal()
    tool_changed = Signal()

    def __init__(self, panel: LiverPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._panel, self._work, self._view = panel, panel.work, panel.session.view
        self.mending = Mending()
        self.marked: tuple[Marked, ...] = ()
        self.places: list[TreePlace] = []
        self.said = ""
        self._places_of: tuple[TreeSet, tuple[str, ...]] | None = None
        self._aimed_at: TreeSet | None = None
        # the model, and its trees with corrections that it does not have yet
        self._ahead: tuple[MadeOf, TreeSet] | None = None
        self._view.changed.connect(self._on_view)

    # what is there

    def trees(self) -> TreeSet | None:
        """The trees as they are shown: the model's, and at once with the correction that was made last."""
        model = self._work.model
        if model is None:
            return None
        return self._ahead[1] if self._ahead is not None and self._ahead[0].is_(model) else model.trees.trees

    def _anatomy(self) -> LiverAnatomy:
        from planning.liver.anatomy import LiverAnatomy

        return LiverAnatomy.from_json(self._work.draft.anatomy)

    @property
    def corrections(self) -> tuple[TreeCorrection, ...]:
        """Those made, in their order."""
        return self._anatomy().corrections

    @property
    def lacks_roots(self) -> bool:
        """True where one label holds both trees and nobody knows where they begin."""
        model = self._work.model
        return model is not None and any(finding.code == NO_ROOTS for finding in model.findings)

    @property
    def blocked(self) -> str:
        """Why no tool can be taken, "" when one can."""
        if self._panel.session.document.read_only:
            return READ_ONLY
        return "" if self.trees() is not None else tr("Preparing the liver")

    def colors(self) -> dict[str, str]:
        """Of each tree, and of what belongs to none."""
        known = (("portal", "portal_vein"), ("hepatic", "hepatic_veins"))
        own = {kind: structure_style(name).color for kind, name in known}
        found = {**own, **self._panel.tree_colors()}
        if found["portal"] == found["hepatic"]:
            found = own
        return {**found, "loose": LOOSE_VESSEL}

    def refresh(self) -> None:
        """The model or what was said of it is another."""
        model, trees = self._work.model, self.trees()
        if self._ahead is not None and not self._ahead[0].is_(model):
            self._ahead = None
        named = self._named_roots()
        if model is None or trees is None:
            self.places, self._places_of = [], None
        elif self._places_of is None or self._places_of[0] is not trees or self._places_of[1] != named:
            self.places, self._places_of = places_to_look(model.trees, trees, named), (trees, named)
        if trees is not None and trees is not self._aimed_at:
            self.mending.find_again(trees, self._kinds())
        self._aimed_at = trees
        self.marked = self.mending.marked(trees) if trees is not None else ()

    def _named_roots(self) -> tuple[str, ...]:
        from planning.liver.corrections import Root

        return tuple(one.tree for one in self.corrections if isinstance(one, Root))

    # the tool

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        """Esc puts the tool down, and so does another tool."""
        if self.mending.tool and not (new.tool == "place" and new.placing == PLACING):
            self._hold("")

    def take_tool(self, tool: str) -> None:
        """Take a tool into the hand, "" puts it down."""
        if tool == self.mending.tool:
            return
        self._hold(tool)
        if tool:
            self._view.set(tool="place", placing=PLACING, selected_point="")
        elif self._view.state.placing == PLACING:
            self._view.set(tool="cross", placing="")

    def _hold(self, tool: str) -> None:
        self.mending.take(tool)
        self.said, self.marked = "", ()
        self.tool_changed.emit()
        self.marked_changed.emit()

    def set_beyond(self, beyond: str) -> None:
        """What a cut does with what is beyond it: "drop" or "root"."""
        self.mending.beyond = beyond
        self._mark()

    def _kinds(self) -> tuple[str, ...]:
        """The trees that the tool in the hand can mean: those that it changes and that are not hidden."""
        hidden = self._view.state.hidden
        wide = self.mending.tool in ("give", "join") or self.lacks_roots
        return tuple(kind for kind in (KINDS if wide else KINDS[:2]) if f"tree_{kind}" not in hidden)

    def pointed(self, pointing: Pointing | None) -> None:
        """What a click would change is marked before it."""
        if not self.mending.tool:
            return
        slab_mm = 0.0 if pointing is None else self._view.state.slab_mm(pointing.pane)
        if self.mending.point(self.trees(), self._kinds(), pointing, slab_mm):
            self._mark()

    def point_placed(self, position_mm: FloatArray) -> None:
        """A click mends."""
        trees = self.trees()
        if not self.mending.tool or trees is None:
            return
        aim = self.mending.aim_of(trees, self._kinds(), position_mm)
        if aim is None:
            self._say(tr("There is no vessel here."))
            return
        if aim.kind == "loose" and self.mending.tool == "root":
            self._name_root(aim.place_mm)
            return
        correction = self.mending.correction(trees, aim)
        self._say("")
        if correction is None:
            self._mark()
            return
        self._try(trees, correction)

    def drafted(self) -> str:
        """The piece that a join begins with, or a correction that the case does not have yet."""
        return self.unkept() or (tr("correction of the vessels") if self._is_ahead_of_case else "")

    def unkept(self) -> str:
        """The piece that a join begins with."""
        return tr("piece to join") if self.mending.first is not None else ""

    def take_back(self) -> None:
        """What `drafted` names goes."""
        if self.mending.first is not None:
            self.mending.first = None
            self._mark()
            self.tool_changed.emit()
        else:
            self.remove(len(self.corrections) - 1)

    @property
    def _is_ahead_of_case(self) -> bool:
        from planning.liver.anatomy import LiverAnatomy

        saved = self._work.saved
        kept = LiverAnatomy.from_json(None if saved is None else saved.inputs.get("anatomy")).corrections
        return len(self.corrections) > len(kept)

    # corrections

    def _try(self, trees: TreeSet, correction: TreeCorrection) -> None:
        """Keep a correction that changes something; say it of one that does not."""
        from planning.liver.corrections import apply_corrections

        after, findings = apply_corrections(trees, [correction])
        reason = findings[0].text.partition(": ")[2] if findings else tr("it is so already") if after is trees else ""
        words = f"{reason[:1].upper()}{reason[1:]}." if reason else ""
        if after is trees:
            self._say(tr("{words} Nothing was changed.", words=words))
            self._mark()
            return
        self._say(words)
        model = self._work.model
        self._set((*self.corrections, correction), None if model is None else (model, after))

    def _name_root(self, place_mm: Vector) -> None:
        """Where no root is known, the first click names the portal trunk and the second the vena cava."""
        from planning.liver.corrections import Root

        tree = "hepatic" if "portal" in self._named_roots() else "portal"
        self._set((*self.corrections, Root(place_of(place_mm), tree)))

    def confirm(self, place: TreePlace) -> None:
        """A doubtful branch belongs where it is; a root that was chosen by its place is one."""
        from planning.liver.corrections import Reassign, Root

        trees = self.trees()
        if not place.tree or trees is None:
            return
        at = place_of(place.at_mm)
        if place.kind == "root":
            self._set((*self.corrections, Root(at, place.tree)))
        else:
            self._try(trees, Reassign(at, place.tree))

    def remove(self, number: int) -> None:
        """One correction less; those after it hold on."""
        kept = self.corrections
        self._set((*kept[:number], *kept[number + 1 :]))

    def remove_all(self) -> None:
        """The trees as they were found."""
        self._set(())

    def _set(self, corrections: tuple[TreeCorrection, ...], ahead: tuple[LiverModel, TreeSet] | None = None) -> None:
        """Other corrections; trees, territories and numbers follow in a job. ahead: the trees until then."""
        self._ahead = None if ahead is None else (MadeOf(ahead[0]), ahead[1])
        self.mending.made()
        self._mark()
        self._work.set_anatomy(replace(self._anatomy(), corrections=corrections))

    def _say(self, words: str) -> None:
        """Beside the tools, and in the strip."""
        self.said = words
        if words:
            self._panel.session.said.emit(words)
        self.tool_changed.emit()

    def _mark(self) -> None:
        """What a click would change, as it is now."""
        trees = self.trees()
        before, self.marked = self.marked, self.mending.marked(trees) if trees is not None else ()
        if before or self.marked:
            self.marked_changed.emit()
