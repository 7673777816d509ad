"""Points without numbers are brought back to the scan that they were placed in, and to no other."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from app.panels.drafts import keep_draft, kept_draft

POINTS = {"points_mm": {"hinge_r": [1.0, 2.0, 3.0]}}


def _session(path: Path, scan: str) -> SimpleNamespace:
    return SimpleNamespace(path=path, image=SimpleNamespace(arrays=(SimpleNamespace(sha256=scan),)))


@pytest.mark.parametrize("module", ["heart", "vessel", "segment"])
def test_a_case_of_the_same_name_with_another_scan_gets_no_points_of_the_first(tmp_path: Path, module: str) -> None:
    first, second = (_session(tmp_path / "case.theatrum", scan) for scan in ("a", "b"))
    keep_draft(first, module, POINTS)
    assert kept_draft(first, module) == POINTS
    assert kept_draft(second, module) is None
    keep_draft(first, module, None)
    assert kept_draft(first, module) is None
