"""Writing to the simulated OroCRM: what is required, ignored, stamped, refused, and what goes with it."""

from typing import Any

import pytest
from sandbox.oro_api import JSON, OroApi, case_relations, details, errors, resource

from ml_sandbox.testing import ControlRefusedError

READ_ONLY = {"createdAt": "2001-01-01T00:00:00Z", "updatedAt": "2001-01-01T00:00:00Z"}


def refused(
    oro: OroApi, type_name: str, attributes: JSON, **relations: Any
) -> list[tuple[str, str, str | None]]:
    answer = oro.post(type_name, {"data": resource(type_name, attributes, **relations)})
    assert answer.status_code == 400, answer.text
    return errors(answer)


def test_a_case_needs_subject_source_status_and_priority(oro: OroApi) -> None:
    assert refused(oro, "cases", {"description": "d"}, status=None) == [
        ("400", "not blank constraint", "/data/attributes/subject"),
        ("400", "not blank constraint", "/data/relationships/source/data"),
        ("400", "not blank constraint", "/data/relationships/status/data"),
        ("400", "not blank constraint", "/data/relationships/priority/data"),
    ]
    assert refused(oro, "casecomments", {}, case=("cases", "9")) == [
        ("400", "form constraint", "/data/relationships/case/data"),
        ("400", "not blank constraint", "/data/attributes/message"),
    ]
    assert refused(oro, "accounts", {"name": " "}) == [
        ("400", "not blank constraint", "/data/attributes/name")
    ]
    assert refused(oro, "contacts", {"jobTitle": "x"}) == [
        ("400", "has contact information constraint", None)
    ]
    assert [error[2] for error in refused(oro, "users", {})] == [
        f"/data/attributes/{name}" for name in ("username", "email", "firstName", "lastName")
    ]


def test_wrong_values_are_told_with_their_place(oro: OroApi) -> None:
    wrong: JSON = {"subject": "x" * 256, "reportedAt": "yesterday", "ticket": 1, "externalId": ["a"]}
    answer = oro.post(
        "cases", {"data": resource("cases", wrong, **case_relations(assignedTo=("users", "99")))}
    )
    assert sorted(errors(answer), key=str) == [
        ("400", "extra fields constraint", None),
        ("400", "form constraint", "/data/attributes/externalId"),
        ("400", "form constraint", "/data/attributes/reportedAt"),
        ("400", "form constraint", "/data/relationships/assignedTo/data"),
        ("400", "length constraint", "/data/attributes/subject"),
    ]
    assert 'This form should not contain extra fields: "ticket".' in details(answer)
    assert "The entity does not exist." in details(answer)
    assert oro.rows("cases") == []
    assert oro.case(relatedContact=None)["attributes"]["subject"]
    wrong_type = case_relations(relatedContact=("users", "1"))
    assert oro.post("cases", {"data": resource("cases", {"subject": "S"}, **wrong_type)}).status_code == 400


def test_bodies_that_are_none(oro: OroApi) -> None:
    empty = oro.session.post(f"{oro.url}/api/cases", data="", timeout=30)
    assert details(empty) == ["The request data should not be empty."]
    broken = oro.session.post(f"{oro.url}/api/cases", data="{", timeout=30)
    assert errors(broken) == [("400", "bad request http exception", None)]
    assert details(broken)[0].startswith("Invalid json message received")
    half = oro.session.post(f"{oro.url}/api/accounts", data=HALF_A_PAIR, timeout=30)
    assert half.status_code == 400
    assert oro.post("cases", {"data": []}).status_code == 400
    case_id = oro.case()["id"]
    for body in ({"id": "77", "type": "cases"}, {"id": case_id, "type": "contacts"}):
        conflict = oro.call("PATCH", f"/cases/{case_id}", {"data": body})
        assert [error[:2] for error in errors(conflict)] == [("409", "conflict constraint")]


HALF_A_PAIR = '{"data":{"type":"accounts","attributes":{"name":"\\ud83d"}}}'


