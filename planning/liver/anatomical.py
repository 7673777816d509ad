"""Anatomical resections by name: which of Couinaud's segments each takes.

Names and segments: the Brisbane 2000 terminology of liver anatomy and resections (Terminology Committee of the IHPBA,
HPB 2000;2:333–339). The caudate lobe (I) goes with none of them unless it is named too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from planning.errors import MeasurementError


@dataclass(frozen=True, slots=True)
class AnatomicalResection:
    """name: as a command takes it. words: as a person says it. segments: Roman numerals, all of them are removed."""

    name: str
    words: str
    segments: tuple[str, ...]


ANATOMICAL = (
    AnatomicalResection("right_hepatectomy", "Right hepatectomy", ("V", "VI", "VII", "VIII")),
    AnatomicalResection("left_hepatectomy", "Left hepatectomy", ("II", "III", "IV")),
    AnatomicalResection("right_trisectionectomy", "Right trisectionectomy", ("IV", "V", "VI", "VII", "VIII")),
    AnatomicalResection("left_trisectionectomy", "Left trisectionectomy", ("II", "III", "IV", "V", "VIII")),
    AnatomicalResection("left_lateral_sectionectomy", "Left lateral sectionectomy", ("II", "III")),
    AnatomicalResection("left_medial_sectionectomy", "Left medial sectionectomy", ("IV",)),
    AnatomicalResection("right_anterior_sectionectomy", "Right anterior sectionectomy", ("V", "VIII")),
    AnatomicalResection("right_posterior_sectionectomy", "Right posterior sectionectomy", ("VI", "VII")),
    AnatomicalResection("central_hepatectomy", "Central hepatectomy", ("IV", "V", "VIII")),
    AnatomicalResection("caudate_resection", "Caudate resection", ("I",)),
)


def possible_resections(segments: Collection[str]) -> tuple[AnatomicalResection, ...]:
    """Those whose segments are all known here and are not the whole liver."""
    return tuple(one for one in ANATOMICAL if set(one.segments) <= set(segments) and set(one.segments) != set(segments))


def named_resection(segments: Collection[str]) -> AnatomicalResection | None:
    """The resection that takes just these segments; None where they have no name of their own."""
    return next((one for one in ANATOMICAL if set(one.segments) == set(segments)), None)


def with_segments(names: Sequence[str], segments: Collection[str]) -> tuple[str, ...]:
    """Names of territories, each anatomical resection among them as its segments; each name once, in order.

    segments: those that are known here. Raises MeasurementError for a resection whose segments are not all known.
    """
    by_name = {one.name: one for one in ANATOMICAL}
    found: list[str] = []
    for name in names:
        one = by_name.get(name)
        missing = () if one is None else tuple(part for part in one.segments if part not in segments)
        if one is not None and missing:
            raise MeasurementError(
                f"A {one.words.lower()} takes the segments {', '.join(one.segments)}, and here "
                f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not known",
                "Name the segments by landmarks or by branches first",
                "no_segments",
            )
        found += [name] if one is None else one.segments
    return tuple(dict.fromkeys(found))
