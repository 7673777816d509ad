"""The report as one self-contained HTML file: the same content, pictures inside, opens offline."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

from app.report.content import DISCLAIMER, Cell, Curve, NumberRow, Numbers, Picture, ReportContent, Status, Table
from app.report.describe import bare, quantity
from app.theme.tokens import LIGHT

SIGNS = {"ok": "✓", "warn": "⚠", "bad": "⛔", "": ""}
WORDS = {"ok": "met", "warn": "look here", "bad": "not met", "": ""}


def write_html(contents: Sequence[ReportContent], path: Path) -> None:
    """Write all reports into one file at `path`."""
    body = "\n".join(_report(content) for content in contents)
    path.write_text(
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>Theatrum report</title><style>{_style()}</style></head><body>\n{body}\n</body></html>\n",
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
.pictures {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 12px }}
img {{ width: 100%; display: block }} figure {{ margin: 0 }} figcaption {{ font-size: 12px; margin-top: 4px }}
table {{ border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }}
td, th {{ padding: 4px 8px; text-align: left }} tr:nth-child(odd) td {{ background: {t["s2"]} }}
th {{ color: {t["t3"]}; font-weight: 400; font-size: 12px }} td.n {{ text-align: right; font-weight: 600 }}
.ok {{ color: {t["ok"]} }} .warn {{ color: {t["warn"]} }} .bad {{ color: {t["bad"]} }}
footer {{ border-top: 1px solid {t["line2"]}; margin-top: 24px; padding-top: 8px; font-size: 12px }}
"""


def _status(status: Status) -> str:
    return f"<span class='{status}' title='{WORDS[status]}'>{SIGNS[status]} {WORDS[status]}</span>" if status else ""


def _report(content: ReportContent) -> str:
    parts = [
        "<article><div class='only'>Research use only<br>Not a medical device</div>",
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
        *(_table(item) for item in (*content.tables, *content.detail_tables)),
    ]
    if content.notes:
        parts.append("<h2>Look at these before you sign</h2>")
        parts += [
            f"<p>{_status(note.status)} <b>{escape(note.head)}.</b> {escape(note.text)}</p>" for note in content.notes
        ]
    parts.append(
        "<h2>Where each number comes from</h2><table><tr><th>Number<th>Definition<th>Value<th>From<th>u<th>Taken at</tr>"
    )
    parts += [
        f"<tr><td>{escape(row.name)}<td>{escape(row.definition)}<td class='n'>{escape(row.value)}<td>{row.origin}"
        f"<td>{escape(row.uncertainty_from)}<td>{escape(row.place)}</tr>"
        for row in content.definitions
    ]
    parts.append(f"</table>{_uncertainty(content)}<h2>Placed and edited by hand</h2><table>")
    parts += [f"<tr><td>{escape(name)}<td>{escape(value)}</tr>" for name, value in content.edits]
    others = "All other numbers" if content.edits else "All numbers"
    parts.append(f"</table><div class='hint'>{others} are as the program found them.</div>")
    parts.append(f"<h2>Second estimate</h2><div class='hint'>{escape(content.second_estimate)}</div>")
    parts.append("<h2>Program and data</h2><table>")
    parts += [f"<tr><td>{escape(name)}<td>{escape(value)}</tr>" for name, value in content.program]
    parts.append("</table><h2>Limits of this plan</h2><ul>")
    parts += [f"<li>{escape(limit)}</li>" for limit in content.limits]
    parts.append(
        f"</ul><footer><div class='bad'>{DISCLAIMER}</div><div class='hint'>{escape(content.foot)}</div></footer></article>"
    )
    return "\n".join(parts)


def _uncertainty(content: ReportContent) -> str:
    """What the ± is made of, as far as it is known."""
    rows = [
        f"<tr><td>{escape(name)}<td class='n'>{value:.1f} {escape(content.uncertainty_unit)}</tr>"
        for name, value in content.uncertainty_parts
        if value is not None
    ]
    if content.uncertainty_total is not None:
        words, total = content.uncertainty_total
        rows.append(f"<tr><td><b>{escape(words)}</b><td class='n'>{total:.1f} {escape(content.uncertainty_unit)}</tr>")
    title = content.uncertainty_title or "What the ± is made of"
    return (
        f"<h2>{escape(title)}</h2><table>{''.join(rows)}</table>"
        f"<div class='hint'>{escape(content.uncertainty_note)}</div>"
    )


def _picture(picture: Picture | Curve) -> str:
    if isinstance(picture, Picture):
        data = base64.b64encode(picture.png).decode("ascii")
        caption = escape(picture.caption)
        return f"<figure><img alt='{caption}' src='data:image/png;base64,{data}'><figcaption>{caption}</figcaption></figure>"
    (x0, x1), (y0, y1) = picture.x_range, picture.y_range

    def place(a: float, b: float) -> str:
        return f"{30 + (a - x0) / (x1 - x0) * 320:.1f},{190 - (b - y0) / (y1 - y0) * 170:.1f}"

    line = " ".join(place(a, b) for a, b in picture.points if x0 <= a <= x1 and y0 <= b <= y1)
    marks = "".join(
        f"<circle cx='{x}' cy='{y}' r='4' fill='none' stroke='currentColor'/>"
        f"<text x='{float(x) + 8}' y='{float(y) + 14}' font-size='10'>{escape(label)}</text>"
        for x, y, label in ((*place(a, b).split(","), label) for a, b, label in picture.marks)
    )
    return (
        f"<figure><svg viewBox='0 0 380 210' role='img' aria-label='{escape(picture.caption)}'>"
        f"<rect x='30' y='20' width='320' height='170' fill='none' stroke='currentColor' stroke-opacity='.25'/>"
        f"<polyline points='{line}' fill='none' stroke='currentColor' stroke-width='1.6'/>{marks}"
        f"<text x='350' y='204' font-size='10' text-anchor='end'>{escape(picture.x_label)} {x0:g} … {x1:g}</text>"
        f"<text x='30' y='14' font-size='10'>{escape(picture.y_label)} {y0:g} … {y1:g}</text></svg>"
        f"<figcaption>{escape(picture.caption)}</figcaption></figure>"
    )


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
    return f"<td class='{cell.status}'>{'<b>' + text + '</b>' if strong or cell.strong else text}"


def _table(table: Table) -> str:
    if not table.rows:
        return f"<h2>{escape(table.title)}</h2><div class='hint'>{escape(table.empty)}</div>"
    head = "".join(f"<th>{escape(name)}" for name in table.header) if any(table.header) else ""
    rows = "".join(
        f"<tr>{''.join(_cell(cell, n == table.chosen) for cell in row)}</tr>" for n, row in enumerate(table.rows)
    )
    return f"<h2>{escape(table.title)}</h2><table><tr>{head}</tr>{rows}</table><div class='hint'>{escape(table.note)}</div>"
