"""What a user of Zoho's SDK writes first: upserts of Accounts on the unique field, so many in a request.

Usage: zoho_upserts.py FILE SIZE, where FILE has a JSON object a line: an Account by API names. The client
and its refresh token come from the environment; the SDK keeps token and field definitions in the folder.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zohocrmsdk.src.com.zoho.api.authenticator.oauth_token import (  # type: ignore[import-not-found]  # peer's
    OAuthToken,
)
from zohocrmsdk.src.com.zoho.crm.api.dc import USDataCenter  # type: ignore[import-not-found]  # as above
from zohocrmsdk.src.com.zoho.crm.api.initializer import Initializer  # type: ignore[import-not-found]  # same
from zohocrmsdk.src.com.zoho.crm.api.record import (  # type: ignore[import-not-found]  # as above
    BodyWrapper,
    Record,
    RecordOperations,
    SuccessResponse,
)

KEY = "JDE_Address_Number"


def main(file: str, size: str) -> int:
    token = OAuthToken(
        client_id=os.environ["ZOHO_CLIENT_ID"],
        client_secret=os.environ["ZOHO_CLIENT_SECRET"],
        refresh_token=os.environ["ZOHO_REFRESH_TOKEN"],
    )
    Initializer.initialize(environment=USDataCenter.PRODUCTION(), token=token, resource_path=str(Path.cwd()))
    operations = RecordOperations("Accounts")
    failed = 0
    with Path(file).open(encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        while batch := list(itertools.islice(rows, int(size))):
            for problem in upsert(operations, batch):
                failed += 1
                print(problem, file=sys.stderr)
    return 1 if failed else 0


def upsert(operations: Any, rows: list[dict[str, Any]]) -> Iterator[str]:
    """Write them; gives what was refused."""
    body = BodyWrapper()
    body.set_data([record(row) for row in rows])
    body.set_duplicate_check_fields([KEY])
    body.set_trigger([])
    answer = operations.upsert_records(body).get_object()
    if not hasattr(answer, "get_data"):
        yield f"{answer.get_code().get_value()}: {answer.get_message()}"
        return
    for item in answer.get_data():
        if not isinstance(item, SuccessResponse):
            yield f"{item.get_code().get_value()}: {item.get_details()}"


def record(row: dict[str, Any]) -> Any:
    made = Record()
    for name, value in row.items():
        made.add_key_value(name, value)
    return made


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
