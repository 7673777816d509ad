"""What every guided panel on the right gives to the window and is told by it.

A Planner owns what its plan draws (`items`, `label_split`, …) and emits `scene_changed` when that differs. The window
forwards the hand: points and planes dragged in any pane. While dragging (`finished` False) a planner shows a preview
that the case never sees; on release it issues one command. All of it runs on the GUI thread; long work goes to jobs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.i18n import tr
from app.pane_grid import Arrangement
from app.panels.frame import PanelFrame
from app.session import Session
from planning.geometry import FloatArray, Plane
from viewers.overlay import LabelItem, PartsItem, PlanItem, Split, SurfaceItem
from viewers.paint_hand import PaintHand
from viewers.paint_live import LiveLabel
from viewers.plan_pane import PlanPane
from viewers.pointing import Pointing
from viewers.scene_pane import ScenePane
from viewers.view_state import ViewState


@dataclass(frozen=True, slots=True, eq=False)
class PlanRow:
    """A line of the structures panel that belongs to a plan: shown, hidden and selected like a structure."""

    key: str
    name: str
    color: str
    value: str = ""


class Planner(QWidget):
    """Base of all guided panels. `scene_changed`: items, splits or opacities differ. `title_changed`: for the chip."""

    scene_changed = Signal()
    # asks the window for another place of work: "start", "study", "heart", "liver", "print", "report", …
    module_asked = Signal(str)
    # the window's choosers: (suggested name, filter, callback(Path)), (title, filter, callback), (title, callback)
    save_asked = Signal(str, str, object)
    open_file_asked = Signal(str, str, object)
    open_folder_asked = Signal(str, object)
    # put the crosshair at a place (LPS mm)
    fly_asked = Signal(object)

    # what the module is called in the rail and in actions
    module = ""
    # window preset set on entering, as named in app/presets.py; "" keeps the window
    preset = ""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.setProperty("k", "panel")
        self.setObjectName(f"panel_{self.module}")

    def items(self) -> tuple[PlanItem, ...]:
        """Plan geometry for all panes."""
        return ()

    def scene_items(self) -> tuple[PlanItem, ...]:
        """The same for the 3D pane, where it shows something else."""
        return self.items()

    def labels(self) -> tuple[LabelItem, ...]:
        """Voxels that belong to the plan and not to the case's structures."""
        return ()

    def surfaces(self) -> tuple[SurfaceItem, ...]:
        """Surfaces of the same."""
        return ()

    def live(self) -> LiveLabel | None:
        """A structure under the hand, drawn in the place of the case's."""
        return None

    def paint_hand(self) -> PaintHand | None:
        """What slice panes tell of strokes and outlines."""
        return None

    def parts(self) -> PartsItem | None:
        """Pieces that an organ is coloured by; they take the fill of the structures that `parted` names."""
        return None

    def parted(self) -> Mapping[str, npt.NDArray[np.uint8]]:
        """Structures that are coloured by `parts`: name → (V,) code of each point of the structure's surface."""
        return {}

    def rows(self) -> tuple[str, tuple[PlanRow, ...]]:
        """Heading and lines for the structures panel, e.g. ("Plan A", (cut surface, removed, kept))."""
        return tr("Plan"), ()

    def splits(self) -> Mapping[str, tuple[Split, ...]]:
        """Structures of which a part is removed: name → planes whose normals point to the removed side, or sides."""
        return {}

    def looked_at_mm(self) -> npt.ArrayLike:
        """(n, 3) places that 3D shows when one comes here; () leaves its camera as it is."""
        return ()

    def opacities(self) -> Mapping[str, float]:
        """3D opacity of structures that are not opaque here."""
        return {}

    def replaced(self) -> frozenset[str]:
        """Structures whose surface is not drawn in 3D because `surfaces` draws them in parts."""
        return frozenset()

    def scene_note(self) -> str:
        """What must be known of the 3D picture, "" for nothing."""
        return ""

    def look_at_plane(self) -> bool:
        """Put the panes onto the plane that the open step is about; False where `items` say which it is."""
        return False

    def arrangement(self) -> Arrangement | None:
        """Which panes are shown now; None for slices and 3D."""
        return None

    def compare_plans(self, wanted: bool) -> None:
        """Show the plans of this place beside each other, or slices and 3D again."""

    def needs_room(self) -> bool:
        """True while the panes need the structures panel's place."""
        return False

    def left_column(self) -> QWidget | None:
        """What stands in the structures panel's place now, made once; None for the structures."""
        return None

    def panes(self) -> Mapping[str, PlanPane | ScenePane]:
        """Panes of its own that an arrangement may name, made once."""
        return {}

    def take_keyboard(self) -> None:
        """Put the keyboard on the open step's main action."""
        frame = self.findChild(PanelFrame)
        if frame is not None:
            frame.focus_main()

    def used_structures(self) -> tuple[str, ...]:
        """Structures of the case that the plan is made of; they are seen in 3D first."""
        return ()

    def entered(self) -> None:
        """The person came to this module; set up the views (align, presets) here, not in __init__."""

    def left(self) -> None:
        """The person goes to another module; stop what only this panel shows."""

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> None:
        """A movable PointItem is dragged or nudged."""

    def plane_moved(self, key: str, plane: Plane, finished: bool) -> None:
        """A movable CutItem is dragged or turned."""

    def point_placed(self, key: str, position_mm: FloatArray) -> None:
        """A click placed the point that ViewState.placing named."""

    def pointed(self, pointing: Pointing | None) -> None:
        """The hand points to a place of a slice pane or the 3D pane; None when it left."""

    def stroke_drawn(self, key: str, points_mm: FloatArray, turned: bool) -> None:
        """A click (one place) or a stroke marked what ViewState.placing named; turned: Ctrl asks for its contrary."""

    def accept(self) -> None:
        """Enter: the step's main action."""

    def next_step(self) -> None:
        """Ctrl+PgDn."""

    def previous_step(self) -> None:
        """Ctrl+PgUp."""

    def edit(self) -> None:
        """E: the step's first secondary action."""

    def reset_point(self, key: str) -> None:
        """Delete on a landmark: back to its automatic place, or remove it where there is none."""

    def drafted(self) -> str:
        """What the hand did that is not in the case yet, "" when nothing: undo takes this back first."""
        return ""

    def take_back(self) -> None:
        """Take back what `drafted` names."""

    def choose_plan(self, name: str) -> None:
        """Open the plan of this name, where a place keeps several; the others have their one plan open already."""

    def unkept(self) -> str:
        """What the hand did that closing the case would lose, "" when nothing: what is in the case or kept as a draft is not."""
        return ""

    def undrafted(self) -> str:
        """What was taken back of it and can come again, "" when nothing."""
        return ""

    def bring_again(self) -> None:
        """Bring again what `undrafted` names."""

    def closed(self) -> None:
        """The case is closed: let go of what runs beside the window."""

    def case_changed(self) -> None:
        """The case has another state (undo and redo too): read the plan again."""


def kept_reach_mm(state: ViewState, name: str, first_mm: float) -> float:
    """How much of a plan's plane a pane shows: 0, which keeps what is there, while this plane is up; else `first_mm`."""
    return 0.0 if state.frame_name == name else first_mm


def as_list(position_mm: FloatArray) -> list[float]:
    """JSON floats of a position."""
    return [float(v) for v in np.asarray(position_mm, dtype=np.float64)]
