"""Settings of the two ways of access, and of the read package."""

from __future__ import annotations

from ml_connector.settings import Setting

ACCESS_WAYS = ("rest_get", "plsql")

PACKAGE = (
    Setting(
        "access",
        "How tables and business objects are read. `rest_get`: deployed tables and views by GET. `plsql`: "
        "the read package by POST.",
        default="rest_get",
        allowed=ACCESS_WAYS,
    ),
    Setting(
        "stream_access",
        "Access of single streams: `{gl_daily_rates: rest_get}`.",
        "object",
        items={"enum": list(ACCESS_WAYS)},
    ),
    Setting("package_alias", "Alias of the read package. By default that of `alias`."),
    Setting(
        "package_path",
        "Path of an operation of the package below `services_path`, with the trailing slash.",
        default="{alias}/{operation}/",
    ),
    Setting(
        "package_operations",
        "Operation of single streams where the package names it otherwise: `{customers: read_customers}`.",
        "object",
        items={"type": ["string"]},
    ),
    Setting(
        "package_parameters",
        "Names of parameters where the package names them otherwise: `{P_LIMIT: P_ROWS}`; an empty name: it "
        "is not sent.",
        "object",
        items={"type": ["string"]},
    ),
    Setting(
        "package_collections",
        "Names of outputs where the package names them otherwise: `{X_ROWS: X_DATA, X_HAS_MORE: X_MORE}`.",
        "object",
        items={"type": ["string"]},
    ),
    Setting(
        "package_date_mask",
        "Oracle mask of the dates that the package takes and gives.",
        default='YYYY-MM-DD"T"HH24:MI:SS',
    ),
)
"""The read package, and who is read through it."""
