"""OBJ with its material file: one `o` and one material for each structure, LPS mm."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planning.files.mesh_formats.objects import PURPOSE, MeshObject, rgb


def write(path: Path, objects: Sequence[MeshObject]) -> None:
    """All objects, and beside them NAME.mtl, which the file names without a folder."""
    material = path.with_suffix(".mtl")
    head = f"# {PURPOSE}\n# LPS millimetres\n"
    lines, materials, offset = [f"mtllib {material.name}"], [], 1
    for number, item in enumerate(objects):
        name = _unique(objects, number)
        red, green, blue = (value / 255 for value in rgb(item.color))
        materials.append(
            f"newmtl {name}\nKa 0 0 0\nKd {red:.4f} {green:.4f} {blue:.4f}\nKs 0 0 0\nd {item.opacity:.4g}\nillum 1\n"
        )
        lines += [f"o {name}", f"usemtl {name}"]
        lines += [f"v {x:.6f} {y:.6f} {z:.6f}" for x, y, z in item.mesh.points_mm.tolist()]
        lines += [f"f {a} {b} {c}" for a, b, c in (item.mesh.triangles + offset).tolist()]
        offset += len(item.mesh.points_mm)
    path.write_text(head + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    material.write_text(head + "".join(materials), encoding="utf-8", newline="\n")


def _word(name: str) -> str:
    """A name as one word: a blank would end it."""
    return "_".join(name.split()) or "part"


def _unique(objects: Sequence[MeshObject], number: int) -> str:
    name = _word(objects[number].name)
    return name if name not in {_word(item.name) for item in objects[:number]} else f"{name}_{number + 1}"
