"""The configuration of a MONAI bundle as data: references are followed, nothing in it is called, imported or evaluated.

A bundle's configuration is a program in disguise: `$…` is Python, `_target_` any callable, `%…` another file. Here every
such text is judged before anything else is done: what would only be known plumbing (a list of files, a device, a run) is
passed over unread, what our conversion needs must be a plain value, arithmetic on plain values or one of a few fixed
forms, and everything else is shown and refused. The grammar is that of MONAI 1.6.1, `monai/bundle`.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inference.manifest import read_json_bounded
from planning.errors import ModelError

MOST_DEPTH = 64
MOST_VALUES = 100_000
MOST_ALIASES = 100
MOST_YAML_BYTES = 1 << 20
MOST_EXPRESSION = 2000
MOST_TEXT = 20_000
MOST_ITEMS = 2000

CONFIGS = ("inference.json", "inference.yaml", "inference.yml")
FOLDERS = ("configs", "config", ".")

_ID = r"[A-Za-z_]\w*(?:(?:::|\#)\w+)*"
_WHOLE_REFERENCE = re.compile(rf"@({_ID})")
_REFERENCE = re.compile(rf"@(?:::)?({_ID})")
_NAME_OF_REFERENCE = "reference_"
_MOVED = re.compile(rf"@({_ID})\.to\(@({_ID})\)")
_COPIED = re.compile(rf"copy\.(?:deep)?copy\(@({_ID})\)")
_DTYPE = re.compile(
    r"(?:torch|np|numpy)\.(float16|float32|float64|uint8|int8|int16|int32|int64|float|double|half|bool)"
)
_KEY_NAME = re.compile(r"monai\.utils\.(?:enums\.)?CommonKeys\.(IMAGE|LABEL|PRED)")
_NAN_TO_NUMBER = re.compile(r"lambda (\w+): torch\.nan_to_num\(\1(?:, nan=\d+)?\)")


@dataclass(frozen=True)
class Opaque:
    """A value that our conversion passes over; `what` says what it stands for."""

    what: str


@dataclass
class Bundle:
    """A configuration whose texts were judged.

    root: the bundle's folder. name: the file, told in errors. values: as read.
    """

    root: Path
    name: str
    values: Mapping[str, Any]
    _open: list[str] = field(default_factory=list)
    _steps: int = 0

    def get(self, key: str) -> Any:
        """The value under a name of the first level, everything in it resolved; None when there is none."""
        return self.resolved(self.values[key], key) if key in self.values else None

    def resolved(self, value: Any, where: str) -> Any:
        """The value with its references followed and its expressions computed, as far as they are plain.

        Raises ModelError for what is not.
        """
        self._steps += 1
        if self._steps > MOST_VALUES:
            raise _refusal(f"{self.name} refers to itself without end", "It is hostile; do not use it")
        if isinstance(value, Mapping):
            return {key: self.resolved(item, f"{where}.{key}") for key, item in value.items()}
        if isinstance(value, list):
            return [self.resolved(item, f"{where}.{number}") for number, item in enumerate(value)]
        if not isinstance(value, str):
            return value
        if value.startswith("$"):
            return self._expression(value[1:].strip(), where)
        match = _WHOLE_REFERENCE.fullmatch(value.strip())
        return self._referred(match.group(1)) if match else value

    def _referred(self, name: str) -> Any:
        if name in self._open or len(self._open) > MOST_DEPTH:
            raise _refusal(f"@{name} in {self.name} refers to itself", "It is hostile; do not use it")
        self._open.append(name)
        try:
            value: Any = self.values
            for part in re.split(r"::|#", name):
                if isinstance(value, str):
                    value = self.resolved(value, name)
                if isinstance(value, Mapping) and part in value:
                    value = value[part]
                elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
                    value = value[int(part)]
                else:
                    raise _refusal(f"@{name} in {self.name} stands for nothing", "The bundle is incomplete")
            return self.resolved(value, name)
        finally:
            self._open.pop()

    def _expression(self, text: str, where: str) -> Any:
        for pattern, made in (
            (_MOVED, lambda found: self._referred(found.group(1))),
            (_COPIED, lambda found: self._referred(found.group(1))),
            (_DTYPE, lambda found: Opaque(found.group(1))),
            (_KEY_NAME, lambda found: found.group(1).lower()),
            (_NAN_TO_NUMBER, lambda found: Opaque("nan_to_num")),
        ):
            match = pattern.fullmatch(text)
            if match:
                return made(match)
        tree = _parsed(text, where, self.name)
        if isinstance(tree, ast.Call):
            name = _dotted(tree.func)
            if name == "torch.device":
                return Opaque("device")
            if name.startswith("monai.networks.nets."):
                if tree.args or any(word.arg is None for word in tree.keywords):
                    raise _shown_refusal(where, text, self.name)
                arguments = {str(word.arg): self._computed(word.value, text, where) for word in tree.keywords}
                return {"_target_": name, **arguments}
        if isinstance(tree, ast.IfExp) and "torch.cuda.is_available" in text and "torch.device" in text:
            return Opaque("device")
        return self._computed(tree, text, where)

    def _computed(self, tree: ast.expr, text: str, where: str) -> Any:
        names = {
            f"{_NAME_OF_REFERENCE}{number}": name for number, name in enumerate(dict.fromkeys(_REFERENCE.findall(text)))
        }
        return _Arithmetic(lambda name: self._referred(names[name]) if name in names else None, names).value(
            tree, lambda: _shown_refusal(where, text, self.name)
        )


def find_config(root: Path) -> Path | None:
    """The file that describes inference, None where there is none."""
    for folder in FOLDERS:
        for name in CONFIGS:
            path = root / folder / name
            if path.is_file() and not path.is_symlink():
                return path
    return None


def read_bundle(root: Path) -> Bundle:
    """The configuration of the bundle in `root`, every text in it judged. Raises ModelError."""
    path = find_config(root)
    if path is None:
        raise _refusal(f"{root.name} has no configs/inference.json", "Choose the bundle's folder")
    values = read_yaml_bounded(path) if path.suffix in (".yaml", ".yml") else read_json_bounded(path)
    if not isinstance(values, dict):
        raise _refusal(f"{path.name} is no table of settings", "Get the bundle again from where it came")
    for where, value in _walk(values, path.name):
        _judge(where, value, path.name)
    return Bundle(root, path.name, values)


def read_yaml_bounded(path: Path) -> Any:
    """YAML from outside: at most 1 MB, 64 levels deep, plain types, few aliases, no key twice. Raises ModelError."""
    import yaml

    try:
        if path.stat().st_size > MOST_YAML_BYTES:
            raise _refusal(
                f"{path.name} is larger than {MOST_YAML_BYTES >> 20} MB", "A bundle's configuration is small"
            )
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _refusal(f"{path.name} cannot be read", "Choose the bundle's folder again") from error
    depth = aliases = events = 0
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            events += 1
            aliases += isinstance(event, yaml.AliasEvent)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MOST_DEPTH or aliases > MOST_ALIASES or events > MOST_VALUES:
                raise _refusal(f"{path.name} is nested or repeated without measure", "It is hostile; do not use it")
            if getattr(event, "tag", None) is not None and not _is_implicit(event):
                raise _refusal(
                    f"{path.name} asks for objects ({shown(event.tag)})", "It is hostile; do not use it", "yaml_tag"
                )
            if isinstance(event, yaml.ScalarEvent) and event.value == "<<" and event.style is None:
                raise _refusal(f"{path.name} merges tables with <<", "Write the table out in full")
        return yaml.load(text, Loader=_plain_loader())
    except (yaml.YAMLError, ValueError, TypeError, RecursionError, OverflowError) as error:
        raise _refusal(f"{path.name} is no readable YAML", "Get the bundle again from where it came") from error


def _is_implicit(event: Any) -> bool:
    implicit = getattr(event, "implicit", False)
    return bool(any(implicit)) if isinstance(implicit, tuple) else bool(implicit)


def _plain_loader() -> Any:
    import yaml

    class Plain(yaml.SafeLoader):  # type: ignore[misc, unused-ignore]
        """As SafeLoader, but a key may come once only."""

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            found: dict[Any, Any] = {}
            for key_node, value_node in node.value:
                key = self.construct_object(key_node, deep=True)
                if key in found:
                    raise yaml.YAMLError(f"key {key!r} twice")
                found[key] = self.construct_object(value_node, deep=deep)
            return found

    return Plain


def _walk(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every value that is no table or list, with its place. Counts, so that shared parts cannot multiply."""
    left = MOST_VALUES
    waiting: list[tuple[str, Any, int]] = [("", value, 0)]
    while waiting:
        where, item, depth = waiting.pop()
        left -= 1
        if left < 0 or depth > MOST_DEPTH:
            raise _refusal(f"{name} is nested or repeated without measure", "It is hostile; do not use it")
        if isinstance(item, dict):
            for key, inner in item.items():
                if not isinstance(key, str) or len(key) > 200:
                    if not isinstance(key, int) or isinstance(key, bool):
                        raise _refusal(f"{name} has a key that is no word", "Get the bundle again")
                elif key.startswith("+") or "::" in key or "#" in key:
                    raise _refusal(f"{name} changes other entries ({shown(key)})", "Write the entry out in full")
                yield f"{where}.{key}".lstrip("."), _Key(str(key), inner)
                waiting.append((f"{where}.{key}".lstrip("."), inner, depth + 1))
        elif isinstance(item, list):
            waiting += [(f"{where}.{number}", inner, depth + 1) for number, inner in enumerate(item)]
        else:
            yield where, item


