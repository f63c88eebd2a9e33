"""What a site names otherwise: paths, context, forms of dates; and settings that name nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.raw_streams import ReadRaw
from support.scripted_gateway import ScriptedGateway
from support.scripted_package import ScriptedPackage, terms
from support.scripted_server import ScriptedServer

from ml_connector.errors import SystemFault
from tap_oracle_ebs.business.options import Options
from tap_oracle_ebs.tap import TapOracleEbs

ROWS = terms(3)
Scripted = tuple[ScriptedServer, ReadRaw]


@pytest.fixture
def scripted(settings: dict[str, Any]) -> Iterator[Scripted]:
    with ScriptedServer() as server:
        own = {**settings, "base_url": server.url, "auth_mode": "basic", "org_ids": [204]}
        yield server, ReadRaw(own)


def terms_read(scripted: Scripted, **changes: Any) -> list[str]:
    """Read RA_TERMS by GET; give the paths that were asked, without the WADL."""
    server, raw = scripted
    server.route = ScriptedGateway(None, changes.pop("rows", ROWS))
    assert len(raw("ra_terms", **changes).records("ra_terms")) == 3
    return [each.path for each in server.received if not each.path.endswith("?WADL")]


def test_the_path_of_a_table_is_a_setting(scripted: Scripted) -> None:
    (path,) = {
        path.partition("?")[0] for path in terms_read(scripted, table_path="v2/{alias}/of/{operation}")
    }
    assert path == "/webservices/rest/v2/custtables/of/RA_TERMS"


def test_the_path_of_the_package_is_a_setting(scripted: Scripted) -> None:
    server, raw = scripted
    server.route = ScriptedPackage(ROWS)
    run = raw("ra_terms", access="plsql", package_path="plsql/{operation}/{alias}/")
    assert len(run.records("ra_terms")) == 3
    assert {each.path for each in server.received} == {"/webservices/rest/plsql/ra_terms/mlread/"}


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
def test_security_group_and_language_go_with_every_call(scripted: Scripted, access: str) -> None:
    server, raw = scripted
    server.route = ScriptedPackage(ROWS) if access == "plsql" else ScriptedGateway(None, ROWS)
    raw("ra_terms", access=access, security_group="VISION", language="GERMAN")
    calls = [each for each in server.received if not each.path.endswith("?WADL")]
    assert calls
    for call in calls:
        if access == "rest_get":
            assert "ctx_securitygroup=VISION&ctx_nlslanguage=GERMAN" in call.path
        else:
            header = call.json["RA_TERMS_Input"]["RESTHeader"]
            assert (header["SecurityGroup"], header["NLSLanguage"]) == ("VISION", "GERMAN")


def test_the_mask_of_dates_in_answers_is_a_setting(scripted: Scripted) -> None:
    server, raw = scripted
    rows = [{**row, "LAST_UPDATE_DATE": "20-NOV-2026 10:11:12"} for row in ROWS]
    server.route = ScriptedGateway(None, rows)
    with pytest.raises(SystemFault, match="LAST_UPDATE_DATE") as caught:
        raw("ra_terms")
    assert "`answer_date_mask`" in caught.value.fix
    records = raw("ra_terms", answer_date_mask="DD-MON-YYYY HH24:MI:SS").records("ra_terms")
    assert {record["last_update_date"] for record in records} == {"2026-11-20T15:11:12Z"}


@pytest.mark.parametrize(
    ("name", "value", "access"),
    [
        ("table_path", "{alais}/{operation}/", "rest_get"),
        ("table_path", "{alias/", "rest_get"),
        ("table_path", "{0}/", "rest_get"),
        ("sort_item", "{columns} ASC", "rest_get"),
        ("package_path", "{alias}/{table}/", "plsql"),
    ],
)
def test_a_placeholder_that_is_none_is_named(scripted: Scripted, name: str, value: str, access: str) -> None:
    server, raw = scripted
    server.route = ScriptedPackage(ROWS) if access == "plsql" else ScriptedGateway(None, ROWS)
    with pytest.raises(SystemFault, match=f"`{name}`") as caught:
        raw("ra_terms", access=access, **dict[str, Any]({name: value}))
    assert "Placeholders" in caught.value.fix


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("aliases", {"hz_locations": "x"}, "HZ_LOCATIONS"),
        ("operations", {"HZ_PARTYS": "x"}, "HZ_PARTIES"),
        ("stream_access", {"customer": "plsql"}, "customers"),
        ("package_operations", {"HZ_PARTIES": "x"}, "hz_parties"),
        ("package_parameters", {"P_LIMITS": "P_ROWS"}, "P_LIMIT"),
        ("package_collections", {"X_MORE": "X_HAS_MORE"}, "X_HAS_MORE"),
    ],
)
def test_a_name_that_stands_for_nothing_is_refused(
    settings: dict[str, Any], name: str, value: dict[str, str], meant: str
) -> None:
    with pytest.raises(SystemFault, match=f"`{name}` names '{next(iter(value))}'") as caught:
        TapOracleEbs(config={**settings, name: value}).streams  # noqa: B018 - discovery looks at them
    assert f"Did you mean {meant}?" in caught.value.fix


def test_an_empty_currency_is_none_and_an_empty_list_is_refused() -> None:
    assert (
        Options.from_settings({"summary_currency": "", "credit_currency": "", "rate_type": ""}) == Options()
    )
    assert Options.from_settings({"document_limit": 0, "validate_gl": False}) == Options(
        document_limit=0, validate_gl=False
    )
    for name in ("po_types", "po_statuses"):
        for listed in ([], [""], ["STANDARD,BLANKET"]):
            with pytest.raises(SystemFault, match=f"`{name}`"):
                Options.from_settings({name: listed})
