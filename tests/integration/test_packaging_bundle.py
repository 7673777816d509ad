"""The last built bundle, where there is one: what lies in it, that it tests itself, and that a model runs in it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.model_zoo import add_random_model, scan_case, voxels_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux's own bundle")


@pytest.fixture(scope="module")
def bundle(project_root: Path) -> Path:
    folder = project_root / "dist" / "theatrum"
    if not (folder / "theatrum.cdx.json").is_file():
        pytest.skip("there is no bundle: make bundle")
    return folder


def call(bundle: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Without a display, and without anything of Python's from outside."""
    environment = {"HOME": str(home), "THEATRUM_HOME": str(home / "own"), "PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    program = [str(bundle / "theatrum"), *arguments]
    return subprocess.run(program, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)


def test_it_is_as_small_as_asked_and_carries_nothing_that_it_must_not(bundle: Path, project_root: Path) -> None:
    sys.path[:0] = [str(project_root / "packaging"), str(project_root / "tools")]
    try:
        import contents
    finally:
        del sys.path[:2]
    files = [path for path in bundle.rglob("*") if path.is_file() and not path.is_symlink()]
    assert sum(path.stat().st_size for path in files) <= 1500e6
    libraries = {path.name for path in files if ".so" in path.name and ".libs" not in path.parent.name}
    assert {"libsqlite3.so.0"} <= libraries
    assert not {name for name in libraries if contents.from_the_system(name) or "readline" in name}
    assert not [path for path in bundle.rglob("*") if path.is_symlink() and not path.exists()]


def test_every_part_has_its_licence_and_the_texts_are_there(bundle: Path) -> None:
    from app.bill import carried_parts, inner_parts

    rows = carried_parts(bundle)
    inner = {name for name, _, _ in inner_parts(bundle)}
    assert {
        "vtk: freetype",
        "simpleitk: GDCM",
        "torch: mkl",
        "PySide6_Essentials: ICU",
        "cryptography: OpenSSL",
    } <= inner
    # what OpenVINO would tell of its use with
    assert not [name for name, _, _ in rows if "telemetry" in name]
    assert {"PySide6_Essentials", "vtk", "torch", "libssl3", "Python", "PyInstaller-bootloader"} <= {
        row[0] for row in rows
    }
    there = {path.name for path in (bundle / "licences").iterdir() if path.is_dir() and any(path.iterdir())}
    lacking = {f"{name}-{version}".replace(":", "_") for name, version, _ in rows} - there
    assert {name for name in lacking if not name.startswith("theatrum-ct-body")} == set()
    carried = {path.name.removesuffix(".dist-info").lower() for path in (bundle / "_internal").glob("*.dist-info")}
    assert carried <= {re.sub(r"[-.]+(?=.*-\d)", "_", name).lower() for name in there} | {
        name.lower() for name in there
    }


def test_it_tests_itself_without_a_display(bundle: Path, tmp_path: Path) -> None:
    done = call(bundle, tmp_path, "selftest", "--json")
    assert done.returncode == 0, done.stdout
    checks = {check["name"]: check["ok"] for check in json.loads(done.stdout)["checks"]}
    assert {"picture", "inference", "decoders"} <= set(checks)
    assert all(checks.values())


def test_a_model_finds_structures_in_it(bundle: Path, tmp_path: Path) -> None:
    add_random_model(tmp_path / "own")
    case = scan_case(tmp_path / "c.theatrum")
    done = call(bundle, tmp_path, "segment", str(case), "--model", "small", "--device", "cpu", "--quiet")
    assert done.returncode == 0, done.stderr
    assert voxels_of(case)
    assert os.listdir(tmp_path / "own")
