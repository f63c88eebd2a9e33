"""Whether an account can be posted to: the rule of the invalid-account hold in Payables (ENG-SQL)."""

from ml_sandbox.ebs.package.judging import shifted
from ml_sandbox.ebs.package.reader import Reader, Record
from ml_sandbox.ebs.store import Value

TABLE = "GL_CODE_COMBINATIONS"


def refusal(reader: Reader, account_id: Value, date: str) -> str | None:
    """Give the first reason for which an account cannot be posted to on a date; None when it can."""
    account = reader.one(TABLE, account_id)
    if account is None:
        return "is unknown"
    if account["ENABLED_FLAG"] != "Y":
        return "is disabled"
    if account["SUMMARY_FLAG"] != "N":
        return "is a summary account"
    if account["TEMPLATE_ID"] is not None:
        return "is a template account"
    if account["DETAIL_POSTING_ALLOWED_FLAG"] == "N":
        return "allows no detail posting"
    return None if _is_active(account, date) else f"is not active on {date[:10]}"


def _is_active(account: Record, date: str) -> bool:
    start, end = account["START_DATE_ACTIVE"], account["END_DATE_ACTIVE"]
    begun = start is None or str(start) <= date
    return begun and (end is None or date < shifted(str(end), 1))
