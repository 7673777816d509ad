"""The pieces that guided panels are made of, in one place to import from."""

from __future__ import annotations

from app.panels.cards import Callout, CardState, LimitBar, StateCard
from app.panels.frame import PanelAction, PanelFrame, page
from app.panels.labels import (
    ElidedLabel,
    IconButton,
    IconMark,
    hairline,
    judge_least,
    judge_most,
    paragraph,
    text_font,
)
from app.panels.quantities import HeroNumber, NumberField, NumberTable, TableRow, number_row, parse_number, plain
from app.panels.stepper import StepInfo, Stepper

__all__ = [
    "Callout",
    "CardState",
    "ElidedLabel",
    "HeroNumber",
    "IconButton",
    "IconMark",
    "LimitBar",
    "NumberField",
    "NumberTable",
    "PanelAction",
    "PanelFrame",
    "StateCard",
    "StepInfo",
    "Stepper",
    "TableRow",
    "hairline",
    "judge_least",
    "judge_most",
    "number_row",
    "page",
    "paragraph",
    "parse_number",
    "plain",
    "text_font",
]
