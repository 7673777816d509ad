"""Words of planning/ and inference/ that are put together there, so that no template is found in their source.

Added by hand; `app.i18n.said` finds them like those of `planner_words.py`.
"""

from __future__ import annotations

from viewers.language import mark

# fmt: off
TEMPLATES: tuple[str, ...] = (
    mark("nothing"),
    mark("Plan {name}"),
    # places that a sentence leaves out
    mark(" and {count} more"),
    mark("{len} of {count} portal branches lie between two segments: look at {places} and {more} more"),
    mark("{len} branches of the {kind} tree may belong elsewhere: look at {places} and {more} more"),
    mark("Portal and hepatic veins touch in {len} places, where they were cut apart: {places} and {more} more"),
    # the page for the patient
    mark("This page would be larger than 15 MB"),
    mark("Choose fewer structures"),
    # phases of the heart, from DICOM
    mark("{percent} % of R–R"),
    mark("{low} to {high} % of R–R"),
    mark("{low} to {high} %"),
    mark("standard liver volume"),
    # holes of warnings
    mark("slice is"),
    mark("slices are"),
    # what the session raises
    mark("The case file is not there any more"),
    mark("Save the case as another file"),
    mark("Save the case as another file ({key})"),
    # steps of the journal
    mark("Brush stroke on {structure}, {pane} {position}"),
    mark("Brush stroke, {pane} {position}"),
    mark("Eraser stroke on {structure}, {pane} {position}"),
    mark("Eraser stroke, {pane} {position}"),
    mark("Scissors on {structure}, {pane} {position}"),
    mark("Scissors, {pane} {position}"),
    mark("Threshold on {structure}"),
    mark("Islands on {structure}"),
    mark("Grow on {structure}"),
    mark("Smooth on {structure}"),
    mark("Fill on {structure}"),
    mark("Between on {structure}"),
    mark("Seeds on {structure}"),
    mark("Combine on {structure}"),
    mark("Hollow on {structure}"),
    mark("Scissors on {structure}, 3D"),
    # any of them in a moving scan
    mark("{step}, in the phase of {phase}"),
    # steps on measurements by hand, and what these are
    mark("straight distance between two places"),
    mark("sum of the straight distances along the places in order"),
    mark("angle at the middle place between the directions to the other two"),
    mark("lesser angle between two lines, in space"),
    mark("circle through three places"),
    mark("circle whose diameter has these two ends"),
    mark("ellipse drawn by its two axes"),
    mark("its area diameter is that of a circle of its area"),
    mark("width between parallel jaws"),
    mark("area inside straight lines between the corners, in their plane"),
    mark("area inside a drawn line, in its plane"),
    mark("where the line crosses itself, of its greater loop"),
    mark("area of a rectangle"),
    mark("area of an ellipse drawn by its two axes"),
    mark("value of the voxel at a place"),
    mark("mean and SD in a disc of 2 mm radius about it in the plane"),
    mark("{what}, at the edge found in the image"),
    mark("area and area diameter are of the edge found in the image"),
    mark("values are those of the voxels that the plane cuts, each by its area in the region"),
    mark("min and max are of voxels that lie at least half inside"),
    mark("values are of the plane, not of the slab that was shown"),
    mark("± is the 95 % half-width for places that a hand puts within their voxels; ± of a mean adds the noise of the mean."),
    mark("Blur, other readers and the choice of the plane come on top."),
    mark("{plane} turned by {angle}°"),
    mark("Measure {name}"),
    mark("Move {name}"),
    mark("Move the words of {name}"),
    mark("Recolour {name}"),
    mark("Change {name}"),
    # letters of the kidney's score, and their limits
    mark("Greatest diameter"),
    mark("Outside the outline"),
    mark("To the sinus"),
    mark("Front or back"),
    mark("Polar lines"),
    mark("renal"),
    mark("1 up to 4 cm, 2 below 7 cm, 3 from 7 cm"),
    mark("1 from 50 % outside, 2 below, 3 wholly inside"),
    mark("1 from 7 mm, 2 above 4 mm, 3 up to 4 mm"),
    mark("a before, p behind, x neither; no points"),
    mark("1 beyond a line, 2 crosses one, 3 more than half between the lines or across the middle"),
    # structures that many name so
    mark("Kidney tumor", "structure"),
    mark("Liver tumor", "structure"),
)
# bare words that fill holes
WORDS: tuple[str, ...] = (
    mark("liver", "word"),
    mark("kidney", "word"),
    mark("lie", "word"),
    mark("lies", "word"),
    mark("vessel", "word"),
    mark("tavr", "word"),
    mark("tree", "word"),
    mark("trees", "word"),
    mark("segment", "word"),
    mark("segments", "word"),
    mark("branch", "word"),
    mark("branches", "word"),
    mark("vein", "word"),
    mark("veins", "word"),
    mark("voxel", "word"),
    mark("portal", "word"),
    mark("hepatic", "word"),
    mark("left", "word"),
    mark("right", "word"),
    mark("earlier", "word"),
    mark("later", "word"),
    mark("landmarks", "word"),
    mark("viable", "word"),
    mark("remnant", "word"),
    mark("margin", "word"),
    mark("artery", "word"),
    mark("arteries", "word"),
    mark("chemotherapy", "word"),
    mark("perimeter", "word"),
    mark("area", "word"),
    mark("none", "word"),
)
# fmt: on
