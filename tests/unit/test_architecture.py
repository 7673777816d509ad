"""The house's rules: who may import whom, what must stay light, what must not exist."""

from __future__ import annotations

import ast
import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

ALLOWED = {
    "planning": {"planning"},
    "inference": {"inference", "planning"},
    "viewers": {"viewers", "planning"},
    "app": {"app", "viewers", "inference", "planning"},
    "assets": {"assets"},
}
OURS = set(ALLOWED)
PLANNING_MUST_NOT_LOAD = (
    "PySide6",
    "vtkmodules.vtkRendering",
    "vtkmodules.vtkInteraction",
    "pyvista",
    "torch",
    "matplotlib",
)


def _modules(root: Path, package: str) -> list[str]:
    found = []
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def _imports(path: Path) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.lineno, "." * node.level + (node.module or "")))
    return found


def test_packages_import_only_what_lies_below_them(project_root: Path) -> None:
    wrong = []
    for package, allowed in ALLOWED.items():
        for path in sorted((project_root / package).rglob("*.py")):
            for line, name in _imports(path):
                if name.startswith("."):
                    wrong.append(f"{path.relative_to(project_root)}:{line} uses a relative import")
                if name.split(".")[0] in OURS - allowed:
                    wrong.append(f"{path.relative_to(project_root)}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_whole_vtk_is_never_imported(project_root: Path) -> None:
    wrong = [
        f"{path.relative_to(project_root)}:{line}"
        for package in OURS
        for path in (project_root / package).rglob("*.py")
        for line, name in _imports(path)
        if name in ("vtk", "vtkmodules.all")
    ]
    assert not wrong


def _loaded_after(code: str, root: Path) -> set[str]:
    script = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, encoding="utf-8", check=True
    )
    return set(done.stdout.split())


def test_planning_loads_no_window_no_rendering_and_no_torch(project_root: Path) -> None:
    code = "\n".join(f"import {name}" for name in _modules(project_root, "planning"))
    loaded = _loaded_after(code, project_root)
    assert not [name for name in loaded if name.startswith(PLANNING_MUST_NOT_LOAD)]


# Networks are loaded when one is built, and training is a command of its own: these may import torch.
MAY_LOAD_TORCH = ("inference.networks.", "inference.training.")


def test_inference_loads_no_qt_no_vtk_and_torch_and_forests_only_on_use(project_root: Path) -> None:
    names = [name for name in _modules(project_root, "inference") if not name.startswith(MAY_LOAD_TORCH)]
    loaded = _loaded_after("\n".join(f"import {name}" for name in names), project_root)
    assert not [name for name in loaded if name.split(".")[0] in ("PySide6", "vtkmodules", "torch", "sklearn")]


def test_the_command_line_starts_with_next_to_nothing(project_root: Path) -> None:
    loaded = _loaded_after("import app.cli; app.cli.build_parser()", project_root)
    heavy = {"numpy", "scipy", "PySide6", "vtkmodules", "torch", "pydicom", "SimpleITK", "pydantic", "sqlite3"}
    assert not heavy & {name.split(".")[0] for name in loaded}


def test_packaging_folder_is_no_package(project_root: Path) -> None:
    import packaging.version

    assert not (project_root / "packaging" / "__init__.py").exists()
    assert "site-packages" in str(packaging.version.__file__)


def test_no_other_distribution_brings_our_names() -> None:
    wrong = []
    for distribution in importlib.metadata.distributions():
        if distribution.metadata["Name"] == "theatrum":
            continue
        for file in distribution.files or ():
            if file.parts and file.parts[0] in OURS:
                wrong.append(f"{distribution.metadata['Name']} brings {file}")
    assert not wrong


@pytest.mark.parametrize("package", sorted(OURS))
def test_no_module_hides_a_standard_one(project_root: Path, package: str) -> None:
    names = {path.stem for path in (project_root / package).rglob("*.py")}
    assert not names & (set(sys.stdlib_module_names) - {"__init__", "__main__"})
