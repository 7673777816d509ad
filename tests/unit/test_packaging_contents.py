"""What the installers carry, held against what the sources ask for. Nothing is built here."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest


def load(path: Path) -> ModuleType:
    name = f"packaging_under_test_{path.stem}"
    found = importlib.util.spec_from_file_location(name, path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def contents(project_root: Path) -> ModuleType:
    return load(project_root / "packaging" / "contents.py")


@pytest.fixture(scope="module")
def parts(project_root: Path) -> ModuleType:
    return load(project_root / "tools" / "bundle_parts.py")


def test_every_part_of_vtk_that_our_code_imports_is_carried(project_root: Path, contents: ModuleType) -> None:
    vtk = load(project_root / "tools" / "bundle_vtk.py")
    imported = vtk.imported_by_us()
    assert {"vtkRenderingCore", "vtkCommonCore"} <= imported
    missing = (imported | set(vtk.BY_NAME)) - contents.vtk_modules()
    assert not missing, "run tools/bundle_vtk.py"


def test_imports_of_vtk_are_seen_in_every_form(project_root: Path) -> None:
    vtk = load(project_root / "tools" / "bundle_vtk.py")
    source = (
        "import vtkmodules.vtkA\nfrom vtkmodules.vtkB import X\nfrom vtkmodules import vtkC\n"
        "def later():\n    from vtkmodules.util import numpy_support\n    from vtkmodules.util.other import y\n"
    )
    assert vtk.modules_in(source) == {"vtkA", "vtkB", "vtkC", "util.numpy_support", "util.other"}


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("libstdc++.so.6", False),
        ("libgcc_s.so.1", False),
        ("libX11.so.6", False),
        ("libX11-xcb.so.1", False),
        ("libGL.so.1", False),
        ("libEGL.so.1", False),
        ("libdrm.so.2", False),
        ("libwayland-client.so.0", False),
        ("libreadline.so.8", False),
        ("libssl.so.3", True),
        ("libsqlite3.so.0", True),
        ("pillow.libs/libfreetype-5bb46249.so.6", True),
        ("numpy.libs/libgfortran-040039e1-0352e75f.so.5.0.0", True),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqwayland.so", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", False),
        ("PySide6/Qt/plugins/sqldrivers/libqsqlite.so", False),
        ("PySide6/Qt/translations/qtbase_de.qm", True),
        ("PySide6/Qt/translations/qtbase_fr.qm", False),
        ("openvino/libs/libopenvino_intel_cpu_plugin.so", True),
        ("openvino/libs/libopenvino_intel_gpu_plugin.so", False),
        ("torch/include/ATen/ATen.h", False),
        ("torch/bin/torch_shm_manager", True),
        ("skimage/__init__.pyi", True),
        ("pxr/Usd/_usd.so", True),
        ("pxr/UsdPhysics/_usdPhysics.so", False),
    ],
)
def test_which_files_are_carried(contents: ModuleType, place: str, wanted: bool) -> None:
    assert contents.is_wanted(place, ["de"]) is wanted


def test_the_gpl_stays_out(contents: ModuleType, parts: ModuleType) -> None:
    assert "readline" in contents.EXCLUDED

    def faults(licence: str, kind: str = "pypi", name: str = "one") -> list[str]:
        return parts.check_parts([parts.Part(kind, name, "1", licence, (Path("LICENSE"),))])

    assert faults("GPL-3.0-or-later")
    assert faults("GNU General Public License v2 (GPLv2)")
    assert faults("BSD", "deb", "libreadline8")
    assert not faults("LGPL-3.0-only")
    assert not faults("MIT")
    assert parts.check_parts([parts.Part("pypi", "bare", "1", "MIT", ())]) == ["bare: no licence text"]


def test_every_library_that_the_program_names_has_a_licence_text(parts: ModuleType) -> None:
    import importlib.metadata

    from app.dialogs.about import LIBRARIES

    found = list(parts.python_parts(importlib.metadata.distribution(name) for name in LIBRARIES))
    assert parts.check_parts(found) == []
    assert all(text.is_file() for part in found for text in part.texts)


def test_the_bill_of_materials_says_the_same_for_the_same_parts(parts: ModuleType) -> None:
    held = [parts.Part("pypi", "B", "2+x", "MIT", ()), parts.Part("deb", "libssl3", "3~1", "Apache-2.0 and more", ())]
    one, two = (parts.bill_of_materials(order, "0.1.0", 1_700_000_000) for order in (held, held[::-1]))
    assert json.dumps(one) == json.dumps(two)
    assert {"pkg:pypi/b@2%2Bx", "pkg:deb/debian/libssl3@3%7E1"} <= {part.get("purl") for part in one["components"]}
    references = {part["bom-ref"] for part in one["components"]}
    assert len(references) == len(one["components"])
    assert set(one["dependencies"][0]["dependsOn"]) == references
