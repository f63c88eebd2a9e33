"""What a site of some years has and generated tables lack: cancelled parts, split terms, odd contacts."""

from __future__ import annotations

import random
from typing import Any

from support.ebs_business import rows

from ml_sandbox.testing import RunningSandbox

Result = list[dict[str, Any]]


def make_odd(sandbox: RunningSandbox) -> None:
    """Give the generated tables what a site of some years has: cancelled parts, split terms, odd contacts."""
    pick = random.Random(5)
    put = sandbox.control.put_rows
    lines = some(pick, rows(sandbox, "PO_LINES_ALL"), 60)
    put("ebs", "PO_LINES_ALL", [{"PO_LINE_ID": row["PO_LINE_ID"], "CANCEL_FLAG": "Y"} for row in lines])
    shipments = some(pick, rows(sandbox, "PO_LINE_LOCATIONS_ALL"), 120)
    put(
        "ebs",
        "PO_LINE_LOCATIONS_ALL",
        [
            {
                "LINE_LOCATION_ID": row["LINE_LOCATION_ID"],
                "QUANTITY_CANCELLED": pick.choice([1, 2.5, None]),
                "PRICE_OVERRIDE": pick.choice([None, "0.333333", 19.99]),
                "PROMISED_DATE": None,
            }
            for row in shipments
        ],
    )
    put(
        "ebs",
        "PO_HEADERS_ALL",
        [
            {"PO_HEADER_ID": row["PO_HEADER_ID"], name: value}
            for row, (name, value) in zip(
                some(pick, rows(sandbox, "PO_HEADERS_ALL"), 40),
                [("TYPE_LOOKUP_CODE", "BLANKET"), ("CLOSED_CODE", None), ("CURRENCY_CODE", "EUR")] * 20,
                strict=False,
            )
        ],
    )
    spoil_invoices(sandbox, pick)
    spoil_sales(sandbox, pick)
    spoil_contacts(sandbox, pick)
    put("ebs", "GL_DAILY_RATES", rates())
    spoil_addresses(sandbox, random.Random(6))


_BILL_TO: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"PRIMARY_FLAG": "N"}, {}),
    ({"STATUS": "I"}, {"PRIMARY_FLAG": "N"}),
]
"""What happens to the first of two bill-to uses, and what the second one is."""
_PROFILES: list[dict[str, Any]] = [{"STANDARD_TERMS": None}, {"STATUS": "I"}]


def spoil_addresses(sandbox: RunningSandbox, pick: random.Random) -> None:
    """Give accounts a second bill-to use, that is primary or follows an ended one; further limits too."""
    uses = [row for row in rows(sandbox, "HZ_CUST_SITE_USES_ALL") if row["SITE_USE_CODE"] == "BILL_TO"]
    places = sandbox.control.rows("ebs", "HZ_PARTY_SITES")
    sites = {row["CUST_ACCT_SITE_ID"]: row for row in rows(sandbox, "HZ_CUST_ACCT_SITES_ALL")}
    old, new_sites, new_uses = [], [], []
    for number, use in enumerate(some(pick, uses, 60)):
        before, after = _BILL_TO[number % 3]
        old.append({"SITE_USE_ID": use["SITE_USE_ID"], **before})
        site = {**sites[use["CUST_ACCT_SITE_ID"]], "CUST_ACCT_SITE_ID": 9_000_000 + number}
        new_sites.append({**site, "PARTY_SITE_ID": pick.choice(places)["PARTY_SITE_ID"]})
        moved = {"SITE_USE_ID": 9_500_000 + number, "CUST_ACCT_SITE_ID": 9_000_000 + number}
        new_uses.append({**use, **moved, "PRIMARY_FLAG": "Y", "STATUS": "A", **after})
    put = sandbox.control.put_rows
    put("ebs", "HZ_CUST_SITE_USES_ALL", [*old, *new_uses])
    put("ebs", "HZ_CUST_ACCT_SITES_ALL", new_sites)
    profiles = some(pick, sandbox.control.rows("ebs", "HZ_CUSTOMER_PROFILES"), 40)
    put(
        "ebs",
        "HZ_CUSTOMER_PROFILES",
        [
            {"CUST_ACCOUNT_PROFILE_ID": row["CUST_ACCOUNT_PROFILE_ID"], **change}
            for row, change in zip(profiles, _PROFILES * 20, strict=False)
        ],
    )
    limits = some(pick, sandbox.control.rows("ebs", "HZ_CUST_PROFILE_AMTS"), 40)
    put(
        "ebs",
        "HZ_CUST_PROFILE_AMTS",
        [
            {**row, "CUST_ACCT_PROFILE_AMT_ID": 9_700_000 + number, "CURRENCY_CODE": currency}
            for number, (row, currency) in enumerate(zip(limits, ["AUD", "ZAR"] * 20, strict=False))
        ],
    )


