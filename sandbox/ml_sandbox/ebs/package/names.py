"""The names that a site gave to what the contract calls otherwise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ml_sandbox.core.settings import VendorSettings


@dataclass(frozen=True, slots=True)
class Names:
    """Own names by standard name; one that is empty is not there at all."""

    own: Mapping[str, str]

    @classmethod
    def of(cls, settings: VendorSettings, setting: str) -> "Names":
        """Read a setting such as `P_LIMIT=P_MAX_ROWS, P_OFFSET=`."""
        pairs = (item.partition("=") for item in settings.text(setting).split(",") if item.strip())
        return cls({name.strip().upper(): own.strip().upper() for name, _, own in pairs})

    def of_standard(self, name: str) -> str:
        """Give the site's name of something; empty when the site does not have it."""
        return self.own.get(name, name)

    def declared(self, standard: Iterable[str]) -> dict[str, str]:
        """Give own name -> standard name of what the site has."""
        return {own: name for name in standard if (own := self.of_standard(name))}
