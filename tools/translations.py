"""Keep the translations: update (lupdate), missing, fill FILE, release (lrelease), check.

A text is known in lists by a short key made of its English words, so that several people can fill in at once.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import re
import subprocess
import sys
import sysconfig
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
I18N = ROOT / "assets" / "i18n"
SPOKEN = ("app", "viewers")
LANGUAGE = "de"
CATALOGUE = I18N / f"theatrum_{LANGUAGE}.ts"
PLANNER_WORDS = ROOT / "app" / "planner_words.py"
HEADER = '''"""What planning/ and inference/ may say to a person, as templates: made by tools/translations.py, never by hand.

A hole {name} stands where a number or a name goes in. `app.i18n.said` finds a text's template here.
"""

from __future__ import annotations

from viewers.language import mark

'''


def tool(name: str) -> str:
    """A program of PySide6 beside this Python."""
    found = Path(sysconfig.get_path("scripts")) / name
    return str(found if found.exists() else name)


def sources() -> list[str]:
    """Every file whose texts are said."""
    return sorted(str(path.relative_to(ROOT)) for folder in SPOKEN for path in (ROOT / folder).rglob("*.py"))


def lupdate(catalogue: Path) -> None:
    """Bring a catalogue up to the sources; texts that are gone stay in it as vanished, and so come back with them."""
    with tempfile.NamedTemporaryFile("w", suffix=".lst", encoding="utf-8") as listed:
        listed.write("\n".join(str(ROOT / name) for name in sources()))
        listed.flush()
        command = [tool("pyside6-lupdate"), "-silent", "-tr-function-alias", "QT_TR_NOOP+=mark"]
        command += ["-locations", "none", "-source-language", "en", "-target-language", LANGUAGE]
        subprocess.run([*command, f"@{listed.name}", "-ts", str(catalogue)], check=True, cwd=ROOT)


def lrelease(catalogue: Path, into: Path) -> None:
    """Compile finished texts."""
    command = [tool("pyside6-lrelease"), "-silent", "-nounfinished", str(catalogue), "-qm", str(into)]
    subprocess.run(command, check=True, cwd=ROOT)


class Entry:
    """One text of a catalogue."""

    def __init__(self, node: ET.Element) -> None:
        self.node = node
        self.source = node.findtext("source") or ""
        self.comment = node.findtext("comment") or ""
        translation = node.find("translation")
        assert translation is not None
        self.translation = translation
        self.is_plural = node.get("numerus") == "yes"
        self.kind = translation.get("type", "")
        self.key = hashlib.sha256(f"{self.source}\0{self.comment}".encode()).hexdigest()[:6]

    @property
    def target(self) -> str:
        """The translation; a plural's two forms are joined by " || "."""
        if self.is_plural:
            return " || ".join(form.text or "" for form in self.translation.findall("numerusform"))
        return self.translation.text or ""

    def fill(self, text: str) -> None:
        """Put the translation in."""
        self.translation.attrib.pop("type", None)
        if not self.is_plural:
            self.translation.text = text
            return
        for form, words in zip(self.translation.findall("numerusform"), text.split(" || "), strict=True):
            form.text = words


def read(catalogue: Path) -> tuple[ET.ElementTree[ET.Element], list[Entry]]:
    """A catalogue and its texts."""
    tree = ET.parse(catalogue)
    return tree, [Entry(node) for node in tree.iter("message")]


def write(tree: ET.ElementTree[ET.Element], catalogue: Path) -> None:
    """Write as lupdate does."""
    body = ET.tostring(tree.getroot(), encoding="unicode")
    catalogue.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8")


def missing(catalogue: Path) -> list[Entry]:
    """Texts without a finished translation."""
    return [entry for entry in read(catalogue)[1] if entry.kind == "unfinished"]


# a hole that no translation may lose; a format behind the colon belongs to it
HOLE = re.compile(r"\{[^{}]*\}|%n")


