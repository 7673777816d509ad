"""What the installers carry, held against what the sources ask for. Nothing is built here."""

from __future__ import annotations

import importlib.util
import json
import subprocess
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


def test_nothing_that_our_code_imports_is_left_out(project_root: Path, contents: ModuleType) -> None:
    """However late the import stands: what engraves letters on a model was missing from installers until it was asked for."""
    imported = load(project_root / "tools" / "bundle_asked.py").imported_by_us()
    assert {"fontTools.ttLib", "PySide6.QtTest.QTest"} <= set(imported)
    lost = {
        f"{name} ({path.relative_to(project_root)})"
        for name, path in imported.items()
        for excluded in (*contents.EXCLUDED, *contents.NEVER_LOADED)
        if name == excluded or name.startswith(f"{excluded}.")
    }
    assert lost == set()
    # what OpenVINO brings to tell its makers of its use; it goes on without
    assert "openvino_telemetry" in contents.EXCLUDED


def test_what_is_said_never_to_be_loaded_is_not_and_what_is_loaded_would_be_missed(
    project_root: Path, contents: ModuleType, tmp_path: Path
) -> None:
    asked = load(project_root / "tools" / "bundle_asked.py")
    loaded = asked.loaded_in_a_process()
    # the last is known to no text of Python's: only compiled modules ask for it
    assert {
        "sklearn.ensemble",
        "scipy.interpolate",
        "vtkmodules.vtkCommonCore",
        "sklearn.neighbors._quad_tree",
    } <= loaded
    never = contents.NEVER_LOADED
    assert [name for name in loaded for one in never if name == one or name.startswith(f"{one}.")] == []
    (tmp_path / "numpy").mkdir()
    (tmp_path / "numpy" / "fast.cpython-311.so").touch()
    names = ["numpy", "numpy.fast", "numpy.slow", "in.archive", "matplotlib.pyplot", "imageio"]
    assert asked.not_carried(names, tmp_path, {"in.archive"}) == ["numpy.slow"]


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


def test_every_keyring_that_is_found_by_name_is_carried(contents: ModuleType) -> None:
    import importlib.metadata

    found = importlib.metadata.distribution("keyring").entry_points.select(group="keyring.backends")
    assert {"SecretService", "chainer"} <= {point.name for point in found}
    assert {point.value for point in found} <= set(contents.HIDDEN)


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


def test_what_is_linked_into_the_libraries_is_known_with_its_texts(parts: ModuleType, tmp_path: Path) -> None:
    import importlib.metadata

    inside = load(Path(parts.__file__).parents[1] / "packaging" / "inside.py")
    held = list(parts.python_parts(importlib.metadata.distribution(name) for name in inside.INSIDE))
    assert parts.check_parts(held) == []
    named = {(part.within.partition(" ")[0], part.name) for part in held if part.kind == "inside"}
    assert {("vtk", "freetype"), ("simpleitk", "GDCM"), ("torch", "mkl"), ("cryptography", "OpenSSL")} <= named
    # what torch's wheel brings texts for needs none of ours; all others have one
    bare = {part.name for part in held if not part.texts and not part.within.startswith("torch ")}
    assert bare == set()
    for name in ("libvtkexpat.so", "libvtknew_thing-9.7.so.1", "libvtkCommonCore.so", "libvtkx11.so"):
        (tmp_path / name).touch()
    assert parts.unknown_inside_vtk(tmp_path) == ["new_thing"]
    parts.write_texts(held, tmp_path / "licences")
    vtk = next((tmp_path / "licences").glob("vtk-*"))
    assert {"expat.txt", "eigen.txt", "libpng.txt"} <= {path.name for path in (vtk / "inside").iterdir()}
    torch = next((tmp_path / "licences").glob("torch-*"))
    assert (torch / "third_party-XNNPACK-LICENSE").is_file()


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
    inner = parts.Part("inside", "zlib", "", "Zlib", (), "B 2+x")
    nested = parts.bill_of_materials([*held, inner], "0.1.0", 1_700_000_000)["components"]
    assert [part.get("components", []) for part in nested if part["name"] == "libssl3"] == [[]]
    assert [one["bom-ref"] for part in nested if part["name"] == "B" for one in part["components"]] == [
        "pkg:pypi/b@2%2Bx#zlib"
    ]
    references = {part["bom-ref"] for part in one["components"]}
    assert len(references) == len(one["components"])
    assert set(one["dependencies"][0]["dependsOn"]) == references


