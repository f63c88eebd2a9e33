"""What tap and target of OroCRM share: flat records, writes, features, batches, faults of records."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from support.oro import case, paths, people, put, rows

from ml_connector.errors import RecordFault, SystemFault
from ml_connector.vendors.oro.batches import Batches
from ml_connector.vendors.oro.client import MEDIA_TYPE, OroClient
from ml_connector.vendors.oro.faults import ApiError, ApiRefusal, TypeMissing, is_gone, record_fault
from ml_connector.vendors.oro.features import Features
from ml_connector.vendors.oro.records import document, flat, resource
from ml_connector.vendors.oro.types import TYPES
from ml_sandbox.testing import RunningSandbox

Open = Callable[..., OroClient]


@pytest.fixture
def client(settings: dict[str, Any]) -> Iterator[Open]:
    with ExitStack() as stack:

        def build(**changes: Any) -> OroClient:
            made = OroClient({**settings, "batch_poll": 0.01, **changes})
            stack.callback(made.close)
            return made

        yield build


CASE = {
    "subject": "Printer on fire",
    "status": "open",
    "priority": "high",
    "source": "other",
    "relatedContact": "1",
    "relatedAccount": None,
    "reportedAt": "2024-03-10T09:00:00Z",
}


def test_a_record_is_written_and_read_back_as_it_was(sandbox: RunningSandbox, client: Open) -> None:
    people(sandbox)
    oro = client()
    made = flat(oro.create("cases", document("cases", CASE)))
    assert {name: made[name] for name in CASE} == CASE
    found = oro.one("cases", made["id"])
    assert found is not None
    assert flat(found) == made
    changed = oro.update("cases", made["id"], document("cases", {"relatedContact": None}, made["id"]))
    assert flat(changed)["relatedContact"] is None
    assert flat(changed)["subject"] == CASE["subject"]
    contact = {"lastName": "Doe", "emails": ["a@x.com", "b@x.com"], "phones": ["1"], "accounts": []}
    assert {**flat(oro.create("contacts", document("contacts", contact))), **contact} == flat(
        next(oro.find("contacts", "emails", ["b@x.com", "c@x.com"])).resources[0]
    )
    assert oro.delete("cases", made["id"])
    assert not oro.delete("cases", made["id"])
    assert oro.one("cases", made["id"]) is None
    writes = sandbox.control.requests("oro", writes_only=True)
    bodies = [request["body"] for request in writes if request["method"] == "PATCH"]
    assert '"subject"' not in str(bodies)


def test_headers_are_exact(sandbox: RunningSandbox, client: Open) -> None:
    sandbox.control.settings(oro={"wrong_media_type": "406"})
    oro = client()
    oro.create("cases", document("cases", CASE | {"relatedContact": None}))
    sent = oro.send("GET", "cases").request.headers
    assert sent["Accept"] == MEDIA_TYPE
    assert sent["X-Include"] == "noHateoas"
    assert "Content-Type" not in sent
    for method in ("POST", "PATCH", "DELETE"):
        answer = oro.send(method, "cases/1" if method != "POST" else "cases", {}, idempotent=True)
        assert answer.request.headers["Content-Type"] == MEDIA_TYPE
        assert answer.status_code != 406
    assert "links" not in oro.get("cases")


@pytest.mark.parametrize(
    ("values", "field", "cause", "said"),
    [
        ({"subject": ""}, "subject", "vendor", "not blank"),
        ({"status": None}, "status", "vendor", "not blank"),
        ({"relatedContact": "999"}, "relatedContact", "vendor", "does not exist"),
        ({"reportedAt": "soon"}, "reportedAt", "vendor", "form constraint"),
        ({"externalId": "taken"}, "externalId", "taken", "unique entity"),
    ],
)
def test_a_refused_record_names_its_field(
    sandbox: RunningSandbox, client: Open, values: dict[str, Any], field: str, cause: str, said: str
) -> None:
    put(sandbox, "cases", case(externalId="taken"))
    with pytest.raises(RecordFault, match=said) as caught:
        client().create("cases", document("cases", CASE | {"relatedContact": None} | values))
    assert (caught.value.field, caught.value.cause) == (field, cause)


def test_a_record_that_is_gone_is_told_from_an_api_that_is_off(sandbox: RunningSandbox, client: Open) -> None:
    oro = client()
    body = document("cases", {"subject": "S"}, "77")
    with pytest.raises(RecordFault) as caught:
        oro.update("cases", "77", body)
    assert is_gone(caught.value)
    sandbox.control.settings(oro={"api_enabled": False})
    for call in (
        lambda: oro.update("cases", "77", body),
        lambda: oro.delete("cases", "77"),
        lambda: oro.one("cases", "77"),
        lambda: oro.create("cases", body),
        lambda: next(oro.pages("cases")),
    ):
        with pytest.raises(TypeMissing) as off:
            call()
        assert "Web API" in off.value.fix


def test_a_role_that_may_not_write_stops_the_run_or_the_record(sandbox: RunningSandbox, client: Open) -> None:
    sandbox.control.settings(oro={"denied_actions": "cases.create"})
    oro = client()
    with pytest.raises((ApiRefusal, RecordFault)) as caught:
        oro.create("cases", document("cases", CASE | {"relatedContact": None}))
    assert "Roles" in caught.value.fix


def test_values_become_resources() -> None:
    values = {"originId": "17", "status": "open", "collaborators": ["1", "2"], "relatedCase": "", "id": "9"}
    made = resource("zendesktickets", values, "9", meta={"update": True})
    assert made == {
        "type": "zendesktickets",
        "meta": {"update": True},
        "id": "9",
        "attributes": {"originId": "17"},
        "relationships": {
            "status": {"data": {"type": "zendeskticketstatuses", "id": "open"}},
            "collaborators": {
                "data": [{"type": "zendeskusers", "id": "1"}, {"type": "zendeskusers", "id": "2"}]
            },
            "relatedCase": {"data": None},
        },
    }
    custom = resource("cases", {"mood": "good", "note": "x"}, links={"mood": "moods"})
    assert custom["relationships"] == {"mood": {"data": {"type": "moods", "id": "good"}}}
    assert custom["attributes"] == {"note": "x"}
    assert flat({**made, "id": 9}, without=["collaborators"]) == {
        "id": "9",
        "originId": "17",
        "status": "open",
        "relatedCase": None,
    }


FEATURES: dict[str, tuple[bool, bool, bool]] = {  # external id, upsert, synchronous batch
    "5.1": (False, False, False),
    "6.0": (False, True, False),
    "6.1": (False, True, True),
    "7.0.2": (True, True, True),
}


@pytest.mark.parametrize("version", FEATURES)
def test_features_are_those_of_the_version(
    sandbox: RunningSandbox, client: Open, version: str, caplog: pytest.LogCaptureFixture
) -> None:
    external, upsert, synchronous = FEATURES[version]
    sandbox.control.settings(oro={"version": version, "extra_filters": "accounts.updatedAt"})
    before = {kind: sandbox.control.rows("oro", kind) for kind in ("contacts", "users", "cases")}
    oro = client()
    features = Features(oro)
    for _ in range(2):
        assert [features.has_external_id(kind) for kind in ("cases", "casecomments")] == [external, False]
        assert [features.batches(kind) for kind in ("contacts", "accounts", "cases")] == [True, True, False]
        assert features.upserts("users", ["email"]) == upsert
        assert not features.upserts("cases", ["externalId"])
        assert features.filters("contacts", "updatedAt")
        assert features.filters("accounts", "updatedAt")
        assert not features.filters("cases", "updatedAt")
        assert not features.has("zendeskusers")
    answer = Batches(oro).send("contacts", [resource("contacts", {"lastName": "A"})], synchronous=True)
    assert bool(answer.resources) == synchronous
    features.learn_synchronous(done=answer.operation is None)
    assert features.synchronous is synchronous
    with caplog.at_level(logging.INFO):
        features.say()
    (line,) = [text for text in map(logging.LogRecord.getMessage, caplog.records) if "server's" in text]
    assert f"filter cases.externalId: {'yes' if external else 'no'}" in line
    assert len(paths(sandbox, "filter%5BexternalId%5D")) == 1
    after = {kind: sandbox.control.rows("oro", kind) for kind in before}
    assert {**after, "contacts": []} == {**before, "contacts": []}


def test_features_can_be_decided_by_settings(sandbox: RunningSandbox, client: Open) -> None:
    sandbox.control.settings(oro={"bundle": True, "extra_actions": "cases.update_list"})
    features = Features(client(external_ids="off", batch="off"))
    assert not features.has_external_id("cases")
    assert not features.batches("contacts")
    assert paths(sandbox, "/api/") == []
    assert [Features(client(batch=way)).synchronous for way in ("sync", "async", "auto")] == [
        True,
        False,
        None,
    ]
    asked = Features(client())
    assert asked.batches("cases")
    assert all(asked.has(kind) for kind in TYPES)


def test_a_batch_of_an_operation_lists_what_failed(sandbox: RunningSandbox, client: Open) -> None:
    sandbox.control.settings(oro={"chunk_seconds": 0})
    batches = Batches(client())
    names = [{"lastName": f"N{number}"} for number in range(150)]
    names[3], names[120] = {"lastName": "N", "source": "nowhere"}, {"jobTitle": "no name"}
    made = [resource("contacts", values) for values in names]
    answer = batches.send("contacts", made, synchronous=False)
    assert answer.operation is not None
    ended = batches.wait(answer.operation)
    assert (ended.status, ended.error_count) == ("success", 2)
    errors = batches.errors(answer.operation)
    assert sorted((error.index, error.field) for error in errors) == [(3, "source"), (120, None)]
    assert record_fault(errors[:1]).field == errors[0].field
    stored = {row["lastName"] for row in rows(sandbox, "contacts").values()}
    assert stored == {f"N{number}" for number in range(150)} - {"N3", "N120"}


def test_a_batch_at_once_is_all_or_nothing(sandbox: RunningSandbox, client: Open) -> None:
    batches = Batches(client())
    first, second = batches.send(
        "accounts", [resource("accounts", {"name": name}) for name in "ab"], synchronous=True
    ).resources
    changes = [
        resource("accounts", {"name": name}, each["id"], meta={"update": True})
        for name, each in (("x", first), ("", second))
    ]
    refused = batches.send("accounts", changes, synchronous=True)
    assert [(error.index, error.field) for error in refused.errors] == [(1, "name")]
    assert [row["name"] for row in rows(sandbox, "accounts").values()] == ["a", "b"]
    with pytest.raises(ApiRefusal, match="not allowed") as caught:
        batches.send("cases", [resource("cases", CASE)], synchronous=True)
    assert caught.value.status == 405


def test_a_batch_that_nobody_works_on_is_a_fault_of_the_server(sandbox: RunningSandbox, client: Open) -> None:
    sandbox.control.settings(oro={"consumer_running": False})
    batches = Batches(client(batch_timeout=0.05))
    answer = batches.send("contacts", [resource("contacts", {"lastName": "A"})], synchronous=False)
    assert answer.operation is not None
    with pytest.raises(SystemFault, match="still new") as caught:
        batches.wait(answer.operation)
    assert "message consumer" in caught.value.fix


def test_errors_are_read_in_every_form() -> None:
    plain = ApiError.of("odd", 400)
    assert (plain.title, plain.field, plain.index) == ("odd", None, None)
    included = ApiError.of({"status": "x", "source": {"pointer": "/included/1/attributes/name"}}, 422)
    assert (included.status, included.field, included.index) == (422, None, None)
    deep = ApiError.of({"source": {"pointer": "/data/12/attributes/emails/0/email"}}, 400)
    assert (deep.field, deep.index) == ("emails", 12)
    whole = ApiError.of({"source": {"pointer": "/data/3"}}, 400)
    assert (whole.field, whole.index) == (None, 3)
