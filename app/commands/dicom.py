"""`theatrum dicom`: results of a case as DICOM objects, and what such objects say."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.passphrase import add_option

# option, what it makes
OBJECTS = (
    ("seg", "structures as a segmentation (binary)"),
    ("labelmap", "structures as a segmentation (label map)"),
    ("sr", "each plan's measurements as a structured report (TID 1500)"),
    ("rtstruct", "structures as contours (RT structure set)"),
    ("pdf", "the plans' report"),
    ("stl", "each structure's surface as STL"),
    ("obj", "each structure's surface as OBJ"),
    ("sc", "the plans' pictures as secondary captures"),
    ("image", "the image itself, without a name"),
)


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "dicom",
        help="results as DICOM objects, and their measurements read",
        description="Writes results of a case as DICOM objects, or lists the measurements of a structured report.",
        epilog="example: theatrum dicom export patient.theatrum -o results --seg --sr --pdf",
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True, parser_class=type(parser))
    export = actions.add_parser(
        "export",
        help="results of a case as DICOM objects",
        description="Without a kind: --seg --sr --rtstruct --pdf --stl, as far as the case has them. Objects refer to the "
        "scanner's images where the case kept its identifiers; else the image is written beside them without a name.",
        epilog="example: theatrum dicom export patient.theatrum -o results --seg --sr",
    )
    export.add_argument("case", type=Path, metavar="CASE")
    export.add_argument("-o", "--output", required=True, type=Path, metavar="DIR", help="a new folder")
    for name, text in OBJECTS:
        export.add_argument(f"--{name}", action="append_const", dest="kinds", const=name, help=text)
    export.add_argument("--plan", action="append", metavar="NAME", help="may be given several times (default: all)")
    export.add_argument("--force", action="store_true", help="replace a folder of such objects")
    export.add_argument("--json", action="store_true", help="one JSON object on stdout")
    export.add_argument("--quiet", action="store_true", help="no progress")
    export.set_defaults(run=run_export)
    read = actions.add_parser(
        "read",
        help="the measurements of a structured report",
        description="Lists the measurements of a DICOM structured report, Theatrum's or another program's (TID 1500). "
        "Segmentations, contours (RTSTRUCT) and surfaces are added to a case: theatrum labels CASE add FILE.",
        epilog="example: theatrum dicom read results/sr-tavr.dcm",
    )
    read.add_argument("file", type=Path, metavar="FILE")
    read.add_argument("--into", type=Path, metavar="CASE", help="add its measurements by points to this case")
    read.add_argument("--json", action="store_true", help="one JSON object on stdout")
    read.add_argument("--quiet", action="store_true", help="no progress")
    add_option(read)
    read.set_defaults(run=run_read)


def run_export(arguments: argparse.Namespace) -> int:
    """Write the objects and name them."""
    from app.console import ConsoleProgress, print_json, print_rows, print_warnings
    from app.report.dicom_drawing import ReportDrawing
    from app.went_out import noted_by_command, what_of
    from planning.case.dicom_out import export_dicom
    from planning.case.document import Document

    progress = ConsoleProgress(arguments.quiet)
    with Document.open(arguments.case, read_only=True, beside=True) as document:
        content = export_dicom(
            document,
            arguments.output,
            arguments.kinds or (),
            ReportDrawing(),
            plans=arguments.plan,
            force=arguments.force,
            progress=progress,
        )
    progress.close()
    noted = noted_by_command(arguments.case, what_of("DICOM objects", arguments.output))
    content["warnings"] = [*content["warnings"], *noted]
    if arguments.json:
        print_json("dicom", content)
        return 0
    print_rows([("object", "file", "holds"), *((row["kind"], row["file"], _holds(row)) for row in content["objects"])])
    whose = "the scanner's images" if content["refers_to"] == "source" else "the image beside them"
    named = "with the patient's identifiers" if content["identifiers"] else "without a name"
    print(f"{len(content['files'])} files in {content['folder']}, {named}; they refer to {whose}")
    print_warnings(content["warnings"])
    return 0


def _holds(row: dict[str, Any]) -> str:
    if "numbers" in row:
        return f"{row.get('plan', 'measured by hand')}: {row['numbers']} numbers in {row['groups']} groups"
    if "slices" in row:
        return f"{row['slices']} slices"
    return ", ".join(row.get("structures") or row.get("plans") or [row.get("plan", "")])


def run_read(arguments: argparse.Namespace) -> int:
    """List what a report measured."""
    from app.console import print_json, print_rows, print_warnings
    from planning.dicom.report_reading import read_report

    content = read_report(arguments.file)
    told: dict[str, Any] = {"warnings": []}
    if arguments.into is not None:
        told = _into(arguments.into, content)
    if arguments.json:
        print_json("dicom", {"file": str(arguments.file), **content, **told})
        return 0
    if arguments.into is not None:
        print(f"{len(told['added'])} measurements added: {', '.join(told['added']) or 'none'}")
        print_warnings(told["warnings"])
        return 0
    rows: list[tuple[str, ...]] = [("of", "number", "value", "unit", "±")]
    for group in content["groups"]:
        of = group["tracking"] or (group["finding"] or {}).get("meaning", "")
        for number in group["numbers"]:
            how = f", {number['derivation']['meaning'].lower()}" if number["derivation"] else ""
            spread = "" if number["below"] is None else f"{number['below']:.4g}"
            name = f"{(number['name'] or {}).get('meaning', '')}{how}"
            rows.append((of, name, f"{number['value']:.6g}", number["unit"], spread))
    print_rows(rows)
    for comment in content["comments"]:
        print(comment)
    return 0


def _into(case: Path, content: dict[str, Any]) -> dict[str, Any]:
    """The report's measurements into a case: what was added, and what was left out and why."""
    from app.console import keep
    from planning.case.commands import Batch
    from planning.case.document import Document
    from planning.case.measured_in import measurements_of

    with Document.open(case) as document:
        found = measurements_of(document, content)
        if found.commands:
            keep(document, Batch(found.commands, "Add measurements"))
    return {"added": list(found.names), "warnings": [one.as_json() for one in found.left_out]}
