"""The per-user installer with a small program inside: install, upgrade, back, refuse, remove. No built bundle is needed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux" or shutil.which("gzip") is None, reason="Linux's own installer")

PROGRAM = """#!/bin/sh
case "$1" in
selftest) echo "{word}  picture"; exit {code} ;;
--version) echo "theatrum {version}" ;;
esac
"""


def make_run(tools: Path, folder: Path, version: str, *, code: int = 0, libraries: str = "libc.so.6") -> Path:
    sys.path.insert(0, str(tools))
    try:
        from installer_files import write_share
        from installer_run import write_run
    finally:
        sys.path.remove(str(tools))
    content = folder / f"content-{version}"
    content.mkdir()
    program = content / "theatrum"
    program.write_text(PROGRAM.format(word="ok" if code == 0 else "FAIL", code=code, version=version), encoding="utf-8")
    program.chmod(0o755)
    write_share(content / "integration")
    target = folder / f"theatrum-{version}.run"
    write_run(content, target, libraries=libraries, packages="libc6", version=version)
    return target


def call(script: Path, home: Path, *arguments: str, shell: str = "sh") -> subprocess.CompletedProcess[str]:
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C"}
    return subprocess.run(
        [shell, str(script), *arguments], env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, project_root: Path) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("runs")
    tools = project_root / "tools"
    return {
        "1.0": make_run(tools, folder, "1.0"),
        "1.1": make_run(tools, folder, "1.1"),
        "1.2": make_run(tools, folder, "1.2"),
        "broken": make_run(tools, folder, "1.3", code=1),
        "needy": make_run(tools, folder, "1.4", libraries="libc.so.6 libnowhere.so.9"),
    }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with a space in its name, a case and settings of a person."""
    home = tmp_path / "the home & more"
    (home / "Documents" / "Theatrum").mkdir(parents=True)
    (home / "Documents" / "Theatrum" / "one.theatrum").write_text("case")
    (home / ".config" / "theatrum").mkdir(parents=True)
    (home / ".config" / "theatrum" / "settings.json").write_text("{}")
    return home


def test_installing_upgrading_going_back_and_removing(runs: dict[str, Path], home: Path) -> None:
    before = files_below(home)
    place = home / ".local" / "opt" / "theatrum"
    done = call(runs["1.0"], home)
    assert done.returncode == 0, done.stderr
    started = home / ".local" / "bin" / "theatrum"
    version = [str(started), "--version"]
    assert subprocess.run(version, capture_output=True, text=True, check=True).stdout == "theatrum 1.0\n"
    entry = (home / ".local/share/applications/org.theatrum.Theatrum.desktop").read_text(encoding="utf-8")
    assert f'Exec="{place}/current/theatrum" gui %f' in entry.splitlines()
    assert (home / ".local/share/mime/packages/theatrum.xml").is_file()
    assert (home / ".local/share/icons/hicolor/48x48/apps/org.theatrum.Theatrum.png").is_file()

    assert call(runs["1.1"], home).returncode == 0
    assert call(runs["1.2"], home).returncode == 0
    assert subprocess.run(version, capture_output=True, text=True, check=True).stdout == "theatrum 1.2\n"
    assert (place / "previous" / "theatrum").resolve().parent.name.startswith("1.1-")
    assert len(list((place / "versions").iterdir())) == 2, "one version before the newest is kept"
    assert call(runs["1.2"], home, "--back").returncode == 0
    assert subprocess.run(version, capture_output=True, text=True, check=True).stdout == "theatrum 1.1\n"

    removed = call(place / "uninstall.sh", home)
    assert removed.returncode == 0, removed.stderr
    assert files_below(home) == before
    assert not (home / ".local").exists()


def test_a_version_that_fails_its_own_test_changes_nothing(runs: dict[str, Path], home: Path) -> None:
    assert call(runs["1.0"], home).returncode == 0
    before = files_below(home)
    refused = call(runs["broken"], home)
    assert refused.returncode == 3
    assert "FAIL  picture" in refused.stderr
    assert "nothing was changed" in refused.stderr
    assert files_below(home) == before


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_a_changed_or_cut_file_is_refused(runs: dict[str, Path], home: Path, tmp_path: Path, shell: str) -> None:
    whole = runs["1.0"].read_bytes()
    for name, content in (("cut", whole[:-900]), ("changed", whole[:-500] + b"x" * 500)):
        bad = tmp_path / f"{name}.run"
        bad.write_bytes(content)
        before = files_below(home)
        for arguments in ((), ("--check",)):
            done = call(bad, home, *arguments, shell=shell)
            assert done.returncode == 3, name
            assert "not whole" in done.stderr
        assert files_below(home) == before
    assert call(runs["1.0"], home, "--check").returncode == 0


def test_missing_libraries_are_named_before_anything_is_unpacked(runs: dict[str, Path], home: Path) -> None:
    before = files_below(home)
    done = call(runs["needy"], home)
    assert done.returncode == 3
    assert "libnowhere.so.9" in done.stderr
    assert "libc.so.6" not in done.stderr
    assert "apt install libc6" in done.stderr
    assert files_below(home) == before


def test_wrong_usage_is_one_line(runs: dict[str, Path], home: Path) -> None:
    done = call(runs["1.0"], home, "--nonsense")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert call(runs["1.0"], home, "--uninstall").returncode == 3
