"""Documents and surfaces inside DICOM: the report as PDF, structures as STL or OBJ in patient millimetres."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planning.dicom.objects import codes
from planning.dicom.objects.codes import Coded, code_item
from planning.dicom.objects.series import RESEARCH, ReferenceSeries, instances_of, line, new_object

PDF, STL, OBJ = (f"1.2.840.10008.5.1.4.1.1.104.{n}" for n in (1, 3, 4))
TYPES = {PDF: "application/pdf", STL: "model/stl", OBJ: "model/obj"}
REPORT = Coded("18748-4", "LN", "Diagnostic imaging report")


def pdf_object(reference: ReferenceSeries, content: bytes, title: str, number: int) -> Any:
    """A report as PDF. title: one line. number: of its series."""
    made = new_object(reference, PDF, "DOC", number, f"Report. {RESEARCH}")
    made.ConversionType = "WSD"
    made.DocumentTitle = line(f"{title}. {RESEARCH}", 1024)
    made.ConceptNameCodeSequence = [code_item(REPORT)]
    _fill(made, content, PDF)
    # its pages hold what a person called the case, its plans and structures: whether that names the patient is not known
    made.BurnedInAnnotation = "YES"
    return made


def surface_object(
    reference: ReferenceSeries,
    sources: Sequence[Any],
    content: bytes,
    kind: str,
    name: str,
    code: Coded | None,
    number: int,
    instance: int,
    series: str,
) -> Any:
    """One structure's surface, LPS mm. kind: STL or OBJ. number, series: of its series, instance: within it."""
    from pydicom.dataset import Dataset

    made = new_object(reference, kind, "M3D", number, f"Surfaces. {RESEARCH}")
    made.SeriesInstanceUID, made.InstanceNumber = series, instance
    made.FrameOfReferenceUID, made.PositionReferenceIndicator = reference.frame_of_reference, ""
    made.DocumentTitle = line(name, 1024)
    made.ContentDescription = RESEARCH
    made.ConceptNameCodeSequence = [code_item(code or codes.ANATOMICAL)]
    made.MeasurementUnitsCodeSequence = [code_item(codes.MM)]
    made.ModelModification, made.ModelMirroring = "NO", "NO"
    made.SourceInstanceSequence = instances_of(sources)
    referenced = Dataset()
    referenced.SeriesInstanceUID, referenced.ReferencedInstanceSequence = reference.series, instances_of(sources)
    made.ReferencedSeriesSequence = [referenced]
    if kind == OBJ:
        from PIL import ImageCms

        made.ICCProfile = _even(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
        made.ColorSpace = "SRGB"
    _fill(made, content, kind)
    made.BurnedInAnnotation = "NO"
    return made


def _fill(made: Any, content: bytes, kind: str) -> None:
    made.AcquisitionDateTime = ""
    made.EncapsulatedDocumentLength, made.MIMETypeOfEncapsulatedDocument = len(content), TYPES[kind]
    made.EncapsulatedDocument = _even(content)


def _even(content: bytes) -> bytes:
    return content + b"\0" * (len(content) % 2)