@dataclass(frozen=True)
class _Key:
    key: str
    value: Any


_TARGET = re.compile(r"[A-Z][A-Za-z0-9]{1,60}")
_TARGET_PLACES = re.compile(
    r"(?:monai\.(?:transforms|data|networks|inferers|engines|handlers|metrics|losses|optimizers|visualize|utils|apps"
    r"\.vista3d)|torch\.(?:utils\.data|optim|nn|cuda\.amp|amp)|ignite)(?:\.[a-z]\w*)*\.[A-Za-z]\w*"
)
# of the VISTA3D bundle: named, so that its configuration can be read; ours stands in their place
_BUNDLE_OWN = ("scripts.inferer.Vista3dInferer", "scripts.evaluator.Vista3dEvaluator")
_IMPORTED = {
    *("glob", "os", "numpy", "torch", "json", "pathlib", "copy", "math", "monai", "ignite", "scripts", "re", "logging"),
    *("datetime", "functools", "itertools", "typing", "warnings", "random", "time"),
}


def _judge(where: str, value: Any, name: str) -> None:
    """One entry: refused when it would run code that is not known to be harmless."""
    if isinstance(value, _Key):
        if value.key == "_mode_" and value.value not in ("default", "callable"):
            raise _refusal(f"{name} starts {shown(value.value)} at {where}", "It is hostile; do not use it", "mode")
        if value.key == "_target_" and not _is_known_target(value.value):
            raise _refusal(
                f"{name} would call {shown(value.value)} at {shown(where)}", "Only parts of MONAI are known", "target"
            )
        return
    if isinstance(value, float) and not math.isfinite(value):
        raise _refusal(f"{name} holds a number that is not finite at {shown(where)}", "Get the bundle again")
    if value is not None and not isinstance(value, (str, int, float, bool)):
        raise _refusal(f"{name} holds something other than plain values at {shown(where)}", "Get the bundle again")
    if not isinstance(value, str):
        return
    if len(value) > MOST_TEXT:
        raise _refusal(f"{name} holds a text without end at {shown(where)}", "Get the bundle again")
    if value.lstrip().startswith("%"):
        raise _refusal(f"{name} takes {shown(value)} from another file", "Write the entry out in full", "macro")
    if value.startswith("$"):
        _judge_expression(value[1:].strip(), where, name)


