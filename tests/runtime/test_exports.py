"""Packages that import their modules when a name is asked for: all names, the right ones, and nothing more loaded."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from runtime import methods
from runtime.methods import with_torch


@pytest.mark.parametrize("package", [methods, with_torch])
def test_the_names_are_those_that_type_checkers_see(package: ModuleType) -> None:
    tree = ast.parse(Path(str(package.__file__)).read_text())
    (checked,) = (node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.name: node.module for node in checked.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert sorted(seen) == sorted(package.__all__)
    for name, module in seen.items():
        assert getattr(package, name) is getattr(sys.modules[str(module)], name)
        assert not isinstance(getattr(package, name), ModuleType)
    assert set(package.__all__) <= set(dir(package))


def test_only_what_is_used_is_loaded_and_a_function_wins_over_the_module_of_its_name() -> None:
    code = """
import sys
from runtime import methods
from runtime.methods.losses import cross_entropy
print(methods.softmax([0.0, 0.0]), methods.losses.cross_entropy is cross_entropy)
print(sorted(name for name in sys.modules if name.startswith("runtime.methods.")))
print(hasattr(methods, "sotfmax"))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = ["runtime.methods.activations", "runtime.methods.losses", "runtime.methods.softmax"]
    assert done.stdout == f"[0.5 0.5] True\n{loaded}\nFalse\n"
