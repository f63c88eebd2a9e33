"""Where a context travels: in the query, in HTTP headers, in the body."""

from collections.abc import Iterable, Mapping

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.ebs.package.request import HEADER_ELEMENTS
from ml_sandbox.ebs.reading import Pairs, context_names, set_once


def header_context(headers: Iterable[tuple[str, str]], settings: VendorSettings) -> dict[str, str]:
    """Give context values that HTTP headers carry, under the names of the body or of the query."""
    names = {element.lower(): value for element, value in HEADER_ELEMENTS.items()}
    names |= {name.lower(): value for name, value in context_names(settings).items()}
    values: dict[str, str] = {}
    for name, value in headers:
        if name.lower() in names and value:
            set_once(values, names[name.lower()], value)
    return values


def query_context(pairs: Pairs, settings: VendorSettings) -> tuple[dict[str, str], list[str]]:
    """Give the context values of a query, and the names of its other parameters."""
    names = context_names(settings)
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in names and value:
            set_once(values, names[name], value)
    return values, [name for name, _ in pairs if name not in names]


def joined(*contexts: Mapping[str, str]) -> dict[str, str]:
    """Join contexts of several places; what two of them give is given twice."""
    values: dict[str, str] = {}
    for given in contexts:
        for name, value in given.items():
            set_once(values, name, value)
    return values
