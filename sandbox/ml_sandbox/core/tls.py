"""The private certificate authority of a sandbox that answers with TLS."""

import ssl
from collections.abc import Iterable

import trustme


class Authority:
    """A fresh authority with one certificate for all names.

    Args:
        names: addresses and host names; ``*.example.com`` covers one label.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._authority = trustme.CA(organization_name="ml-sandbox")
        self._issued = self._authority.issue_cert(*names, common_name="ml-sandbox")

    @property
    def certificate(self) -> str:
        """The authority's own certificate, PEM."""
        return self._authority.cert_pem.bytes().decode("ascii")

    def server_context(self) -> ssl.SSLContext:
        """What the server needs to prove its names."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._issued.configure_cert(context)
        return context
