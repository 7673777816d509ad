"""`find_root`: from a contrast CT to the aortic root, or plain words why there is none."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planning.errors import MeasurementError
from planning.geometry import FloatArray, unit
from planning.progress import CancelToken, Progress, no_progress
from planning.tavr.auto.coarse import Coarse, make_coarse
from planning.tavr.auto.describe import describe_root
from planning.tavr.auto.estimate import RootEstimate
from planning.tavr.auto.fit import FittedRoot, fit_root
from planning.tavr.auto.lumen import root_lumen
from planning.tavr.auto.sites import Site, find_sites, joined_chains
from planning.tavr.auto.tubes import Chain, find_chains
from planning.tavr.auto.upright import upright
from planning.volume import Volume

BY_HAND = "Place the hinges by hand"
LEAST_BLOOD_HU = 150.0
LEAST_AORTA_MM = 7.0
METAL_HU = 1500.0
TRIES = 3
LEAST_SITE_SCORE = 0.2
CLEAR_LEAD = 2.6
LEAST_EVIDENCE, LEAST_PARTNER_EVIDENCE = 0.58, 0.0
TRUNK_COURSE, NO_AORTA_COURSE, COURSE_LEAD = -0.2, -0.5, 0.5
BEHIND_MM, MOST_RIGHT_MM = 20.0, 15.0
VALVES_APART_MM, LEAST_PARTNER_RADIUS_MM = 70.0, 10.0
FAINT_SHEET, LEAST_LOBE_MM, MOST_SLANT_MM = 0.06, 0.6, 4.0
UNDER_SINUS_MM = (4.0, 1.5)
WHOLE_BELOW_MM, WHOLE_ABOVE_MM = 2.5, 3.0


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
    scan, volume = volume, upright(volume)
    coarse = make_coarse(volume)
    chains = joined_chains(find_chains(coarse, cancel))
    _check_contrast(chains, coarse)
    progress(0.3, "Looking for the root")
    sites = _ranked_sites(volume, chains, cancel)
    root, cut, pulmonary = _best_fit(volume, sites, progress, cancel)
    if root is None:
        raise _no_root(chains, coarse, cut, pulmonary)
    _check_prosthesis(root)
    progress(0.8, "Naming the cusps")
    found = describe_root(volume, root)
    lumen = root_lumen(scan, root, found.centerline_mm) if with_lumen else None
    progress(1.0)
    return replace(found, seconds=time.perf_counter() - start, aorta=lumen)


def _check_contrast(chains: Sequence[Chain], coarse: Coarse) -> None:
    """Refuses a scan in which no vessel of an aorta's size is bright; bones, which are, have been left out before."""
    great = [chain for chain in chains if chain.length_mm >= 20.0 and np.median(chain.radii_mm) >= LEAST_AORTA_MM]
    if great and max(chain.blood_hu for chain in great) >= LEAST_BLOOD_HU:
        return
    what = f"There is no contrast in the aorta: no great vessel of the scan reads over {LEAST_BLOOD_HU:.0f} HU"
    raise MeasurementError(
        what, "Use a contrast CT. In a dark aorta hinges cannot be measured by hand either", "no_contrast"
    )


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A site, what its vessel's course says for an aorta, and both together."""

    site: Site
    course: float

    @property
    def score(self) -> float:
        """Shape and course."""
        return self.site.score + self.course


def _ranked_sites(volume: Volume, chains: Sequence[Chain], cancel: CancelToken | None) -> list[Place]:
    ranked = []
    for chain in chains:
        if cancel is not None:
            cancel.raise_if_set()
        if chain.blood_hu < LEAST_BLOOD_HU:
            continue
        ranked += [Place(site, aorta_like(site, chains)) for site in find_sites(volume, chain)]
    return sorted(ranked, key=lambda place: -place.score)


def aorta_like(site: Site, chains: Sequence[Chain]) -> float:
    """What the course says: an aorta rises, to the right at first, does not turn backwards at once, goes over into the
    arch, and its blood is that of the descending aorta. The pulmonary trunk runs backwards and divides."""
    score = -1.5 * max(0.0, float(site.axis[1]) - 0.2) - 1.5 * max(0.0, 0.15 - float(site.axis[2]))
    score -= 0.5 * float(np.clip(site.axis[0] + 0.1, 0.0, 0.5))
    above = site.above_mm
    early = above[: min(len(above), 45)]
    if len(early) > 15:
        way = unit(early[-1] - early[0])
        score -= 3.0 * max(0.0, float(way[1]) - 0.3)
        score += 0.5 * min(1.0, len(early) / 40.0) * max(0.0, float(way[2]))
    top = int(np.argmax(above[:, 2]))
    if len(above) - top > 40 and above[top, 2] - above[-1, 2] > 30.0 and above[-1, 1] - above[0, 1] > 20.0:
        score += 0.8
    descending = _descending(chains, site.center_mm)
    if descending is not None and descending is not site.chain:
        score -= 2.0 * max(0.0, abs(np.log(site.blood_hu / descending.blood_hu)) - 0.12)
    return score


