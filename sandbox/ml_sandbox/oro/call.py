"""One call of the API as its handlers see it."""

from dataclasses import dataclass

from starlette.requests import Request

from ml_sandbox.core.table import Row
from ml_sandbox.oro.errors import access_denied, action_not_allowed, unknown_type
from ml_sandbox.oro.identities import Identities
from ml_sandbox.oro.schema import ResourceType
from ml_sandbox.oro.world import World

PERMISSIONS = {"get_list": "get", "delete_list": "delete", "update_list": "update"}


@dataclass(frozen=True)
class Call:
    """A call that passed the gate.

    Attributes:
        user: the row of the user for whom it acts.
        plain: whether it speaks the plain JSON API.
        identities: how it names records.
        wanted: what ``X-Include`` asks for.
        base: the address of the API, with its prefix.
    """

    world: World
    request: Request
    user: Row
    plain: bool
    identities: Identities
    wanted: frozenset[str]
    base: str

    @property
    def type_name(self) -> str:
        """The type in the path."""
        return str(self.request.path_params["type"])

    def resource(self, action: str) -> ResourceType:
        """The type in the path, when the action is enabled and permitted."""
        resource = self.world.types.get(self.type_name)
        if resource is None:
            raise unknown_type(self.type_name)
        if not resource.allows(action):
            raise action_not_allowed(action, allowed_methods(resource, item="id" in self.request.path_params))
        self.permit(resource.name, action)
        return resource

    def permit(self, type_name: str, action: str) -> None:
        """Raise when the user's role does not permit the action on the type."""
        permit(self.world, type_name, action)

    def sees(self, row: Row) -> bool:
        """Whether a record is of the user's organization."""
        organization = row.get("organization")
        return organization is None or organization == self.user.get("organization")


def permit(world: World, type_name: str, action: str) -> None:
    """Raise when the role of the integration's user does not permit the action on the type."""
    denied = [text.strip() for text in world.settings.text("denied_actions").split(",")]
    if f"{type_name}.{PERMISSIONS.get(action, action)}" in denied:
        raise access_denied("No access to this type of entities.")


def allowed_methods(resource: ResourceType, *, item: bool) -> list[str]:
    """The methods of the type's list or item."""
    by_action = (
        {"get": "GET", "update": "PATCH", "delete": "DELETE"}
        if item
        else {"get_list": "GET", "create": "POST", "update_list": "PATCH", "delete_list": "DELETE"}
    )
    return ["OPTIONS", *(method for action, method in by_action.items() if resource.allows(action))]
