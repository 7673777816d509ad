"""Segmentation by a model: its card and gate at the right, the models at the left, what it finds below the slices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.doubt_content import has_doubt
from app.i18n import mark, said, structure_name, text_value, tr
from app.pane_grid import Arrangement
from app.panels.cards import LimitBar
from app.panels.guide import Step, StepActions
from app.panels.labels import ElidedLabel, IconMark
from app.panels.parts import Callout, PanelAction, page, paragraph
from app.panels.rows import FieldRow, choice_box
from app.panels.segment.model_card import (
    CheckedCard,
    FactCard,
    LicenceGate,
    LicenceSheet,
    checked_rows,
    facts_of,
    purpose_words,
    source_words,
)
from app.panels.segment.model_list import ModelList, ModelRow
from app.panels.segment.model_work import ADD, CHECK, DEVICES, QUALITIES, ModelWork, Ran
from app.panels.segment.reason_words import short_reason
from app.panes.found_pane import FoundPane, FoundRow
from app.panes.look import panel_look
from app.panes.phase_axis import phase_name
from app.texts import remaining_text
from app.theme.style import set_kind
from planning.case.model import Structure
from planning.case.trust import Trust
from planning.registry import structure_style
from viewers.keys import with_key

if TYPE_CHECKING:
    from app.jobs import JobState
    from app.panels.notes import Note
    from app.panels.segment.panel import SegmentPanel
    from inference.manifest import Label
    from inference.zoo import InstalledModel

STATES = {"green": "ok", "amber": "warn", "red": "bad"}
MOST_TOLD_ML = 10_000.0
ADD_FILES = mark("Models (*.zip *.pt *.pth *.onnx *.pt2 *.ts);;All files (*)")
LEGEND = mark("Sure: 95 % chance of Dice 0.8 or more here.")
HATCHED = mark("{hatched}: where it is not sure.")


class ModelStep(Step):
    """One model at a time: read its card, tick what it shall find, run it, look at what it found."""

    name = mark("Models")

    def __init__(self, panel: SegmentPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self.work = ModelWork(panel.session, self)
        self.list = ModelList()
        self.list.chosen.connect(self.choose)
        self.list.folder_asked.connect(self.ask_folder)
        self.list.file_asked.connect(self.ask_file)
        self.table = FoundPane(panel.session.view, panel_look())
        self.table.list.ticked.connect(self.tick)
        self.table.list.eye_clicked.connect(panel.session.view.toggle_hidden)
        self.table.list.picked.connect(self._picked)
        self.table.list.opened.connect(self.show_structure)
        self.table.all_asked.connect(self.work.tick_all)
        self.is_choosing = True
        self._asking = ""
        self._shown_run: Ran | None = None
        self._shown_note: Note | None = None
        self._style_before = ""
        self._own: tuple[str, list[dict[str, object]]] = ("", [])
        self.body = self._make_body()
        self.gate = LicenceGate()
        self.gate.ticked.connect(self.work.read_licence)
        self.gate.read_asked.connect(self.show_licence)
        self.work.changed.connect(self._work_changed)
        panel.session.jobs.changed.connect(self._show_progress)
        panel.session.view.changed.connect(lambda old, new: self._show_phase() if old.phase != new.phase else None)

    def _make_body(self) -> QWidget:
        self._note = Callout("models")
        self._phase_note = Callout("model_phase")
        self._source = ElidedLabel(kind="hint")
        self._source_row = QWidget()
        set_kind(self._source_row, "clear")
        line = QHBoxLayout(self._source_row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(IconMark("box", "t3", 14))
        line.addWidget(self._source, 1)
        self._purpose = paragraph("", "label")
        self._purpose.setTextFormat(Qt.TextFormat.PlainText)
        self._facts = FactCard()
        self._checked = CheckedCard()
        self._weak = QWidget()
        set_kind(self._weak, "clear")
        weak = QHBoxLayout(self._weak)
        weak.setContentsMargins(0, 0, 0, 0)
        weak.setSpacing(9)
        weak.addWidget(IconMark("triangle-alert", "warn", 15), 0, Qt.AlignmentFlag.AlignTop)
        self._weak_words = paragraph("", "label")
        self._weak_words.setTextFormat(Qt.TextFormat.PlainText)
        weak.addWidget(self._weak_words, 1)
        self.device = choice_box("model_device", tr("Where the model runs"), [tr(words) for _, words in DEVICES])
        self.device.activated.connect(lambda n: self.work.set_device(DEVICES[n][0]))
        self.quality = choice_box("model_quality", tr("How carefully"), [tr(words) for _, words in QUALITIES])
        self.quality.setCurrentIndex(1)
        self.quality.activated.connect(lambda n: self.work.set_quality(QUALITIES[n][0]))
        self._settings = page(
            FieldRow(tr("Runs on"), self.device, wide=True), FieldRow(tr("Quality"), self.quality, wide=True), spacing=6
        )
        self._bar = LimitBar()
        self._doing = paragraph("", "label")
        self._progress = page(self._doing, self._bar, spacing=4)
        self._progress.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        return page(
            self._note,
            self._phase_note,
            self._progress,
            self._source_row,
            self._purpose,
            self._settings,
            self._facts,
            self._checked,
            self._weak,
            spacing=9,
        )

    # what the window asks

    def arrangement(self) -> Arrangement:
        """Two slices above the table."""
        return Arrangement(("axial", "coronal", "found"), "table")

    def entered(self) -> None:
        """The list is read anew, and what a model found before is shown."""
        self.work.look()
        self.is_choosing = not self._shows_result
        self._show_doubt()
        self.gate.setVisible(False)
        self.panel.frame.set_title(self._title())

    def left(self) -> None:
        """The list of structures has the name of the place again."""
        self._asking = ""
        self.gate.setVisible(False)
        self.panel.frame.set_title(tr("Segment"))
        if self._style_before and self.panel.session.view.state.label_style == "doubt":
            self.panel.session.view.set(label_style=self._style_before)
        self._style_before = ""

    def _show_doubt(self) -> None:
        """Hatched while the place is open; O changes it as everywhere, and what was before comes back on leaving."""
        view = self.panel.session.view
        if not self._style_before and has_doubt(self.panel.session.case):
            self._style_before = view.state.label_style
            view.set(label_style="doubt")

    def _title(self) -> str:
        model = self.work.model
        return tr("Models") if model is None else f"{model.manifest.title}  {model.manifest.version}"

    def _kept(self, model: InstalledModel | None = None) -> dict[str, Structure]:
        """What a model, else the shown one, found and the case holds, by the model's names."""
        model = model or self.work.model
        if model is None:
            return {}
        key = (model.manifest.id, model.manifest.version)
        found = {}
        for structure in self.panel.session.case.structures.values():
            trust, said = structure.trust, structure.provenance.inputs
            if trust is not None and (trust.model, trust.version) == key and said:
                found[said[0].removeprefix("structure ")] = structure
        return found

    @property
    def _shows_result(self) -> bool:
        ran, model = self.work.ran, self.work.model
        if model is None:
            return False
        return bool(self._kept() or self._in_vain(model)) or (ran is not None and ran.model_key == model.key)

    def _in_vain(self, model: InstalledModel) -> set[str]:
        """What it looked for in runs that found nothing, as the case has it."""
        key = (model.manifest.id, model.manifest.version)
        runs = self.panel.session.case.in_vain
        return {name for run in runs if (run.model, run.version) == key for name in run.names}

    # the hand

    def choose(self, key: str) -> None:
        """Another model."""
        self.work.choose(key)
        self.is_choosing = not self._shows_result
        self._asking = ""
        self.panel.refresh()

    def ask_folder(self) -> None:
        """Add from a folder."""
        self.panel.open_folder_asked.emit(tr("Add a model"), self.work.add)

    def ask_file(self) -> None:
        """Add from a file."""
        self.panel.open_file_asked.emit(tr("Add a model"), ADD_FILES, self.work.add)

    def tick(self, key: str, wanted: bool) -> None:
        """What shall be found, or used; what is red asks once."""
        if self.is_choosing:
            self.work.tick(key, wanted)
            return
        structure = self.panel.session.case.structures.get(key)
        trust = None if structure is None else structure.trust
        if trust is None:
            return
        if wanted and trust.light == "red" and self._asking != key:
            self._asking = key
        else:
            self._asking = ""
            self.work.use(key, wanted)
        self.refresh()

    def run(self) -> None:
        """Start."""
        self._asking = ""
        self.work.run()
        self.panel.frame.show_widget(self._progress)

    def choose_again(self) -> None:
        """Other structures, or the same ones again."""
        self.is_choosing = True
        self.panel.refresh()

    def show_licence(self) -> None:
        """The wording."""
        if self.work.model is not None:
            LicenceSheet(self.work.model, self.panel.window()).exec()

    def show_structure(self, key: str) -> None:
        """Fly to what was found."""
        if key in self.panel.session.case.structures:
            self.panel.fly_to(key)

    def _picked(self, key: str) -> None:
        if self._asking and key != self._asking:
            self._asking = ""
        if key in self.panel.session.case.structures:
            self.panel.session.view.set(selected=key)
        self.refresh()

    # what is shown

    def _work_changed(self) -> None:
        if self.work.ran is not self._shown_run:
            self._shown_run = self.work.ran
            self.is_choosing = not self._shows_result
            if self.panel.step is self:
                self._show_doubt()
        if self.panel.step is self:
            self.panel.refresh()
            self.panel.scene_changed.emit()

    def refresh(self) -> None:
        """List, card, gate and table."""
        work, model = self.work, self.work.model
        self.list.show_rows(
            self._model_rows(), work.chosen_key, tr("Reading the model") if work.is_running(ADD) else ""
        )
        self.panel.frame.set_title(self._title())
        note = work.note
        if note is None:
            self._note.clear()
        else:
            self._note.show_note(note.title, note.text, note.state)
            if note is not self._shown_note:
                self.panel.frame.show_widget(self._note)
        self._shown_note = note
        for widget in (self._source_row, self._purpose, self._facts, self._checked):
            widget.setVisible(model is not None)
        has_found = not self._is_before_run
        self._settings.setVisible(model is not None and not has_found)
        self._show_phase()
        self._weak.setVisible(False)
        is_here = self.panel.step is self
        self.gate.setVisible(is_here and model is not None and work.is_locked(model))
        self._show_progress()
        self._show_table()
        if model is None:
            return
        self.gate.show_model(model, work.has_read)
        self._source.setText(source_words(model))
        self._purpose.setText(purpose_words(model))
        estimate = work.estimate()
        self._facts.show_facts(facts_of(model, "" if estimate is None else estimate.in_words()))
        self._checked.show_rows(checked_rows(model, self._own_results()))
        limits = model.manifest.card.limits
        self._weak.setVisible(bool(limits))
        self._weak_words.setText("\n".join((tr("Weak:"), *(f"·\u202f{said(limit)}" for limit in limits))))
        running = work.is_running()
        self.device.setEnabled(not running)
        self.quality.setEnabled(not running)

    def _show_phase(self) -> None:
        """Of a moving scan, before a run: which phase the model reads; a warning while another one is shown."""
        labels, model = self.panel.session.phases.labels, self.work.model
        if len(labels) < 2 or model is None or model.manifest.kind != "segmentation" or not self._is_before_run:
            self._phase_note.clear()
            return
        shown = self.panel.session.view.state.phase
        words = tr("Other phases will show what it finds unchanged.")
        if shown:
            words = tr("The phase {shown} is shown. {more}", shown=phase_name(labels, shown), more=words)
        self._phase_note.show_note(
            tr("The model reads the first phase, {phase}", phase=phase_name(labels, 0)), words, "warn" if shown else ""
        )

    @property
    def _is_before_run(self) -> bool:
        return self.work.is_running() or self.is_choosing or not self._shows_result

    def _own_results(self) -> list[dict[str, object]]:
        from inference.road import own_results

        model = self.work.model
        if model is None:
            return []
        if self._own[0] != model.key:
            self._own = (model.key, list(own_results(self.work.zoo, model)))
        return self._own[1]

    def _model_rows(self) -> list[ModelRow]:
        rows = []
        for model in self.work.models:
            manifest, ran = model.manifest, self.work.ran
            words = " ".join(label.name.replace("_", " ") for label in manifest.labels)
            count = len(self.work.labels(model))
            has_run = ran is not None and ran.model_key == model.key
            more = tr("%n structure(s)", "", count)
            if sum(other.manifest.title == manifest.title for other in self.work.models) > 1:
                more = f"{manifest.version} · {more}"
            if has_run and ran is not None:
                more = tr("{more} · ran {at}", more=more, at=ran.at)
            elif self._kept(model):
                has_run, more = True, tr("{more} · ran", more=more)
            kind = "ready"
            if self.work.is_locked(model):
                kind, more = "locked", tr("licence not accepted")
            rows.append(ModelRow(kind, model.key, manifest.title, more, has_run, words))
        rows += [
            ModelRow(
                "broken",
                f"broken {broken.folder}",
                broken.folder.parent.name or broken.folder.name,
                broken.reason,
            )
            for broken in self.work.broken
        ]
        rows += [ModelRow("broken", f"refused {name}", name, why) for name, why in self.work.refused.items()]
        return rows

    def _show_progress(self) -> None:
        state: JobState | None = self.work.running_state
        self._progress.setVisible(state is not None)
        if state is None:
            return
        left = state.remaining_s
        self._doing.setText(
            state.title
            if left is None
            else tr("{title}, about {remaining_text} left", title=state.title, remaining_text=remaining_text(left))
        )
        self._bar.set_bar(state.fraction, None, "", "acc")

    def _show_table(self) -> None:
        model = self.work.model
        if model is None:
            self.table.show_rows((), ("", "", "", "", ""), "", "")
            return
        if self.work.is_running():
            self._show_running(model)
        elif self.is_choosing or not self._shows_result:
            self._show_choice()
        else:
            self._show_found()

    def _show_choice(self) -> None:
        """What the model can find."""
        from inference.confidence.facts import volume_range_ml

        model = self.work.model
        assert model is not None
        wanted = self.work.structures()
        rows = [
            FoundRow(
                label.name,
                structure_name(label.name),
                structure_style(label.name).color,
                interval=_range_words(volume_range_ml(label)),
                ticked=label.name in wanted,
                code=_code_words(label),
            )
            for label in self.work.labels(model)
        ]
        foot = tr("{wanted} of {rows} will be looked for.", wanted=len(wanted), rows=len(rows))
        self.table.show_rows(rows, ("", tr("Adults, ml"), "", "", ""), tr("Find"), foot)

    def _show_running(self, model: InstalledModel) -> None:
        """What is looked for, with its ml as soon as a network told them; trust comes last, for all at once."""
        from inference.confidence.facts import volume_range_ml

        wanted, seen = self.work.structures(), self.work.seen_ml
        rows = []
        for label in self.work.labels(model):
            if label.name not in wanted:
                continue
            ml = None if seen is None else seen.get(label.name)
            rows.append(
                FoundRow(
                    label.name,
                    structure_name(label.name),
                    structure_style(label.name).color,
                    volume=text_value(ml, 1) if ml else "",
                    value_ml=ml,
                    adult_ml=volume_range_ml(label),
                    word=tr("checking") if ml else tr("finding") if ml is None else tr("not seen"),
                    ticked=True,
                    blocked=tr("It is running"),
                    code=_code_words(label),
                )
            )
        heads = (tr("ml so far"), "", tr("adult range"), tr("Trust"), "")
        self.table.show_rows(rows, heads, tr("Find"), tr("Nothing is kept before all are done."))

    def _show_found(self) -> None:
        """What it found, and how far to trust each."""
        ran, model = self.work.ran, self.work.model
        assert model is not None
        kept, hidden = self._kept(), self.panel.session.view.state.hidden
        locked = tr("This case is open to read") if self.panel.session.document.read_only else ""
        here = ran is not None and ran.model_key == model.key
        records = {record.name: record for record in ran.records} if ran is not None and here else {}
        absent = set() if here else _absent(kept.values()) | self._in_vain(model)
        rows = []
        for label in self.work.labels(model):
            structure, record = kept.get(label.name), records.get(label.name)
            if structure is not None and structure.trust is not None:
                row = _found_row(structure, label, structure.trust)
                rows.append(
                    replace(
                        row, visible=structure.name not in hidden, blocked=locked, asks=self._asking == structure.name
                    )
                )
            elif record is not None:
                is_found = record.volume_ml > 0
                reason = record.reasons[0].text if record.reasons and not is_found else ""
                rows.append(_missing_row(label, tr("taken back") if is_found else tr("not found"), said(reason)))
            elif label.name in absent:
                rows.append(_missing_row(label, tr("not found"), ""))
        heads = ("ml", tr("90 % interval"), tr("adult range"), tr("Trust"), tr("Reason"))
        chosen = next((row for row in rows if row.key == self.table.list.current_key), None)
        foot = f"{chosen.name}: {chosen.reason}." if chosen is not None and chosen.reason else tr(LEGEND)
        if chosen is None and has_doubt(self.panel.session.case):
            hatched = with_key(tr("Hatched"), "fill")
            foot = f"{tr(LEGEND)} {tr(HATCHED, hatched=hatched)}"
        self.table.show_rows(rows, heads, tr("Use"), foot)

    # buttons

    def actions(self) -> StepActions:
        """Run, stop, or go on."""
        work, model = self.work, self.work.model
        back = tr("Back to structures")
        if work.is_running():
            stop = PanelAction("stop_model", tr("Stop"), work.stop, "x")
            return StepActions(stop, (), tr("The case stays as it is"), back)
        if model is None:
            add = PanelAction("add_first_model", tr("Add a model"), self.ask_folder, "folder-open")
            return StepActions(add, (), "", back)
        busy = tr("Trying the model") if work.is_running(CHECK) else ""
        secondary = [PanelAction("check_model", tr("Try it"), work.check, "circle-check", busy)]
        if not self.is_choosing and self._shows_result:
            again = PanelAction("choose_again", tr("Find others"), self.choose_again, "list-filter")
            return StepActions(
                PanelAction("leave_models", tr("Done"), self.panel.leave_models, key="Enter"),
                (again,),
                tr("Space ticks a row"),
                back,
            )
        shipped = tr("It ships with the program") if model.shipped else ""
        secondary.append(PanelAction("remove_model", tr("Remove"), work.remove, "trash-2", shipped))
        blocked = work.blocked()
        main = PanelAction("run_model", tr("Run on this case"), self.run, blocked=blocked, key="Enter")
        return StepActions(main, tuple(secondary), blocked or tr("Enter runs"), back)


