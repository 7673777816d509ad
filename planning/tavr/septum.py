"""The membranous septum: from the annulus plane down to the crest of the muscular septum, under the R–N commissure.

Beyond the thin membrane lies the right heart, beyond the crest muscle. On surfaces parallel to the outflow tract's wall
and farther out, blood above turns into muscle below; the highest such place is the crest. Where the right heart carries
no contrast there is nothing to tell them apart, and no length is given. Definition: Jørgensen et al. 2022, with the
values at the anterior and posterior quarter of the arc between the right and the non-coronary hinge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.findings import Finding
from planning.geometry import FloatArray
from planning.section import Frame, Sampler, fourier_basis
from planning.tavr.root import Level

HIGHEST_MM, LOWEST_MM, STEP_MM = 4.0, -14.0, 0.2
OUT_MM = np.arange(2.4, 7.6, 0.4)
ACROSS_DEG = np.array((-6.0, -3.0, 0.0, 3.0, 6.0))
LEAST_CONTRAST_HU, LEAST_CONTRAST_SDS = 40.0, 1.5
BLOOD_MM, MUSCLE_MM = 1.0, 2.0
LEAST_SURFACES = 4
OWN_SPREAD_MM = 0.5
LONGEST_MM, MOST_SPREAD_MM = 11.5, 1.3
CLEAR_HU = 120.0


@dataclass(frozen=True, slots=True, eq=False)
class Septum:
    """Lengths along the annulus normal, mm; None where not seen. line_mm: (2, 3) top and bottom on the outflow's wall."""

    membranous_mm: float
    anterior_mm: float | None
    posterior_mm: float | None
    uncertainty_mm: float
    confidence: float
    line_mm: FloatArray
    source: str = "automatic"

    def as_json(self) -> dict[str, Any]:
        """The plan's "septum"."""
        return {
            "membranous_mm": self.membranous_mm,
            "anterior_mm": self.anterior_mm,
            "posterior_mm": self.posterior_mm,
            "uncertainty_mm": self.uncertainty_mm,
            "confidence": self.confidence,
            "line_mm": self.line_mm.tolist(),
            "source": self.source,
        }


def edited_septum(frame: Frame, line_mm: FloatArray, found: Septum | None) -> Septum:
    """The septum between two points placed by hand, top and bottom; quarters stay as they were found."""
    line = np.asarray(line_mm, dtype=np.float64)
    length = float((line[0] - line[1]) @ frame.normal)
    quarters = (None, None) if found is None else (found.anterior_mm, found.posterior_mm)
    return Septum(length, *quarters, 2.0 * OWN_SPREAD_MM, 1.0, line, "edited")


def find_septum(
    sampler: Sampler,
    frame: Frame,
    annulus: Level,
    lvot: Sequence[Level],
    hinge_angles: FloatArray,
    commissure_angle: float,
    noise_hu: float,
) -> tuple[Septum | None, tuple[Finding, ...]]:
    """The septum under the commissure of N and R, or None with the reason.

    annulus: the level at height 0. lvot: levels below it. hinge_angles: N, R, L; commissure_angle: NR; about the
    frame's origin.
    """
    if len(lvot) < 4:
        return None, (_missing("the outflow tract has no closed edge under the annulus"),)
    wall = _Outflow.of(frame, [annulus, *lvot])
    quarter = 0.25 * float((hinge_angles[1] - hinge_angles[0]) % (2.0 * np.pi))
    middle = _crest(sampler, wall, commissure_angle, noise_hu)
    if middle is None:
        return None, (_missing("blood of the right heart and muscle cannot be told apart there"),)
    anterior = _crest(sampler, wall, commissure_angle + quarter, noise_hu)
    posterior = _crest(sampler, wall, commissure_angle - quarter, noise_hu)
    heights = np.array((0.0, -middle.depth_mm))
    line = wall.points(heights, np.array([commissure_angle]))[0][:, 0]
    line = line - ((line - frame.origin_mm) @ frame.normal - heights)[:, None] * frame.normal
    confidence = float(np.clip(middle.contrast_hu / CLEAR_HU, 0.2, 0.9) * np.clip(1.2 - 0.3 * middle.spread_mm, 0.4, 1))
    return (
        Septum(
            middle.depth_mm,
            None if anterior is None else anterior.depth_mm,
            None if posterior is None else posterior.depth_mm,
            2.0 * float(np.hypot(OWN_SPREAD_MM, middle.spread_mm)),
            confidence,
            line,
        ),
        (),
    )


