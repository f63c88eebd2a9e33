"""docs/sandbox.md names what a new EBS sandbox has."""

from pathlib import Path

from ml_sandbox.ebs.administration import Administration
from ml_sandbox.ebs.catalog import OPERATIONS, TABLES
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
    for deployment in deployments:
        (line,) = (line for line in TEXT.splitlines() if line.startswith(f"| `{deployment.alias}` |"))
        listed = set(line.split("|")[2].replace(",", "").split())
        assert listed == set(deployment.operations) & set(TABLES)
    assert sorted(name for deployment in deployments for name in deployment.operations) == sorted(OPERATIONS)


def test_keys_of_rows_that_are_no_columns_are_listed() -> None:
    assert f"| `{VISIBLE_AFTER}` |" in TEXT
    assert f"| `{DELETED}` |" in TEXT
