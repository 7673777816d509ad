"""From frames to stacks: which slices belong together, in which order, with which geometry, and what is wrong.

Only each slice's own position along the normal of its orientation counts; file names, instance numbers, slice
locations and spacing tags are never geometry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from planning.dicom.header import NATIVE
from planning.dicom.model import FileFacts, Frame, MiddleSlice, SeriesInfo
from planning.dicom.phases import UNREADABLE, Phases, phase_label, phase_of_series, split_phases
from planning.findings import Finding
from planning.geometry import FloatArray
from planning.volume import NOT_HU

TILT_DEG = 0.1
MOST_POSITION_ERROR_MM = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """Frames of one series on one plane orientation, sorted, with everything needed to build volumes.

    phases: for each phase its label and its frames by rising position. offsets_mm: (N,) positions along the normal.
    drift_mm: (N, 2) in-plane displacement of each slice along rows' and columns' direction (gantry tilt).
    """

    info: SeriesInfo
    phases: tuple[tuple[str, tuple[Frame, ...]], ...]
    offsets_mm: FloatArray
    drift_mm: FloatArray
    step_mm: float
    tilted: bool
    missing: bool


def group_stacks(
    files: Mapping[int, FileFacts], pixel_digest: Callable[[Frame], str], unreadable: Mapping[str, int]
) -> tuple[list[Stack], list[Finding]]:
    """All stacks of these files and findings about the whole. `unreadable`: broken files by series UID."""
    groups: dict[tuple[object, ...], list[Frame]] = defaultdict(list)
    for facts in files.values():
        for frame in facts.frames:
            groups[_group_key(facts, frame)].append(frame)
    findings = _people(files)
    by_series: dict[str, list[list[Frame]]] = defaultdict(list)
    for key, frames in groups.items():
        by_series[f"{key[0]}|{key[2]}"].append(frames)
    stacks: list[Stack] = []
    for members in by_series.values():
        spread = _mixed(members, files)
        for number, frames in enumerate(sorted(members, key=len, reverse=True)):
            stack = _stack(frames, files, pixel_digest, number if len(members) > 1 else None)
            broken = unreadable.get(files[frames[0].file].series_uid, 0)
            stacks.append(_with_problems(stack, [*spread, *_broken(broken)]))
    stacks += _combined(stacks, files)
    stacks.sort(key=lambda item: (-int(item.info.importable), -item.info.voxel_count * item.info.phases, item.info.id))
    return [
        replace(item, info=replace(item.info, index=n, facts=_facts(item, files), middle=_middle(item, files)))
        for n, item in enumerate(stacks, start=1)
    ], findings


def _combined(stacks: Sequence[Stack], files: Mapping[int, FileFacts]) -> list[Stack]:
    """Series that are one phase each of the same heart, as one more series in time; they stay listed apart too."""
    alike: dict[tuple[object, ...], list[tuple[float, str, Stack]]] = defaultdict(list)
    for stack in stacks:
        facts = files[stack.phases[0][1][0].file]
        phase = phase_of_series(stack.phases[0][1], facts.description)
        if stack.info.kind != "volume" or not stack.info.importable or phase is None or not facts.frame_of_reference:
            continue
        places = tuple(np.round([frame.position for frame in stack.phases[0][1]], 2).ravel())
        key = (facts.patient, facts.study_uid, facts.frame_of_reference, stack.info.size_ijk, phase.rest, phase.key)
        alike[(*key, stack.info.spacing_mm, stack.info.direction, places)].append((phase.value, phase.label, stack))
    found = []
    for members in alike.values():
        if len(members) < 2 or len({value for value, _, _ in members}) != len(members):
            continue
        members.sort(key=lambda member: member[0])
        first = members[0][2]
        info = replace(
            first.info,
            id=f"{first.info.id}#phases",
            kind="4d",
            phases=len(members),
            file_count=sum(stack.info.file_count for _, _, stack in members),
        )
        found.append(replace(first, info=info, phases=tuple((label, s.phases[0][1]) for _, label, s in members)))
    return found


def _facts(stack: Stack, files: Mapping[int, FileFacts]) -> dict[str, str]:
    first = files[stack.phases[0][1][0].file]
    kept = {key: first.study[key] for key in ("age", "sex", "kernel", "contrast") if key in first.study}
    if "position" in first.study:
        kept["patient_position"] = first.study["position"]
    labels = [label for label, _ in stack.phases]
    if len(labels) > 1:
        kept["phase"] = f"{labels[0]} to {labels[-1]}"
    else:
        keys = stack.phases[0][1][0].phase_keys
        key = next((key for key in ("percent", "delay_ms", "scan_options_percent") if key in keys), None)
        if key is not None:
            kept["phase"] = phase_label(key, keys[key], 0)
    return {**first.shown, **kept}


def _middle(stack: Stack, files: Mapping[int, FileFacts]) -> MiddleSlice:
    frames = stack.phases[len(stack.phases) // 2][1]
    frame = frames[len(frames) // 2]
    facts = replace(files[frame.file], frames=(), identifiers={})
    return MiddleSlice(str(frame.file), facts, frame, len(frames) // 2 + 1, len(frames))


def _group_key(facts: FileFacts, frame: Frame) -> tuple[object, ...]:
    form = facts.pixels
    assert form is not None
    spacing = tuple(round(value, 4) for value in frame.spacing) if frame.spacing else None
    orientation = tuple(round(value, 3) for value in frame.orientation) if frame.orientation else None
    return (
        facts.patient,
        facts.study_uid,
        facts.series_uid,
        facts.frame_of_reference,
        form.rows,
        form.columns,
        spacing,
        orientation,
        facts.image_kind,
        facts.echo,
        # values in different units are no volume
        facts.study.get("units"),
        frame.stack,
        frame.position is None,
    )


def _people(files: Mapping[int, FileFacts]) -> list[Finding]:
    if len({facts.patient for facts in files.values() if facts.frames}) < 2:
        return []
    return [Finding("several_patients", "Images of several patients are in here. They are listed apart; choose one.")]


def _mixed(members: Sequence[Sequence[Frame]], files: Mapping[int, FileFacts]) -> list[Finding]:
    plain = [frames for frames in members if not files[frames[0].file].image_kind]
    if len(plain) < 2:
        return []
    forms = set()
    for frames in plain:
        form = files[frames[0].file].pixels
        assert form is not None
        forms.add((form.rows, form.columns, tuple(np.round(frames[0].spacing or (), 4))))
    turned = {tuple(np.round(frames[0].orientation or (), 3)) for frames in plain}
    found = []
    if len(forms) > 1:
        found.append(
            Finding(
                "mixed_sizes", "The series holds images of different sizes or pixel spacings; they are listed apart."
            )
        )
    if len(turned) > 1:
        found.append(
            Finding("mixed_orientation", "The series holds images of different orientations; they are listed apart.")
        )
    if len({files[frames[0].file].frame_of_reference for frames in plain}) > 1:
        found.append(
            Finding("mixed_frames", "The series holds images of different frames of reference; they are listed apart.")
        )
    return found


def _broken(count: int) -> list[Finding]:
    if not count:
        return []
    return [Finding("truncated", f"{count} {'file' if count == 1 else 'files'} of this series cannot be read.")]


def _with_problems(stack: Stack, problems: Sequence[Finding]) -> Stack:
    return replace(stack, info=replace(stack.info, problems=(*stack.info.problems, *problems)))


def _stack(
    frames: list[Frame], files: Mapping[int, FileFacts], pixel_digest: Callable[[Frame], str], number: int | None
) -> Stack:
    facts = files[frames[0].file]
    form = facts.pixels
    assert form is not None
    blank = SeriesInfo(
        id=facts.series_uid + ("" if number is None else f"#{number + 1}"),
        index=0,
        modality=facts.modality,
        description=facts.description,
        kind="volume",
        file_count=len({frame.file for frame in frames}),
        size_ijk=(form.columns, form.rows, len(frames)),
        spacing_mm=None,
        origin_mm=None,
        direction=None,
        phases=1,
        importable=False,
        problems=(),
    )

    def refused(problem: Finding, kind: str = "other") -> Stack:
        return Stack(
            replace(blank, kind=kind, problems=(problem,)),
            (("", tuple(frames)),),
            np.zeros(0),
            np.zeros((0, 2)),
            0.0,
            False,
            False,
        )

    geometry = _orientation(frames[0])
    if isinstance(geometry, Finding):
        return refused(geometry)
    right, down, normal = geometry
    if any(frame.position is None for frame in frames):
        return refused(
            Finding("no_geometry", "The images carry no position; where they lie in the patient is unknown.")
        )
    if facts.image_kind == "LOCALIZER":
        return refused(Finding("no_geometry", "A localizer (scout) image, not a volume."), "localizer")
    problems: list[Finding] = []
    split = split_phases(frames, normal, pixel_digest, problems)
    if isinstance(split, Finding):
        return refused(split)
    phases = split
    ordered = phases[0][1]
    if len(ordered) < 2:
        if len(phases) > 1 or len(frames) > 1:
            return refused(
                Finding("duplicate_positions", f"All {len(frames)} images lie at one position; they are no volume.")
            )
        if pixel_digest(ordered[0]).startswith(UNREADABLE):
            return refused(Finding("not_decodable", "A single image whose pixels cannot be decoded."), "single")
        return refused(Finding("missing_slices", "A single image, not a volume."), "single")
    stack = _measured(blank, phases, (right, down, normal), files, problems)
    if form.transfer_syntax not in NATIVE and pixel_digest(ordered[0]).startswith(UNREADABLE):
        undecodable = Finding(
            "not_decodable", f"The pixels cannot be decoded (transfer syntax {form.transfer_syntax})."
        )
        info = replace(stack.info, importable=False, fillable=False, problems=(*stack.info.problems, undecodable))
        return replace(stack, info=info)
    return stack


def _orientation(frame: Frame) -> tuple[FloatArray, FloatArray, FloatArray] | Finding:
    if frame.orientation is None:
        return Finding("no_geometry", "The images carry no orientation; how they lie in the patient is unknown.")
    if frame.spacing is None or min(frame.spacing) <= 0:
        return Finding("no_geometry", "The images carry no usable pixel spacing; sizes would be unknown.")
    right, down = np.array(frame.orientation[:3]), np.array(frame.orientation[3:])
    lengths = np.linalg.norm(right), np.linalg.norm(down)
    if max(abs(lengths[0] - 1), abs(lengths[1] - 1)) > 1e-2:
        return Finding(
            "no_geometry", f"The orientation is not made of unit vectors (lengths {lengths[0]:.2f}, {lengths[1]:.2f})."
        )
    right, down = right / lengths[0], down / lengths[1]
    if abs(float(right @ down)) > 1e-3:
        return Finding("no_geometry", "The rows and columns of the images are not perpendicular.")
    # the last thousandth of a degree: the grid needs axes that are perpendicular to rounding
    down = down - (right @ down) * right
    down /= np.linalg.norm(down)
    return right, down, np.cross(right, down)


def _measured(
    blank: SeriesInfo,
    phases: Phases,
    axes: tuple[FloatArray, FloatArray, FloatArray],
    files: Mapping[int, FileFacts],
    problems: list[Finding],
) -> Stack:
    right, down, normal = axes
    ordered = phases[0][1]
    positions = np.array([frame.position for frame in ordered])
    offsets = (positions - positions[0]) @ normal
    rest = positions - positions[0] - offsets[:, None] * normal
    drift = np.column_stack([rest @ right, rest @ down])
    steps = np.diff(offsets)
    count = len(ordered)
    step, missing, uneven = _gaps(steps, offsets)
    tilt_problem, tilted = _tilt(drift, offsets)
    if tilt_problem is not None:
        problems.append(tilt_problem)
    bent = tilt_problem is not None and not tilted
    if missing:
        problems.append(_missing_finding(offsets, steps, step, missing))
    if uneven:
        problems.append(
            Finding(
                "uneven_spacing", f"The distance between slices varies from {steps.min():.2f} to {steps.max():.2f} mm."
            )
        )
    problems += _value_problems(ordered, files)
    if count < 4:
        problems.append(Finding("few_slices", f"Only {count} slices."))
    regular = not missing and not uneven
    pitch = float(offsets[-1] / (count - 1)) if regular else step
    spacing = ordered[0].spacing
    assert spacing is not None
    info = replace(
        blank,
        kind="4d" if len(phases) > 1 else "volume",
        phases=len(phases),
        size_ijk=(blank.size_ijk[0], blank.size_ijk[1], count),
        spacing_mm=(spacing[1], spacing[0], pitch),
        origin_mm=tuple(float(v) for v in positions[0]),
        direction=tuple(tuple(float(v) for v in row) for row in np.column_stack([right, down, normal])),
        importable=regular and not bent,
        # more would be made up than was seen
        fillable=not bent and step > 0 and missing <= count,
        problems=tuple(problems),
    )
    return Stack(info, phases, offsets, drift, pitch, tilted, not regular)


def _gaps(steps: FloatArray, offsets: FloatArray) -> tuple[float, int, bool]:
    """(step in mm, number of missing slices, whether the rest is uneven).

    The step is the median distance, or the least one where that explains what the median does not: with few slices
    left, most distances may be gaps.
    """
    pitch = float(offsets[-1] / len(steps))
    off = float(np.abs(offsets - pitch * np.arange(len(offsets))).max())
    by_median = _gaps_at(steps, float(np.median(steps)))
    if off <= _tolerance(pitch) or (off <= MOST_POSITION_ERROR_MM and not by_median[1] and not by_median[2]):
        return pitch, 0, False
    if not by_median[1] and not by_median[2]:
        # each distance is nearly the same, yet they add up to another place
        return by_median[0], 0, True
    if by_median[2]:
        by_least = _gaps_at(steps, float(steps.min()))
        if not by_least[2]:
            return by_least
    return by_median


def _gaps_at(steps: FloatArray, step: float) -> tuple[float, int, bool]:
    missing, uneven = 0, False
    tolerance = _tolerance(step)
    for value in steps:
        multiple = round(value / step) if step > 0 else 1
        if abs(value - step) <= tolerance:
            continue
        if multiple >= 2 and abs(value - multiple * step) <= tolerance * multiple:
            missing += multiple - 1
        else:
            uneven = True
    return step, missing, uneven


def _tolerance(step: float) -> float:
    # decimal strings of sixteen characters leave a thousandth of a millimetre of rounding
    return max(0.01 * step, 0.01) + 1e-3


def _missing_finding(offsets: FloatArray, steps: FloatArray, step: float, missing: int) -> Finding:
    widest = int(np.argmax(steps))
    word = "slice is" if missing == 1 else "slices are"
    return Finding(
        "missing_slices",
        f"{missing} {word} missing, the widest gap lies {offsets[widest]:.1f} to "
        f"{offsets[widest + 1]:.1f} mm from the first slice.",
    )


def _tilt(drift: FloatArray, offsets: FloatArray) -> tuple[Finding | None, bool]:
    """A constant drift per millimetre is a gantry tilt and can be straightened; any other is refused."""
    length = float(offsets[-1])
    if length <= 0:
        return None, False
    slope = drift[-1] / length
    angle = float(np.degrees(np.arctan(np.linalg.norm(slope))))
    bend = float(np.abs(drift - offsets[:, None] * slope).max())
    if bend > 0.1 and bend > 0.02 * length * np.tan(np.radians(TILT_DEG)) * 50:
        return Finding(
            "no_geometry", f"The slices are shifted against each other by up to {bend:.1f} mm without a rule."
        ), False
    if angle <= TILT_DEG:
        return None, False
    return Finding(
        "gantry_tilt", f"The slices are tilted by {angle:.1f}°. The volume is straightened; look at the borders."
    ), True


def _value_problems(frames: Sequence[Frame], files: Mapping[int, FileFacts]) -> list[Finding]:
    facts = files[frames[0].file]
    found = []
    if facts.modality == "CT" and not all(frame.has_rescale for frame in frames):
        found.append(
            Finding(NOT_HU, "The images do not say how their values become Hounsfield units; numbers may be wrong.")
        )
    elif facts.modality == "CT" and not all(frame.is_hu for frame in frames):
        found.append(Finding(NOT_HU, "The images do not call their values Hounsfield units; numbers may be wrong."))
    if any(files[frame.file].is_lossy for frame in frames):
        found.append(Finding("lossy", "The images were compressed with loss; edges may be softer than they were."))
    return found
