"""What pydicom raises for bytes that are no DICOM, or not any more."""

from __future__ import annotations

import struct

# of elements that are read, which pydicom only decodes when they are asked for
ELEMENT = (AttributeError, TypeError, ValueError, LookupError, ArithmeticError, NotImplementedError, struct.error)
# of a file that is opened
FILE = (*ELEMENT, OSError, EOFError)
