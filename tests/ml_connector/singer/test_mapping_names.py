"""Which raw fields stand behind a mapped field, told from its expression."""

from __future__ import annotations

import pytest
from singer_sdk.mapper import CustomStreamMap

from ml_connector.singer.mapping import StreamMapping
from ml_connector.sync import Field, ObjectSpec

SCHEMA = {
    "properties": {name: {"type": ["string", "object", "null"]} for name in ("name", "city", "address")}
}
SPEC = ObjectSpec("organizations", {"name": Field("name"), "fields.city": Field("fields.city")}, ())


def names(**definition: str) -> dict[str, frozenset[str] | None]:
    transform = CustomStreamMap(
        stream_alias="organizations",
        map_config={},
        faker_config={},
        raw_schema=SCHEMA,
        key_properties=[],
        map_transform={**definition, "__else__": None},
        flattening_options=None,
    )
    return StreamMapping(transform, {**definition, "__else__": None}, SCHEMA).target_fields(SPEC)


@pytest.mark.parametrize(
    ("expression", "behind"),
    [
        ("name", {"name"}),
        ("name.strip() + city", {"name", "city"}),
        ("'constant'", set()),
        ("config['table'].get(city)", {"city"}),
        ("address['street']", {"address.street"}),
        ("address.get('street') or city", {"address.street", "city"}),
        ("[name, {'agents': address['id']}, city]", {"name", "address.id", "city"}),
        ("address.get(city)", {"address", "city"}),
        ("record['name']", {"name"}),
        ("_.get('city')", {"city"}),
        ("record.get(city)", None),
        ("str(record)", None),
        ("self.upper()", {"name"}),
    ],
)
def test_the_fields_behind_an_expression(expression: str, behind: set[str] | None) -> None:
    assert names(name=expression) == {"name": None if behind is None else frozenset(behind)}


def test_each_member_of_a_nested_expression_has_its_own() -> None:
    assert names(fields="{'city': city, 'street': address['street']}") == {
        "fields.city": frozenset({"city"}),
        "fields.street": frozenset({"address.street"}),
    }
