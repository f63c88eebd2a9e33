"""target-zoho-crm: settings, modules as objects, checks."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from ml_connector.errors import ConnectorError, SystemFault
from ml_connector.settings import to_jsonschema
from ml_connector.singer.command import Check
from ml_connector.singer.objects import VendorObject
from ml_connector.singer.target import ConnectorTarget
from ml_connector.vendors.zoho import metadata
from ml_connector.vendors.zoho.client import ZohoClient
from target_zoho_crm.ladder import CONTACTS, KeyRung, Places, rungs_of
from target_zoho_crm.module import ModuleObject
from target_zoho_crm.settings import DEFAULT_DEDUPE, SETTINGS
from target_zoho_crm.tools import Rules, Tools

log = logging.getLogger(__name__)

SYSTEM = "zoho"
# What others point to comes first; modules that are not named here come last.
PARENTS: Mapping[str, tuple[str, ...]] = {
    "Accounts": (),
    "Vendors": (),
    "Leads": (),
    "Products": ("Vendors",),
    "Contacts": ("Accounts", "Vendors"),
    "Deals": ("Accounts", "Contacts"),
    "Quotes": ("Accounts", "Contacts", "Deals", "Products"),
    "Sales_Orders": ("Accounts", "Contacts", "Deals", "Quotes", "Products"),
    "Purchase_Orders": ("Vendors", "Contacts", "Products"),
    "Invoices": ("Accounts", "Contacts", "Sales_Orders", "Products"),
}
KINDS = frozenset({"default", "custom"})  # other modules are parts or views of these


class TargetZohoCrm(ConnectorTarget):
    """Writes to Zoho CRM in hundreds and verifies what became of each record."""

    name = "target-zoho-crm"
    system = SYSTEM
    config_jsonschema: ClassVar[dict[str, Any]] = to_jsonschema(SETTINGS)

    @cached_property
    def client(self) -> ZohoClient:
        """The organisation, logged in when first needed."""
        return ZohoClient(self.config)

    @cached_property
    def modules(self) -> Mapping[str, ModuleObject]:
        """The organisation's modules that records can be written to, by API name."""
        rules = Rules(
            two_way=bool(self.config["two_way"]),
            trigger=tuple(self.config["trigger"]),
            write_batch=int(self.config["write_batch"]),
            read_batch=int(self.config["read_batch"]),
            write_blanks=frozenset(self.config.get("write_blanks") or ()),
            strict_locking=bool(self.config["strict_locking"]),
            bulk_from=int(self.config["bulk_from"]),
            bulk_rows=int(self.config["bulk_rows"]),
            job_first_poll=float(self.config["job_first_poll"]),
            job_poll=float(self.config["job_poll"]),
            job_timeout=float(self.config["job_timeout"]),
        )
        tools = Tools(self.client, rules, int(self.config["parallel"]))
        made: dict[str, ModuleObject] = {}
        for module in self._offered():
            made[module] = ModuleObject(
                tools,
                module,
                self._rungs(module),
                made,
                depends_on=PARENTS.get(module, tuple(PARENTS)),
                inactive=(self.config.get("inactive_values") or {}).get(module),
            )
        return made

    def _offered(self) -> list[str]:
        # The edition's limits hold from here on.
        _ = self.client.edition
        return [
            module.api_name
            for module in metadata.modules(self.client)
            if module.is_readable and module.generated_type in KINDS and (module.creatable or module.editable)
        ]

    def _rungs(self, module: str) -> list[KeyRung]:
        names = self.config.get("countries") or {}
        default = self.config.get("default_country")
        places = Places(str(default).upper() if default else None, names)
        return rungs_of(module, self._source_keys.get(module), self._dedupe.get(module), places)

    @property
    def _source_keys(self) -> Mapping[str, str]:
        return self.config.get("source_key") or {}

    @property
    def _dedupe(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.config.get("dedupe", DEFAULT_DEDUPE) or {}
        return found

    def make_objects(self) -> Mapping[str, VendorObject]:
        """Every module that the organisation offers; its fields are read when first needed.

        Raises:
            SystemFault: the settings name a module that there is not.
        """
        found = self.modules
        for setting, named in (("source_key", self._source_keys), ("dedupe", self._dedupe)):
            missing = sorted(named.keys() - found.keys())
            if set(missing) - PARENTS.keys():
                raise self._not_offered(f"The setting {setting} names {', '.join(missing)}, which", missing)
            if missing and named is not DEFAULT_DEDUPE:
                log.info("The setting %s names %s: not offered here.", setting, ", ".join(missing))
        return dict(found)

    def _not_offered(self, what: str, modules: Iterable[str]) -> SystemFault:
        edition = self.client.edition.name
        return SystemFault(
            f"{what} the organisation (edition {edition}) does not offer to this user by the API.",
            fix=f"Upgrade the edition, let the user's profile see {', '.join(modules)}, or leave it out. "
            f"Offered are: {', '.join(sorted(self.modules))}.",
        )

    def refuse_unknown(self, stream: str, object_name: str) -> SystemFault:
        """A module that the edition or the profile does not offer."""
        fault = super().refuse_unknown(stream, object_name)
        if object_name not in PARENTS:
            return fault
        named = self._not_offered(f"Stream {stream} goes to {object_name}, which", [object_name])
        return SystemFault(named.message, fix=f"{named.fix} {fault.fix}")

    def numbers(self) -> Mapping[str, Any]:
        """Requests, retries and credits."""
        if "client" not in self.__dict__:
            return {}
        totals = [session.counters.total for session in self.client.sessions()]
        return {
            "requests": sum(total.requests for total in totals),
            "retries": sum(total.retries for total in totals),
            "throttled": sum(total.throttled for total in totals),
            "seconds_waited": round(sum(total.seconds_waited for total in totals), 3),
            "credits": dict(self.client.credits.summary()),
            "key_index": self._key_index(),
        }

    def _key_index(self) -> Mapping[str, int]:
        """What reading the key index cost; its credits are among those of COQL."""
        indexes = [each.reader.index for each in self.__dict__.get("modules", {}).values()]
        calls, rows = sum(each.calls for each in indexes if each), sum(each.rows for each in indexes if each)
        return {"calls": calls, "records": rows}

    def checks(self) -> Iterable[Check]:
        """Ledger, login, edition, and the source key of each module that has one."""
        yield from super().checks()
        self.client.log_in()
        yield Check("login", ok=True, detail=f"signed in at {self.client.addresses.api}")
        edition = self.client.edition
        company = self.client.organisation.get("company_name") or "the organisation"
        yield Check(
            "edition", ok=True, detail=f"{company}: {edition.name}, {edition.concurrency} calls at once"
        )
        for module, field in self._source_keys.items():
            yield self._check_source_key(module, field)
        if CONTACTS not in self.modules and any(
            entry.get("contact_email") for entry in self._dedupe.values()
        ):
            yield Check("contact_email", ok=False, detail="Contacts are not offered", fix="Correct dedupe.")

    def _check_source_key(self, module: str, field: str) -> Check:
        name = f"source key {module}.{field}"
        try:
            found = self.modules.get(module)
            if found is None or found.source_key is None:
                raise self._not_offered(f"The setting source_key names {module}, which", [module])
            found.source_key.check(found.fields.known)
        except ConnectorError as error:
            return Check(name, ok=False, detail=error.message, fix=error.fix)
        return Check(name, ok=True, detail="is there and unique")

    def close(self) -> None:
        """End the sessions."""
        if "client" in self.__dict__:
            self.client.close()
