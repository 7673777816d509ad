"""The report as one self-contained HTML file: the same content, pictures inside, opens offline."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

from app.i18n import language, local, mark, tr
from app.report.chart import draw_curve, draw_picture
from app.report.content import (
    DISCLAIMER,
    TOGETHER,
    Beside,
    Cell,
    Curve,
    NumberRow,
    Numbers,
    Picture,
    ReportContent,
    Section,
    Status,
    Table,
)
from app.report.describe import bare, quantity
from app.report.sheet import register_fonts
from app.report.svg import SvgSheet
from app.theme.tokens import LIGHT

FIGURE, CHART = (230.0, 190.0), (303.0, 118.0)
WORDS = {"ok": mark("met"), "warn": mark("look here"), "bad": mark("not met"), "": ""}


def write_html(contents: Sequence[ReportContent], path: Path) -> None:
    """Write all reports into one file at `path`."""
    register_fonts()
    title = escape(tr("Theatrum report"))
    body = "\n".join(_report(content) for content in contents)
    path.write_text(
        f"<!doctype html>\n<html lang='{language()}'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{title}</title><style>{_style()}</style></head><body>\n{body}\n</body></html>\n",
        encoding="utf-8",
    )


def _style() -> str:
    t = LIGHT
    return f"""
body {{ font: 14px/1.4 Inter, system-ui, sans-serif; color: {t["t1"]}; background: {t["window"]}; margin: 0 }}
article {{ max-width: 960px; margin: 24px auto; background: {t["s1"]}; padding: 32px; box-sizing: border-box }}
h1 {{ font-size: 26px; margin: 0 0 4px }} h2 {{ font-size: 15px; border-bottom: 1px solid {t["t1"]}; margin: 24px 0 4px }}
.only {{ float: right; border: 1.5px solid {t["bad"]}; color: {t["bad"]}; border-radius: 6px; padding: 6px 24px;
 text-align: center; font-weight: 600 }}
.quiet {{ color: {t["t2"]} }} .hint {{ color: {t["t3"]}; font-size: 12px }}
.boxes {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 10px; margin: 16px 0 }}
.box {{ background: {t["s2"]}; border-radius: 8px; padding: 12px }} .box b {{ font-size: 22px }}
.beside {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 16px; align-items: start }}
.row {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(260px, 1fr)); gap: 12px; align-items: start;
 margin-top: 8px }}
.row h2 {{ font-size: 13px; border: 0; margin: 0 }}
.wide {{ overflow-x: auto }} .right td + td, .right th + th {{ text-align: right }} tr.chosen td {{ background: {t["soft"]} }}
svg {{ width: 100%; height: auto; display: block; font-family: Inter, system-ui, sans-serif }}
svg.sign-of {{ width: 1.1em; height: 1.1em; display: inline-block; vertical-align: -0.18em }}
.pictures {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 12px }}
img {{ width: 100%; display: block }} figure {{ margin: 0 }} figcaption {{ font-size: 12px; margin-top: 4px }}
table {{ border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }}
td, th {{ padding: 4px 8px; text-align: left }} tr:nth-child(odd) td {{ background: {t["s2"]} }}
th {{ color: {t["t3"]}; font-weight: 400; font-size: 12px }} td.n {{ text-align: right; font-weight: 600 }}
.ok {{ color: {t["ok"]} }} .warn {{ color: {t["warn"]} }} .bad {{ color: {t["bad"]} }}
.wide td {{ white-space: nowrap }} .definitions td:nth-child(2) {{ min-width: 180px; white-space: normal }}
.sign {{ display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px }}
.sign div {{ border-bottom: 1px solid {t["t2"]}; height: 64px; color: {t["t3"]}; font-size: 12px }}
@media (max-width: 640px) {{ article {{ padding: 16px; margin: 0 }} .only {{ float: none; margin-bottom: 12px }}
 .sign {{ grid-template-columns: repeat(2, 1fr) }} td, th {{ padding: 3px 5px; font-size: 12px }} }}
@media print {{ body {{ background: none }} article {{ margin: 0; padding: 0; max-width: none }}
 figure, tr, .box {{ break-inside: avoid }} h2 {{ break-after: avoid }} }}
