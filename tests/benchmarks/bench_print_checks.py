"""Are planted faults of printed parts found, where, and how fast? A table of asked and reached. Prints; asserts nothing.

Run: python tests/benchmarks/bench_print_checks.py [SEEDS]
Each seed makes one bumpy body with a thin fin, a hole, a trapped volume, a loose part and a needle through the surface, all at
random places; then the checks' times on a liver of 0.75 mm voxels, and a whole liver with vessels and tumours as one 3MF.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import manifold3d
import numpy as np

from planning.geometry import Grid
from planning.mesh import SurfaceMesh
from planning.printing.crossing import crossing_faults, crossings
from planning.printing.edges import edge_faults
from planning.printing.faults import Fault
from planning.printing.parts import PrintPart
from planning.printing.plan import make_print
from planning.printing.shells import shell_faults
from planning.printing.walls import walls
from planning.surface import surface_from_mask
from planning.volume import Mask
from tests.support.solids import ball, box, inside_out, joined, of_manifold

Rows = list[tuple[str, str, str]]
COLOR = "#DD8265"


def _way(generator: np.random.Generator) -> np.ndarray:
    way = generator.normal(size=3)
    return way / np.linalg.norm(way)


def _error(faults: list[Fault], kind: str, at: np.ndarray) -> tuple[float, float]:
    """(distance of the nearest fault of a kind from the planted place, its measure), infinite where none is told."""
    mine = [fault for fault in faults if fault.kind == kind]
    if not mine:
        return np.inf, np.nan
    nearest = min(mine, key=lambda fault: float(np.linalg.norm(np.array(fault.at_mm) - at)))
    return float(np.linalg.norm(np.array(nearest.at_mm) - at)), nearest.measure


def _beside_blade(place: np.ndarray, turn: tuple[float, ...], thick: float) -> float:
    """How far a place lies from the blade, 0 within it."""
    x, y, z = np.radians(turn)
    about_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    own = (about_z @ about_y @ about_x).T @ place
    return float(np.linalg.norm(np.maximum(np.abs(own - (0, 0, 18)) - (0.5 * thick, 2.5, 18), 0.0)))


def planted(seed: int) -> dict[str, tuple[float, float]]:
    """(distance from the planted place in mm, error of the measure) of each fault of one phantom."""
    generator = np.random.default_rng(seed)
    far = generator.uniform(-400, 400, 3)
    body = manifold3d.Manifold.sphere(25.0, 96)
    for _ in range(6):
        body = body + manifold3d.Manifold.sphere(generator.uniform(6, 10), 64).translate(tuple(21.0 * _way(generator)))
    thick = float(generator.uniform(0.3, 0.7))
    turn = tuple(generator.uniform(0, 360, 3))
    blade = manifold3d.Manifold.cube((thick, 5.0, 36.0)).translate((-0.5 * thick, -2.5, 0.0)).rotate(turn)
    mesh = of_manifold(body + blade, far)
    ways = [_way(generator) for _ in range(3)]
    inner, radius = far + 8.0 * ways[0], float(generator.uniform(1.5, 5.0))
    loose, loose_radius = far + 60.0 * ways[1], float(generator.uniform(0.8, 4.0))
    mesh = joined(mesh, inside_out(ball(radius, inner, 48)), ball(loose_radius, loose, 48))
    found = walls(mesh, 0.8)
    faults = [*edge_faults(mesh), *crossing_faults(mesh), *shell_faults(mesh), *(found.faults if found else ())]
    told = {}
    thin = [fault for fault in faults if fault.kind == "thin_wall"]
    beside = [_beside_blade(np.array(fault.at_mm) - far, turn, thick) for fault in thin]
    told["thin wall"] = (max(beside, default=np.inf), min((f.measure for f in thin), default=np.nan) - thick)
    away, measure = _error(faults, "trapped", inner)
    told["trapped volume"] = (away, measure / abs(ball(radius, inner, 48).volume_ml) - 1.0)
    away, measure = _error(faults, "loose", loose)
    told["loose part"] = (away, measure / ball(loose_radius, loose, 48).volume_ml - 1.0)

    # a hole and a needle on the outer side of the body
    corners = mesh.points_mm[mesh.triangles].mean(axis=1)
    near = np.linalg.norm(corners - far, axis=1) < 40.0
    out = int(np.where(near, (corners - far) @ ways[2], -np.inf).argmax())
    width = float(generator.uniform(1.0, 3.0))
    gone = np.linalg.norm(corners - corners[out], axis=1) < width
    gone[out] = True
    faults = edge_faults(SurfaceMesh(mesh.points_mm, mesh.triangles[~gone]))
    told["hole"] = (_error(faults, "hole", corners[out])[0], 0.0)
    needle = box(corners[out] - (0.2, 0.2, 4.0), corners[out] + (0.2, 0.2, 4.0))
    told["crossing"] = (_error(crossing_faults(joined(mesh, needle)), "crossing", corners[out])[0], 0.0)
    return told


def _liver() -> tuple[Mask, list[PrintPart]]:
    """A liver of about 1.5 l at 0.75 mm with two trees and two tumours in it."""
    step, size = 0.75, (290, 220, 200)
    grid = Grid.from_parts(size, (step,) * 3)
    x, y, z = ((np.arange(n) * step - n * step / 2).astype(np.float32) for n in size)
    zz, yy, xx = np.meshgrid(z, y, x, indexing="ij")
    bump = 0.04 * np.sin(xx / 11) * np.cos(yy / 9) * np.sin(zz / 10)
    organ = Mask.from_full(grid, np.sqrt((xx / 95) ** 2 + (yy / 68) ** 2 + (zz / 55) ** 2) + bump <= 1)
    generator = np.random.default_rng(1)
    parts = [PrintPart("liver", organ, COLOR, "organ")]
    for name, foot in (("portal_vein", (0.0, -40.0, -30.0)), ("hepatic_veins", (10.0, 30.0, 40.0))):
        inside = np.zeros(grid.shape_kji, bool)
        ends = [(np.array(foot), np.array((0.0, 0.0, 0.0)), 5.0)]
        for _ in range(14):
            start, end, radius = ends[int(generator.integers(len(ends)))]
            ends.append(
                (end, np.clip(end + 32.0 * _way(generator), (-80, -55, -42), (80, 55, 42)), max(1.3, 0.75 * radius))
            )
        for start, end, radius in ends:
            low, high = np.minimum(start, end) - radius - step, np.maximum(start, end) + radius + step
            cut = tuple(slice(*np.searchsorted(axis, (low[n], high[n]))) for axis, n in ((z, 2), (y, 1), (x, 0)))
            places = np.stack([xx[cut], yy[cut], zz[cut]], -1) - start
            along = end - start
            share = np.clip(places @ along / max(float(along @ along), 1e-9), 0, 1)
            inside[cut] |= np.linalg.norm(places - share[..., None] * along, axis=-1) <= radius
        parts.append(PrintPart(name, Mask.from_full(grid, inside), "#3B82E0", "vessel"))
    for number, (at, radius) in enumerate((((40.0, 10.0, 5.0), 14.0), ((-50.0, 0.0, 10.0), 8.0)), start=1):
        there = (xx - at[0]) ** 2 + (yy - at[1]) ** 2 + (zz - at[2]) ** 2 <= radius**2
        parts.append(PrintPart(f"tumor_{number}", Mask.from_full(grid, there), "#F2C14E", "lesion"))
    return organ, parts


def _timed(rows: Rows, name: str, asked: str, work: object) -> object:
    start = time.process_time()
    made = work()  # type: ignore[operator]
    rows.append((name, asked, f"{time.process_time() - start:.2f} CPU s"))
    return made


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    rows: Rows = []
    all_told = [planted(seed) for seed in range(seeds)]
    for kind in all_told[0]:
        places = np.array([told[kind][0] for told in all_told])
        errors = np.array([told[kind][1] for told in all_told])
        found = np.isfinite(places)
        unit = "mm" if kind == "thin wall" else "of its volume"
        most = (
            f", measure off by {np.abs(errors[found]).max():.3f} {unit}"
            if np.abs(errors[found]).max(initial=0) > 0
            else ""
        )
        words = f"{found.sum()} of {seeds}, at most {places[found].max(initial=0):.2f} mm away{most}"
        rows.append((f"{kind} found", "all, at their place", words))
    organ, parts = _liver()
    mesh = surface_from_mask(organ, kind="organ")
    count = f"{len(mesh.triangles) // 1000} k triangles"
    _timed(rows, f"crossings, {count}", "3 s at 372 k", lambda: crossings(mesh))
    _timed(rows, f"edges, {count}", "–", lambda: edge_faults(mesh))
    _timed(rows, f"hollows and loose parts, {count}", "–", lambda: shell_faults(mesh))
    _timed(rows, f"walls, {count}", "–", lambda: walls(mesh, 0.8))
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        told = make_print(parts, Path(folder) / "liver.3mf")
        rows.append(("whole liver to a checked 3MF", "20 s on 2 cores", f"{time.process_time() - start:.1f} CPU s"))
    objects = told["objects"]
    proved = sum(row["is_proved"] for row in objects)
    rows.append(("objects proved", "all", f"{proved} of {len(objects)}, read by {told['read_by']}"))
    rows.append(("largest mean deviation", "0.1 mm", f"{max(row['deviation_mean_mm'] for row in objects):.3f} mm"))
    rows.append(("largest deviation", "0.5 mm", f"{max(row['deviation_max_mm'] for row in objects):.2f} mm"))
    rows.append(("least Dice", "0.995 / 0.97", f"{min(row['dice'] for row in objects):.4f}"))
    print(f"{'what':<38}{'asked':<24}reached")
    for name, asked, reached in rows:
        print(f"{name:<38}{asked:<24}{reached}")


if __name__ == "__main__":
    main()
