"""What of a plan a navigation system is shown: its named points, its lines and its planes, and what must be read with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from planning.errors import CaseError
from planning.geometry import FloatArray, plane_basis
from planning.navigation.messages import Message, lines_message, points_message, status_message, transform_message

RESEARCH = "Research use only. Not a medical device."


def plan_messages(name: str, kind: str, results: Mapping[str, Any], inputs: Mapping[str, Any]) -> list[Message]:
    """The plan as messages: POINT, POLYDATA for each line, TRANSFORM for each plane (z is its normal), STATUS first,
    with the plan's warnings as far as it has room for them.

    Raises CaseError for a plan that holds none of these.
    """
    points = list(_points(kind, results))
    lines = list(_lines(kind, results))
    planes = list(_planes(kind, results, inputs))
    if not points and not lines and not planes:
        raise CaseError(f"The plan '{name}' has no points, lines or planes to send", "Choose another plan")
    warnings = "".join(f" {one['text']}" for one in results.get("warnings") or ())
    made = [status_message("Theatrum", f"Plan {name} ({kind}). {RESEARCH}{warnings}")]
    if points:
        made.append(points_message(name, points))
    made += [lines_message(label, [line]) for label, line in lines]
    made += [transform_message(label, pose) for label, pose in planes]
    return made


def _points(kind: str, results: Mapping[str, Any]) -> Iterator[tuple[str, str, list[float]]]:
    for name, landmark in (results.get("landmarks") or {}).items():
        if landmark and landmark.get("position_mm"):
            yield name, "landmark", landmark["position_mm"]
    for tumor in results.get("tumors") or ():
        if tumor.get("centroid_mm"):
            yield f"tumor {tumor['id']}", "tumor", tumor["centroid_mm"]
    margin = results.get("margin") or {}
    for key, name in (("at_mm", "least margin, cut"), ("tumor_at_mm", "least margin, tumor")):
        if margin.get(key):
            yield name, "margin", margin[key]


def _lines(kind: str, results: Mapping[str, Any]) -> Iterator[tuple[str, FloatArray]]:
    annulus = results.get("annulus") or {}
    found = (("centerline", results.get("centerline_mm")), ("annulus", _closed(annulus.get("contour_mm"))))
    for name, places in found:
        if places is not None and len(places) > 1:
            yield name, np.asarray(places, dtype=np.float64)


def _closed(contour: Any) -> Any:
    return [*contour, contour[0]] if contour else None


def _planes(kind: str, results: Mapping[str, Any], inputs: Mapping[str, Any]) -> Iterator[tuple[str, FloatArray]]:
    annulus = results.get("annulus") or {}
    if annulus.get("origin_mm") and annulus.get("normal"):
        yield "annulus plane", _pose(annulus["origin_mm"], annulus["normal"])
    number = 0
    for spec in inputs.get("resections") or ():
        if spec.get("kind") == "plane":
            number += 1
            yield f"cut {number}", _pose(spec["origin_mm"], spec["normal"])


def _pose(origin: Any, normal: Any) -> FloatArray:
    right, down = plane_basis(normal)
    pose = np.eye(4)
    third = np.cross(right, down)
    pose[:3, :3] = np.stack([right, down, third], axis=1)
    pose[:3, 3] = origin
    if third @ np.asarray(normal, dtype=np.float64) < 0:
        # a turn and never a mirror: z is the normal
        pose[:3, :3] = np.stack([down, right, -third], axis=1)
    return pose
