"""The models of this machine: what ships with the program and what its user added.

Both lie as `<id>/<version>/` folders with a manifest. Nothing is asked of a network. A licence that does not clearly
allow commercial work must be accepted once by a person; what was accepted is kept by the hash of the licence's text, so
a changed wording asks again.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from inference.manifest import MANIFEST_NAME, Manifest, printable, read_manifest, write_manifest
from planning.errors import ModelError
from planning.files.json_text import parsed_json
from planning.naming import known_names

DEFAULT_MODEL = "theatrum-ct-body"
ACCEPTED_NAME = "accepted-licences.json"
BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on the disk."""

    folder: Path
    manifest: Manifest
    shipped: bool = False

    @property
    def key(self) -> str:
        """Id and version, as "theatrum-ct-body 1.0.0"."""
        return f"{self.manifest.id} {self.manifest.version}"

    @property
    def bytes_on_disk(self) -> int:
        """Sum of all its files."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    def licence_text(self) -> str:
        """The licence as plain text; empty when the model brings none."""
        name = self.manifest.licence.text
        if name is None or not (self.folder / name).is_file():
            return ""
        return printable((self.folder / name).read_text(encoding="utf-8", errors="replace"))

    def licence_hash(self) -> str:
        """What an acceptance is for: id and wording."""
        return hashlib.sha256(f"{self.manifest.licence.id}\n{self.licence_text()}".encode()).hexdigest()

    def check_files(self) -> None:
        """Every weights file is there and is the one that was added. Raises ModelError."""
        for stage in self.manifest.stages:
            for weights in stage.weights:
                path = self.folder / weights.file
                if not path.is_file():
                    raise ModelError(f"{self.manifest.title} lacks {weights.file}", "Add the model again")
                if file_sha256(path) != weights.sha256:
                    raise ModelError(f"{weights.file} of {self.manifest.title} was changed", "Add the model again")


@dataclass(frozen=True, slots=True)
class BrokenModel:
    """A folder that should hold a model and does not; `reason` says why."""

    folder: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Zoo:
    """Shipped models in `shipped`, the user's in `user` (made when first needed)."""

    user: Path
    shipped: Path | None = field(default=None)

    @classmethod
    def at(cls, data_folder: Path) -> Zoo:
        """The zoo of a program whose own data lie in `data_folder`."""
        return cls(data_folder / "models", shipped_folder())

    def installed(self) -> list[InstalledModel]:
        """Every readable model, shipped ones first, then by id and newest version first."""
        return [found for found in self._all() if isinstance(found, InstalledModel)]

    def broken(self) -> list[BrokenModel]:
        """Folders that cannot be used."""
        return [found for found in self._all() if isinstance(found, BrokenModel)]

    def find(self, model_id: str | None = None, version: str | None = None) -> InstalledModel:
        """The newest model of that id, or of that version; None is the one that ships. Raises ModelError."""
        wanted = model_id or DEFAULT_MODEL
        if version is None and " " in wanted:
            wanted, version = wanted.split(" ", 1)
        models = self.installed()
        fitting = [model for model in models if model.manifest.id == wanted]
        if version is not None:
            fitting = [model for model in fitting if model.manifest.version == version]
        if not fitting:
            ids = dict.fromkeys(model.manifest.id for model in models)
            named = f"'{wanted}'" if version is None else f"'{wanted}' in version {version}"
            raise ModelError(f"There is no model {named}", known_names(wanted, ids, "This machine has"), "no_model")
        return max(fitting, key=lambda model: version_order(model.manifest.version))

    def add(self, folder: Path, model_id: str | None = None, *, replace: bool = False) -> InstalledModel:
        """Copy a finished model folder into the user's zoo, in one step. Raises ModelError when it is there already.

        folder: a manifest and all the files it names, weights as safetensors or ONNX; nothing else is copied.
        """
        manifest = read_manifest(folder)
        if model_id is not None:
            manifest = Manifest.model_validate(manifest.model_dump(by_alias=True) | {"id": model_id})
        InstalledModel(folder, manifest).check_files()
        place = self.user / manifest.id / manifest.version
        if place.exists() and not replace:
            raise ModelError(
                f"{manifest.id} {manifest.version} is there already", "Remove it first, or give another id", "exists"
            )
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".adding-", dir=self.user))
        try:
            for name in manifest.files:
                if not (folder / name).is_file() or (folder / name).is_symlink():
                    raise ModelError(f"The model lacks {name}", "Choose the whole folder")
                shutil.copyfile(folder / name, beside / name)
            write_manifest(manifest, beside)
            if place.exists():
                shutil.rmtree(place)
            beside.rename(place)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
            _remove_when_empty(place.parent)
        return InstalledModel(place, manifest)

    def remove(self, model_id: str, version: str | None = None) -> InstalledModel:
        """Take a model of the user's away and return what it was. Raises ModelError for a shipped one."""
        model = self.find(model_id, version)
        if model.shipped:
            raise ModelError(f"{model.manifest.title} ships with the program", "It stays; others can be removed")
        shutil.rmtree(model.folder)
        _remove_when_empty(model.folder.parent)
        return model

    def is_accepted(self, model: InstalledModel) -> bool:
        """True when the licence allows commercial work or a person has accepted it."""
        return not model.manifest.licence.must_be_accepted or model.licence_hash() in self._accepted()

    def accept(self, model: InstalledModel) -> None:
        """A person has read and accepted the model's licence."""
        accepted = {**self._accepted(), model.licence_hash(): model.key}
        self.user.mkdir(parents=True, exist_ok=True)
        beside = self.user / f".{ACCEPTED_NAME}.new"
        beside.write_text(json.dumps(accepted, indent=1) + "\n", encoding="utf-8")
        beside.replace(self.user / ACCEPTED_NAME)

    def require_accepted(self, model: InstalledModel) -> None:
        """Raises ModelError (code "licence") while the licence is not accepted."""
        if self.is_accepted(model):
            return
        licence = model.manifest.licence
        allowed = "does not allow commercial work" if licence.commercial is False else "does not say what it allows"
        raise ModelError(
            f"The licence of {model.manifest.title} ({licence.id}) {allowed}", "Read and accept it first", "licence"
        )

    def _accepted(self) -> dict[str, str]:
        try:
            read = parsed_json((self.user / ACCEPTED_NAME).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(key): str(value) for key, value in read.items()} if isinstance(read, dict) else {}

    def _all(self) -> Iterator[InstalledModel | BrokenModel]:
        for root, shipped in ((self.shipped, True), (self.user, False)):
            if root is None or not root.is_dir():
                continue
            for by_id in sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")):
                versions = [path for path in by_id.iterdir() if path.is_dir() and not path.name.startswith(".")]
                for folder in sorted(versions, key=lambda path: version_order(path.name), reverse=True):
                    yield _read(folder, shipped)


def _read(folder: Path, shipped: bool) -> InstalledModel | BrokenModel:
    try:
        manifest = read_manifest(folder)
    except ModelError as error:
        return BrokenModel(folder, str(error))
    if (manifest.id, manifest.version) != (folder.parent.name, folder.name):
        return BrokenModel(folder, f"{MANIFEST_NAME} is of {manifest.id} {manifest.version}, the folder is not")
    return InstalledModel(folder, manifest, shipped)


def _remove_when_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def shipped_folder() -> Path | None:
    """Where the models that come with the program lie; None when it comes without."""
    place = Path(str(importlib.resources.files("assets") / "models"))
    return place if place.is_dir() else None


def version_order(version: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key: numbers as numbers, "1.10" after "1.9"."""
    parts = re.findall(r"\d+|[A-Za-z]+", version)
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts)


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
