"""Writes packaging/vtk_modules.txt: which of VTK's modules the program loads, and so which the installers carry.

Two sources: every import of a `vtkmodules` part in our own code (by its syntax tree), and what pyvista and pyvistaqt have
loaded once a window of theirs has drawn. Everything else of VTK's 376 files stays out. Usage: tools/bundle_vtk.py [--check]
"""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "packaging" / "vtk_modules.txt"
PACKAGES = ("app", "inference", "planning", "viewers")
# factories load these by name, so that no import tells of them
BY_NAME = (
    "vtkInteractionStyle",
    "vtkRenderingContextOpenGL2",
    "vtkRenderingFreeType",
    "vtkRenderingOpenGL2",
    "vtkRenderingUI",
    "vtkRenderingVolumeOpenGL2",
)


def modules_in(source: str) -> set[str]:
    """The parts of VTK that a source text imports, as `vtkCommonCore` or `util.numpy_support`."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {
                name.name.removeprefix("vtkmodules.") for name in node.names if name.name.startswith("vtkmodules.")
            }
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
            if node.module in ("vtkmodules", "vtkmodules.util"):
                prefix = "util." if node.module.endswith("util") else ""
                found |= {prefix + name.name for name in node.names}
            elif node.module.startswith("vtkmodules."):
                found.add(node.module.removeprefix("vtkmodules."))
    return found


def imported_by_us() -> set[str]:
    """What our sources import, wherever the import stands."""
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return set().union(*(modules_in(path.read_text(encoding="utf-8")) for path in files))


def loaded_by_pyvista() -> set[str]:
    """What a fresh process has loaded after pyvistaqt was imported and a picture drawn by pyvista."""
    import numpy as np
    import pyvista
    import pyvistaqt  # noqa: F401  (its imports are what is asked for)

    plotter = pyvista.Plotter(off_screen=True, window_size=(64, 64))
    ball = pyvista.Sphere()
    ball["height"] = np.arange(ball.n_points, dtype=float)
    plotter.add_mesh(ball.clip("x"), scalars="height")
    plotter.add_axes()
    plotter.show(auto_close=True)
    return loaded()


def loaded() -> set[str]:
    """The parts of VTK in this process."""
    return {name.removeprefix("vtkmodules.") for name in sys.modules if name.startswith("vtkmodules.")}


def read_list() -> set[str]:
    """The committed list."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def main() -> int:
    """Write the list, or with --check say what it lacks."""
    wanted = imported_by_us() | loaded_by_pyvista() | set(BY_NAME)
    # a part in C loads others before it; they are seen only once it is loaded
    for name in sorted(wanted):
        importlib.import_module(f"vtkmodules.{name}")
    wanted |= loaded()
    if "--check" in sys.argv[1:]:
        missing = sorted(wanted - read_list())
        print("\n".join(missing) if missing else "the list is complete")
        return int(bool(missing))
    head = "# The parts of VTK that are carried, written by tools/bundle_vtk.py; a test holds it against our imports.\n"
    LIST.write_text(head + "".join(f"{name}\n" for name in sorted(wanted)), encoding="utf-8")
    print(f"{len(wanted)} modules")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
