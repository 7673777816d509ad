"""`find_root`: from a contrast CT to the aortic root, or plain words why there is none."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray, frozen_array, unit
from planning.progress import CancelToken, Progress, no_progress
from planning.section import Frame, Sampler
from planning.tavr.annulus import find_annulus
from planning.tavr.auto.coarse import Coarse, make_coarse
from planning.tavr.auto.estimate import RootEstimate, SecondEstimate
from planning.tavr.auto.fit import FittedRoot, fit_root, held_levels
from planning.tavr.auto.lumen import root_lumen
from planning.tavr.auto.naming import Naming, name_cusps
from planning.tavr.auto.ostia import Opening, find_openings, per_cusp
from planning.tavr.auto.sites import Site, find_sites, joined_chains, smooth_line
from planning.tavr.auto.tubes import Chain, find_chains
from planning.volume import Volume

BY_HAND = "Place the hinges by hand"
LEAST_BLOOD_HU, WEAK_BLOOD_HU = 150.0, 200.0
METAL_HU = 1500.0
TRIES = 3
LEAST_SITE_SCORE = 0.2
CLEAR_LEAD = 2.6
LEAST_EVIDENCE = 0.58
FAINT_SHEET, LEAST_LOBE_MM, MOST_SLANT_MM = 0.06, 0.6, 4.0
UNDER_SINUS_MM = (4.0, 1.5)
WHOLE_BELOW_MM, WHOLE_ABOVE_MM = 2.5, 3.0
WORTH_MM, WORTH_DEG = 2.0, 5.0
BELOW_CENTERLINE_MM = 14.0


def find_root(
    volume: Volume, *, progress: Progress = no_progress, cancel: CancelToken | None = None, with_lumen: bool = True
) -> RootEstimate:
    """The aortic root of a contrast CT, found without learned weights.

    Great vessels are followed as tubes; where one shows three lobes over a waist, thin leaflets in it, and leads up like
    an aorta, the crown of the leaflets is fitted. with_lumen: also the lumen of root and ascending aorta.
    Raises MeasurementError with code "modality", "no_contrast", "no_aorta", "no_root", "root_cut" or "prosthesis".
    """
    start = time.perf_counter()
    if volume.quantity != "HU":
        raise MeasurementError("The root is found in a CT only", BY_HAND, "modality")
    if min(volume.grid.size_ijk) < 8:
        raise MeasurementError("The scan is too small to hold a root", BY_HAND, "no_root")
    progress(0.0, "Looking for great vessels")
    coarse = make_coarse(volume)
    chains = joined_chains(find_chains(coarse, cancel))
    _check_contrast(chains, coarse)
    progress(0.3, "Looking for the root")
    sites = _ranked_sites(volume, chains, cancel)
    root, cut = _best_fit(volume, sites, progress, cancel)
    if root is None:
        raise _no_root(chains, coarse, cut)
    _check_prosthesis(root)
    progress(0.8, "Naming the cusps")
    found = _estimate(volume, root, with_lumen)
    progress(1.0)
    return replace(found, seconds=time.perf_counter() - start)


def _check_contrast(chains: Sequence[Chain], coarse: Coarse) -> None:
    """No vessel of an aorta's size with contrast: say which of the two is wrong."""
    great = [chain for chain in chains if chain.length_mm >= 20.0 and np.median(chain.radii_mm) >= 8.0]
    if great and max(chain.blood_hu for chain in great) >= LEAST_BLOOD_HU:
        return
    raise MeasurementError("No great vessel is filled with contrast", f"{BY_HAND}, or use a contrast CT", "no_contrast")


def _ranked_sites(volume: Volume, chains: Sequence[Chain], cancel: CancelToken | None) -> list[tuple[float, Site]]:
    ranked = []
    for chain in chains:
        if cancel is not None:
            cancel.raise_if_set()
        if chain.blood_hu < LEAST_BLOOD_HU:
            continue
        ranked += [(site.score + aorta_like(site, chains), site) for site in find_sites(volume, chain)]
    return sorted(ranked, key=lambda pair: -pair[0])


def aorta_like(site: Site, chains: Sequence[Chain]) -> float:
    """What the course says: an aorta rises, does not turn backwards at once, goes over into the arch, and its blood is
    that of the descending aorta. The pulmonary trunk runs backwards and divides."""
    score = -1.5 * max(0.0, float(site.axis[1]) - 0.2) - 1.5 * max(0.0, 0.15 - float(site.axis[2]))
    above = site.above_mm
    early = above[: min(len(above), 45)]
    if len(early) > 15:
        way = unit(early[-1] - early[0])
        score -= 3.0 * max(0.0, float(way[1]) - 0.3)
        score += 0.5 * min(1.0, len(early) / 40.0) * max(0.0, float(way[2]))
    top = int(np.argmax(above[:, 2]))
    if len(above) - top > 40 and above[top, 2] - above[-1, 2] > 30.0 and above[-1, 1] - above[0, 1] > 20.0:
        score += 0.8
    descending = _descending(chains)
    if descending is not None and descending is not site.chain:
        score -= 2.0 * max(0.0, abs(np.log(site.blood_hu / descending.blood_hu)) - 0.12)
    return score


