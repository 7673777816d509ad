"""What came back of a damaged case and what did not, for a person and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planning.case.untrue_slices import LOST_SLICES
from planning.findings import Finding


@dataclass(frozen=True, slots=True)
class ImageTold:
    """What came back of one phase of an image. lost: first and last slice (k, from 0) of each run that did not."""

    name: str
    phase: str
    slices: int
    lost: tuple[tuple[int, int], ...]

    @property
    def lost_slices(self) -> int:
        """How many."""
        return sum(last - first + 1 for first, last in self.lost)


@dataclass(frozen=True, slots=True)
class Recovered:
    """What came back and what did not.

    steps: of the journal that the case stands on. steps_lost: that came after them, None where nobody can tell.
    undo_kept: the journal is there with all that undo needs. structures_lost, images_lost: by name. doubts_lost: structures
    that came back without the marks of where a model was not sure. plans_on_lost: plans whose structures or images did not
    come back whole. without_journal: only images and structures came back, as they were when the case was last closed.
    """

    output: Path
    steps: int
    steps_lost: int | None
    undo_kept: bool
    images: tuple[ImageTold, ...]
    images_lost: tuple[str, ...]
    structures: tuple[str, ...]
    structures_lost: tuple[str, ...]
    doubts_lost: tuple[str, ...]
    plans: tuple[str, ...]
    plans_on_lost: tuple[str, ...]
    measurements: int
    without_journal: bool = False

    @property
    def is_whole(self) -> bool:
        """True where nothing is lost."""
        return not self.losses()

    def losses(self) -> tuple[tuple[str, str], ...]:
        """(code, sentence without a full stop) of each thing that did not come back."""
        return tuple((one.code, one.text) for one in self._findings())

    def _findings(self) -> Iterator[Finding]:
        for image in self.images:
            if image.lost:
                runs = ", ".join(f"{first + 1}–{last + 1}" for first, last in image.lost)
                which = f"{image.name} {image.phase}".strip()
                text = f"{which}: slices {runs} of {image.slices} are lost and filled with air; measure nothing there"
                yield Finding(LOST_SLICES, text)
        for name in self.images_lost:
            yield Finding("lost_image", f"The image {name} is lost")
        for name in self.structures_lost:
            yield Finding("lost_structure", f"The structure {name} is lost")
        for name in self.doubts_lost:
            yield Finding("lost_doubt", f"{name}: where the model was not sure of it is lost")
        if self.without_journal:
            text = (
                "The journal is lost with every snapshot: images and structures came back as they were when the case was last "
                "closed, without plans, measurements and what they were called in the list of cases"
            )
            yield Finding("lost_journal", text)
        elif self.steps_lost is None:
            yield Finding("lost_steps", "Steps after the last sound one may be lost; how many nobody can tell")
        elif self.steps_lost:
            yield Finding("lost_steps", f"The last {self.steps_lost} step(s) of work are lost")
        if not self.undo_kept and not self.without_journal:
            yield Finding("lost_undo", "What was done before cannot be undone any more")
        for name in self.plans_on_lost:
            text = f"The plan {name} was measured on what is not whole any more: measure it anew"
            yield Finding("plan_on_lost", text)

    def lines(self) -> tuple[str, ...]:
        """The same for a person."""
        back = (
            f"{self.output.name}: {len(self.images)} image(s), {len(self.structures)} structure(s), {len(self.plans)} plan(s), "
            f"{self.measurements} measurement(s)"
        )
        back += "" if self.without_journal else f", after step {self.steps}"
        losses = tuple(f"lost: {text}" for _, text in self.losses())
        return (back, *(losses or ("Everything came back.",)))

    def as_json(self) -> dict[str, Any]:
        """For --json."""
        return {
            "output": str(self.output),
            "whole": self.is_whole,
            "without_journal": self.without_journal,
            "steps": self.steps,
            "steps_lost": self.steps_lost,
            "undo_kept": self.undo_kept,
            "images": [
                {
                    "name": one.name,
                    "phase": one.phase,
                    "slices": one.slices,
                    "lost_slices": [list(run) for run in one.lost],
                }
                for one in self.images
            ],
            "images_lost": list(self.images_lost),
            "structures": list(self.structures),
            "structures_lost": list(self.structures_lost),
            "doubts_lost": list(self.doubts_lost),
            "plans": list(self.plans),
            "plans_on_lost": list(self.plans_on_lost),
            "measurements": self.measurements,
            "warnings": [{"code": code, "text": f"{text}."} for code, text in self.losses()],
        }