def faults(entry: Entry) -> list[str]:
    """What is wrong with a translation: lost holes, lost spaces at its ends."""
    if entry.is_plural:
        forms = [form.text or "" for form in entry.translation.findall("numerusform")]
    else:
        forms = [entry.target]
    found = []
    for form in forms:
        wanted, has = set(HOLE.findall(entry.source)), set(HOLE.findall(form))
        if (wanted - {"%n"}) != (has - {"%n"}):
            found.append(f"{entry.source!r}: holes {sorted(wanted)} against {sorted(has)}")
        if form[:1].isspace() != entry.source[:1].isspace() or form[-1:].isspace() != entry.source[-1:].isspace():
            found.append(f"{entry.source!r}: a space at an end is lost")
    return found


def fill(catalogue: Path, lines: list[str]) -> tuple[int, list[str]]:
    """Put "key<TAB>translation" lines in: how many, and what was wrong (those stay out)."""
    lupdate(catalogue)
    tree, entries = read(catalogue)
    by_key = {entry.key: entry for entry in entries}
    count, wrong = 0, []
    for line in lines:
        key, _, text = line.rstrip("\n").partition("\t")
        if not text.strip():
            continue
        entry = by_key.get(key.strip())
        if entry is None:
            wrong.append(f"{key}: no such text")
            continue
        text = text.replace("\\n", "\n")
        if entry.source[:1] == " " and text[:1] != " ":
            text = f" {text}"
        before, kind = entry.target, entry.kind
        entry.fill(text)
        bad = faults(entry)
        if bad:
            wrong += bad
            entry.fill(before)
            if kind:
                entry.translation.set("type", kind)
            continue
        count += 1
    write(tree, catalogue)
    return count, wrong


# what planning and inference say

SAYERS = re.compile(r"(Finding|Reason|Warning|[A-Z]\w*Error|Cancelled|Check|Callout|Note|^tell|^progress|^_fault)$")
# what a partner on the network did is said behind its name: line.failed("ended the connection")
PARTNER = "{partner} "
PARTNER_TABLES = {"WORDS": PARTNER, "WHY": PARTNER, "REJECTED": f"{PARTNER}refuses to talk to us and "}
# what speaks only to whoever makes models or uses the command line
UNSPOKEN = {"training", "importers", "networks"}
SPOKEN_KEYS = ("text", "reason", "hint", "what", "note", "message")


def _owner(node: ast.expr) -> str:
    """The list that something is appended to."""
    owner = node.value if isinstance(node, ast.Attribute) else node
    return str(getattr(owner, "attr", getattr(owner, "id", "")))


def spoken_nodes(tree: ast.AST) -> Iterator[ast.expr]:
    """Expressions that become words for a person: arguments of findings and errors, values under "text"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name == "append" and re.search(r"(words|notes|reasons|parts|sentences|warnings)$", _owner(node.func)):
                yield from node.args
            if SAYERS.search(name):
                yield from node.args
                yield from (word.value for word in node.keywords if word.arg in SPOKEN_KEYS)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in SPOKEN_KEYS:
                    yield value
        elif isinstance(node, ast.FunctionDef) and re.search(r"(words|text|sentence|reason|note)s?$", node.name):
            yield from (
                inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return) and inner.value is not None
            )
        elif isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and re.search(r"(^|_)(text|words|reason|hint|note|why)s?$", target.id)
            for target in node.targets
        ):
            yield node.value


def partner_nodes(tree: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """What is said of a partner on the network, and what stands before it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "failed" and node.args:
            yield node.args[0], PARTNER
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            names = {target.id for target in _targets(node) if isinstance(target, ast.Name)}
            for name in names & set(PARTNER_TABLES):
                if isinstance(node.value, ast.Dict):
                    yield from ((value, PARTNER_TABLES[name]) for value in node.value.values)
            if "said" in names and isinstance(node.value, ast.Constant):
                yield node.value, PARTNER


