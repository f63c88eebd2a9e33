"""Memberships: which organizations a user belongs to, several where the plan has that.

A membership is known by its two ends, `USER/ORGANIZATION`: Zendesk has each pair once and tells so when it is
asked for a second time (Organization Memberships), so a create may be repeated.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from requests import Response

from ml_connector.errors import ConnectorError, RecordFault
from ml_connector.http import Parallel
from ml_connector.singer.objects import VendorObject
from ml_connector.singer.singly import chunks, written_singly
from ml_connector.sync import (
    Done,
    Field,
    ObjectSpec,
    RemoteRecord,
    Rung,
    Sent,
    WriteEvent,
    WriteItem,
    WriteResult,
    as_version,
)
from ml_connector.vendors.zendesk.client import SHOW_MANY
from target_zendesk_ml.bulk import Tools, is_success, refusal
from target_zendesk_ml.jobs import Batch, Ended, Refused, Started
from target_zendesk_ml.references import References

NAME = "organization_memberships"
_WRAPPER = "organization_membership"
_PATH = f"/api/v2/{NAME}"
_USER, _ORGANIZATION, _DEFAULT, _ENDED = "user_id", "organization_id", "default", "ended"
_FEW_WRITES = 5  # up to so many are written singly: a job takes longer than that
_FEW_LISTINGS = 10  # of up to so many users all memberships are read before anything is created


def said(value: Any) -> Any:
    """Only true says something: a false default or end makes nothing of another membership."""
    return True if value else None


def _end(name: str, parent: str) -> Field:
    schema = {"type": ["string", "integer"]}
    return Field(name, kind="reference", refers_to=parent, schema=schema, writes="create")


def fields(*, default: bool, remove: bool) -> tuple[Field, ...]:
    """`default`: the default organization of users is set. `remove`: memberships that ended are taken out."""
    flag = {"type": ["boolean", "null"]}
    return (
        _end(_USER, "users"),
        _end(_ORGANIZATION, "organizations"),
        Field(_DEFAULT, schema=flag, stored_form=said, writes="always" if default else "never"),
        Field(
            _ENDED,
            schema=flag,
            stored_form=said,
            writes="always" if remove else "never",
            write_blanks=True,
        ),
    )


class Memberships(VendorObject):
    """The object `organization_memberships`.

    Ladder: the pair of user and organization, then create. New ones go in jobs; what a job did not do is
    sent singly, and one that is there already is linked as it is.
    """

    def __init__(self, tools: Tools, references: References, *, default: bool, remove: bool) -> None:
        self._client = tools.client
        self._runner = tools.runner
        self._parallel = Parallel(tools.parallel, tools.client.session)
        self._references = references
        self._prepared = False
        self.spec = ObjectSpec(
            name=NAME,
            fields={field.name: field for field in fields(default=default, remove=remove)},
            rungs=(
                Rung(_USER, exclusive=True, within=_ORGANIZATION),
                Rung(_USER, lazy=True, within=_ORGANIZATION),
            ),
            depends_on=("organizations", "users"),
            batch_size=SHOW_MANY,
        )

    def prepare(self, fields: Sequence[str]) -> None:
        """Hear that the journal of a dead run is resolved, for streams come now."""
        self._prepared = True

    # Reading

    def read(self, keys: Sequence[str]) -> Mapping[str, RemoteRecord]:
        """All memberships of the users, one request for each; who is not in an organization has left it."""
        held = self._held(list(dict.fromkeys(key.partition("/")[0] for key in keys)))
        return {
            key: _record(key, held[user].get(key)) for key in keys if (user := key.partition("/")[0]) in held
        }

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """Pairs by the users' default organizations, 100 users a request; the other memberships are read
        where they are of few users. Of many, Zendesk says at the create that a pair is there.
        """
        wanted = {_key_of(str(value)): value for value in values}
        found: dict[Any, Sequence[RemoteRecord]] = {}
        if not rung.lazy and self._prepared:
            found = {wanted[key]: [record] for key, record in self._defaults(wanted).items()}
        users = {key.partition("/")[0]: None for key, value in wanted.items() if value not in found}
        if rung.lazy or not self._prepared or len(users) <= _FEW_LISTINGS:
            for memberships in self._held(list(users)).values():
                for key, row in memberships.items():
                    if key in wanted:
                        found[wanted[key]] = [_record(key, row)]
        return found

    def parents(self, field_name: str, identities: Sequence[str]) -> Mapping[str, str]:
        """Organizations by external id, users by external id or e-mail address; `id:123` by id."""
        if field_name == _ORGANIZATION:
            return self._references.organizations(identities)
        return self._references.users(identities)

    def adoptable(self, candidate: RemoteRecord, incoming: Any) -> bool:
        """The pair is the membership, whoever made it."""
        return True

    def _defaults(self, wanted: Mapping[str, Any]) -> dict[str, RemoteRecord]:
        users = list(dict.fromkeys(key.partition("/")[0] for key in wanted))
        found: dict[str, RemoteRecord] = {}
        for start in range(0, len(users), SHOW_MANY):
            page = self._client.get("/api/v2/users/show_many", ids=",".join(users[start : start + SHOW_MANY]))
            for user in page.get("users") or []:
                key = f"{user['id']}/{user.get(_ORGANIZATION)}"
                if key in wanted:
                    row = {_USER: user["id"], _ORGANIZATION: user[_ORGANIZATION], _DEFAULT: True}
                    found[key] = _record(key, row)
        return found

    def _held(self, users: Sequence[str]) -> dict[str, dict[str, Mapping[str, Any]]]:
        """Per user the memberships by key; users who are gone are absent."""
        return {user: held for user, held in self._parallel.map(self._of_user, users) if held is not None}

    def _of_user(self, user: str) -> tuple[str, dict[str, Mapping[str, Any]] | None]:
        try:
            rows = list(self._client.pages(f"/api/v2/users/{user}/{NAME}", NAME))
        except RecordFault:
            return user, None
        return user, {f"{row[_USER]}/{row[_ORGANIZATION]}": row for row in rows}

    # Writing

    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """New ones in jobs of up to 100; few of them, and changes, one by one."""
        creates = [item for item in items if item.kind == "create" and not item.values.get(_ENDED)]
        in_jobs = creates if len(creates) > _FEW_WRITES else []
        sent = {item.entry.id for item in in_jobs}
        singles = [item for item in items if item.entry.id not in sent]
        for event in self._runner.run([_batch(chunk) for chunk in chunks(in_jobs)], fence):
            if isinstance(event, Started):
                yield Sent(event.batch.rows, event.job_id)
            elif isinstance(event, Refused):
                singles += event.batch.rows
            else:
                done, undone = _results(event)
                singles += undone
                yield Done(done)
        yield from written_singly(self._parallel, self._write_one, singles, fence)

    def _write_one(self, item: WriteItem) -> WriteResult:
        if item.kind == "create":
            return refusal(item, _over(), None) if item.values.get(_ENDED) else self._create(item)
        ended = item.values.get(_ENDED, item)
        if ended is not item and said(ended):
            return self._judged(item, self._send("DELETE", item), gone_is_done=True)
        result = self._back(item) if ended is not item else WriteResult(item, key=item.key)
        if result.fault is None and item.values.get(_DEFAULT):
            return self._judged(item, self._send("PUT", item, "/make_default"))
        return result

    def _create(self, item: WriteItem) -> WriteResult:
        key = _key_of(f"{item.values[_ORGANIZATION]}/{item.values[_USER]}")
        response = self._client.send("POST", _PATH, {_WRAPPER: _row(item.values)}, idempotent=True)
        result = self._judged(item, response, key=key)
        # How a refusal says that the pair is there is not documented (Create Membership).
        if result.fault is not None and response.status_code == 422 and self._is_member(key):
            result.taken = _USER
        return result

    def _back(self, item: WriteItem) -> WriteResult:
        """A membership goes on that had ended."""
        user, _, organization = str(item.key).partition("/")
        row = {_USER: int(user), _ORGANIZATION: int(organization)}
        response = self._client.send("POST", _PATH, {_WRAPPER: row}, idempotent=True)
        result = self._judged(item, response)
        if response.status_code == 422 and self._is_member(str(item.key)):
            return WriteResult(item, key=item.key, request_id=result.request_id)
        return result

    def _is_member(self, key: str) -> bool:
        _, held = self._of_user(key.partition("/")[0])
        return key in (held or {})

    def _send(self, method: str, item: WriteItem, more: str = "") -> Response:
        user, _, organization = str(item.key).partition("/")
        path = f"/api/v2/users/{user}/organizations/{organization}{more}"
        return self._client.send(method, path, {} if more else None, idempotent=True)

    def _judged(
        self, item: WriteItem, response: Response, *, key: str | None = None, gone_is_done: bool = False
    ) -> WriteResult:
        fault, request_id = self._client.fault_of(response), self._client.request_id(response)
        if gone_is_done and isinstance(fault, RecordFault) and fault.cause == "missing":
            fault = None
        if isinstance(fault, RecordFault):
            return refusal(item, fault, request_id)
        if isinstance(fault, ConnectorError):
            raise fault
        return WriteResult(item, key=key or item.key, request_id=request_id, retries=1)

    # The account

    def wait_until_idle(self, references: Sequence[str]) -> None:
        """No job of the account runs any more."""
        self._runner.wait_until_idle([name for name in references if name])

    def request_cost(self, creates: int, updates: int) -> int:
        """A job and a look-up per hundred creates, polls; each change by itself."""
        return 2 * math.ceil(creates / SHOW_MANY) + (2 if creates else 0) + updates


def _key_of(value: str) -> str:
    """`USER/ORGANIZATION` of the rung's `ORGANIZATION/USER`."""
    organization, _, user = value.partition("/")
    return f"{user}/{organization}"