def _is_known_target(target: Any) -> bool:
    if not isinstance(target, str):
        return False
    return bool(_TARGET.fullmatch(target) or _TARGET_PLACES.fullmatch(target) or target in _BUNDLE_OWN) or (
        # the one network that MONAI names like a function
        target in ("vista3d132", "monai.networks.nets.vista3d132")
    )


_HARMLESS_NODES = (
    *(ast.Expression, ast.Constant, ast.Name, ast.Load, ast.Store, ast.Attribute, ast.Call, ast.keyword, ast.List),
    *(ast.Tuple, ast.Dict, ast.Set, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Subscript),
    *(ast.Slice, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension, ast.Lambda),
    *(ast.arguments, ast.arg, ast.Starred, ast.operator, ast.unaryop, ast.boolop, ast.cmpop),
)
_HARMLESS_NAMES = {
    *("sorted", "list", "tuple", "dict", "set", "len", "range", "int", "float", "str", "bool", "min", "max", "sum"),
    *("zip", "enumerate", "map", "filter", "print"),
}
_HARMLESS_PLACES = re.compile(
    r"glob\.i?glob|os\.path|os\.path\.(?:join|exists|basename|dirname|abspath|isfile|isdir|splitext|sep)|os\.sep"
    r"|json\.loads|pathlib\.Path|copy|copy\.(?:deep)?copy|glob|json|pathlib|os"
    r"|torch|torch\.(?:device|cuda|cuda\.is_available|cuda\.device_count|backends|backends\.cudnn|load|softmax|sigmoid"
    r"|argmax|nan_to_num|from_numpy|tensor|no_grad|float16|float32|float64|float|half|int8|int16|int32|int64|uint8|bool"
    r"|distributed|distributed\.(?:is_available|is_initialized|get_rank))"
    r"|(?:np|numpy)(?:\.(?:float16|float32|float64|int8|int16|int32|int64|uint8|bool_|array|arange|prod|inf|pi))?"
    r"|monai|monai\.(?:utils|data|transforms|networks|inferers|handlers|engines|metrics|losses|optimizers)"
    r"(?:\.[A-Za-z]\w*)*"
)
_HARMLESS_METHODS = {
    *(
        "run",
        "to",
        "eval",
        "train",
        "read_text",
        "get",
        "keys",
        "values",
        "items",
        "split",
        "replace",
        "lower",
        "upper",
    ),
    *("parameters", "state_dict", "half", "cuda", "cpu", "format", "endswith", "startswith", "strip"),
}


