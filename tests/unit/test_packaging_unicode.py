"""Qt's library of Unicode's tables, made small for the installers: what is carried is as it was, and Qt is content with it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

HEADER = struct.pack("<HBBHHBBBB4s", 32, 0xDA, 0x27, 20, 0, 0, 0, 2, 0, b"CmnD").ljust(32, b"\0")
# what Qt asks the tables for, in a language that is carried and in one that is not
ASK = """
from functools import cmp_to_key
from PySide6.QtCore import QCollator, QLocale, QStringDecoder, QTimeZone
words = "Zebra Öl ångström Oel aber Ähre a10 a9 Straße Strasse ß".split()
for code in ("de", "en_GB", "sv"):
    sorting = QCollator(QLocale(code))
    sorting.setNumericMode(True)
    zone = QTimeZone(b"Europe/Berlin").displayName(QTimeZone.StandardTime, QTimeZone.LongName, QLocale(code))
    print(code, *sorted(words, key=cmp_to_key(sorting.compare)), zone, sep="|")
print(*(QStringDecoder(name).isValid() for name in ("ISO-8859-15", "windows-1252", "KOI8-R")), sep="|")
print(*{line.split()[-1] for line in open("/proc/self/maps") if "icudata" in line})
"""


@pytest.fixture(scope="module")
def icu(project_root: Path) -> ModuleType:
    sys.path.insert(0, str(project_root / "tools"))
    try:
        found = importlib.util.spec_from_file_location("bundle_icu", project_root / "tools" / "bundle_icu.py")
        assert found is not None
        assert found.loader is not None
        module = importlib.util.module_from_spec(found)
        found.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(project_root / "tools"))


@pytest.mark.parametrize(
    ("name", "size", "kept"),
    [
        ("icudt73l/coll/de.res", 10, True),
        ("icudt73l/coll/en_GB.res", 10, True),
        ("icudt73l/coll/sv.res", 10, False),
        ("icudt73l/coll/root.res", 10, True),
        ("icudt73l/zoneinfo64.res", 10, True),
        ("icudt73l/curr/pool.res", 10, True),
        ("icudt73l/brkitr/de.res", 10, False),
        ("icudt73l/ibm-923_P100-1998.cnv", 1000, True),
        ("icudt73l/gb18030.cnv", 230_000, False),
        ("icudt73l/cnvalias.icu", 60_000, True),
    ],
)
def test_which_tables_are_carried(icu: ModuleType, name: str, size: int, kept: bool) -> None:
    assert icu.is_kept(name, size, ["de"]) is kept


def test_a_package_that_is_written_is_read_as_it_was(icu: ModuleType) -> None:
    held = [("p/a.res", b"A" * 16), ("p/coll/de.res", b"D" * 48), ("p/z.icu", b"Z" * 32)]
    package = icu.packed(HEADER, held)
    assert icu.items(package) == held
    # the format wants each item at a multiple of 16 bytes behind the header
    assert all((package.index(content) - len(HEADER)) % 16 == 0 for _, content in held)
    with pytest.raises(ValueError, match="package"):
        icu.items(b"\0" * 64)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux's own library")
def test_qt_sorts_and_names_as_before_in_the_languages_that_are_carried(icu: ModuleType, tmp_path: Path) -> None:
    import PySide6

    source = next((Path(PySide6.__file__).parent / "Qt" / "lib").glob("libicudata.so.*"))
    if shutil.which("ld") is None:
        pytest.skip("no ld here; the installers' own step asks for it")
    small = tmp_path / source.name
    shutil.copyfile(source, small)
    icu.shorten(small, ["de"])
    assert small.stat().st_size < 6e6 < 30e6 < source.stat().st_size
    whole = dict(icu.items(icu.package_in(source.read_bytes())))
    kept = icu.items(icu.package_in(small.read_bytes()))
    # between two items there may be room, which is counted to the first
    assert all(whole[name].rstrip(b"\0") == content.rstrip(b"\0") for name, content in kept)
    assert [name for name, _ in kept] == sorted(name for name, _ in kept)
    before, after = _told({}), _told({"LD_LIBRARY_PATH": str(tmp_path)})
    assert before[-1] != after[-1] == str(small)
    assert before[:2] == after[:2]
    assert before[3] == after[3] == "True|True|True"
    # Swedish sorts Ä behind Z; what is not carried is answered in the root's order
    assert before[2].index("Zebra") < before[2].index("Ähre")
    assert after[2].index("Ähre") < after[2].index("Zebra")


def _told(more: dict[str, str]) -> list[str]:
    environment = {**os.environ, **more, "PYTHONIOENCODING": "utf-8", "LC_ALL": "C"}
    command = [sys.executable, "-c", ASK]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stdout.splitlines()
