"""The parts of a liver plan out of a case: one file for all of them, or a folder with one file each."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning.case.document import Document
from planning.errors import InputError, UsageError
from planning.files.place import exists, writing
from planning.progress import CancelToken, Progress, no_progress

if TYPE_CHECKING:
    from planning.files.meshes import MeshObject
    from planning.liver.parts import PlanPart

TOGETHER = (".3mf", ".glb", ".obj", ".usdz")
APART = (".stl", ".ply", ".obj", ".glb", ".usdz", ".3mf", ".vtp")
TOLERANCE_MM = 0.05
MOST_OFF_PERCENT = {"portal": 2.0, "hepatic": 2.0}
USUAL_OFF_PERCENT = 0.3


def export_parts(
    document: Document,
    out: Path,
    plan: str,
    *,
    territories: Sequence[str] = (),
    kind: str = ".stl",
    force: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """Write what a liver plan keeps and removes, its tumours, its vessels as the cut parts them, and territories.

    out: a .3mf, .glb or .obj file takes all parts as objects of their names; any other name is a folder that gets one
    file of `kind` for each. territories: "portal", "hepatic", "couinaud". Answers {"files", "placement", "parts",
    "warnings"}. Nothing is left behind when it fails. Raises UsageError, InputError, CaseError, MeasurementError, Cancelled.
    """
    from planning.case.plan_parts import PlanSolids, check_trees, part_colors
    from planning.case.printing import liver_plan

    out = Path(out)
    liver_plan(document, plan)
    check_trees(territories)
    is_folder = out.suffix.lower() not in TOGETHER
    _check_place(out, is_folder, kind, force)
    solids = PlanSolids(document, plan, trees=bool(territories), progress=progress, cancel=cancel)
    parts = [*solids.organ, *solids.tumors, *solids.vessels]
    for tree in territories:
        parts += solids.territories(tree)
    objects = _objects(parts, part_colors(parts), progress, cancel)
    targets = [out / f"{item.name}{kind}" for item in objects] if is_folder else [out]
    for target in targets if is_folder else ():
        _refuse_existing(target, force)
    placement = _written(out, targets, objects, is_folder)
    rows = [
        _row(part, item, target)
        for part, item, target in zip(parts, objects, targets if is_folder else targets * len(parts))
    ]
    files = [str(target) for target in targets]
    if out.suffix.lower() == ".obj" and not is_folder:
        files.append(str(out.with_suffix(".mtl")))
    elif is_folder and kind == ".obj":
        files += [str(target.with_suffix(".mtl")) for target in targets]
    return {
        "files": files,
        "placement": placement,
        "parts": rows,
        "warnings": [w for row in rows for w in _warnings(row)],
    }


def _check_place(out: Path, is_folder: bool, kind: str, force: bool) -> None:
    if is_folder and out.suffix and not out.is_dir():
        raise UsageError(
            f"Parts of a plan are not written to one '{out.suffix}' file",
            f"Use one of {', '.join(TOGETHER)}, or name a folder and --format",
        )
    if kind not in APART:
        raise UsageError(f"Parts are not written as '{kind}'", f"Use one of {', '.join(one[1:] for one in APART)}")
    if not out.parent.is_dir():
        raise InputError(f"The folder of {out.name} does not exist", "Make it first", "no_folder")
    if is_folder and exists(out) and not out.is_dir():
        raise InputError(f"{out.name} is a file", "Name a folder", "exists")
    # what a folder always gets is looked for before the minutes of computing, the rest when its names are known
    for target in (out / f"kept{kind}", out / f"removed{kind}") if is_folder else (out,):
        _refuse_existing(target, force)


def _refuse_existing(target: Path, force: bool) -> None:
    if exists(target) and not force:
        raise InputError(f"{target.name} exists already", "Choose another name or use --force", "exists")


def _objects(
    parts: Sequence[PlanPart], colors: Sequence[str], progress: Progress, cancel: CancelToken | None
) -> list[MeshObject]:
    from planning.files.meshes import MeshObject
    from planning.printing.parts import printable

    objects = []
    for number, (part, color) in enumerate(zip(parts, colors, strict=True)):
        progress(0.85 + 0.14 * number / len(parts), f"Simplifying {part.name}")
        if cancel is not None:
            cancel.raise_if_set()
        objects.append(MeshObject(part.name, printable(part.mesh, TOLERANCE_MM), color))
    return objects


def _written(out: Path, targets: Sequence[Path], objects: Sequence[MeshObject], is_folder: bool) -> list[list[float]]:
    """Write beside the place and move at the end; the placement of the (first) file."""
    from planning.files.meshes import write_meshes

    with writing(out), tempfile.TemporaryDirectory(prefix=".theatrum-", dir=out.parent) as folder:
        groups = [[item] for item in objects] if is_folder else [list(objects)]
        placements = [write_meshes(Path(folder) / target.name, group) for target, group in zip(targets, groups)]
        if is_folder:
            out.mkdir(exist_ok=True)
        for draft in sorted(Path(folder).iterdir()):
            draft.replace((out if is_folder else out.parent) / draft.name)
    return [[float(value) for value in row] for row in placements[0]]


def _row(part: PlanPart, item: MeshObject, target: Path) -> dict[str, Any]:
    from planning.printing.checks import component_count, is_manifold, self_intersections

    volume = item.mesh.volume_ml
    return {
        "name": part.name,
        "role": part.role,
        "resection": part.of,
        "color": item.color,
        "file": target.name,
        "volume_ml": volume,
        "voxels_ml": part.voxels_ml,
        "volume_off_percent": 100.0 * (volume / part.voxels_ml - 1.0) if part.voxels_ml > 0.0 else None,
        "triangles": len(item.mesh.triangles),
        "components": component_count(item.mesh),
        "watertight": item.mesh.is_watertight,
        "manifold": is_manifold(item.mesh),
        "self_intersections": self_intersections(item.mesh),
    }


def _warnings(row: dict[str, Any]) -> list[dict[str, str]]:
    found = []
    off = row["volume_off_percent"]
    if off is not None and abs(off) > MOST_OFF_PERCENT.get(row["role"], USUAL_OFF_PERCENT):
        found.append(
            {
                "code": "volume",
                "text": f"{row['name']}: the mesh holds {abs(off):.2f} % {'more' if off > 0 else 'less'} than its voxels "
                f"({row['voxels_ml']:.2f} ml).",
            }
        )
    faults = [
        *(["has open edges"] if not row["watertight"] else []),
        *(["has edges of more than two triangles, where walls touch"] if not row["manifold"] else []),
        *([f"meets itself in {row['self_intersections']} places"] if row["self_intersections"] else []),
    ]
    if faults:
        words = (
            f"{row['name']}: the surface is not one closed solid: it {', '.join(faults)}; mend it before it is printed."
        )
        found.append({"code": "not_closed", "text": words})
    return found
