"""What the library for DICOM objects reads is let go when a case is written."""

from __future__ import annotations

import importlib

from planning.dicom.objects.library import TABLES, tables_for_now


def test_the_librarys_tables_go_when_the_objects_are_written() -> None:
    importlib.import_module("highdicom")
    tables = importlib.import_module(TABLES)
    with tables_for_now():
        assert tables.get_sop_class_iod_map()
        assert len(tables.get_module_attribute_map()) > 100
        assert tables.get_module_attribute_map.cache_info().currsize == 1
    assert tables.get_module_attribute_map.cache_info().currsize == 0
    assert tables.get_sop_class_iod_map.cache_info().currsize == 0
