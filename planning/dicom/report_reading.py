"""What a DICOM structured report measured, read in the disposable child."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planning.dicom.child import run_child
from planning.dicom.model import ReadRequest
from planning.errors import InputError


def read_report(path: Path) -> dict[str, Any]:
    """As `planning.dicom.measured_report.report_content`. Raises InputError."""
    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path.name} is not there", "Check the name of the report", "not_there")
    found: dict[str, Any] = {}

    def receive(message: tuple[Any, ...]) -> None:
        found[message[0]] = message[1:]

    run_child(ReadRequest(((str(path), path.name),), load=False, report=True), receive, None)
    if "report" not in found:
        raise InputError(f"{path.name} cannot be read", "Ask for the file again", "report")
    content: dict[str, Any] = found["report"][0]
    return content
