"""The settings that every target has, whatever the vendor."""

from __future__ import annotations

from ml_connector.settings import Setting

# A rule, or the rules of a system's objects by name.
_RULE = {"type": ["string", "object"]}

TARGET_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "integration",
        "Name of the pairing of two systems; links, letters and conflicts are kept by it. Both directions of "
        "a two-way integration carry the same name. Default: the plugin's name.",
    ),
    Setting(
        "source_system", "Name of the system the records come from, as policies call it.", default="source"
    ),
    Setting(
        "ledger_url",
        "Database of links, snapshots, journal and letters: sqlite:///PATH or postgresql://USER@HOST/NAME. "
        "Default: .ml-connector/ledger.db beside the Meltano project.",
        secret=True,
    ),
    Setting("lease_wait", "Seconds to wait for another run of the integration.", "number", 0, minimum=0),
    Setting(
        "start_paused",
        "Let no run start until `ml-connector resume INTEGRATION` was called.",
        "boolean",
        False,
    ),
    Setting("dry_run", "Read, match, merge and plan; write nothing and pass no STATE.", "boolean", False),
    Setting(
        "way_back",
        "The records go back to where the other direction of the integration comes from: with two_way off "
        "nothing is sent, not even a login, and each record is ignored.",
        "boolean",
        False,
    ),
    Setting(
        "remap", "Look at every record again, changed or not: for a mapping that changed.", "boolean", False
    ),
    Setting(
        "policies",
        "Who wins when both sides changed a field: a system, newest, hold or fill_blanks. Keys: default, "
        "SYSTEM.OBJECT, SYSTEM.OBJECT.FIELD; or nested, as Meltano needs them: `{default: newest, jde: "
        "{customers: {default: jde, phone: hold}}}`. Default: the source.",
        "object",
        items=_RULE,
    ),
    Setting(
        "authority",
        "Which system speaks first where nothing is known of a field yet. Keys as in policies.",
        "object",
        items=_RULE,
    ),
    Setting("newest_ties", "The system that wins under `newest` where times do not tell."),
    Setting(
        "clock_tolerance",
        "Seconds by which the clocks of the two systems may differ, under `newest`.",
        "number",
        0,
        minimum=0,
    ),
    Setting(
        "on_missing",
        "A linked record that is gone from the target: letter, recreate, or flag its link so that the record "
        "is not written any more.",
        default="letter",
        allowed=("letter", "recreate", "flag"),
    ),
    Setting(
        "on_delete",
        "A record deleted in the source: ignore it, or flag its link so that it is not written any more.",
        default="ignore",
        allowed=("ignore", "flag"),
    ),
    Setting(
        "max_deleted",
        "Stop, and mark none, when more linked records of a stream are missing in the source than this: a "
        "count, or below 1 a share of them, then at least 10. It applies where a tap lists all records "
        "(ACTIVATE_VERSION), not to records that it sends as deleted.",
        "number",
        0.1,
        minimum=0,
    ),
    Setting(
        "process_activate_version_messages",
        "Whether ACTIVATE_VERSION counts: linked records that the tap did not list with this version are "
        "treated as deleted, see on_delete.",
        "boolean",
        True,
    ),
    Setting(
        "max_rejected",
        "Stop when more records are newly rejected than this: a count, or a share of those read if below 1.",
        "number",
        minimum=0,
    ),
    Setting("max_waiting", "How many records may wait in memory for a parent.", "integer", 10_000, minimum=0),
    Setting("batch_rows", "How many changed records are settled together.", "integer", 10_000, minimum=1),
    Setting(
        "max_batch_age",
        "Seconds after which records are settled although no further line arrives.",
        "number",
        30,
        minimum=0.1,
    ),
    Setting(
        "write_timeout",
        "Seconds after which a create that a dead run sent, and that is not there, counts as not done.",
        "number",
        60,
        minimum=0,
    ),
)

PRIORITY_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "sync_priority",
        "Who wins in the integration with OroCRM when both sides changed a field: remote_wins (the other "
        "system) or local_wins (OroCRM). The same for both directions; policies and authority go before it.",
        allowed=("remote_wins", "local_wins"),
    ),
)
"""Of the targets of an integration with OroCRM; see `options.policies_of`."""
