"""Holding answers against Zoho's own OpenAPI documents.

``contract()`` is None when the documents are not beside the repository. :class:`sandbox.zoho_api.ZohoApi`
holds every answer that it gets against them.
"""

import functools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS31Validator

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "specs" / "zoho-crm" / "v8-2026"
JSON = dict[str, Any]
DOCUMENTS = ("bulk-read", "bulk-write", "coql", "fields", "module-search", "modules", "org", "record",
             "record-count", "upload", "users")  # fmt: skip

# Answers outside the documents: a pattern of "METHOD path", and where else they are described.
UNDOCUMENTED: tuple[tuple[str, str], ...] = (
    (r"^GET /crm/bulk/v8/write/\d+/result$", "named by download_url; the page on bulk write describes it"),
    (r"^GET /crm/v8/\w+/(\d+/)?actions/fetch_full_data$", "the documents of June 2025 have it"),
)

# Statuses that the documents leave out: a pattern of "METHOD template", the status, and why it is right.
STATUSES: tuple[tuple[str, int, str], ...] = (
    (r"^", 401, "every call needs a token; the documents tell it of some only"),
    (r"^", 429, "the page on limits: every call costs credits"),
    (r"^(POST|PUT) ", 415, "the page on status codes"),
    (
        r"^(POST|PUT) /crm/v8/\{module\}",
        207,
        "the published example of an upsert, and the page on status codes",
    ),
    (r"^GET /crm/v8/\{module\}", 304, "the pages on If-Modified-Since and on status codes"),
)

FLAT = "the published examples: errors of a whole request are flat, only those of records are in data"
TOKENS = "the published example of a list has null where there is no token"
ALTERNATIVES = "the document's own alternatives overlap, so that what fits one fits several"
ECHO = "the document lists one example of a query; the example of a job echoes what was sent"
STATES = "the pages on records and on locking: states of records have codes of their own"
PRIVATE = "the document lists columns of the vendor's data base for include_meta"

# Where the documents contradict the published examples, pages and clients in production: a pattern of
# "METHOD template status place: message" (positions in lists as *), and why the answer may differ.
EXCEPTIONS: tuple[tuple[str, str], ...] = (
    (r"^\w+ /crm/v8/\{module\}\S* (400|401|403) : Additional properties .*'code', 'details'", FLAT),
    (
        r"^DELETE /crm/v8/\{module\}\S* 403 : Additional properties .*'details'",
        "the other calls tell details",
    ),
    (
        r"^DELETE /crm/v8/\{module\}\S* 400 : .*(not valid under any|is valid under each)",
        "the document has no code for unknown ids and too many of them",
    ),
    (r"^GET /crm/v8/\{module\} 200 info/\w+_token\w*: None", TOKENS),
    (
        r"^GET \S+ 200 data/\*/(Created|Modified)_By: .*'email'",
        "records that were read in production carry the address of these users too",
    ),
    (
        r"^POST /crm/v8/\{module\}/upsert 200 data/\*: .*'action', 'duplicate_field'",
        "the published example of an upsert has them",
    ),
    (r"^\w+ /crm/v8/\{module\}\S* 400 data/\*/code: ", STATES),
    (
        r"^POST /crm/v8/coql 400 : .*'(column given seems|data type not)",
        "the page on COQL gives the reason beside the column",
    ),
    (
        r"^POST /crm/v8/coql 400 : .*'operator': '(not |like|in|between)",
        "the document forgets some operators there",
    ),
    (r"^POST /crm/v8/coql 200 fields/", PRIVATE),
    (r"^GET /crm/v8/\S+/search 400 : .*'INVALID_QUERY'", "the document demands api_name where it forbids it"),
    (
        r"^GET /crm/v8/settings/modules/\S+ 400 : .*'INVALID_MODULE'",
        "the document forgets the code of an unknown module",
    ),
    (r"^GET /crm/bulk/v8/read/\S+ 200 data/\*/query/criteria", ECHO),
    (
        r"^GET /crm/bulk/v8/read/\S+ 200 data/\*: '(Attachment_Source__s|File_Id__s)'",
        "the example of a job has no attachment",
    ),
    (
        r"^GET /crm/bulk/v8/read/\S+ 200 data/\*/(state: 'FAILURE'|result: )",
        "the published example of a job that failed",
    ),
    (r"^POST /crm/bulk/v8/(read|write) 400 : .*is valid under each", ALTERNATIVES),
    (r"^POST /crm/bulk/v8/write 400 : .*'LIMIT_EXCEEDED'", "the document has no code for too many rows"),
    (
        r"^GET /crm/bulk/v8/write/\S+ 200 : 'callback'",
        "the document takes the callback of its example for a must",
    ),
)


