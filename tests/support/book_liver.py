"""A small liver as the anatomy books have it: a portal branch to each of II to VIII, three hepatic veins and a vena cava."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from cases import add_structures, make_case
from copied_cases import copied_case

from planning.case.document import Document
from planning.geometry import Grid
from planning.volume import Mask, Volume

SPACING = (2.0, 2.0, 2.5)
ORGAN_MM = np.array((95.0, 75.0, 70.0))
FORK = (-10.0, 12.0, 0.0)
# where each portal branch ends, by its segment
ENDS = {
    "VIII": (-48.0, -12.0, 42.0),
    "V": (-52.0, -28.0, -30.0),
    "VII": (-58.0, 42.0, 32.0),
    "VI": (-58.0, 44.0, -30.0),
    "II": (58.0, 2.0, 36.0),
    "III": (48.0, -36.0, -8.0),
    "IV": (-4.0, -40.0, 14.0),
}
ANTERIOR, POSTERIOR, UMBILICAL = (-42.0, -5.0, 5.0), (-40.0, 42.0, 2.0), (14.0, -14.0, 8.0)
PORTAL = (
    ((0, 20, -85), FORK, 5.5),
    (FORK, (-28, 16, 2), 4.5),
    ((-28, 16, 2), ANTERIOR, 3.6),
    (ANTERIOR, ENDS["VIII"], 2.6),
    (ANTERIOR, ENDS["V"], 2.6),
    ((-28, 16, 2), POSTERIOR, 3.6),
    (POSTERIOR, ENDS["VII"], 2.6),
    (POSTERIOR, ENDS["VI"], 2.6),
    (FORK, UMBILICAL, 4.0),
    (UMBILICAL, ENDS["II"], 2.6),
    (UMBILICAL, ENDS["III"], 2.6),
    (UMBILICAL, ENDS["IV"], 2.6),
)
HEPATIC = (
    ((0, 40, -84), (0, 34, 48), 8.0),
    ((0, 34, 48), (-40, 30, 40), 4.0),
    ((-40, 30, 40), (-74, 28, -20), 3.0),
    ((0, 34, 48), (-22, -8, 44), 4.0),
    ((-22, -8, 44), (-34, -40, -20), 3.0),
    ((0, 34, 48), (26, -4, 44), 4.0),
    ((26, -4, 44), (52, -20, 26), 3.0),
)
LANDMARKS = {
    "cava": (0.0, 34.0, 46.0),
    "gallbladder_fossa": (-30.0, -40.0, -30.0),
    "right_vein": (-57.0, 29.0, 10.0),
    "middle_vein": (-28.0, -24.0, 12.0),
    "left_vein": (39.0, -12.0, 35.0),
    "portal_bifurcation": FORK,
    "umbilical_portion": UMBILICAL,
    "ligamentum_venosum": (8.0, 14.0, 25.0),
}


def book_liver(path: Path) -> Document:
    """A new case: liver, tumor_1 (a ball in VI), portal_vein, hepatic_veins."""
    return copied_case(_made, path, "book_liver")


def _made(path: Path) -> Document:
    size = tuple(int(n) for n in np.ceil(2.0 * (ORGAN_MM + (6.0, 6.0, 20.0)) / SPACING))
    grid = Grid.from_parts((size[0], size[1], size[2]), SPACING, -(np.array(size) - 1) / 2.0 * SPACING)
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)

    def mask(inside: np.ndarray) -> Mask:
        return Mask.from_full(grid, inside.reshape(grid.shape_kji))

    def tubes(lines: tuple) -> Mask:
        inside = np.zeros(len(places), dtype=bool)
        for start, end, radius in lines:
            a, along = np.array(start, dtype=float), np.array(end, dtype=float) - np.array(start, dtype=float)
            share = np.clip(((places - a) @ along) / (along @ along), 0.0, 1.0)
            inside |= np.linalg.norm(places - a - share[:, None] * along, axis=1) <= radius
        return mask(inside)

    masks = {
        "liver": mask(((places / ORGAN_MM) ** 2).sum(axis=1) <= 1.0),
        "portal_vein": tubes(PORTAL),
        "hepatic_veins": tubes(HEPATIC),
        "tumor_1": mask(np.linalg.norm(places - (-62.0, 30.0, -20.0), axis=1) <= 8.0),
    }
    voxels = np.where(masks["liver"].full(), 110, -100).astype(np.int16)
    voxels[masks["portal_vein"].full() | masks["hepatic_veins"].full()] = 180
    document = make_case(path, Volume(grid, voxels))
    add_structures(document, masks)
    return document
