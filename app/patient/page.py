"""The page as text: model, viewer, style and stills in one file that needs nothing else and may load nothing else."""

from __future__ import annotations

import base64
import hashlib
import html
import importlib.resources
import json
import math
from collections.abc import Sequence

from app.patient.model import PatientModel, packed
from app.patient.words import page_words, title

MOST_BYTES = 15_000_000
STILL_KEYS = ("front", "right", "back", "left")
"""Where the still pictures are seen from; the film turns as the patient would to the own left."""


def page(model: PatientModel, language: str, stills: Sequence[bytes], *, with_plan: bool) -> str:
    """The whole HTML. stills: WebP pictures in the order of STILL_KEYS; may be none."""
    words = page_words(language)
    rows, block = packed(model)
    style, script = _asset("page.css"), _asset("viewer.js")
    # to the tenth above, so that what is told is never less than what was measured
    tolerance = math.ceil(model.deviation_mm * 10.0 - 1e-9) / 10.0
    shown_mm = f"{tolerance:.1f}".replace(".", "," if language == "de" else ".")
    facts = [words["colours"], words["tolerance"].format(mm=shown_mm), words["ask"], words["offline"]]
    told = [words["made_from"], *([words["with_plan"]] if with_plan else [])]
    data = {"language": language, "words": words, "parts": rows}
    return _asset("page.html").format(
        language=language,
        policy=_policy(style, script),
        title=html.escape(title(model.organ, language)),
        subtitle=html.escape(" ".join(told)),
        style=style,
        script=script,
        data=_inert(json.dumps(data, ensure_ascii=False, separators=(",", ":"))),
        model=base64.b64encode(block).decode("ascii"),
        stills="".join(_still(words[key], picture) for key, picture in zip(STILL_KEYS, stills)),
        facts="".join(f"<p>{html.escape(fact)}</p>" for fact in facts),
        **{key: html.escape(words[key]) for key in ("canvas", "parts", "no_3d", "research", "views")},
    )


def _still(words: str, picture: bytes) -> str:
    text = html.escape(words)
    data = base64.b64encode(picture).decode("ascii")
    return f'<figure><img alt="{text}" src="data:image/webp;base64,{data}"><figcaption>{text}</figcaption></figure>'


def _policy(style: str, script: str) -> str:
    """What the browser may do with the page: its own style, script and pictures, and nothing from anywhere."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}"


def _inert(text: str) -> str:
    """JSON that no name in it can end the element it stands in."""
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _asset(name: str) -> str:
    return importlib.resources.files("assets").joinpath("patient", name).read_text(encoding="utf-8").strip()
