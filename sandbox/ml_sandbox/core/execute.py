"""Running any Python client with the vendors' host names resolved to a sandbox."""

import importlib.util
import json
import os
import signal
import ssl
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

HOOK = Path(__file__).with_name("name_hook.py")
CA_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")


def execute(command: Sequence[str], url: str, hosts: Iterable[str], certificate: str) -> int:
    """Run a command and give its exit code.

    Args:
        command: the program and its arguments.
        url: the address of a sandbox with TLS.
        hosts: host name patterns that are resolved to it, at any port.
        certificate: the sandbox's authority, PEM; trusted besides the usual ones.

    Raises OSError when the command cannot be run.
    """
    with tempfile.TemporaryDirectory(prefix="ml-sandbox-") as name:
        directory = Path(name)
        (directory / "sitecustomize.py").write_text(HOOK.read_text(encoding="utf-8"), encoding="utf-8")
        bundle = directory / "ca.pem"
        bundle.write_text(f"{_usual_authorities()}\n{certificate}", encoding="utf-8")
        return _run(command, _environment(os.environ, directory, bundle, url, list(hosts)))


def _environment(
    present: Mapping[str, str], directory: Path, bundle: Path, url: str, hosts: list[str]
) -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(directory), present.get("PYTHONPATH")]))
    # A proxy would resolve the names itself, so these hosts are never asked of one.
    direct = ",".join(filter(None, [present.get("NO_PROXY"), *(host.removeprefix("*") for host in hosts)]))
    names = {"hosts": hosts, "address": urlsplit(url).hostname, "port": urlsplit(url).port}
    return {
        **present,
        "PYTHONPATH": path,
        "NO_PROXY": direct,
        "no_proxy": direct,
        "ML_SANDBOX_NAMES": json.dumps(names),
        **dict.fromkeys(CA_VARIABLES, str(bundle)),
    }


def _usual_authorities() -> str:
    """What a client would trust without us: certifi's list if it is installed, else the system's."""
    found = importlib.util.find_spec("certifi")
    if found is not None and found.submodule_search_locations:
        bundle = Path(found.submodule_search_locations[0]) / "cacert.pem"
    else:
        bundle = Path(ssl.get_default_verify_paths().cafile or "")
    return bundle.read_text(encoding="utf-8") if bundle.is_file() else ""


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    child = subprocess.Popen(list(command), env=dict(environment))  # noqa: S603 (what the user asked for)

    def pass_on(number: int, frame: FrameType | None) -> None:
        child.send_signal(number)

    previous = {number: signal.signal(number, pass_on) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        code = child.wait()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    # A child that died of a signal is reported as a shell does.
    return code if code >= 0 else 128 - code
