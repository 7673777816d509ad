"""`theatrum kidney`: a kidney's tumours by R.E.N.A.L., their contact, and what each clamped artery branch feeds."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.console import names


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "kidney",
        help="R.E.N.A.L. score, contact and clamp territories of a kidney's tumours",
        description="Scores each tumour of one kidney by R.E.N.A.L. (Kutikov and Uzzo 2009) with the places that prove "
        "each letter (LPS millimetres), measures the surface that touches parenchyma, and tells which part of the kidney "
        "each branch of its artery feeds. Told, not kept: the case is opened to read.",
        epilog="example: theatrum kidney patient.theatrum --kidney kidney_left --tumors kidney_tumor "
        "--sinus renal_pelvis --artery renal_artery --json",
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("--kidney", type=names, required=True, metavar="NAMES", help="parenchyma")
    parser.add_argument("--tumors", type=names, required=True, metavar="NAMES")
    parser.add_argument("--sinus", type=names, default=(), metavar="NAMES", help="collecting system or sinus")
    parser.add_argument("--artery", type=names, default=(), metavar="NAMES")
    parser.add_argument("--vein", type=names, default=(), metavar="NAMES")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Score and tell."""
    from app.console import print_json
    from planning.case.document import Document
    from planning.case.plans import find_structures
    from planning.liver.clamping import find_clamps
    from planning.liver.kidney import score_kidney

    with Document.open(arguments.case, read_only=True) as document:
        roles = {
            role: [(name, document.mask(name)) for name in find_structures(document.case, getattr(arguments, role))]
            for role in ("kidney", "tumors", "sinus", "artery", "vein")
        }
    rows, findings = score_kidney(
        roles["kidney"], roles["tumors"], sinus=roles["sinus"], vessels=[*roles["artery"], *roles["vein"]]
    )
    clamps, said = find_clamps([*roles["kidney"], *roles["tumors"]], [row.tumor for row in rows], roles["artery"])
    content = {
        "tumors": [row.as_json() for row in rows],
        "clamps": [clamp.as_json() for clamp in clamps],
        "warnings": [finding.as_json() for finding in (*findings, *said)],
    }
    if arguments.json:
        print_json("kidney", content)
    else:
        print_summary(content)
    return 0


def print_summary(content: dict[str, Any]) -> None:
    """Each tumour's letters with their places, then the branches."""
    from app.console import print_rows, print_warnings, text_number

    print("Kidney tumours (research use only, not a medical device)")
    for tumor in content["tumors"]:
        renal = tumor["renal"]
        total = "not known" if renal["total"] is None else f"{renal['total']}{renal['suffix']}"
        print(f"tumour {tumor['id']}: R.E.N.A.L. {total}, {renal['complexity']}; {tumor['volume_ml']:.1f} ml")
        print_rows([_letter_row(letter) for letter in renal["letters"]])
        words = ", complex" if tumor["complex_contact"] else ""
        print(
            f"  contact {tumor['contact_cm2']:.1f} cm²{words} (2πrd as a cross-check: "
            f"{tumor['contact_formula_cm2']:.1f} cm²)"
        )
    for clamp in content["clamps"]:
        fed = ", ".join(f"T{one['id']} {100.0 * one['share']:.0f} %" for one in clamp["tumors"])
        print_rows(
            [
                (
                    f"Clamp {clamp['name']}",
                    text_number(clamp["volume_ml"], "ml"),
                    text_number(clamp["share_percent"], "%", 0),
                    text_number(clamp["diameter_mm"], "mm wide"),
                    f"at {_place(clamp['clamp_mm'])}" + (f", feeds {fed}" if fed else ""),
                )
            ]
        )
    print_warnings(content["warnings"])


def _letter_row(letter: dict[str, Any]) -> tuple[str, str, str, str]:
    """ "E", "1", "62 % of its volume outside the kidney's outline", "at 12.0, −3.0, 40.5"."""
    points = "–" if letter["points"] is None else str(letter["points"])
    value = letter["value"]
    figure = value if isinstance(value, str) else "" if value is None else f"{value:.1f} {letter['unit']}"
    places = "; ".join(_place(place) for place in letter["at_mm"])
    return f"  {letter['letter']}", points, f"{figure} {letter['text']}".strip(), f"at {places}" if places else ""


def _place(at_mm: list[float]) -> str:
    return ",".join(f"{value:.1f}" for value in at_mm)
