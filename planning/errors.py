"""The errors a person may see. Each carries what is wrong and what to do about it."""

from __future__ import annotations


class TheatrumError(Exception):
    """Base of all expected errors; `exit_code` is the command line's answer."""

    exit_code = 1


class UsageError(TheatrumError):
    """The call is wrong: a bad option value, two options that exclude each other."""

    exit_code = 2

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


class InputError(TheatrumError):
    """This input cannot be used. `what` and `hint` are one sentence each, without a full stop."""

    exit_code = 3

    def __init__(self, what: str, hint: str = "", code: str = "input") -> None:
        super().__init__(f"{what}. {hint}" if hint else what)
        self.what = what
        self.hint = hint
        self.code = code


class DicomError(InputError):
    """A DICOM file or series cannot be read."""


class GeometryError(InputError):
    """Positions, spacings or orientations do not make a volume."""


class CaseError(InputError):
    """A case file cannot be opened, read or written."""


class ModelError(InputError):
    """An inference model cannot be used."""


class MeasurementError(InputError):
    """A number cannot be taken from these data at this place."""


class NetworkError(InputError):
    """A partner on the network does not answer, refuses, or says what cannot be used."""


class Cancelled(TheatrumError):
    """The person or the system asked to stop; nothing was changed."""

    exit_code = 4
