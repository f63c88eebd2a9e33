import pytest
from sandbox.ebs_api import EbsApi, fault

PATH = "custtables/HZ_CUST_PROFILE_AMTS/"
TABLE = "HZ_CUST_PROFILE_AMTS"


@pytest.fixture
def filled(ebs: EbsApi) -> EbsApi:
    rows = (
        (1, "EUR", "1000.50", "2026-01-31T23:59:59"),
        (2, "USD", "9007199254740993", "2026-02-01T00:00:00"),
        (3, None, None, "2026-02-01T00:00:00"),
        (4, "O'B", "-5", "2026-02-01T00:00:01"),
        (5, "eur", "0.01", "2026-03-01T08:00:00"),
    )
    ebs.put(
        TABLE,
        *(
            {
                "CUST_ACCT_PROFILE_AMT_ID": key,
                "CURRENCY_CODE": currency,
                "OVERALL_CREDIT_LIMIT": limit,
                "LAST_UPDATE_DATE": updated,
            }
            for key, currency, limit, updated in rows
        ),
    )
    return ebs


def keys(ebs: EbsApi, text: str) -> list[int]:
    rows = ebs.rows(TABLE, filter=text, sort="CUST_ACCT_PROFILE_AMT_ID")
    return [row["CUST_ACCT_PROFILE_AMT_ID"] for row in rows]


KEY = "CUST_ACCT_PROFILE_AMT_ID"
DATE = "LAST_UPDATE_DATE"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{KEY} = 2", [2]),
        (f"{KEY} = '2'", [2]),
        (f"{KEY}<>2", [1, 3, 4, 5]),
        (f"{KEY} != 2", [1, 3, 4, 5]),
        (f"{KEY} >= 2 AND {KEY} < 4", [2, 3]),
        (f"{KEY} in (1, 4,99)", [1, 4]),
        (f"{DATE} >= '2026-02-01 00:00:00'", [2, 3, 4, 5]),
        (f"{DATE} > '2026-02-01 00:00:00'", [4, 5]),
        (f"{DATE} <= '2026-01-31 23:59:59'", [1]),
        (f"{DATE} = '2026-02-01 00:00:00'", [2, 3]),
        (f"{DATE} IN ('2026-02-01 00:00:00', '2026-03-01 08:00:00')", [2, 3, 5]),
        ("CURRENCY_CODE = 'EUR'", [1]),
        ("CURRENCY_CODE = 'O''B'", [4]),
        ("CURRENCY_CODE IN ('EUR','eur')", [1, 5]),
        ("CURRENCY_CODE <> 'EUR'", [2, 4, 5]),
        ("CURRENCY_CODE IS NULL", [3]),
        ("currency_code is not null", [1, 2, 4, 5]),
        ("OVERALL_CREDIT_LIMIT < 0", [4]),
        ("OVERALL_CREDIT_LIMIT = 1000.5", [1]),
        ("OVERALL_CREDIT_LIMIT = 9007199254740993", [2]),
        ("OVERALL_CREDIT_LIMIT = 9007199254740992", []),
        (f"{KEY} = 1 OR {KEY} = 2 AND CURRENCY_CODE = 'EUR'", [1]),
        (f"({KEY} = 1 OR {KEY} = 2) AND CURRENCY_CODE = 'USD'", [2]),
        (f"(({KEY}=5))", [5]),
        (f"{DATE} > '2026-02-01 00:00:00' OR ({DATE} = '2026-02-01 00:00:00' AND {KEY} > 2)", [3, 4, 5]),
        (f"{KEY} = 1 AND {KEY} = 2", []),
        (f"{KEY} > 3 AND {KEY} < 2", []),
    ],
)
def test_what_a_filter_selects(filled: EbsApi, text: str, expected: list[int]) -> None:
    assert keys(filled, text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("PO_STATUS = 'OPEN'", "ORA-00904"),
        (f"{KEY} ge 2", "ORA-00920"),
        (f"{KEY} LIKE '2'", "ORA-00920"),
        (f"{KEY} = 'two'", "ORA-01722"),
        (f"{DATE} >= '2026-02-01'", "ORA-01861"),
        (f"{DATE} >= '2026-02-01T00:00:00'", "ORA-01861"),
        (f"{DATE} >= '2026-02-30 00:00:00'", "day"),
        (f"{DATE} >= 20260201", "quotes"),
        ("CURRENCY_CODE = 1", "quotes"),
        (f"{KEY} = 1;", "ORA-00911"),
        ("CURRENCY_CODE = 'EUR", "ORA-00911"),
        (f"{KEY} = 1 {KEY} = 2", "ORA-00933"),
        (f"({KEY} = 1", "expected )"),
        (f"{KEY} = 1 AND", "expected a column"),
        (f"{KEY} IN ()", "expected a value"),
        (f"{KEY} =", "expected a value"),
        (f"{KEY} IS 1", "expected NULL"),
        ("1 = 1", "expected a column"),
        ("(" * 200 + f"{KEY} = 1" + ")" * 200, "too deeply"),
    ],
)
def test_a_filter_that_cannot_be_executed_is_a_fault_that_says_why(
    filled: EbsApi, text: str, message: str
) -> None:
    answer = filled.get(PATH, {"filter": text})

    assert (answer.status_code, fault(answer)) == (500, "ISG_SERVICE_EXECUTION_ERROR")
    assert message in answer.json()["ISGServiceFault"]["Message"]


def test_word_operators_are_a_setting(filled: EbsApi) -> None:
    filled.settings(filter_operators="words")

    assert keys(filled, f"{KEY} ge 2 and {KEY} lt 4") == [2, 3]
    assert keys(filled, f"{KEY} EQ 1 or {KEY} gt 4 or {KEY} in (2)") == [1, 2, 5]
    assert keys(filled, f"{KEY} ne 1 and {KEY} le 2") == [2]
    assert "ORA-00920" in filled.get(PATH, {"filter": f"{KEY} >= 2"}).text


@pytest.mark.parametrize(
    ("mask", "literal"),
    [
        ('YYYY-MM-DD"T"HH24:MI:SS', "2026-02-01T00:00:01"),
        ("DD-MON-YYYY HH24:MI:SS", "01-feb-2026 00:00:01"),
        ("YYYY/MM/DD HH24.MI.SS", "2026/02/01 00.00.01"),
        ("YYYYMMDDHH24MISS", "20260201000001"),
    ],
)
def test_the_mask_of_date_literals_is_a_setting(filled: EbsApi, mask: str, literal: str) -> None:
    filled.settings(date_mask=mask)

    assert keys(filled, f"{DATE} >= '{literal}'") == [4, 5]
    assert fault(filled.get(PATH, {"filter": f"{DATE} >= '2026-02-01 00:00:01'"})) == (
        "ISG_SERVICE_EXECUTION_ERROR"
    )


def test_an_unknown_mask_is_a_fault(filled: EbsApi) -> None:
    filled.settings(date_mask="QQ")

    assert "ORA-01821" in filled.get(PATH, {"filter": f"{DATE} > 'x'"}).text


def test_a_list_longer_than_the_database_takes_is_a_fault(filled: EbsApi) -> None:
    numbers = ",".join(map(str, range(1, 1001)))
    assert keys(filled, f"{KEY} IN ({numbers})") == [1, 2, 3, 4, 5]

    assert "ORA-01795" in filled.get(PATH, {"filter": f"{KEY} IN ({numbers},1001)"}).text
