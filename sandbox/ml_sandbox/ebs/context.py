"""The application context of a call: who, with which responsibility, for which operating unit."""

from collections.abc import Mapping
from dataclasses import dataclass

from ml_sandbox.ebs.administration import Responsibility, User
from ml_sandbox.ebs.faults import IsgFault, execution_error

RESPONSIBILITY = "ctx_responsibility"
APPLICATION = "ctx_respapplication"
SECURITY_GROUP = "ctx_securitygroup"
LANGUAGE = "ctx_nlslanguage"
ORGANIZATION = "ctx_orgid"
NAMES = (RESPONSIBILITY, APPLICATION, SECURITY_GROUP, LANGUAGE, ORGANIZATION)

# Of the five context elements these three have codes of their own when repeated (IG-ERR).
DUPLICATES = {
    RESPONSIBILITY: "ISG_DUPLICATE_RESPONSIBILITY",
    APPLICATION: "ISG_DUPLICATE_RESPAPPLICATION",
    LANGUAGE: "ISG_DUPLICATE_NLSLANGUAGE",
}
SECURITY_GROUPS = ("STANDARD",)
LANGUAGES = ("AMERICAN", "GERMAN", "FRENCH", "SPANISH", "BRAZILIAN PORTUGUESE", "JAPANESE")


@dataclass(frozen=True, slots=True)
class CallContext:
    """A checked context; no organization means that multi-org names show nothing."""

    user: User
    responsibility: Responsibility | None
    organization: int | None

    @property
    def organizations(self) -> frozenset[int]:
        """Operating units whose rows a multi-org name shows."""
        if self.organization is None or self.responsibility is None:
            return frozenset()
        return frozenset({self.organization}) & frozenset(self.responsibility.organizations)


def check_context(user: User, values: Mapping[str, str]) -> CallContext:
    """Check context values; raises `ISG_SERVICE_AUTH_FAILURE` for what the user does not have."""
    responsibility = _responsibility(user, values)
    if values.get(SECURITY_GROUP, SECURITY_GROUPS[0]) not in SECURITY_GROUPS:
        raise IsgFault("ISG_SERVICE_AUTH_FAILURE", f"Security group {values[SECURITY_GROUP]!r} is unknown.")
    if values.get(LANGUAGE, LANGUAGES[0]) not in LANGUAGES:
        raise execution_error(f"NLSLanguage {values[LANGUAGE]!r} is not installed.")
    organization = values.get(ORGANIZATION)
    if organization is not None and not organization.isdecimal():
        raise execution_error(f"Org_Id {organization!r} is not a number.")
    return CallContext(user, responsibility, int(organization) if organization else None)


def _responsibility(user: User, values: Mapping[str, str]) -> Responsibility | None:
    key, application = values.get(RESPONSIBILITY), values.get(APPLICATION)
    if key is None and application is None:
        return None
    for responsibility in user.responsibilities:
        if responsibility.key == key and application in {None, responsibility.application}:
            return responsibility
    raise IsgFault(
        "ISG_SERVICE_AUTH_FAILURE",
        f"User {user.name} does not have the responsibility {key!r} of the application {application!r}.",
    )
