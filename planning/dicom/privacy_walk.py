"""Makes a new data set out of an old one: each element passes because a rule lets it, never because it looks harmless."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pydicom.errors import BytesLengthException

from planning.dicom.elements import PLAIN_NUMBER
from planning.dicom.privacy_keys import Pseudonyms, held_age, is_time, moved_date, moved_moment
from planning.dicom.privacy_profile import PrivacyOptions, profile
from planning.dicom.privacy_words import cleaned_text, code_meaning, kept_text
from planning.errors import DicomError

DEEPEST = 24
BINARY = frozenset(("US", "SS", "UL", "SL", "UV", "SV", "FL", "FD", "AT", "US or SS", "US or OW", "US or SS or OW"))
# so many bytes, nearly all of them letters, are no numbers
WORD_BYTES = 8
WIDTHS = {"US": 2, "SS": 2, "AT": 4, "UL": 4, "SL": 4, "FL": 4, "UV": 8, "SV": 8, "FD": 8}
DIGITS = frozenset(("IS", "DS"))
TEXT = frozenset(("CS", "SH", "LO", "ST", "LT", "UT", "UC"))
MOMENTS = frozenset(("DA", "TM", "DT"))
BULK = frozenset(("OB", "OW", "OD", "OF", "OL", "OV", "OB or OW"))
NAMES = frozenset(("PN", "AE", "UR", "AS"))
DUMMIES = {
    "DA": "19000101",
    "TM": "000000",
    "DT": "19000101000000",
    "AS": "000Y",
    "IS": "0",
    "DS": "0",
    "UR": "removed:",
}
PATIENT_NAME, PATIENT_ID, PATIENT_SEX, PATIENT_AGE = 0x00100010, 0x00100020, 0x00100040, 0x00101010
SEXES = ("F", "M", "O")
CHARACTER_SET = 0x00080005
# segmentations as label maps, younger than pydicom's list
LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7"
# said anew of every file
SAID_ANEW = frozenset((CHARACTER_SET, 0x00120062, 0x00120063, 0x00120064, 0x00280303))
CODE_VALUES = (0x00080100, 0x00080119, 0x00080120)
CODE_SCHEME = 0x00080102
# bulk values: pixels with their tables of places, colours and values
KEPT_BULK = frozenset(
    (
        0x7FE00001, 0x7FE00002, 0x7FE00008, 0x7FE00009, 0x7FE00010, 0x00281201, 0x00281202, 0x00281203, 0x00283006,
    )
)  # fmt: skip
# a table of values is one only beside what says how long it is
DESCRIPTORS = {
    0x00281201: 0x00281101,
    0x00281202: 0x00281102,
    0x00281203: 0x00281103,
    0x00283006: 0x00283002,
}
FAULTS = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, NotImplementedError, EOFError, OSError,
    BytesLengthException,
)  # fmt: skip


def is_standard_uid(uid: str) -> bool:
    """True for the UIDs that the standard itself gives."""
    from pydicom.uid import UID_dictionary

    return uid in UID_dictionary or uid == LABEL_MAP


def is_group_dropped(group: int) -> bool:
    """Command, file meta and directory groups, curves, overlays, signatures, padding at the end."""
    return group in (0x0000, 0x0002, 0x0004, 0x0400, 0xFFFA, 0xFFFC) or group >> 8 in (0x50, 0x60)


class Walk:
    """One file's walk. counts: by (tag, what was done); tag -1 stands for private elements, -2 for unknown ones."""

    PRIVATE, UNKNOWN = -1, -2

    def __init__(self, options: PrivacyOptions, names: Pseudonyms, patient: str) -> None:
        self._options = options
        self._names = names
        self._patient = patient
        self._days = names.days(patient)
        self._profile = profile()
        self.counts: Counter[tuple[int, str]] = Counter()

    def walked(self, source: Any, depth: int = 0) -> Any:
        """The new data set. Raises DicomError for one that is nested too deeply."""
        from pydicom.dataset import Dataset

        if depth > DEEPEST:
            raise DicomError("its sequences are nested too deeply", code="not_dicom")
        made = Dataset()
        for tag in sorted(source.keys()):
            try:
                self._element(source, int(tag), made, depth)
            except FAULTS:
                # what cannot be read cannot be judged
                self.counts[self._known(int(tag)), "removed"] += 1
                if tag in made:
                    del made[tag]
        return made

    def _known(self, tag: int) -> int:
        from pydicom.datadict import dictionary_has_tag

        if tag >> 16 & 1:
            return self.PRIVATE
        return tag if dictionary_has_tag(tag) or is_group_dropped(tag >> 16) else self.UNKNOWN

    def _element(self, source: Any, tag: int, made: Any, depth: int) -> None:
        from pydicom.datadict import dictionary_VR

        if tag in SAID_ANEW:
            return
        if tag >> 16 & 1:
            self._private(source, tag, made, depth)
            return
        known = self._known(tag)
        # small pictures within sequences are seen by nobody and hold what the large one holds
        is_small_picture = depth > 0 and tag >> 16 == 0x7FE0
        if known == self.UNKNOWN or is_group_dropped(tag >> 16) or is_small_picture:
            self.counts[known, "removed"] += 1
            return
        kind = dictionary_VR(tag)
        action = self._profile.action(tag, self._options)
        if tag in (PATIENT_NAME, PATIENT_ID):
            self._put(made, tag, kind, [self._names.patient(self._patient)], "replaced")
        elif action == "X":
            self.counts[tag, "removed"] += 1
        elif action in ("Z", "D"):
            self._basic(made, tag, kind, action)
        elif kind == "SQ":
            self._sequence(source, tag, made, depth, free=action in (None, "C", "K", "P", "U"))
        elif kind in BINARY or kind in BULK:
            self._numbers(source, tag, kind, made)
        else:
            self._text(source, tag, kind, action, made)

    # what the profile does with an element whatever it holds

    def _basic(self, made: Any, tag: int, kind: str, action: str) -> None:
        if action == "X":
            self.counts[tag, "removed"] += 1
        elif action == "Z" or kind in BINARY or kind == "SQ":
            self._put(made, tag, kind, [], "emptied")
        elif kind == "UI":
            self._put(made, tag, kind, [self._names.uid("dummy")], "replaced")
        elif kind in BULK:
            self._put(made, tag, kind, b"\0\0", "replaced")
        else:
            self._put(made, tag, kind, [DUMMIES.get(kind, "REMOVED")], "replaced")

    def _put(self, made: Any, tag: int, kind: str, values: Sequence[str] | bytes, done: str) -> None:
        from pydicom.dataelem import DataElement

        self.counts[tag, done] += 1
        value: Any = values if isinstance(values, bytes) else list(values)
        if kind == "SQ":
            value = []
        elif not value:
            value = None
        elif isinstance(value, list) and len(value) == 1:
            value = value[0]
        made[tag] = DataElement(tag, kind.split(" ")[0] if " or " in kind else kind, value, already_converted=False)

    # values

    def _numbers(self, source: Any, tag: int, kind: str, made: Any) -> None:
        raw = source.get_item(tag)
        found = raw.VR
        is_bulk = kind in BULK or found in BULK
        width = WIDTHS.get(found or kind, 1)
        is_cut = isinstance(raw.value, bytes) and not is_bulk and not _is_list(tag, raw.value, width)
        fits = found is None or found in BINARY or (is_bulk and (found in BULK or found == "OB or OW"))
        is_wrong = is_bulk and (tag not in KEPT_BULK or not _is_table(source, tag, raw.value))
        if not fits or is_cut or is_wrong or raw.value is None:
            self.counts[tag, "removed"] += 1
            return
        made[tag] = raw
        self.counts[tag, "kept"] += 1

    def _text(self, source: Any, tag: int, kind: str, action: str | None, made: Any) -> None:
        found = source.get_item(tag).VR
        if found is not None and (found == "UN" or found in BINARY or found in BULK or found == "SQ"):
            self.counts[tag, "removed"] += 1
            return
        values = _values(source[tag].value)
        kept: list[str] = []
        done = "kept"
        if kind == "UI":
            kept, done = self._uids(values, is_kept=action == "K" or (action is None and self._options.uids))
        elif kind in DIGITS:
            kept = values if all(not one or PLAIN_NUMBER.fullmatch(one) for one in values) else []
        elif action == "P" and kind in TEXT:
            kept = [one for one in values if one in SEXES] if tag == PATIENT_SEX else kept_text(tag, values)
        elif action == "K":
            kept = [_right_moment(kind, one) for one in values] if kind in MOMENTS else values
        elif action == "S":
            kept, done = self._moved(kind, values), "moved"
        elif action == "C" and kind in TEXT:
            kept, done = cleaned_text(values), "cleaned"
        elif action is None and kind in TEXT:
            kept = kept_text(tag, values)
        if tag == PATIENT_AGE:
            kept = [held_age(values[0])] if values and action in ("C", "K", "P") else []
        if any(kept) or (not any(values) and action in (None, "K", "P", "S", "C", "U") and kind not in NAMES):
            changed = done == "kept" and kept != values
            self._put(made, tag, kind, kept if any(kept) else [], "cleaned" if changed and any(values) else done)
        elif action is None:
            # its attribute's type is not known here, and an empty value is right for more types than none
            self._basic(made, tag, kind, "X" if kind in NAMES or kind in MOMENTS else "Z")
        else:
            self._basic(made, tag, kind, self._profile.action(tag, PrivacyOptions()) or "X")

    def _uids(self, values: list[str], *, is_kept: bool) -> tuple[list[str], str]:
        whole = [one.strip("\0 ") for one in values]
        if is_kept and all(set(one) <= set("0123456789.") and len(one) <= 64 for one in whole):
            return whole, "kept"
        made = [one if not one or is_standard_uid(one) else self._names.uid(one) for one in whole]
        return made, "kept" if made == whole else "new UID"

    def _moved(self, kind: str, values: list[str]) -> list[str]:
        if kind == "TM":
            return [one if is_time(one) else "" for one in values]
        move = {"DA": moved_date, "DT": moved_moment}.get(kind)
        return [] if move is None else [move(one, self._days) for one in values]

    # sequences and private elements

    def _sequence(self, source: Any, tag: int, made: Any, depth: int, *, free: bool) -> None:
        from pydicom.dataelem import DataElement

        element = source[tag]
        if element.VR != "SQ" or not free:
            self.counts[tag, "removed"] += 1
            return
        items = []
        for item in element.value or ():
            if CODE_SCHEME in item and any(value in item for value in CODE_VALUES):
                coded = self._code(item)
                if coded is not None:
                    items.append(coded)
            else:
                items.append(self.walked(item, depth + 1))
        made[tag] = DataElement(tag, "SQ", items)
        self.counts[tag, "walked"] += 1

    def _code(self, item: Any) -> Any:
        """The code by its vocabulary's own words; None for one that no public vocabulary has."""
        from pydicom.dataset import Dataset

        value_tag = next(tag for tag in CODE_VALUES if tag in item)
        value, scheme = str(item[value_tag].value).strip(), str(item[CODE_SCHEME].value).strip()
        meaning = code_meaning(scheme, value)
        self.counts[0x00080100, "kept" if meaning else "removed"] += 1
        if not meaning:
            return None
        made = Dataset()
        made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = value, scheme, meaning[:64]
        return made

    def _private(self, source: Any, tag: int, made: Any, depth: int) -> None:
        group, element = tag >> 16, tag & 0xFFFF
        if not self._options.safe_private or element < 0x1000:
            if element >= 0x100 or not self._options.safe_private:
                self.counts[self.PRIVATE, "removed"] += 1
            return
        creator_tag = group << 16 | element >> 8
        creator = str(source[creator_tag].value).strip() if creator_tag in source else ""
        kind = self._profile.safe_private.get((creator, group, element & 0xFF))
        if kind is None:
            self.counts[self.PRIVATE, "removed"] += 1
            return
        before = len(made)
        if kind == "SQ":
            self._sequence(source, tag, made, depth, free=True)
        elif kind in BINARY:
            self._numbers(source, tag, kind, made)
        else:
            self._text(source, tag, kind, None, made)
        if len(made) > before:
            self._put(made, creator_tag, "LO", [creator], "kept")
        for key in [key for key in self.counts if key[0] > 0 and key[0] >> 16 & 1]:
            self.counts[self.PRIVATE, key[1]] += self.counts.pop(key)


