"""Which changed source fields stand behind a mapped one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ml_connector.sync.fields import Changed, concerned, reach

NAMES = st.sets(st.sampled_from(["a", "b", "c", "a.x", "a.y", "b.x", "c.z"]))


@given(changed=NAMES, named=NAMES)
def test_those_are_behind_an_expression_that_concern_it_one_by_one(
    changed: set[str], named: set[str]
) -> None:
    expected = sorted(name for name in changed if concerned(named, {name}, reach({name})))
    assert Changed(changed).behind(named) == expected


def test_itself_its_container_and_its_members_are_behind() -> None:
    changed = Changed(["address", "address.city", "name", "names", "phone.first"])
    assert changed.behind(["address.city"]) == ["address", "address.city"]
    assert changed.behind(["address"]) == ["address", "address.city"]
    assert changed.behind(["name", "phone"]) == ["name", "phone.first"]
    assert changed.behind(["phone.second"]) == []
