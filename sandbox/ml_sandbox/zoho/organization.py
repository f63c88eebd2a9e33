"""The state of the simulated organisation."""

from dataclasses import replace

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.core.table import IdSequence, Row, Table
from ml_sandbox.zoho import seed, standard_fields
from ml_sandbox.zoho.errors import invalid_module, no_permission
from ml_sandbox.zoho.fields import Field, FieldView, IdSource, with_ids
from ml_sandbox.zoho.index import SearchIndex
from ml_sandbox.zoho.modules import Module
from ml_sandbox.zoho.times import shown_time
from ml_sandbox.zoho.tokens import TokenStore

FIRST_ID = 5725767000000500000
FIRST_RECORD_ID = 5725767000007900000
CREATED = 1_577_880_000
"""When the organisation was set up: 1 January 2020."""


PERMISSIONS = {"View": "viewable", "Create": "creatable", "Edit": "editable", "Delete": "deletable"}
SMALL_EDITIONS = ("free", "standard")
INVENTORY = frozenset({"Vendors", "Purchase_Orders", "Invoices"})


class Organization:
    """Everything that the organisation holds.

    Attributes:
        modules: by API name.
        users: by id.
        clients: OAuth clients by ``client_id``.
        deleted: what ``/deleted`` tells, by record id, with the record itself.
        tags: by name.
        index: what the search knows.
        workflow_runs: what ran because a record was written.
    """

    def __init__(self, clock: SandboxClock, settings: VendorSettings) -> None:
        self.clock = clock
        self.settings = settings
        self.tokens = TokenStore(clock)
        self.ids = IdSource(FIRST_ID)
        self.record_ids = IdSource(FIRST_RECORD_ID)
        self.run_ids = IdSequence(1)
        self.modules: dict[str, Module] = {}
        self.users = Table()
        self.clients = Table(key="client_id")
        self.deleted = Table()
        self.tags = Table(key="name")
        self.workflow_runs = Table()
        self.layout_ids: dict[str, str] = {}
        self.index = SearchIndex(clock, settings)
        self.seed()

    def seed(self) -> None:
        """Put in what a fresh sandbox has."""
        self.seed_modules()
        for user in seed.users():
            self.users.put(user)
        self.seed_clients()

    def seed_clients(self) -> None:
        """Put in the OAuth clients and their refresh tokens."""
        for client in seed.clients():
            self.clients.put(client)
        for token in seed.refresh_tokens():
            self.tokens.add_refresh(
                token["client_id"], token["user_id"], frozenset(seed.SCOPES), token["refresh_token"]
            )

    def seed_modules(self) -> None:
        """Put in the standard modules with the custom fields of the seed."""
        for api_name, fields, name_field, duplicate_field in (
            ("Leads", standard_fields.leads(), "Full_Name", "Email"),
            ("Accounts", standard_fields.accounts(), "Account_Name", "Account_Name"),
            ("Contacts", standard_fields.contacts(), "Full_Name", "Email"),
            ("Vendors", standard_fields.vendors(), "Vendor_Name", "Vendor_Name"),
            ("Deals", standard_fields.deals(), "Deal_Name", "Deal_Name"),
            ("Purchase_Orders", standard_fields.purchase_orders(), "Subject", "Subject"),
            ("Invoices", standard_fields.invoices(), "Subject", "Subject"),
        ):
            all_fields = [*standard_fields.system_fields(), *fields]
            self.add_module(api_name, all_fields, name_field, duplicate_field)

    def add_module(
        self,
        api_name: str,
        fields: list[Field],
        name_field: str,
        duplicate_field: str | None,
        *,
        custom: bool = False,
        flags: Row | None = None,
    ) -> Module:
        """Put in a module; its fields get ids."""
        with_all_ids = [with_ids(replace(found, modified_time=CREATED), self.ids) for found in fields]
        module = Module(
            api_name,
            self.ids(),
            with_all_ids,
            name_field=name_field,
            duplicate_field=duplicate_field,
            custom=custom,
            flags=flags,
        )
        self.layout_ids[api_name] = self.ids()
        self.modules[api_name] = module
        return module

    def module(self, api_name: str, permission: str = "View") -> Module:
        """The module of a path; :class:`ZohoError` when it is not offered, or the profile forbids the call.

        Args:
            permission: ``View``, ``Create``, ``Edit`` or ``Delete``, as the metadata's flags allow it.
        """
        found = self.modules.get(api_name)
        if found is None or api_name in self.hidden_modules() or not found.flags.get("api_supported", True):
            raise invalid_module()
        if not found.flags.get(PERMISSIONS[permission], True):
            raise no_permission(f"Crm_Implied_{permission}_{api_name}")
        return found

    def hidden_modules(self) -> set[str]:
        """Modules that the edition or the profile does not offer."""
        hidden = {name.strip() for name in self.settings.text("hidden_modules").split(",")}
        edition = self.settings.text("edition")
        if edition in SMALL_EDITIONS and self.settings.flag("edition_modules"):
            hidden |= INVENTORY
            hidden |= {name for name, module in self.modules.items() if module.custom and edition == "free"}
        return hidden

    def now(self) -> int:
        """The present Unix second."""
        return int(self.clock.timestamp())

    def shown_time(self, seconds: int | None) -> str | None:
        """An instant in the user's time zone."""
        return None if seconds is None else shown_time(seconds, self.settings.text("time_zone"))

    def person(self, user_id: str | None, *, email: bool = False) -> Row | None:
        """A user as records name him."""
        user = self.users.get(user_id) if user_id is not None else None
        if user is None:
            return None
        shown = {"name": user["name"], "id": user["id"]}
        return {**shown, "email": user["email"]} if email else shown

    def note_run(self, module: Module, row: Row, trigger: str, action: str) -> None:
        """Remember that automation ran for a record."""
        run = {"id": self.run_ids.take(), "module": module.api_name, "record_id": row["id"]}
        self.workflow_runs.put({**run, "trigger": trigger, "action": action, "time": self.now()})

    def field_view(self) -> FieldView:
        """How fields are shown at present."""
        ids = {name: module.id for name, module in self.modules.items()}
        return FieldView(self.settings.text("unique_key"), ids, self.shown_time)

    def clear(self) -> None:
        """Back to a fresh sandbox."""
        self.modules.clear()
        for table in (self.users, self.clients, self.deleted, self.tags, self.workflow_runs):
            table.clear()
        self.tokens.revoke()
        self.index.clear()
        self.ids.reset()
        self.record_ids.reset()
        self.seed()
