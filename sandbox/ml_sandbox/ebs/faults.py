"""The fault document of the Integrated SOA Gateway."""

from dataclasses import dataclass
from typing import Any

# code -> (HTTP status, text, advice). Statuses: IG-ERR, ENG-DOC, NAV; those of an unknown alias or
# function are not published, so they are settings.
_TEXTS: dict[str, tuple[int, str, str]] = {
    "FND_SOA_AUTHENTICATION_FAILURE": (
        401,
        "Authentication of the user failed.",
        "Check the user name, the password or the access token.",
    ),
    "ISG_SERVICE_AUTH_FAILURE": (
        403,
        "User not authorized to execute service.",
        "Create a grant for the user, and check the responsibility, its application and security group.",
    ),
    "ISG_INVALID_ALIAS": (500, "No service is deployed under this alias.", "Check the service alias."),
    "ISG_INVALID_FUNCTION": (
        500,
        "The operation does not exist or is not deployed.",
        "Check the operation in the WADL.",
    ),
    "ISG_DUPLICATE_RESPONSIBILITY": (500, "Responsibility is given more than once.", "Give it once."),
    "ISG_DUPLICATE_RESPAPPLICATION": (500, "RespApplication is given more than once.", "Give it once."),
    "ISG_DUPLICATE_NLSLANGUAGE": (500, "NLSLanguage is given more than once.", "Give it once."),
    "ISG_DB_CONNECTION_ERROR": (500, "No connection to the database.", "Try again later."),
    "ISG_SERVICE_EXECUTION_ERROR": (
        500,
        "The service could not be executed.",
        "Check the request against the WADL and XSD of the service.",
    ),
}


@dataclass
class IsgFault(Exception):
    """An answer of the kind ISGServiceFault; `detail` is added to the code's own text."""

    code: str
    detail: str = ""
    status: int = 0

    def __post_init__(self) -> None:
        default, text, self.resolution = _TEXTS[self.code]
        self.status = self.status or default
        self.message = f"{text} {self.detail}".strip()

    def document(self, instance: str) -> dict[str, Any]:
        """Give the fault as nested elements; `instance` is the id that the server logs it under."""
        return {
            "Code": self.code,
            "Message": self.message,
            "Resolution": self.resolution,
            "ServiceDetails": {"InstanceId": instance},
        }


def execution_error(detail: str) -> IsgFault:
    """Give the catch-all fault with a text."""
    return IsgFault("ISG_SERVICE_EXECUTION_ERROR", detail)
