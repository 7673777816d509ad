"""What a report says, without how it is drawn. PDF, HTML and CSV are made from the same content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from app.i18n import mark

Status = Literal["ok", "warn", "bad", ""]
RESEARCH_LINE = mark("Research use only. Not a medical device.")
DISCLAIMER = mark("Research use only. Not a medical device. Every number must be checked by a physician.")


@dataclass(frozen=True, slots=True)
class KeyBox:
    """One of the four boxes at the head: the number that decides, what it means, how it stands."""

    title: str
    value: str
    beside: str = ""
    note: str = ""
    status: Status = ""


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A line of the number table. origin: A automatic, E edited, G given. value is None where nothing was measured.

    text: what is printed instead of the value (several numbers, a view); spread: the same for their ±.
    mark: number of its mark in the chart.
    """

    name: str
    value: float | None
    unit: str
    plus_minus: float | None = None
    origin: str = "A"
    status: Status = ""
    text: str = ""
    spread: str = ""
    mark: int | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """A titled table of numbers with a note under it."""

    title: str
    rows: Sequence[NumberRow]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: text, weight and status."""

    text: str
    strong: bool = False
    status: Status = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table over the page's width; an empty one keeps its heading and says why it is empty.

    chosen: number of the row that stands out. right_aligned: all columns but the first, for columns of numbers.
    """

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    chosen: int | None = None
    note: str = ""
    empty: str = ""
    right_aligned: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Something to look at before signing."""

    head: str
    text: str
    status: Status = "warn"


@dataclass(frozen=True, slots=True)
class Definition:
    """Where a number comes from: definition, value, origin, what its ± holds, place in the patient."""

    name: str
    definition: str
    value: str
    origin: str = "A"
    uncertainty_from: str = ""
    place: str = ""
    keys: Sequence[str] = ()
    automatic: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One more line of a chart: name for the legend, points with gaps as None, and how it is drawn."""

    name: str
    points: Sequence[tuple[float, float] | None]
    dashed: bool = False
    accent: bool = False


@dataclass(frozen=True, slots=True)
class Curve:
    """A line chart drawn as vectors: the S-curve, a diameter along a vessel, the area through the heartbeat.

    lines: named lines in place of `points`. marks: x, y, label. levels: horizontal limits with their words.
    band: x, low, high of the uncertainty. tick_labels: words in place of the numbers of x.
    """

    caption: str
    points: Sequence[tuple[float, float]]
    x_label: str
    y_label: str
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    marks: Sequence[tuple[float, float, str]] = ()
    window: tuple[float, float, float, float] | None = None
    angles: bool = False
    lines: Sequence[Line] = ()
    levels: Sequence[tuple[float, str]] = ()
    band: Sequence[tuple[float, float, float]] = ()
    tick_labels: Sequence[tuple[float, str]] = ()


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line over a picture, in its pixels."""

    points: Sequence[tuple[float, float]]
    color: str
    width: float = 5.0
    halo: bool = True


@dataclass(frozen=True, slots=True)
class Dot:
    """A disc over a picture, in its pixels."""

    x: float
    y: float
    color: str
    radius: float = 12.0


@dataclass(frozen=True, slots=True)
class Label:
    """Words over a picture, in its pixels; align is "left", "center" or "right" of x, y is their middle."""

    x: float
    y: float
    text: str
    color: str
    align: str = "center"
    size: float = 38.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as PNG bytes with its caption.

    bare_png and marks: the same picture without lines and words, and these apart, for what draws them as vectors.
    """

    caption: str
    png: bytes
    width_px: int
    height_px: int
    bare_png: bytes = b""
    marks: Sequence[Stroke | Dot | Label] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """A titled chart with its table to the right; without a chart the heading stays and `empty` says why."""

    title: str
    curve: Curve | None
    table: Table | None
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a person changed: what it was about, what was done, and a number before and after."""

    name: str
    what: str
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the details: rows of pictures, charts and tables side by side; without any, `empty` says why."""

    title: str
    rows: Sequence[Sequence[Picture | Curve | Table]] = ()
    note: str = ""
    empty: str = ""


# the line below the parts of a ±
TOGETHER = mark("together (root of the sum of squares)")


@dataclass(frozen=True, slots=True)
class ReportContent:
    """A whole report of one plan.

    uncertainty_parts: their line below is the root of the sum of squares.
    changes: edits with before and after. second: the second estimate beside the first. beside: chart and table of
    page 1. sections: what stands from page 3 on.
    """

    title: str
    subject: str
    lines: Sequence[str]
    boxes: Sequence[KeyBox]
    pictures: Sequence[Picture | Curve]
    numbers: Sequence[Numbers]
    tables: Sequence[Table]
    notes: Sequence[Note]
    signatures: Sequence[str]
    signature_title: str
    definitions: Sequence[Definition]
    edits: Sequence[tuple[str, str]] = ()
    changes: Sequence[Change] = ()
    second_estimate: str = mark("This version makes no second estimate.")
    second: Table | None = None
    beside: Beside | None = None
    sections: Sequence[Section] = ()
    detail_tables: Sequence[Table] = ()
    uncertainty_parts: Sequence[tuple[str, float | None]] = ()
    uncertainty_unit: str = ""
    uncertainty_title: str = ""
    uncertainty_note: str = ""
    uncertainty_letters: str = mark("e edge, h hinges, s spacing, p phase")
    program: Sequence[tuple[str, str]] = ()
    limits: Sequence[str] = ()
    foot: str = ""
    plan: str = ""
    kind: str = ""
    warnings: Sequence[tuple[str, str]] = field(default_factory=tuple)
