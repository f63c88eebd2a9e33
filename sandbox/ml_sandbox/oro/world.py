"""Everything that the installation holds."""

from collections.abc import Mapping

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.core.table import Row, Table
from ml_sandbox.oro import seed
from ml_sandbox.oro.model import ALL_TYPES, Model
from ml_sandbox.oro.schema import Kind, Relation, ResourceType
from ml_sandbox.oro.store import Journal, Store
from ml_sandbox.oro.times import shown
from ml_sandbox.oro.tokens import TokenStore


class World:
    """The rows of every type, tokens, clients and what the native integration exported.

    Attributes:
        stores: by type, also those that the present settings hide.
    """

    def __init__(self, clock: SandboxClock, settings: VendorSettings) -> None:
        self.clock = clock
        self.settings = settings
        self.model = Model(settings)
        self.journal = Journal()
        self.stores = {name: Store(item, self.journal) for name, item in ALL_TYPES.items()}
        self.tokens = TokenStore(clock)
        self.clients = Table("client_id")
        self.native_exports: list[Row] = []
        self.clear()

    def store(self, type_name: str) -> Store:
        """The rows of a type."""
        return self.stores[type_name]

    @property
    def types(self) -> Mapping[str, ResourceType]:
        """The types that the installation has now."""
        return self.model.types

    def now(self) -> str:
        """The present second."""
        return shown(self.clock.now())

    def clear(self) -> None:
        """Back to the first business."""
        for store in self.stores.values():
            store.clear()
        self.tokens.revoke()
        self.native_exports.clear()
        self.clients.clear()
        for name in seed.rows():
            self.seed(name)
        self.seed_clients()

    def seed(self, type_name: str) -> None:
        """Put the first rows of a type, when it has some."""
        for row in seed.rows().get(type_name, ()):
            self.store(type_name).put(self.completed(type_name, row))

    def seed_clients(self) -> None:
        """Put the application of the integration."""
        self.clients.put(
            {
                "client_id": seed.CLIENT_ID,
                "client_secret": seed.CLIENT_SECRET,
                "grants": ["client_credentials", "password", "refresh_token"],
                "user": seed.USER_ID,
            }
        )

    def completed(self, type_name: str, given: Row) -> Row:
        """A row with every attribute and relationship, as one that the control API or the seed puts."""
        resource = self.types.get(type_name, ALL_TYPES[type_name])
        now = self.now()
        row: Row = {"id": given["id"]}
        for name, attribute in resource.attributes.items():
            row[name] = () if attribute.kind is Kind.ITEMS else attribute.default
        for name, relation in resource.relations.items():
            if not relation.inverse:
                row[name] = () if relation.many else self._default(relation)
        row |= dict.fromkeys(self.stamps(resource), now)
        if type_name == "users":
            row["password"] = seed.PASSWORD
        return row | {
            name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
        }

    def stamps(self, resource: ResourceType) -> list[str]:
        """The dates that are set at creation; a case is not updated by being created (B4)."""
        names = {"createdAt", "updatedAt", "reportedAt"} & resource.attributes.keys()
        return sorted(names - ({"updatedAt"} if resource.name == "cases" else set()))

    def _default(self, relation: Relation) -> str | None:
        fixed = {"user": seed.USER_ID, "organization": seed.ORGANIZATION_ID, "": None}
        return fixed.get(relation.default, relation.default)

    def related(self, resource: ResourceType, row: Row, relation: Relation) -> list[str]:
        """The ids that a relationship of a row holds, in order."""
        if relation.inverse:
            store = self.store(relation.target)
            return store.in_order(store.holding(relation.inverse, row["id"]))
        held = row.get(relation.name)
        if isinstance(held, tuple):
            return list(held)
        return [held] if held is not None else []
