"""Names of parameters and operations, corrected by the WADL; reading by GET of servers that ignore them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.raw_streams import ReadRaw, catalog_of
from support.scripted_gateway import ScriptedGateway, wadl
from support.scripted_package import terms
from support.scripted_server import ScriptedServer
from support.tap_run import run_process

from ml_connector.errors import SystemFault
from ml_sandbox.testing import RunningSandbox
from tap_oracle_ebs.catalog.tables import TABLES
from tap_oracle_ebs.gateway.descriptions import NotUnderstood, columns_of, service_of
from tap_oracle_ebs.reading.selection import Selection
from tap_oracle_ebs.tap import TapOracleEbs

USUAL = ("select", "filter", "sort", "limit", "offset")
CONTEXT = ("ctx_responsibility", "ctx_respapplication", "ctx_securitygroup", "ctx_nlslanguage", "ctx_orgid")
ROWS = terms(3)


@pytest.fixture
def scripted(settings: dict[str, Any]) -> Iterator[tuple[ScriptedServer, ReadRaw]]:
    with ScriptedServer() as server:
        yield server, ReadRaw({**settings, "base_url": server.url, "auth_mode": "basic", "org_ids": [204]})


def read(
    scripted: tuple[ScriptedServer, ReadRaw], description: str | None, **changes: Any
) -> ScriptedGateway:
    server, raw = scripted
    gateway = server.route = ScriptedGateway(description, ROWS)
    assert len(raw("ra_terms", **changes).records("ra_terms")) == 3
    return gateway


def test_other_names_that_the_wadl_declares_are_used(scripted: tuple[ScriptedServer, ReadRaw]) -> None:
    names = ("fields", "FILTER", "orderBy", "max_rows", "start", "CTX_RESPONSIBILITY", "ctx_org_id")
    gateway = read(scripted, wadl(("RA_TERMS", "GET", names)))
    assert set(names) - set(gateway.last) == {"start"}
    assert gateway.last["fields"].startswith("TERM_ID,")
    assert gateway.last["ctx_org_id"] == "204"
    # What the WADL does not declare keeps its usual name.
    assert gateway.last["ctx_nlslanguage"] == "AMERICAN"
    assert gateway.descriptions == 1


def test_the_usual_names_stay_where_they_are_declared_or_nothing_is(
    scripted: tuple[ScriptedServer, ReadRaw],
) -> None:
    for declared in ((*USUAL, *CONTEXT, "fields"), ()):
        gateway = read(scripted, wadl(("RA_TERMS", "GET", declared)))
        assert {"select", "filter", "sort", "limit", *CONTEXT} == set(gateway.last)


def test_a_setting_of_the_user_wins(scripted: tuple[ScriptedServer, ReadRaw]) -> None:
    gateway = read(
        scripted,
        wadl(("RA_TERMS", "GET", ("fields", "q", "sort", "limit", "offset", "ctx_org_id"))),
        select_parameter="columns",
        sort_parameter="",
        context_names={"Org_Id": "unit"},
    )
    assert {"columns", "q", "limit", "unit"} <= set(gateway.last)
    assert not {"fields", "sort", "ctx_org_id"} & set(gateway.last)


@pytest.mark.parametrize("description", [None, "<html>Sign in</html>", "no XML", wadl()])
def test_a_wadl_that_cannot_be_read_does_no_harm_and_is_asked_for_once(
    scripted: tuple[ScriptedServer, ReadRaw], description: str | None
) -> None:
    gateway = read(scripted, description)
    assert {"select", "filter", "sort", "limit"} < set(gateway.last)
    assert gateway.descriptions == 1


def test_no_wadl_is_read_where_that_is_off(scripted: tuple[ScriptedServer, ReadRaw]) -> None:
    gateway = read(scripted, wadl(("RA_TERMS", "GET", ("fields",))), read_wadl=False)
    assert gateway.descriptions == 0
    assert "select" in gateway.last


def test_an_operation_is_called_as_the_wadl_writes_it(scripted: tuple[ScriptedServer, ReadRaw]) -> None:
    gateway = read(scripted, wadl(("ra_terms", "GET", USUAL)))
    assert {name for name, _ in gateway.reads} == {"ra_terms"}


def test_an_operation_that_is_not_there_is_named_with_those_that_are(
    scripted: tuple[ScriptedServer, ReadRaw],
) -> None:
    with pytest.raises(SystemFault, match=r"no operation RA_TERMS .* names AP_TERMS, HZ_PARTIES\."):
        read(scripted, wadl(("HZ_PARTIES", "GET", ()), ("AP_TERMS", "GET", ())))


def test_an_operation_that_is_deployed_for_post_alone_is_named(
    scripted: tuple[ScriptedServer, ReadRaw],
) -> None:
    with pytest.raises(SystemFault, match="deployed for POST, not for GET") as caught:
        read(scripted, wadl(("RA_TERMS", "POST", ())))
    assert "access: plsql" in caught.value.fix


def test_the_names_of_a_site_are_found_without_a_setting(
    sandbox: RunningSandbox, settings: dict[str, Any], tmp_path: Path
) -> None:
    sandbox.control.settings(
        ebs={"select_parameter": "fields", "organization_parameter": "ctx_org_id", "limit_parameter": "rows"}
    )
    own = {**settings, "org_ids": [204], "page_size": 10}
    catalog = tmp_path / "catalog.json"
    catalog.write_text(json.dumps(catalog_of(own, "hz_parties")))
    run = run_process("tap-oracle-ebs", tmp_path, own, None, "--catalog", str(catalog))
    assert run.code == 0
    assert len(run.records("hz_parties")) == len(sandbox.control.rows("ebs", "HZ_PARTIES"))
    assert "the query parameter select is named fields in the WADL" in run.errors


def test_a_server_that_ignores_the_limit_is_named(scripted: tuple[ScriptedServer, ReadRaw]) -> None:
    server, raw = scripted
    server.route = ScriptedGateway(None, ROWS)
    with pytest.raises(SystemFault, match=r"RA_TERMS ignores the query parameter 'limit'"):
        raw("ra_terms", page_size=2)


@pytest.mark.parametrize("control", ["filter", "sort", "offset"])
@pytest.mark.parametrize("stream", ["hz_parties", "hz_relationships"])
def test_a_server_that_ignores_what_it_is_asked_is_named_for_any_key(
    sandbox: RunningSandbox, settings: dict[str, Any], control: str, stream: str
) -> None:
    sandbox.control.settings(ebs={f"ignore_{control}": True})
    table = TABLES[stream.upper()]
    rows = sandbox.control.rows("ebs", table.name)
    assert len(rows) > 25
    # Where no order counts, rows come as they were put in: the least key last.
    sandbox.control.put_rows("ebs", table.name, [{**rows[0], table.key[0]: 1}])
    selections = {
        "filter": Selection(keys=(tuple(rows[0][name] for name in table.key),)),
        "sort": Selection(dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.datetime.now(dt.UTC)),
        "offset": Selection(),
    }
    tap = TapOracleEbs(config={**settings, "page_size": 10, "paging": "offset"})
    with pytest.raises(SystemFault, match=f"{table.name} ignores the query parameter '{control}'"):
        list(tap.reader.read(table, selections[control]))
    tap.close()


def test_text_keys_are_quoted_in_filters(sandbox: RunningSandbox, settings: dict[str, Any]) -> None:
    odd = {
        "FROM_CURRENCY": "EUR",
        "TO_CURRENCY": "USD",
        "CONVERSION_DATE": "2026-11-01T00:00:00",
        "CONVERSION_TYPE": "O'Neil, Spot",
        "CONVERSION_RATE": "1.5",
    }
    sandbox.control.put_rows("ebs", "GL_DAILY_RATES", [odd])
    given = "EUR~USD~2026-11-01T04:00:00Z~O'Neil, Spot"
    (record,) = ReadRaw(settings)("gl_daily_rates", keys=[given]).records("gl_daily_rates")
    assert str(record["conversion_rate"]) == "1.5"
    with pytest.raises(SystemFault, match="no key value with a comma"):
        ReadRaw(settings)("gl_daily_rates", keys=[given], access="plsql")
    sandbox.control.clear("ebs", "GL_DAILY_RATES")


def test_a_wadl_is_read_as_it_is_written() -> None:
    service = service_of(wadl(("A_ALL", "GET", ("select",)), ("B", "POST", ())).encode())
    assert service.operations == {"A_ALL": {"GET": ("select",)}, "B": {"POST": ()}}
    assert service.named("a_all") == "A_ALL"
    assert service.named("C") is None


@pytest.mark.parametrize("document", [b"", b"<a/>", b"no", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_a_document_of_another_kind_is_refused(document: bytes) -> None:
    with pytest.raises(NotUnderstood):
        service_of(document)
    with pytest.raises(NotUnderstood):
        columns_of(document, ("A",))
