"""target-jde: settings, objects, checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from ml_connector.errors import ConnectorError, SystemFault
from ml_connector.http import Parallel
from ml_connector.settings import to_jsonschema
from ml_connector.singer.command import Check
from ml_connector.singer.objects import VendorObject
from ml_connector.singer.target import ConnectorTarget
from ml_connector.vendors.jde.client import Client
from ml_connector.vendors.jde.reading import TableReader
from ml_connector.vendors.jde.session import SYSTEM
from target_jde.batch import BatchRoute, BatchRules
from target_jde.checking import Catalogue
from target_jde.contacts import Contacts
from target_jde.finding import Finder
from target_jde.items import ITEMS
from target_jde.masters import Masters
from target_jde.objects import Rules, Tools
from target_jde.orchestrations import Orchestrations
from target_jde.records import Records
from target_jde.settings import SETTINGS


class TargetJde(ConnectorTarget):
    """Writes to JD Edwards by named orchestrations and verifies what became of each record."""

    name = "target-jde"
    system = SYSTEM
    config_jsonschema: ClassVar[dict[str, Any]] = to_jsonschema(SETTINGS)
    _routes: tuple[BatchRoute, ...] = ()

    @cached_property
    def client(self) -> Client:
        """The session with the server, opened when first needed."""
        return Client(self.config)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The orchestrations that the user may run."""
        checked = bool(self.config["check_orchestrations"])
        return Catalogue(self.client.discover if checked else None)

    def make_objects(self) -> Mapping[str, VendorObject]:
        """Customers, suppliers and contacts."""
        self._check_objects()
        config, reader = self.config, TableReader(self.client, self.config)
        tools = Tools(
            client=self.client,
            parallel=Parallel(int(config["concurrency"])),
            reader=reader,
            records=Records(reader, config),
            finder=Finder(reader, scan=bool(config["match_scan"])),
            catalogue=self.catalogue,
        )
        rules, batch = self._rules(), BatchRules.from_settings(config)
        customers, suppliers = (
            Masters(tools, Orchestrations.from_settings(config, name), rules, batch)
            for name in ("customers", "suppliers")
        )
        self._routes = (customers.batch, suppliers.batch)
        contacts = Contacts(tools, Orchestrations.from_settings(config, "contacts"), rules, customers)
        return {each.spec.name: each for each in (customers, suppliers, contacts)}

    def _rules(self) -> Rules:
        config = self.config
        source_key = str(config["source_key"])
        if source_key == "none" and config["batch_from"]:
            raise SystemFault(
                "The batch route finds its new records by the source's key, and source_key is none.",
                fix="Name a field in source_key, or set batch_from: 0.",
            )
        return Rules(
            source_key=None if source_key == "none" else source_key,
            match_by=tuple(config["match_by"]),
            creates=bool(config["creates"]),
            two_way=bool(config["two_way"]),
            recreate=config["on_missing"] == "recreate",
            blank=str(config["blank"]),
            write_blanks=frozenset(config.get("write_blanks") or ()),
            inactive=config.get("inactive") or {},
            inactivates=config["on_delete"] == "inactivate",
            singly=config["batch_refused"] == "singly",
        )

    def _check_objects(self) -> None:
        for setting in ("orchestrations", "inactive"):
            unknown = sorted((self.config.get(setting) or {}).keys() - ITEMS.keys())
            if unknown:
                raise SystemFault(
                    f"The setting {setting} names unknown objects: {', '.join(unknown)}.",
                    fix=f"Known ones: {', '.join(ITEMS)}.",
                )
        for name, values in (self.config.get("inactive") or {}).items():
            unknown = sorted((values or {}).keys() - {item.name for item in ITEMS[name]})
            if unknown:
                raise SystemFault(
                    f"The setting inactive.{name} names unknown fields: {', '.join(unknown)}.",
                    fix="Use the fields of the object.",
                )

    def numbers(self) -> Mapping[str, Any]:
        """Requests and retries; staged batches with their jobs and how many rows failed."""
        if "client" not in self.__dict__:
            return {}
        totals = [session.counters.total for session in self.client.sessions()]
        numbers: dict[str, Any] = {
            "requests": sum(total.requests for total in totals),
            "retries": sum(total.retries for total in totals),
            "throttled": sum(total.throttled for total in totals),
            "seconds_waited": round(sum(total.seconds_waited for total in totals), 3),
        }
        batches = [told for route in self._routes for told in route.batches]
        return numbers | ({"batches": batches} if batches else {})

    def checks(self) -> Iterable[Check]:
        """Ledger, login, each orchestration."""
        yield from super().checks()
        told = self.client.log_in()
        answer = self.client.default_config()
        version = answer.get("aisVersion") if isinstance(answer, Mapping) else None
        where = told.get("environment") or self.config.get("environment") or "the server's environment"
        yield Check("login", ok=True, detail=f"signed in to {where}, AIS {version or 'of unknown version'}")
        if not self.config["check_orchestrations"]:
            return
        for name in ITEMS:
            settings = Orchestrations.from_settings(self.config, name)
            parts = [settings.update, settings.create if self.config["creates"] else None, settings.lookup]
            if self.config["batch_from"] and name != "contacts":
                parts.append(str(self.config["batch_orchestration"]))
            for orchestration in dict.fromkeys(part for part in parts if part):
                yield self._check_orchestration(name, orchestration)

    def _check_orchestration(self, object_name: str, orchestration: str) -> Check:
        title = f"{object_name} {orchestration}"
        try:
            found = self.catalogue.of(orchestration)
        except ConnectorError as error:
            return Check(title, ok=False, detail=error.message, fix=error.fix)
        inputs = len(found.inputs) if found and found.inputs is not None else "unknown"
        return Check(title, ok=True, detail=f"inputs: {inputs}")

    def close(self) -> None:
        """Log out."""
        if "client" in self.__dict__:
            self.client.close()
