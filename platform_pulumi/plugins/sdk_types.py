"""Resource types of a package, read from its Python SDK: classes of inputs and outputs, and their annotations.

Every generated SDK registers its resource classes by token in its `__init__` and marks each property with the name
the provider knows it by. Reading them means importing the module of the type (0.1-0.3 s), so what was read is kept in
a file, by package and version.
"""

from __future__ import annotations

import ast
import builtins
import enum
import importlib
import importlib.util
import inspect
import json
import sys
import types
import typing
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from platform_pulumi.atomic_file import replace_file
from platform_pulumi.plugins.schema import ANY, ObjectSchema, ResourceSchema, Schemas, Shape

_FORMAT = 1
_SCALARS: Mapping[Any, Shape] = {str: "string", int: "number", float: "number", bool: "boolean"}


class SdkTypes:
    """Types of one package, read from its SDK and cached.

    Args:
        package: the Pulumi package, `aws`.
        module: its Python module, `pulumi_aws`.
        cache: a folder to keep what was read in; None keeps it in memory.
    """

    def __init__(self, package: str, module: str, cache: Path | None = None) -> None:
        self.package = package
        self._module = module
        self._schemas = Schemas()
        self._classes: dict[str, tuple[str, str]] | None = None
        self._file = cache / f"{package}-{metadata.version(module)}.v{_FORMAT}.json" if cache else None
        if self._file is not None:
            self._schemas = _load(self._file)

    @property
    def objects(self) -> Mapping[str, ObjectSchema]:
        """Nested objects of every type read so far."""
        return self._schemas.objects

    def resource(self, token: str) -> ResourceSchema:
        """Return the schema of a resource type.

        Raises:
            KeyError: the SDK has no such type.
        """
        if token not in self._schemas.resources:
            self._schemas.resources[token] = self._read(token)
            if self._file is not None:
                _save(self._file, self._schemas)
        return self._schemas.resources[token]

    def _read(self, token: str) -> ResourceSchema:
        if self._classes is None:
            self._classes = registered_classes(self._module)
        module_name, class_name = self._classes[token]
        resource = getattr(importlib.import_module(module_name), class_name)
        home = vars(sys.modules[resource.__module__])
        arguments = home.get(f"{class_name}InitArgs") or home.get(f"{class_name}Args")
        if arguments is None:
            raise KeyError(token)
        inputs = self._object(arguments)
        outputs, optional = {}, []
        for name, annotation in properties(resource):
            members = _members(annotation, home)
            outputs[name] = self._shape(members, home)
            if type(None) in members:
                optional.append(name)
        return ResourceSchema(token, inputs.fields, inputs.required, outputs, tuple(optional))

    def _object(self, kind: type) -> ObjectSchema:
        signature = inspect.signature(kind)
        required = {name for name, p in signature.parameters.items() if p.default is inspect.Parameter.empty}
        scope = vars(sys.modules[kind.__module__])
        fields = {name: self._shape(_members(annotation, scope), scope) for name, annotation in properties(kind)}
        return ObjectSchema(fields, tuple(name for name, python in _names(kind) if python in required))

    def _shape(self, alternatives: Sequence[Any], scope: dict[str, Any]) -> Shape:
        members = [m for m in alternatives if m is not type(None)]
        # Beside a class of inputs stand forms of the same for convenience: TypedDicts, output classes, plain mappings.
        classes = [m for m in members if isinstance(m, type) and hasattr(m, "_pulumi_input_type")]
        kinds = [*classes, *(m for m in members if m in _SCALARS)] if classes else members
        shapes = [self._single(member, scope) for member in kinds]
        unique = [shape for index, shape in enumerate(shapes) if shape not in shapes[:index]]
        if not unique or ANY in unique:
            return ANY
        return unique[0] if len(unique) == 1 else {"one": unique}

    def _single(self, kind: Any, scope: dict[str, Any]) -> Shape:
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        shape: Shape = ANY
        if kind in _SCALARS:
            shape = _SCALARS[kind]
        elif origin is typing.Literal:
            shape = {"enum": list(arguments)}
        elif isinstance(origin, type) and issubclass(origin, Mapping):
            shape = {"map": self._shape(_members(arguments[1], scope), scope)}
        elif isinstance(origin, type) and issubclass(origin, Sequence):
            shape = {"list": self._shape(_members(arguments[0], scope), scope)}
        elif isinstance(kind, type) and issubclass(kind, enum.Enum):
            shape = {"enum": [member.value for member in kind]}
        elif isinstance(kind, type) and (hasattr(kind, "_pulumi_input_type") or hasattr(kind, "_pulumi_output_type")):
            shape = {"object": self._remember(kind)}
        return shape

    def _remember(self, kind: type) -> str:
        name = f"{kind.__module__}.{kind.__qualname__}"
        if name not in self._schemas.objects:
            self._schemas.objects[name] = ObjectSchema({})  # Types may contain themselves.
            self._schemas.objects[name] = self._object(kind)
        return name