def _judge_expression(text: str, where: str, name: str) -> None:
    """Refuse Python that reaches for anything but known plumbing. It is never run, known or not."""
    if text.startswith(("import ", "from ")):
        _judge_import(text, where, name)
        return
    tree = _parsed(text, where, name)
    if any(not isinstance(node, _HARMLESS_NODES) for node in ast.walk(tree)):
        raise _shown_refusal(where, text, name)
    bound = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    bound |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and id(node) not in inner and not _is_harmless_name(node.id, bound):
            raise _shown_refusal(where, text, name)
        if isinstance(node, ast.Attribute) and id(node) not in inner and not _is_harmless_place(node, bound):
            raise _shown_refusal(where, text, name)
        if isinstance(node, ast.Call) and _dotted(node.func) == "setattr" and not _sets_cudnn(node):
            raise _shown_refusal(where, text, name)


def _is_harmless_name(name: str, bound: set[str]) -> bool:
    known = name in _HARMLESS_NAMES or name in bound or name == "setattr"
    return known or name.startswith(_NAME_OF_REFERENCE) or bool(_HARMLESS_PLACES.fullmatch(name))


def _is_harmless_place(node: ast.Attribute, bound: set[str]) -> bool:
    dotted = _dotted(node)
    root = dotted.split(".", 1)[0]
    if dotted and not root.startswith(_NAME_OF_REFERENCE) and root not in bound:
        return bool(_HARMLESS_PLACES.fullmatch(dotted))
    # a method of a reference, of an element or of a result
    names = [node.attr]
    inner = node.value
    while isinstance(inner, ast.Attribute):
        names.append(inner.attr)
        inner = inner.value
    return all(name in _HARMLESS_METHODS for name in names)


def _sets_cudnn(node: ast.Call) -> bool:
    return len(node.args) == 3 and not node.keywords and _dotted(node.args[0]) == "torch.backends.cudnn"


def _judge_import(text: str, where: str, name: str) -> None:
    try:
        body = ast.parse(text).body if len(text) <= MOST_EXPRESSION else []
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _shown_refusal(where, text, name) from error
    statement = body[0] if len(body) == 1 else None
    if isinstance(statement, ast.Import):
        modules = [item.name for item in statement.names]
    elif isinstance(statement, ast.ImportFrom) and statement.level == 0:
        modules = [statement.module or ""]
    else:
        raise _shown_refusal(where, text, name)
    if (
        isinstance(statement, ast.ImportFrom)
        and modules[0].split(".", 1)[0] in ("os", "torch")
        and modules != ["os.path"]
    ):
        # these hold what starts programs
        raise _shown_refusal(where, text, name)
    for module in modules:
        if module.split(".", 1)[0] not in _IMPORTED or module.startswith("monai.bundle"):
            raise _shown_refusal(where, text, name)


