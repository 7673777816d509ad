"""`theatrum demo`: the whole road on both sample cases, headless."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.report.content import Picture
from planning.errors import InputError
from planning.progress import Progress


def run_demo(folder: Path, *, force: bool, progress: Progress) -> dict[str, Any]:
    """Plan both samples and write case, report, printable model and pictures of each into `folder`.

    Returns the contract's {"cases": [{"case", "files", "plan"}]}. Raises InputError when files of an earlier demo
    are there and `force` is not given.
    """
    folder = Path(folder)
    targets = {kind: folder / f"{kind}.theatrum" for kind in ("heart", "liver")}
    existing = [path.name for path in targets.values() if path.exists()]
    if existing and not force:
        raise InputError(f"{folder} holds an earlier demo ({', '.join(existing)})", "Use --force or another folder")
    folder.mkdir(parents=True, exist_ok=True)
    cases = [
        _one_case("heart", targets["heart"], _plan_heart, _part(progress, 0.0, 0.5)),
        _one_case("liver", targets["liver"], _plan_liver, _part(progress, 0.5, 1.0)),
    ]
    progress(1.0, "")
    return {"cases": cases}


def _part(progress: Progress, start: float, stop: float) -> Progress:
    def told(fraction: float, text: str = "") -> None:
        progress(start + (stop - start) * fraction, text)

    return told


def _one_case(kind: Any, target: Path, plan: Callable[[Any, Progress], str], progress: Progress) -> dict[str, Any]:
    from app.report.write import report_pictures, write_report
    from app.samples import sample_case
    from planning.case.document import Document
    from planning.case.printing import print_parts
    from planning.printing.plan import make_print

    part = target.with_name(target.name + ".part")
    shutil.copyfile(sample_case(kind, _part(progress, 0.0, 0.45)), part)
    part.replace(target)
    with Document.open(target) as document:
        progress(0.5, "Planning")
        name = plan(document, progress)
        results = {"plan": name, **document.case.plans[name].results}
        report = target.with_name(f"{kind}-report.pdf")
        progress(0.65, "Writing the report")
        write_report(document, None, report, force=True)
        model = target.with_name(f"{kind}.3mf")
        progress(0.75, "Writing the printable model")
        make_print(print_parts(document, _printed(kind)), model, force=True)
        document_pictures = report_pictures(document, document.case.plans[name])
    progress(0.85, "Writing the pictures")
    pictures = _write_pictures(document_pictures, target)
    return {"case": str(target), "files": [str(path) for path in (target, report, model, *pictures)], "plan": results}


def _write_pictures(pictures: Sequence[Picture], target: Path) -> list[Path]:
    paths = []
    for number, picture in enumerate(pictures, start=1):
        path = target.with_name(f"{target.stem}-{number}.png")
        path.write_bytes(picture.png)
        paths.append(path)
    return paths


def _printed(kind: str) -> list[str]:
    return ["aorta", "calcium"] if kind == "heart" else ["liver", "portal_vein", "hepatic_veins", "tumor_1"]


def _plan_heart(document: Any, progress: Progress) -> str:
    from planning.case.commands import SetPlan
    from planning.case.plans import tavr_record
    from planning.phantoms.cardiac import cardiac_truth

    truth = cardiac_truth()
    document.do(
        SetPlan(
            tavr_record(document, "tavr", truth.hinges_mm.tolist(), ostia_mm=truth.ostia_mm.tolist(), source="demo")
        )
    )
    return "tavr"


def _plan_liver(document: Any, progress: Progress) -> str:
    from planning.case.commands import SetPlan
    from planning.case.plans import liver_record
    from planning.geometry import Plane, unit

    tumor = document.mask("tumor_1").centroid_mm()
    # a slanting cut 8 mm beyond the tumour's near side, towards the middle of the body
    normal = unit(np.array([-1.0, -0.25, 0.1]))
    nearest = _reach_mm(document.mask("tumor_1"), tumor, -normal)
    plane = Plane(tumor - normal * (nearest + 8.0), normal)
    document.do(
        SetPlan(
            liver_record(
                document,
                "A",
                [(plane, "side")],
                portal=["portal_vein"],
                hepatic=["hepatic_veins"],
                weight_kg=78.0,
                height_cm=178.0,
                source="demo",
            )
        )
    )
    return "A"


def _reach_mm(mask: Any, center_mm: Any, direction: Any) -> float:
    kji = np.argwhere(mask.voxels)
    points = mask.box_grid.to_world(kji[:, ::-1])
    return float(((points - center_mm) @ direction).max())
