"""JSON from outside: what its reader cannot take is a ValueError, whatever it is."""

from __future__ import annotations

import json
from typing import Any


def parsed_json(text: str) -> Any:
    """The value of a JSON text. Raises ValueError for what is none, and for lists within lists without end."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
