"""What the program draws for DICOM objects: the report as PDF and the plan's pictures."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from app.sealed import drafts_place
from planning.case.document import Document
from planning.case.model import PlanRecord


class ReportDrawing:
    """See `planning.case.dicom_out.Drawing`."""

    def report(self, document: Document, plans: Sequence[str]) -> bytes:
        """The same PDF that `theatrum report` writes."""
        from app.report.write import write_report

        with tempfile.TemporaryDirectory(prefix="theatrum-", dir=drafts_place(document.encrypted)) as folder:
            path = Path(folder) / "report.pdf"
            write_report(document, plans, path)
            return path.read_bytes()

    def pictures(self, document: Document, plan: PlanRecord) -> list[tuple[str, bytes]]:
        """The pictures of the plan's report."""
        from app.report.content import Picture
        from app.report.write import report_pictures

        shown = report_pictures(document, plan)
        return [(one.caption, one.png) for one in shown if isinstance(one, Picture)]
