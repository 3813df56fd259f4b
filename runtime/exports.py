"""Public names that are imported when first asked for, so that a topic loads only the modules it uses.

What a process has loaded decides which changes make its results outdated: a package that imported all its modules
would make every topic depend on all of them.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any


def export(package: str, names: Mapping[str, str]) -> None:
    """Have `package` give each name of `names`, which maps a module of it to the names it has, separated by spaces.

    A function may be named as its module: `package.softmax` is then the function, whoever imported the module.
    """
    home = {name: f"{package}.{module}" for module, listed in names.items() for name in listed.split()}

    class Package(ModuleType):
        def __getattr__(self, name: str) -> Any:
            if name not in home:
                if name in names:
                    return import_module(f"{package}.{name}")
                raise AttributeError(f"module {package!r} has no attribute {name!r}")
            value = getattr(import_module(home[name]), name)
            self.__dict__[name] = value
            return value

        def __setattr__(self, name: str, value: Any) -> None:
            # the import system puts each module it loads into its package
            if not (name in home and isinstance(value, ModuleType)):
                super().__setattr__(name, value)

        def __dir__(self) -> list[str]:
            return sorted({*self.__dict__, *home})

    sys.modules[package].__class__ = Package
