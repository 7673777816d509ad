"""How many cusps the found root has: a valve of two must not be given three sure hinges."""

from __future__ import annotations

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray
from planning.section import Sampler
from planning.tavr.annulus import find_annulus
from planning.tavr.auto.fit import FittedRoot
from planning.tavr.auto.pair import FAINT_LEAFLET, FAINT_THIRD_LOBE_MM, sinus_waves_mm
from planning.tavr.bicuspid import find_cusps
from planning.tavr.frame import annulus_frame, hinge_angles
from planning.tavr.root import find_commissures, find_levels, find_sinus_and_junction, measure_junction
from planning.volume import Volume

REACH_MM = 46.0
CALCIUM_OVER_BLOOD_HU = 150.0
TWO_LOBES_MM = 1.0
LEAST_SURE = 0.4
SURE_WITH_RAPHE, SURE_WITH_PAIR, SURE_WITH_TWO = 0.5, 0.3, 0.25
"""What a hinge's confidence is at most: with a raphe there are three lowest points, without one two, seen as such or not."""


def pair_found() -> tuple[int, float, tuple[Finding, ...]]:
    """As `count_cusps`, for a root whose two leaflets were seen."""
    text = (
        "Two leaflets in two sinuses are seen: the valve looks bicuspid without a raphe (Sievers 0). "
        "It has two lowest points; the third point only holds the plane. Check the hinges."
    )
    return 2, SURE_WITH_PAIR, (Finding("bicuspid", text),)


def count_cusps(volume: Volume, root: FittedRoot, hinges_mm: FloatArray) -> tuple[int, float, tuple[Finding, ...]]:
    """2 or 3, what a hinge's confidence is at most, and what to say. hinges_mm: (3, 3) N, R, L as found."""
    two, three = sinus_waves_mm(root)
    if three < FAINT_THIRD_LOBE_MM and root.crown.support.min() < FAINT_LEAFLET:
        # neither a trefoil nor a crown of three: two sinuses make an oval, or just round an oval annulus
        text = "Three sinuses with three leaflets are not seen: the valve may be bicuspid without a raphe (Sievers 0)."
        doubt = Finding("bicuspid", f"{text} Three hinges may not fit it. Place them by hand.")
        return (2 if two > TWO_LOBES_MM else 3), SURE_WITH_TWO, (doubt,)
    try:
        frame = annulus_frame(hinges_mm, volume.grid)
        sampler = Sampler.around(volume, frame.origin_mm[None], REACH_MM)
        angles = hinge_angles(frame, hinges_mm)
        annulus = find_annulus(sampler, frame, angles, quick=True)
        levels = find_levels(sampler, frame, annulus)
        sinus, junction = find_sinus_and_junction(levels)
        height = measure_junction(sampler, frame, levels, junction, angles)["height_mm"]
        commissures = find_commissures(levels, sinus, height, angles, frame)
        threshold = annulus.lumen_hu + CALCIUM_OVER_BLOOD_HU
        cusps, _ = find_cusps(sampler, frame, levels, angles, commissures, height, threshold)
    except MeasurementError:
        return 3, 1.0, ()
    # cusps that stand open near the wall tell too little
    if cusps is None or cusps.cusps == 3 or cusps.confidence < LEAST_SURE:
        return 3, 1.0, ()
    joined = f"the {cusps.raphe} cusps have grown together" if cusps.raphe else "two cusps have grown together"
    text = f"The valve may be bicuspid (Sievers {cusps.sievers}): {joined}. Check the hinges."
    return 2, SURE_WITH_RAPHE, (Finding("bicuspid", text),)
