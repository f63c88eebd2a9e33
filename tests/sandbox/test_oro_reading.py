"""Reading from the simulated OroCRM: filters, order, pages, sparse fields, inclusion, relationships."""

from typing import Any

from sandbox.oro_api import OroApi, details, errors, resource

NO_FILTERS = [
    ("cases", "updatedAt"),
    ("cases", "createdAt"),
    ("cases", "subject"),
    ("casecomments", "updatedAt"),
    ("accounts", "updatedAt"),
    ("users", "updatedAt"),
    ("zendesktickets", "originId"),
    ("zendesktickets", "externalId"),
]


def test_what_has_no_index_has_neither_filter_nor_order(oro: OroApi) -> None:
    for type_name, field in NO_FILTERS:
        oro.settings(bundle=True, extra_filters="")
        check_missing_filter(oro, type_name, field)


def check_missing_filter(oro: OroApi, type_name: str, field: str) -> None:
    refused = oro.get(f"/{type_name}?filter[{field}]=1&sort=-{field}")
    assert errors(refused) == [
        ("400", "filter constraint", f"filter[{field}]"),
        ("400", "sort constraint", "sort"),
    ]
    assert details(refused) == [
        f'Filter "filter[{field}]" is not supported.',
        f'Sorting by "{field}" field is not supported.',
    ]
    oro.settings(extra_filters=f"{type_name}.{field}")
    assert oro.get(f"/{type_name}?filter[{field}][exists]=yes&sort=-{field}").status_code == 200


def test_a_case_that_was_never_updated_passes_no_filter_of_updates(oro: OroApi) -> None:
    oro.settings(extra_filters="cases.updatedAt")
    oro.put("cases", case_row("1"), case_row("2", updatedAt="2024-05-01T00:00:00Z"))
    assert oro.record("cases", "1")["updatedAt"] is None
    assert oro.ids("/cases?filter[updatedAt][gte]=2020-01-01") == ["2"]
    assert oro.ids("/cases?filter[updatedAt][neq_or_null]=2024-05-01") == ["1"]


def case_row(row_id: str, **values: Any) -> dict[str, Any]:
    return {"id": row_id, "subject": "S", "status": "open", "priority": "low", "source": "web", **values}


FILTERED = [
    ("filter[id]=1,3", "1 3"),
    ("filter[id]=2..3", "2 3"),
    ("filter[id][gt]=1&filter[id][lte]=3", "2 3"),
    ("filter[id][neq]=2", "1 3 4"),
    ("filter[status]=open,resolved", "1 3"),
    ("filter[relatedContact]=7", "2"),
    ("filter[relatedContact][exists]=false", "1 3 4"),
    ("filter[relatedContact][neq]=8", "2"),
    ("filter[externalId]=a,c", "1 3"),
    ("filter[externalId][neq]=a", "3"),
    ("filter[reportedAt][gte]=2024-02", "2 3 4"),
    ("filter[reportedAt][gt]=2024-02", "4"),
    ("filter[reportedAt][lt]=2024-02-01T00:00:00Z", "1"),
    ("filter[reportedAt]=2024-02", "2 3"),
    ("filter[reportedAt]=2024-02-10T01:00:00%2B01:00", "2"),
    ("filter[reportedAt]=2024-01-31..2024-02-10", "1 2"),
    ("filter[reportedAt][lte]=2024-02&filter[status]=open", "1"),
    ("filter[comments]=1", "1"),
    ("sort=-reportedAt,id", "4 3 2 1"),
    ("sort=status&filter[id][lt]=4", "2 1 3"),
    ("sort=assignedTo&filter[id][gt]=1", "4 3 2"),
]


def test_filters_compare_as_documented(oro: OroApi) -> None:
    oro.put("contacts", {"id": "7", "firstName": "J"})
    oro.put(
        "cases",
        case_row("1", reportedAt="2024-01-31T23:59:59Z", externalId="a"),
        case_row("2", reportedAt="2024-02-10T00:00:00Z", status="closed", relatedContact="7"),
        case_row("3", reportedAt="2024-02-29T00:00:00Z", status="resolved", externalId="c", assignedTo="20"),
        case_row("4", reportedAt="2024-03-01T00:00:00Z", status="in_progress", assignedTo="1"),
    )
    oro.put("casecomments", {"id": "1", "case": "1", "message": "m"})
    found = {query: " ".join(oro.ids(f"/cases?{query}")) for query, _ in FILTERED}
    assert found == dict(FILTERED)


