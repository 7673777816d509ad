"""A plan's numbers as a Comprehensive 3D structured report after template TID 1500."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from planning.dicom.objects import codes
from planning.dicom.objects.codes import concept
from planning.dicom.objects.groups import Group, Number
from planning.dicom.objects.labels import SegmentPlace
from planning.dicom.objects.series import MANUFACTURER, RESEARCH, ReferenceSeries, line, new_uid
from planning.geometry import FloatArray
from planning.provenance import APPLICATION_VERSION

MOST_TEXT = 1024
MOST_OFF_MM = 0.1


def report_object(
    reference: ReferenceSeries,
    sources: Sequence[Any],
    segmentations: Sequence[Any],
    places: Mapping[str, SegmentPlace],
    groups: Sequence[Group],
    comments: Sequence[str],
    title: str,
    number: int,
    instance: int,
    series: str,
) -> Any:
    """The report of one plan.

    segmentations, places: segmentations and where structures lie in them. comments: what must be read with the
    numbers, one text each. number, series: of its series, instance: within it.
    """
    import highdicom
    from highdicom.sr import Comprehensive3DSR, MeasurementReport
    from pydicom.sr.codedict import codes as codedict

    observer = highdicom.sr.ObserverContext(
        observer_type=codedict.DCM.Device,
        observer_identifying_attributes=highdicom.sr.DeviceObserverIdentifyingAttributes(
            uid=new_uid(), name=MANUFACTURER, manufacturer_name=MANUFACTURER, model_name=MANUFACTURER, serial_number="0"
        ),
    )
    content = MeasurementReport(
        observation_context=highdicom.sr.ObservationContext(observer_device_context=observer),
        procedure_reported=concept(codes.PROCEDURES.get(reference.modality, codes.IMAGING)),
        imaging_measurements=[_group(group, reference, sources, segmentations, places) for group in groups],
        title=codedict.DCM.ImagingMeasurementReport,
    )
    for text in (RESEARCH, title, *comments):
        comment = highdicom.sr.TextContentItem(
            name=concept(codes.COMMENT),
            value=text[:MOST_TEXT],
            relationship_type=highdicom.sr.RelationshipTypeValues.CONTAINS,
        )
        content[0].ContentSequence.append(comment)
    return Comprehensive3DSR(
        evidence=[*sources, *segmentations],
        content=content,
        series_instance_uid=series,
        series_number=number,
        sop_instance_uid=new_uid(),
        instance_number=instance,
        manufacturer=MANUFACTURER,
        manufacturer_model_name=MANUFACTURER,
        software_versions=APPLICATION_VERSION,
        device_serial_number="0",
        is_complete=True,
        is_final=False,
        is_verified=False,
        series_description=line(f"Measurements. {RESEARCH}"),
        transfer_syntax_uid="1.2.840.10008.1.2.1",
    )


def _group(
    group: Group,
    reference: ReferenceSeries,
    sources: Sequence[Any],
    segmentations: Sequence[Any],
    places: Mapping[str, SegmentPlace],
) -> Any:
    from highdicom import sr

    common: dict[str, Any] = {
        "tracking_identifier": sr.TrackingIdentifier(uid=new_uid(), identifier=line(group.tracking)),
        "finding_type": concept(group.finding),
        "finding_sites": None if group.site is None else [sr.FindingSite(concept(group.site))],
        "measurements": [_measurement(one, reference.frame_of_reference) for one in group.numbers],
    }
    place = None if group.structure is None else places.get(group.structure)
    if place is not None:
        # by hand: highdicom finds the numbers of label maps and of single segments nowhere
        segment = sr.ReferencedSegment(
            sop_class_uid=segmentations[place.file].SOPClassUID,
            sop_instance_uid=segmentations[place.file].SOPInstanceUID,
            segment_number=place.number,
            source_series=sr.SourceSeriesForSegmentation(reference.series),
        )
        return sr.VolumetricROIMeasurementsAndQualitativeEvaluations(referenced_segment=segment, **common)
    outline = None if group.polygon_mm is None else flattened(group.polygon_mm)
    if outline is not None:
        closed = np.concatenate([outline, outline[:1]])
        region = sr.ImageRegion3D(
            graphic_type=sr.GraphicTypeValues3D.POLYGON,
            graphic_data=closed,
            frame_of_reference_uid=reference.frame_of_reference,
        )
        return sr.PlanarROIMeasurementsAndQualitativeEvaluations(referenced_region=region, **common)
    return sr.MeasurementsAndQualitativeEvaluations(**common)


def flattened(points_mm: FloatArray) -> FloatArray | None:
    """(N, 3) points of an outline brought into their plane of best fit, which DICOM asks for; None where one lies farther off.

    They lie in it but for rounding: what came out of a report has 24 bits.
    """
    away = points_mm - points_mm.mean(axis=0)
    across = np.linalg.svd(away.T, full_matrices=False)[0][:, 2]
    off = away @ across
    return np.asarray(points_mm - np.outer(off, across)) if float(np.abs(off).max()) <= MOST_OFF_MM else None


def _measurement(number: Number, frame_of_reference: str) -> Any:
    from highdicom import sr

    places = None
    points = number.points_mm
    if points is not None and number.graphic == "ELLIPSE":
        points = flattened(points)
    if points is not None:
        places = [sr.CoordinatesForMeasurement3D(number.graphic, points, frame_of_reference)]
    made = sr.Measurement(
        name=concept(number.name),
        value=number.value,
        unit=concept(number.unit),
        derivation=None if number.derivation is None else concept(number.derivation),
        referenced_coordinates=places,
    )
    for half, what in ((number.above, codes.UPPER_UNCERTAINTY), (number.below, codes.LOWER_UNCERTAINTY)):
        if half is not None:
            item = sr.NumContentItem(
                name=concept(what),
                value=half,
                unit=concept(number.unit),
                relationship_type=sr.RelationshipTypeValues.HAS_PROPERTIES,
            )
            if "ContentSequence" not in made[0]:
                made[0].ContentSequence = sr.ContentSequence()
            made[0].ContentSequence.append(item)
    return made
