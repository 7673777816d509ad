"""One window on a case of two series, for each module that asks for it; modules with windows of their own name them so too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from two_series import TwoSeries, two_series_window

from app.case_page import CasePage
from app.workstation import Workstation


@pytest.fixture(scope="module")
def held(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoSeries]:
    with two_series_window(tmp_path_factory) as made:
        yield made


@pytest.fixture
def window(held: TwoSeries) -> Workstation:
    return held.window


@pytest.fixture
def page(held: TwoSeries) -> CasePage:
    return held.page()
