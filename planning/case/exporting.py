"""Images, label maps, surfaces and plans out of a case; the kind is chosen by the file's ending."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from planning.case.document import Document
from planning.case.manifest import plain
from planning.case.model import PlanRecord
from planning.case.plans import find_structures, planning_image
from planning.case.standing import told_plan
from planning.errors import CaseError, InputError, UsageError
from planning.files.endings import ending
from planning.files.place import exists, writing
from planning.files.volumes import write_volume
from planning.registry import structure_style

IMAGES = (".nii.gz", ".nii", ".nrrd", ".mha")
SURFACES = (".stl", ".ply", ".obj", ".glb", ".usdz", ".vtp")
TEXTS = (".json", ".csv")
MEASUREMENT_COLUMNS = ("measurement", "kind", "number", "value", "unit", "uncertainty_95", "definition")


def export_case(
    document: Document,
    out: Path,
    *,
    image: str | None = None,
    labels: bool = False,
    structure: str | None = None,
    plan: str | None = None,
    measurements: bool = False,
    force: bool = False,
) -> dict[str, Any]:
    """Write one file (and a names file beside a label map) and return {"files", "warnings"}.

    Raises UsageError for options that do not go together, InputError for an existing file, CaseError for unknown names.
    """
    out = Path(out)
    kind = ending(out)
    if kind not in (*IMAGES, *SURFACES, *TEXTS):
        raise UsageError(
            f"Nothing is exported to '{out.suffix or out.name}'",
            f"Use one of {', '.join((*IMAGES, *SURFACES, *TEXTS))}",
        )
    if sum((image is not None, labels, structure is not None, plan is not None, measurements)) > 1:
        raise UsageError(
            "Only one of --image, --labels, --structure, --plan and --measurements can be written to a file",
            "Leave one",
        )
    if measurements and kind not in TEXTS:
        raise UsageError("Measurements are written to .json or .csv", "Name such a file")
    if exists(out) and not force:
        raise InputError(f"{out.name} exists already", "Choose another name or use --force", "exists")
    if not out.parent.is_dir():
        raise InputError(f"The folder of {out.name} does not exist", "Make it first", "no_folder")
    if kind in SURFACES:
        return _export_surface(document, out, structure)
    if measurements:
        _write_text(out, _measurements_json(document) if kind == ".json" else _measurements_csv(document))
        return {"files": [str(out)], "warnings": []}
    if kind in TEXTS:
        return _export_text(document, out, plan)
    if labels:
        return _export_labels(document, out)
    if structure is not None:
        (name,) = find_structures(document.case, [structure])
        mask = document.mask(name)
        write_volume(out, mask.full().astype(np.uint8), mask.grid)
        return {"files": [str(out)], "warnings": []}
    if plan is not None:
        from planning.case.printing import liver_parts

        removed, kept = liver_parts(document, plan)
        parts = removed.full().astype(np.uint8) + 2 * kept.full().astype(np.uint8)
        write_volume(out, parts, removed.grid)
        return {"files": [str(out)], "warnings": []}
    return _export_image(document, out, image)


def _export_image(document: Document, out: Path, name: str | None) -> dict[str, Any]:
    chosen = name or planning_image(document.case).name
    volume = document.volume(chosen)
    write_volume(out, volume.voxels, volume.grid)
    warnings = []
    if len(document.case.images[chosen].arrays) > 1:
        warnings.append({"code": "first_phase", "text": "The image has several phases; the first one was written."})
    return {"files": [str(out)], "warnings": warnings}


def _export_labels(document: Document, out: Path) -> dict[str, Any]:
    structures = list(document.case.structures)
    if not structures:
        raise CaseError("This case has no structures", "Add a label map first: theatrum labels CASE add FILE")
    grid = planning_image(document.case).grid
    voxels = np.zeros(grid.shape_kji, dtype=np.uint8 if len(structures) < 256 else np.uint16)
    overlapping = 0
    for number, name in enumerate(structures, start=1):
        mask = document.mask(name)
        box = voxels[mask.box_kji]
        overlapping += int(np.count_nonzero(box[mask.voxels]))
        box[mask.voxels] = number
    write_volume(out, voxels, grid)
    names = out.with_name(out.name.removesuffix(ending(out)) + ".json")
    _write_text(
        names, json.dumps({str(n): name for n, name in enumerate(structures, start=1)}, indent=1, ensure_ascii=False)
    )
    warnings = []
    if overlapping:
        warnings.append(
            {"code": "overlap", "text": f"Structures overlap in {overlapping} voxels; the later one holds them."}
        )
    return {"files": [str(out), str(names)], "warnings": warnings}


def _export_surface(document: Document, out: Path, structure: str | None) -> dict[str, Any]:
    from planning.files.meshes import MeshObject, write_meshes
    from planning.surface import surface_from_mask

    if structure is None:
        raise UsageError("A surface needs a structure", "Give --structure NAME")
    (name,) = find_structures(document.case, [structure])
    style = structure_style(name)
    mesh = surface_from_mask(document.mask(name), kind=style.kind)
    placement = write_meshes(out, [MeshObject(name, mesh, style.color)])
    return {"files": [str(out)], "placement": placement.tolist(), "warnings": []}


def _export_text(document: Document, out: Path, plan: str | None) -> dict[str, Any]:
    plans = document.case.plans
    if plan is None and len(plans) == 1:
        plan = next(iter(plans))
    if plan is None or plan not in plans:
        known = ", ".join(plans) or "none"
        raise CaseError(
            "There is no such plan" if plan else "A plan must be named", f"Give --plan NAME. It has: {known}"
        )
    told = told_plan(document.case, plans[plan])
    _write_text(out, _plan_json(told) if ending(out) == ".json" else _plan_csv(told))
    return {"files": [str(out)], "warnings": []}


def _measurements_json(document: Document) -> str:
    from planning.case.measured import measurements_json

    whole = {"measurements": measurements_json(document.case)}
    return json.dumps(plain(whole), indent=1, ensure_ascii=False, allow_nan=False)


def _measurements_csv(document: Document) -> str:
    from planning.case.measured import measurements_json

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        (
            *MEASUREMENT_COLUMNS,
            "left_mm",
            "posterior_mm",
            "head_mm",
            "normal_x",
            "normal_y",
            "normal_z",
            "image",
            "phase",
        )
    )
    for item in measurements_json(document.case):
        place, normal = item["middle_mm"], item["normal"] or ("", "", "")
        for number in item["numbers"]:
            spread = "" if number["plus_minus"] is None else number["plus_minus"]
            told = (number["name"], number["value"], number["unit"], spread)
            writer.writerow(
                (item["name"], item["kind"], *told, item["definition"], *place, *normal, item["image"], item["phase"])
            )
    return text.getvalue()


def _plan_json(record: PlanRecord) -> str:
    whole = {
        "plan": record.name,
        "kind": record.kind,
        "created": record.created,
        "inputs": record.inputs,
        **record.results,
    }
    return json.dumps(plain(whole), indent=1, ensure_ascii=False, allow_nan=False)


def _plan_csv(record: PlanRecord) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("number", "value"))
    for name, value in flat_numbers(plain(record.results)):
        writer.writerow((name, "" if value is None else value))
    return text.getvalue()


def flat_numbers(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """Every leaf of a plan under its dotted path: "annulus.area_mm2", "stations.0.s_mm"."""
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in flat_numbers(item, f"{path}.{key}" if path else key)]
    if isinstance(value, list):
        return [leaf for n, item in enumerate(value) for leaf in flat_numbers(item, f"{path}.{n}")]
    return [(path, value)]


def _write_text(path: Path, text: str) -> None:
    with writing(path), tempfile.TemporaryDirectory(prefix=".theatrum-", dir=path.parent) as folder:
        part = Path(folder) / "part"
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
