"""
Reads the types that the Stripe SDK carries but never checks: what an annotation in one of its modules stands for, and
how each endpoint is asked and answers. Knows nothing of values; `contract.py` judges those.
"""

import ast
import functools
import importlib
import pathlib
import re
import sys
import types
import typing
from dataclasses import dataclass

import stripe
from stripe._object_classes import OBJECT_CLASSES, get_object_class

SDK = pathlib.Path(stripe.__file__).parent


@functools.cache
def names_of(module_name: str) -> dict[str, object]:
    """What an annotation in that module may speak of, with the imports that only a type checker makes."""
    module = sys.modules.get(module_name) or importlib.import_module(module_name)
    elsewhere = {}
    for node in ast.walk(ast.parse(pathlib.Path(module.__file__).read_text(encoding="utf-8"))):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            for imported in ast.walk(node):
                if isinstance(imported, ast.ImportFrom):
                    for alias in imported.names:
                        elsewhere[alias.asname or alias.name] = Elsewhere(imported.module, alias.name)
    return {**elsewhere, **vars(module)}


@dataclass(frozen=True)
class Elsewhere:
    """Where a name comes from that only a type checker imports; to import all of them would be the whole SDK."""

    module: str
    name: str

    def fetch(self) -> object:
        return getattr(importlib.import_module(self.module), self.name)


def settle(kind: object, module_name: str) -> object:
    """The type that a text, a forward reference or an import not yet made stands for."""
    if isinstance(kind, typing.ForwardRef):
        kind = kind.__forward_arg__
    if not isinstance(kind, str):
        return kind
    names = dict(names_of(module_name))
    for word in set(re.findall(r"\w+", kind)):
        if isinstance(names.get(word), Elsewhere):
            names[word] = names[word].fetch()
    return eval(kind, names)  # only the SDK's own source is read here


def fields_of(owner: type) -> dict[str, object]:
    """The annotated fields of one of the SDK's classes; what the class says about itself is none."""
    fields = {}
    for name, kind in owner.__annotations__.items():
        kind = settle(kind, owner.__module__)
        if typing.get_origin(kind) is not typing.ClassVar:
            fields[name] = kind
    return fields


def class_of(name: str) -> type | None:
    return get_object_class("V1", name) if name in OBJECT_CLASSES else None


@functools.cache
def members_of(kind: object, module_name: str) -> tuple[object, ...]:
    """The members of a union, or the type alone. A list of words that a later release may lengthen stays a list."""
    kind = settle(kind, module_name)
    if typing.get_origin(kind) not in (typing.Union, types.UnionType):
        return (kind,)
    members = [settle(member, module_name) for member in typing.get_args(kind)]
    if any(typing.get_origin(member) is typing.Literal and all(typing.get_args(member)) for member in members):
        members = [member for member in members if member is not str]
    return tuple(members)


@dataclass(frozen=True)
class Route:
    """One endpoint as the SDK calls it: `asks` is the type of its parameters, `answers` that of the object."""

    method: str
    template: str
    asks: object
    answers: object
    module: str

    def fits(self, method: str, path: str) -> bool:
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(self.template))
        return method.lower() == self.method and re.fullmatch(pattern, path) is not None


def route_of(method: str, path: str) -> Route | None:
    """The endpoint that answers that path; one spelled out is preferred to one with an id in it."""
    fitting = [route for route in _routes(path.split("/")[2]) if route.fits(method, path)]
    return min(fitting, key=lambda route: route.template.count("{"), default=None)


@functools.cache
def _routes(family: str) -> tuple[Route, ...]:
    found = []
    for file in sorted([*SDK.glob("*_service.py"), *SDK.glob("*/*_service.py")]):
        source = file.read_text(encoding="utf-8")
        if f'"/v1/{family}' in source:
            module = ".".join(file.relative_to(SDK.parent).with_suffix("").parts)
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.FunctionDef):
                    found.extend(_routes_in(node, module))
    return tuple(found)


def _routes_in(function: ast.FunctionDef, module: str) -> list[Route]:
    asks = next((argument.annotation for argument in function.args.args if argument.arg == "params"), None)
    found = []
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "_request":
            words = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant)]
            method = next(word for word in words if word in ("get", "post", "delete"))
            template = next(word for word in words if str(word).startswith("/v"))
            found.append(Route(method, template, _text(asks), _text(function.returns), module))
    return found


def _text(annotation: ast.expr | None) -> str:
    return ast.unparse(annotation) if annotation else "None"
