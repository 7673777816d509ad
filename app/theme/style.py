"""Palette and style sheet, generated from the tokens. Set once; a theme switch sets them again.

Widgets choose their look by the dynamic property `k` (kind), so that no rule leaks into others:
labels: title, heading, caption, label, hint, value, hero, unit, link, dialogtitle; buttons: main, plain, quiet, danger,
tool, chip, segment, link; frames: card, bar, panel, hairline; `state` = ok | warn | bad colours a label or bar.
"""

from __future__ import annotations

import importlib.resources
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.theme.fonts import font
from app.theme.tokens import ON_FILL, tokens


@dataclass(frozen=True, slots=True)
class Look:
    """What the window looks like now: theme "dark" or "light", text scale 90 … 150 %."""

    theme: str = "dark"
    text_scale_percent: int = 100

    def color(self, token: str) -> str:
        """A token's value in this theme."""
        return tokens(self.theme)[token]

    def px(self, size: float) -> int:
        """A text size or row height scaled by the text scale."""
        return round(size * self.text_scale_percent / 100)


_CURRENT = "theatrum_look"


def current_look() -> Look:
    """The application's look; the default one before `apply_look`."""
    application = QApplication.instance()
    found = application.property(_CURRENT) if application is not None else None
    return found if isinstance(found, Look) else Look()


def color(token: str) -> str:
    """A token's value in the current theme."""
    return current_look().color(token)


def apply_look(application: QApplication, look: Look) -> None:
    """Fusion, palette first, then the one style sheet; nothing where the application looks so already.

    The old sheet is taken away before: Qt puts a new one on a window that has none in a seventh of the time that it takes
    to put one in another's place, two seconds for a window whose places were all visited.
    """
    if application.property(_CURRENT) == look and application.styleSheet():
        return
    is_first = application.property(_CURRENT) is None
    application.setProperty(_CURRENT, look)
    if is_first:
        application.setStyle("Fusion")
    else:
        application.setStyleSheet("")
    application.setFont(font(text_scale_percent=look.text_scale_percent))
    application.setPalette(make_palette(look))
    application.setStyleSheet(make_style(look))


def set_kind(widget: QWidget, kind: str, state: str = "") -> None:
    """Give a widget its look; repolishes only when something changed."""
    if widget.property("k") == kind and (widget.property("state") or "") == state:
        return
    widget.setProperty("k", kind)
    widget.setProperty("state", state)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def make_palette(look: Look) -> QPalette:
    """The palette; it reaches item views, menus, tooltips and disabled text, which style sheets reach badly."""
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, token in {
        roles.Window: "s1",
        roles.WindowText: "t1",
        roles.Base: "s2",
        roles.AlternateBase: "s1",
        roles.Text: "t1",
        roles.Button: "s3",
        roles.ButtonText: "t1",
        roles.BrightText: "bad",
        roles.Highlight: "soft",
        roles.HighlightedText: "t1",
        roles.ToolTipBase: "s3",
        roles.ToolTipText: "t1",
        roles.PlaceholderText: "t3",
        roles.Link: "acc",
        roles.Light: "s3",
        roles.Midlight: "s2",
        roles.Mid: "line",
        roles.Dark: "line",
        roles.Shadow: "window",
    }.items():
        palette.setColor(role, QColor(look.color(token)))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(look.color("t3")))
    return palette


def make_style(look: Look) -> str:
    """The style sheet of assets/theme.qss with colours and text sizes filled in."""
    text = importlib.resources.files("assets").joinpath("theme.qss").read_text(encoding="utf-8")
    for name, value in tokens(look.theme).items():
        text = text.replace(f"@{name};", f"{value};").replace(f"@{name} ", f"{value} ")
    text = text.replace("@onfill;", f"{ON_FILL};")
    # the few marks that only a style sheet can draw: ticks and arrows of native controls
    text = text.replace("@theme.svg", f"{look.theme}.svg")
    text = text.replace("@assets/", f"{Path(str(importlib.resources.files('assets'))).as_posix()}/")
    for size in (10, 11, 12, 13, 18, 14, 15, 16, 20, 24, 26, 28, 30, 32, 34):
        text = text.replace(f"{size}tx", f"{look.px(size)}px")
    return text
