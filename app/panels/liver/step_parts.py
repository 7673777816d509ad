"""What the steps of the liver panel share: the panel's work, structures by their role, names of branches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.i18n import structure_name, text_quantity, tr
from app.panels.choices import Choice, ChoiceList
from app.panels.guide import FIRST_LOOK, Step
from app.panels.parts import page, paragraph
from app.panels.rows import Heading
from planning.registry import structure_style

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel


class StructureChoice(QWidget):
    """The structures that can play a role, likely ones first; the rest by [Show all]."""

    def __init__(self, identifier: str, heading: str, kinds: Sequence[str]) -> None:
        super().__init__()
        self._kinds = tuple(kinds)
        self._all = False
        self.heading = Heading(heading, f"{identifier}_all", tr("Show all"))
        self.list = ChoiceList(identifier, heading)
        self._none = paragraph(tr("No structure of this case fits."), "hint")
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
        self.heading.set_link("" if not rest else tr("Show fewer") if self._all else tr("Show all"))
        self._none.setVisible(not shown)


class LiverStep(Step):
    """A step of the liver panel: it reads the panel's work and asks for changes there.

    shared_roles: the other roles that a structure of a role may keep.
    """

    shared_roles: Mapping[str, tuple[str, ...]] = MappingProxyType(
        {"organ": ("portal", "hepatic"), "portal": ("organ",), "hepatic": ("organ",)}
    )

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self.work = panel.work

    def choices(self, chosen: Sequence[str]) -> list[Choice]:
        """Every structure of the case, ticked where it is chosen."""
        return [
            Choice(
                name,
                structure_name(name),
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
        shared = self.shared_roles.get(role, ())
        order = tuple(self.panel.session.case.structures)
        changed = {}
        for other, names in roles.items():
            if other == role:
                mine = {*names, name} if wanted else set(names) - {name}
                changed[other] = tuple(n for n in order if n in mine)
            else:
                changed[other] = tuple(n for n in names if not wanted or n != name or other in shared)
        self.work.set_roles(replace(self.work.draft.roles, **changed))

    def waiting_words(self) -> str:
        """What is being done before this step's numbers are there."""
        if self.work.is_waiting:
            return FIRST_LOOK
        return tr("Preparing the {kind}…", kind=self.work.kind) if self.work.is_preparing else ""

    def finding_words(self, *codes: str) -> list[str]:
        """Sentences of the model's findings of these codes."""
        model = self.work.model
        return [f.text for f in model.findings if f.code in codes] if model is not None else []


def branch_name(name: str, words: str) -> str:
    """ "Portal branch 3" from "portal_3"."""
    number = name.rpartition("_")[2]
    return f"{words} {number}" if number.isdigit() else structure_name(name)
