"""A small liver with two tumours and two vessel trees, as a case and as a session of the window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from cases import add_structures, make_case
from copied_cases import copied_case
from PySide6.QtWidgets import QApplication

from app.jobs import JobRunner
from app.session import Session
from app.theme.fonts import load_fonts
from app.theme.style import Look, apply_look
from planning.case.document import Document
from planning.geometry import Grid
from planning.volume import Mask, Volume

SPACING = (1.5, 1.5, 2.0)
ORGAN_MM = np.array((60.0, 45.0, 40.0))
TUMORS = (((-32.0, 6.0, 4.0), 11.0), ((22.0, -8.0, -6.0), 7.0))


def liver_document(path: Path) -> Document:
    """A new case: liver (ellipsoid), tumor_1, tumor_2 (balls), portal_vein, hepatic_veins (branching tubes)."""
    return copied_case(_made, path, "small_liver")


def _made(path: Path) -> Document:
    size = tuple(int(n) for n in np.ceil(2.0 * (ORGAN_MM + 8.0) / SPACING))
    grid = Grid.from_parts(size, SPACING, -(np.array(size) - 1) / 2.0 * SPACING)
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)

    def mask(inside: np.ndarray) -> Mask:
        return Mask.from_full(grid, inside.reshape(grid.shape_kji))

    def tubes(lines: tuple[tuple[tuple[float, float, float], tuple[float, float, float]], ...], radius: float) -> Mask:
        inside = np.zeros(len(places), dtype=bool)
        for start, end in lines:
            a, along = np.array(start), np.array(end) - np.array(start)
            share = np.clip(((places - a) @ along) / (along @ along), 0.0, 1.0)
            inside |= np.linalg.norm(places - a - share[:, None] * along, axis=1) <= radius
        return mask(inside)

    masks = {
        "liver": mask(((places / ORGAN_MM) ** 2).sum(axis=1) <= 1.0),
        "portal_vein": tubes((((0, 20, -20), (0, 0, 0)), ((0, 0, 0), (-44, 4, 6)), ((0, 0, 0), (40, 2, 4))), 3.0),
        "hepatic_veins": tubes(
            (((4, 26, 24), (2, 10, 14)), ((2, 10, 14), (-40, 10, 0)), ((2, 10, 14), (34, 6, 2))), 3.0
        ),
    }
    for number, (center, radius) in enumerate(TUMORS, start=1):
        masks[f"tumor_{number}"] = mask(np.linalg.norm(places - np.array(center), axis=1) <= radius)
    voxels = np.where(masks["liver"].full(), 110, -100).astype(np.int16)
    document = make_case(path, Volume(grid, voxels))
    add_structures(document, masks)
    return document


def open_session(document: Document) -> Session:
    """A session in the window's look, with its own jobs; `close_session` ends both."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    load_fonts()
    apply_look(application, Look())
    return Session(document, JobRunner())


def close_session(session: Session) -> None:
    """Stop the jobs, then the file."""
    session.jobs.shutdown()
    session.close()
