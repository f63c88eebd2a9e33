"""One call of the package: what is asked, by whom, and what the procedure answers."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.ebs.catalog import OPERATIONS
from ml_sandbox.ebs.context import CallContext
from ml_sandbox.ebs.faults import IsgFault, execution_error
from ml_sandbox.ebs.masks import date_mask
from ml_sandbox.ebs.package import definitions
from ml_sandbox.ebs.package.business import Business, KeyCache, run_business
from ml_sandbox.ebs.package.contacts import Contacts
from ml_sandbox.ebs.package.customers import Customers
from ml_sandbox.ebs.package.definitions import PACKAGE_OPERATIONS, PackageOperation
from ml_sandbox.ebs.package.exclusions import Exclusions
from ml_sandbox.ebs.package.inputs import Given, PackageError, Reading, read_reading
from ml_sandbox.ebs.package.judging import read_judging
from ml_sandbox.ebs.package.messages import Message, Style, json_message, xml_message
from ml_sandbox.ebs.package.names import Names
from ml_sandbox.ebs.package.reader import Reader
from ml_sandbox.ebs.package.request import Call, read_call
from ml_sandbox.ebs.package.result import ERROR, Result
from ml_sandbox.ebs.package.summaries import Summaries
from ml_sandbox.ebs.package.tables import read_table
from ml_sandbox.ebs.rendering import Shape

if TYPE_CHECKING:
    from ml_sandbox.ebs.vendor import EbsVendor

_TEXTS = {
    "E": "The package refused the call: no data for this range are available now.",
    "U": "ORA-01403: no data found in XXML_READ_PKG",
}


class PackageService:
    """The procedures of the package, as the settings of the instance have them."""

    def __init__(self, vendor: "EbsVendor") -> None:
        self._vendor = vendor
        self._settings: VendorSettings = vendor.settings
        self._keys = KeyCache()

    def find(self, deployed: tuple[str, ...], path_name: str) -> PackageOperation | None:
        """Find a deployed operation by its name in the path, which is lower case (BLOG-PLSQL)."""
        own = self._operation_names().declared(deployed)
        name = own.get(path_name.upper()) if path_name == path_name.lower() else None
        return PACKAGE_OPERATIONS[name] if name else None

    def own_name(self, operation: PackageOperation) -> str:
        """Give the name that the site gave to an operation, in capitals."""
        return self._operation_names().of_standard(operation.name)

    def _operation_names(self) -> Names:
        return Names.of(self._settings, "package_operation_names")

    def read(self, body: bytes, content_type: str, operation: PackageOperation) -> Call:
        """Read a request body."""
        bare = self._settings.flag("bare_input_parameters")
        return read_call(body, content_type, self.own_name(operation), bare=bare)

    def given(self, parameters: Mapping[str, str | None], operation: PackageOperation) -> Given:
        """Give parameters by their standard names; raises a fault for what the procedure does not have."""
        declared = Names.of(self._settings, "package_parameter_names").declared(operation.parameters)
        longest = self._settings.integer("max_parameter_characters")
        values: dict[str, str] = {}
        for name, value in parameters.items():
            if name not in declared:
                raise execution_error(
                    f"Parameter {name!r} is not declared; declared are {', '.join(declared)}."
                )
            if value is not None and len(value) > longest:
                raise execution_error(
                    f"ORA-06502: PL/SQL: numeric or value error: character string buffer too small ({name})"
                )
            if value is not None:
                values[declared[name]] = value
        return Given(values, date_mask(self._settings.text("package_date_mask")))

    def run(self, operation: PackageOperation, given: Given, call: CallContext) -> Result:
        """Run a procedure; a mistake in the values of parameters is a result with status E."""
        answer = self._settings.text("package_answer")
        chosen = self._settings.text("package_answer_operations").upper().replace(",", " ").split()
        if answer != "data" and (not chosen or operation.name in chosen):
            if answer == "fault":
                raise IsgFault("ISG_SERVICE_EXECUTION_ERROR", "ORA-20001: injected by a setting.", 200)
            return Result(status=answer, message=_TEXTS[answer])
        try:
            reading = read_reading(given, operation, self._visible(call))
            if operation.name in OPERATIONS:
                return read_table(
                    self._vendor.store(OPERATIONS[operation.name].spec.name), operation, reading
                )
            kind = self._business(operation, given)
            return run_business(kind, self._vendor.store, operation, reading, self._keys)
        except PackageError as error:
            return Result(status=ERROR, message=str(error))

    def _business(self, operation: PackageOperation, given: Given) -> Callable[[Reader, Reading], Business]:
        if operation.name == "CUSTOMERS":
            return Customers
        if operation.name == "CUSTOMER_CONTACTS":
            return Contacts
        judging = read_judging(given, self._vendor.server_time())
        kind = Summaries if operation.name == "CUSTOMER_SUMMARIES" else Exclusions
        return lambda reader, reading: kind(reader, reading, judging)

    def _visible(self, call: CallContext) -> frozenset[int] | None:
        """Give the operating units that the session may see."""
        if self._settings.text("package_multi_org") == "all":
            return None
        return frozenset(call.responsibility.organizations if call.responsibility else ())

    def message(self, operation: PackageOperation, alias: str, result: Result) -> Message:
        """Give what is to be written."""
        return Message(operation, self.namespace(operation, alias), result, self._vendor.server_time())

    def namespace(self, operation: PackageOperation, alias: str) -> str:
        """Give the XML namespace of an operation's messages."""
        own = self.own_name(operation).lower()
        return f"http://xmlns.oracle.com/apps/{definitions.PRODUCT}/rest/{alias}/{own}/"

    def written(self, message: Message, *, json_form: bool) -> bytes:
        """Write an answer."""
        style = Style(
            Shape.of(self._settings),
            date_mask(self._settings.text("package_date_mask")),
            Names.of(self._settings, "package_output_names"),
            typed=self._settings.text("package_types") == "typed",
        )
        return json_message(message, style) if json_form else xml_message(message, style)
