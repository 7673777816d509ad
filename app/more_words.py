"""Words of planning/ and inference/ that are put together there, so that no template is found in their source.

Added by hand; `app.i18n.said` finds them like those of `planner_words.py`.
"""

from __future__ import annotations

from viewers.language import mark

# fmt: off
TEMPLATES: tuple[str, ...] = (
    mark("nothing"),
    # steps of the journal
    mark("{what} on {structure}, {pane} {position}"),
    mark("{what} on {structure}"),
    mark("Scissors on {structure}, 3D"),
)
# fmt: on
