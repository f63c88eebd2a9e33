"""Batches of the simulated OroCRM: operations of the message consumer, and at once."""

from sandbox.oro_api import JSON, OroApi, details, errors, resource, wait

SYNC = {"X-Mode": "sync"}


def account(name: str | None, **more: object) -> JSON:
    return {**resource("accounts", {"name": name}), **more}


def operation_errors(oro: OroApi, operation_id: str) -> list[JSON]:
    found: list[JSON] = oro.get(f"/asyncoperations/{operation_id}/errors?page[size]=-1").json()["data"]
    return found


def test_an_operation_saves_what_is_good_and_lists_what_is_bad(oro: OroApi) -> None:
    oro.put("accounts", {"id": "5", "name": "Old"})
    update = {"id": "5", "meta": {"update": True}}
    contact = {**resource("contacts", {}), "id": "k"}
    holder = {**resource("accounts", {"name": "H"}, contacts=[("contacts", "k")])}
    unknown = account("X", id="9", meta={"update": True})
    data = [account("New"), account("Renamed", **update), account(None), unknown, {"attributes": {}}, holder]
    sent = oro.batch("accounts", *data, included=[contact])
    operation = sent.json()["data"]
    assert sent.headers["Content-Location"] == f"{oro.url}/api/asyncoperations/{operation['id']}"
    assert (operation["attributes"]["status"], operation["attributes"]["summary"]) == ("new", None)
    done = oro.finished(sent)
    counts = {"readCount": 6, "writeCount": 2, "errorCount": 4, "createCount": 1, "updateCount": 1}
    assert counts.items() <= done["summary"].items()
    assert (done["progress"], done["entityType"]) == (1, "accounts")
    assert [row["name"] for row in oro.rows("accounts")] == ["Renamed", "New"]
    told = operation_errors(oro, operation["id"])
    assert [item["id"] for item in told] == [f"{operation['id']}-1-{n}" for n in range(1, 5)]
    places = [(item["attributes"]["status"], item["attributes"]["source"]["pointer"]) for item in told]
    assert places == [
        (400, "/data/2/attributes/name"),
        (404, "/data/3"),
        (400, "/data/4/type"),
        (400, "/included/0"),
    ]


def test_pointers_count_in_the_whole_request_and_chunks_keep_no_order(oro: OroApi) -> None:
    oro.settings(chunk_size=2)
    done = oro.finished(
        oro.batch("accounts", account("A"), account("B"), account("C"), account(None), account("E"))
    )
    assert done["summary"]["writeCount"] == 4
    assert [row["name"] for row in oro.rows("accounts")] == ["E", "C", "A", "B"]
    (told,) = operation_errors(oro, "1")
    assert (told["id"], told["attributes"]["source"]) == ("1-2-1", {"pointer": "/data/3/attributes/name"})


def test_without_a_consumer_operations_stay_new_until_there_is_one(oro: OroApi) -> None:
    oro.settings(consumer_running=False)
    sent = oro.batch("contacts", resource("contacts", {"firstName": "J"}))
    oro.sandbox.control.jump(600)
    waiting = oro.get("/asyncoperations/1").json()["data"]["attributes"]
    assert (waiting["status"], waiting["progress"], oro.rows("contacts")) == ("new", 0, [])
    late = oro.batch("contacts", resource("contacts", {"firstName": "K"}), headers=SYNC)
    assert late.status_code == 202
    oro.settings(consumer_running=True)
    oro.finished(sent)
    oro.finished(late)
    assert len(oro.rows("contacts")) == 2
    oro.sandbox.control.jump(31 * 86_400)
    assert oro.get("/asyncoperations/1").status_code in {401, 404}
    oro.sign_in()
    assert oro.get("/asyncoperations/1").status_code == 404


def test_an_operation_runs_for_a_while(oro: OroApi) -> None:
    oro.sandbox.control.settings(time_scale=1)
    oro.settings(chunk_seconds=100, chunk_size=1)
    oro.batch("accounts", account("A"), account("B"))
    oro.sandbox.control.jump(110)
    running = oro.get("/asyncoperations/1").json()["data"]["attributes"]
    assert (running["status"], running["progress"], running["summary"]["readCount"]) == ("running", 0.5, 1)
    oro.sandbox.control.jump(100)
    assert oro.get("/asyncoperations/1").json()["data"]["attributes"]["status"] == "success"


def test_faults_of_operations(oro: OroApi) -> None:
    oro.sandbox.control.faults({"system": "oro", "fault": "job_partial", "rows": [1], "details": "Locked."})
    oro.finished(oro.batch("accounts", account("A"), account("B")))
    assert operation_errors(oro, "1")[0]["attributes"]["detail"] == "Locked."
    oro.sandbox.control.faults({"system": "oro", "fault": "job_stuck", "method": "PATCH"})
    oro.batch("accounts", account("C"))
    oro.sandbox.control.jump(600)
    assert oro.get("/asyncoperations/2").json()["data"]["attributes"]["status"] == "new"
    assert [row["name"] for row in oro.rows("accounts")] == ["A"]


def test_at_once_is_all_or_nothing_and_in_order(oro: OroApi) -> None:
    done = oro.batch("accounts", account("A", id="n1"), account("B", id="n2"), headers=SYNC)
    assert done.status_code == 200
    assert [item["meta"]["dataId"] for item in done.json()["data"]] == ["n1", "n2"]
    assert [row["name"] for row in oro.rows("accounts")] == ["A", "B"]
    update = {"id": "1", "meta": {"update": True}}
    failed = oro.batch("accounts", account("Z", **update), account(None), headers=SYNC)
    assert errors(failed) == [("400", "not blank constraint", "/data/1/attributes/name")]
    assert oro.record("accounts", "1")["name"] == "A"
    many = oro.batch("accounts", *(account(str(n)) for n in range(101)), headers=SYNC)
    assert errors(many) == [("400", "request data constraint", None)]
    assert details(many)[0].startswith("The data limit for the synchronous operation exceeded.")
    assert oro.batch("accounts", account("C"), headers={"X-Mode": "fast"}).status_code == 400


def test_what_has_no_batch_and_which_release_has_it_at_once(oro: OroApi) -> None:
    for type_name in ("cases", "casecomments", "users"):
        assert errors(oro.batch(type_name, {})) == [("405", "action not allowed exception", None)]
    oro.settings(extra_actions="casecomments.update_list")
    assert oro.batch("casecomments", resource("casecomments", {})).status_code == 202
    statuses = {}
    for version, patched in (("5.1", True), ("6.0", False), ("6.0", True), ("6.1", False)):
        oro.settings(version=version, patched=patched)
        statuses[version, patched] = oro.batch("accounts", account("A"), headers=SYNC).status_code
    assert list(statuses.values()) == [202, 202, 200, 200]
    wait(lambda: {"rows": len(oro.rows("accounts"))}, lambda found: found["rows"] == 4)
