"""Cases that are made once in a process and copied for each test: what a test does to its copy no other test sees."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from planning.case.document import Document


@cache
def _folder() -> Path:
    made = Path(tempfile.mkdtemp(prefix="theatrum-cases-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def copied_case(make: Callable[[Path], Document], path: Path, name: str) -> Document:
    """A case like the one that `make` writes, at `path`; open. name: of this case among all that are made."""
    kept = _folder() / f"{name}.theatrum"
    if not kept.exists():
        draft = kept.with_suffix(".draft")
        make(draft).close()
        draft.rename(kept)
    shutil.copyfile(kept, path)
    return Document.open(path)
