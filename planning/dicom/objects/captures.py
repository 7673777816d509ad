"""Pictures of the plan as secondary captures: colour, without loss, never for measuring."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from planning.dicom.objects.series import RESEARCH, ReferenceSeries, line, new_object

CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


def capture_object(
    reference: ReferenceSeries, png: bytes, caption: str, number: int, instance: int, series: str
) -> Any:
    """One picture. png: as drawn, without a word that a person gave. caption: one line.

    number, series: of its series, instance: within it.
    """
    from PIL import Image

    with Image.open(io.BytesIO(png)) as opened:
        # see-through pixels stand on white, as on the report's page
        whole = Image.new("RGBA", opened.size, "white")
        whole.alpha_composite(opened.convert("RGBA"))
        pixels = np.asarray(whole.convert("RGB"))
    made = new_object(reference, CAPTURE, "OT", number, f"Pictures of the plan. {RESEARCH}")
    made.SeriesInstanceUID, made.InstanceNumber = series, instance
    made.ConversionType, made.ImageType = "WSD", ["DERIVED", "SECONDARY"]
    made.DerivationDescription = line(caption, 1024)
    made.ImageComments = line(f"{caption}. {RESEARCH}", 1024)
    made.PatientOrientation, made.Laterality, made.BurnedInAnnotation = "", "", "NO"
    made.SamplesPerPixel, made.PhotometricInterpretation, made.PlanarConfiguration = 3, "RGB", 0
    made.Rows, made.Columns = pixels.shape[:2]
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 8, 8, 7, 0
    raw = np.ascontiguousarray(pixels).tobytes()
    made.PixelData = raw + b"\0" * (len(raw) % 2)
    made["PixelData"].VR = "OB"
    return made
