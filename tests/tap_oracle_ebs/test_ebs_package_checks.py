"""`--check` of a site that reads through the package."""

from __future__ import annotations

from typing import Any

from support.raw_streams import catalog_of

from ml_sandbox.testing import RunningSandbox
from tap_oracle_ebs.tap import TapOracleEbs


def test_checks_of_the_package_pass_or_name_what_is_wrong(
    sandbox: RunningSandbox, settings: dict[str, Any]
) -> None:
    own = {**settings, "access": "plsql"}
    catalog = catalog_of(own, "ra_terms", "hz_parties")
    good = TapOracleEbs(config=own, catalog=catalog)
    checks = {check.check: check for check in good.checks()}
    good.close()
    assert all(check.ok for check in checks.values()), checks
    assert {"login", "gateway", "package ra_terms", "package hz_parties", "clock"} <= set(checks)
    assert "ACTIVE" in checks["gateway"].detail
    bad = TapOracleEbs(
        config={
            **own,
            "server_timezone": "Pacific/Honolulu",
            "package_operations": {"ra_terms": "no_such"},
        },
        catalog=catalog,
    )
    failed = {check.check: check for check in bad.checks() if not check.ok}
    bad.close()
    assert set(failed) == {"package ra_terms", "package server_timezone"}
    assert all(check.fix for check in failed.values())


def test_a_health_check_that_is_not_deployed_does_no_harm(
    sandbox: RunningSandbox, settings: dict[str, Any]
) -> None:
    sandbox.control.settings(ebs={"provider_deployed": False})
    tap = TapOracleEbs(config=settings)
    found = {check.check: check for check in tap.checks()}
    tap.close()
    assert found["gateway"].ok
    assert "not deployed" in found["gateway"].detail
