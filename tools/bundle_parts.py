"""Whose work lies in a built folder: Python packages, libraries of the system, Python, our own parts; texts and SBOM."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "packaging"))

LICENCES = ROOT / "packaging" / "licences"
BUILDERS = {"pip", "setuptools", "wheel", "pyinstaller", "pyinstaller-hooks-contrib", "altgraph", "theatrum"}
TEXT_NAME = re.compile(r"licen[sc]e|copying|notice|third.?party|authors", re.IGNORECASE)
# packages whose own files hold no text, or which need one more
SUPPLIED = {
    "pyjpegls": ("pyjpegls.txt",),
    "pyside6_essentials": ("Qt-and-PySide.txt", "LGPL-3.0.txt", "GPL-3.0.txt"),
    "shiboken6": ("Qt-and-PySide.txt", "LGPL-3.0.txt", "GPL-3.0.txt"),
}
# what packages say in words of their own, as the standard's names
SPOKEN = {
    "pyside6_essentials": "LGPL-3.0-only",
    "shiboken6": "LGPL-3.0-only",
    "vtk": "BSD-3-Clause",
    "simpleitk": "Apache-2.0",
    "pyjpegls": "MIT AND BSD-3-Clause",
    "openvino": "Apache-2.0",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of somebody's work. kind: pypi, deb, generic. texts: its licence files."""

    kind: str
    name: str
    version: str
    licence: str
    texts: tuple[Path, ...]


def carried_packages(folder: Path, modules: set[str]) -> list[importlib.metadata.Distribution]:
    """The installed packages of which something lies in `folder` or among `modules` (names in the program's archive)."""
    found = []
    for package in importlib.metadata.distributions():
        if package.name.lower() in BUILDERS:
            continue
        places = [str(path) for path in package.files or () if ".dist-info/" not in str(path)]
        if any(_is_inside(place, folder, modules) for place in places):
            found.append(package)
    return sorted(found, key=lambda package: package.name.lower())


def _is_inside(place: str, folder: Path, modules: set[str]) -> bool:
    if place.endswith(".py"):
        return place.removesuffix(".py").removesuffix("/__init__").replace("/", ".") in modules
    return not place.startswith("..") and (folder / place).is_file()


def archive_modules(listing: Path) -> set[str]:
    """Names of the modules in the program's archive, from PyInstaller's own listing of it (PYZ-00.toc)."""
    entries = ast.literal_eval(listing.read_text(encoding="utf-8"))[1]
    return {entry[0] for entry in entries}


def python_parts(packages: Iterable[importlib.metadata.Distribution]) -> Iterator[Part]:
    """One part for each package, with every licence text that it has."""
    for package in packages:
        key = re.sub(r"[-.]+", "_", package.name.lower())
        texts = [
            Path(str(package.locate_file(path)))
            for path in package.files or ()
            if ".dist-info/" in str(path) and (TEXT_NAME.search(path.name) or "/licenses/" in str(path))
        ]
        texts += [LICENCES / name for name in SUPPLIED.get(key, ())]
        yield Part("pypi", package.name, package.version, SPOKEN.get(key) or _stated(package), tuple(texts))


def _stated(package: importlib.metadata.Distribution) -> str:
    told = (package.metadata.get("License-Expression") or package.metadata.get("License") or "").strip()
    if told and len(told) < 60 and "\n" not in told:
        return told
    classes = [line for line in package.metadata.get_all("Classifier") or () if line.startswith("License ::")]
    return classes[0].rpartition(" :: ")[2] if classes else "see its texts"


def system_parts(folder: Path, listing: Path) -> Iterator[Part]:
    """The packages of the build computer's system whose libraries were carried along, from PyInstaller's listing."""
    entries = [entry for entry in ast.literal_eval(listing.read_text(encoding="utf-8"))[0] if len(entry) == 3]
    names: dict[str, set[str]] = {}
    for place, source, kind in entries:
        if kind not in ("BINARY", "EXTENSION") or "site-packages" in source or source.startswith(sys.base_prefix):
            continue
        if not (folder / place).exists():
            continue
        package = _owner(Path(source))
        names.setdefault(package, set()).add(place)
    for package in sorted(names):
        copyright_text = Path("/usr/share/doc") / package.partition(":")[0] / "copyright"
        version = _ask("dpkg-query", "-W", "-f=${Version}", package)
        yield Part("deb", package.partition(":")[0], version, _debian_licence(copyright_text), (copyright_text,))


def _owner(library: Path) -> str:
    for path in (library, library.resolve(), Path("/usr") / str(library.resolve()).lstrip("/")):
        told = _ask("dpkg", "-S", str(path), strict=False)
        if told:
            return told.partition(": ")[0]
    raise SystemExit(f"{library} would be carried along, and no package of the system says whose it is")


def _ask(*command: str, strict: bool = True) -> str:
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=strict)
    return done.stdout.strip() if done.returncode == 0 else ""


