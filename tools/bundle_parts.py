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

from inside import INSIDE, NOT_INSIDE, VTKS_OWN, Inner  # noqa: E402  (found only once the path is set)

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
    "torch": "BSD-3-Clause",
    "sqlcipher3": "Zlib",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of somebody's work.

    kind: pypi, deb, generic, inside (linked into a package's own files). texts: its licence files; none for an inner part
    whose package brings them. within: the package that an inner part lies in, as "vtk 9.7.2".
    """

    kind: str
    name: str
    version: str
    licence: str
    texts: tuple[Path, ...]
    within: str = ""


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
        yield from inner_parts(package, key)


def inner_parts(package: importlib.metadata.Distribution, key: str) -> Iterator[Part]:
    """What `inside` knows to be linked into the package's files, and what its wheel's own bills of materials name."""
    within = f"{package.name} {package.version}"
    seen = {one.name.lower() for one in INSIDE.get(key, ())} | {*NOT_INSIDE.get(key, ()), key, package.name.lower()}
    for one in INSIDE.get(key, ()):
        yield Part("inside", one.name, "", one.licence, _inner_texts(one), within)
    for path in package.files or ():
        if "/sboms/" not in str(path) or not path.name.endswith(".json"):
            continue
        text = Path(str(package.locate_file(path)))
        for part in json.loads(text.read_text(encoding="utf-8")).get("components", ()):
            name, version = str(part["name"]), str(part.get("version", ""))
            # "PIL._webp" is the package's own
            own = name.lower().replace("-", "_") == key or name.startswith("PIL.")
            if name.lower() not in seen and not own:
                seen.add(name.lower())
                yield Part("inside", name, version, _licence_of(part), (text,), within)


def _inner_texts(one: Inner) -> tuple[Path, ...]:
    return tuple(ROOT / "LICENSE" if name == "Apache-2.0" else LICENCES / "inside" / name for name in one.texts)


def _licence_of(component: dict[str, Any]) -> str:
    """Of a component of somebody else's bill of materials."""
    for entry in component.get("licenses") or ():
        held = entry.get("license", {})
        told = entry.get("expression") or held.get("id") or held.get("name")
        if told:
            return str(told)
    return "see its package's texts"


def unknown_inside_vtk(folder: Path) -> list[str]:
    """Libraries of others that VTK's wheel brought (their names begin small) and `inside` does not know."""
    stems = {
        path.name.removeprefix("libvtk").partition(".")[0].partition("-")[0] for path in folder.glob("libvtk[a-z]*")
    }
    return sorted(stems - {one.name for one in INSIDE["vtk"]} - set(VTKS_OWN))


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
        if not part.texts and part.kind != "inside":
            faults.append(f"{part.name}: no licence text")
        faults += [f"{part.name}: {text.name} is not there" for text in part.texts if not text.is_file()]
        if (
            part.kind in ("pypi", "inside")
            # one of several licences is chosen
            and all(re.search(r"(?<!L)(?<!Lesser )\bA?GPL", choice) for choice in part.licence.split(" OR "))
            and "exception" not in part.licence
        ):
            faults.append(f"{part.name}: under the {part.licence}")
        if part.kind == "deb" and part.name.startswith(("libreadline", "libgdbm")):
            faults.append(f"{part.name}: under the GPL")
    return faults


def write_texts(parts: Iterable[Part], target: Path) -> None:
    """licences/NAME-VERSION/… for each part, what lies inside it below; and Theatrum's own beside them."""
    if target.exists():
        shutil.rmtree(target)
    target.mkdir(parents=True)
    shutil.copyfile(ROOT / "LICENSE", target / "Theatrum-Apache-2.0.txt")
    for part in parts:
        if part.kind == "inside":
            place = target / part.within.replace(" ", "-") / "inside"
        else:
            place = target / f"{part.name}-{part.version}".replace(":", "_").replace("/", "_")
        for text in part.texts:
            name = _told_apart(text)
            if text == ROOT / "LICENSE":
                name = "Apache-2.0.txt"
            place.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(text, place / name)


def _told_apart(text: Path) -> str:
    """A text's name with the folders below its package's own, so that those of many libraries stay apart."""
    parts = text.parts
    for index, part in enumerate(parts):
        if part.endswith(".dist-info"):
            inner = [name for name in parts[index + 1 :] if name not in ("licenses", "license_files", "sboms")]
            return "-".join(inner)
    return text.name


def bill_of_materials(parts: Iterable[Part], version: str, epoch: int) -> dict[str, Any]:
    """CycloneDX 1.6 of what lies inside; the same parts give the same document."""
    from datetime import UTC, datetime

    held = sorted(parts, key=lambda part: (part.kind, part.name.lower(), part.version))
    components = []
    for part in held:
        if part.kind == "inside":
            continue
        reference = _package_url(part)
        component = _component(part, reference) | {"purl": reference}
        inner = [one for one in held if one.kind == "inside" and one.within == f"{part.name} {part.version}"]
        if inner:
            component["components"] = [_component(one, f"{reference}#{one.name}") for one in inner]
        components.append(component)
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


def _package_url(part: Part) -> str:
    where = {"pypi": "pypi", "deb": "deb/debian", "generic": "generic"}[part.kind]
    return f"pkg:{where}/{part.name.lower()}@{part.version}".replace("+", "%2B").replace("~", "%7E")


def _component(part: Part, reference: str) -> dict[str, Any]:
    version = {"version": part.version} if part.version else {}
    licences = [_licence_entry(part.licence)]
    return {"type": "library", "bom-ref": reference, "name": part.name, **version, "licenses": licences}


_EXPRESSION = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)+")
_KNOWN = {
    "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MIT", "MIT-CMU", "ISC", "PSF-2.0", "OFL-1.1", "MPL-2.0", "LGPL-3.0-only",
    "Unlicense", "HPND", "0BSD", "Zlib", "BSD-4-Clause", "BSL-1.0", "FTL", "libpng-2.0", "libtiff", "Unicode-3.0",
}  # fmt: skip


def _licence_entry(licence: str) -> dict[str, Any]:
    if licence in _KNOWN:
        return {"license": {"id": licence}}
    if _EXPRESSION.fullmatch(licence):
        return {"expression": licence}
    return {"license": {"name": licence}}
