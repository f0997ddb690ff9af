"""What is taken without the models is what the models take, and read the same."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from platform_pulumi.declarations.schemas import document, field_checks, generation
from platform_pulumi.declarations.schemas.field_checks import SHAPES

NAMES = ["", "a", "a-b", "a-", "-a", "A", "1a", "a_b", "_a", "\u00e9", "a\n", "a b", "a" * 50, "a" * 51, "a" * 64]
KEYWORDS = [
    "<=",
    "in",
    "string",
    "auto_apply",
    "5m",
    "5",
    "5\u0665m",
    "platform/v1",
    "infrastructure",
    "name",
    "optional",
]
WORDS = st.sampled_from([*NAMES, *KEYWORDS])
VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats(allow_nan=False) | WORDS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)


def same(read: Any, model: Any) -> bool:
    """Whether a plainly read shape says what its model's instance says."""
    if isinstance(model, BaseModel):
        return isinstance(read, SimpleNamespace) and all(
            same(getattr(read, name), getattr(model, name)) for name in type(model).model_fields
        )
    if isinstance(model, list) and isinstance(read, list):
        return len(model) == len(read)  # dependencies are read again by hand
    return bool(read == model) and type(read) is type(model)


def test_the_checks_are_those_of_the_models() -> None:
    written = Path(field_checks.__file__).read_text(encoding="utf-8")
    assert written == generation.source(), "write them anew: make fields"


@pytest.mark.parametrize("shape", SHAPES)
def test_every_field_is_known(shape: str) -> None:
    model: type[BaseModel] = getattr(document, shape)
    read = SHAPES[shape].accept({})
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    if required:
        assert read is None
        assert all(SHAPES[shape].accept(dict.fromkeys(required - {missing}, "a")) is None for missing in required)
    else:
        assert read is not None
        assert set(vars(read)) == set(model.model_fields)


@settings(max_examples=60)
@given(data=st.data())
@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_is_taken_that_the_model_refuses(shape: str, data: st.DataObject) -> None:
    model: type[BaseModel] = getattr(document, shape)
    names = st.sampled_from(sorted(model.model_fields)) | WORDS
    given_values = data.draw(st.dictionaries(names, VALUES, max_size=4))
    read = SHAPES[shape].accept(given_values)
    if read is None:
        return
    try:
        expected = model.model_validate(given_values)
    except ValidationError as error:
        pytest.fail(f"{given_values} was taken: {error}")
    assert same(read, expected)


@pytest.mark.parametrize(
    ("shape", "data"),
    [
        ("CapabilityEntry", {"name": "a", "type": "database", "dependsOn": ["b", {"name": "c", "optional": True}]}),
        ("OutputEntry", {"name": "db_url", "source": "db.endpoint", "type": "credential_ref"}),
        ("ConstraintEntry", {"field": "memory", "operator": "not_in", "value": ["1Gi"]}),
        ("StateShape", {"backend": "file://", "secrets_provider": {"infrastructure": "awskms://a"}}),
        ("TiersShape", {"infrastructure": {"labels": {"a": "b"}}, "application": {"applications": {"a": {}}}}),
        ("PlatformShape", {"org": "a", "environment": "b-1", "app": {"n": 1}, "execution": {"lock_timeout": "10m"}}),
    ],
)
def test_what_is_right_is_taken(shape: str, data: dict[str, Any]) -> None:
    assert SHAPES[shape].accept(data) is not None
    assert getattr(document, shape).model_validate(data)
