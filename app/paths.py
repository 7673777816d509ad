"""Where the program keeps its own files. THEATRUM_HOME puts all of them into one folder."""

from __future__ import annotations

import os
from pathlib import Path

from planning.errors import InputError


def _folder(kind: str) -> Path:
    home = os.environ.get("THEATRUM_HOME")
    if home:
        path = Path(home) / kind
    else:
        import platformdirs

        path = Path(getattr(platformdirs, f"user_{kind}_dir")("theatrum", appauthor=False))
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"The program's own folder cannot be made ({error.strerror or error})",
            "Set THEATRUM_HOME to a folder that can be written",
            "place",
        ) from error
    return path


def config_folder() -> Path:
    """Settings."""
    return _folder("config")


def state_folder() -> Path:
    """Logs and window geometry."""
    return _folder("state")


def data_folder() -> Path:
    """Sample cases and imported models."""
    return _folder("data")


def thumbnail_folder() -> Path:
    """Small pictures of cases."""
    return data_folder() / "thumbnails"


def cache_folder() -> Path:
    """What can be made again from the cases; nobody else on this computer may look into it."""
    folder = _folder("cache") / "kept"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def cases_folder() -> Path:
    """New cases: the user's documents, or "cases" in THEATRUM_HOME."""
    if os.environ.get("THEATRUM_HOME"):
        return _folder("cases")
    import platformdirs

    path = Path(platformdirs.user_documents_dir()) / "Theatrum"
    path.mkdir(parents=True, exist_ok=True)
    return path


def log_file() -> Path:
    """The newest log file."""
    return state_folder() / "theatrum.log"
