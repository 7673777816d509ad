"""What a volume file says of itself where its words leave a doubt: refused, because a guess would be a wrong size.

Raises GeometryError or InputError, each with what to do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from planning.errors import GeometryError, InputError
from planning.geometry import FloatArray

# no scanner for patients is finer or coarser; a file in metres or micrometres is
LEAST_STEP_MM, MOST_STEP_MM = 0.02, 100.0
# a scan of centimetres that calls them millimetres: this fine, with this many voxels, and not as long as a thumb
FINE_STEP_MM, MANY, SHORT_MM = 0.2, 64, 50.0
# two affines of one file may differ by the rounding of a quaternion and no more
MOST_APART_MM = 0.2
NO_SPACES = ("3d-right-handed", "3d-left-handed", "3d-right-handed-time", "3d-left-handed-time")


def same_place(by_rows: FloatArray, by_turn: FloatArray, dims: Sequence[int], mm: float) -> None:
    """Of NIfTI: both affines put each corner at one place. mm: of the file's unit."""
    corners = np.array([[i, j, k, 1] for i in (0, dims[0] - 1) for j in (0, dims[1] - 1) for k in (0, dims[2] - 1)])
    with np.errstate(over="ignore", invalid="ignore"):
        apart = float(np.linalg.norm(((by_rows - by_turn) @ corners.T)[:3], axis=0).max()) * mm
    # what is not a number is refused where the affine is used
    if apart > MOST_APART_MM:
        raise GeometryError(
            f"The NIfTI file says in two ways where its voxels lie, and they differ by up to {apart:.1f} mm "
            "(sform and qform)",
            "Write it with one affine",
            "no_geometry",
        )


def positive_steps(steps: Sequence[float]) -> None:
    """Of NIfTI with a qform: distances are positive; programs differ in what they make of others."""
    if min(steps) <= 0:
        raise GeometryError(
            "The NIfTI file has a voxel spacing that is not positive", "Write it again with its affine", "no_geometry"
        )


def sizes_of_a_body(steps_mm: FloatArray, size: Sequence[int], name: str) -> None:
    """Voxels and scans that are too small or too large for a person: most likely another unit."""
    asked = "Write it in millimetres"
    told = "×".join(f"{step:.3g}" for step in steps_mm)
    several = [step for step, count in zip(steps_mm, size) if count > 1]
    if several and (min(several) < LEAST_STEP_MM or max(several) > MOST_STEP_MM):
        raise GeometryError(f"{name} has voxels of {told} mm, which no scan of a person has", asked, "no_geometry")
    lengths = [float(step) * count for step, count in zip(steps_mm, size)]
    if max(steps_mm) < FINE_STEP_MM and max(size) >= MANY and max(lengths) < SHORT_MM:
        extent = "×".join(f"{length:.0f}" for length in lengths)
        raise GeometryError(
            f"{name} is {extent} mm in all with voxels of {told} mm, less than any scan of a person",
            asked,
            "no_geometry",
        )


def unit_axes(direction: FloatArray, name: str) -> None:
    """Axes of another length than 1 would stretch what the spacing says."""
    lengths = np.linalg.norm(direction, axis=0)
    if not np.abs(lengths - 1.0).max() <= 1e-2:
        told = ", ".join(f"{length:.2f}" for length in lengths)
        raise GeometryError(
            f"The orientation of {name} is not made of unit vectors (lengths {told})",
            "Write it again with its affine",
            "no_geometry",
        )


def check_header(head: str, kind: str, name: str) -> None:
    """head: the text of an NRRD or MHA header. What the reader of these files passes over."""
    if kind in (".nrrd", ".nhdr"):
        _check_nrrd(re.split(r"\r?\n\r?\n", head, maxsplit=1)[0], name)
    else:
        _check_meta(head, name)


def _check_nrrd(head: str, name: str) -> None:
    space = re.search(r"^space\s*:\s*(\S+)", head, re.IGNORECASE | re.MULTILINE)
    if space is None or space[1].lower() in NO_SPACES:
        told = "no space" if space is None else f"space {space[1]}"
        raise GeometryError(
            f"{name} does not say how its axes lie in the body ({told})",
            "Write it as left-posterior-superior",
            "no_geometry",
        )
    units = re.search(r"^space units\s*:(.*)$", head, re.IGNORECASE | re.MULTILINE)
    for unit in re.findall(r'"([^"]*)"', units[1]) if units else ():
        if unit.strip().lower() not in ("", "mm", "millimeter", "millimeters", "millimetre", "millimetres"):
            raise GeometryError(f"{name} is not in millimetres ({unit})", "Write it in millimetres", "no_geometry")


def _check_meta(head: str, name: str) -> None:
    if not re.search(r"^(TransformMatrix|Rotation|Orientation)\s*=", head.split("ElementDataFile")[0], re.MULTILINE):
        raise GeometryError(
            f"{name} does not say how its axes lie in the body (no TransformMatrix)",
            "Write it with its axes, as left-posterior-superior",
            "no_geometry",
        )
    for key, plain in (("ElementToIntensityFunctionSlope", 1.0), ("ElementToIntensityFunctionOffset", 0.0)):
        found = re.search(rf"^{key}\s*=\s*(\S+)", head.split("ElementDataFile")[0], re.MULTILINE)
        if found and not _is(found[1], plain):
            raise InputError(
                f"{name} asks that its values be scaled ({key} {found[1]})", "Write the values themselves", "volume"
            )


def _is(told: str, value: float) -> bool:
    try:
        return float(told) == value
    except ValueError:
        return False