def _descending(chains: Sequence[Chain], root_mm: FloatArray) -> Chain | None:
    """The most posterior long upright tube, well behind a root at root_mm and not to its right, where the venae cavae run."""
    best, far = None, -np.inf
    for chain in chains:
        ends = chain.centers_mm[-1] - chain.centers_mm[0]
        if chain.length_mm < 60.0 or abs(ends[2]) < 0.85 * chain.length_mm or np.median(chain.radii_mm) > 17.0:
            continue
        right, behind = root_mm[0] - chain.centers_mm[:, 0].mean(), chain.centers_mm[:, 1].mean() - root_mm[1]
        if behind > far and behind > BEHIND_MM and right < MOST_RIGHT_MM:
            best, far = chain, float(behind)
    return best


def aortic_partner(place: Place, others: Sequence[Place]) -> Place | None:
    """The place of the aortic valve that shows this one to be the pulmonary valve: its vessel runs more like an aorta,
    and it lies behind and below."""
    if place.course >= TRUNK_COURSE:
        return None
    for other in others:
        gap = other.site.center_mm - place.site.center_mm
        near = gap[1] > 8.0 and gap[2] < -3.0 and np.linalg.norm(gap) < VALVES_APART_MM
        great = other.site.chain is not place.site.chain and other.site.radius_mm >= LEAST_PARTNER_RADIUS_MM
        if near and great and other.course >= place.course + COURSE_LEAD and other.score >= LEAST_SITE_SCORE:
            return other
    return None


def _best_fit(
    volume: Volume, places: Sequence[Place], progress: Progress, cancel: CancelToken | None
) -> tuple[FittedRoot | None, bool, bool]:
    """The place whose leaflets and course speak most for the aortic root, a clear first one sparing the others; whether
    one was left out because the scan cuts it; whether one because it is the pulmonary valve.

    Where the pulmonary valve shows which one is the aortic, that needs less evidence of its own: two cusps, or leaflets
    full of calcium, look little like a crown of three.
    """
    found: list[tuple[float, FittedRoot]] = []
    cut = False
    partners: list[Place] = []
    aortic = []
    for place in places:
        partner = aortic_partner(place, places)
        if partner is not None:
            partners.append(partner)
        if partner is None and place.course >= NO_AORTA_COURSE:
            aortic.append(place)
    for number, place in enumerate(aortic[:TRIES]):
        if cancel is not None:
            cancel.raise_if_set()
        if place.score < LEAST_SITE_SCORE or any(total > place.score + CLEAR_LEAD for total, _ in found):
            break
        progress(0.4 + 0.12 * number, "Looking for leaflets")
        root = fit_root(volume, place.site)
        if evidence(root) < (LEAST_PARTNER_EVIDENCE if place in partners else LEAST_EVIDENCE):
            continue
        if _is_whole(volume, root):
            found.append((place.score + 2.0 * root.quality, root))
        else:
            cut = True
    pulmonary = bool(places) and places[0] not in aortic
    if not found:
        return None, cut, pulmonary
    middles = [root.hinges_mm().mean(axis=0) for _, root in found]
    totals = [total - pulmonary_place(middle, middles) for (total, _), middle in zip(found, middles, strict=True)]
    return found[int(np.argmax(totals))][1], cut, pulmonary


def pulmonary_place(middle_mm: FloatArray, others_mm: Sequence[FloatArray]) -> float:
    """1 where another valve lies behind and below this one: the pulmonary valve lies before and above the aortic."""
    away = [other - middle_mm for other in others_mm]
    return 1.0 if any(gap[1] > 8.0 and gap[2] < -3.0 and np.linalg.norm(gap) < 70.0 for gap in away) else 0.0


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


def _no_root(chains: Sequence[Chain], coarse: Coarse, cut: bool, pulmonary: bool) -> MeasurementError:
    if cut:
        return MeasurementError("The scan ends before the aortic root is whole", BY_HAND, "root_cut")
    wide = [chain for chain in chains if np.median(chain.radii_mm) >= LEAST_AORTA_MM and chain.length_mm >= 30.0]
    if not wide:
        return MeasurementError("No aorta was found in the scan", BY_HAND, "no_aorta")
    lowest = min(float(chain.centers_mm[:, 2].min()) for chain in wide)
    if lowest - coarse.low_mm[2] < 8.0 and coarse.high_mm[2] - coarse.low_mm[2] < 120.0:
        return MeasurementError("The scan ends before the aortic root is whole", BY_HAND, "root_cut")
    if pulmonary:
        what = "Only a vessel that does not run like an aorta shows something like a root"
        return MeasurementError(what, BY_HAND, "no_root")
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
