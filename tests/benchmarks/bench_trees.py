"""Trees cut apart, territories and segments against known livers, and their cost. Run as a file; asserts nothing.

Territories are timed beside the peers' way: every voxel asks the kd-tree. A labelled patient is measured where the real
scans are at hand.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support")]

from livers import KnownLiver, known_liver  # noqa: E402

from planning.geometry import Grid  # noqa: E402
from planning.liver.couinaud_branches import couinaud_by_branches  # noqa: E402
from planning.liver.graph import VesselGraph, chain_length_mm, chains_of, graph_of, joined  # noqa: E402
from planning.liver.organ import OrganLookup, find_organ  # noqa: E402
from planning.liver.split import LOOK_HERE, Split, split_trees  # noqa: E402
from planning.liver.territories import ClosedOrgan, find_territories  # noqa: E402
from planning.liver.tree import find_tree, merged_mask  # noqa: E402
from planning.liver.trees import tree_source  # noqa: E402
from planning.volume import Mask  # noqa: E402

SEEDS = range(20, 24)
STUMP_MM = 4.0
SCENES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("4 bridges", {"bridges": 4}),
    ("10 bridges", {"bridges": 10}),
    ("closer trees, 8 bridges", {"bridges": 8, "clearance_mm": 3.0}),
    ("2.5 mm slices, 6 bridges", {"bridges": 6, "spacing_mm": (0.7, 0.7, 2.5)}),
    ("twice the branches", {"bridges": 6, "targets": 140, "clearance_mm": 4.0}),
)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What the work returns, and its CPU seconds."""
    start = time.process_time()
    found = work()
    return found, time.process_time() - start


def branch_table(liver: KnownLiver, graph: VesselGraph, split: Split) -> tuple[np.ndarray, int, int]:
    """(truth, found) counts of branches, loose ones as lost; wrong ones, and those of them marked "look here"."""
    table = np.zeros((2, 3))
    wrong = marked = 0
    kept = []
    for part in (split.portal, split.hepatic):
        kept.append(dict(zip((p.tobytes() for p in part.graph.points_mm), part.confidence, strict=True)))
    for chain in chains_of(graph):
        points = graph.points_mm[list(chain.points[1:-1] or chain.points)]
        gaps = liver.distance_mm(points)
        # bridges are no branches, nor are stumps that are pruned when the trees are apart
        if np.mean(gaps[2] < gaps[:2].min(axis=0)) > 0.5 or chain_length_mm(graph, chain) < STUMP_MM:
            continue
        held = [[own[p.tobytes()] for p in points if p.tobytes() in own] for own in kept]
        truth = int(np.median(gaps[1] < gaps[0]))
        given = 2 if not any(held) else int(len(held[1]) > len(held[0]))
        table[truth, given] += 1
        if given not in (2, truth):
            wrong += 1
            marked += min(held[given]) < LOOK_HERE
    return table, wrong, marked


def measure_splits() -> None:
    """One line for each kind of scene."""
    print(
        f"{'one label cut in two':28} {'F1 portal':>10} {'least':>6} {'F1 hepatic':>11} {'least':>6} {'wrong':>6}"
        f" {'marked':>7} {'loose':>6} {'CPU s':>6}"
    )
    for name, options in SCENES:
        scores, wrong, marked, loose, seconds = [], 0, 0, 0, 0.0
        for seed in SEEDS:
            liver = known_liver(seed, **options)

            def work(liver: KnownLiver = liver) -> tuple[VesselGraph, Split]:
                graph, _ = joined(graph_of(liver.both))
                roots = [
                    int(np.linalg.norm(graph.points_mm - place, axis=1).argmin())
                    for place in (liver.portal_root, liver.cava_root)
                ]
                return graph, split_trees(graph, [roots[0]], [roots[1]])

            (graph, split), spent = timed(work)
            table, bad, seen = branch_table(liver, graph, split)
            scores.append([2 * table[n, n] / max(table[n].sum() + table[:, n].sum(), 1.0) for n in (0, 1)])
            wrong, marked, loose, seconds = wrong + bad, marked + seen, loose + int(table[:, 2].sum()), seconds + spent
        mean, least = np.mean(scores, axis=0), np.min(scores, axis=0)
        print(
            f"{name:28} {mean[0]:10.3f} {least[0]:6.3f} {mean[1]:11.3f} {least[1]:6.3f} {wrong:6d} {marked:7d}"
            f" {loose:6d} {seconds / len(SEEDS):6.2f}"
        )


