"""What a package says of itself: WADL and XSD documents of its procedures."""

from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.ebs import description
from ml_sandbox.ebs.administration import Deployment
from ml_sandbox.ebs.catalog import Column, Kind
from ml_sandbox.ebs.package import definitions
from ml_sandbox.ebs.package.definitions import PACKAGE_OPERATIONS, Collection, PackageOperation
from ml_sandbox.ebs.package.names import Names
from ml_sandbox.ebs.rendering import FAULT_NAMESPACE

if TYPE_CHECKING:
    from ml_sandbox.ebs.package.service import PackageService

_LONGEST = 32_767


def package_wadl(service: "PackageService", deployment: Deployment, base: str) -> str:
    """Describe an alias; `base` is its URL with the trailing slash."""
    operations = _deployed(service, deployment)
    names = [*description.SHARED, *map(description.schema_name, operations)]
    includes = "".join(f"    <include href={quoteattr(f'{base}?XSD={name}')}/>\n" for name in names)
    resources = "".join(
        _resource(own, service.namespace(operation, deployment.alias))
        for own, operation in operations.items()
    )
    return (
        f"{description.HEAD}<application name={quoteattr(deployment.alias)} "
        f'xmlns="{description.WADL_NAMESPACE}">\n'
        f"  <grammars>\n{includes}  </grammars>\n"
        f"  <resources base={quoteattr(base)}>\n{resources}  </resources>\n</application>\n"
    )


def _deployed(service: "PackageService", deployment: Deployment) -> dict[str, PackageOperation]:
    found = ((service.own_name(PACKAGE_OPERATIONS[name]), name) for name in deployment.operations)
    return {own: PACKAGE_OPERATIONS[name] for own, name in found if own}


def _resource(own: str, namespace: str) -> str:
    def representations(kind: str) -> str:
        return "".join(
            f'          <representation mediaType="{media}" xmlns:tns={quoteattr(namespace)} '
            f'type="tns:{own}_{kind}"/>\n'
            for media in description.MEDIA
        )

    return (
        f'    <resource path="{own.lower()}/">\n      <method id="{own}" name="POST">\n'
        f"        <request>\n{representations('Input')}        </request>\n"
        f"        <response>\n{representations('Output')}        </response>\n"
        "      </method>\n    </resource>\n"
    )


def package_schema(
    service: "PackageService", deployment: Deployment, wanted: str, settings: VendorSettings
) -> str | None:
    """Give a procedure's schema document by its name; None when there is none of that name."""
    for own, operation in _deployed(service, deployment).items():
        if wanted == description.schema_name(own):
            content = _content(own, operation, settings)
            return description.schema_document(service.namespace(operation, deployment.alias), content)
    return None


def _content(own: str, operation: PackageOperation, settings: VendorSettings) -> str:
    inputs = Names.of(settings, "package_parameter_names").declared(operation.parameters)
    outputs = Names.of(settings, "package_output_names")
    typed = settings.text("package_types") == "typed"
    collections = [(outputs.of_standard(found.name), found) for found in operation.collections]
    collections = [(name, found) for name, found in collections if name]
    scalars = outputs.declared(definitions.SCALARS)
    asked = description.sequence("".join(map(_text_element, inputs)))
    given = "".join(
        f'      <element name="{name}" minOccurs="0" nillable="true" type="tns:{found.table_type}" '
        f'db:type="{definitions.PACKAGE}.{found.table_type}"/>\n'
        for name, found in collections
    )
    answered = description.sequence(given + "".join(map(_text_element, scalars)))
    return (
        _imports()
        + f'  <element name="{own}_Input" type="tns:{own}_Input"/>\n'
        + f'  <complexType name="{own}_Input">\n    <sequence>\n'
        + '      <element ref="header:RESTHeader" minOccurs="0"/>\n'
        + '      <element ref="tns:InputParameters" minOccurs="1"/>\n    </sequence>\n  </complexType>\n'
        + f'  <complexType name="{own}_Output">\n    <choice>\n'
        + '      <element ref="tns:OutputParameters"/>\n'
        + '      <element ref="fault:ISGServiceFault"/>\n    </choice>\n  </complexType>\n'
        + f'  <element name="InputParameters">\n{asked}  </element>\n'
        + f'  <element name="OutputParameters">\n{answered}  </element>\n'
        + "".join(_types(name, found, typed=typed) for name, found in collections)
    )


def _imports() -> str:
    pairs = zip((description.HEADER_NAMESPACE, FAULT_NAMESPACE), description.SHARED, strict=True)
    return "".join(
        f'  <import namespace="{namespace}" schemaLocation="?XSD={name}"/>\n' for namespace, name in pairs
    )


def _text_element(name: str) -> str:
    return description.schema_column(Column(name, Kind.VARCHAR2, _LONGEST))


def _types(name: str, collection: Collection, *, typed: bool) -> str:
    """Declare the table type of a collection and the record type of its items."""
    columns = collection.columns if typed else [_as_text(column) for column in collection.columns]
    record = "".join(map(description.schema_column, columns))
    return (
        f'  <complexType name="{collection.table_type}">\n    <sequence>\n'
        f'      <element name="{name}_ITEM" minOccurs="0" maxOccurs="unbounded" nillable="true" '
        f'type="tns:{collection.record_type}"/>\n    </sequence>\n  </complexType>\n'
        f'  <complexType name="{collection.record_type}">\n    <sequence>\n{record}    </sequence>\n'
        "  </complexType>\n"
    )


def _as_text(column: Column) -> Column:
    """Give a column as the package declares it: numbers and dates as text."""
    sizes = {Kind.NUMBER: 40, Kind.DATE: 30, Kind.VARCHAR2: column.size}
    return Column(column.name, Kind.VARCHAR2, sizes[column.kind])