def _missing(reason: str) -> Finding:
    return Finding("septum_missing", f"The membranous septum is not measured: {reason}.")


@dataclass(frozen=True, slots=True, eq=False)
class _Outflow:
    """The outflow tract's wall from the annulus down."""

    frame: Frame
    heights: FloatArray
    coefficients: FloatArray
    centers: FloatArray

    @classmethod
    def of(cls, frame: Frame, levels: Sequence[Level]) -> _Outflow:
        """Levels in any order."""
        ordered = sorted(levels, key=lambda level: level.height_mm)
        return cls(
            frame,
            np.array([level.height_mm for level in ordered]),
            np.stack([level.contour.about(_axis_frame(frame, level)) for level in ordered]),
            np.stack([_axis_frame(frame, level).origin_mm for level in ordered]),
        )

    def points(self, heights: FloatArray, angles: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(H, A, 3) points on the wall and (A, 3) outward directions; above and below the levels the wall goes on."""
        radii = fourier_basis(angles) @ self.coefficients.T
        radius = np.stack([np.interp(heights, self.heights, row) for row in radii], axis=1)
        out = np.cos(angles)[:, None] * self.frame.right + np.sin(angles)[:, None] * self.frame.up
        base = self.frame.origin_mm + heights[:, None, None] * self.frame.normal
        return base + radius[..., None] * out[None], out


def _axis_frame(frame: Frame, level: Level) -> Frame:
    return frame.moved(level.height_mm)


@dataclass(frozen=True, slots=True)
class _Crest:
    depth_mm: float
    spread_mm: float
    contrast_hu: float


def _crest(sampler: Sampler, wall: _Outflow, angle: float, noise: float) -> _Crest | None:
    """Depth of the muscle's highest place below the annulus plane; None where blood and muscle look alike."""
    heights = np.arange(HIGHEST_MM, LOWEST_MM - 1e-9, -STEP_MM)
    points, out = wall.points(heights, angle + np.radians(ACROSS_DEG))
    places = points[None] + OUT_MM[:, None, None, None] * out
    profiles = sampler.at(places).mean(axis=2)
    edges, contrasts = [], []
    for profile in profiles:
        edge = _edge_down(heights, profile, max(LEAST_CONTRAST_HU, LEAST_CONTRAST_SDS * noise))
        if edge is not None:
            edges.append(edge[0])
            contrasts.append(edge[1])
    if len(edges) < LEAST_SURFACES:
        return None
    # the crest is round: its top stands above where most surfaces meet it
    ordered = np.sort(edges)
    top = float(np.mean(ordered[-max(2, len(ordered) // 4) :]))
    if not -LONGEST_MM <= top <= 1.0:
        return None
    spread = float(np.std(ordered[len(ordered) // 2 :]))
    return None if spread > MOST_SPREAD_MM else _Crest(max(-top, 0.0), spread, float(np.median(contrasts)))


def _edge_down(heights: FloatArray, profile: FloatArray, least_hu: float) -> tuple[float, float] | None:
    """(height, contrast) where blood above turns into muscle below for good; None without one."""
    from scipy import ndimage

    if np.isnan(profile).any():
        return None
    values = ndimage.gaussian_filter1d(profile, 1.5)
    low = heights < 1.0
    blood = float(np.percentile(values[heights > -8.0], 90))
    muscle = float(np.percentile(values[low], 15))
    if blood - muscle < least_hu or muscle < -30.0:
        return None
    level = 0.5 * (blood + muscle)
    bright = values > level
    above, below = round(BLOOD_MM / STEP_MM), round(MUSCLE_MM / STEP_MM)
    for n in range(above, len(values) - below):
        if bright[n - above : n].all() and not bright[n : n + below].any():
            part = (values[n - 1] - level) / max(values[n - 1] - values[n], 1e-6)
            return float(heights[n - 1] - part * STEP_MM), blood - muscle
    return None