def _targets(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def partner_templates(tree: ast.AST) -> list[str]:
    """Each with what stands before it and alone: a list of what was refused has the partner's name elsewhere."""
    found = []
    for node, before in partner_nodes(tree):
        text = template(node)
        if text is not None and " " in text.strip():
            found += [text, before + text]
    return found


def hints_of_partners(tree: ast.AST) -> Iterator[ast.expr]:
    """What can be done about what a partner did."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "failed":
            yield from node.args[1:]
        elif isinstance(node, ast.FunctionDef) and node.name == "failed":
            yield from node.args.defaults


def whole_texts(node: ast.AST) -> Iterator[ast.AST]:
    """Literals and f-strings below a node, not the pieces of an f-string."""
    yield node
    if isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield from whole_texts(part.value)
        return
    for child in ast.iter_child_nodes(node):
        yield from whole_texts(child)


def template(node: ast.expr) -> str | None:
    """A literal or an f-string as a template; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if not isinstance(node, ast.JoinedStr):
        return None
    said, used = "", dict[str, int]()
    for part in node.values:
        if isinstance(part, ast.Constant):
            said += str(part.value)
            continue
        assert isinstance(part, ast.FormattedValue)
        value: ast.AST = part.value
        while isinstance(value, (ast.Call, ast.Attribute, ast.Subscript, ast.BinOp)):
            if isinstance(value, ast.Attribute):
                break
            value = getattr(value, "func", None) or getattr(value, "value", None) or getattr(value, "left", value)
        name = getattr(value, "attr", getattr(value, "id", "x")).strip("_").lower() or "x"
        used[name] = used.get(name, 0) + 1
        said += f"{{{name}{used[name] if used[name] > 1 else ''}}}"
    return said


def is_words(text: str) -> bool:
    """Whether a person may read it: several words, or one that starts with a capital letter."""
    bare = HOLE.sub("", text)
    return bool(re.search(r"[A-Za-z]{3}", bare)) and (" " in text.strip() or bare[:1].isupper())


def planner_templates() -> list[str]:
    """All templates, each once, in order."""
    found: dict[str, None] = {}
    for folder in ("planning", "inference"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if UNSPOKEN & set(path.parts):
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            spoken = list(spoken_nodes(tree))
            if "pacs" in path.parts:
                found |= dict.fromkeys(partner_templates(tree))
                spoken += hints_of_partners(tree)
            for node in spoken:
                for inner in whole_texts(node):
                    text = template(inner) if isinstance(inner, (ast.Constant, ast.JoinedStr)) else None
                    if text is not None and is_words(text) and "\n" not in text:
                        found[text.strip()] = None
    return list(found)


def planner_words() -> str:
    """The text of app/planner_words.py."""
    lines = [HEADER + "# ruff: noqa: E501\n# fmt: off\nTEMPLATES: tuple[str, ...] = ("]
    for text in planner_templates():
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'    mark("{escaped}"),')
    lines += [")", "# structures as the registry displays them", "STRUCTURES: tuple[str, ...] = ("]
    lines += [f'    mark("{display}", "structure"),' for display in structure_displays()]
    return "\n".join([*lines, ")\n# fmt: on\n"])


def structure_displays() -> list[str]:
    """What the registry and the models that are known call structures, in English."""
    sys.path.insert(0, str(ROOT))
    from planning.registry import structure_style

    table = json.loads((ROOT / "assets" / "structures.json").read_text(encoding="utf-8"))["structures"]
    shown = dict.fromkeys(row["display"] for row in table)
    known = json.loads((ROOT / "assets" / "totalsegmentator.json").read_text(encoding="utf-8"))
    for name in known["tasks"]["total_3mm"]["labels"].values():
        shown[structure_style(name).display] = None
    return list(shown)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("verb", choices=("update", "missing", "fill", "release", "words"))
    parser.add_argument("file", nargs="?")
    options = parser.parse_args()
    if options.verb == "words":
        PLANNER_WORDS.write_text(planner_words(), encoding="utf-8")
        return 0
    if options.verb == "update":
        lupdate(CATALOGUE)
    if options.verb == "missing":
        lupdate(CATALOGUE)
        for entry in missing(CATALOGUE):
            note = f"\t# {entry.comment}" if entry.comment else ""
            plural = "\t(one || many)" if entry.is_plural else ""
            print(f"{entry.key}\t{entry.source!r}{note}{plural}")
        return 0
    if options.verb == "fill":
        count, wrong = fill(CATALOGUE, Path(options.file).read_text(encoding="utf-8").splitlines())
        print(f"{count} filled in", *wrong, sep="\n")
    lrelease(CATALOGUE, CATALOGUE.with_suffix(".qm"))
    print(f"{len(missing(CATALOGUE))} texts are still missing")
    return 0


if __name__ == "__main__":
    sys.exit(main())