def _parsed(text: str, where: str, name: str) -> ast.expr:
    """The syntax tree of an expression whose references were made names."""
    numbers: dict[str, int] = {}
    plain = _REFERENCE.sub(
        lambda found: f" {_NAME_OF_REFERENCE}{numbers.setdefault(found.group(1), len(numbers))}", text
    )
    try:
        if len(text) > MOST_EXPRESSION:
            raise ValueError("too long")
        return ast.parse(plain.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _shown_refusal(where, text, name) from error


def _dotted(node: ast.expr) -> str:
    """ "torch.cuda.is_available" of such an expression, "" of another."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


_OPERATIONS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


@dataclass(frozen=True)
class _Arithmetic:
    """Arithmetic on plain values by our own hand: a few node types, bounded sizes, no names but references."""

    referred: Callable[[str], Any]
    references: Mapping[str, str]

    def value(self, tree: ast.expr, refusal: Callable[[], ModelError]) -> Any:
        try:
            return self._of(tree, {}, [MOST_ITEMS * 10])
        except (TypeError, ValueError, ArithmeticError, KeyError, IndexError, RecursionError) as error:
            raise refusal() from error

    def _of(self, node: ast.expr, bound: Mapping[str, Any], left: list[int]) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise ValueError("too long")
        if isinstance(node, ast.Constant):
            return _bounded(node.value)
        if isinstance(node, (ast.List, ast.Tuple)):
            return [self._of(item, bound, left) for item in node.elts]
        if isinstance(node, ast.Dict) and all(key is not None for key in node.keys):
            pairs = zip(node.keys, node.values, strict=True)
            return {self._of(key, bound, left): self._of(item, bound, left) for key, item in pairs if key is not None}
        if isinstance(node, ast.Name) and node.id in bound:
            return bound[node.id]
        if isinstance(node, ast.Name) and node.id in self.references:
            return self.referred(node.id)
        if isinstance(node, ast.UnaryOp):
            inner = self._of(node.operand, bound, left)
            if isinstance(node.op, ast.Not):
                return not inner
            return _bounded(-inner if isinstance(node.op, ast.USub) else +inner)
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
            return _operated(node.op, self._of(node.left, bound, left), self._of(node.right, bound, left))
        if isinstance(node, ast.IfExp):
            test = self._of(node.test, bound, left)
            if not isinstance(test, (bool, int)):
                raise TypeError("no yes or no")
            return self._of(node.body if test else node.orelse, bound, left)
        if isinstance(node, ast.Subscript):
            return self._of(node.value, bound, left)[self._of(node.slice, bound, left)]
        if isinstance(node, ast.ListComp):
            return self._listed(node, bound, left)
        if isinstance(node, ast.Call):
            return self._called(node, bound, left)
        raise TypeError(type(node).__name__)

    def _listed(self, node: ast.ListComp, bound: Mapping[str, Any], left: list[int]) -> list[Any]:
        (loop,) = node.generators
        if not isinstance(loop.target, ast.Name) or loop.ifs or loop.is_async:
            raise TypeError("no plain list")
        name = loop.target.id
        return [self._of(node.elt, {**bound, name: item}, left) for item in self._of(loop.iter, bound, left)]

    def _called(self, node: ast.Call, bound: Mapping[str, Any], left: list[int]) -> Any:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise TypeError("no call")
        arguments = [self._of(item, bound, left) for item in node.args]
        if node.func.id == "range":
            found = range(*arguments)
            if len(found) > MOST_ITEMS:
                raise ValueError("too long")
            return list(found)
        (argument,) = arguments
        if node.func.id in ("list", "tuple", "set"):
            # a set is kept as an ascending list, for which only the difference is defined
            return sorted(set(argument)) if node.func.id == "set" else list(argument)
        if node.func.id == "len":
            return len(argument)
        if node.func.id in ("int", "float", "str", "bool"):
            return _bounded({"int": int, "float": float, "str": str, "bool": bool}[node.func.id](argument))
        raise TypeError("no call")


def _operated(kind: ast.operator, left: Any, right: Any) -> Any:
    if isinstance(left, list) and isinstance(right, list) and isinstance(kind, ast.Sub):
        return [item for item in left if item not in right]
    both_numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
    both_joined = isinstance(kind, ast.Add) and (
        (isinstance(left, str) and isinstance(right, str)) or (isinstance(left, list) and isinstance(right, list))
    )
    if not both_numbers and not both_joined:
        raise TypeError("no arithmetic")
    return _bounded(_OPERATIONS[type(kind)](left, right))


def _bounded(value: Any) -> Any:
    if isinstance(value, (str, list)) and len(value) > MOST_ITEMS:
        raise ValueError("too long")
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not abs(value) < 1e15:
        raise ValueError("too large")
    if not isinstance(value, (str, list, int, float, bool, type(None))):
        raise TypeError("not plain")
    return value


def shown(text: Any) -> str:
    """Foreign text as one short, plain line."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in str(text))
    return plain if len(plain) <= 90 else plain[:87] + "…"


def _shown_refusal(where: str, text: str, name: str) -> ModelError:
    return ModelError(
        f"{name} holds Python at {shown(where)}: {shown(text)}",
        "Only plain settings are read; ask its author for plain values",
        "bundle_expression",
    )


def _refusal(what: str, hint: str, code: str = "bundle") -> ModelError:
    return ModelError(what, hint, code)
