"""What was done, attribute by attribute, without any of the old values."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from planning.dicom.privacy import Made
from planning.dicom.privacy_file import LEFT_OUT
from planning.dicom.privacy_profile import PrivacyOptions, profile
from planning.dicom.privacy_walk import Walk


def told(made: Made, options: PrivacyOptions) -> dict[str, Any]:
    """The report as JSON values. series are named by their new folder, files by their number only."""
    return {
        "profile": "basic",
        "edition": profile().edition,
        "sources": [dict(source) for source in profile().sources],
        "options": list(options.named()),
        "files": made.files,
        "left_out": [
            {"code": code, "files": count, "text": _reason(code)} for code, count in sorted(made.left_out.items())
        ],
        "series": [
            {
                "folder": folder,
                "modality": series.modality,
                "files": len(series.files),
                "face": series.face or None,
                "may_have_words": series.may_have_words,
            }
            for folder, series in sorted(made.series.items())
        ],
        "attributes": [_row(tag, done, count) for (tag, done), count in sorted(made.attributes.items())],
        "warnings": [finding.as_json() for finding in made.warnings],
    }


def _reason(code: str) -> str:
    return "a head whose face could not be taken away" if code == "face" else LEFT_OUT[code]


def _row(tag: int, done: str, count: int) -> dict[str, Any]:
    from pydicom.datadict import dictionary_description, dictionary_has_tag

    if tag == Walk.PRIVATE:
        named, name = "", "private attributes"
    elif tag == Walk.UNKNOWN:
        named, name = "", "attributes that the standard does not have"
    else:
        named = f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
        name = dictionary_description(tag) if dictionary_has_tag(tag) else "curves, overlays, signatures, padding"
    entry = profile().attributes.get(tag)
    return {"tag": named, "name": name, "profile": entry[0] if entry else "", "done": done, "count": count}


def as_csv(content: Mapping[str, Any]) -> str:
    """The report's attributes as a table."""
    text = io.StringIO()
    writer = csv.DictWriter(text, ("tag", "name", "profile", "done", "count"), lineterminator="\n")
    writer.writeheader()
    writer.writerows(content["attributes"])
    return text.getvalue()
