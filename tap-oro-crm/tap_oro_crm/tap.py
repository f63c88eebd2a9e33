"""tap-oro-crm: the tap class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import ClassVar

from ml_connector.http import Session
from ml_connector.settings import Setting
from ml_connector.singer.command import Check
from ml_connector.singer.stream import ConnectorStream
from ml_connector.singer.tap import ConnectorTap
from ml_connector.vendors.oro.client import OroClient
from ml_connector.vendors.oro.faults import ApiRefusal, TypeMissing
from ml_connector.vendors.oro.features import Features
from ml_connector.vendors.oro.types import TYPES, ResourceType
from tap_oro_crm import checks
from tap_oro_crm.schema import Shape, check_types, discover
from tap_oro_crm.settings import SETTINGS
from tap_oro_crm.stream import DictionaryStream, RecordStream


class TapOroCrm(ConnectorTap):
    """Singer tap for OroCRM."""

    name = "tap-oro-crm"
    settings: ClassVar[tuple[Setting, ...]] = SETTINGS

    def discover_streams(self) -> Sequence[ConnectorStream]:
        """Return a stream per type that the server has; with a catalog, only of those it selects."""
        types = check_types(self.config.get("attribute_types") or {}, TYPES)
        found: list[ConnectorStream] = []
        for kind in TYPES.values():
            if not self.is_wanted(kind.name) or (kind.optional and not self.features.has(kind.name)):
                continue
            shape = self._shape(kind, types)
            if shape is not None:
                found.append(DictionaryStream(self, shape) if kind.dictionary else RecordStream(self, shape))
        return found

    @cached_property
    def changed(self) -> dict[str, set[str]]:
        """The ids that each stream sent as changed in this run."""
        return {}

    @cached_property
    def client(self) -> OroClient:
        """The way to OroCRM, opened when first needed."""
        return OroClient(self.config, stopping=self.stopping)

    @cached_property
    def features(self) -> Features:
        """What the server can."""
        return Features(self.client)

    def checks(self) -> Iterable[Check]:
        """Try login, the API's switch, the clock, and one page of each selected stream."""
        return checks.run(self)

    def sessions(self) -> Iterable[Session]:
        """Return the HTTP session, if it was used."""
        return [self.client.session] if "client" in self.__dict__ else ()

    def close(self) -> None:
        """Say what the server can and end the session; the access token stays for the next process."""
        if "features" in self.__dict__:
            self.features.say()
        if "client" in self.__dict__:
            self.client.close()

    def _shape(self, kind: ResourceType, types: dict[str, str]) -> Shape | None:
        """What a type has; None where the user may not read it and nobody asked for it by a catalog."""
        with_people = self.config.get("include_people") is not False
        try:
            return discover(self.client, kind, types, with_people=with_people)
        except TypeMissing:
            # Tells an API that is off from a type that is missing.
            self.features.has(kind.name)
            raise
        except ApiRefusal as refusal:
            if refusal.status != 403 or self.input_catalog is not None:
                raise
            self.logger.warning("%s is left out: %s", kind.name, refusal.message)
            return None


if __name__ == "__main__":
    TapOroCrm.cli()