def test_dates_of_a_case_are_the_servers(oro: OroApi) -> None:
    case = oro.create(
        "cases", {"subject": "S", "reportedAt": "2024-03-10T10:00:00+01:00", **READ_ONLY}, **case_relations()
    )
    attributes = case["attributes"]
    assert attributes["createdAt"] > "2026"
    assert (attributes["updatedAt"], attributes["reportedAt"]) == (None, "2024-03-10T09:00:00Z")
    same = oro.patch("cases", case["id"], {"attributes": {"subject": "S", **READ_ONLY}})
    assert (same.status_code, same.json()["data"]["attributes"]["updatedAt"]) == (200, None)
    comment = oro.create("casecomments", {"message": "m", **READ_ONLY}, case=("cases", case["id"]))
    assert comment["attributes"]["public"] is False
    assert comment["attributes"]["updatedAt"] == comment["attributes"]["createdAt"] > "2026"
    assert oro.record("cases", case["id"])["updatedAt"] is None
    oro.sandbox.control.jump(10)
    changed = oro.patch("casecomments", comment["id"], {"attributes": {"message": "n"}}).json()["data"]
    assert changed["attributes"]["updatedAt"] > changed["attributes"]["createdAt"]
    assert changed["relationships"]["updatedBy"]["data"]["id"] == "1"
    assert oro.record("cases", case["id"])["updatedAt"] is None
    oro.patch("cases", case["id"], {"attributes": {"resolution": "r"}})
    assert oro.record("cases", case["id"])["updatedAt"] is not None


def test_closing_is_stamped_each_time_and_kept_on_reopening(oro: OroApi) -> None:
    def move(status: str, **attributes: Any) -> Any:
        body = resource("cases", attributes, status=("casestatuses", status))
        return oro.patch("cases", "1", body).json()["data"]["attributes"]["closedAt"]

    oro.case()
    first = move("closed")
    assert first > "2026"
    oro.sandbox.control.jump(60)
    assert move("open") == first
    assert move("closed") > first
    assert move("closed", closedAt="2024-01-01T00:00:00Z") == "2024-01-01T00:00:00Z"
    move("open")
    assert move("closed", closedAt="2024-01-02T00:00:00Z") > "2026"
    oro.settings(closed_at="given")
    move("open")
    assert move("closed", closedAt="2024-01-02T00:00:00Z") == "2024-01-02T00:00:00Z"


def test_owner_and_organization_default_to_the_tokens_user(oro: OroApi) -> None:
    relations = oro.case()["relationships"]
    assert [relations[name]["data"]["id"] for name in ("owner", "organization")] == ["1", "1"]
    assert oro.case(owner=("users", "35"))["relationships"]["owner"]["data"]["id"] == "35"


def test_collections_of_a_contact_replace_and_hold_the_primary(oro: OroApi) -> None:
    contact = oro.create("contacts", {"lastName": "C", "primaryEmail": "j@x.com"})
    assert contact["attributes"]["emails"] == [{"email": "j@x.com"}]
    more = {"primaryEmail": "k@x.com", "emails": [{"email": "j@x.com"}, {"email": "k@x.com"}]}
    changed = oro.patch("contacts", "1", {"attributes": more}).json()["data"]["attributes"]
    assert (changed["primaryEmail"], changed["emails"]) == ("k@x.com", more["emails"])
    apart = {"primaryEmail": "z@x.com", "emails": [{"email": "j@x.com"}]}
    assert errors(oro.patch("contacts", "1", {"attributes": apart}))[0][2] == "/data/attributes/primaryEmail"
    oro.patch("contacts", "1", {"attributes": {"emails": [{"email": "only@x.com"}]}})
    assert oro.record("contacts", "1")["primaryEmail"] == "only@x.com"
    texts = oro.patch("contacts", "1", {"attributes": {"emails": ["a@x.com"]}})
    assert errors(texts) == [("400", "form constraint", "/data/attributes/emails")]


