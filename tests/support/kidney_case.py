"""A small kidney with a tumour, a sinus, an artery of three branches and a vein, as a case."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from cases import add_structures, make_case
from copied_cases import copied_case

from planning.case.document import Document
from planning.geometry import Grid
from planning.volume import Mask, Volume

SPACING = (1.2, 1.2, 1.2)
KIDNEY_MM, SINUS_AT, SINUS_MM = (26.0, 22.0, 52.0), (16.0, 0.0, 0.0), (14.0, 9.0, 20.0)
TUMOR_AT, TUMOR_MM = (-14.0, -6.0, 34.0), 13.0
TRUNK = ((74.0, 4.0, 2.0), (15.0, 0.0, 0.0))
BRANCHES = ((-4.0, -4.0, 34.0), (-6.0, 2.0, 2.0), (-4.0, 2.0, -34.0))
KIDNEY_HU, TUMOR_HU, SINUS_HU, ARTERY_HU, VEIN_HU, BODY_HU, AIR_HU = 190, 95, -70, 260, 170, 20, -1000


def kidney_document(path: Path, *, tumor_at: tuple[float, float, float] = TUMOR_AT) -> Document:
    """A new case: kidney, kidney_tumor, renal_sinus, renal_artery, renal_vein in a body of soft tissue."""
    return copied_case(partial(_made, tumor_at=tumor_at), path, f"kidney{tumor_at}")


def _made(path: Path, *, tumor_at: tuple[float, float, float]) -> Document:
    size = (144, 96, 116)
    grid = Grid.from_parts(size, SPACING, (-70.0, -50.0, -69.0))
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)

    def ellipsoid(center: tuple[float, ...], radii: tuple[float, ...]) -> np.ndarray:
        return np.asarray((((places - center) / radii) ** 2).sum(axis=1) <= 1.0)

    def tube(start: tuple[float, ...], end: tuple[float, ...], radius: float) -> np.ndarray:
        a, along = np.array(start), np.array(end) - np.array(start)
        share = np.clip(((places - a) @ along) / (along @ along), 0.0, 1.0)
        return np.asarray(np.linalg.norm(places - a - share[:, None] * along, axis=1) <= radius)

    outline, sinus = ellipsoid((0.0, 0.0, 0.0), KIDNEY_MM), ellipsoid(SINUS_AT, SINUS_MM)
    tumor = ellipsoid(tumor_at, (TUMOR_MM,) * 3)
    artery = tube(*TRUNK, 3.0)
    for end in BRANCHES:
        artery |= tube(TRUNK[1], end, 2.0)
    vein = tube((76.0, -8.0, -2.0), (24.0, -6.0, -4.0), 5.0)
    inside = {
        "kidney": outline & ~sinus & ~tumor,
        "kidney_tumor": tumor,
        "renal_sinus": sinus & outline & ~tumor,
        "renal_artery": artery,
        "renal_vein": vein,
    }
    body = ((places[:, :2] / (84.0, 54.0)) ** 2).sum(axis=1) <= 1.0
    hu = np.where(body, BODY_HU, AIR_HU).astype(np.float64)
    for name, value in (
        ("kidney", KIDNEY_HU),
        ("renal_sinus", SINUS_HU),
        ("kidney_tumor", TUMOR_HU),
        ("renal_vein", VEIN_HU),
        ("renal_artery", ARTERY_HU),
    ):
        hu[inside[name]] = value
    hu += np.random.default_rng(0).normal(0.0, 12.0, len(hu))
    document = make_case(path, Volume(grid, hu.astype(np.int16).reshape(grid.shape_kji)))
    add_structures(
        document, {name: Mask.from_full(grid, flags.reshape(grid.shape_kji)) for name, flags in inside.items()}
    )
    return document
