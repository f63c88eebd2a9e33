"""The data centres and their hosts (SDK, MDC)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DataCenter:
    """The three hosts of one data centre."""

    accounts: str
    api: str
    content: str


DATA_CENTERS = {
    "us": DataCenter("accounts.zoho.com", "www.zohoapis.com", "content.zohoapis.com"),
    "eu": DataCenter("accounts.zoho.eu", "www.zohoapis.eu", "content.zohoapis.eu"),
    "in": DataCenter("accounts.zoho.in", "www.zohoapis.in", "content.zohoapis.in"),
    "au": DataCenter("accounts.zoho.com.au", "www.zohoapis.com.au", "content.zohoapis.com.au"),
    "jp": DataCenter("accounts.zoho.jp", "www.zohoapis.jp", "content.zohoapis.jp"),
    "cn": DataCenter("accounts.zoho.com.cn", "www.zohoapis.com.cn", "content.zohoapis.com.cn"),
    "ca": DataCenter("accounts.zohocloud.ca", "www.zohoapis.ca", "upload.zohocloud.ca"),
    "sa": DataCenter("accounts.zoho.sa", "www.zohoapis.sa", "files.zoho.sa"),
    # Only the accounts host of the UK is documented; the other two follow the pattern of the rest.
    "uk": DataCenter("accounts.zoho.uk", "www.zohoapis.uk", "content.zohoapis.uk"),
}


def hosts(role: str) -> tuple[str, ...]:
    """The hosts of a role (``accounts``, ``api``, ``content``) in all data centres."""
    return tuple(str(getattr(center, role)) for center in DATA_CENTERS.values())


def data_center_of(host: str) -> str | None:
    """The data centre that a host name belongs to; None for the sandbox's own address."""
    name = host.rsplit(":", 1)[0].lower()
    for key, center in DATA_CENTERS.items():
        if name in {center.accounts, center.api, center.content}:
            return key
    return None
