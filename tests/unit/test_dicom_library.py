"""What the library for DICOM objects reads is let go when a case is written."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import add_structures, make_case

from planning.case import dicom_out
from planning.dicom.objects.library import TABLES, tables_for_now
from planning.dicom.objects.series import ReferenceSeries, save
from planning.geometry import Grid
from planning.volume import Mask, Volume


class Drawn:
    """Draws nothing: only structures are written."""

    def report(self, document: Any, plans: Any) -> bytes:
        raise AssertionError

    def pictures(self, document: Any, plan: Any) -> list[tuple[str, bytes]]:
        raise AssertionError


def test_the_librarys_tables_go_when_the_objects_are_written() -> None:
    importlib.import_module("highdicom")
    tables = importlib.import_module(TABLES)
    with tables_for_now():
        assert tables.get_sop_class_iod_map()
        assert len(tables.get_module_attribute_map()) > 100
        assert tables.get_module_attribute_map.cache_info().currsize == 1
    assert tables.get_module_attribute_map.cache_info().currsize == 0
    assert tables.get_sop_class_iod_map.cache_info().currsize == 0


def test_contours_are_never_made_numbers_of_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Any] = []

    def saved(dataset: Any, path: Path, reference: ReferenceSeries) -> Path:
        written.append(dataset)
        return save(dataset, path, reference)

    monkeypatch.setattr(dicom_out, "save", saved)
    grid = Grid.from_parts((12, 10, 4), (1.5, 1.5, 2.0), (-7.0, 3.0, -40.0))
    inside = np.zeros(grid.shape_kji, dtype=bool)
    inside[1:3, 2:8, 3:9] = True
    with make_case(tmp_path / "a.theatrum", Volume(grid, np.zeros(grid.shape_kji, dtype=np.int16))) as document:
        add_structures(document, {"liver": Mask.from_full(grid, inside)})
        dicom_out.export_dicom(document, tmp_path / "out", ("rtstruct",), Drawn())
    made = written[-1]
    # writing, and looking for codes of our own, left the bytes as they were put in
    contours = made.ROIContourSequence[0].ContourSequence
    assert [contour.get_item("ContourData").is_raw for contour in contours] == [True, True]
    for contour, plane in zip(contours, (1, 2), strict=True):
        points = np.array(contour.ContourData, dtype=float).reshape(-1, 3)
        assert contour.NumberOfContourPoints == len(points)
        assert np.allclose(grid.to_index(points)[:, 2], plane)