WRONG = [
    ("filter[id]=aaa", "unexpected value exception", 'Expected integer value. Given "aaa".'),
    ("filter[id]=1,a", "unexpected value exception", 'Expected an array of integers. Given "1,a".'),
    ("filter[owner]=admin", "unexpected value exception", 'Expected integer value. Given "admin".'),
    ("filter[reportedAt]=soon", "unexpected value exception", 'Expected datetime value. Given "soon".'),
    ("filter[reportedAt]=2024-01-01T00:00:00+01:00", "unexpected value exception", None),
    ("filter[externalId][gt]=a", "filter constraint", 'The operator "gt" is not supported.'),
    ("filter[owner.id]=1", "filter constraint", 'Filter "filter[owner.id]" is not supported.'),
    ("page[size]=x", "unexpected value exception", 'Expected integer value. Given "x".'),
    ("page[number]=0", "filter constraint", None),
    ("page[limit]=5", "filter constraint", 'Filter "page[limit]" is not supported.'),
    ("fields[tickets]=a", "filter constraint", 'Filter "fields[tickets]" is not supported.'),
    ("include=nobody", "filter constraint", None),
    ("limit=5", "filter constraint", 'Filter "limit" is not supported.'),
]


def test_wrong_queries_are_refused(oro: OroApi) -> None:
    for query, title, detail in WRONG:
        refused = oro.get(f"/cases?{query}")
        assert [error[:2] for error in errors(refused)] == [("400", title)], query
        assert detail is None or details(refused) == [detail], query
    oro.settings(version="6.1")
    assert errors(oro.get("/cases?filter[externalId]=a"))[0][1] == "filter constraint"


def test_a_comma_separates_only_where_the_field_says_so(oro: OroApi) -> None:
    oro.put(
        "contacts",
        {"id": "1", "primaryEmail": "a@x.com", "emails": ["a@x.com", "a2@x.com"]},
        {"id": "2", "primaryEmail": "b@x.com"},
    )
    assert oro.ids("/contacts?filter[primaryEmail]=a@x.com") == ["1"]
    assert oro.ids("/contacts?filter[primaryEmail]=a@x.com,b@x.com") == []
    assert oro.ids("/contacts?filter[emails]=a2@x.com,b@x.com") == ["1", "2"]
    assert oro.ids("/contacts?filter[emails]=A2@x.com") == []
    oro.settings(ignore_case=True)
    assert oro.ids("/contacts?filter[emails]=A2@x.com") == ["1"]
    assert oro.ids("/users?filter[email]=admin@acme.example,sam@acme.example") == []


def test_pages_and_their_links(oro: OroApi) -> None:
    oro.put("accounts", *({"name": f"A{n}"} for n in range(1, 24)))
    first = oro.get("/accounts", {"X-Include": "totalCount"})
    assert len(first.json()["data"]) == 10
    assert first.headers["X-Include-Total-Count"] == "23"
    assert first.json()["links"].keys() == {"self", "next"}
    second = oro.session.get(first.json()["links"]["next"], timeout=30)
    assert second.json()["links"].keys() == {"self", "first", "prev", "next"}
    third = oro.session.get(second.json()["links"]["next"], timeout=30)
    assert [item["id"] for item in third.json()["data"]] == ["21", "22", "23"]
    assert "next" not in third.json()["links"]
    assert "X-Include-Total-Count" not in third.headers
    assert len(oro.ids("/accounts?page[size]=-1")) == 23
    assert oro.ids("/accounts?filter[id][gt]=20&sort=id&page[size]=2") == ["21", "22"]
    bare = oro.get("/accounts?page[size]=1", {"X-Include": "noHateoas;totalCount"}).json()
    assert "links" not in bare
    assert "links" not in bare["data"][0]
    oro.settings(max_entities=20)
    for size in (21, -1):
        refused = oro.get(f"/accounts?page[size]={size}")
        assert details(refused) == ["The value should be less than or equals to 20."]