def _descending(chains: Sequence[Chain]) -> Chain | None:
    """The most posterior long upright tube."""
    best, far = None, -np.inf
    for chain in chains:
        ends = chain.centers_mm[-1] - chain.centers_mm[0]
        if chain.length_mm < 60.0 or abs(ends[2]) < 0.85 * chain.length_mm or np.median(chain.radii_mm) > 17.0:
            continue
        if chain.centers_mm[:, 1].mean() > far:
            best, far = chain, float(chain.centers_mm[:, 1].mean())
    return best


def _best_fit(
    volume: Volume, sites: Sequence[tuple[float, Site]], progress: Progress, cancel: CancelToken | None
) -> tuple[FittedRoot | None, bool]:
    """The site whose leaflets and course speak most for the aortic root, a clear first one sparing the others; and
    whether one was left out because the scan cuts it."""
    best: tuple[float, FittedRoot] | None = None
    cut = False
    for number, (score, site) in enumerate(sites[:TRIES]):
        if cancel is not None:
            cancel.raise_if_set()
        if score < LEAST_SITE_SCORE or (best is not None and best[0] > score + CLEAR_LEAD):
            break
        progress(0.4 + 0.12 * number, "Looking for leaflets")
        root = fit_root(volume, site)
        if evidence(root) < LEAST_EVIDENCE:
            continue
        if not _is_whole(volume, root):
            cut = True
            continue
        total = score + 2.0 * root.quality
        if best is None or total > best[0]:
            best = (total, root)
    return (None if best is None else best[1]), cut


def evidence(root: FittedRoot) -> float:
    """How much speaks for a root and not for a chamber: leaflets, dark sheets along the vessel there, three lobes, an
    even tube above. Below 0 where the leaflets would hang from the sinuses' top: 1 and more is a clear root."""
    under = root.crown.levels_mm - root.sinus_level_mm
    if under.mean() > -UNDER_SINUS_MM[0] or under.max() > -UNDER_SINUS_MM[1]:
        return -1.0
    parts = root.site.parts
    no_sheet = max(0.0, 1.0 - parts["dark"] / FAINT_SHEET)
    round_section = max(0.0, 1.0 - root.lobe_mm / LEAST_LOBE_MM)
    slanted = max(0.0, float(np.ptp(under)) - MOST_SLANT_MM)
    return (
        root.quality
        + min(parts["dark"], 0.5)
        + 0.3 * min(root.lobe_mm, 1.5)
        - 0.5 * parts["uneven"]
        - 0.35 * no_sheet
        - 0.5 * round_section
        - 0.1 * slanted
    )


def _is_whole(volume: Volume, root: FittedRoot) -> bool:
    """The scan reaches from just below the hinges to over the sinuses."""
    low = root.on_wall(root.crown.angles, root.crown.levels_mm - WHOLE_BELOW_MM)
    high = root.on_wall(root.crown.angles, np.full(3, root.sinus_level_mm + WHOLE_ABOVE_MM))
    return bool(volume.grid.contains(low).all() and volume.grid.contains(high).all())


def _no_root(chains: Sequence[Chain], coarse: Coarse, cut: bool) -> MeasurementError:
    if cut:
        return MeasurementError("The scan ends before the aortic root is whole", BY_HAND, "root_cut")
    wide = [chain for chain in chains if np.median(chain.radii_mm) >= 10.0 and chain.length_mm >= 30.0]
    if not wide:
        return MeasurementError("No aorta was found in the scan", BY_HAND, "no_aorta")
    lowest = min(float(chain.centers_mm[:, 2].min()) for chain in wide)
    if lowest - coarse.low_mm[2] < 8.0 and coarse.high_mm[2] - coarse.low_mm[2] < 120.0:
        return MeasurementError("The scan ends before the aortic root is whole", BY_HAND, "root_cut")
    return MeasurementError("No aortic root was found in the scan", BY_HAND, "no_root")


