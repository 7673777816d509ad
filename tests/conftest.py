"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from installed import leave_out, use_installed
from shared_queue import join

PROJECT = Path(__file__).resolve().parent.parent
SHARED_DATA = PROJECT.parent / "shared" / "data"


def pytest_configure(config: pytest.Config) -> None:
    use_installed()
    join(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    leave_out(config, items)


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The checkout's folder."""
    return PROJECT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real scans; tests that need it are skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real scans (../shared/data) are not on this machine")
    return SHARED_DATA


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, logs and recent cases of a test stay out of the user's folders."""
    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="session", autouse=True)
def _collect_on_the_gui_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """As the program does: a job's thread must not destroy widgets. Only where the run has GUI tests."""
    if not any(item.get_closest_marker("gui") for item in request.session.items):
        yield
        return
    request.getfixturevalue("qapp")
    from app.collector import GuiCollector
    from planning.loading import load_computing

    # the first job of a process would wait for it, and so would the test that has little patience
    load_computing()
    collector = GuiCollector()
    yield
    collector.stop()
