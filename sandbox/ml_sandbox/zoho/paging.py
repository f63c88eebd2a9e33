"""Page tokens: what they are bound to, how long they live and where they go on (REC)."""

import secrets
from dataclasses import dataclass

from ml_sandbox.zoho.errors import flat, invalid_param
from ml_sandbox.zoho.ordered import SortKey
from ml_sandbox.zoho.organization import Organization

MANY_TOKENS = 50_000


@dataclass(frozen=True)
class Place:
    """Where a list goes on.

    Attributes:
        page: the number of the page that comes next.
        served: how many records came before.
        after: the sort key of the last of them.
    """

    page: int
    served: int
    after: SortKey


@dataclass(frozen=True)
class _Token:
    user_id: str
    bound: str
    place: Place
    ends: float
    expiry: str | None


class PageTokens:
    """All page tokens that were given out."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self._tokens: dict[str, _Token] = {}

    def give(self, user_id: str, bound: str, place: Place) -> tuple[str, str | None]:
        """A token for what follows, and the time at which it ends."""
        clock = self._organization.clock
        seconds = self._organization.settings.number("page_token_seconds")
        expiry = self._organization.shown_time(int(clock.timestamp() + clock.real_seconds(seconds)))
        text = secrets.token_hex(32)
        if len(self._tokens) >= MANY_TOKENS:
            self._tokens.pop(next(iter(self._tokens)))
        self._tokens[text] = _Token(user_id, bound, place, clock.monotonic() + seconds, expiry)
        return text, expiry

    def take(self, text: str, user_id: str, bound: str) -> Place:
        """The place of a token; 400 when it is unknown, another user's, too old, or of another call."""
        token = self._tokens.get(text)
        if token is None:
            raise mismatch()
        if token.user_id != user_id:
            raise invalid_param("page_token")
        if self._organization.clock.monotonic() >= token.ends:
            details = {"api_name": "page_token", "json_path": "$.query.page_token"}
            raise flat(400, "EXPIRED_VALUE", "Page token expired", details)
        if token.bound != bound:
            raise mismatch()
        if token.place.served >= self._organization.settings.integer("token_page_limit"):
            limit = self._organization.settings.integer("token_page_limit")
            message = f"You can only get upto {limit} records using page_token param"
            raise flat(400, "PAGINATION_LIMIT_EXCEEDED", message, {"param_name": "page_token"})
        return token.place

    def clear(self) -> None:
        """Forget all."""
        self._tokens.clear()


def mismatch() -> Exception:
    """The token does not fit the call."""
    message = "The page_token given seems to be invalid or input param is added or altered or deleted"
    return flat(400, "TOKEN_BOUND_DATA_MISMATCH", message, {"param_name": "page_token"})
