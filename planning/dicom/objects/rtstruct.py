"""Structures as an RT Structure Set: closed contours on the slices of the image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from planning.dicom.objects.codes import code_item
from planning.dicom.objects.contours import slice_contours
from planning.dicom.objects.labels import Segment
from planning.dicom.objects.series import RESEARCH, ReferenceSeries, instances_of, line, new_object
from planning.dicom.write import number_text
from planning.geometry import FloatArray
from planning.progress import CancelToken, Progress, no_progress

STRUCTURE_SET = "1.2.840.10008.5.1.4.1.1.481.3"
IMPLICIT_LITTLE = "1.2.840.10008.1.2"
STUDY_COMPONENT = "1.2.840.10008.3.1.2.3.1"


def structure_set(
    reference: ReferenceSeries,
    sources: Sequence[Any],
    segments: Sequence[Segment],
    number: int,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Any:
    """The object. number: of its series. sources: `headers` of the reference."""
    from pydicom.dataset import Dataset
    from pydicom.uid import UID

    made = new_object(reference, STRUCTURE_SET, "RTSTRUCT", number, f"Structures. {RESEARCH}")
    # with explicit kinds a contour's numbers have 64 kB at most: the outline of a body is longer
    made.file_meta.TransferSyntaxUID = UID(IMPLICIT_LITTLE)
    made.StructureSetLabel, made.StructureSetName = "Theatrum", "Structures"
    made.StructureSetDescription = RESEARCH
    made.StructureSetDate, made.StructureSetTime = made.ContentDate, made.ContentTime
    del made.ContentDate, made.ContentTime
    made.OperatorsName, made.ApprovalStatus = "", "UNAPPROVED"
    made.FrameOfReferenceUID, made.PositionReferenceIndicator = reference.frame_of_reference, ""
    made.ReferencedFrameOfReferenceSequence = [_frame(reference, sources)]
    made.StructureSetROISequence, made.ROIContourSequence, made.RTROIObservationsSequence = [], [], []
    for place, segment in enumerate(segments, start=1):
        progress((place - 1) / len(segments), f"Drawing contours of {segment.name}")
        roi = Dataset()
        roi.ROINumber, roi.ReferencedFrameOfReferenceUID = place, reference.frame_of_reference
        roi.ROIName, roi.ROIGenerationAlgorithm = line(segment.name), segment.made_by
        made.StructureSetROISequence.append(roi)
        drawn = Dataset()
        drawn.ReferencedROINumber = place
        drawn.ROIDisplayColor = [int(segment.color[n : n + 2], 16) for n in (1, 3, 5)]
        drawn.ContourSequence = _contours(reference, sources, segment, cancel)
        made.ROIContourSequence.append(drawn)
        seen = Dataset()
        seen.ObservationNumber, seen.ReferencedROINumber = place, place
        seen.RTROIInterpretedType, seen.ROIInterpreter = ("GTV" if segment.is_lesion else "ORGAN"), ""
        if segment.code is not None:
            seen.RTROIIdentificationCodeSequence = [code_item(segment.code)]
        made.RTROIObservationsSequence.append(seen)
    return made


def _frame(reference: ReferenceSeries, sources: Sequence[Any]) -> Any:
    from pydicom.dataset import Dataset

    series = Dataset()
    series.SeriesInstanceUID, series.ContourImageSequence = reference.series, instances_of(sources)
    study = Dataset()
    study.ReferencedSOPClassUID, study.ReferencedSOPInstanceUID = STUDY_COMPONENT, reference.study
    study.RTReferencedSeriesSequence = [series]
    frame = Dataset()
    frame.FrameOfReferenceUID, frame.RTReferencedStudySequence = reference.frame_of_reference, [study]
    return frame


def _contours(
    reference: ReferenceSeries, sources: Sequence[Any], segment: Segment, cancel: CancelToken | None
) -> list[Any]:
    from pydicom.dataset import Dataset

    i0, j0, k0 = segment.mask.start_ijk
    found: list[Any] = []
    for plane, inside in enumerate(segment.mask.voxels):
        if cancel is not None:
            cancel.raise_if_set()
        if not inside.any():
            continue
        for ring in slice_contours(inside):
            index = np.column_stack([ring[:, 0] + i0, ring[:, 1] + j0, np.full(len(ring), k0 + plane)])
            item = Dataset()
            item.ContourGeometricType = "CLOSED_PLANAR"
            item.ContourImageSequence = instances_of([sources[k0 + plane]])
            item.NumberOfContourPoints = len(ring)
            _put_points(item, reference.grid.to_world(index))
            item.ContourNumber = len(found) + 1
            found.append(item)
    return found


def _put_points(item: Any, points_mm: FloatArray) -> None:
    """Put the contour's points (N, 3) in as the bytes that are written.

    As numbers of the library each of several hundred thousand is an object of half a kilobyte: 200 MB for the sample heart,
    among whose rest lies what stays, so that Python gives none of it back.
    """
    from pydicom.dataelem import RawDataElement
    from pydicom.tag import Tag

    text = "\\".join(number_text(float(value)) for value in points_mm.reshape(-1)).encode("ascii")
    value = text + b" " * (len(text) % 2)
    tag = Tag("ContourData")
    item[tag] = RawDataElement(tag, "DS", len(value), value, 0, True, True)
    # else the library reads the bytes to write them in another way
    item.set_original_encoding(True, True, "iso8859")