def measure_territories() -> None:
    """Voxels whose branch is that of the known centreline."""
    shares = []
    for seed in SEEDS:
        liver = known_liver(seed)
        tree = find_tree(liver.portal, "portal", OrganLookup.of(liver.organ)).tree
        part = find_territories(tree, liver.organ) if tree is not None else None
        if tree is None or part is None:
            print(f"no territories in {seed}")
            continue
        starts, ends = liver.segments[0][:2]
        samples = starts[:, None] + (ends - starts)[:, None] * np.linspace(0.0, 1.0, 9)[:, None]
        nearest = np.linalg.norm(samples[:, :, None] - tree.points_mm, axis=3).argmin(axis=2)
        named = np.where(part.in_organ[nearest], part.branch[nearest], -1)
        k, j, i = np.nonzero(liver.organ.voxels)
        chosen = np.random.default_rng(seed).permutation(len(k))[:6000]
        places = liver.organ.box_grid.to_world(np.stack([i[chosen], j[chosen], k[chosen]], axis=1))
        owner = named[named >= 0][np.linalg.norm(places[:, None] - samples[named >= 0], axis=2).argmin(axis=1)]
        shares.append(float(np.mean(part.branch[part.nearest[chosen]] == owner)))
    print(f"\nterritories like the known centrelines': mean {np.mean(shares):.4f}, least {np.min(shares):.4f}")


def measure_patient(folder: Path) -> None:
    """Cost and shape of a labelled patient's trees."""
    import SimpleITK
    from scipy.spatial import cKDTree

    image = SimpleITK.ReadImage(str(folder / "labels.nii.gz"))
    voxels = SimpleITK.GetArrayFromImage(image)
    grid = Grid.from_parts(
        image.GetSize(), image.GetSpacing(), image.GetOrigin(), np.array(image.GetDirection()).reshape(3, 3)
    )
    label = json.loads((folder / "labels.json").read_text(encoding="utf-8"))

    def named(*names: str) -> list[tuple[str, Mask]]:
        return [(name, Mask.from_full(grid, voxels == label[name])) for name in names]

    organ = find_organ(
        named("liver", "liver_lesion_other", "portal_vein_in_liver", "venous_system_in_liver"), named("liver_tumor")
    )
    portal, hepatic = named("portal_vein", "portal_vein_in_liver"), named("venous_system", "venous_system_in_liver")
    trees, seconds = timed(lambda: tree_source(portal, hepatic, organ).trees())
    print(f"\nlabelled patient, {organ.voxel_count / 1e6:.2f} M organ voxels; both trees {seconds:.2f} CPU s")
    closed, seconds = timed(lambda: ClosedOrgan.of(organ))
    print(f"closed organ {seconds:.2f} CPU s")
    k, j, i = np.nonzero(organ.voxels)
    places = organ.box_grid.to_world(np.stack([i, j, k], axis=1))
    parts = []
    for tree, masks in ((trees.portal, portal), (trees.hepatic, hepatic)):
        part, seconds = timed(lambda tree=tree: find_territories(tree, organ, None, closed))
        parts.append(part)
        inside = OrganLookup.of(merged_mask([mask for _, mask in masks], grid)).contains(tree.points_mm)
        share = float((tree.step_mm * inside).sum() / tree.step_mm.sum())
        allowed = np.flatnonzero((part.branch >= 0) & part.in_organ)
        asked, plain = timed(lambda allowed=allowed, tree=tree: cKDTree(tree.points_mm[allowed]).query(places)[1])
        equal = float(np.mean(part.branch[allowed[asked]] == part.branch[part.nearest]))
        print(
            f"{tree.kind:8} {len(tree.roots)} root, {tree.step_mm.sum():.0f} mm, {100 * share:.1f} % in its label; "
            f"territories {seconds:.2f} CPU s (each voxel asking: {plain:.2f}), equal {100 * equal:.4f} %"
        )
    (found, _), seconds = timed(lambda: couinaud_by_branches(parts[0], parts[1], organ))
    rows = (
        "not named"
        if found is None
        else ", ".join(
            f"{name} {volume:.0f} ml ({sure:.2f})"
            for name, volume, sure in zip(found.names, found.volumes_ml, found.confidence, strict=True)
        )
    )
    print(f"segments by branches {seconds:.2f} CPU s: {rows}")


def main() -> None:
    """All of it."""
    measure_splits()
    measure_territories()
    folder = PROJECT.parent / "shared" / "data" / "ircad01"
    if folder.is_dir():
        measure_patient(folder)


if __name__ == "__main__":
    main()
