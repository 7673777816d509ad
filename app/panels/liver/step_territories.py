"""Step 4 of the liver panel: the liver's territories in colour, and Couinaud's segments to be corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from app.i18n import mark, text_quantity, tr, word
from app.panels import definitions
from app.panels.base import PlanRow
from app.panels.guide import StepActions
from app.panels.liver.segment_landmarks import PREFIX, LandmarkPart, anatomy_of
from app.panels.liver.segment_names import PLACING, NamesPart
from app.panels.liver.segment_words import BRANCH_RULE, DEFINITIONS, LANDMARK_RULE
from app.panels.liver.step_parts import LiverStep
from app.panels.liver.territory_view import KEY, KINDS, TerritoryView, color_of
from app.panels.parts import Callout, HeroNumber, IconButton, NumberTable, PanelAction, TableRow, page, paragraph, plain
from app.panels.rows import FieldRow, choice_box
from app.theme.tokens import SEGMENTS
from planning.geometry import FloatArray
from planning.units import THIN_SPACE
from viewers.overlay import PartsItem, PlanItem
from viewers.pointing import Pointing

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel
    from planning.liver.model import LiverModel
    from planning.liver.territory_field import TerritoryField

# how the segments were told, by the method's name
METHOD_WORDS = {"branches": mark("by branches"), "landmarks": mark("by landmarks")}
KIND_WORDS = (mark("Segments I–VIII"), mark("Portal branches"), mark("Hepatic veins"))
METHODS = (mark("Portal branches"), mark("Landmarks"))
MISSING = {
    "couinaud": mark("Segments need both vessel trees, or the eight landmarks."),
    "portal": mark("No portal vein is chosen."),
    "hepatic": mark("No hepatic vein is chosen."),
}
FILL, FAINT_FILL = 0.32, 0.16
# one sees the colours and, through them, the vessels
OPACITY, OTHER_OPACITY, NAMING_OPACITY = 0.72, 0.08, 0.16
LEAST_SHARE = 0.15
MOST_BRANCHES = 3


class TerritoryStep(LiverStep):
    """4: what hangs on each branch, and the segments."""

    name = mark("Territories")

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.view = TerritoryView(self.work)
        self.view.changed.connect(self._view_changed)
        self.hero = self._hero = HeroNumber(definitions.SEGMENT_COUNT)
        self._waiting = paragraph("", "hint")
        self._kind = choice_box("territory_kind", tr("Which territories are shown"), KIND_WORDS)
        self._kind.activated.connect(lambda number: self.view.choose(KINDS[number]))
        self._table = NumberTable(definitions.LIVER_SEGMENTS)
        self._table.setObjectName("territory_table")
        self._table.row_clicked.connect(self._fly)
        self._table.row_hovered.connect(self._hover)
        self._rule = paragraph("", "hint")
        self._note = Callout("territories")
        self._note.followed.connect(self._follow)
        self._follow_to = ""
        self._automatic = IconButton("segments_automatic", tr("Back to automatic"), "rotate-ccw", kind="inline")
        self._automatic.clicked.connect(self._back_to_automatic)
        self._method = choice_box("segment_method", tr("How segments are told"), METHODS)
        self._method.activated.connect(self._method_chosen)
        self._method_row = FieldRow(tr("Told by"), self._method, wide=True)
        self.landmarks, self.names = LandmarkPart(panel), NamesPart(panel)
        # landmarks are wanted before the first one is there
        self._wants_landmarks = False
        self.body = page(
            self._waiting,
            FieldRow(tr("Shown"), self._kind, wide=True),
            self._method_row,
            self._note,
            self.names.hint,
            self.landmarks.widget,
            self._table,
            self._rule,
            self.names.widget,
            self._automatic,
        )

    # what is there

    @property
    def _by_landmarks(self) -> bool:
        said = anatomy_of(self.panel).segments
        return self._wants_landmarks or (bool(said.landmarks) and said.method != "branches")

    def _count(self) -> int:
        model = self.work.model
        if model is None:
            return 0
        part = {"couinaud": model.couinaud, "portal": model.portal, "hepatic": model.hepatic}.get(self.view.kind)
        return len(part.names) if part is not None else 0

    def result(self) -> str:
        """How many segments, or branches."""
        if self.work.model is None:
            return ""
        count = self._count()
        if not count:
            return tr("none")
        if self.view.kind == "couinaud":
            return tr("%n segment(s)", "", count)
        return tr("%n branch(es)", "", count) if self.view.kind == "portal" else tr("%n vein(s)", "", count)

    # coming and going

    def entered(self) -> None:
        """The colours are shown here, whether or not they are hidden elsewhere."""
        view = self.panel.session.view
        view.set(hidden=view.state.hidden - {KEY})

    def left(self) -> None:
        """No tool stays in the hand; on the resection the colours are one click away."""
        self.landmarks.stop()
        self.names.stop()
        self.view.mark(-1)
        view = self.panel.session.view
        view.set(hidden=view.state.hidden | {KEY})

    # the hand

    def owns(self, key: str) -> bool:
        """Whether a point is one of this step's."""
        return key.startswith(PREFIX) or key == PLACING

    def point_placed(self, key: str, position_mm: FloatArray) -> None:
        """A landmark, or a branch to be named."""
        if key == PLACING:
            self.names.point_placed(position_mm)
        else:
            self.landmarks.point_placed(key, position_mm)

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> None:
        """A landmark follows the hand."""
        self.landmarks.point_moved(key, position_mm, finished)

    def reset_point(self, key: str) -> None:
        """Delete: a landmark goes."""
        self.landmarks.remove(key.removeprefix(PREFIX))

    def pointed(self, pointing: Pointing | None) -> None:
        """The branch that a click would name is marked."""
        self.names.pointed(pointing)

    def _method_chosen(self, number: int) -> None:
        """Landmarks that were set are kept while branches are wanted."""
        anatomy = anatomy_of(self.panel)
        said = anatomy.segments
        self._wants_landmarks = METHODS[number] == "Landmarks"
        self.names.stop()
        method = "branches" if said.landmarks and not self._wants_landmarks else ""
        if method != said.method:
            self.work.set_anatomy(replace(anatomy, segments=replace(said, method=method)))
        if self._wants_landmarks:
            self.landmarks.ask_missing()
        else:
            self.landmarks.stop()
        self.panel.refresh()
        self.panel.scene_changed.emit()

    def _back_to_automatic(self) -> None:
        """All landmarks and names away."""
        anatomy = anatomy_of(self.panel)
        self._wants_landmarks = False
        self.landmarks.stop()
        self.names.stop()
        self.work.set_anatomy(replace(anatomy, segments=type(anatomy.segments)()))
        self.panel.refresh()

    def _follow(self) -> None:
        if self._follow_to == "landmarks":
            self.view.choose("couinaud")
            self._method_chosen(METHODS.index("Landmarks"))
        elif self._follow_to == "vessels":
            self.panel.go_to(1)

    def _fly(self, name: str) -> None:
        field = self.view.field
        if field is not None and name in field.names:
            self.panel.fly_asked.emit(field.middles_mm[field.names.index(name)])

    def _hover(self, name: str) -> None:
        field = self.view.field
        self.view.mark(field.names.index(name) if field is not None and name in field.names else -1)

    def _view_changed(self) -> None:
        if self.panel.step is self:
            self.panel.refresh()
        self.panel.scene_changed.emit()

    # what the panes show

    def parts(self, *, faint: bool = False) -> PartsItem | None:
        """The territories in colour. faint: under a plan."""
        return self.view.item(fill_opacity=FAINT_FILL if faint else FILL)

    def parted(self) -> Mapping[str, npt.NDArray[Any]]:
        """The organ's structures wear the colours."""
        return self.view.surface_codes(self.work.draft.roles.organ)

    def items(self) -> tuple[PlanItem, ...]:
        """Landmarks, or the tree that is named."""
        if self.view.kind != "couinaud":
            return ()
        return self.landmarks.items() if self._by_landmarks else self.names.items()

    def row(self) -> PlanRow | None:
        """The line in the list of structures by which the colours are shown and hidden."""
        if self.view.field is None:
            return None
        return PlanRow(KEY, KIND_WORDS[KINDS.index(self.view.kind)], SEGMENTS[4])

    def opacities(self) -> Mapping[str, float]:
        """The liver's colours, the vessels through them; what lies around is faint."""
        roles = self.work.draft.roles
        if self.names.is_naming:
            return {
                **dict.fromkeys(self.panel.session.case.structures, OTHER_OPACITY),
                **dict.fromkeys((*roles.organ, *roles.portal, *roles.hepatic, *roles.tumors), NAMING_OPACITY),
            }
        return {
            **dict.fromkeys(self.panel.session.case.structures, OTHER_OPACITY),
            **dict.fromkeys((*roles.portal, *roles.hepatic, *roles.tumors), 1.0),
            **dict.fromkeys(roles.organ, OPACITY),
        }

    # what the panel shows

    def refresh(self) -> None:
        """ml of each, and how segments are told."""
        model, kind = self.work.model, self.view.kind
        self._waiting.setText(self.waiting_words())
        self._waiting.setVisible(bool(self.waiting_words()))
        self._kind.setCurrentIndex(KINDS.index(kind) if kind else 0)
        self._show_hero(model)
        field = self.view.field
        rows = [] if model is None or field is None or field.kind != kind else self._rows(model, field)
        self._table.set_rows(rows, stale=self.view.is_stale)
        self._table.setVisible(bool(rows))
        by_landmarks = self._by_landmarks
        found = model.couinaud if model is not None else None
        is_by_surface = kind == "couinaud" and found is not None and found.method == "landmarks"
        self._rule.setText(tr(LANDMARK_RULE if is_by_surface else BRANCH_RULE))
        self._rule.setVisible(bool(rows))
        self._show_note(model)
        is_couinaud = kind == "couinaud" and model is not None
        said = anatomy_of(self.panel).segments
        read_only = self.panel.session.document.read_only
        self._automatic.setVisible(is_couinaud and bool(said.landmarks or said.names) and not read_only)
        self._method_row.setVisible(is_couinaud)
        self._method.setEnabled(not read_only)
        self._method.setCurrentIndex(METHODS.index("Landmarks") if by_landmarks else 0)
        self.landmarks.widget.setVisible(is_couinaud and by_landmarks)
        self.names.widget.setVisible(is_couinaud and not by_landmarks)
        self.names.hint.setVisible(False)
        if is_couinaud:
            (self.landmarks if by_landmarks else self.names).refresh()

    def _show_hero(self, model: LiverModel | None) -> None:
        kind, count = self.view.kind, self._count()
        caption = KIND_WORDS[KINDS.index(kind)] if kind else tr("Territories")
        found = model.couinaud if model is not None and kind == "couinaud" else None
        note = "" if found is None else tr(METHOD_WORDS[found.method])
        self._hero.set_text(
            caption, str(count) if model is not None else "–", note=note, stale=model is None or self.view.is_stale
        )

    def _rows(self, model: LiverModel, field: TerritoryField) -> list[TableRow]:
        whole = model.voxels.count * model.voxel_ml
        names = tuple(DEFINITIONS) if field.kind == "couinaud" else field.names
        return [self._row(model, field, name, whole) for name in names]

    def _row(self, model: LiverModel, field: TerritoryField, name: str, whole_ml: float) -> TableRow:
        title = self.view.title_of(field.kind, name)
        if name not in field.names:
            by_branches = model.couinaud is not None and model.couinaud.method == "branches"
            return TableRow(
                name,
                title,
                "–",
                detail=tr("No branch of its own here") if by_branches else tr("No voxel of its own here"),
                reason=tr(DEFINITIONS.get(name, "")),
                clickable=False,
                swatch=color_of(field.kind, name, 0),
            )
        number = field.names.index(name)
        status, state = self._sureness(model, name) if field.kind == "couinaud" else ("", "")
        ml = field.volumes_ml[number]
        return TableRow(
            name,
            title,
            plain(ml, "ml"),
            "ml",
            share=text_quantity(100.0 * ml / whole_ml, "%"),
            swatch=color_of(field.kind, name, number),
            detail=self._supply(model, field, number, most=1),
            status=status,
            state=state,
            reason=self._tip(model, field, name, number),
        )

    def _sureness(self, model: LiverModel, name: str) -> tuple[str, str]:
        found = model.couinaud
        if found is None or found.method == "landmarks" or name not in found.names:
            return "", ""
        sure = found.confidence[found.names.index(name)]
        is_unsure = name in self.view.unsure()
        return tr("{value:.0f} % sure", value=100.0 * sure), "warn" if is_unsure else ""

    def _supply(self, model: LiverModel, field: TerritoryField, number: int, *, most: int) -> str:
        """ "Portal 3, vein 1": the branches that feed and drain most of it; in full for the tooltip."""
        said = []
        for shares, part, letter, words in (
            (field.feeds, model.portal, word("portal"), tr("Fed by")),
            (field.drains, model.hepatic, word("vein"), tr("Drained by")),
        ):
            if shares is None or part is None:
                continue
            order = [n for n in (-shares[number]).argsort() if shares[number][n] >= LEAST_SHARE][:most]
            branches = [part.names[n].rpartition("_")[2] for n in order]
            if most == 1:
                said.append(f"{letter} {branches[0]}" if branches else "")
            else:
                listed = ", ".join(
                    f"{self.view.title_of(part.tree.kind, part.names[n])} {100.0 * shares[number][n]:.0f}{THIN_SPACE}%"
                    for n in order
                )
                said.append(f"{words} {listed}")
        words = (", " if most == 1 else "\n").join(one for one in said if one)
        return f"{words[:1].upper()}{words[1:]}"

    def _tip(self, model: LiverModel, field: TerritoryField, name: str, number: int) -> str:
        found = model.couinaud
        by_surface = field.kind == "couinaud" and found is not None and found.method == "landmarks"
        lines = [tr(DEFINITIONS.get(name, "")), self._supply(model, field, number, most=MOST_BRANCHES)]
        return "\n".join([*(line for line in lines if line), tr(LANDMARK_RULE if by_surface else BRANCH_RULE)])

    def _show_note(self, model: LiverModel | None) -> None:
        """What to look at first."""
        kind = self.view.kind
        self._follow_to = ""
        if model is None:
            self._note.clear()
        elif not kind:
            self._say(
                tr("No vessel tree is chosen"),
                tr("Territories follow the branches of a tree."),
                tr("Vessels"),
                "vessels",
            )
        elif kind not in self.view.kinds():
            self._say_missing(model, kind)
        elif kind == "couinaud" and self.landmarks.asked:
            # one thing at a time: the hand places points now
            self._note.clear()
        elif kind == "couinaud":
            self._say_of_segments(model)
        elif model.couinaud is None and not self.view.is_chosen:
            # branches are shown because there are no segments: say why
            self._say_missing(model, "couinaud")
        else:
            self._note.clear()

    def _say(self, title: str, text: str, link: str = "", follow_to: str = "") -> None:
        self._follow_to = follow_to
        self._note.show_note(title, text, "warn", link)

    def _say_missing(self, model: LiverModel, kind: str) -> None:
        if kind != "couinaud":
            self._say(MISSING[kind], tr("Territories follow the branches of a tree."), tr("Vessels"), "vessels")
            return
        words = self.finding_words("couinaud_landmarks", "no_couinaud")
        reason = words[0].rpartition(": ")[2] if words else ""
        reason = reason.partition("; set the landmarks")[0]
        text = f"{reason[:1].upper()}{reason[1:]}." if reason else MISSING["couinaud"]
        link = "" if self._by_landmarks or self.panel.session.document.read_only else tr("Set the landmarks")
        self._say(tr("Segments I–VIII are not named"), text, link, "landmarks")

    def _say_of_segments(self, model: LiverModel) -> None:
        wrong = self.finding_words("couinaud_landmarks", "segments_by_hand", "segment_name")
        unsure = sorted(self.view.unsure(), key=tuple(DEFINITIONS).index)
        missing = [name for name in DEFINITIONS if model.couinaud is not None and name not in model.couinaud.names]
        if wrong:
            self._say(tr("Look at the segments"), f"{wrong[0]}.")
        elif unsure:
            names = ", ".join(unsure)
            plural = "s" if len(unsure) > 1 else ""
            self._say(
                tr("Segment{plural} {names}: not sure", plural=plural, names=names),
                tr("Portal branches and hepatic veins disagree here. Name the branches, or set the landmarks."),
            )
        elif missing:
            words = self.finding_words("segment_missing")
            self._say(f"{words[0]}." if words else tr("Segment {missing} is missing here.", missing=missing[0]), "")
        else:
            self._note.clear()

    def actions(self) -> StepActions:
        """Accept territories."""
        has_liver = bool(self.work.draft.roles.organ)
        ready = self.work.model is not None or self.work.problem is not None
        waiting = tr("Preparing the liver") if has_liver else tr("Choose the liver first")
        word = tr("Accept territories") if self._count() or not ready else tr("Go on without territories")
        hint = tr("Enter accepts")
        is_couinaud = self.work.model is not None and self.view.kind == "couinaud"
        by_landmarks = self._by_landmarks
        others = (self.landmarks if by_landmarks else self.names).actions() if is_couinaud else ()
        if self.landmarks.asked or self.names.is_naming:
            hint = tr("Click places · Esc stops") if self.landmarks.asked else tr("Esc puts the tool down")
        return StepActions(
            PanelAction(
                "accept_territories",
                word,
                self.panel.accept_step,
                blocked="" if ready else waiting,
                key="Enter",
            ),
            others,
            hint=hint,
        )
