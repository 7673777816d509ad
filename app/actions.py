"""Every action of the window once: its id, words, keys and icon. Menus, tooltips, the palette and F1 read this table.

Ids are stored and tested, keys are shown. Single letters act only while a pane or list has the focus (scope "panes").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.i18n import lookup, mark, tr
from app.keymap import Binding, Keymap, key_caps, key_words, use_keymap
from app.presets import PRESETS
from app.theme.icons import icon
from app.theme.style import color


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """What an action is called and how it is reached. scope: "window" or "panes" (needs the focus in a pane).

    keys: as Qt writes them ("Del", not "Delete"): the sheet on F1 tells by the words whether a key is taken.
    """

    id: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    group: str = mark("Window")
    scope: str = "window"


SPECS: tuple[ActionSpec, ...] = (
    ActionSpec("open_case", mark("Open case"), ("Ctrl+O",), "folder-open", mark("File")),
    ActionSpec("open_folder", mark("Open folder"), ("Ctrl+Shift+O",), "folder", mark("File")),
    ActionSpec("open_file", mark("Open file"), (), "file-output", mark("File")),
    ActionSpec("archive", mark("Archive"), ("Ctrl+Shift+K",), "hard-drive", mark("File")),
    ActionSpec("send_archive", mark("Send to archive"), (), "upload", mark("File")),
    ActionSpec("navigation", mark("Navigation system"), (), "crosshair", mark("File")),
    ActionSpec("deidentify", mark("De-identify DICOM files"), (), "shield", mark("File")),
    ActionSpec("save", mark("Save"), ("Ctrl+S",), "save", mark("File")),
    ActionSpec("save_as", mark("Save as"), ("Ctrl+Shift+S",), "copy", mark("File")),
    ActionSpec("export", mark("Export"), ("Ctrl+E",), "upload", mark("File")),
    ActionSpec("patient_page", mark("Page for the patient"), (), "file-output", mark("File")),
    ActionSpec("add_series", mark("Add series to this case from a folder"), (), "plus", mark("File")),
    ActionSpec("add_series_file", mark("Add series to this case from a file"), (), "plus", mark("File")),
    ActionSpec("case_details", mark("Case details"), (), "info", mark("File")),
    ActionSpec("case_history", mark("What was done"), (), "history", mark("File")),
    ActionSpec("encrypt_case", mark("Encrypt case or change its pass-phrase"), (), "lock", mark("File")),
    ActionSpec("decrypt_case", mark("Take the encryption off"), (), "lock-open", mark("File")),
    ActionSpec("close_case", mark("Close case"), ("Ctrl+W",), "x", mark("File")),
    ActionSpec("quit", mark("Quit"), ("Ctrl+Q",), "x", mark("File")),
    ActionSpec("undo", mark("Undo"), ("Ctrl+Z",), "undo-2", mark("Edit")),
    ActionSpec("redo", mark("Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo-2", mark("Edit")),
    ActionSpec("rename", mark("Rename"), ("F2",), "pencil", mark("Edit")),
    ActionSpec("delete", mark("Delete"), ("Del",), "trash-2", mark("Edit"), "panes"),
    ActionSpec("palette", mark("Search commands"), ("Ctrl+K",), "search", mark("Window")),
    ActionSpec("shortcuts", mark("Shortcuts"), ("F1",), "keyboard", mark("Window")),
    ActionSpec("about", mark("About Theatrum"), (), "circle-help", mark("Window")),
    ActionSpec("settings", mark("Settings"), ("Ctrl+,",), "settings", mark("Window")),
    ActionSpec("jobs", mark("Running work"), (), "activity", mark("Window")),
    ActionSpec("image_only", mark("Image only"), ("F11",), "maximize", mark("Window")),
    ActionSpec("left_panel", mark("Structures panel"), ("Ctrl+B",), "panel-left", mark("Window")),
    ActionSpec("right_panel", mark("Plan panel"), ("Ctrl+Shift+B",), "panel-right", mark("Window")),
    ActionSpec("next_region", mark("Next region"), ("F6",), "", mark("Window")),
    ActionSpec("next_pane", mark("Next pane"), ("Ctrl+Tab",), "", mark("Window")),
    ActionSpec("module_study", mark("Study"), ("Ctrl+1",), "scan-line", mark("Go to")),
    ActionSpec("module_segment", mark("Segment"), ("Ctrl+2",), "brush", mark("Go to")),
    ActionSpec("module_heart", mark("Heart"), ("Ctrl+3",), "heart-pulse", mark("Go to")),
    ActionSpec("module_liver", mark("Liver"), ("Ctrl+4",), "layers", mark("Go to")),
    ActionSpec("module_kidney", mark("Kidney"), ("Ctrl+8",), "bean", mark("Go to")),
    ActionSpec("module_print", mark("Print"), ("Ctrl+5",), "box", mark("Go to")),
    ActionSpec("module_report", mark("Report"), ("Ctrl+6",), "file-text", mark("Go to")),
    ActionSpec("module_vessel", mark("Vessels"), ("Ctrl+7",), "route", mark("Go to")),
    ActionSpec("accept", mark("Accept step"), ("Return", "Enter"), "check", mark("Plan"), "panes"),
    ActionSpec("next_step", mark("Next step"), ("Ctrl+PgDown",), "chevron-right", mark("Plan")),
    ActionSpec("previous_step", mark("Previous step"), ("Ctrl+PgUp",), "chevron-left", mark("Plan")),
    ActionSpec("edit_step", mark("Edit"), ("E",), "pencil", mark("Plan"), "panes"),
    ActionSpec("layout_2x2", mark("Four panes"), (), "grid-2x2", mark("Layout")),
    ActionSpec("layout_1+3", mark("One large, three small"), (), "layout-panel-left", mark("Layout")),
    ActionSpec("layout_3d", mark("3D only"), (), "box", mark("Layout")),
    ActionSpec("layout_compare", mark("Compare two series or plans"), (), "columns-2", mark("Layout")),
    ActionSpec("pane_window", mark("Pane as a window"), ("Ctrl+Shift+F",), "app-window", mark("Layout")),
    ActionSpec("rendering", mark("3D view settings"), ("Ctrl+Shift+V",), "sliders-horizontal", mark("Layout")),
    ActionSpec("link_views", mark("Link or unlink views"), ("Ctrl+L",), "", mark("Layout")),
    ActionSpec("maximise", mark("Maximise pane"), ("F",), "maximize-2", mark("Layout"), "panes"),
    *(ActionSpec(f"preset_{p.id}", f"Window {p.name}", (p.key,), "contrast", mark("Image"), "panes") for p in PRESETS),
    ActionSpec("preset_automatic", mark("Window automatic"), ("0",), "contrast", mark("Image"), "panes"),
    ActionSpec("fit", mark("Fit image"), ("Z",), "maximize", mark("Image"), "panes"),
    ActionSpec("interpolation", mark("Smooth pixels"), ("I",), "image", mark("Image"), "panes"),
    ActionSpec("crosshair", mark("Crosshair"), ("C",), "crosshair", mark("Image"), "panes"),
    ActionSpec("overlays", mark("Overlays"), ("H",), "layers", mark("Image"), "panes"),
    ActionSpec("fill", mark("Outline, fill or doubt"), ("O",), "palette", mark("Image"), "panes"),
    ActionSpec("second_over", mark("Second image over the first"), ("Shift+O",), "layers", mark("Image"), "panes"),
    ActionSpec("labels", mark("Labels"), ("L",), "info", mark("Image"), "panes"),
    ActionSpec("straighten", mark("Straight planes"), ("R",), "rotate-ccw", mark("Image"), "panes"),
    ActionSpec("align", mark("Align planes to plan"), ("N",), "target", mark("Image"), "panes"),
    ActionSpec("free_planes", mark("Turn planes one by one"), ("Ctrl+R",), "lock-open", mark("Image"), "panes"),
    ActionSpec("slab", mark("Slab"), ("T",), "layers", mark("Image"), "panes"),
    ActionSpec("slab_kind", mark("Slab: brightest, darkest or mean"), ("Shift+T",), "layers", mark("Image"), "panes"),
    ActionSpec("view_back", mark("Earlier view"), ("Backspace",), "undo-2", mark("Image"), "panes"),
    ActionSpec("view_forward", mark("Later view"), ("Shift+Backspace",), "redo-2", mark("Image"), "panes"),
    ActionSpec("probe", mark("Probe values"), ("V",), "crosshair", mark("Image"), "panes"),
    ActionSpec("magnifier", mark("Magnifier"), ("M",), "zoom-in", mark("Image"), "panes"),
    ActionSpec("type_number", mark("Type position, slab or window"), ("Ctrl+G",), "pencil", mark("Image"), "panes"),
    ActionSpec("cine", mark("Play the heartbeat"), ("A",), "play", mark("Image"), "panes"),
    ActionSpec("previous_phase", mark("Previous phase"), ("Alt+Left",), "chevron-left", mark("Image"), "panes"),
    ActionSpec("next_phase", mark("Next phase"), ("Alt+Right",), "chevron-right", mark("Image"), "panes"),
    ActionSpec("solo", mark("Show only this structure"), ("J",), "eye", mark("Structures"), "panes"),
    ActionSpec("previous_structure", mark("Previous structure"), ("Alt+Up",), "", mark("Structures"), "panes"),
    ActionSpec("next_structure", mark("Next structure"), ("Alt+Down",), "", mark("Structures"), "panes"),
    ActionSpec("show_all", mark("Show all structures"), (), "eye", mark("Structures")),
    ActionSpec("edit_by_hand", mark("Edit structure by hand"), ("Ctrl+Shift+P",), "brush", mark("Structures")),
    ActionSpec("add_structures", mark("Add structures from a file"), (), "plus", mark("Structures")),
    ActionSpec("lock", mark("Lock or unlock structure"), ("Ctrl+Shift+L",), "lock", mark("Structures")),
    ActionSpec("distance", mark("Measure distance"), ("D",), "ruler", mark("Measure"), "panes"),
    ActionSpec("polyline", mark("Measure along a path"), ("Alt+D",), "route", mark("Measure"), "panes"),
    ActionSpec(
        "diameter", mark("Measure diameter by two points"), ("Alt+Shift+D",), "diameter", mark("Measure"), "panes"
    ),
    ActionSpec("circle", mark("Measure circle by three points"), ("Shift+D",), "circle", mark("Measure"), "panes"),
    ActionSpec("ellipse", mark("Measure ellipse"), ("Ctrl+D",), "ellipse", mark("Measure"), "panes"),
    ActionSpec("calliper", mark("Measure with calliper"), ("Ctrl+Shift+D",), "calliper", mark("Measure"), "panes"),
    ActionSpec("angle", mark("Measure angle"), ("G",), "angle", mark("Measure"), "panes"),
    ActionSpec("cobb", mark("Measure angle between two lines"), ("Shift+G",), "angle-lines", mark("Measure"), "panes"),
    ActionSpec("oval", mark("Measure elliptic region"), ("U",), "ellipse-region", mark("Measure"), "panes"),
    ActionSpec("rectangle", mark("Measure rectangle"), ("Shift+U",), "square-dashed", mark("Measure"), "panes"),
    ActionSpec("polygon", mark("Measure polygon"), ("Ctrl+U",), "pentagon", mark("Measure"), "panes"),
    ActionSpec("freehand", mark("Measure freehand region"), ("Ctrl+Shift+U",), "lasso", mark("Measure"), "panes"),
    ActionSpec("probe_point", mark("Keep a value"), ("Shift+V",), "crosshair", mark("Measure"), "panes"),
    ActionSpec("copy_measurements", mark("Copy measurements"), ("Ctrl+Shift+C",), "copy", mark("Measure")),
    ActionSpec("picture", mark("Save picture"), ("P",), "camera", mark("Measure"), "panes"),
    ActionSpec("leave", mark("Leave"), ("Esc",), "", mark("Window"), "panes"),
)
# Enter and Esc mean the same in every dialog, list and tool, and every text says so
FIXED_IDS = ("accept", "leave")
# hands whose keys are fixed, for the sheet on F1; "@id" is the key that is bound to an action
GESTURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (mark("Slice"), (mark("Wheel"),)),
    (mark("Ten slices"), ("Shift", mark("Wheel"))),
    (mark("Zoom"), ("Ctrl", mark("Wheel"))),
    (mark("Zoom"), (mark("Right drag"),)),
    (mark("Pan"), (mark("Middle drag"),)),
    (mark("Pan"), ("Space", mark("Drag"))),
    (mark("Window and level"), ("W", mark("Drag"))),
    (mark("Crosshair"), (mark("Click"),)),
    (mark("Crosshair follows"), ("Shift", mark("Move"))),
    (mark("Maximise, restore"), (mark("Double-click"),)),
    (mark("Slice, ten slices"), ("↑ ↓", mark("PgUp PgDn"))),
    (mark("First, last slice"), ("Home", "End")),
    (mark("Printed model: next, previous place"), (mark("PgDn PgUp"),)),
    (mark("Move a point 0.25 mm"), (mark("Arrows"),)),
    (mark("Move a point 1 mm, 0.05 mm"), ("Shift", "Ctrl")),
    (mark("Turn the planes 1°"), (", .",)),
    (mark("Move the chosen cut 0.25 mm"), ("← →",)),
    (mark("Turn the chosen cut 1°"), ("Alt", "← →")),
    (mark("Cut: 1 mm or 5°, a tenth"), ("Shift", "Ctrl")),
    (mark("Move a plane"), (mark("Drag its line"),)),
    (mark("Turn the planes"), (mark("Drag a line's end"),)),
    (mark("Slab of a pane"), (mark("Drag a line's square"),)),
    (mark("Plane as it was"), (mark("Double-click its line"),)),
    (mark("Steps of 5°, a tenth"), ("Shift", "Ctrl")),
    (mark("Fix a drag's amount"), (mark("Figures"),)),
    (mark("Type a number of a pane"), (mark("Click it"),)),
    (mark("As long as it is held"), ("@overlays", "@probe", "@magnifier")),
    (mark("Turn the 3D view"), (mark("Drag"),)),
    (mark("Standard views"), ("Shift", "A P L R H F")),
    (mark("Strokes: not this"), ("Ctrl", mark("Drag"))),
    (mark("Crosshair in the plane 1 mm"), ("Ctrl", mark("Arrows"))),
    (mark("Crosshair in the plane 10 mm"), ("Ctrl", "Shift", mark("Arrows"))),
    (mark("Use the tool at the crosshair"), ("Shift", "Enter")),
    (mark("Take the value at the crosshair"), ("Ctrl", "Shift", "Enter")),
    (mark("Other side of a vessel"), ("X",)),
    (mark("Straight or curved vessel"), ("S",)),
    (mark("Accept step"), ("Enter",)),
    (mark("Leave"), ("Esc",)),
    (mark("Next, previous field"), ("Tab", "Shift+Tab")),
)


@dataclass(frozen=True, slots=True)
class ToolKey:
    """A key that a step's tools own while the step is open: id "row:tool", words, context and the key it comes with."""

    id: str
    text: str
    context: str
    key: str