@dataclass(frozen=True)
class Operation:
    """One operation of one document."""

    method: str
    template: str
    responses: Mapping[str, JSON]
    components: JSON

    @property
    def name(self) -> str:
        """Method and path template."""
        return f"{self.method} {self.template}"

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the paths of the operation."""
        return re.compile(re.sub(r"\\{[^/]+?\\}", "[^/]+", re.escape(self.template)))


@dataclass
class Contract:
    """The documents, and what excused answers so far."""

    operations: list[Operation]
    used: set[str] = field(default_factory=set)

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation of a request; fixed paths come before those with parameters."""
        for found in self.operations:
            if found.method == method and found.pattern.fullmatch(path):
                return found
        return None

    def problems(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """What is wrong with an answer: its status or its shape, one line each."""
        found = self.operation(method, path)
        if found is None:
            return (
                []
                if status in {404, 405} or self._undocumented(method, path)
                else [f"{method} {path}: not in the documents"]
            )
        described = found.responses.get(str(status))
        if described is None:
            return (
                [] if self._excused_status(found, status) else [f"{found.name} {status}: not in the document"]
            )
        schema = described.get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            return [f"{found.name} {status}: a body where there is none"] if isinstance(body, dict) else []
        return list(self._schema_problems(found, status, schema, body))

    def _undocumented(self, method: str, path: str) -> bool:
        excusing = [pattern for pattern, _ in UNDOCUMENTED if re.search(pattern, f"{method} {path}")]
        self.used.update(excusing)
        return bool(excusing)

    def _excused_status(self, operation: Operation, status: int) -> bool:
        for pattern, excused, _ in STATUSES:
            if excused == status and re.search(pattern, operation.name):
                self.used.add(f"{pattern} {excused}")
                return True
        return False

    def _schema_problems(self, operation: Operation, status: int, schema: JSON, body: Any) -> Iterable[str]:
        rooted = {**schema, "components": operation.components}
        for error in OAS31Validator(rooted).iter_errors(body):
            place = "/".join("*" if isinstance(part, int) else str(part) for part in error.absolute_path)
            where = f"{operation.name} {status} {place}"
            excusing = [
                pattern for pattern, _ in EXCEPTIONS if re.search(pattern, f"{where}: {error.message}")
            ]
            self.used.update(excusing)
            if not excusing:
                yield f"{where}: {error.message[:300]}"


@functools.cache
def contract() -> Contract | None:
    """The contract; None when the documents are not beside the repository."""
    if not FOLDER.is_dir():
        return None
    operations = [one for name in DOCUMENTS for one in _operations(name)]
    return Contract(sorted(operations, key=lambda one: one.template.count("{")))


def _operations(name: str) -> Iterable[Operation]:
    text = (FOLDER / f"zoho-crm-{name}-openapi.json").read_text(encoding="utf-8")
    document = json.loads(text, object_hook=_with_known_patterns)
    base = "/crm/bulk/v8" if "/crm/bulk/" in document["servers"][0]["url"] else "/crm/v8"
    for template, item in document["paths"].items():
        for method in item.keys() & {"get", "post", "put", "patch", "delete"}:
            responses = item[method]["responses"]
            yield Operation(method.upper(), base + template, responses, document.get("components", {}))


def _with_known_patterns(schema: JSON) -> JSON:
    """Without patterns that only ECMAScript knows, such as names of Unicode properties."""
    if "\\p{" in str(schema.get("pattern")):
        del schema["pattern"]
    return schema
