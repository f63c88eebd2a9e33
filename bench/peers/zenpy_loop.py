"""What a user of zenpy writes first: one upsert for each customer, one for its contact.

Usage: zenpy_loop.py FILE [SINCE], where FILE has a JSON object a line and SINCE leaves out what was
changed before. The account's name and credentials come from the environment, as for any such script.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from zenpy import Zenpy  # type: ignore[import-untyped]  # the package has no type information
from zenpy.lib.api_objects import Organization, User  # type: ignore[import-untyped]  # as above
from zenpy.lib.exception import APIException  # type: ignore[import-untyped]  # as above


def main(file: str, since: str = "") -> int:
    client = Zenpy(
        subdomain=os.environ["ZENDESK_SUBDOMAIN"],
        email=os.environ["ZENDESK_EMAIL"],
        token=os.environ["ZENDESK_API_TOKEN"],
    )
    failed = 0
    with Path(file).open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["updated_at"] <= since:
                continue
            try:
                upsert(client, row)
            except APIException as error:
                failed += 1
                print(f"{row['account_number']}: {error}", file=sys.stderr)
    return 1 if failed else 0


def upsert(client: Zenpy, row: dict[str, str]) -> None:
    organization = client.organizations.create_or_update(
        Organization(
            external_id=row["account_number"],
            name=row["name"],
            organization_fields={"ebs_city": row["city"]},
        )
    )
    client.users.create_or_update(
        User(
            external_id=row["contact_number"],
            name=row["contact_name"],
            email=row["email"],
            organization_id=organization.id,
            user_fields={"ebs_title": row["title"]},
            skip_verify_email=True,
        )
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
