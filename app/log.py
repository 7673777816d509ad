"""One rotating log file in the user's state folder, without paths or anything that names a patient."""

from __future__ import annotations

import logging
import logging.handlers
import re

from app.paths import log_file

# a path may carry a patient's name in a folder; its ending is all that helps to find a fault
_PATH = re.compile(r"(?:[A-Za-z]:)?(?:[\\/][^\\/\s'\":;,]+)+(?=(\.[A-Za-z0-9]{1,10})?)")


class WithoutPaths(logging.Filter):
    """Replaces file paths in messages by "[path]"; the program's own source places stay, since they name no data."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; never drops one."""
        record.msg = _PATH.sub("[path]", record.getMessage())
        record.args = None
        if record.exc_info and not record.exc_text:
            text = logging.Formatter().formatException(record.exc_info)
            record.exc_text = "\n".join(self._clean_line(line) for line in text.splitlines())
        return True

    @staticmethod
    def _clean_line(line: str) -> str:
        place = re.match(r'\s+File "(.+?)", line (\d+), in (.+)', line)
        if place:
            tail = "/".join(re.split(r"[\\/]", place[1])[-2:])
            return f'  File "{tail}", line {place[2]}, in {place[3]}'
        return _PATH.sub("[path]", line)


def start_log(level: int = logging.INFO) -> None:
    """Send all log messages to the file; called once, by the command line's main."""
    root = logging.getLogger()
    if any(isinstance(handler, logging.handlers.RotatingFileHandler) for handler in root.handlers):
        return
    handler = logging.handlers.RotatingFileHandler(log_file(), maxBytes=2_000_000, backupCount=2, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(WithoutPaths())
    root.addHandler(handler)
    root.setLevel(level)
