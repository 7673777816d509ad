"""Pickles read as data: the opcodes are walked one by one, and nothing that a pickle names is called."""

from __future__ import annotations

import pickletools
import struct
from collections.abc import Callable
from typing import Any

from inference.importers.pickle_names import MAKERS, Array, DType, Foreign, Name, known_name, numpy_array
from inference.importers.tensors import Storage, untrusted
from planning.errors import ModelError

MOST_STEPS = 1_000_000
MOST_NAMES_TOLD = 4
_LITERALS = {
    *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
    *("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"),
    *("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"),
}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


class _Mark:
    pass


_CONSTANTS: dict[str, Callable[[], Any]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_TUPLE": tuple,
    "EMPTY_LIST": list,
    "EMPTY_DICT": dict,
    "EMPTY_SET": set,
    "MARK": _Mark,
}


class PickleReader:
    """Walks the opcodes of a pickle and makes data of them; what it does not know becomes `Foreign`."""

    def __init__(self, storage: Callable[[str, str, int], Storage]) -> None:
        self._storage = storage
        self._storages: dict[str, Storage] = {}
        self._steps = 0
        self.foreign: set[str] = set()

    def judge(self, name: str) -> None:
        """Refuse when the pickle asked for anything that this reader does not make."""
        if not self.foreign:
            return
        names = sorted(self.foreign)
        told = ", ".join(names[:MOST_NAMES_TOLD]) + (
            f" and {len(names) - MOST_NAMES_TOLD} more" if len(names) > MOST_NAMES_TOLD else ""
        )
        hint = "Save the model's state dict again with torch.save, without whole objects"
        if any(name.startswith("pathlib.") for name in names):
            hint = "Save the checkpoint again with paths written as text"
        raise ModelError(f"{name} asks for more than weights: {told}", hint, "foreign_objects")

    def read(self, file: Any) -> Any:
        """One pickle from the file. Raises ModelError when it is damaged."""
        try:
            return self._walk(file)
        except (
            ValueError,
            TypeError,
            KeyError,
            IndexError,
            AttributeError,
            OverflowError,
            EOFError,
            struct.error,
            RecursionError,
        ) as error:
            raise ModelError("The description of the weights is damaged", "Get the file again", "damaged") from error

    def _walk(self, file: Any) -> Any:
        stack: list[Any] = []
        memo: dict[int, Any] = {}
        for opcode, given, _ in pickletools.genops(file):
            argument: Any = given
            self._steps += 1
            if self._steps > MOST_STEPS:
                raise untrusted("its description is too long")
            name = opcode.name
            if name == "STOP":
                return stack.pop()
            if name in ("PROTO", "FRAME"):
                continue
            if name in _LITERALS:
                stack.append(argument)
            elif name in _CONSTANTS:
                stack.append(_CONSTANTS[name]())
            elif name in ("BINPUT", "LONG_BINPUT", "PUT"):
                memo[int(argument)] = stack[-1]
            elif name == "MEMOIZE":
                memo[len(memo)] = stack[-1]
            elif name in ("BINGET", "LONG_BINGET", "GET"):
                stack.append(memo[int(argument)])
            elif name == "GLOBAL":
                module, _, attribute = argument.partition(" ")
                stack.append(self._named(module, attribute))
            elif name == "STACK_GLOBAL":
                attribute, module = stack.pop(), stack.pop()
                stack.append(self._named(str(module), str(attribute)))
            elif name == "BINPERSID":
                stack.append(self._stored(stack.pop()))
            else:
                self._step(name, stack)
        raise untrusted("its description has no end")

    def _step(self, name: str, stack: list[Any]) -> None:
        if name == "POP":
            stack.pop()
        elif name == "POP_MARK":
            _to_mark(stack)
        elif name == "DUP":
            stack.append(stack[-1])
        elif name in _TUPLES:
            count = _TUPLES[name]
            if len(stack) < count:
                raise IndexError(name)
            parts = tuple(stack[len(stack) - count :])
            del stack[len(stack) - count :]
            stack.append(parts)
        elif name == "TUPLE":
            stack.append(tuple(_to_mark(stack)))
        elif name == "LIST":
            stack.append(_to_mark(stack))
        elif name == "FROZENSET":
            stack.append(frozenset(_to_mark(stack)))
        elif name == "DICT":
            items = _to_mark(stack)
            stack.append(dict(zip(items[::2], items[1::2], strict=True)))
        elif name == "APPEND":
            self._extend(stack, [stack.pop()])
        elif name == "APPENDS":
            self._extend(stack, _to_mark(stack))
        elif name == "ADDITEMS":
            items = _to_mark(stack)
            if isinstance(stack[-1], set):
                stack[-1].update(items)
            elif not isinstance(stack[-1], Foreign):
                raise TypeError(name)
        elif name == "SETITEM":
            value, key = stack.pop(), stack.pop()
            self._set(stack[-1], [key, value])
        elif name == "SETITEMS":
            items = _to_mark(stack)
            self._set(stack[-1], items)
        elif name in ("REDUCE", "NEWOBJ"):
            arguments, callee = stack.pop(), stack.pop()
            stack.append(self._call(callee, arguments))
        elif name == "NEWOBJ_EX":
            stack.pop()
            arguments, callee = stack.pop(), stack.pop()
            stack.append(self._call(callee, arguments))
        elif name == "BUILD":
            state = stack.pop()
            self._build(stack[-1], state)
        elif name in ("INST", "OBJ"):
            self.foreign.add("an old-style instance")
            _to_mark(stack)
            stack.append(Foreign("instance"))
        else:
            self.foreign.add(f"pickle opcode {name}")
            raise untrusted(f"it uses {name}")

    def _named(self, module: str, name: str) -> Any:
        known = known_name(module, name)
        if known is not None:
            return known
        shown = "".join(letter if letter.isprintable() else "?" for letter in f"{module}.{name}")[:80]
        self.foreign.add(shown)
        return Foreign(shown)

    def _stored(self, persistent: Any) -> Storage | Foreign:
        """`("storage", type, key, place, count)`, with a sixth part for views in the older format."""
        if isinstance(persistent, tuple) and persistent[:1] == ("module",) and len(persistent) == 4:
            # the older format says a class together with its source
            return persistent[1] if isinstance(persistent[1], Foreign) else Foreign("module")
        if not isinstance(persistent, tuple) or len(persistent) not in (5, 6) or persistent[0] != "storage":
            raise ValueError("no storage")
        _, type_, key, _, count = persistent[:5]
        if len(persistent) == 6 and persistent[5] is not None:
            raise untrusted("it has views of storages in the oldest format")
        if not isinstance(type_, DType):
            self.foreign.add(type_.name if isinstance(type_, Foreign) else "an unknown storage")
            return Foreign("storage")
        if not isinstance(key, str) or not key.isascii() or len(key) > 40 or type(count) is not int or count < 0:
            raise ValueError("no storage")
        if key not in self._storages:
            self._storages[key] = self._storage(type_.code, key, count)
        found = self._storages[key]
        if (found.type, found.count) != (type_.code, count):
            raise untrusted(f"storage {key} is asked for in two ways")
        return found

    def _extend(self, stack: list[Any], items: list[Any]) -> None:
        if isinstance(stack[-1], list):
            stack[-1].extend(items)
        elif not isinstance(stack[-1], Foreign):
            raise TypeError("no list")

    def _set(self, target: Any, items: list[Any]) -> None:
        if isinstance(target, Foreign):
            return
        if not isinstance(target, dict):
            raise TypeError("no dict")
        target.update(zip(items[::2], items[1::2], strict=True))

    def _build(self, target: Any, state: Any) -> None:
        if isinstance(target, Array):
            _, shape, dtype, fortran, raw = state
            target.content = numpy_array(shape, dtype, fortran, raw)
        elif isinstance(target, DType):
            # the state of a type is its byte order and nothing else that numbers need
            if not isinstance(state, tuple) or len(state) < 2 or state[1] not in ("<", "|", "="):
                raise untrusted("it has numbers of another byte order")
        elif not isinstance(target, (dict, Foreign)):
            # a dict's own attributes (`_metadata` of a state dict) are not needed
            raise TypeError("state without a place")

    def _call(self, callee: Any, arguments: Any) -> Any:
        if isinstance(callee, Foreign):
            return callee
        if not isinstance(callee, Name) or not isinstance(arguments, tuple):
            raise TypeError("not to be called")
        if any(isinstance(item, Foreign) for item in arguments):
            return Foreign(callee.name)
        return MAKERS[callee.name](*arguments)


def _to_mark(stack: list[Any]) -> list[Any]:
    for at in range(len(stack) - 1, -1, -1):
        if isinstance(stack[at], _Mark):
            items = stack[at + 1 :]
            del stack[at:]
            return items
    raise IndexError("no mark")
