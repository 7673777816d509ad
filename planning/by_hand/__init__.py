"""Segmenting by hand: pure tools on masks, strokes that answer within an event, and edits as small patches.

Everything here is NumPy on `planning.volume.Mask` (bool `[k, j, i]` in a box of the image's grid), positions are LPS mm,
lengths mm, volumes ml, values in the image's own unit, also where a name says `_hu` (`values.value_scale`). A `Box` is three
slices `(k, j, i)` of the whole grid. Nothing changes its input.

From a gesture to the case
    stroke = strokes.Stroke(mask, brush, rules, volume=volume, erase=False, smart=False)
    box = stroke.move(point_mm)         at each event; the Box that changed, None when nothing did (<= 8 ms up to 80 mm)
    stroke.box, stroke.changed          all so far: Box and bool of the WHOLE grid (read it by boxes only: it is lazily made)
    stroke.after(box)                   bool of the box as it will be: what a preview shows
    patch = stroke.patch()              on release; None when nothing changed. A cancelled stroke is simply dropped.
    patches = rules.spread(name, patch, mask)   {name: patch, others that lose voxels: patch}
    step = editing.edit_step(document, patches, "Brush stroke")    stores the patches; any thread. One that was overtaken by
                                        another edit is refused by `do`: CaseError "stale"
    document.do(step)                   one journal step, exact inverse; GUI thread
    document.mask(name)                 the new Mask: made from the last one, pages that did not change are shared
    new.changed_box(old)                Box in which two masks of one structure differ, None when nothing is known: slice
                                        again only there. Structure.array names the content: mesh again when it changes.

    editing.is_long(document, patches)  True when storing folds many patches into one array (rare): make it a job
    editing.prepare_edits(document, name)   in a job when a tool is taken up: the first stroke is then as quick as all others
    editing.new_structure(document, name, color, grid) -> Command       an empty structure to paint into
    editing.copy_structure(case, name, new_name) -> Command             no voxel is written again
    editing.change_ml(structure, patch) -> float                         for the list of steps: +0.4
    case.commands.LockStructure(name, locked), Structure.locked         a locked one refuses edits: CaseError "locked"

From a computing tool to the case: mask in, mask out, so that a preview is a mask as any other.
    new = growing.grow(mask, 2.0, progress=..., cancel=...)
    patch = rules.limit(mask, new, volume)    what of the change is allowed; None when nothing
    then as above.

rules.Rules         what a tool may change: band_hu, inside, keep_out, take_from; `Rules.over(...)` makes it from names
patches.Patch       start_ijk, size_ijk, gained, lost (voxels), nbytes; `Patch.between(old, new)`; `patched(mask, patch)`
                    gives the mask after it, and applied again the mask before it: a patch is its own inverse
strokes.Brush       kind "disc" or "sphere", radius_mm, normal and thickness_mm of a disc (any oblique plane)

Tools, all with (progress=no_progress, cancel=None); Cancelled is raised when asked to stop; InputError for what cannot be
threshold.threshold(volume, low_hu, high_hu, within=(), roi=None) -> Mask
scissors.cut(mask, polygon, projection, keep_inside=False, depth_mm=None) -> Mask       erases inside (or outside)
scissors.fill(mask, polygon, projection, depth_mm) -> Mask                               adds the prism
    scissors.Projection.of_plane(origin_mm, right, down): polygon in mm along right and down
    scissors.Projection.of_camera(matrix): 4 x 4 from LPS mm to the plane of the polygon, perspective too
    depth_mm: half the thickness about the plane, None: through all
islands.largest(mask, count=1) / clicked(mask, point_mm) / without_small(mask, least_ml) -> Mask
islands.split(mask, least_ml=0) -> tuple[Mask, ...]                  largest first
growing.grow(mask, mm) -> Mask            mm < 0 shrinks; exact Euclidean, anisotropic voxels
growing.hollow(mask, wall_mm, where) -> Mask                        where: "inside", "outside", "centred"
smoothing.smooth(mask, mm, how) -> Mask                             how: "median", "gaussian", "open", "close"
smoothing.smooth_together(masks: {name: Mask}, mm) -> {name: Mask}  neighbours stay neighbours, no gaps
holes.fill_holes(mask, axis=None) -> Mask                           axis "i", "j", "k": slice by slice; None: in 3D
between.fill_between(mask, axis) -> Mask                            axis "i", "j", "k" of the painted slices
seeds.grow_from_seeds(volume, seeds: {name: Mask}, roi=None, smooth_mm=...) -> {name: Mask}
    seeds.is_coarse(seeds.default_roi(seeds)): told to a person beforehand, the answer is then smoother than the voxels
logic.combine(how, mask, other) -> Mask                             how: "add", "subtract", "intersect", "invert"
    ("invert": what of `other` is not in `mask`)
"""
