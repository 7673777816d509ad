"""`theatrum labels`: label maps into a case; structures listed, renamed, removed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "labels",
        help="add, list, rename or remove structures",
        description="Adds a label map (NIfTI, NRRD, MHA, DICOM SEG), contours (RTSTRUCT) or a surface in DICOM, or changes the "
        "structures of a case.",
        epilog="example: theatrum labels patient.theatrum add labels.nii.gz --names names.json",
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True, parser_class=type(parser))
    add = actions.add_parser("add", help="add a label map")
    add.add_argument("file", type=Path, metavar="FILE")
    add.add_argument("--names", type=Path, metavar="FILE.json", help='{"1": "liver"} or {"liver": 1}')
    add.add_argument("--resample", action="store_true", help="take another grid by nearest neighbour")
    add.set_defaults(action="add")
    shown = actions.add_parser("list", help="list the structures")
    shown.set_defaults(action="list")
    remove = actions.add_parser("remove", help="remove a structure")
    remove.add_argument("name", metavar="NAME")
    remove.set_defaults(action="remove")
    rename = actions.add_parser("rename", help="rename a structure")
    rename.add_argument("old", metavar="OLD")
    rename.add_argument("new", metavar="NEW")
    rename.set_defaults(action="rename")
    accept = actions.add_parser(
        "accept",
        help="let plans use what a model is not sure of",
        description="A person looked at what a model found and lets plans use it, or with --not takes that back.",
    )
    accept.add_argument("name", metavar="NAME")
    accept.add_argument("--not", action="store_true", dest="refused", help="do not let it be used")
    accept.set_defaults(action="accept")
    for each in (add, shown, remove, rename, accept):
        each.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Do the action, then list what the case holds."""
    from app.called_so import called_so, is_called_so
    from app.console import keep, print_json, print_rows
    from planning.case.commands import Batch, RemoveStructure, RenameStructure, TickStructure
    from planning.case.document import Document
    from planning.case.importing import case_info, label_commands
    from planning.case.plans import find_structures

    is_read = arguments.action == "list"
    with Document.open(arguments.case, read_only=is_read, beside=is_read) as document:
        if arguments.action == "add":
            commands = label_commands(document, arguments.file, names=arguments.names, resample=arguments.resample)
            keep(document, Batch(commands, "Add structures"))
        elif arguments.action == "remove":
            (name,) = find_structures(document.case, [arguments.name])
            keep(document, RemoveStructure(name))
        elif arguments.action == "accept":
            (name,) = find_structures(document.case, [arguments.name])
            keep(document, TickStructure(name, not arguments.refused))
        elif arguments.action == "rename":
            (name,) = find_structures(document.case, [arguments.old])
            if is_called_so(arguments.new, document.case.structures, but=name):
                raise called_so(arguments.new)
            keep(document, RenameStructure(name, arguments.new))
        info = case_info(document)
    if arguments.json:
        print_json("labels", {"case": info["case"], "structures": info["structures"], "warnings": info["warnings"]})
        return 0
    print_rows(
        [(item["name"], f"{item['volume_ml']:.1f} ml", item["source"], *_trust(item)) for item in info["structures"]]
    )
    return 0


def _trust(item: dict[str, Any]) -> tuple[str, ...]:
    """What a model says of it, and whether a person looked."""
    trust = item["trust"]
    if trust is None:
        return ()
    return (f"{trust['light']}, checked" if trust["checked"] else trust["light"],)
