"""Where this program's models lie, and how their licences are told of where a person types."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.paths import data_folder

if TYPE_CHECKING:
    from inference.zoo import InstalledModel, Zoo


def zoo() -> Zoo:
    """What ships with the program and what its user added."""
    from inference.zoo import Zoo

    return Zoo.at(data_folder())


def network_cache() -> Path:
    """Where networks that were converted for this processor are kept."""
    folder = data_folder() / "networks"
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def on_command_line(model: InstalledModel) -> Iterator[None]:
    """A licence that is not accepted yet is answered with the commands that show and accept it."""
    from planning.errors import ModelError

    try:
        yield
    except ModelError as error:
        if error.code != "licence":
            raise
        own = model.manifest.id
        hint = f"Read it (theatrum models card {own}), then accept it: theatrum models accept {own}"
        raise ModelError(error.what, hint, "licence") from None
