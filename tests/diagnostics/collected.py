"""Every rule that the pipeline's code can give a problem, found in its syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PIPELINE = Path(__file__).parent.parent.parent / "pipeline"
Places = dict[str, list[str]]  # rule -> the places in the code that name it


def rules_in_code(folder: Path = PIPELINE) -> tuple[Places, list[str]]:
    """Return the rules with where they are named, and the places whose rule cannot be told.

    A rule is an argument for the parameter `rule` of any function or dataclass of the pipeline, or the value of the
    key "rule" in a dict. It may be a literal, a name that literals are assigned to, or a rule that is passed on.
    """
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.py"))}
    takers: dict[str, set[int]] = {}
    for path, tree in trees.items():
        if path.parent.name == "diagnostics":  # it looks rules up, and makes no problem
            continue
        for name, position in _takers(tree):
            takers.setdefault(name, set()).add(position)
    rules: Places = {}
    unclear: list[str] = []
    for path, tree in trees.items():
        inside = _functions_around(tree)
        for node in ast.walk(tree):
            for value in _rules_given(node, takers):
                place = f"{path.relative_to(folder.parent)}:{value.lineno}"
                literals = _literals(value, inside.get(node, []), tree)
                if literals is None:
                    unclear.append(place)
                for literal in literals or ():
                    rules.setdefault(literal, []).append(place)
    rules.pop("", None)
    return rules, unclear


def _takers(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The name of each function, .method or dataclass that takes a rule, and where among the arguments of a call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args]
            method = names[:1] == ["self"]
            names = names[1:] if method else names
            if "rule" in names:
                yield f".{node.name}" if method else node.name, names.index("rule")
        elif isinstance(node, ast.ClassDef):
            fields = [one.target.id for one in node.body if isinstance(one, ast.AnnAssign)]  # type: ignore[union-attr]
            if "rule" in fields:
                yield node.name, fields.index("rule")


def _rules_given(node: ast.AST, takers: dict[str, set[int]]) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else f".{getattr(node.func, 'attr', '')}"
        if name in takers:
            given = [keyword.value for keyword in node.keywords if keyword.arg == "rule"]
            given += [node.args[position] for position in takers[name] if len(node.args) > position]
            yield from given
    elif isinstance(node, ast.Dict):
        yield from (
            value
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant) and key.value == "rule"
        )


def _literals(value: ast.expr, around: list[ast.FunctionDef], tree: ast.Module) -> list[str] | None:
    if isinstance(value, ast.Constant):
        return [value.value] if isinstance(value.value, str) else None
    if isinstance(value, ast.IfExp):
        both = [_literals(one, around, tree) for one in (value.body, value.orelse)]
        return [literal for one in both for literal in one or ()] if None not in both else None
    if isinstance(value, (ast.Subscript, ast.Attribute)):
        return [] if "rule" in ast.unparse(value) else None  # a record's rule, passed on
    if isinstance(value, ast.Name):
        if any(value.id == "rule" and "rule" in [one.arg for one in function.args.args] for function in around):
            return []
        found = [literal for scope in (*around, tree) for literal in _assigned(scope, value.id)]
        return found or None
    return None


def _assigned(scope: ast.AST, name: str) -> Iterator[str]:
    for node in ast.walk(scope):
        if isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):
            for row in node.iter.elts:
                yield from _matched(node.target, row, name)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _matched(target, node.value, name)


def _matched(target: ast.expr, value: ast.expr, name: str) -> Iterator[str]:
    """The literals that one assignment gives to the name."""
    pairs = [(target, value)]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = list(zip(target.elts, value.elts, strict=False))
    for one, given in pairs:
        if isinstance(one, ast.Name) and one.id == name:
            yield from _literals(given, [], ast.Module([], [])) or ()


def _functions_around(tree: ast.Module) -> dict[ast.AST, list[ast.FunctionDef]]:
    around: dict[ast.AST, list[ast.FunctionDef]] = {}

    def visit(node: ast.AST, functions: list[ast.FunctionDef]) -> None:
        around[node] = functions
        inner = [*functions, node] if isinstance(node, ast.FunctionDef) else functions
        for child in ast.iter_child_nodes(node):
            visit(child, inner)

    visit(tree, [])
    return around
