"""Holding requests and answers against Zendesk's own OpenAPI document.

``load_contract()`` skips the calling test when the document is not there. A test that drives a client of ours
against the sandbox ends with::

    assert load_contract().request_problems(sandbox.control.requests("zendesk")) == []
"""

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import yaml
from openapi_schema_validator import OAS30Validator

DOCUMENT = Path(__file__).resolve().parents[3] / "shared" / "specs" / "zendesk-support-openapi.yaml"
JSON = dict[str, Any]

PAGING = {"page", "per_page", "page[size]", "page[after]", "page[before]", "sort"}

UNDOCUMENTED_PATHS = {
    ("GET", "/api/v2/channels/voice/phone_numbers"): "Talk has a document of its own",
    (
        "GET",
        "/oauth/authorizations/new",
    ): "the document describes the API only; the page is in the OAuth guide",
}

METRICS_OF_A_TICKET = re.compile(r"/api/v2/tickets/\d+/metrics$")
"""In prose only, with the metric set by its id (ShowTicketMetrics), which holds a list in the document."""

UNDOCUMENTED_LISTINGS = re.compile(r"/api/v2/(users|organizations)/\d+/organization_memberships$")
"""The document tells of them in prose only, with the listing of the account (ListOrganizationMemberships)."""

UNDOCUMENTED_NAMES = {
    # Seen in exports only: the doubled custom fields, and what include=metric_sets adds.
    "tickets": {"fields", "metric_set"},
}

EXPORT_PARAMETERS = {"include", "exclude_deleted", "support_type_scope", "per_page"}
"""Of ``/incremental``: the guide and later copies of the document have them."""

STATUS_EXCEPTIONS = {
    ("POST", "/oauth/tokens", 200): "the document says 201; clients in production report 200",
}

# Where the document is wrong: the place in an answer (list positions as *) and why it may differ.
ANSWER_EXCEPTIONS = (
    (
        r"job_status(es/\*)?/results$",
        "items of jobs have none of the three shapes in the document",
    ),
    (r"organizations?(/\*)?/organization_fields/[^/]+$", "values are also null, true or false, and lists"),
    (r"users/\*$", "one of the schemas forbids null where the vendor has no value"),
    (
        r"tickets?(/\*)?/(assignee|brand|forum_topic|group|organization|problem|ticket_form|external)_id$",
        "null where the vendor has no value",
    ),
    (r"tickets?(/\*)?/(priority|recipient|satisfaction_rating|type)$", "null where the vendor has no value"),
    (r"tickets/\*/status$", "exports show deleted tickets"),
    (r"ticket_metrics?/\*/[a-z_]+(/business|/calendar)?$", "null for what has not happened"),
    (r"(satisfaction_rating|ticket_metric)$", "the document shows one of them as a list"),
    (r"deleted_users?(/\*)?/(email|organization_id)$", "null where the vendor has no value"),
    (r"tickets?(/\*)?/custom_fields/\*/value$", "values are also null, true or false, and lists"),
    (r"token/refresh_token$", "null without a refresh token"),
    (r"user$", "one of the schemas forbids null where the vendor has no value"),
)

# Where the document is wrong about a body that is sent.
REQUEST_EXCEPTIONS = (
    (r"tickets?(/\*)?/custom_fields/\*$", "the document takes a value of a field for its definition"),
)

# Bodies that the document describes in prose only: the wrapper, and whether it holds a list.
WRAPPERS = {
    ("POST", "/api/v2/organizations/create_or_update"): {"organization"},
    ("POST", "/api/v2/organizations/create_many"): {"organizations"},
    ("PUT", "/api/v2/organizations/update_many"): {"organization", "organizations"},
    ("PUT", "/api/v2/organizations/{organization_id}"): {"organization"},
    ("POST", "/api/v2/organization_fields"): {"organization_field"},
    ("PUT", "/api/v2/organization_fields/{organization_field_id}"): {"organization_field"},
    ("POST", "/api/v2/user_fields"): {"user_field"},
    ("PUT", "/api/v2/user_fields/{user_field_id}"): {"user_field"},
    ("PUT", "/api/v2/users/update_many"): {"user", "users"},
    ("POST", "/api/v2/organization_memberships"): {"organization_membership"},
    ("POST", "/api/v2/organization_memberships/create_many"): {"organization_memberships"},
    ("POST", "/api/v2/users/{user_id}/identities"): {"identity"},
    ("PUT", "/api/v2/users/{user_id}/identities/{user_identity_id}"): {"identity"},
}

