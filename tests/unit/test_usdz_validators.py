"""OpenUSD's own validators on a USDZ that was written: not a word, and a word where something is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from planning.files.meshes import MeshObject, write_meshes
from planning.mesh import SurfaceMesh

pxr = pytest.importorskip("pxr")


def _said(path: Path) -> list[str]:
    """What all validators of the library say of a file."""
    from pxr import Usd, UsdValidation

    registry = UsdValidation.ValidationRegistry()
    names = [row.name for row in registry.GetAllValidatorMetadata() if not row.isSuite]
    assert any("UsdzPackage" in name for name in names)
    context = UsdValidation.ValidationContext(registry.GetOrLoadValidatorsByName(names))
    return [f"{error.GetName()}: {error.GetMessage()}" for error in context.Validate(Usd.Stage.Open(str(path)))]


def _objects() -> list[MeshObject]:
    import trimesh

    found = []
    for name, radius, opacity in (("liver", 50.0, 0.3), ("tumor_1", 9.0, 1.0)):
        ball = trimesh.creation.icosphere(subdivisions=2, radius=radius)
        mesh = SurfaceMesh(ball.vertices + np.array((80.0, -60.0, 200.0)), ball.faces)
        found.append(MeshObject(name, mesh, "#DD8265", opacity))
    return found


def test_openusd_has_nothing_to_say_against_what_is_written(tmp_path: Path) -> None:
    write_meshes(tmp_path / "model.usdz", _objects())
    assert _said(tmp_path / "model.usdz") == []


def test_its_validators_speak_of_a_stage_without_units(tmp_path: Path) -> None:
    from pxr import Usd, UsdGeom

    stage = Usd.Stage.CreateNew(str(tmp_path / "bare.usda"))
    UsdGeom.Mesh.Define(stage, "/Thing")
    stage.Save()
    assert any("metersPerUnit" in words or "upAxis" in words for words in _said(tmp_path / "bare.usda"))
