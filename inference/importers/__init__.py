"""Other programs' models read as data: weights and settings in, a Theatrum model folder out. Nothing of theirs runs.

An importer is a module with `recognise(path) -> bool`, which looks and never raises for a foreign file, and
`convert(path, into) -> Manifest`, which writes the model's files into the folder `into` and raises ModelError. Both run
in the child of `inference.importers.child` only. The first that recognises a path takes it, so the narrower come first.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

from inference.manifest import Manifest
from planning.errors import ModelError

IMPORTERS = ("theatrum", "totalsegmentator", "nninteractive", "nnunet", "monai_bundle", "onnx", "auto3dseg", "exported")
KNOWN = (
    "An nnU-Net results folder, a TotalSegmentator weight folder, a MONAI bundle, an Auto3DSeg .pt, an ONNX file,"
    " an nnInteractive folder or a Theatrum model folder can be added"
)


def load() -> list[ModuleType]:
    """The importers' modules, in the order in which they are asked."""
    return [importlib.import_module(f"{__name__}.{name}") for name in IMPORTERS]


def convert(modules: list[ModuleType], path: Path, into: Path) -> Manifest:
    """Convert with the first importer that recognises the path. Raises ModelError."""
    for module in modules:
        if module.recognise(path):
            manifest: Manifest = module.convert(path, into)
            return manifest
    raise ModelError(f"{path.name} is no model of a known kind", KNOWN, "unknown_kind")