# the group of keys in the sheet on F1 is named as its context
TOOL_KEYS: tuple[ToolKey, ...] = (
    ToolKey("tree_tool:give", mark("Give a branch to the other tree"), mark("Liver vessels"), "G"),
    ToolKey("tree_tool:cut", mark("Cut a branch off"), mark("Liver vessels"), "X"),
    ToolKey("tree_tool:join", mark("Join two branches"), mark("Liver vessels"), "M"),
    ToolKey("tree_tool:root", mark("Where a tree begins"), mark("Liver vessels"), "T"),
    ToolKey("stroke_tool:click", mark("Click into it"), mark("Strokes"), "K"),
    ToolKey("stroke_tool:stroke", mark("Draw a line through it"), mark("Strokes"), "B"),
    ToolKey("stroke_tool:box", mark("Drag a box round it"), mark("Strokes"), "V"),
    ToolKey("stroke_tool:lasso", mark("Draw round it"), mark("Strokes"), "Y"),
    ToolKey("stroke_tool:swap", mark("This, not this"), mark("Strokes"), "X"),
    ToolKey("stroke_tool:refuse", mark("Scribble what it is not"), mark("Strokes"), "Shift+B"),
    ToolKey("hand_tool:paint", mark("Paint"), mark("Segment by hand"), "B"),
    ToolKey("hand_tool:erase", mark("Erase"), mark("Segment by hand"), "Shift+B"),
    ToolKey("hand_tool:scissors", mark("Scissors"), mark("Segment by hand"), "Y"),
    ToolKey("hand_tool:fill_holes", mark("Fill holes"), mark("Segment by hand"), "F"),
    ToolKey("hand_tool:swap", mark("Paint, erase"), mark("Segment by hand"), "X"),
    ToolKey("hand_tool:shape", mark("Brush: disc, ball"), mark("Segment by hand"), "D"),
    ToolKey("hand_tool:band", mark("Brush: only some values"), mark("Segment by hand"), "K"),
)
BINDINGS: tuple[Binding, ...] = (
    *(Binding(spec.id, spec.scope, tuple(key for key in spec.keys if key), spec.id in FIXED_IDS) for spec in SPECS),
    *(Binding(tool.id, tool.context, (tool.key,)) for tool in TOOL_KEYS),
)