RECORDS = {
    "organization": "OrganizationObject",
    "organizations": "OrganizationObject",
    "organization_field": "CustomFieldObject",
    "organization_fields": "CustomFieldObject",
    "user": "UserForAdmin",
    "users": "UserForAdmin",
    "identity": "UserIdentityObject",
    "identities": "UserIdentityObject",
    "organization_membership": "OrganizationMembershipObject",
    "organization_memberships": "OrganizationMembershipObject",
    "user_field": "CustomFieldObject",
    "user_fields": "CustomFieldObject",
    "ticket": "TicketObject",
    "tickets": "TicketObject",
    "comments": "TicketCommentObject",
    "audit": "TicketAuditObject",
    "audits": "TicketAuditObject",
    "ticket_field": "TicketFieldObject",
    "ticket_fields": "TicketFieldObject",
    "custom_status": "CustomStatusObject",
    "custom_statuses": "CustomStatusObject",
    "brands": "BrandObject",
    "groups": "GroupObject",
    "group_memberships": "GroupMembershipObject",
    "macros": "MacroObject",
    "satisfaction_ratings": "SatisfactionRatingObject",
    "sla_policies": "SLAPolicyObject",
    "ticket_forms": "TicketFormObject",
    "ticket_metrics": "TicketMetricObject",
    "deleted_users": "DeletedUserObject",
    "job_status": "JobStatusObject",
    "job_statuses": "JobStatusObject",
    "token": "OauthTokenObject",
}


class _Loader(yaml.CSafeLoader):
    """Reads a bare ``=`` as text: the document has one, and YAML 1.1 gives it a type of its own."""


_Loader.add_constructor("tag:yaml.org,2002:value", lambda loader, node: str(node.value))


