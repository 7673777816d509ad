"""The colour of a plan: cyan for A, pink for B, green for C and so on to H; darker on light panels."""

from __future__ import annotations

from collections.abc import Sequence

from app.theme.style import current_look
from app.theme.tokens import LIGHT_PLANS, PLANS


def plan_color(name: str, names: Sequence[str], *, on_panel: bool = False) -> str:
    """Of a plan among all of its kind. on_panel: it lies on a panel, not on a black pane."""
    shown = LIGHT_PLANS if on_panel and current_look().theme == "light" else PLANS
    if name.lower() in shown:
        return shown[name.lower()]
    # names of a person's own take the colours that no letter holds, as far as they go
    free = [key for key in shown if key not in {other.lower() for other in names}] or list(shown)
    own = [other for other in names if other.lower() not in shown]
    return shown[free[(own.index(name) if name in own else len(own)) % len(free)]]
