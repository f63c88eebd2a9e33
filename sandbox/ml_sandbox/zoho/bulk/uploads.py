"""The content host: uploading the file of a bulk write (BW)."""

import io
import zipfile
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.zoho import seed
from ml_sandbox.zoho.errors import flat
from ml_sandbox.zoho.gate import user_of
from ml_sandbox.zoho.operations import Operation, fixed_scopes
from ml_sandbox.zoho.organization import Organization

MAX_BYTES = 25 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """One uploaded archive: the name and the bytes of the CSV file in it."""

    id: str
    user_id: str
    name: str
    content: bytes


class Uploads:
    """The endpoint, and the files that were uploaded."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self._files: dict[str, Upload] = {}

    def operations(self) -> list[Operation]:
        """What is served."""
        return [Operation("POST", "/crm/v8/upload", self.upload, fixed_scopes("ZohoFiles.files.ALL"))]

    async def upload(self, request: Request) -> Response:
        """``POST /upload``: a ZIP archive with one CSV file, as ``file`` of a multipart body."""
        self._check_headers(request)
        archive = _file_in(request.headers.get("content-type", ""), await request.body())
        if archive is None:
            raise flat(400, "MANDATORY_NOT_FOUND", "required field not found", {"api_name": "file"})
        if len(archive) > MAX_BYTES:
            raise flat(413, "FILE_TOO_LARGE", "The size of the file exceeds the limit", {"limit": MAX_BYTES})
        name, content = _csv_in(archive)
        upload = Upload(self._organization.record_ids(), user_of(request), name, content)
        self._files[upload.id] = upload
        created = self._organization.shown_time(self._organization.now())
        details = {"file_id": upload.id, "created_time": created}
        message = {"status": "success", "code": "FILE_UPLOAD_SUCCESS", "message": "file uploaded."}
        return JSONResponse({**message, "details": details})

    def get(self, file_id: str) -> Upload | None:
        """The uploaded file of this id."""
        return self._files.get(file_id)

    def clear(self) -> None:
        """Forget all files."""
        self._files.clear()

    def _check_headers(self, request: Request) -> None:
        if request.headers.get("feature") != "bulk-write":
            raise flat(400, "NOT_SUPPORTED_FEATURE", "feature is not supported", {"header": "feature"})
        if request.headers.get("x-crm-org") != seed.ORG_ID:
            raise flat(400, "INVALID_DATA", "invalid data", {"header": "X-CRM-ORG"})


def _file_in(content_type: str, body: bytes) -> bytes | None:
    """The part named ``file`` of a multipart body."""
    if not content_type.startswith("multipart/form-data"):
        return None
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
    )
    for part in message.iter_parts() if message.is_multipart() else ():
        if part.get_param("name", header="content-disposition") == "file":
            content = part.get_payload(decode=True)
            return content if isinstance(content, bytes) else None
    return None


def _csv_in(archive: bytes) -> tuple[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as file:
            names = [name for name in file.namelist() if name.lower().endswith(".csv")]
            if len(names) == 1:
                return names[0], file.read(names[0])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        pass
    raise flat(
        400, "INVALID_FILE_FORMAT", "invalid file format", {"expected": "a ZIP archive with one CSV file"}
    )
