"""What the library for DICOM objects reads is let go when a case is written."""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import add_structures, make_case

from planning.case import dicom_out
from planning.dicom.objects.library import TABLES, Table, tables_for_now
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


def test_a_large_table_is_read_by_what_is_asked_for_and_says_the_same() -> None:
    tables = importlib.import_module(TABLES)
    text = (pkgutil.get_data("highdicom", "_standard/module_attribute_map.json") or b"").decode("utf-8")
    whole = json.loads(text)
    with tables_for_now():
        table = tables.get_module_attribute_map()
        assert isinstance(table, Table)
        assert "patient" in table
        assert "no-such-module" not in table
        before = sys.getallocatedblocks()
        assert table["patient"] == whole["patient"]
        # the whole table is more than a million of them
        assert sys.getallocatedblocks() - before < 50_000
        assert list(table) == list(whole)
        # each list once, the first and last and largest among them
        assert all(table[name] == whole[name] for name in whole)
        # a second export beside this one takes nothing from it
        with tables_for_now():
            pass
        assert tables.get_module_attribute_map() is table
    assert tables.json is json


@pytest.mark.parametrize("text", ["{}", '{"a": []}', '{\n  "a": 1,\n  "b": []\n}', "[]"])
def test_a_table_of_another_form_is_not_taken_for_one_of_lists(text: str) -> None:
    with pytest.raises(ValueError, match="table"):
        Table(text)


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
