"""Which slices at one place belong to which phase of the heartbeat, or to which of several acquisitions.

A key counts only if it parts the slices into sets of the same places; keys are tried from the surest to the vaguest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from planning.dicom.model import Frame
from planning.findings import Finding
from planning.geometry import FloatArray

UNREADABLE = "unreadable"
Phases = tuple[tuple[str, tuple[Frame, ...]], ...]
PHASE_KEYS = (
    "percent",
    "delay_ms",
    "scan_options_percent",
    "scan_options_ms",
    "trigger_ms",
    "temporal",
    "guessed_percent_ImageComments",
    "guessed_ms_ImageComments",
    "guessed_percent_SeriesDescription",
    "guessed_ms_SeriesDescription",
    "ge_delta_start",
    "acquisition",
    "acquisition_time",
    "content_time",
)
# keys that tell a phase by themselves, where a whole series is one phase
SERIES_KEYS = PHASE_KEYS[:4] + tuple(key for key in PHASE_KEYS if key.startswith("guessed"))


@dataclass(frozen=True, slots=True)
class SeriesPhase:
    """The phase that a whole series is. rest: its description without the phase."""

    key: str
    value: float
    label: str
    rest: str


def phase_of_series(frames: Sequence[Frame], description: str) -> SeriesPhase | None:
    """The phase that all of these slices share, if their files tell one."""
    rest = re.sub(r"\d+(\.\d+)?\s*(%|ms\b)", "", description)
    for key in SERIES_KEYS:
        values = {frame.phase_keys.get(key) for frame in frames}
        if len(values) == 1:
            (value,) = values
            if value is not None:
                return SeriesPhase(key, value, phase_label(key, value, 0), rest)
    return None


def split_phases(
    frames: Sequence[Frame], normal: FloatArray, pixel_digest: Callable[[Frame], str], problems: list[Finding]
) -> Phases | Finding:
    """Frames by phase, each by rising position along `normal`; a finding when unlike images lie at one place."""
    offsets = np.array([np.dot(frame.position or (0, 0, 0), normal) for frame in frames])
    order = np.argsort(offsets, kind="stable")
    frames, offsets = [frames[n] for n in order], offsets[order]
    slots = _slots(frames, offsets)
    counts = {len(slot) for slot in slots}
    if counts == {1}:
        return (("", tuple(frames)),)
    by_key = _by_phase_key(frames, slots)
    if by_key is not None:
        return by_key
    kept, dropped = [], 0
    for slot in slots:
        different = {frame.sop_uid + str(frame.frame): frame for frame in slot}
        unlike = {pixel_digest(frame): frame for frame in different.values()} if len(different) > 1 else different
        if len(unlike) > 1:
            return Finding(
                "duplicate_positions", "Different images lie at one position; which of them counts is unknown."
            )
        kept.append(slot[0])
        dropped += len(slot) - 1
    problems.append(
        Finding(
            "duplicate_positions",
            f"{dropped} {'image is' if dropped == 1 else 'images are'} there twice "
            "with the same pixels; one of each is used.",
        )
    )
    return (("", tuple(kept)),)


def _slots(frames: Sequence[Frame], offsets: FloatArray) -> list[list[Frame]]:
    steps = np.diff(offsets)
    wide = steps[steps > 1e-3]
    closeness = 0.05 * float(np.median(wide)) if wide.size else 1e-3
    slots: list[list[Frame]] = [[frames[0]]]
    for frame, step in zip(frames[1:], steps):
        if step < closeness:
            slots[-1].append(frame)
        else:
            slots.append([frame])
    return slots


def _by_phase_key(frames: Sequence[Frame], slots: Sequence[Sequence[Frame]]) -> Phases | None:
    if len({len(slot) for slot in slots}) != 1 or len(slots) < 2:
        return None
    count = len(slots[0])
    for key in PHASE_KEYS:
        values = {frame.phase_keys.get(key) for frame in frames}
        if None in values or len(values) != count:
            continue
        ordered = sorted(value for value in values if value is not None)
        if all({frame.phase_keys[key] for frame in slot} == values for slot in slots):
            return tuple(
                (
                    phase_label(key, value, number),
                    tuple(next(f for f in slot if f.phase_keys[key] == value) for slot in slots),
                )
                for number, value in enumerate(ordered)
            )
    return None


def phase_label(key: str, value: float, number: int) -> str:
    """A phase in words, e.g. "35 % of R–R"; `number` counts phases that are told apart by order only."""
    if key in ("percent", "scan_options_percent"):
        return f"{value:g} % of R–R"
    if key.startswith("guessed_percent"):
        return f"{value:g} % of R–R (guessed)"
    if key in ("delay_ms", "trigger_ms", "scan_options_ms"):
        return f"{value:g} ms after R"
    if key.startswith("guessed_ms"):
        return f"{value:g} ms after R (guessed)"
    return f"phase {number + 1}"
