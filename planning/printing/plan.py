"""From parts to files, and what the files are worth: each is read back before it takes its name."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from planning.errors import InputError, UsageError
from planning.files.meshes import ENDINGS, MeshObject, read_meshes, write_meshes
from planning.findings import Finding
from planning.geometry import FloatArray, Plane
from planning.mesh import SurfaceMesh
from planning.printing.checks import component_count, is_manifold, min_wall_mm, self_intersections
from planning.printing.parts import PrintPart, simplified
from planning.printing.proof import deviation_mm
from planning.progress import CancelToken, Progress, no_progress
from planning.surface import surface_from_mask

LARGEST_VOLUME_ERROR = {"vessel": 0.02}


def make_print(
    parts: Sequence[PrintPart],
    out_path: Path,
    *,
    tolerance_mm: float = 0.1,
    hollow_mm: float | None = None,
    cut: Plane | None = None,
    bed_mm: Sequence[float] | None = None,
    force: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """Mesh, simplify, write, read back and compare: the contract's `print`.

    Several parts in .stl or .ply become one file each, OUT-NAME. Raises UsageError for options or endings of a later
    version, InputError for an existing file without `force`; Cancelled. Files appear whole or not at all.
    """
    out_path = Path(out_path)
    ending = out_path.suffix.lower()
    if ending not in ENDINGS or ending == ".vtp":
        raise UsageError(
            f"Nothing is printed to '{ending or out_path.name}' in this version", "Use .3mf, .stl, .obj, .ply or .glb"
        )
    if hollow_mm is not None or cut is not None:
        raise UsageError(
            "Hollow and cut prints are not part of this version of Theatrum", "A later version brings them"
        )
    if tolerance_mm > 5.0:
        raise UsageError(f"A tolerance of {tolerance_mm:g} mm is too coarse for a model", "Use 5 mm or less")
    single = ending in (".stl", ".ply") and len(parts) > 1
    targets = [out_path.with_name(f"{out_path.stem}-{part.name}{ending}") for part in parts] if single else [out_path]
    for target in targets:
        if target.exists() and not force:
            raise InputError(f"{target.name} exists already", "Choose another name or use --force", "exists")
    if not out_path.parent.is_dir():
        raise InputError(f"The folder of {out_path.name} does not exist", "Make it first", "no_folder")
    references: list[SurfaceMesh] = []
    objects: list[MeshObject] = []
    for number, part in enumerate(parts):
        if cancel is not None:
            cancel.raise_if_set()
        progress(0.6 * number / len(parts), f"Meshing {part.name}")
        reference = surface_from_mask(part.mask, kind=part.kind)
        references.append(reference)
        objects.append(MeshObject(part.name, _printable(reference, tolerance_mm), part.color))
    with tempfile.TemporaryDirectory(prefix=".theatrum-", dir=out_path.parent) as folder:
        drafts = [Path(folder) / target.name for target in targets]
        groups = [[item] for item in objects] if single else [objects]
        placements = [write_meshes(draft, group) for draft, group in zip(drafts, groups)]
        rows, findings = _proved(parts, references, drafts, groups, placements, bed_mm, progress, cancel)
        for draft in drafts:
            for written in Path(folder).glob(f"{draft.stem}.*"):
                written.replace(out_path.with_name(written.name))
    files = [str(target) for target in targets]
    if ending == ".obj":
        files.append(str(out_path.with_suffix(".mtl")))
    return {
        "files": files,
        "objects": rows,
        "placement": placements[0].tolist(),
        "warnings": [finding.as_json() for finding in findings],
    }


def _printable(reference: SurfaceMesh, tolerance_mm: float) -> SurfaceMesh:
    """Simplified, unless that makes the surface cross itself or open."""
    slim = simplified(reference, tolerance_mm)
    if slim is not reference and (not slim.is_watertight or self_intersections(slim)):
        return reference
    return slim


def _proved(
    parts: Sequence[PrintPart],
    references: Sequence[SurfaceMesh],
    drafts: Sequence[Path],
    groups: Sequence[Sequence[MeshObject]],
    placements: Sequence[FloatArray],
    bed_mm: Sequence[float] | None,
    progress: Progress,
    cancel: CancelToken | None,
) -> tuple[list[dict[str, Any]], list[Finding]]:
    rows: list[dict[str, Any]] = []
    findings: list[Finding] = []
    for draft, group, placement in zip(drafts, groups, placements):
        back = _read_back(draft, group)
        for mesh in back:
            if cancel is not None:
                cancel.raise_if_set()
            number = len(rows)
            progress(0.6 + 0.4 * number / len(parts), f"Comparing {parts[number].name}")
            placed = SurfaceMesh(mesh.points_mm @ placement[:3, :3].T + placement[:3, 3], mesh.triangles)
            row = _row(parts[number], placed, references[number], bed_mm)
            rows.append(row)
            findings += _row_findings(row, parts[number])
    return rows, findings


def _read_back(path: Path, group: Sequence[MeshObject]) -> list[SurfaceMesh]:
    if path.suffix.lower() != ".obj":
        found = read_meshes(path)
        if len(found) > 1:
            # some formats keep their own order; names tell which part is which
            by_name = dict(found)
            return [_merged(by_name[item.name]) for item in group]
        return [_merged(mesh) for _, mesh in found]
    # one reader gives all objects as one surface: part it again by what was written
    whole = read_meshes(path)[0][1]
    parts: list[SurfaceMesh] = []
    at = 0
    for item in group:
        count = len(item.mesh.triangles)
        parts.append(_merged(SurfaceMesh(whole.points_mm, whole.triangles[at : at + count])))
        at += count
    return parts


def _merged(mesh: SurfaceMesh) -> SurfaceMesh:
    """STL keeps no shared points: equal ones are joined again, as every slicer does."""
    points, inverse = np.unique(mesh.points_mm[mesh.triangles].reshape(-1, 3), axis=0, return_inverse=True)
    return SurfaceMesh(points, inverse.reshape(-1, 3).astype(np.int32))


def _row(part: PrintPart, mesh: SurfaceMesh, reference: SurfaceMesh, bed_mm: Sequence[float] | None) -> dict[str, Any]:
    mean, largest = deviation_mm(mesh, reference)
    size = np.ptp(mesh.points_mm, axis=0)
    return {
        "name": part.name,
        "triangles": len(mesh.triangles),
        "volume_ml": mesh.volume_ml,
        "structure_volume_ml": part.mask.volume_ml,
        "watertight": mesh.is_watertight,
        "manifold": is_manifold(mesh),
        "self_intersections": self_intersections(mesh),
        "components": component_count(mesh),
        "min_wall_mm": min_wall_mm(mesh),
        "deviation_mean_mm": mean,
        "deviation_max_mm": largest,
        "size_mm": size.tolist(),
        "fits_bed": None if bed_mm is None else bool((np.sort(size) <= np.sort(np.asarray(bed_mm))).all()),
    }


def _row_findings(row: dict[str, Any], part: PrintPart) -> list[Finding]:
    found = []
    most = LARGEST_VOLUME_ERROR.get(part.kind, 0.005)
    off = row["volume_ml"] / row["structure_volume_ml"] - 1.0
    if abs(off) > most:
        found.append(Finding("volume", f"{part.name}: the model holds {100 * off:+.1f} % of the structure's volume."))
    if not row["watertight"] or not row["manifold"] or row["self_intersections"]:
        found.append(
            Finding("not_closed", f"{part.name}: the surface is not one closed solid. Check it in the slicer.")
        )
    if row["components"] > 1:
        found.append(Finding("loose_parts", f"{part.name}: {row['components']} separate pieces."))
    if row["fits_bed"] is False:
        found.append(Finding("bed", f"{part.name} does not fit the printer's bed."))
    return found
