"""Who calls, and whether the token was granted for it (OAUTH)."""

from starlette.requests import Request

from ml_sandbox.zoho.data_centers import data_center_of
from ml_sandbox.zoho.errors import invalid_token, scope_mismatch, unauthenticated
from ml_sandbox.zoho.operations import Operation
from ml_sandbox.zoho.organization import Organization
from ml_sandbox.zoho.tokens import AccessToken

SCHEME = "Zoho-oauthtoken"


def authenticated(organization: Organization, request: Request) -> AccessToken:
    """The token of a request; 401 when it is missing, in another scheme, dead or of another data centre."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != SCHEME.lower() or not text.strip():
        raise unauthenticated()
    token = organization.tokens.living(text.strip())
    if token is None or is_foreign(organization, request):
        raise invalid_token()
    return token


def is_foreign(organization: Organization, request: Request) -> bool:
    """Whether the request came by a host of another data centre."""
    center = data_center_of(request.headers.get("host", ""))
    return center is not None and center != organization.settings.text("data_center")


def check_scopes(token: AccessToken, operation: Operation, request: Request) -> None:
    """401 when the token's scopes do not suffice."""
    for sufficient in operation.scopes(request):
        if not sufficient & token.scopes:
            raise scope_mismatch()
