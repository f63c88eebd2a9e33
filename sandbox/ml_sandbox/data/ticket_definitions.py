"""What a generated ticket world has around its tickets: fields, custom statuses, forms, macros, policies."""

from typing import Any

from ml_sandbox.data.ticket_people import Row, Sink

FIRST_FIELD = 41_000_000_000_001
FIRST_STATUS = 42_000_000_000_001
STATUSES = {
    category: FIRST_STATUS + place * 3
    for place, category in enumerate(("open", "pending", "hold", "solved", "closed"))
}
"""By category, the custom status that a share of its tickets has; closed ones belong to solved."""

_LABELS = {
    "open": ("open", "Waiting for parts"),
    "pending": ("pending", "Rückfrage beim Kunden"),
    "hold": ("hold", "With the vendor"),
    "solved": ("solved", "Solved by a work-around"),
    "closed": ("solved", "Duplicate"),
}
_OPTIONS = [
    {"name": "Printer", "value": "product_printer"},
    {"name": "Scanner::Flat bed", "value": "product_scanner"},
]
_COLOURS = [{"name": "Rot", "value": "colour_red"}, {"name": "Blau", "value": "colour_blue"}]

_DEFINED: tuple[tuple[str, str, list[Row], tuple[Any, ...]], ...] = (
    ("Product", "tagger", _OPTIONS, ("product_printer", None, "product_scanner")),
    ("Colours", "multiselect", _COLOURS, (["colour_red"], ["colour_red", "colour_blue"], None, [])),
    ("Serial number", "text", [], ("S-1 \u00e4", None)),
    ("What happened", "textarea", [], (None, "First line\nSecond line", None)),
    ("Visits", "integer", [], (0, 3, None)),
    ("Hours", "decimal", [], (None, 1.25, -0.5)),
    ("Bought on", "date", [], ("2026-01-31", None)),
    ("Warranty", "checkbox", [], (True, False, None)),
    ("Postcode", "regexp", [], ("50667", None, None)),
)

FIELDS: dict[int, tuple[Any, ...]] = {
    FIRST_FIELD + place * 7: values for place, (_, _, _, values) in enumerate(_DEFINED)
}
"""By the id of a custom field, the values that tickets have in turn."""


def write_definitions(sink: Sink) -> None:
    """Pass the definitions to ``sink(table, row)``."""
    for key, (title, kind, options, _) in zip(FIELDS, _DEFINED, strict=True):
        row: Row = {"id": key, "title": title, "type": kind, "custom_field_options": options}
        sink("ticket_fields", row | ({"regexp_for_validation": r"\d{5}"} if kind == "regexp" else {}))
    for name, key in STATUSES.items():
        category, label = _LABELS[name]
        sink("custom_statuses", {"id": key, "status_category": category, "agent_label": label})
    sink("ticket_forms", {"name": "Damage", "ticket_field_ids": list(FIELDS)[:3]})
    sink("brands", {"name": "Acme Outlet", "subdomain": "outlet"})
    sink("macros", {"title": "Close and thank", "actions": [{"field": "status", "value": "solved"}]})
    sink("macros", {"title": "Old one", "active": False, "actions": []})
    metric = {"priority": "urgent", "metric": "first_reply_time", "target": 60, "business_hours": False}
    conditions = {"all": [{"field": "type", "operator": "is", "value": "incident"}], "any": []}
    sink("sla_policies", {"title": "Incidents", "policy_metrics": [metric], "filter": conditions})