def test_what_is_not_confirmed_is_a_setting(oro: OroApi) -> None:
    assert oro.create("accounts", {"name": " A ", "extend_description": ""})["attributes"]["name"] == "A"
    assert oro.record("accounts", "1")["extend_description"] is None
    oro.settings(trim=False)
    assert oro.create("accounts", {"name": " A "})["attributes"]["name"] == " A "
    oro.put("users", {"id": "20", "emails": ["second@acme.example"]})
    assert oro.get("/users/20").json()["data"]["attributes"]["emails"] == ["second@acme.example"]
    oro.settings(user_emails="objects")
    shown = oro.get("/users/20").json()["data"]["attributes"]["emails"]
    assert shown == [{"email": "second@acme.example"}]
    for name in ("extra_filters", "case_attributes", "ext_id_entities"):
        with pytest.raises(ControlRefusedError, match=f"oro.{name} cannot be"):
            oro.settings(**{name: "a b"})


def test_rows_under_control_are_flat_and_stamped_as_the_server_would(oro: OroApi) -> None:
    (case,) = oro.put("cases", {"subject": "S", "status": "closed", "comments": []})
    assert (case["id"], case["owner"], case["updatedAt"]) == ("1", "1", None)
    assert case["createdAt"] == case["reportedAt"] == case["closedAt"]
    (changed,) = oro.put("cases", {"id": "1", "status": "open", "relatedContact": "3"})
    assert (changed["relatedContact"], changed["closedAt"]) == ("3", case["closedAt"])
    assert changed["updatedAt"] >= case["createdAt"]
    (dated,) = oro.put("cases", {"id": "1", "updatedAt": "2024-01-01T00:00:00Z"})
    assert dated["updatedAt"] == "2024-01-01T00:00:00Z"
    (contact,) = oro.put("contacts", {"emails": ["a@x.com", {"email": "b@x.com"}], "accounts": []})
    assert (contact["emails"], contact["primaryEmail"]) == (["a@x.com", "b@x.com"], "a@x.com")
    with pytest.raises(ControlRefusedError, match="Unknown field of cases"):
        oro.put("cases", {"ticket": 1})


def test_external_ids_are_unique_and_of_the_release(oro: OroApi) -> None:
    oro.create("accounts", {"name": "A", "externalId": "77"})
    twice = refused(oro, "accounts", {"name": "B", "externalId": "77"})
    assert twice == [("400", "unique entity constraint", "/data/attributes/externalId")]
    assert refused(oro, "accounts", {"name": "B", "externalId": "x" * 37})[0][1] == "length constraint"
    assert oro.patch("accounts", "1", {"attributes": {"externalId": "77"}}).status_code == 200
    oro.settings(version="6.1")
    assert refused(oro, "accounts", {"name": "B", "externalId": "78"}) == [
        ("400", "extra fields constraint", None)
    ]
    assert "externalId" not in oro.get("/accounts/1").json()["data"]["attributes"]


def test_custom_attributes_of_cases(oro: OroApi) -> None:
    oro.case()
    oro.settings(
        case_attributes="ticket_number:string,due:datetime,hot:boolean", extra_filters="cases.ticket_number"
    )
    values = {"ticket_number": "35436", "due": "2024-01-01T00:00:00Z", "hot": True}
    shown = oro.patch("cases", "1", {"attributes": values}).json()["data"]["attributes"]
    assert {name: shown[name] for name in values} == values
    assert oro.ids("/cases?filter[ticket_number]=35436") == ["1"]
    assert oro.patch("cases", "1", {"attributes": {"hot": "yes"}}).status_code == 400


