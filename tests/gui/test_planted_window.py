"""Words planted all over a series are in nothing that the window leaves: pictures, films, small pictures, settings, logs."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from byte_search import found_in
from planted import planted_series
from pytestqt.qtbot import QtBot
from segment_window import shown_window, shut

from app.cli import main
from app.crash import CrashWatch
from app.log import WithoutPaths
from app.paths import log_file, state_folder
from app.settings import load_settings, settings_file
from app.studio import Film, make, shot_of
from app.window_states import wait_settled
from planning.progress import CancelToken, no_progress

pytestmark = [pytest.mark.gui, pytest.mark.filterwarnings("ignore")]


@pytest.fixture
def log() -> Iterator[Path]:
    """The program's own log, in the test's own folder."""
    handler = logging.FileHandler(log_file(), encoding="utf-8")
    handler.addFilter(WithoutPaths())
    logging.getLogger().addHandler(handler)
    yield log_file()
    logging.getLogger().removeHandler(handler)
    handler.close()


def test_planted_words_are_in_nothing_that_a_window_leaves(qtbot: QtBot, tmp_path: Path, log: Path) -> None:
    folder, words = planted_series(tmp_path / "in")
    out = tmp_path / "out"
    out.mkdir()
    path = out / "case.theatrum"
    assert main(["import", str(folder), "-o", str(path), "--quiet"]) == 0
    # what an earlier window left when it was brought down while it read the scan
    (state_folder() / "crash-99999999.txt").write_text(
        f'Fatal Python error: Segmentation fault\n\n  File "{folder}/app/files.py", line 3 in read\n', encoding="utf-8"
    )
    watch = CrashWatch()
    assert watch.start()
    window = shown_window(qtbot, path)
    try:
        wait_settled(window)
        page = window.page
        assert page is not None
        window.files.keep_thumbnail(page)
        assert window.grab().save(str(out / "window.png"))
        pane = page.scene
        for name, film in (("large.png", None), ("turn.gif", Film(0.1)), ("turn.webp", Film(0.1))):
            make(shot_of(pane, 0.5), film, out / name, no_progress, CancelToken())
        logging.getLogger("app.files").error("%s cannot be read", next(folder.iterdir()))
        window.open_paths([folder / "not there"])
        # as a person leaves it, whose cases are remembered
        window.is_attended = True
        window.close_case(show_start=False)
    finally:
        shut(window)
        watch.end()
    assert load_settings().recent
    assert settings_file().is_file()
    written = log.read_text(encoding="utf-8")
    assert "brought down" in written
    assert "[path]" in written
    home = Path(os.environ["THEATRUM_HOME"])
    kinds = {file.suffix for top in (out, home) for file in top.rglob("*.*")}
    assert kinds >= {".theatrum", ".png", ".gif", ".webp", ".json", ".log"}
    assert found_in([out, home], words) == {}