def _debian_licence(text: Path) -> str:
    told = re.findall(r"^License:\s*(\S.*)$", text.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    names = list(dict.fromkeys(line.strip() for line in told))
    return ", ".join(names[:4]) if names else "see its text"


def own_parts(folder: Path) -> Iterator[Part]:
    """Python itself, and what lies inside as files of ours with licences of others."""
    version = ".".join(map(str, sys.version_info[:3]))
    held = [
        Path(sys.base_prefix) / f"lib/python{version.rpartition('.')[0]}" / "LICENSE.txt",
        Path(sys.base_prefix) / "LICENSE.txt",
        Path("/usr/share/doc") / f"python{version.rpartition('.')[0]}" / "copyright",
    ]
    texts = [path for path in held if path.is_file()]
    if not texts:
        raise SystemExit("Python's own licence text was not found beside it")
    yield Part("generic", "Python", version, "PSF-2.0", (texts[0],))
    yield Part("generic", "PyInstaller-bootloader", *_bootloader())
    # wheels bring the compiler's run-time libraries along; its exception lets any program use them
    if sys.platform == "linux" and any(folder.rglob("libg*-*.so*")):
        base = next(Path("/usr/share/doc").glob("gcc-*-base/copyright"), None)
        texts = (LICENCES / "GPL-3.0.txt", *([base] if base else []))
        yield Part("generic", "GCC-runtime", "12", "GPL-3.0-or-later WITH GCC-exception-3.1", texts)
    yield Part("generic", "Inter", "4.1", "OFL-1.1", (ROOT / "assets" / "fonts" / "OFL.txt",))
    yield Part("generic", "Lucide", "1.62.0", "ISC", (ROOT / "assets" / "icons" / "LICENSE",))


def _bootloader() -> tuple[str, str, tuple[Path, ...]]:
    """(version, licence, texts) of the program's beginning, which PyInstaller brings; its exception lets it be given on."""
    package = importlib.metadata.distribution("pyinstaller")
    texts = [Path(str(package.locate_file(path))) for path in package.files or () if path.name == "COPYING.txt"]
    return package.version, "GPL-2.0-or-later WITH Bootloader-exception", tuple(texts)


def check_parts(parts: Iterable[Part]) -> list[str]:
    """What stands in the way of giving these parts on: a text that lacks, a licence that binds the whole."""
    faults = []
    for part in parts:
        if not part.texts:
            faults.append(f"{part.name}: no licence text")
        if (
            part.kind == "pypi"
            and re.search(r"(?<!L)(?<!Lesser )\bA?GPL", part.licence)
            and "exception" not in part.licence
        ):
            faults.append(f"{part.name}: under the {part.licence}")
        if part.kind == "deb" and part.name.startswith(("libreadline", "libgdbm")):
            faults.append(f"{part.name}: under the GPL")
    return faults


def write_texts(parts: Iterable[Part], target: Path) -> None:
    """licences/KIND/NAME-VERSION/… for each part, and Theatrum's own beside them."""
    if target.exists():
        shutil.rmtree(target)
    target.mkdir(parents=True)
    shutil.copyfile(ROOT / "LICENSE", target / "Theatrum-Apache-2.0.txt")
    for part in parts:
        place = target / f"{part.name}-{part.version}".replace(":", "_").replace("/", "_")
        place.mkdir(exist_ok=True)
        for number, text in enumerate(part.texts):
            name = text.name if not (place / text.name).exists() else f"{number}-{text.name}"
            shutil.copyfile(text, place / name)


def bill_of_materials(parts: Iterable[Part], version: str, epoch: int) -> dict[str, Any]:
    """CycloneDX 1.6 of what lies inside; the same parts give the same document."""
    from datetime import UTC, datetime

    components = []
    for part in sorted(parts, key=lambda part: (part.kind, part.name.lower())):
        where = {"pypi": "pypi", "deb": "deb/debian", "generic": "generic"}[part.kind]
        purl = f"pkg:{where}/{part.name.lower()}@{part.version}".replace("+", "%2B").replace("~", "%7E")
        components.append(
            {
                "type": "library",
                "bom-ref": purl,
                "name": part.name,
                "version": part.version,
                "purl": purl,
                "licenses": [_licence_entry(part.licence)],
            }
        )
    components.append(
        {
            "type": "machine-learning-model",
            "bom-ref": "theatrum-ct-body",
            "name": "theatrum-ct-body",
            "version": sorted(path.name for path in (ROOT / "assets/models/theatrum-ct-body").iterdir())[-1],
            "licenses": [{"license": {"id": "Apache-2.0"}}],
        }
    )
    seed = json.dumps(components, sort_keys=True) + version
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, seed)}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application",
                "bom-ref": "theatrum",
                "name": "Theatrum",
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
        },
        "components": components,
        "dependencies": [
            {"ref": "theatrum", "dependsOn": sorted(component["bom-ref"] for component in components)},
        ],
    }


_EXPRESSION = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)+")
_KNOWN = {
    "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MIT", "MIT-CMU", "ISC", "PSF-2.0", "OFL-1.1", "MPL-2.0", "LGPL-3.0-only",
    "Unlicense", "HPND", "0BSD", "Zlib",
}  # fmt: skip


def _licence_entry(licence: str) -> dict[str, Any]:
    if licence in _KNOWN:
        return {"license": {"id": licence}}
    if _EXPRESSION.fullmatch(licence):
        return {"expression": licence}
    return {"license": {"name": licence}}
