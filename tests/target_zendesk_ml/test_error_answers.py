"""Zendesk's error answers: four JSON envelopes, plain text, and texts in the user's language."""

from __future__ import annotations

from typing import Any

from singer_lines import customers
from zendesk_target import ZendeskTarget

SINGLE = {"system": "zendesk", "path": "*/organizations/create_or_update", "fault": "status"}


def refused(status: int, body: Any) -> dict[str, Any]:
    return {**SINGLE, "status": status, "body": body}


def details(field: str, description: str, error: str | None) -> dict[str, Any]:
    entry = {"description": description, "error": error}
    return {"error": "RecordInvalid", "description": "Fehler beim Validieren", "details": {field: [entry]}}


def test_every_envelope_is_understood_by_its_codes(target: ZendeskTarget) -> None:
    answers = [
        refused(400, {"error": {"title": "Invalid attribute", "message": "You passed an invalid value."}}),
        refused(400, {"error": "ParameterMissing", "description": "Parameter name is required"}),
        refused(400, {"errors": [{"code": "InvalidValue", "title": "Not so", "detail": "at all"}]}),
        refused(422, details("domain_names", "Domains: ist nicht richtig", "InvalidFormat")),
        refused(422, details("name", "Name: Customer 4 has already been taken", None)),
        refused(422, "The record is not to our liking."),
        refused(400, ["odd"]),
        refused(413, "<html><body>Request Entity Too Large</body></html>"),
        refused(422, details("name", "Name: wird bereits verwendet", "DuplicateValue")),
    ]
    target.sandbox.control.faults(
        {"system": "zendesk", "path": "*/create_many", "fault": "job_partial", "share": 1},
        *({**answer, "after": number} for number, answer in enumerate(answers)),
    )
    run = target.run(customers(range(9)), parallel=1).check(0)
    assert run.outcomes == {"created": 1, "rejected": 8}
    letters = {letter.identity: letter for letter in target.letters()}
    said = [(letters[f"A{n}"].cause, letters[f"A{n}"].field, letters[f"A{n}"].reason) for n in range(8)]
    assert [(cause, field) for cause, field, _ in said] == [
        ("vendor", None),
        ("vendor", None),
        ("vendor", None),
        ("vendor", "domain_names"),
        ("vendor", "name"),
        ("vendor", None),
        ("vendor", None),
        ("too_large", None),
    ], "an English text with no code says nothing"
    words = ("Invalid attribute", "ParameterMissing", "InvalidValue", "InvalidFormat", "RecordInvalid")
    assert all(word in reason for word, (_, _, reason) in zip(words, said, strict=False))
    assert "not to our liking" in said[5][2]
    assert target.organizations["A8"]["name"] == "Customer 8 (A8)", "a German text with the code does"


def test_every_form_of_throttling_is_waited_out(target: ZendeskTarget) -> None:
    throttled: dict[str, Any] = {"system": "zendesk", "fault": "status", "status": 429}
    many, looks = {**throttled, "path": "*/create_many"}, {**throttled, "path": "*/organizations/show_many*"}
    edge = {
        "detail": "Rate limited by Zendesk edge protection",
        "status": "429",
        "title": "Automated response",
    }
    target.sandbox.control.faults(
        {**many, "body": {"errors": [{"code": "TooManyRequests", "title": "Too many"}]}},
        {
            **many,
            "after": 1,
            "body": "Number of allowed API requests per minute exceeded",
            "headers": {"Retry-After": "0"},
        },
        {**many, "after": 2, "body": "You have exceeded the rate limit for updating a single unique user."},
        {**looks, "body": edge, "headers": {"Retry-After": "999999"}},
        {
            **looks,
            "after": 1,
            "status": 503,
            "body": "upstream request timeout",
            "headers": {"Retry-After": "0"},
        },
    )
    run = target.run(customers(range(3)), retry_after_max=0.2, retry_after_default=0.1).check(0)
    assert (run.outcomes, run.summary["throttled"]) == ({"created": 3}, 4)
    assert [fault["fired"] for fault in target.sandbox.control.present_faults()] == [1] * 5
    assert len(target.organizations) == 3