class Contract:
    """The document, and what does not hold against it.

    Attributes:
        used_exceptions: the patterns of :data:`ANSWER_EXCEPTIONS` that excused something so far.
    """

    def __init__(self, document: JSON) -> None:
        self._document = document
        self.used_exceptions: set[str] = set()
        self._templates = sorted(document["paths"], key=lambda path: path.count("{"))

    def find(self, method: str, path: str) -> tuple[str, JSON] | None:
        """The path template and the operation of a request; fixed paths win over those with an id."""
        plain = path.removesuffix(".json")
        if method == "GET" and UNDOCUMENTED_LISTINGS.match(plain):
            plain = "/api/v2/organization_memberships"
        if METRICS_OF_A_TICKET.match(plain):
            plain = "/api/v2/ticket_metrics/1"
        for template in self._templates:
            pattern = re.sub(r"\\{[^/]+?\\}", "[^/]+", re.escape(template))
            operation = self._document["paths"][template].get(method.lower())
            if operation is not None and re.fullmatch(pattern, plain):
                return template, operation
        return None

    def request_problems(self, exchanges: Iterable[Mapping[str, Any]]) -> list[str]:
        """What is wrong with logged requests: paths, methods, query names and bodies, one line each."""
        return [problem for exchange in exchanges for problem in self._request_problems(exchange)]

    def answer_problems(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """What is wrong with an answer: its status, its shape, and names that the document does not know."""
        where = f"{method} {path} {status}"
        if (method, path) in UNDOCUMENTED_PATHS:
            return []
        found = self.find(method, path)
        if found is None:
            return [f"{where}: not in the document"]
        template, operation = found
        described = operation["responses"].get(str(status))
        if described is None and (method, template, status) in STATUS_EXCEPTIONS:
            described = next(iter(operation["responses"].values()))
        if described is None:
            # Error answers are mostly absent from the document.
            return [] if status >= 400 else [f"{where}: status not in the document"]
        schema = described.get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            return [f"{where}: a body where the document has none"] if body else []
        return [
            f"{where}: {problem}" for problem in (*self._schema_problems(schema, body), *self._unknown(body))
        ]

    def _request_problems(self, exchange: Mapping[str, Any]) -> list[str]:
        method, path = exchange["method"], exchange["path"]
        where = f"{method} {exchange['target']}"
        if (method, path) in UNDOCUMENTED_PATHS:
            return []
        found = self.find(method, path)
        if found is None:
            return [f"{where}: not in the document"]
        template, operation = found
        known = self._parameters(template, operation) | (PAGING if method == "GET" else set())
        problems = [
            f"{where}: unknown parameter {name}"
            for name, _ in parse_qsl(exchange["query"], keep_blank_values=True)
            if name not in known
        ]
        problems += [f"{where}: the vendor ignores {name}" for name in exchange["unknown_parameters"]]
        problems += [
            f"{where}: {problem}" for problem in self._body_problems(method, template, operation, exchange)
        ]
        return problems

    def _parameters(self, template: str, operation: JSON) -> set[str]:
        listed = [*self._document["paths"][template].get("parameters", []), *operation.get("parameters", [])]
        resolved = [self._resolved(item) for item in listed]
        exports = EXPORT_PARAMETERS if template.startswith("/api/v2/incremental/") else set()
        return exports | {item["name"] for item in resolved if item["in"] == "query"}

    def _resolved(self, item: JSON) -> JSON:
        if "$ref" not in item:
            return item
        found: Any = self._document
        for part in item["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        resolved: JSON = found
        return resolved

    def _body_problems(
        self, method: str, template: str, operation: JSON, exchange: Mapping[str, Any]
    ) -> list[str]:
        body = exchange["body"]
        if body is None:
            return []
        wrappers = WRAPPERS.get((method, template))
        if wrappers is not None:
            right = isinstance(body, dict) and set(body) <= wrappers and len(body) == 1
            return [] if right else [f"the body must be wrapped in one of {sorted(wrappers)}"]
        schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            return []
        found = self._schema_problems(schema, body, REQUEST_EXCEPTIONS)
        return list(found)

    def _schema_problems(
        self, schema: JSON, body: Any, exceptions: Sequence[tuple[str, str]] = ANSWER_EXCEPTIONS
    ) -> Iterable[str]:
        rooted = {**schema, "components": self._document["components"]}
        for error in OAS30Validator(rooted).iter_errors(body):
            place = "/".join("*" if isinstance(part, int) else str(part) for part in error.absolute_path)
            excepted = {pattern for pattern, _ in exceptions if re.search(pattern, place)}
            if exceptions is ANSWER_EXCEPTIONS:
                self.used_exceptions |= excepted
            if not excepted:
                yield f"{place}: {error.message[:200]}"

    def _properties(self, schema: JSON) -> set[str]:
        """The names in a schema, and in those that it is made of."""
        found = self._resolved(schema)
        parts = (self._properties(part) for part in found.get("allOf", []))
        return set(found.get("properties", {})).union(*parts)

    def _unknown(self, body: Any) -> Iterable[str]:
        schemas = self._document["components"]["schemas"]
        for wrapper, schema in RECORDS.items():
            held = body.get(wrapper) if isinstance(body, dict) else None
            for record in held if isinstance(held, list) else [held] if held else []:
                undocumented = UNDOCUMENTED_NAMES.get(wrapper, set())
                for name in record.keys() - undocumented - self._properties(schemas[schema]):
                    yield f"{wrapper}.{name} is not in the document"


@functools.cache
def _contract() -> Contract:
    return Contract(yaml.load(DOCUMENT.read_text(encoding="utf-8"), _Loader))


def load_contract() -> Contract:
    """The contract; skips the test when the document is not beside the repository."""
    if not DOCUMENT.is_file():
        pytest.skip("Zendesk's OpenAPI document is not in ../shared/specs")
    return _contract()