def test_upserts_work_by_what_the_mapping_declares_unique(oro: OroApi) -> None:
    def upsert(type_name: str, attributes: JSON, by: Any) -> Any:
        return oro.post(type_name, {"data": {**resource(type_name, attributes), "meta": {"upsert": by}}})

    by_id = upsert("contacts", {"firstName": "J"}, True)
    assert errors(by_id) == [("400", "value constraint", "/meta/upsert")]
    assert details(by_id) == ["The upsert operation cannot use the entity identifier to find an entity."]
    by_field = upsert("accounts", {"name": "A", "externalId": "1"}, ["externalId"])
    assert details(by_field) == ["The upsert operation cannot use this field to find an entity."]
    person = {"username": "new", "email": "sam@acme.example", "firstName": "S", "lastName": "T"}
    assert upsert("users", person, ["email"]).status_code == 200
    assert oro.record("users", "35")["username"] == "new"
    oro.settings(extra_upserts="accounts.name")
    assert [upsert("accounts", {"name": "A"}, ["name"]).status_code for _ in range(2)] == [201, 200]
    oro.put("accounts", {"name": "A"})
    assert errors(upsert("accounts", {"name": "A"}, ["name"]))[0][:2] == ("409", "conflict constraint")
    both = {**resource("accounts", {"name": "A"}), "meta": {"upsert": ["name"], "validate": True}}
    assert oro.post("accounts", {"data": both}).status_code == 400
    tried = {**resource("accounts", {"name": "Tried"}), "meta": {"validate": True}}
    assert (oro.post("accounts", {"data": tried}).status_code, len(oro.rows("accounts"))) == (200, 2)
    changed = {"attributes": {"firstName": "K"}, "meta": {"upsert": True}}
    assert errors(oro.patch("users", "35", changed)) == [("400", "value constraint", "/meta/upsert")]
    oro.settings(version="5.1")
    assert upsert("accounts", {"name": "A"}, ["name"]).status_code == 201
    oro.settings(patched=True)
    assert upsert("accounts", {"name": "A"}, ["name"]).status_code == 409


def test_included_records_are_written_with_the_primary_one_or_not_at_all(oro: OroApi) -> None:
    comment = {**resource("casecomments", {"message": "m"}, case=("cases", "c-1")), "id": "n-1"}
    case = {**resource("cases", {"subject": "S"}, **case_relations()), "id": "c-1"}
    saved = oro.post("cases", {"data": case, "included": [comment]}).json()
    assert saved["included"][0]["meta"] == {"includeId": "n-1"}
    assert oro.record("casecomments", saved["included"][0]["id"])["case"] == saved["data"]["id"]
    broken = {**comment, "attributes": {}}
    failed = oro.post("cases", {"data": case, "included": [broken]})
    assert errors(failed) == [("400", "not blank constraint", "/included/0/attributes/message")]
    lonely = oro.post("cases", {"data": {**case, "id": "c-2"}, "included": [comment]})
    assert errors(lonely)[0] == ("400", "request data constraint", "/included/0")
    assert len(oro.rows("cases")) == len(oro.rows("casecomments")) == 1


def test_relationships_have_addresses_of_their_own(oro: OroApi) -> None:
    oro.put("contacts", *({"firstName": name} for name in "ABC"))
    oro.put("accounts", {"name": "A", "contacts": ["1"]})
    address = "/accounts/1/relationships/contacts"
    two_three = {"data": [{"type": "contacts", "id": "2"}, {"type": "contacts", "id": "3"}]}
    assert oro.call("POST", address, two_three).status_code == 204
    assert oro.record("accounts", "1")["contacts"] == ["1", "2", "3"]
    assert oro.call("DELETE", address, {"data": two_three["data"][:1]}).status_code == 204
    assert oro.record("contacts", "3")["accounts"] == ["1"]
    assert oro.call("PATCH", address, {"data": []}).status_code == 204
    assert oro.record("contacts", "3")["accounts"] == []
    wrong = oro.call("POST", address, {"data": [{"type": "contacts", "id": "9"}]})
    assert errors(wrong) == [("400", "form constraint", "/data")]
    case_id = oro.case()["id"]
    comment = oro.create("casecomments", {"message": "m"}, case=("cases", case_id))
    closed = {"data": {"type": "casestatuses", "id": "closed"}}
    assert oro.call("PATCH", f"/cases/{case_id}/relationships/status", closed).status_code == 204
    assert oro.record("cases", case_id)["closedAt"] is not None
    assert oro.call("POST", f"/cases/{case_id}/relationships/status", closed).status_code == 405
    taken = {"data": [{"type": "casecomments", "id": comment["id"]}]}
    assert oro.call("DELETE", f"/cases/{case_id}/relationships/comments", taken).status_code == 204
    assert oro.rows("casecomments") == []