def _is_list(tag: int, value: bytes, width: int) -> bool:
    """False for bytes that are not as many numbers as the attribute has, or that read like words."""
    from pydicom.datadict import dictionary_VM

    count, rest = divmod(len(value), width)
    most = "n" if tag >> 16 & 1 else dictionary_VM(tag).rpartition("-")[2]
    if rest or (most.isdecimal() and count > int(most)):
        return False
    printable = sum(0x20 <= byte < 0x7F for byte in value)
    return len(value) < WORD_BYTES or printable < 0.9 * len(value)


def _is_table(source: Any, tag: int, value: Any) -> bool:
    """False for a look-up table without a descriptor, or of another length than that says."""
    descriptor = DESCRIPTORS.get(tag)
    if descriptor is None:
        return True
    if descriptor not in source or not isinstance(value, bytes):
        return False
    entries, _, bits = source[descriptor].value
    return len(value) in {n + (n & 1) for n in ((entries or 1 << 16), 2 * (entries or 1 << 16))} and 8 <= bits <= 16


def _right_moment(kind: str, value: str) -> str:
    right = is_time(value) if kind == "TM" else bool((moved_date if kind == "DA" else moved_moment)(value, 0))
    return value if right else ""


def _values(value: Any) -> list[str]:
    if value is None:
        return []
    several = value if isinstance(value, (list, tuple)) or hasattr(value, "append") else [value]
    return [str(getattr(one, "original_string", None) or one).strip(" \0") for one in several]
