"""Structures as DICOM Segmentation, binary or as a label map. Structures that overlap go into files of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.dicom.objects import codes
from planning.dicom.objects.codes import Coded, concept
from planning.dicom.objects.series import MANUFACTURER, RESEARCH, ReferenceSeries, line, new_uid
from planning.provenance import APPLICATION_VERSION
from planning.volume import Mask

JPEG_LS = "1.2.840.10008.1.2.4.80"
EXPLICIT = "1.2.840.10008.1.2.1"


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A structure to write. color: "#RRGGBB". code: of what it is, None where no standard names it.

    made_by: "AUTOMATIC", "SEMIAUTOMATIC" or "MANUAL", as DICOM says it; program: what made it, "" by hand.
    """

    name: str
    mask: Mask
    color: str
    code: Coded | None
    is_lesion: bool
    made_by: str
    program: str


@dataclass(frozen=True, slots=True)
class SegmentPlace:
    """Where a structure lies: which file of the segmentation, and its number there."""

    file: int
    number: int


def layers(masks: Sequence[Mask]) -> list[list[int]]:
    """Numbers of masks that do not overlap, layer by layer; each goes into the first that has room for it."""
    if not masks:
        return []
    taken: list[npt.NDArray[np.bool_]] = []
    found: list[list[int]] = []
    for number, mask in enumerate(masks):
        for layer, members in zip(taken, found):
            if not layer[mask.box_kji][mask.voxels].any():
                members.append(number)
                break
        else:
            layer = np.zeros(mask.grid.shape_kji, dtype=bool)
            taken.append(layer)
            found.append([number])
        layer[mask.box_kji] |= mask.voxels
    return found


def segmentation_files(
    reference: ReferenceSeries, sources: Sequence[Any], segments: Sequence[Segment], number: int, *, label_map: bool
) -> tuple[list[Any], dict[str, SegmentPlace]]:
    """The objects, and where each structure lies in them. number: of the series. sources: `headers` of the reference."""
    import highdicom

    series, made, places = new_uid(), [], {}
    for file, members in enumerate(layers([one.mask for one in segments])):
        voxels = np.zeros(reference.grid.shape_kji, dtype=np.uint8 if len(members) < 256 else np.uint16)
        for place, member in enumerate(members, start=1):
            mask = segments[member].mask
            voxels[mask.box_kji][mask.voxels] = place
            places[segments[member].name] = SegmentPlace(file, place)
        made.append(
            highdicom.seg.Segmentation(
                source_images=list(sources),
                pixel_array=voxels,
                segmentation_type="LABELMAP" if label_map else "BINARY",
                segment_descriptions=[_description(segments[n], place) for place, n in enumerate(members, start=1)],
                series_instance_uid=series,
                series_number=number,
                sop_instance_uid=new_uid(),
                instance_number=file + 1,
                manufacturer=MANUFACTURER,
                manufacturer_model_name=MANUFACTURER,
                software_versions=APPLICATION_VERSION,
                device_serial_number="0",
                content_description=RESEARCH,
                content_label="SEGMENTATION",
                series_description=line(f"Structures. {RESEARCH}"),
                transfer_syntax_uid=JPEG_LS if label_map else EXPLICIT,
            )
        )
    return made, places


def _description(segment: Segment, number: int) -> Any:
    import highdicom

    red, green, blue = (int(segment.color[n : n + 2], 16) for n in (1, 3, 5))
    algorithm = None
    if segment.made_by != "MANUAL":
        family = codes.ARTIFICIAL_INTELLIGENCE if segment.made_by == "AUTOMATIC" else codes.IMAGE_PROCESSING
        algorithm = highdicom.AlgorithmIdentificationSequence(
            name=line(segment.program), family=concept(family), version=APPLICATION_VERSION
        )
    return highdicom.seg.SegmentDescription(
        segment_number=number,
        segment_label=line(segment.name),
        segmented_property_category=concept(
            codes.ABNORMAL_CATEGORY if segment.is_lesion else codes.ANATOMICAL_CATEGORY
        ),
        segmented_property_type=concept(segment.code or codes.ANATOMICAL),
        algorithm_type=segment.made_by,
        algorithm_identification=algorithm,
        tracking_uid=new_uid(),
        tracking_id=line(segment.name),
        display_color=highdicom.color.CIELabColor.from_rgb(red, green, blue),
    )
