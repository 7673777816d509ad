"""`theatrum demo`: the whole road on both sample cases, headless."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.report.content import Picture
from app.samples import SampleKind
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
        _one_case("heart", targets["heart"], _part(progress, 0.0, 0.5)),
        _one_case("liver", targets["liver"], _part(progress, 0.5, 1.0)),
    ]
    progress(1.0, "")
    return {"cases": cases}


def _part(progress: Progress, start: float, stop: float) -> Progress:
    def told(fraction: float, text: str = "") -> None:
        progress(start + (stop - start) * fraction, text)

    return told


def _one_case(kind: SampleKind, target: Path, progress: Progress) -> dict[str, Any]:
    from app.report.write import report_pictures, write_report
    from app.sample_plans import plan_sample
    from app.samples import sample_case
    from planning.case.document import Document
    from planning.case.printing import print_parts
    from planning.files.place import copy_into_place
    from planning.printing.plan import make_print

    copy_into_place(sample_case(kind, _part(progress, 0.0, 0.45)), target)
    with Document.open(target) as document:
        progress(0.5, "Planning")
        name = plan_sample(kind, document)
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
    from app.report.pictures import marked_png

    paths = []
    for number, picture in enumerate(pictures, start=1):
        path = target.with_name(f"{target.stem}-{number}.png")
        path.write_bytes(marked_png(picture.png))
        paths.append(path)
    return paths


def _printed(kind: str) -> list[str]:
    return ["aorta", "calcium"] if kind == "heart" else ["liver", "portal_vein", "hepatic_veins", "tumor_1"]