def _record(key: str, row: Mapping[str, Any] | None) -> RemoteRecord:
    user, _, organization = key.partition("/")
    shown = {_USER: int(user), _ORGANIZATION: int(organization)}
    if row is None:
        return RemoteRecord(key, {**shown, _DEFAULT: None, _ENDED: True})
    values = {**shown, _DEFAULT: said(row.get(_DEFAULT)), _ENDED: None}
    return RemoteRecord(key, values, as_version(row.get("updated_at")))


def _row(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != _ENDED and value is not None}


def _batch(rows: Sequence[WriteItem]) -> Batch:
    return Batch("POST", f"{_PATH}/create_many", {NAME: [_row(item.values) for item in rows]}, rows)


def _results(job: Ended) -> tuple[list[WriteResult], list[WriteItem]]:
    """What the job did and what it did not. Items name no row but by `index`, so the rest may be unclear: it
    is sent once more, and Zendesk tells what is there.
    """
    rows: Sequence[WriteItem] = job.batch.rows
    successes = [item for item in job.results if is_success(item)]
    failed = {item.get("index") for item in job.results if not is_success(item)}
    done: set[Any] = {item.get("index") for item in successes}
    if len({item["id"] for item in successes}) + len(failed - {None}) == len(rows):
        done = set(range(len(rows))) - failed
    seconds = round(job.seconds, 3)
    results = [
        WriteResult(item, key=_pair(item), request_id=job.job_id, seconds=seconds)
        for number, item in enumerate(rows)
        if number in done
    ]
    return results, [item for number, item in enumerate(rows) if number not in done]


def _pair(item: WriteItem) -> str:
    return f"{item.values[_USER]}/{item.values[_ORGANIZATION]}"


def _over() -> RecordFault:
    return RecordFault(
        "The membership ended before it was ever in Zendesk.",
        cause="ended",
        field=_ENDED,
        fix="Let the mapping set _ml_create to false for it.",
    )
