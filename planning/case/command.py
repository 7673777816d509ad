"""What every step on a case is, and what steps do with named items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, ClassVar, Protocol, TypeVar

from planning.case.model import ArrayRef, Case
from planning.errors import CaseError
from planning.naming import known_names

Item = TypeVar("Item")


class Command(Protocol):
    """One step of work on a case."""

    op: ClassVar[str]
    op_version: ClassVar[int]

    @property
    def title(self) -> str:
        """What undo says: "Plan A", "Rename liver"."""

    def apply(self, case: Case) -> Case:
        """The case after this step. Raises CaseError when it does not apply."""

    def inverse(self, case: Case) -> Command:
        """The command that undoes this one, given the case before it."""

    def parameters(self) -> dict[str, Any]:
        """JSON from which `load_command` makes an equal command."""

    def arrays(self) -> tuple[ArrayRef, ...]:
        """Arrays that must be in the file for this command to be replayed."""


def with_item(items: Mapping[str, Item], name: str, item: Item) -> Mapping[str, Item]:
    """The items with one more, or another of that name."""
    return MappingProxyType({**items, name: item})


def without_item(items: Mapping[str, Item], name: str, kind: str) -> Mapping[str, Item]:
    """The items but one. Raises CaseError when there is none of that name."""
    if name not in items:
        raise CaseError(f"There is no {kind} named '{name}'", known_names(name, items))
    return MappingProxyType({key: item for key, item in items.items() if key != name})


def renamed_item(items: Mapping[str, Any], old: str, new: str, kind: str) -> Mapping[str, Any]:
    """The items with one called otherwise, in its place. Raises CaseError for a name that cannot be."""
    if old not in items:
        raise CaseError(f"There is no {kind} named '{old}'", known_names(old, items))
    if new in items or not new.strip():
        raise CaseError(f"A {kind} cannot be called '{new}'", "Choose a name that is free and not empty")
    return MappingProxyType(
        {(new if key == old else key): (replace(item, name=new) if key == old else item) for key, item in items.items()}
    )


def added_item(items: Mapping[str, Item], name: str, item: Item, kind: str) -> Mapping[str, Item]:
    """The items with a new one. Raises CaseError when the name is taken."""
    if name in items:
        raise CaseError(f"There is a {kind} named '{name}' already", "Choose another name or remove it first")
    return with_item(items, name, item)


def in_order(items: Mapping[str, Item], order: tuple[str, ...]) -> Mapping[str, Item]:
    """The items in an order of names; those that it does not name come last."""
    # undoing a removal puts the thing back where it stood
    places = {name: number for number, name in enumerate(order)}
    return MappingProxyType(dict(sorted(items.items(), key=lambda pair: places.get(pair[0], len(places)))))