def test_sparse_fields_and_inclusion(oro: OroApi) -> None:
    oro.put("contacts", {"id": "3", "firstName": "Jerry", "emails": ["j@x.com"]})
    oro.case(relatedContact=("contacts", "3"), assignedTo=("users", "20"))
    query = "include=relatedContact,assignedTo,comments&fields[users]=email&fields[contacts]=firstName,emails"
    whole = oro.get(f"/cases?{query}").json()
    assert [(item["type"], item["id"]) for item in whole["included"]] == [("contacts", "3"), ("users", "20")]
    assert whole["included"][0]["attributes"] == {"firstName": "Jerry", "emails": [{"email": "j@x.com"}]}
    assert "relationships" not in whole["included"][1]
    sparse = oro.get(f"/cases?{query}&fields[cases]=subject,assignedTo").json()
    assert sparse["data"][0]["attributes"].keys() == {"subject"}
    assert sparse["data"][0]["relationships"].keys() == {"assignedTo"}
    assert [item["type"] for item in sparse["included"]] == ["users"]
    titled = oro.get("/cases/1?meta=title").json()["data"]
    assert titled["meta"] == {"title": "Printer on fire"}
    assert errors(oro.get("/casecomments?meta=title")) == [("400", "filter constraint", "meta")]


def test_relations_of_a_record(oro: OroApi) -> None:
    oro.settings(max_related_entities=2)
    case_id = oro.case()["id"]
    for n in range(3):
        oro.create("casecomments", {"message": f"m{n}"}, case=("cases", case_id))
    held = oro.get(f"/cases/{case_id}").json()["data"]["relationships"]["comments"]["data"]
    assert held == [{"type": "casecomments", "id": "1"}, {"type": "casecomments", "id": "2"}]
    assert oro.ids(f"/cases/{case_id}/comments?page[size]=5") == ["1", "2", "3"]
    assert oro.get(f"/cases/{case_id}/owner").json()["data"]["attributes"]["username"] == "admin"
    assert oro.get(f"/cases/{case_id}/relationships/status").json()["data"]["id"] == "open"
    assert oro.get(f"/cases/{case_id}/relatedContact").json()["data"] is None
    assert oro.get(f"/cases/{case_id}/nothing").status_code == 404
    assert errors(oro.get("/cases/99")) == [("404", "not found http exception", None)]
    assert details(oro.get("/cases/99")) == ["An entity with the requested identifier does not exist."]


def test_dictionaries_are_listed_with_their_order(oro: OroApi) -> None:
    statuses = oro.get("/casestatuses?sort=order").json()["data"]
    assert [(item["id"], item["attributes"]) for item in statuses] == [
        ("open", {"label": "Open", "order": 1}),
        ("in_progress", {"label": "In Progress", "order": 2}),
        ("resolved", {"label": "Resolved", "order": 3}),
        ("closed", {"label": "Closed", "order": 4}),
    ]
    assert oro.get("/casesources?sort=order").status_code == 400


def test_external_ids_stand_for_ids_where_an_administrator_listed_the_type(oro: OroApi) -> None:
    external = {"X-Integration-Type": "ext_id"}
    oro.put("accounts", {"name": "Hidden"}, {"name": "A", "externalId": "X-1"})
    assert [item["id"] for item in oro.get("/accounts", external).json()["data"]] == ["1", "2"]
    oro.settings(ext_id_entities="accounts")
    (account,) = oro.get("/accounts?filter[id]=X-1", external).json()["data"]
    assert (account["id"], account["attributes"]["dbId"]) == ("X-1", 2)
    assert [item["id"] for item in oro.get("/accounts", external).json()["data"]] == ["X-1"]
    created = oro.post("accounts", {"data": {**resource("accounts", {"name": "B"}), "id": "X-2"}}, **external)
    assert created.json()["data"]["attributes"]["externalId"] == "X-2"
    changed = oro.patch("accounts", "X-2", {"attributes": {"name": "C"}}, **external)
    assert (changed.status_code, oro.record("accounts", "3")["name"]) == (200, "C")
    case = oro.case(relatedAccount=("accounts", "2"))
    shown = oro.get(f"/cases/{case['id']}", external).json()["data"]["relationships"]["relatedAccount"]
    assert shown["data"] == {"type": "accounts", "id": "X-1"}
    assert oro.get("/accounts/1", external).status_code == 404
