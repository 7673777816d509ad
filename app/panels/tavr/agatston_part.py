"""The Agatston part of the calcium step: a series without contrast is chosen, scored round the valve and kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtWidgets import QComboBox

from app.i18n import mark, text_value, tr
from app.jobs import Job
from app.panels.notes import Note, note_of, split_sentences
from app.panels.quantities import TableRow, number_row
from app.panels.rows import FieldRow, choice_box
from planning.case.tavr_asides import score_of
from planning.errors import TheatrumError
from planning.geometry import FloatArray
from planning.progress import CancelToken, Progress
from planning.tavr.agatston import ScoredPicture, scored_picture

if TYPE_CHECKING:
    from app.panels.tavr.step_calcium import CalciumStep
    from app.panes.score_pane import ScorePane

NOT_SCORED = mark("Not scored")
# from the annulus up to the middle of the leaflets
VALVE_ABOVE_MM = 8.0
CODES = ("agatston_slices", "agatston_region")


class AgatstonPart:
    """The series to choose from, the score, and its picture."""

    def __init__(self, step: CalciumStep) -> None:
        self._step, self._work, self._session = step, step.work, step.session
        self.box: QComboBox = choice_box("agatston_series", tr("Scan without contrast"), [NOT_SCORED])
        self.box.activated.connect(self._chosen)
        self.row = FieldRow(tr("Without contrast"), self.box, wide=True)
        self.problem: Note | None = None
        self._seen: ScoredPicture | None = None
        self._seen_of: Any = None
        self._listed: tuple[str, ...] = ()

    @property
    def series(self) -> tuple[str, ...]:
        """CT series of the case that no plan is made on."""
        image = self._session.image
        own = "" if image is None else image.name
        return tuple(name for name, one in self._session.case.images.items() if one.modality == "CT" and name != own)

    @property
    def score(self) -> Mapping[str, Any] | None:
        """The plan's score, None where nobody asked for it."""
        results = self._work.results
        return None if results is None else results.get("agatston")

    def _chosen(self, number: int) -> None:
        self.problem = None
        if number == 0:
            self._keep(None, None)
        elif self._work.results is not None:
            annulus = self._work.results["annulus"]
            middle = np.asarray(annulus["centroid_mm"]) + VALVE_ABOVE_MM * np.asarray(annulus["normal"])
            self.measure(self._listed[number - 1], middle)

    def move(self, place_mm: FloatArray) -> None:
        """Score round another place of the same series."""
        score = self.score
        if score is not None:
            self.measure(str(score["image"]), place_mm)

    def measure(self, image: str, center_mm: FloatArray) -> None:
        """Score a series round a place; one step of the case."""
        if self._work.is_read_only or self._work.is_stale:
            return
        document = self._session.document
        asked = {"image": image, "phase": 0, "center_mm": [float(v) for v in center_mm]}

        def work(progress: Progress, cancel: CancelToken) -> dict[str, Any]:
            return score_of(document, image, 0, asked["center_mm"])

        def done(found: dict[str, Any]) -> None:
            self.problem = None
            self._keep(asked, found)

        def failed(error: TheatrumError) -> None:
            self.problem = note_of(error)
            self._work.changed.emit()

        title = tr("Scoring the calcium")
        self._session.jobs.submit(
            Job(key="agatston", title=title, work=work, done=done, failed=failed, subject=self._session.label)
        )

    def _keep(self, asked: Mapping[str, Any] | None, found: Mapping[str, Any] | None) -> None:
        results = self._work.results
        if results is None or self._work.is_read_only:
            return
        warnings = [said for said in results["warnings"] if said["code"] not in CODES]
        warnings += () if found is None else found["warnings"]
        self._work.keep({"agatston": asked}, {"agatston": found, "warnings": warnings})

    # showing

    def show(self, pane: ScorePane | None) -> None:
        """Series, and the picture of the one scored."""
        if self.series != self._listed or self.box.count() != len(self.series) + 1:
            self._listed = self.series
            self.box.clear()
            self.box.addItems([tr(NOT_SCORED), *self._listed])
        score = self.score
        chosen = -1 if score is None else self._listed.index(score["image"]) if score["image"] in self._listed else -1
        self.box.setCurrentIndex(chosen + 1)
        self.box.setEnabled(not (self._work.is_read_only or self._work.is_stale))
        self.row.setVisible(bool(self._listed) or score is not None)
        if pane is not None:
            pane.show_score(score, self._seen if self._seen_of is score else None)
        if score is not None and self._seen_of is not score and score["image"] in self._session.case.images:
            self._look(score)

    def _look(self, score: Mapping[str, Any]) -> None:
        self._seen, self._seen_of = None, score
        document, name, phase = self._session.document, str(score["image"]), int(score["phase"])

        def work(progress: Progress, cancel: CancelToken) -> ScoredPicture:
            return scored_picture(document.volume(name, phase), score["center_mm"], float(score["reach_mm"]))

        def done(seen: ScoredPicture) -> None:
            self._seen = seen
            self._work.changed.emit()

        self._session.jobs.submit(
            Job(
                key="agatston picture",
                title=tr("Reading the scan without contrast"),
                work=work,
                done=done,
                still_wanted=lambda: self._seen_of is score,
                quiet=True,
            )
        )

    def rows(self) -> list[TableRow]:
        """Score, volume and where severe stenosis is likely from."""
        score = self.score
        if score is None:
            return []
        likely = score["severe_likely"]
        state = "bad" if all(likely.values()) else "warn" if any(likely.values()) else ""
        limits = ", ".join(f"{sex} {text_value(limit, 0)}" for sex, limit in score["severe_likely_from"].items())
        return [
            TableRow(
                "agatston",
                tr("Agatston score"),
                text_value(score["score"], 0),
                state=state,
                detail=tr("severe likely from: {limits}", limits=limits),
                reason=tr("Area times weight of islands of 1 mm² or more over 130 HU, in slices of 3 mm"),
            ),
            number_row("agatston_volume", tr("Volume over 130 HU"), score["volume_mm3"], "mm³", clickable=False),
        ]

    def notes(self) -> list[Note]:
        """What stood in the way, and what a reader must know."""
        if self.problem is not None:
            return [self.problem]
        score = self.score
        return [] if score is None else [Note(*split_sentences(said["text"])) for said in score["warnings"]]
