"""Every action of the window once: its id, words, keys and icon. Menus, tooltips, the palette and F1 read this table.

Ids are stored and tested, keys are shown. Single letters act only while a pane or list has the focus (scope "panes").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.presets import PRESETS
from app.theme.icons import icon
from app.theme.style import color


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """What an action is called and how it is reached. scope: "window" or "panes" (needs the focus in a pane)."""

    id: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    group: str = "Window"
    scope: str = "window"


SPECS: tuple[ActionSpec, ...] = (
    ActionSpec("open_case", "Open case", ("Ctrl+O",), "folder-open", "File"),
    ActionSpec("open_folder", "Open folder", ("Ctrl+Shift+O",), "folder", "File"),
    ActionSpec("open_file", "Open file", (), "file-output", "File"),
    ActionSpec("save", "Save", ("Ctrl+S",), "save", "File"),
    ActionSpec("save_as", "Save as", ("Ctrl+Shift+S",), "copy", "File"),
    ActionSpec("export", "Export", ("Ctrl+E",), "upload", "File"),
    ActionSpec("add_series", "Add series to this case", (), "plus", "File"),
    ActionSpec("case_details", "Case details", (), "info", "File"),
    ActionSpec("close_case", "Close case", ("Ctrl+W",), "x", "File"),
    ActionSpec("quit", "Quit", ("Ctrl+Q",), "x", "File"),
    ActionSpec("undo", "Undo", ("Ctrl+Z",), "undo-2", "Edit"),
    ActionSpec("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo-2", "Edit"),
    ActionSpec("rename", "Rename", ("F2",), "pencil", "Edit"),
    ActionSpec("delete", "Delete", ("Delete",), "trash-2", "Edit", "panes"),
    ActionSpec("palette", "Search commands", ("Ctrl+K",), "search", "Window"),
    ActionSpec("shortcuts", "Shortcuts", ("F1",), "keyboard", "Window"),
    ActionSpec("about", "About Theatrum", (), "circle-help", "Window"),
    ActionSpec("settings", "Settings", ("Ctrl+,",), "settings", "Window"),
    ActionSpec("jobs", "Running work", (), "activity", "Window"),
    ActionSpec("image_only", "Image only", ("F11",), "maximize", "Window"),
    ActionSpec("left_panel", "Structures panel", ("Ctrl+B",), "panel-left", "Window"),
    ActionSpec("right_panel", "Plan panel", ("Ctrl+Shift+B",), "panel-right", "Window"),
    ActionSpec("next_region", "Next region", ("F6",), "", "Window"),
    ActionSpec("next_pane", "Next pane", ("Ctrl+Tab",), "", "Window"),
    ActionSpec("module_study", "Study", ("Ctrl+1",), "scan-line", "Go to"),
    ActionSpec("module_segment", "Segment", ("Ctrl+2",), "brush", "Go to"),
    ActionSpec("module_heart", "Heart", ("Ctrl+3",), "heart-pulse", "Go to"),
    ActionSpec("module_liver", "Liver", ("Ctrl+4",), "layers", "Go to"),
    ActionSpec("module_kidney", "Kidney", ("Ctrl+8",), "bean", "Go to"),
    ActionSpec("module_print", "Print", ("Ctrl+5",), "box", "Go to"),
    ActionSpec("module_report", "Report", ("Ctrl+6",), "file-text", "Go to"),
    ActionSpec("module_vessel", "Vessels", ("Ctrl+7",), "route", "Go to"),
    ActionSpec("accept", "Accept step", ("Return", "Enter"), "check", "Plan", "panes"),
    ActionSpec("next_step", "Next step", ("Ctrl+PgDown",), "chevron-right", "Plan"),
    ActionSpec("previous_step", "Previous step", ("Ctrl+PgUp",), "chevron-left", "Plan"),
    ActionSpec("edit_step", "Edit", ("E",), "pencil", "Plan", "panes"),
    ActionSpec("layout_2x2", "Four panes", (), "grid-2x2", "Layout"),
    ActionSpec("layout_1+3", "One large, three small", (), "layout-panel-left", "Layout"),
    ActionSpec("layout_3d", "3D only", (), "box", "Layout"),
    ActionSpec("layout_compare", "Compare two series", (), "columns-2", "Layout"),
    ActionSpec("pane_window", "Pane as a window", ("Ctrl+Shift+F",), "app-window", "Layout"),
    ActionSpec("link_views", "Link or unlink views", ("Ctrl+L",), "", "Layout"),
    ActionSpec("maximise", "Maximise pane", ("F",), "maximize-2", "Layout", "panes"),
    *(ActionSpec(f"preset_{p.id}", f"Window {p.name}", (p.key,), "contrast", "Image", "panes") for p in PRESETS),
    ActionSpec("preset_automatic", "Window automatic", ("0",), "contrast", "Image", "panes"),
    ActionSpec("fit", "Fit image", ("Z",), "maximize", "Image", "panes"),
    ActionSpec("interpolation", "Smooth pixels", ("I",), "image", "Image", "panes"),
    ActionSpec("crosshair", "Crosshair", ("C",), "crosshair", "Image", "panes"),
    ActionSpec("overlays", "Overlays", ("H",), "layers", "Image", "panes"),
    ActionSpec("fill", "Outline, fill or doubt", ("O",), "palette", "Image", "panes"),
    ActionSpec("second_over", "Second image over the first", ("Shift+O",), "layers", "Image", "panes"),
    ActionSpec("labels", "Labels", ("L",), "info", "Image", "panes"),
    ActionSpec("straighten", "Straight planes", ("R",), "rotate-ccw", "Image", "panes"),
    ActionSpec("align", "Align planes to plan", ("N",), "target", "Image", "panes"),
    ActionSpec("cine", "Play the heartbeat", ("A",), "play", "Image", "panes"),
    ActionSpec("previous_phase", "Previous phase", ("Alt+Left",), "chevron-left", "Image", "panes"),
    ActionSpec("next_phase", "Next phase", ("Alt+Right",), "chevron-right", "Image", "panes"),
    ActionSpec("solo", "Show only this structure", ("J",), "eye", "Structures", "panes"),
    ActionSpec("previous_structure", "Previous structure", ("Alt+Up",), "", "Structures", "panes"),
    ActionSpec("next_structure", "Next structure", ("Alt+Down",), "", "Structures", "panes"),
    ActionSpec("show_all", "Show all structures", (), "eye", "Structures"),
    ActionSpec("add_structures", "Add structures from a file", (), "plus", "Structures"),
    ActionSpec("lock", "Lock or unlock structure", ("Ctrl+Shift+L",), "lock", "Structures"),
    ActionSpec("distance", "Measure distance", ("D",), "ruler", "Measure", "panes"),
    ActionSpec("circle", "Measure circle by three points", ("Shift+D",), "circle", "Measure", "panes"),
    ActionSpec("ellipse", "Measure ellipse", ("Ctrl+D",), "ellipse", "Measure", "panes"),
    ActionSpec("calliper", "Measure with calliper", ("Ctrl+Shift+D",), "calliper", "Measure", "panes"),
    ActionSpec("picture", "Save picture", ("P",), "camera", "Measure", "panes"),
    ActionSpec("leave", "Leave", ("Esc",), "", "Window", "panes"),
)
# hands that are no actions, for the sheet on F1
GESTURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Slice", ("Wheel",)),
    ("Ten slices", ("Shift", "Wheel")),
    ("Zoom", ("Ctrl", "Wheel")),
    ("Zoom", ("Right drag",)),
    ("Pan", ("Middle drag",)),
    ("Pan", ("Space", "Drag")),
    ("Window and level", ("W", "Drag")),
    ("Crosshair", ("Click",)),
    ("Crosshair follows", ("Shift", "Move")),
    ("Maximise, restore", ("Double-click",)),
    ("Slice, ten slices", ("↑ ↓", "PgUp PgDn")),
    ("First, last slice", ("Home", "End")),
    ("Move a point 0.25 mm", ("Arrows",)),
    ("Move a point 1 mm, 0.05 mm", ("Shift", "Ctrl")),
    ("Turn the planes 1°", (", .",)),
    ("Turn the 3D view", ("Drag",)),
    ("Standard views", ("Shift", "A P L R H F")),
    ("Liver vessels: give, cut, join, root", ("G", "X", "M", "T")),
    ("Strokes: click, scribble, box, lasso", ("K", "B", "V", "Y")),
    ("Strokes: not this, swap", ("Ctrl", "X")),
)


def key_words(keys: str) -> str:
    """A key as it is written on screen: "PgDown" is "PgDn", "Return" is "Enter"."""
    return keys.replace("PgDown", "PgDn").replace("Return", "Enter").replace("Delete", "Del")


class ActionBook(QObject):
    """The QActions of one window, by id."""

    def __init__(self, window: QWidget, panes: QWidget) -> None:
        super().__init__(window)
        self._window, self._panes = window, panes
        self._actions: dict[str, QAction] = {}
        self.specs = {spec.id: spec for spec in SPECS}

    def connect(self, identifier: str, run: Callable[[], object], *, checkable: bool = False) -> QAction:
        """Make the action of a spec and what it does. Raises KeyError for an unknown id."""
        spec = self.specs[identifier]
        action = QAction(spec.text, self._window)
        action.setObjectName(identifier)
        action.setShortcuts([QKeySequence(key) for key in spec.keys if key])
        if spec.icon:
            action.setIcon(icon(spec.icon, color("t2"), color("acc"), color("t3")))
        keys = key_words(spec.keys[0]) if spec.keys and spec.keys[0] else ""
        action.setToolTip(f"{spec.text} ({keys})" if keys else spec.text)
        action.setCheckable(checkable)
        action.triggered.connect(lambda _=False: run())
        if spec.scope == "panes":
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self._panes.addAction(action)
        else:
            self._window.addAction(action)
        self._actions[identifier] = action
        return action

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