_TWO_MEANINGS = (mark("Segment", "action"), mark("Print", "action"))


def action_text(spec: ActionSpec) -> str:
    """What an action is called in the window's language."""
    return lookup(spec.text, "action") or tr(spec.text)


class ActionBook(QObject):
    """The QActions of one window, by id."""

    def __init__(self, window: QWidget, panes: QWidget, keymap: Keymap | None = None) -> None:
        super().__init__(window)
        self._window, self._panes = window, panes
        self._actions: dict[str, QAction] = {}
        self.specs = {spec.id: spec for spec in SPECS}
        self.keymap = keymap or Keymap(BINDINGS, {})
        use_keymap(self.keymap)

    def connect(self, identifier: str, run: Callable[[], object], *, checkable: bool = False) -> QAction:
        """Make the action of a spec and what it does. Raises KeyError for an unknown id."""
        spec = self.specs[identifier]
        action = QAction(action_text(spec), self._window)
        action.setObjectName(identifier)
        if spec.icon:
            action.setIcon(icon(spec.icon, color("t2"), color("acc"), color("t3")))
        action.setCheckable(checkable)
        action.triggered.connect(lambda _=False: run())
        if spec.scope == "panes":
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self._panes.addAction(action)
        else:
            self._window.addAction(action)
        self._actions[identifier] = action
        self._give_keys(identifier)
        return action

    def _give_keys(self, identifier: str) -> None:
        action = self._actions[identifier]
        action.setShortcuts([QKeySequence(key) for key in self.keymap.keys(identifier)])
        keys, words = self.key_text(identifier), action_text(self.specs[identifier])
        action.setToolTip(f"{words} ({keys})" if keys else words)

    def key_text(self, identifier: str) -> str:
        """The first key bound to an action as it is written on screen, "" for none."""
        return key_words(self.keymap.first(identifier))

    def key_caps(self, identifier: str) -> tuple[str, ...]:
        """The same as caps: ("Ctrl", "K")."""
        return key_caps(self.keymap.first(identifier))

    def bind(self, keymap: Keymap) -> None:
        """Other keys from now on."""
        self.keymap = keymap
        use_keymap(keymap)
        for identifier in self._actions:
            self._give_keys(identifier)

    def __getitem__(self, identifier: str) -> QAction:
        return self._actions[identifier]

    def all(self) -> tuple[QAction, ...]:
        """Every action, in the table's order."""
        return tuple(self._actions[spec.id] for spec in SPECS if spec.id in self._actions)

    def recolour(self) -> None:
        """Give all icons the colours of the theme now in use."""
        for identifier, action in self._actions.items():
            name = self.specs[identifier].icon
            if name:
                action.setIcon(icon(name, color("t2"), color("acc"), color("t3")))