def test_what_counting_a_networks_memory_imports_of_torchs_compiler_is_carried(contents: ModuleType) -> None:
    code = "import sys, torch._dynamo; print(*(name for name in sys.modules if name.startswith('torch._inductor.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    loaded = {name.removeprefix("torch._inductor.") for name in done.stdout.split()}
    assert "test_operators" in loaded
    assert loaded == set(contents.COMPILER)


def test_the_standards_tables_that_are_kept_hold_every_module_of_a_segmentation(
    project_root: Path, contents: ModuleType, tmp_path: Path
) -> None:
    thin = load(project_root / "tools" / "bundle_thin.py")
    rows = [{"keyword": "Modality", "type": "1", "path": []}]
    modules = {"patient": rows, "segmentation-image": rows, "rt-beams": rows}
    kinds = {"segmentation": ["patient", "segmentation-image"], "rt-plan": ["patient", "rt-beams"]}
    told = {kind: [{"key": key, "usage": "M"} for key in keys] for kind, keys in kinds.items()}
    (tmp_path / "iod_module_map.json").write_text(json.dumps(told, indent=2), encoding="utf-8")
    (tmp_path / "module_attribute_map.json").write_text(json.dumps(modules, indent=2), encoding="utf-8")
    thin._shorten_tables(tmp_path)
    kept = json.loads((tmp_path / "module_attribute_map.json").read_text(encoding="utf-8"))
    assert kept == {"patient": rows, "segmentation-image": rows}
    assert json.loads((tmp_path / "iod_module_map.json").read_text(encoding="utf-8")) == told
    assert all(contents.DICOM_KINDS.fullmatch(kind) for kind in ("comprehensive-3d-sr", "ct-image", "rt-structure-set"))


def test_empty_room_in_a_library_goes_and_every_address_keeps_its_content(project_root: Path) -> None:
    elf = load(project_root / "tools" / "bundle_elf.py")
    content = _library(elf, empty=b"\0" * (80 * elf.PAGE))
    shorter = elf.without_gap(content)
    assert len(content) - len(shorter) == 80 * elf.PAGE
    before, after = (_memory(elf, one) for one in (content, shorter))
    assert before.keys() - after.keys() == set(range(1, 81))
    # the tables at the beginning tell of the change, all else is as it was
    assert before[0][1024:] == after[0][1024:]
    assert all(before[page] == after[page] for page in after if page)
    held = [[one[row[4] : row[4] + row[5]] for row in elf.sections(one)] for one in (content, shorter)]
    assert held[0] == held[1]
    assert held[0][1:] == [b"B" * 512, b"E" * 700, b"D" * 300]
    assert elf.without_gap(shorter) == shorter
    # what is not empty stays, however much of it there is
    full = _library(elf, empty=b"\0" * (40 * elf.PAGE) + b"x" + b"\0" * (40 * elf.PAGE - 1))
    assert elf.without_gap(full) == full


def _library(elf: ModuleType, empty: bytes) -> bytes:
    """A read-only part with a section at each end of `empty`, a writable part behind it, and the table of sections."""
    begin, middle = b"B" * 512, len(empty) + elf.PAGE
    first = (b"\0" * 1024 + begin).ljust(elf.PAGE, b"\0") + empty + b"E" * 700
    second = -(-len(first) // elf.PAGE) * elf.PAGE
    body = first.ljust(second, b"\0") + b"D" * 300
    table = [(4, 4, 1024, 1024, 32, 32, 4), (1, 4, 0, 0, len(first), len(first), elf.PAGE)]
    table.append((1, 6, second, second, 300, 900, elf.PAGE))
    sections = [(0, 0, 0), (1024, 512, 1024), (middle, 700, middle), (second, 300, second)]
    rows = b"".join(
        elf.SECTION.pack(0, 1 if size else 0, 2, address, offset, size, 0, 0, 8, 0)
        for offset, size, address in sections
    )
    magic = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    head = elf.HEADER.pack(magic, 3, 62, 1, 0, 64, len(body), 0, 64, 56, len(table), 64, len(sections), 0)
    parts = b"".join(elf.Segment(*row).pack() for row in table)
    return head + parts + body[len(head) + len(parts) :] + rows


def _memory(elf: ModuleType, content: bytes) -> dict[int, bytes]:
    """Page number → its content once the loader is done."""
    pages = {}
    for part in elf.segments(content):
        if part.kind == elf.LOAD:
            held = content[part.offset : part.offset + part.size].ljust(-(-part.room // elf.PAGE) * elf.PAGE, b"\0")
            for start in range(0, len(held), elf.PAGE):
                pages[(part.address + start) // elf.PAGE] = held[start : start + elf.PAGE]
    return pages
