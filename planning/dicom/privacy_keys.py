"""New names for old ones, by a secret key: the same old name gives the same new one, and without the key nobody tells which."""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

KEY_BYTES = 32
MOST_DAYS = 3650
STANDARD_ROOT = "1.2.840.10008."


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """New UIDs, patients' numbers and days to move dates by, all from one key."""

    key: bytes

    def _digest(self, what: str, old: str) -> bytes:
        return hmac.new(self.key, f"{what}\0{old}".encode("utf-8", "surrogateescape"), hashlib.sha256).digest()

    def uid(self, old: str) -> str:
        """A UID under 2.25, at most 44 characters long."""
        return f"2.25.{uuid.UUID(bytes=self._digest('uid', old)[:16], version=4).int}"

    def patient(self, old: str) -> str:
        """What stands for a patient's name and number."""
        return f"PAT-{self._digest('patient', old)[:5].hex().upper()}"

    def days(self, old: str) -> int:
        """By how many days this patient's dates are moved back: 1 … 3650."""
        return int.from_bytes(self._digest("date", old)[:8], "big") % MOST_DAYS + 1


def file_name(new_uid: str) -> str:
    """Sixteen letters for a file or folder, from a UID as it is in the new file."""
    return hashlib.sha256(new_uid.encode()).hexdigest()[:16]


def moved_date(value: str, days: int) -> str:
    """YYYYMMDD so many days earlier; "" for anything else than a whole, real date."""
    if not re.fullmatch(r"\d{8}", value, re.ASCII):
        return ""
    try:
        moved = date(int(value[:4]), int(value[4:6]), int(value[6:])) - timedelta(days=days)
    except (ValueError, OverflowError):
        return ""
    return f"{moved.year:04d}{moved.month:02d}{moved.day:02d}"


def moved_moment(value: str, days: int) -> str:
    """A DICOM date and time, its date moved and its time left; "" where the date is not whole or the rest is none."""
    found = re.fullmatch(r"(\d{8})(\d{2}|\d{4}|\d{6}(?:\.\d{1,6})?)?([+-]\d{4})?", value, re.ASCII)
    if found is None:
        return ""
    moved = moved_date(found[1], days)
    return f"{moved}{found[2] or ''}{found[3] or ''}" if moved else ""


def is_time(value: str) -> bool:
    """True for HH, HHMM, HHMMSS and HHMMSS.ffffff."""
    return re.fullmatch(r"([01]\d|2[0-3])([0-5]\d([0-5]\d|60)?(\.\d{1,6})?)?", value, re.ASCII) is not None


def held_age(value: str) -> str:
    """An age as DICOM writes it, "090Y" where it is above 89 years; "" for anything else."""
    found = re.fullmatch(r"(\d{3})([YMWD])", value, re.ASCII)
    if found is None:
        return ""
    years = int(found[1]) / {"Y": 1, "M": 12, "W": 52.18, "D": 365.25}[found[2]]
    return "090Y" if years > 89 else value
