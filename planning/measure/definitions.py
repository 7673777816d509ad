"""What each measurement by hand is, in words for reports and tooltips."""

from __future__ import annotations

DEFINITIONS = {
    "distance": "straight distance between two places",
    "polyline": "sum of the straight distances along the places in order",
    "angle": "angle at the middle place between the directions to the other two",
    "cobb": "lesser angle between two lines, in space",
    "circle": "circle through three places",
    "diameter": "circle whose diameter has these two ends",
    "ellipse": "ellipse drawn by its two axes; its area diameter is that of a circle of its area",
    "calliper": "width between parallel jaws",
    "polygon": "area inside straight lines between the corners, in their plane",
    "freehand": "area inside a drawn line, in its plane; where the line crosses itself, of its greater loop",
    "rectangle": "area of a rectangle",
    "oval": "area of an ellipse drawn by its two axes",
    "probe_point": "value of the voxel at a place; mean and SD in a disc of 2 mm radius about it in the plane",
}
VALUES = (
    "all values are of the voxels that lie at least half inside in the plane, each by its area in the region; where none does, "
    "of all that the region touches"
)
SPREAD = (
    "± is the 95 % half-width for places that a hand puts within their voxels; ± of a mean adds the noise of the mean. Blur, "
    "other readers and the choice of the plane come on top."
)
# the edge was looked for by the program: the widths are its own, or a hand has moved them since
EDGES = {
    "found": ", at the edge found in the image",
    "around": "; area and area diameter are of the edge found in the image",
}


def definition(kind: str, *, edge: str = "", has_values: bool = False) -> str:
    """One sentence without a full stop, "" for a kind of another version of the program. edge: of EDGES, "" for none."""
    words = DEFINITIONS.get(kind, "")
    if words and edge:
        words += EDGES[edge]
    return f"{words}; {VALUES}" if words and has_values and kind != "probe_point" else words
