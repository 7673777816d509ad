"""The report as JSON: the tree of its content without pixels, and every number with definition, origin and place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import Any

from app.report.content import DISCLAIMER, Picture, ReportContent
from app.report.rows import number_facts
from planning.case.model import PlanRecord
from planning.provenance import APPLICATION_VERSION, now_utc


def write_json(plans: Sequence[PlanRecord], contents: Sequence[ReportContent], path: Path) -> None:
    """Write all reports into one file at `path`; numbers are plain, with a point."""
    reports = [
        {**_tree(content), "facts": [asdict(fact) for fact in number_facts(plan, content)]}
        for plan, content in zip(plans, contents, strict=True)
    ]
    whole = {"program": f"Theatrum {APPLICATION_VERSION}", "made": now_utc(), "notice": DISCLAIMER, "reports": reports}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def _tree(value: Any) -> Any:
    """Dataclasses as objects; of a picture its caption and size."""
    if isinstance(value, Picture):
        return {"caption": value.caption, "width_px": value.width_px, "height_px": value.height_px}
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _tree(getattr(value, item.name)) for item in fields(value)}
    if hasattr(value, "items"):
        return {str(key): _tree(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_tree(item) for item in value]
    return value