def some(pick: random.Random, found: Result, count: int) -> Result:
    """Some of the rows, at most a third of them."""
    return pick.sample(found, min(count, len(found) // 3))


def rates() -> Result:
    return [
        {
            "FROM_CURRENCY": currency,
            "TO_CURRENCY": to,
            "CONVERSION_DATE": f"{date}T00:00:00",
            "CONVERSION_TYPE": kind,
            "CONVERSION_RATE": rate,
        }
        for currency, to, date, kind, rate in (
            ("EUR", "USD", "2020-01-01", "Corporate", "1.0850"),
            ("EUR", "USD", "2026-09-15", "Corporate", "1.115555"),
            ("EUR", "USD", "2026-10-01", "Spot", "9"),
            ("GBP", "USD", "2026-06-01", "Corporate", "1.27"),
            ("USD", "EUR", "2020-01-01", "Corporate", "0.9"),
        )
    ]


def spoil_invoices(sandbox: RunningSandbox, pick: random.Random) -> None:
    put = sandbox.control.put_rows
    invoices = some(pick, rows(sandbox, "AP_INVOICES_ALL"), 90)
    put(
        "ebs",
        "AP_INVOICES_ALL",
        [{"INVOICE_ID": row["INVOICE_ID"], "PARTY_ID": None} for row in invoices[:40]]
        + [
            {"INVOICE_ID": row["INVOICE_ID"], "CANCELLED_DATE": "2026-01-05T00:00:00"}
            for row in invoices[40:50]
        ]
        + [{"INVOICE_ID": row["INVOICE_ID"], "INVOICE_CURRENCY_CODE": "EUR"} for row in invoices[50:70]],
    )
    put(
        "ebs",
        "AP_PAYMENT_SCHEDULES_ALL",
        [
            {
                "INVOICE_ID": row["INVOICE_ID"],
                "PAYMENT_NUM": 2,
                "DUE_DATE": due,
                "AMOUNT_REMAINING": left,
                "ORG_ID": row["ORG_ID"],
            }
            for row, (due, left) in zip(
                invoices,
                [("2026-11-01T00:00:00", 10.01), ("2027-03-01T00:00:00", 0), ("2025-01-01T00:00:00", -3)]
                * 30,
                strict=False,
            )
        ],
    )
    charges = some(pick, rows(sandbox, "AP_INVOICE_DISTRIBUTIONS_ALL"), 30)
    spoiled: Result = [{"DIST_CODE_COMBINATION_ID": -1}, {"ACCOUNTING_DATE": None}]
    put(
        "ebs",
        "AP_INVOICE_DISTRIBUTIONS_ALL",
        [
            {"INVOICE_DISTRIBUTION_ID": row["INVOICE_DISTRIBUTION_ID"], **values}
            for row, values in zip(charges, spoiled * 15, strict=False)
        ],
    )


def spoil_sales(sandbox: RunningSandbox, pick: random.Random) -> None:
    put = sandbox.control.put_rows
    lines = some(pick, rows(sandbox, "OE_ORDER_LINES_ALL"), 80)
    put("ebs", "OE_ORDER_LINES_ALL", [{"LINE_ID": row["LINE_ID"], "CANCELLED_FLAG": "Y"} for row in lines])
    schedules = some(pick, rows(sandbox, "AR_PAYMENT_SCHEDULES_ALL"), 60)
    credit: dict[str, Any] = {"CLASS": "CM", "AMOUNT_DUE_ORIGINAL": -7.5}
    payment: dict[str, Any] = {"CLASS": "PMT"}
    nothing: dict[str, Any] = {}
    put(
        "ebs",
        "AR_PAYMENT_SCHEDULES_ALL",
        [
            {**row, "PAYMENT_SCHEDULE_ID": key, **values}
            for row, (key, values) in zip(
                schedules,
                [
                    *((900_000 + number, credit) for number in range(20)),
                    *((910_000 + number, payment) for number in range(20)),
                    *((-1 - number, nothing) for number in range(20)),
                ],
                strict=False,
            )
        ],
    )
    accounts = rows(sandbox, "GL_CODE_COMBINATIONS")
    broken = next(row for row in accounts if row["ENABLED_FLAG"] == "N")["CODE_COMBINATION_ID"]
    uses = some(pick, rows(sandbox, "HZ_CUST_SITE_USES_ALL", SITE_USE_CODE="BILL_TO"), 25)
    put(
        "ebs",
        "HZ_CUST_SITE_USES_ALL",
        [
            {"SITE_USE_ID": row["SITE_USE_ID"], column: account}
            for row, (column, account) in zip(
                uses, [("GL_ID_REC", broken), ("GL_ID_REV", 77), ("GL_ID_REC", None)] * 9, strict=False
            )
        ],
    )


def spoil_contacts(sandbox: RunningSandbox, pick: random.Random) -> None:
    put = sandbox.control.put_rows
    roles = some(pick, rows(sandbox, "HZ_CUST_ACCOUNT_ROLES"), 60)
    sites = {row["CUST_ACCOUNT_ID"]: row for row in rows(sandbox, "HZ_CUST_ACCT_SITES_ALL")}
    put(
        "ebs",
        "HZ_CUST_ACCOUNT_ROLES",
        [{"CUST_ACCOUNT_ROLE_ID": row["CUST_ACCOUNT_ROLE_ID"], "STATUS": "I"} for row in roles[:10]]
        + [
            {
                "CUST_ACCOUNT_ROLE_ID": row["CUST_ACCOUNT_ROLE_ID"],
                "CUST_ACCT_SITE_ID": sites[row["CUST_ACCOUNT_ID"]]["CUST_ACCT_SITE_ID"],
            }
            for row in roles[10:20]
        ]
        + [{"CUST_ACCOUNT_ROLE_ID": roles[20]["CUST_ACCOUNT_ROLE_ID"], "ROLE_TYPE": "PARTNER"}],
    )
    points = []
    for number, role in enumerate(roles):
        own = {"OWNER_TABLE_NAME": "HZ_PARTIES", "OWNER_TABLE_ID": role["PARTY_ID"], "STATUS": "A"}
        points += [
            own | {"CONTACT_POINT_TYPE": "EMAIL", "EMAIL_ADDRESS": f"second{number}@b.example"},
            own | {"CONTACT_POINT_TYPE": "PHONE", "PHONE_LINE_TYPE": "FAX", "PHONE_NUMBER": "1"},
        ]
        if number % 2:
            points.append(
                own
                | {"CONTACT_POINT_TYPE": "PHONE", "PHONE_LINE_TYPE": "GEN", "PHONE_NUMBER": f"555-{number}"}
                | {"PHONE_COUNTRY_CODE": "49", "PHONE_EXTENSION": "7", "PRIMARY_FLAG": "Y"}
            )
    put("ebs", "HZ_CONTACT_POINTS", points)
    old = [row for row in rows(sandbox, "HZ_CONTACT_POINTS") if row["CONTACT_POINT_TYPE"] == "EMAIL"]
    put(
        "ebs",
        "HZ_CONTACT_POINTS",
        [{"CONTACT_POINT_ID": row["CONTACT_POINT_ID"], "STATUS": "I"} for row in some(pick, old, 80)],
    )
    bonds = some(pick, rows(sandbox, "HZ_RELATIONSHIPS"), 30)
    put(
        "ebs",
        "HZ_RELATIONSHIPS",
        [
            {"RELATIONSHIP_ID": row["RELATIONSHIP_ID"], "DIRECTIONAL_FLAG": flag, "STATUS": "I"}
            for row in bonds
            for flag in "BF"
        ],
    )
