"""What the search for the root gives, as data that a plan can keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.findings import Finding
from planning.geometry import FloatArray, frozen_array
from planning.volume import Mask


@dataclass(frozen=True, slots=True)
class SecondEstimate:
    """The annulus told independently of the leaflets: the waist below the sinuses, across the root's own axis.

    normal, origin_mm: (3,) LPS. hinges_mm: (3, 3) N, R, L on the wall there, at the angles of the three lobes.
    """

    normal: FloatArray
    origin_mm: FloatArray
    hinges_mm: FloatArray | None


@dataclass(frozen=True, slots=True, eq=False)
class RootEstimate:
    """An aortic root found in the image; LPS mm.

    hinges_mm: (3, 3) N, R, L; commissures_mm: (3, 3) NR, RL, LN; each with a confidence 0 … 1.
    ostia_mm: left and right lowest rim point, None where none was seen. centerline_mm: (M, 3) from the LVOT to the arch.
    second: an independent estimate, with the angle (deg) and distance (mm) between the two planes.
    confidence: of the whole. cusps: 2 or 3. two_leaflets: a valve of two cusps without a raphe was seen as such; two of the
    hinges are its lowest points, the third holds the plane. aorta: lumen of root and ascending aorta, for pictures.
    """

    hinges_mm: FloatArray
    hinge_confidence: FloatArray
    commissures_mm: FloatArray
    commissure_confidence: FloatArray
    ostia_mm: tuple[FloatArray | None, FloatArray | None]
    ostium_confidence: FloatArray
    centerline_mm: FloatArray
    second: SecondEstimate
    tilt_deg: float
    offset_mm: float
    confidence: float
    findings: tuple[Finding, ...]
    cusps: int
    lumen_hu: float
    noise_hu: float
    sinus_level_mm: FloatArray
    seconds: float
    aorta: Mask | None = None
    two_leaflets: bool = False

    @property
    def normal(self) -> FloatArray:
        """(3,) of the hinge plane, from ventricle to aorta."""
        cross = np.cross(self.hinges_mm[1] - self.hinges_mm[0], self.hinges_mm[2] - self.hinges_mm[0])
        return np.asarray(cross / np.linalg.norm(cross))

    @property
    def hinges_second_mm(self) -> FloatArray | None:
        """(3, 3) hinges of the second estimate."""
        return self.second.hinges_mm

    def as_json(self) -> dict[str, Any]:
        """Everything but the lumen, as plain numbers."""
        return {
            "hinges_mm": self.hinges_mm.tolist(),
            "hinge_confidence": self.hinge_confidence.tolist(),
            "commissures_mm": self.commissures_mm.tolist(),
            "commissure_confidence": self.commissure_confidence.tolist(),
            "ostia_mm": [None if point is None else point.tolist() for point in self.ostia_mm],
            "ostium_confidence": self.ostium_confidence.tolist(),
            "centerline_mm": self.centerline_mm.tolist(),
            "second": {
                "normal": self.second.normal.tolist(),
                "origin_mm": self.second.origin_mm.tolist(),
                "tilt_deg": self.tilt_deg,
                "offset_mm": self.offset_mm,
            },
            "hinges_second_mm": None if self.hinges_second_mm is None else self.hinges_second_mm.tolist(),
            "confidence": self.confidence,
            "findings": [finding.as_json() for finding in self.findings],
            "cusps": self.cusps,
            "two_leaflets": self.two_leaflets,
            "lumen_hu": self.lumen_hu,
            "noise_hu": self.noise_hu,
            "sinus_level_mm": self.sinus_level_mm.tolist(),
            "seconds": self.seconds,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> RootEstimate:
        """The reverse of `as_json`; the lumen is not in it."""
        second = content["second"]
        left, right = (None if point is None else frozen_array(point) for point in content["ostia_mm"])
        return cls(
            frozen_array(content["hinges_mm"]),
            frozen_array(content["hinge_confidence"]),
            frozen_array(content["commissures_mm"]),
            frozen_array(content["commissure_confidence"]),
            (left, right),
            frozen_array(content["ostium_confidence"]),
            frozen_array(content["centerline_mm"]),
            SecondEstimate(
                frozen_array(second["normal"]),
                frozen_array(second["origin_mm"]),
                None if content["hinges_second_mm"] is None else frozen_array(content["hinges_second_mm"]),
            ),
            float(second["tilt_deg"]),
            float(second["offset_mm"]),
            float(content["confidence"]),
            tuple(Finding(finding["code"], finding["text"]) for finding in content["findings"]),
            int(content["cusps"]),
            float(content["lumen_hu"]),
            float(content["noise_hu"]),
            frozen_array(content["sinus_level_mm"]),
            float(content["seconds"]),
            two_leaflets=bool(content.get("two_leaflets", False)),
        )
