"""docs/sandbox.md names what a new EBS sandbox has."""

from pathlib import Path

from ml_sandbox.ebs.administration import Administration
from ml_sandbox.ebs.catalog import OPERATIONS
from ml_sandbox.ebs.package.definitions import PACKAGE_OPERATIONS
from ml_sandbox.ebs.writing import DELETED, VISIBLE_AFTER

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")


def test_every_user_is_listed_with_password_and_responsibilities() -> None:
    for user in Administration().users.values():
        (line,) = (line for line in TEXT.splitlines() if line.startswith(f"| `{user.name}` |"))
        assert f"`{user.password}`" in line
        for responsibility in user.responsibilities:
            assert f"`{responsibility.key}`, `{responsibility.application}`" in line


def test_every_alias_is_listed_with_its_tables_and_every_operation_is_deployed() -> None:
    deployments = Administration().deployments.values()
    tables = [deployment for deployment in deployments if not deployment.package]
    for deployment in tables:
        (line,) = (line for line in TEXT.splitlines() if line.startswith(f"| `{deployment.alias}` |"))
        listed = set(line.split("|")[2].replace(",", "").split())
        assert listed == {name for name in deployment.operations if not OPERATIONS[name].filtered}
    assert sorted(name for deployment in tables for name in deployment.operations) == sorted(OPERATIONS)


def test_the_package_is_named_with_its_alias_and_all_its_parameters() -> None:
    (deployment,) = (found for found in Administration().deployments.values() if found.package)
    assert f"`{deployment.alias}` is such a one: the PL/SQL package {deployment.package}" in TEXT
    assert set(deployment.operations) == set(PACKAGE_OPERATIONS)
    for operation in PACKAGE_OPERATIONS.values():
        for name in (*operation.parameters, *(collection.name for collection in operation.collections)):
            assert f"`{name}`" in TEXT, name


def test_keys_of_rows_that_are_no_columns_are_listed() -> None:
    assert f"| `{VISIBLE_AFTER}` |" in TEXT
    assert f"| `{DELETED}` |" in TEXT
