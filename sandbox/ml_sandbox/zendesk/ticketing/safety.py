"""Protection against colliding updates (TKT, section on update collisions)."""

from datetime import datetime

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.errors import ZendeskError, parameter_missing


class UpdateConflict(ZendeskError):
    """409: the ticket changed after the stamp."""

    def __init__(self) -> None:
        text = "Safe Update prevented the update due to outdated ticket data. Please fetch the latest ticket"
        super().__init__(409, {"error": "UpdateConflict", "description": text})


def check_safe(stored: Row, given: Row) -> None:
    """409 when the caller's stamp is older than the ticket.

    ``safe_update: false`` acts like true; only to leave it out forces the update.
    """
    if "safe_update" not in given:
        return
    if given.get("updated_stamp") is None:
        raise parameter_missing("updated_stamp")
    if seconds_of(given["updated_stamp"]) != seconds_of(stored["updated_at"]):
        raise UpdateConflict


def check_queued(stored: Row, given: Row, queued_at: str) -> None:
    """As :func:`check_safe` for a row of a job: without a stamp the time of its queueing is one."""
    if ("safe_update" in given) != ("updated_stamp" in given):
        raise parameter_missing("safe_update and updated_stamp")
    if "safe_update" in given:
        check_safe(stored, given)
    elif seconds_of(stored["updated_at"]) > seconds_of(queued_at):
        raise UpdateConflict


def seconds_of(text: str) -> int:
    """A time of the API in Unix seconds."""
    try:
        return int(datetime.fromisoformat(text).timestamp())
    except (TypeError, ValueError) as error:
        message = "updated_stamp is not a date"
        raise ZendeskError(400, {"error": "InvalidValue", "description": message}) from error
