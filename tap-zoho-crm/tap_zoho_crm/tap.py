"""tap-zoho-crm: the tap class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from ml_connector.errors import SystemFault
from ml_connector.http import Session
from ml_connector.settings import Setting
from ml_connector.singer.command import Check
from ml_connector.singer.tap import ConnectorTap
from ml_connector.vendors.zoho.client import ZohoClient
from ml_connector.vendors.zoho.faults import ApiRefusal
from ml_connector.vendors.zoho.metadata import Field, Module, fields, modules
from tap_zoho_crm import checks
from tap_zoho_crm.reading.choice import Reader
from tap_zoho_crm.settings import SETTINGS
from tap_zoho_crm.stream import ModuleStream

USUAL = frozenset({"Accounts", "Contacts", "Vendors", "Leads", "Deals", "Purchase_Orders", "Invoices"})
"""Modules that are selected by default, beside custom ones and those of the setting `modules`."""

# What others refer to comes before them, so that a target need not wait for it.
_FIRST = ("Accounts", "Vendors", "Contacts", "Leads", "Products", "Deals")
# Listed among the modules, but without records of their own.
_WITHOUT_RECORDS = frozenset({"web", "webtab_link", "static_subform"})


class TapZohoCrm(ConnectorTap):
    """Singer tap for Zoho CRM."""

    name = "tap-zoho-crm"
    settings: ClassVar[tuple[Setting, ...]] = SETTINGS

    def discover_streams(self) -> Sequence[ModuleStream]:
        """Return a stream per module that the user may read; with a catalog, only of those it selects."""
        found = []
        _ = self.client.edition
        for module in self._wanted():
            known = self._fields(module)
            if known:
                stream = ModuleStream(self, module, known)
                stream.selected_by_default = self._is_usual(module)
                found.append(stream)
        return found

    @cached_property
    def client(self) -> ZohoClient:
        """The way to Zoho, opened when first needed."""
        return ZohoClient(self.config, stopping=self.stopping)

    @cached_property
    def reader(self) -> Reader:
        """The ways to read modules."""
        return Reader(self.client, self.config)

    @property
    def single_reads(self) -> frozenset[str]:
        """Modules whose records are also read one by one."""
        return frozenset(str(name) for name in self.config.get("single_reads") or ())

    def checks(self) -> Iterable[Check]:
        """Try login, organisation, metadata and one page of each selected module."""
        return checks.run(self)

    def sessions(self) -> Iterable[Session]:
        """Return the HTTP sessions that were used so far."""
        return self.client.sessions() if "client" in self.__dict__ else ()

    def quota_left(self) -> Mapping[str, float]:
        """Return the credits that remain of the day, once Zoho has told."""
        remaining = self.client.credits.remaining if "client" in self.__dict__ else None
        return {} if remaining is None else {"credits": remaining}

    def numbers(self) -> Mapping[str, Any]:
        """Return the credits that the run spent."""
        return {"credits": self.client.credits.summary()} if "client" in self.__dict__ else {}

    def close(self) -> None:
        """End the sessions; the access token stays for the next process."""
        if "client" in self.__dict__:
            self.client.close()

    def _wanted(self) -> list[Module]:
        """The modules to offer, in the order in which they are read."""
        there = {module.api_name: module for module in modules(self.client) if module.is_readable}
        named = [str(name) for name in self.config.get("modules") or ()]
        for name in (*named, *self.single_reads):
            if name not in there:
                raise SystemFault(
                    f"zoho-crm: there is no module {name} that this user may read.",
                    fix="Correct `modules` or `single_reads`, or give the user's profile the module; an "
                    f"edition may lack it. There are: {', '.join(sorted(there))}.",
                )
        chosen = named or [
            name for name, module in there.items() if module.generated_type not in _WITHOUT_RECORDS
        ]
        chosen = [name for name in chosen if self.is_wanted(name)]
        places = {name: place for place, name in enumerate(_FIRST)}
        return [
            there[name] for name in sorted(chosen, key=lambda name: (places.get(name, len(places)), name))
        ]

    def _is_usual(self, module: Module) -> bool:
        named = self.config.get("modules")
        if named:
            return module.api_name in named
        return module.api_name in USUAL or module.generated_type == "custom"

    def _fields(self, module: Module) -> list[Field]:
        try:
            return fields(self.client, module.api_name)
        except ApiRefusal as refusal:
            if refusal.status not in {400, 403} or module.api_name in (self.config.get("modules") or ()):
                raise
            self.logger.warning("%s is left out: %s", module.api_name, refusal.message)
            return []


if __name__ == "__main__":
    TapZohoCrm.cli()
