"""Parts side by side on plates: footprints as rectangles, laid into the free corners of a plate, largest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GAP_MM = 5.0


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a footprint lies: plate from 0, its low corner in mm, and whether it is turned by 90°. fits: False for a part
    that is larger than the plate, which gets one of its own."""

    plate: int
    x_mm: float
    y_mm: float
    turned: bool
    fits: bool = True


def nested(
    sizes_mm: Sequence[tuple[float, float]], plate_mm: tuple[float, float], gap_mm: float = GAP_MM
) -> list[Spot]:
    """A spot for each (width, depth), in their order; parts stay `gap_mm` apart and inside the plate.

    Each goes to the lowest, then leftmost free corner of the first plate with room (bottom-left rule, B. Baker, E. Coffman,
    R. Rivest, "Orthogonal packings in two dimensions", 1980).
    """
    spots: dict[int, Spot] = {}
    plates: list[list[tuple[float, float, float, float]]] = []
    for number in sorted(range(len(sizes_mm)), key=lambda n: (-max(sizes_mm[n]), -min(sizes_mm[n]), n)):
        width, depth = sizes_mm[number]
        spot = None
        for plate, taken in enumerate(plates):
            spot = _room(plate, taken, width, depth, plate_mm, gap_mm)
            if spot is not None:
                break
        if spot is None:
            plates.append([])
            spot = _room(len(plates) - 1, [], width, depth, plate_mm, gap_mm)
            spot = spot or Spot(len(plates) - 1, 0.0, 0.0, False, fits=False)
        own = (depth, width) if spot.turned else (width, depth)
        if spot.fits:
            plates[spot.plate].append((spot.x_mm, spot.y_mm, spot.x_mm + own[0], spot.y_mm + own[1]))
        else:
            # nothing else on its plate
            plates[spot.plate].append((0.0, 0.0, max(own[0], plate_mm[0]), max(own[1], plate_mm[1])))
        spots[number] = spot
    return [spots[number] for number in range(len(sizes_mm))]


def _room(
    plate: int,
    taken: Sequence[tuple[float, float, float, float]],
    width: float,
    depth: float,
    plate_mm: tuple[float, float],
    gap_mm: float,
) -> Spot | None:
    xs = [0.0, *(box[2] + gap_mm for box in taken)]
    ys = [0.0, *(box[3] + gap_mm for box in taken)]
    found = None
    for turned, (w, d) in ((False, (width, depth)), (True, (depth, width))):
        for y in ys:
            for x in xs:
                if x + w > plate_mm[0] + 1e-9 or y + d > plate_mm[1] + 1e-9:
                    continue
                if any(
                    x < box[2] + gap_mm - 1e-9
                    and box[0] < x + w + gap_mm - 1e-9
                    and y < box[3] + gap_mm - 1e-9
                    and box[1] < y + d + gap_mm - 1e-9
                    for box in taken
                ):
                    continue
                if found is None or (y, x, turned) < (found.y_mm, found.x_mm, found.turned):
                    found = Spot(plate, x, y, turned)
    return found