def _check_prosthesis(root: FittedRoot) -> None:
    """Metal all round the root is a frame; lumps of calcium are neither as bright nor as even."""
    metal = root.lattice.values > METAL_HU
    k, j, i = np.nonzero(metal)
    if not len(k):
        return
    side = root.lattice.values.shape[2] // 2
    u, v = (i - side) * 0.5, (j - side) * 0.5
    w = k * 0.5 + root.wall.heights_mm[0] - 2.0
    angle = np.arctan2(v, u)
    near = (np.hypot(u, v) < root.wall.radius_at(angle, w) + 2.5) & (
        np.abs(w - root.crown.levels_mm.mean() - 2.0) < 18.0
    )
    sectors = np.unique((np.degrees(angle[near]) // 30.0).astype(int))
    if near.sum() * 0.125 > 60.0 and len(sectors) >= 9:
        raise MeasurementError("A valve prosthesis is in place", BY_HAND, "prosthesis")


def _estimate(volume: Volume, root: FittedRoot, with_lumen: bool) -> RootEstimate:
    frame = root.frame
    levels, normal = held_levels(root)
    order = np.argsort(np.mod(root.crown.angles, 2.0 * np.pi))
    angles, levels = root.crown.angles[order], levels[order]
    support = root.crown.support[order]
    mean_level = float(levels.mean())
    openings = find_openings(root.lattice, root.wall, mean_level, root.blood_hu)
    mine = per_cusp(openings, angles)
    # the frame's `right` looks to the front
    forward = frame.right @ np.array((0.0, -1.0, 0.0))
    naming = name_cusps(np.cos(angles) * forward, mine)
    pick = np.array(naming.order)
    hinges = _on_edge(volume, root.on_wall(angles[pick], levels[pick]), normal)
    second, tilt, offset = _second(root, angles[pick], normal, hinges)
    quality = _image_quality(volume, root)
    confidence = _hinge_confidence(support[pick], second, hinges, quality)
    commissures = _commissures(root, angles[pick], levels[pick], root.crown.rises_mm[order][pick])
    named = [mine[n] for n in pick]
    left, right = named[2], named[1]
    centerline = _centerline(root)
    findings = _findings(root, naming, tilt, offset, quality, left, right, volume)
    whole = float(np.clip(confidence.mean() * (0.6 + 0.4 * naming.sure), 0.0, 1.0))
    return RootEstimate(
        frozen_array(hinges),
        frozen_array(confidence),
        frozen_array(commissures),
        frozen_array(0.75 * np.minimum(confidence, np.roll(confidence, -1))),
        (_rim(left), _rim(right)),
        frozen_array([0.0 if o is None else o.clear for o in (left, right)]),
        frozen_array(centerline),
        second,
        tilt,
        offset,
        whole,
        findings,
        3,
        root.blood_hu,
        root.noise_hu,
        frozen_array(frame.origin_mm + root.sinus_level_mm * frame.normal),
        0.0,
        root_lumen(volume, root, centerline) if with_lumen else None,
    )


def _rim(opening: Opening | None) -> FloatArray | None:
    return None if opening is None else frozen_array(opening.rim_mm)


def _on_edge(volume: Volume, hinges: FloatArray, normal: FloatArray) -> FloatArray:
    """The hinges moved in their plane onto the measured edge of the lumen; as they are where no edge closes."""
    middle = hinges.mean(axis=0)
    frame = Frame.of(middle, normal)
    sampler = Sampler.around(volume, middle[None], 28.0)
    plane = frame.to_plane(hinges)
    try:
        contour = find_annulus(sampler, frame, np.arctan2(plane[:, 1], plane[:, 0]), quick=True)
    except MeasurementError:
        return hinges
    about = contour.frame.to_plane(hinges)
    angle = np.arctan2(about[:, 1], about[:, 0])
    radius = contour.radius_at_mm(angle)
    moved = contour.frame.to_world(np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1))
    # an edge far from the wall is that of something else
    near = np.linalg.norm(moved - hinges, axis=1) < 2.5
    return np.where(near[:, None], moved, hinges)


def _second(
    root: FittedRoot, angles: FloatArray, normal: FloatArray, hinges: FloatArray
) -> tuple[SecondEstimate, float, float]:
    """The waist across the axis, with hinges at the lobes' angles; its tilt and distance from the first plane."""
    axis = root.axis()
    level, origin = root.waist()
    lobes = np.array([root.lobes[np.argmin(np.abs(np.angle(np.exp(1j * (root.lobes - a)))))] for a in angles])
    levels = np.full(3, level)
    for _ in range(3):
        points = root.on_wall(lobes, levels)
        levels = levels - ((points - origin) @ axis) / float(root.frame.normal @ axis)
    points = root.on_wall(lobes, levels)
    tilt = float(np.degrees(np.arccos(np.clip(axis @ normal, -1.0, 1.0))))
    offset = float(abs((origin - hinges.mean(axis=0)) @ normal))
    return SecondEstimate(frozen_array(axis), frozen_array(origin), frozen_array(points)), tilt, offset


def _image_quality(volume: Volume, root: FittedRoot) -> float:
    """0 … 1: thick slices, noise and weak contrast make every point less certain."""
    thick = float(np.clip(1.0 - 0.35 * (volume.grid.spacing_mm.max() - 1.0), 0.4, 1.0))
    noise = float(np.clip(1.2 - 1.5 * root.noise_hu / root.blood_hu, 0.4, 1.0))
    contrast = float(np.clip(root.blood_hu / 250.0, 0.4, 1.0))
    return thick * noise * contrast


def _hinge_confidence(support: FloatArray, second: SecondEstimate, hinges: FloatArray, quality: float) -> FloatArray:
    """Leaflet seen × image quality × agreement of the two estimates."""
    away = np.zeros(3) if second.hinges_mm is None else np.linalg.norm(second.hinges_mm - hinges, axis=1)
    agree = np.clip(1.15 - 0.08 * away, 0.5, 1.0)
    return np.asarray(np.clip(support * quality * agree, 0.05, 0.97))


def _commissures(root: FittedRoot, angles: FloatArray, levels: FloatArray, rises: FloatArray) -> FloatArray:
    """NR, RL, LN: half-way between two hinges, where their crowns meet on the wall."""
    points = []
    for one, two in ((0, 1), (1, 2), (2, 0)):
        apart = float(np.mod(angles[two] - angles[one], 2.0 * np.pi))
        angle = float(angles[one]) + apart / 2.0
        share = (apart / 2.0 / np.radians(60.0)) ** 2
        height = 0.5 * (levels[one] + levels[two]) + 0.5 * (rises[one] + rises[two]) * min(share, 1.3)
        points.append(root.on_wall(np.array(angle), np.array(height)))
    return np.array(points)


def _centerline(root: FittedRoot) -> FloatArray:
    """From the LVOT through the middles of the sections, then along the aorta to the top of its arch."""
    wall, frame = root.wall, root.frame
    low = float(root.crown.levels_mm.mean()) - BELOW_CENTERLINE_MM
    use = (wall.heights_mm >= low) & (wall.heights_mm <= root.sinus_level_mm + 4.0)
    inside = frame.to_world(wall.centers_mm()[use]) + wall.heights_mm[use, None] * frame.normal
    above = root.site.above_mm
    along = (above - frame.origin_mm) @ frame.normal
    start = (
        int(np.argmax(along > root.sinus_level_mm + 8.0)) if (along > root.sinus_level_mm + 8.0).any() else len(above)
    )
    top = max(start, int(np.argmax(above[:, 2])) + 1)
    points = np.concatenate([inside, above[start:top]])
    return smooth_line(points, 2.0, 3.0)[0]


def _findings(
    root: FittedRoot,
    naming: Naming,
    tilt: float,
    offset: float,
    quality: float,
    left: Opening | None,
    right: Opening | None,
    volume: Volume,
) -> tuple[Finding, ...]:
    found = []
    if root.blood_hu < WEAK_BLOOD_HU:
        found.append(
            Finding("weak_contrast", f"The blood reads {root.blood_hu:.0f} HU; below 200 edges are uncertain.")
        )
    if root.crown.support.min() < 0.5:
        found.append(Finding("leaflets_unclear", "Not all leaflets are seen clearly. Check the hinges."))
    if tilt > WORTH_DEG or offset > WORTH_MM:
        found.append(
            Finding(
                "estimates_differ",
                f"Two estimates of the plane differ by {offset:.1f} mm and {tilt:.0f}°. Check the hinges.",
            )
        )
    if naming.conflict:
        found.append(
            Finding(
                "cusp_names",
                "The coronaries do not fit the names of the cusps. Check which side of the patient is left.",
            )
        )
    elif naming.sure < 0.6:
        found.append(Finding("cusp_names", "Which cusp is which is not certain. Check the names."))
    missing = [name for name, o in (("left", left), ("right", right)) if o is None]
    if missing:
        found.append(Finding("ostium_missing", f"No {' and no '.join(missing)} coronary ostium was found."))
    if quality < 0.6:
        found.append(Finding("image_quality", "Thick slices, noise or weak contrast: the points are less certain."))
    below = root.frame.origin_mm + (root.crown.levels_mm.mean() - 6.0) * root.frame.normal
    if not volume.grid.contains(below).all():
        found.append(Finding("root_cut", "The scan ends close below the root."))
    return tuple(found)