@page {{ size: A4; margin: 12mm }}
footer {{ border-top: 1px solid {t["line2"]}; margin-top: 24px; padding-top: 8px; font-size: 12px }}
"""


def _status(status: Status) -> str:
    return f"<span class='{status}'>{_sign(status)} {tr(WORDS[status])}</span>" if status else ""


def _sign(status: Status) -> str:
    """The status mark as it is on paper: no font needs to hold it."""
    if not status:
        return ""
    sheet = SvgSheet(10.0, 10.0)
    sheet.icon(5.0, 5.0, status, 8.4)
    return sheet.svg(WORDS[status]).replace("<svg ", "<svg class='sign-of' ", 1)


def _report(content: ReportContent) -> str:
    parts = [
        "<article><div class='only'>" + "<br>".join((tr("Research use only"), tr("Not a medical device"))) + "</div>",
        f"<h1>{escape(content.title)}</h1><div>{escape(content.subject)}</div>",
        *(f"<div class='quiet'>{escape(line)}</div>" for line in content.lines),
        "<div class='boxes'>",
        *(
            f"<div class='box'><div class='quiet'>{escape(box.title)} {_status(box.status)}</div><b>{escape(box.value)}</b> "
            f"<span class='hint'>{escape(box.beside)}</span><div class='hint'>{escape(box.note)}</div></div>"
            for box in content.boxes
        ),
        "</div><div class='pictures'>",
        *(_picture(item) for item in content.pictures),
        "</div>",
        *(_numbers(item) for item in content.numbers),
        *(_table(item) for item in content.tables),
        _beside(content.beside),
        *(_table(item) for item in content.detail_tables),
    ]
    if content.notes:
        parts.append(_heading(tr("Look at these before you sign")))
        parts += [
            f"<p>{_status(note.status)} <b>{escape(note.head)}.</b> {escape(note.text)}</p>" for note in content.notes
        ]
    signatures = "".join(f"<div>{escape(name)}</div>" for name in content.signatures)
    parts.append(f"<h2>{escape(content.signature_title)}</h2><div class='sign'>{signatures}</div>")
    heads = (tr("Number"), tr("Definition"), tr("Value"), tr("From"), "u", tr("Taken at"))
    parts.append(_heading(tr("Where each number comes from")) + "<div class='wide definitions'><table>")
    parts.append(f"<tr>{''.join(f'<th>{escape(head)}' for head in heads)}</tr>")
    parts += [
        f"<tr><td>{escape(row.name)}<td>{escape(row.definition)}<td class='n'>{escape(row.value)}<td>{row.origin}"
        f"<td>{escape(row.uncertainty_from)}<td>{escape(row.place)}{_automatic(row.automatic)}</tr>"
        for row in content.definitions
    ]
    parts.append("</table></div>" + _uncertainty(content) + _heading(tr("Placed and edited by hand")) + "<table>")
    parts += [f"<tr><td>{escape(name)}<td>{escape(value)}</tr>" for name, value in content.edits]
    parts += [
        f"<tr><td>{escape(change.name)}<td>{escape(change.what)}<td>{escape(change.effect)}</tr>"
        for change in content.changes
    ]
    others = (
        tr("All other numbers are as the program found them.")
        if content.edits or content.changes
        else tr("All numbers are as the program found them.")
    )
    parts.append(f"</table><div class='hint'>{others}</div>")
    if content.second is not None:
        parts.append(_table(content.second))
    else:
        parts.append(_heading(tr("Second estimate")) + f"<div class='hint'>{escape(tr(content.second_estimate))}</div>")
    parts.append(_heading(tr("Program and data")) + "<table>")
    parts += [f"<tr><td>{escape(name)}<td>{escape(value)}</tr>" for name, value in content.program]
    parts.append("</table>" + _heading(tr("Limits of this plan")) + "<ul>")
    parts += [f"<li>{escape(limit)}</li>" for limit in content.limits]
    parts.append("</ul>")
    parts += [_section(section) for section in content.sections]
    parts.append(
        f"<footer><div class='bad'>{tr(DISCLAIMER)}</div><div class='hint'>{escape(content.foot)}</div></footer></article>"
    )
    return "\n".join(parts)


def _heading(words: str) -> str:
    return f"<h2>{escape(words)}</h2>"


def _automatic(words: str) -> str:
    return f"<div class='hint'>{escape(words)}</div>" if words else ""


def _uncertainty(content: ReportContent) -> str:
    """What the ± is made of, as far as it is known."""
    rows = [
        f"<tr><td>{escape(name)}<td class='n'>{local(f'{value:.1f}')} {escape(content.uncertainty_unit)}</tr>"
        for name, value in content.uncertainty_parts
        if value is not None
    ]
    if len(rows) > 1:
        total = sum((value or 0.0) ** 2 for _, value in content.uncertainty_parts) ** 0.5
        rows.append(
            f"<tr><td><b>{tr(TOGETHER)}</b><td class='n'>{local(f'{total:.1f}')} {escape(content.uncertainty_unit)}</tr>"
        )
    title = content.uncertainty_title or tr("What the ± is made of")
    return (
        f"<h2>{escape(title)}</h2><table>{''.join(rows)}</table>"
        f"<div class='hint'>{escape(content.uncertainty_note)}</div>"
    )


def _picture(picture: Picture | Curve) -> str:
    """A figure: charts and the lines over pictures are vectors, drawn as on paper."""
    caption = escape(picture.caption)
    if isinstance(picture, Picture) and not picture.bare_png:
        data = base64.b64encode(picture.png).decode("ascii")
        return f"<figure><img alt='{caption}' src='data:image/png;base64,{data}'><figcaption>{caption}</figcaption></figure>"
    sheet = SvgSheet(*FIGURE)
    if isinstance(picture, Picture):
        draw_picture(sheet, picture, 0.0, 0.0, *FIGURE)
    else:
        draw_curve(sheet, picture, 0.0, 0.0, *FIGURE)
    return f"<figure>{sheet.svg(picture.caption)}<figcaption>{caption}</figcaption></figure>"


def _beside(beside: Beside | None) -> str:
    """A chart with its table."""
    if beside is None:
        return ""
    if beside.curve is None and beside.table is None:
        return f"<h2>{escape(beside.title)}</h2><div class='hint'>{escape(beside.empty)}</div>"
    chart = ""
    if beside.curve is not None:
        sheet = SvgSheet(*CHART)
        draw_curve(sheet, beside.curve, 0.0, 0.0, *CHART)
        chart = f"<figure>{sheet.svg(beside.curve.caption)}</figure>"
    table = "" if beside.table is None else _table(beside.table)
    return f"<h2>{escape(beside.title)}</h2><div class='beside'>{chart}<div>{table}</div></div>"


def _section(section: Section) -> str:
    """A part of the details."""
    rows = [row for row in section.rows if row]
    if not rows:
        return f"<h2>{escape(section.title)}</h2><div class='hint'>{escape(section.empty)}</div>"
    parts = [f"<h2>{escape(section.title)}</h2>"]
    for row in rows:
        items = [_table(item) if isinstance(item, Table) else _picture(item) for item in row]
        is_wide = len(row) == 1 and isinstance(row[0], Table)
        parts.append(
            items[0] if is_wide else f"<div class='row'>{''.join(f'<div>{item}</div>' for item in items)}</div>"
        )
    return "".join(parts) + f"<div class='hint'>{escape(section.note)}</div>"


def _numbers(numbers: Numbers) -> str:
    rows = [
        f"<tr><td>{escape(row.name)}<td class='n'>{escape(_quantity(row))}"
        f"<td>{row.origin if row.value is not None and row.mark is None else ''}<td>{_status(row.status)}</tr>"
        for row in numbers.rows
    ]
    return (
        f"<h2>{escape(numbers.title)}</h2><table>{''.join(rows)}</table><div class='hint'>{escape(numbers.note)}</div>"
    )


def _quantity(row: NumberRow) -> str:
    if not row.text:
        return quantity(row.value, row.unit, row.plus_minus)
    spread = "" if row.plus_minus is None else f" ± {row.spread or bare(row.plus_minus, row.unit)}"
    return f"{row.text}{spread} {row.unit}".rstrip()


def _cell(cell: Cell, strong: bool) -> str:
    text = escape(cell.text)
    sign = f"{_sign(cell.status)} " if cell.status else ""
    return f"<td class='{cell.status}'>{sign}{'<b>' + text + '</b>' if strong or cell.strong else text}"


def _table(table: Table) -> str:
    title = f"<h2>{escape(table.title)}</h2>" if table.title else ""
    if not table.rows:
        return f"{title}<div class='hint'>{escape(table.empty)}</div>"
    head = "".join(f"<th>{escape(name)}" for name in table.header) if any(table.header) else ""
    rows = "".join(
        f"<tr{' class=chosen' if n == table.chosen else ''}>{''.join(_cell(cell, n == table.chosen) for cell in row)}</tr>"
        for n, row in enumerate(table.rows)
    )
    kind = "wide right" if table.right_aligned else "wide"
    note = f"<div class='hint'>{escape(table.note)}</div>" if table.note else ""
    return f"{title}<div class='{kind}'><table><tr>{head}</tr>{rows}</table></div>{note}"
