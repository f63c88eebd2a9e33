"""Streams on their way through `stream_maps`: which target field comes from which source fields.

The SDK's mapper transforms records; what it does not tell is read here from the configuration: the
syntax tree of each expression names the source fields behind it, also inside a nested mapping.
"""

from __future__ import annotations

import ast
import fnmatch
import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from singer_sdk.mapper import CustomStreamMap, RemoveRecordTransform, StreamMap

from ml_connector.errors import RecordFault
from ml_connector.sync import CREATE_FLAG, ObjectSpec

_WHOLE_RECORD = frozenset({"record", "_"})
_REMOVED = (None, "__NULL__")
_OPTIONS = frozenset({"__alias__", "__source__", "__key_properties__", "__filter__", "__else__"})


class StreamMapping:
    """One way of a stream into one object: the SDK's map, and what it is made of."""

    def __init__(
        self, transform: StreamMap, definition: Mapping[str, Any] | None, schema: Mapping[str, Any]
    ) -> None:
        self.transform = transform
        self.object_name = transform.stream_alias
        self.key_properties: list[str] = list(transform.transformed_key_properties or [])
        self.has_own_key = bool(definition) and bool((definition or {}).get("__key_properties__"))
        self._definition = dict(definition or {})
        self._raw_fields = frozenset(schema.get("properties", {}))
        self._named = self._named_fields()
        self._reduced: dict[frozenset[str], StreamMap] = {}

    @cached_property
    def creates_some(self) -> bool:
        """Whether `_ml_create` looks at the record; otherwise another stream creates, or none does."""
        expression = self._definition.get(CREATE_FLAG)
        if expression in _REMOVED:
            return CREATE_FLAG in self._raw_fields
        names = self._names(ast.parse(str(expression), mode="eval").body, CREATE_FLAG)
        return names is None or bool(names)

    @cached_property
    def creates_none(self) -> bool:
        """Whether `_ml_create` is true for no record: the stream adds to what another one creates."""
        expression = self._definition.get(CREATE_FLAG)
        if expression in _REMOVED:
            return False
        tree = ast.parse(str(expression), mode="eval").body
        if self.creates_some or isinstance(tree, ast.Constant):
            return not _may_be_true(tree)
        return not self._evaluated(str(expression))

    def _evaluated(self, expression: str) -> Any:
        """The value of an expression that names no field, such as one of `config`; true where it has none."""
        transform = self.transform
        if not isinstance(transform, CustomStreamMap):
            return True
        only = CustomStreamMap(
            stream_alias=transform.stream_alias,
            map_config=transform.map_config,
            faker_config=transform.faker_config,
            raw_schema=transform.raw_schema,
            key_properties=[],
            map_transform={CREATE_FLAG: expression, "__key_properties__": [CREATE_FLAG], "__else__": None},
            flattening_options=transform.flattening_options,
            stream_name=transform.stream_name,
        )
        try:
            return (only.transform({}) or {}).get(CREATE_FLAG, True)
        except Exception:  # an expression may raise anything; each record then says so by itself
            return True

    @property
    def removes(self) -> bool:
        """Whether the configuration drops the stream here."""
        return isinstance(self.transform, RemoveRecordTransform)

    def target_fields(self, spec: ObjectSpec) -> dict[str, frozenset[str] | None]:
        """Flat target field -> the source fields its expression names; None where any may be behind it."""
        fields: dict[str, frozenset[str] | None] = {}
        for name in self.transform.transformed_schema.get("properties", {}):
            expression = self._definition.get(name)
            if expression in _REMOVED:
                self._pass_through(name, spec, fields)
            else:
                fields.update(self._of_expression(name, str(expression), spec))
        return fields

    def _pass_through(self, name: str, spec: ObjectSpec, fields: dict[str, frozenset[str] | None]) -> None:
        nested = self.transform.transformed_schema["properties"][name].get("properties")
        if nested and name not in spec.fields:
            fields.update({f"{name}.{inner}": frozenset({name}) for inner in nested})
        else:
            fields[name] = frozenset({name})

    def _of_expression(
        self, name: str, expression: str, spec: ObjectSpec
    ) -> dict[str, frozenset[str] | None]:
        tree = ast.parse(expression, mode="eval").body
        if isinstance(tree, ast.Dict) and name not in spec.fields:
            return {
                f"{name}.{key.value}": self._names(value, name)
                for key, value in zip(tree.keys, tree.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
        return {name: self._names(tree, name)}

    def _names(self, tree: ast.AST, own: str) -> frozenset[str] | None:
        names: set[str] = set()
        waiting: list[ast.AST] = [tree]
        while waiting:
            node = waiting.pop()
            if (member := self._member(node)) is not None:
                names.add(member)
            elif isinstance(node, ast.Name):
                if self._is_record(node.id):
                    return None
                names.add(own if node.id == "self" else node.id)
            else:
                waiting += ast.iter_child_nodes(node)
        return frozenset(name for name in names if name.partition(".")[0] in self._raw_fields)

    def _is_record(self, name: str) -> bool:
        return name in _WHOLE_RECORD and name not in self._raw_fields

    def _member(self, node: ast.AST) -> str | None:
        """What `container['field']` or `container.get('field')` names; a member of `record` is a field."""
        if isinstance(node, ast.Subscript):
            owner, key = node.value, node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and len(node.args) == 1:
            owner, key = node.func.value, node.args[0]
            if node.func.attr != "get":
                return None
        else:
            return None
        if (
            not isinstance(owner, ast.Name)
            or not isinstance(key, ast.Constant)
            or not isinstance(key.value, str)
        ):
            return None
        if self._is_record(owner.id):
            return key.value
        return f"{owner.id}.{key.value}" if owner.id in self._raw_fields else None

    # Records that lack a field: what is made from it is not mapped, so never written

    def _named_fields(self) -> frozenset[str]:
        """The raw fields that any expression names."""
        expressions = [(name, text) for name, text in self._definition.items() if isinstance(text, str)]
        found: set[str] = set()
        for name, text in expressions:
            if name not in _OPTIONS and text not in _REMOVED:
                found |= self._fields(ast.parse(text, mode="eval").body, name)
        return frozenset(found)

    def _fields(self, tree: ast.AST, own: str) -> set[str]:
        """The raw fields behind an expression, containers whole; none where any may be behind it."""
        return {name.partition(".")[0] for name in self._names(tree, own) or ()}

    def _without(self, missing: frozenset[str]) -> StreamMap:
        transform = self.transform
        if not isinstance(transform, CustomStreamMap):
            return transform
        if missing not in self._reduced:
            definition = {name: self._reduce(name, text, missing) for name, text in self._definition.items()}
            for option in ("__alias__", "__source__"):
                definition.pop(option, None)
            self._reduced[missing] = CustomStreamMap(
                stream_alias=transform.stream_alias,
                map_config=transform.map_config,
                faker_config=transform.faker_config,
                raw_schema=transform.raw_schema,
                key_properties=transform.raw_key_properties,
                map_transform=definition,
                flattening_options=transform.flattening_options,
                stream_name=transform.stream_name,
            )
        return self._reduced[missing]

    def _reduce(self, name: str, expression: Any, missing: frozenset[str]) -> Any:
        """The expression without what is made from missing fields; None takes the field out."""
        if name in _OPTIONS or name in self.key_properties or expression in _REMOVED:
            return expression
        tree = ast.parse(expression, mode="eval").body
        if isinstance(tree, ast.Dict):
            items = zip(tree.keys, tree.values, strict=True)
            kept = [(key, value) for key, value in items if missing.isdisjoint(self._fields(value, name))]
            tree.keys, tree.values = [key for key, _ in kept], [value for _, value in kept]
            return ast.unparse(tree) if kept else None
        return expression if missing.isdisjoint(self._fields(tree, name)) else None

    def expressions(self) -> dict[str, str]:
        """Target field -> digest of its expression: shows that the mapping changed."""
        return {
            name: hashlib.blake2b(str(expression).encode(), digest_size=8).hexdigest()
            for name, expression in self._definition.items()
        }

    def apply(self, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        """The mapped record, None where the mapping filters it out.

        Raises:
            RecordFault: an expression failed on this record.
        """
        try:
            missing = frozenset(self._named - raw.keys())
            if missing:
                return self._without(missing).transform({**dict.fromkeys(missing), **raw})
            return self.transform.transform(dict(raw))
        except Exception as error:  # an expression may raise anything: it is the user's
            cause = error.__cause__ or error
            raise RecordFault(
                f"The mapping into {self.object_name} failed: {type(cause).__name__}: {cause}.",
                cause="mapping",
                fix="Mend the expression in stream_maps, then replay.",
            ) from None


def _may_be_true(tree: ast.AST) -> bool:
    """Whether an expression has a branch that is not plainly false."""
    if isinstance(tree, ast.Constant):
        return bool(tree.value)
    if isinstance(tree, ast.IfExp):
        return _may_be_true(tree.body) or _may_be_true(tree.orelse)
    return True


def definitions(stream: str, stream_maps: Mapping[str, Any]) -> Iterator[Mapping[str, Any] | None]:
    """The definition behind each of the mapper's maps of a stream, in the mapper's order."""
    primary: Mapping[str, Any] | None = None
    others: list[Mapping[str, Any]] = []
    for name, definition in stream_maps.items():
        source = definition.get("__source__", name) if isinstance(definition, Mapping) else name
        if name.startswith("__") or not (stream == source or fnmatch.fnmatch(stream, source)):
            continue
        if isinstance(definition, Mapping) and "__source__" in definition:
            others.append(definition)
        else:
            primary = definition if isinstance(definition, Mapping) else None
    yield primary
    yield from others


def flatten(mapped: Mapping[str, Any], spec: ObjectSpec) -> dict[str, Any]:
    """Nested containers as flat names: `{"user_fields": {"city": x}}` becomes `user_fields.city`."""
    flat: dict[str, Any] = {}
    for name, value in mapped.items():
        if isinstance(value, Mapping) and name not in spec.fields:
            flat.update({f"{name}.{inner}": item for inner, item in value.items()})
        else:
            flat[name] = value
    return flat


def unflatten(flat: Mapping[str, Any]) -> dict[str, Any]:
    """The nested form again, as vendors want it."""
    nested: dict[str, Any] = {}
    for name, value in flat.items():
        container, dot, inner = name.partition(".")
        if dot:
            nested.setdefault(container, {})[inner] = value
        else:
            nested[name] = value
    return nested