def test_deletes_take_comments_along_and_leave_tickets(oro: OroApi) -> None:
    oro.settings(bundle=True)
    case_id = oro.case()["id"]
    comment = oro.create("casecomments", {"message": "m"}, case=("cases", case_id))
    ticket = oro.create("zendesktickets", {"originId": 2**53 + 1}, relatedCase=("cases", case_id))
    assert ticket["attributes"]["originId"] == str(2**53 + 1)
    oro.create("zendeskticketcomments", {"originId": "5"}, relatedComment=("casecomments", comment["id"]))
    assert oro.ids(f"/zendesktickets?filter[relatedCase]={case_id}") == ["1"]
    assert oro.call("DELETE", f"/cases/{case_id}").status_code == 204
    assert oro.rows("casecomments") == []
    assert oro.record("zendesktickets", "1")["relatedCase"] is None
    assert oro.record("zendeskticketcomments", "1")["relatedComment"] is None
    assert oro.call("DELETE", f"/cases/{case_id}").status_code == 404


def test_lists_are_deleted_by_filter_a_hundred_at_a_time(oro: OroApi) -> None:
    oro.put("accounts", *({"name": str(n)} for n in range(130)))
    assert oro.call("DELETE", "/accounts").status_code == 400
    deleted = oro.call("DELETE", "/accounts?filter[id][gt]=10", headers={"X-Include": "deletedCount"})
    assert (deleted.status_code, deleted.headers["X-Include-Deleted-Count"]) == (204, "100")
    assert len(oro.rows("accounts")) == 30


def test_a_ticket_is_there_once_for_each_channel_and_case(oro: OroApi) -> None:
    oro.settings(bundle=True)
    channel = ("integrationchannels", "1")
    case_id = oro.case()["id"]
    oro.create("zendesktickets", {"originId": "7"}, channel=channel, relatedCase=("cases", case_id))
    for attributes, relations in (
        ({"originId": "7"}, {"channel": channel}),
        ({"originId": "8"}, {"relatedCase": ("cases", case_id)}),
    ):
        twice = oro.post("zendesktickets", {"data": resource("zendesktickets", attributes, **relations)})
        assert [error[:2] for error in errors(twice)] == [("409", "conflict constraint")]


def test_the_native_two_way_sync_exports_what_the_api_writes(oro: OroApi) -> None:
    oro.settings(bundle=True)
    case_id = oro.case()["id"]
    oro.create("zendesktickets", {"originId": "7"}, relatedCase=("cases", case_id))
    oro.patch("cases", case_id, {"attributes": {"subject": "Quiet"}})
    assert oro.rows("native_exports") == []
    oro.settings(native_two_way=True)
    unwatched = resource("cases", {"resolution": "r"}, source=("casesources", "web"))
    oro.patch("cases", case_id, unwatched)
    oro.create("casecomments", {"message": "m"}, case=("cases", case_id))
    assert oro.rows("native_exports") == []
    watched = resource("cases", {"subject": "Loud"}, status=("casestatuses", "closed"))
    oro.patch("cases", case_id, watched)
    (export,) = oro.rows("native_exports")
    assert (export["case"], export["ticket"], export["fields"]) == (case_id, "1", ["subject", "status"])
    oro.case()
    assert len(oro.rows("native_exports")) == 1
