"""Which forms the value of a reference may have, and what is said of any other."""

from __future__ import annotations

from typing import Any

import pytest

from ml_connector.errors import RecordFault
from ml_connector.singer.validation import Validator
from ml_connector.sync import Field, ObjectSpec

FIELDS = (Field.reference("requester", "users"), Field.reference("followers", "users", many=True))
CHECK = Validator(ObjectSpec("tickets", {field.name: field for field in FIELDS}, ())).check


@pytest.mark.parametrize(
    "value",
    [12, "12", None, [], [12, "a@b.c", None], {"agents": 20}, [{"agents": "20"}, {"users": None}, "id:7"]],
)
def test_identity_and_candidates_are_taken(value: Any) -> None:
    CHECK({"requester": value})


@pytest.mark.parametrize("value", [True, 1.5, [[12]], [True], {"agents": [20]}, [{"agents": {"id": 20}}]])
def test_other_forms_are_refused_by_the_name_of_the_field(value: Any) -> None:
    with pytest.raises(RecordFault, match=r"^requester") as refused:
        CHECK({"requester": value})
    assert refused.value.cause == "invalid"


@pytest.mark.parametrize("value", [None, [], [12, "13", {"agents": 20}, ["a@b.c", {"agents": 1}]]])
def test_many_take_the_forms_of_one_for_each_member(value: Any) -> None:
    CHECK({"followers": value})


@pytest.mark.parametrize("value", [12, "12", {"agents": 20}, [[[12]]], [True]])
def test_many_are_a_list(value: Any) -> None:
    with pytest.raises(RecordFault, match=r"^followers"):
        CHECK({"followers": value})