def registered_classes(module: str) -> dict[str, tuple[str, str]]:
    """Map type tokens to the module and class that the SDK registers for them.

    Raises:
        ModuleNotFoundError: the SDK is not installed.
    """
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        message = f"the Python package {module} is not installed"
        raise ModuleNotFoundError(message)
    found: dict[str, tuple[str, str]] = {}
    for node in ast.parse(Path(spec.origin).read_text(encoding="utf-8")).body:
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
            continue
        for keyword in node.value.keywords:
            if keyword.arg == "resource_modules" and isinstance(keyword.value, ast.Constant):
                for entry in json.loads(str(keyword.value.value)):
                    found.update({token: (entry["fqn"], name) for token, name in entry["classes"].items()})
    return found


def properties(kind: type) -> Iterator[tuple[str, Any]]:
    """List the properties of a generated class: the provider's name and the annotation as it is written."""
    for name, python in _names(kind):
        yield name, vars(kind)[python].fget.__annotations__.get("return", Any)


def _names(kind: type) -> Iterator[tuple[str, str]]:
    for python, member in vars(kind).items():
        if isinstance(member, builtins.property) and member.fget is not None:
            name = getattr(member.fget, "_pulumi_name", None)
            if name is not None:
                yield name, python


def _members(annotation: Any, scope: dict[str, Any]) -> list[Any]:
    """The alternatives of an annotation, evaluated, with `Input`, `Output` and awaitables taken off."""
    if isinstance(annotation, typing.ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        # "Output[T]" within pulumi.Input is an alternative that stands for the others.
        return [] if annotation == "Output[T]" else _members(eval(annotation, scope), scope)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in {typing.Union, types.UnionType}:
        return [m for a in arguments if not _is_wrapper(a) for m in _members(a, scope)]
    if _is_wrapper(annotation) and arguments:
        return _members(arguments[0], scope)
    return [annotation]


def _is_wrapper(annotation: Any) -> bool:
    origin = typing.get_origin(annotation)
    return isinstance(origin, type) and (issubclass(origin, Awaitable) or origin.__name__ == "Output")


def _load(file: Path) -> Schemas:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        return Schemas(
            resources={token: ResourceSchema(token, *value) for token, value in document["resources"].items()},
            objects={name: ObjectSchema(*value) for name, value in document["objects"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Schemas()  # Nothing kept yet, or not ours: it is read again from the SDK.


def _save(file: Path, schemas: Schemas) -> None:
    document = {
        "resources": {
            r.token: [r.inputs, r.required, r.outputs, r.optional, r.closed] for r in schemas.resources.values()
        },
        "objects": {name: [o.fields, o.required] for name, o in schemas.objects.items()},
    }
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, json.dumps(document, separators=(",", ":")))
    except OSError:
        return  # A cache that cannot be written costs time, not correctness.
