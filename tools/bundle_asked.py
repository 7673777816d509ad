"""Which modules of others are loaded once all is imported that our code imports; `bundle.py` looks whether they are carried.

PyInstaller reads imports out of Python's text. What compiled modules import from each other it cannot see, and a program
that lacks it ends only where somebody asks for that part. Run as a file it prints the names: it loads everything.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]

import contents  # noqa: E402  (found only once the path is set)

# what excluded libraries bring along, and what is looked for while developing
NOT_MISSED = ("_distutils_hack", "pkg_resources", "dateutil", "kiwisolver", "pyparsing", "PySide6.support")


def imported_by_us() -> dict[str, Path]:
    """Every module that our sources import, however late, and every name in one, with a file that does."""
    imported: dict[str, Path] = {}
    for package in contents.OWN_PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if ".".join(path.relative_to(ROOT).with_suffix("").parts).startswith(contents.NOT_OURS):
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    imported |= dict.fromkeys((name.name for name in node.names), path)
                elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
                    imported |= dict.fromkeys(
                        [node.module, *(f"{node.module}.{name.name}" for name in node.names)], path
                    )
    return imported


def load_all() -> set[str]:
    """Names of the modules of others that lie in files, after importing all that our code imports, in this process."""
    for name in sorted(imported_by_us()):
        # a name may be no module but something in one
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    found = set()
    for name, module in list(sys.modules.items()):
        origin = getattr(getattr(module, "__spec__", None), "origin", None)
        if origin and "site-packages" in origin and module.__spec__.name == name:
            found.add(name)
    return found


def loaded_in_a_process() -> set[str]:
    """The same, told by a process of its own."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_API": "pyside6"}
    command = [sys.executable, str(Path(__file__).resolve())]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"What our code imports could not be loaded:\n{done.stderr}")
    return set(done.stdout.split())


def not_carried(names: Iterable[str], internal: Path, modules: set[str]) -> list[str]:
    """Of modules' names those that neither the program's archive nor its folder has, and that are not left out knowingly."""
    left_out = (*contents.EXCLUDED, *contents.NEVER_LOADED, *NOT_MISSED)
    lacking = []
    for name in names:
        place = internal / name.replace(".", "/")
        if name in modules or place.is_dir() or any(place.parent.glob(f"{place.name}.*")):
            continue
        if f"{name.replace('.', '/')}.".startswith(contents.UNUSED_PLACES) or name.startswith("__editable__"):
            continue
        if not any(name == one or name.startswith(f"{one}.") for one in left_out):
            lacking.append(name)
    return sorted(lacking)


if __name__ == "__main__":
    print("\n".join(sorted(load_all())))