def _found_row(structure: Structure, label: Label, trust: Trust) -> FoundRow:
    from inference.confidence.facts import volume_range_ml

    interval = tr("not calibrated")
    if trust.interval_ml is not None:
        low, high = (text_value(ml, 0) for ml in trust.interval_ml)
        interval = tr("{low} to {high}", low=low, high=high)
    return FoundRow(
        structure.name,
        structure_name(structure.name),
        structure.color,
        volume=text_value(structure.volume_ml, 1),
        interval=interval,
        value_ml=structure.volume_ml,
        interval_ml=trust.interval_ml,
        adult_ml=volume_range_ml(label),
        state=STATES[trust.light],
        word=said(trust.word),
        reason="; ".join(said(finding.text).rstrip(".") for finding in trust.reasons),
        short=short_reason(trust.reasons),
        ticked=trust.is_ticked,
        code=_code_words(label),
    )


def _range_words(adult_ml: tuple[float, float] | None) -> str:
    """ "700 to 3 000"; what is counted in litres is left out."""
    if adult_ml is None or adult_ml[1] > MOST_TOLD_ML:
        return ""
    return tr("{low} to {high}", low=text_value(adult_ml[0], 0), high=text_value(adult_ml[1], 0))


def _absent(structures: Iterable[Structure]) -> set[str]:
    """What the runs that found these looked for in vain, as the case has it."""
    from inference.road import NOT_FOUND

    return {
        name
        for structure in structures
        for text in structure.provenance.inputs
        if text.startswith(NOT_FOUND)
        for name in text.removeprefix(NOT_FOUND).split(", ")
    }


def _missing_row(label: Label, word: str, reason: str) -> FoundRow:
    style = structure_style(label.name)
    return FoundRow(
        f"missing {label.name}",
        style.display,
        style.color,
        word=word,
        reason=reason,
        blocked=tr("It is not in the case"),
        code=_code_words(label),
    )


def _code_words(label: Label) -> str:
    return "" if label.code is None else f"{label.code[0]} {label.code[1]} {label.code[2]}"
