"""Wrap a file's words in tr(...): literals become tr("..."), f-strings become tr("... {name}", name=...).

A help for whoever translates a file for the first time; read every change. Words in tables of a module or class become
mark("...") and must be said with tr(...) where they are shown: their lines are printed, as is all that wants an eye.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

# calls whose arguments are no words for a person
SILENT = re.compile(
    r"^(setObjectName|set_kind|getattr|setattr|hasattr|compile|sub|match|fullmatch|search|findall|split|startswith|endswith"
    r"|replace|strip|rstrip|lstrip|removeprefix|removesuffix|debug|info|warning|error|exception|tr|mark|said|get|pop"
    r"|setProperty|property|findChild|findChildren|icon|IconMark|color|QColor|Path|QKeySequence|Literal|cast|import_module"
    r"|joinpath|encode|decode|getLogger|open|TypeVar|namedtuple|Signal|QFont|structure_style|structure_name|display_name"
    r"|canonical_name|with_suffix|with_name|index|count|ord|find|rfind|partition|rpartition|strftime|environ|get_all|version"
    r"|set_state|KeyRow|draw_icon|AccessibleTextRole|partial_name|setIcon|Item|Path|join_path|read_text|write_text)$"
)
PLAIN_KEYWORDS = frozenset(("key", "id", "identifier", "icon", "kind", "code", "state"))
# a value is called as what these are given
SEEN_THROUGH = frozenset(
    ("len", "abs", "round", "str", "int", "float", "tr", "said", "local", "structure_name")
    + ("text_quantity", "text_value", "text_place", "text_position")
)
RAISES = re.compile(r"(Error|Cancelled)$")
KEYS = re.compile(r"^((Ctrl|Shift|Alt|Space|Esc|Enter|F\d+|PgUp|PgDn|Del|Tab|Home|End|Return)\b[+ ]?)+\S?$")
UNITS = re.compile(r"[A-Za-z]{3}")
LIMIT = 116


def is_words(text: str, *, alone: bool = True) -> bool:
    """Whether a person may read this: several words, or one that starts with a capital letter."""
    bare = text.strip()
    if not UNITS.search(bare) or KEYS.match(bare) or "://" in bare or bare.startswith(("QLabel", "Q", "#", "%")):
        return False
    if re.fullmatch(r"[a-z0-9_./:*{}-]+", bare) or re.fullmatch(r"[A-Z0-9_]+", bare):
        return False
    if " " in bare:
        return True
    return bare[:1].isupper() if alone else False


class Wrapper:
    """One file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.tree = ast.parse(self.text)
        self.lines = self.text.encode("utf-8").splitlines(keepends=True)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))
        self.notes: list[str] = []
        self.used: set[str] = set()
        self.parents: dict[int, ast.AST] = {}
        for node in ast.walk(self.tree):
            for child in ast.iter_child_nodes(node):
                self.parents[id(child)] = node

    def span(self, node: ast.expr) -> tuple[int, int]:
        """A node's place in the file's bytes."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.starts[node.lineno - 1] + node.col_offset, self.starts[node.end_lineno - 1] + node.end_col_offset

    def ancestors(self, node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        """(child, parent) up to the module."""
        while (parent := self.parents.get(id(node))) is not None:
            yield node, parent
            node = parent

    def place(self, node: ast.expr) -> str:
        """ "" where words are no words, "tr" inside a function, "mark" in tables."""
        inside = "mark"
        for child, parent in self.ancestors(node):
            if isinstance(parent, ast.Expr) and isinstance(child, ast.Constant):
                return ""
            if isinstance(parent, (ast.Compare, ast.Subscript, ast.AnnAssign)) and not (
                isinstance(parent, ast.AnnAssign) and child is parent.value
            ):
                if isinstance(parent, ast.Subscript) and child is parent.value:
                    continue
                if not isinstance(child, ast.IfExp):
                    return ""
            if isinstance(parent, ast.Dict) and any(child is key for key in parent.keys):
                return ""
            if isinstance(parent, (ast.Raise, ast.Assert, ast.MatchValue)):
                return ""
            if isinstance(parent, ast.keyword) and parent.arg in PLAIN_KEYWORDS:
                return ""
            if isinstance(parent, ast.Call):
                name = getattr(parent.func, "attr", getattr(parent.func, "id", ""))
                if child is not parent.func and (SILENT.match(name) or RAISES.search(name)):
                    return ""
            if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if any(child is item for item in parent.body):
                    return "tr" if inside == "mark" else inside
                if child is parent.returns or isinstance(child, ast.arguments):
                    return "mark" if not isinstance(child, ast.expr) else ""
                return ""
            if isinstance(parent, ast.arg):
                return ""
            if isinstance(parent, ast.Lambda):
                inside = "mark"
        return inside

    def literal(self, text: str, indent: int) -> str:
        """A Python literal, in pieces where it is long."""

        def quoted(piece: str) -> str:
            return '"' + piece.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'

        if len(text) + indent < LIMIT - 20:
            return quoted(text)
        pieces, now = [], ""
        for word in re.split(r"(?<= )", text):
            if len(now) + len(word) > 84:
                pieces.append(now)
                now = ""
            now += word
        pieces.append(now)
        return "\n" + "\n".join(quoted(piece) for piece in pieces if piece) + "\n"

    def wrapped(self, node: ast.Constant | ast.JoinedStr, call: str) -> str | None:
        """The new text for a literal or an f-string."""
        if isinstance(node, ast.Constant):
            self.used.add(call)
            return f"{call}({self.literal(node.value, node.col_offset)})"
        if call == "mark":
            self.notes.append(f"{self.path}:{node.lineno} f-string in a table")
            return None
        said, values, used = "", [], dict[str, str]()
        for part in node.values:
            if isinstance(part, ast.Constant):
                said += str(part.value).replace("{", "{{").replace("}", "}}")
                continue
            assert isinstance(part, ast.FormattedValue)
            spec = ""
            if part.format_spec is not None:
                pieces = part.format_spec.values if isinstance(part.format_spec, ast.JoinedStr) else []
                if not all(isinstance(piece, ast.Constant) for piece in pieces):
                    self.notes.append(f"{self.path}:{node.lineno} f-string with a computed format")
                    return None
                spec = ":" + "".join(str(piece.value) for piece in pieces if isinstance(piece, ast.Constant))
            value = self.rewritten(part.value)
            name = self.name_of(part.value)
            number = 2
            base = name
            while used.get(name, value) != value:
                name, number = f"{base}{number}", number + 1
            if name not in used:
                used[name] = value
                values.append(f"{name}={value}")
            conversion = f"!{chr(part.conversion)}" if part.conversion > 0 else ""
            said += f"{{{name}{conversion}{spec}}}"
        bare = re.sub(r"\{[^{}]*\}", "", said)
        if not re.search(r"[A-Za-z]{3}", bare):
            return None
        if any(isinstance(inner, ast.IfExp) for inner in ast.walk(node)):
            self.notes.append(f"{self.path}:{node.lineno} an f-string chooses words: {said}")
        self.used.add("tr")
        return (
            f"tr({self.literal(said, node.col_offset)}, {', '.join(values)})"
            if values
            else f"tr({self.literal(said, 0)})"
        )

    @staticmethod
    def name_of(node: ast.AST) -> str:
        """A short name for a value."""
        while True:
            if isinstance(node, ast.Call):
                known = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if node.args and known in SEEN_THROUGH:
                    node = node.args[0]
                    continue
                node = node.func
            elif isinstance(node, ast.Subscript):
                if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
                    return re.sub(r"\W", "_", node.slice.value) or "value"
                node = node.value
            elif isinstance(node, ast.BinOp):
                node = node.left
            elif isinstance(node, ast.IfExp):
                node = node.body
            elif isinstance(node, ast.Attribute):
                return node.attr.strip("_") or "value"
            elif isinstance(node, ast.Name):
                return {"self": "value"}.get(node.id, node.id.strip("_") or "value")
            else:
                return "value"

    def rewritten(self, node: ast.expr) -> str:
        """The source of an expression with its own words wrapped."""
        start, end = self.span(node)
        return self.replace(start, end, [node])

    def edits(self, node: ast.AST) -> Iterator[tuple[int, int, str]]:
        """What to change below a node."""
        if isinstance(node, ast.JoinedStr):
            call = self.place(node)
            bare = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
            if call and re.search(r"[A-Za-z]{3}", bare) and not re.fullmatch(r"[a-z_ ]*[a-z_]+_|_[a-z_]+|\w+", bare):
                new = self.wrapped(node, call)
                if new is not None:
                    yield (*self.span(node), new)
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            call = self.place(node)
            if call and is_words(node.value):
                new = self.wrapped(node, call)
                if new is not None:
                    if call == "mark":
                        self.notes.append(f"{self.path}:{node.lineno} mark {node.value!r}")
                    yield (*self.span(node), new)
            return
        for child in ast.iter_child_nodes(node):
            yield from self.edits(child)

    def replace(self, start: int, end: int, nodes: list[ast.expr] | list[ast.Module]) -> str:
        """The source between two places with the nodes' words wrapped."""
        raw = b"".join(self.lines)
        at, out = start, b""
        for first, last, new in sorted(edit for node in nodes for edit in self.edits(node)):
            out += raw[at:first] + new.encode("utf-8")
            at = last
        return (out + raw[at:end]).decode("utf-8")

    def run(self) -> str:
        """The whole file, with its import."""
        text = self.replace(0, self.starts[-1], [self.tree])
        numbers = ("text_value", "text_quantity", "text_position", "text_place", "text_direction")
        home = "viewers.language" if self.path.parts[0] == "viewers" else "app.i18n"
        wanted = set(self.used)

        def units(found: re.Match[str]) -> str:
            names = [name.strip() for name in found[1].strip("()\n ").split(",") if name.strip()]
            wanted.update(name for name in names if name in numbers)
            rest = [name for name in names if name not in numbers]
            return f"from planning.units import {', '.join(rest)}\n" if rest else ""

        text = re.sub(r"from planning\.units import (\([^)]*\)|[^\n(]*)\n", units, text)
        if wanted:
            line = f"from {home} import {', '.join(sorted(wanted))}\n"
            text = text.replace(
                "from __future__ import annotations\n", f"from __future__ import annotations\n\n{line}", 1
            )
        return text


def main() -> int:
    """Rewrite the files named."""
    for name in sys.argv[1:]:
        wrapper = Wrapper(Path(name))
        text = wrapper.run()
        ast.parse(text)
        wrapper.path.write_text(text, encoding="utf-8")
        print("\n".join(wrapper.notes))
    return 0


if __name__ == "__main__":
    sys.exit(main())
