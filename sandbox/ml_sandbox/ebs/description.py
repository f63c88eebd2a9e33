"""What a service says of itself: WADL and XSD documents."""

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import quoteattr

from ml_sandbox.ebs.catalog import OPERATIONS, Column, Kind, Operation
from ml_sandbox.ebs.rendering import FAULT_NAMESPACE

HEADER_NAMESPACE = "http://xmlns.oracle.com/apps/fnd/rest/header"
WADL_NAMESPACE = "http://wadl.dev.java.net/2009/02"
MEDIA = ("application/xml", "application/json")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SCHEMA = 'xmlns="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified"'
_XSD_TYPES = {Kind.NUMBER: "decimal", Kind.DATE: "dateTime", Kind.VARCHAR2: "string"}
_HEADER_ELEMENTS = ("Responsibility", "RespApplication", "SecurityGroup", "NLSLanguage", "Org_Id")
SHARED = ("RESTHeader.xsd", "ISGServiceFault.xsd")


def schema_name(operation: str) -> str:
    """Give the name of an operation's schema document."""
    return f"{operation}_SYNCH_TYPEDEF.xsd"


def namespace_of(operation: Operation, alias: str) -> str:
    """Give the XML namespace of an operation's messages."""
    return f"http://xmlns.oracle.com/apps/{operation.spec.product}/rest/{alias}/{operation.name.lower()}/"


def wadl(base: str, alias: str, operations: Sequence[Operation], parameters: Iterable[str]) -> str:
    """Describe an alias; `base` is its URL with the trailing slash, `parameters` the query names of GET."""
    names = [*SHARED, *(schema_name(operation.name) for operation in operations)]
    includes = "".join(f"    <include href={quoteattr(f'{base}?XSD={name}')}/>\n" for name in names)
    declared = "".join(
        f'          <param name={quoteattr(name)} style="query" type="xsd:string" required="false"/>\n'
        for name in parameters
    )
    resources = "".join(_resource(operation, alias, declared) for operation in operations)
    return (
        f'{HEAD}<application name={quoteattr(alias)} xmlns="{WADL_NAMESPACE}" '
        'xmlns:xsd="http://www.w3.org/2001/XMLSchema">\n'
        f"  <grammars>\n{includes}  </grammars>\n"
        f"  <resources base={quoteattr(base)}>\n{resources}  </resources>\n</application>\n"
    )


def _resource(operation: Operation, alias: str, parameters: str) -> str:
    media = "".join(
        f'          <representation mediaType="{kind}" xmlns:tns={quoteattr(namespace_of(operation, alias))} '
        'element="tns:OutputParameters"/>\n'
        for kind in MEDIA
    )
    return (
        f'    <resource path="{operation.name}/">\n'
        f'      <method id="{operation.name}" name="GET">\n'
        f"        <request>\n{parameters}        </request>\n"
        f"        <response>\n{media}        </response>\n"
        "      </method>\n    </resource>\n"
    )


def shared_schema(document: str) -> str | None:
    """Give a schema that every alias has, by its name."""
    if document == "RESTHeader.xsd":
        return _header_schema()
    return _fault_schema() if document == "ISGServiceFault.xsd" else None


def schema(document: str, alias: str, operations: Sequence[str], wrapper: str) -> str | None:
    """Give an operation's schema document of an alias; None when there is none of that name."""
    for name in operations:
        if document == schema_name(name):
            return _operation_schema(OPERATIONS[name], alias, wrapper)
    return None


def _header_schema() -> str:
    elements = "".join(
        f'      <element name="{name}" minOccurs="0" type="string"/>\n' for name in _HEADER_ELEMENTS
    )
    return schema_document(
        HEADER_NAMESPACE,
        f'  <element name="RESTHeader">\n{sequence(elements)}  </element>\n',
    )


def _fault_schema() -> str:
    names = ("Code", "Message", "Resolution")
    elements = "".join(f'      <element name="{name}" minOccurs="0" type="string"/>\n' for name in names)
    elements += (
        '      <element name="ServiceDetails" minOccurs="0"><complexType><sequence>'
        '<element name="InstanceId" minOccurs="0" type="string"/></sequence></complexType></element>\n'
    )
    return schema_document(
        FAULT_NAMESPACE, f'  <element name="ISGServiceFault">\n{sequence(elements)}  </element>\n'
    )


def _operation_schema(operation: Operation, alias: str, wrapper: str) -> str:
    columns = "".join(map(schema_column, operation.spec.columns))
    rows = {"rec": f"{operation.name}_REC", "value": "value"}.get(wrapper, operation.name)
    many = (
        '      <element name="{}" minOccurs="0" maxOccurs="unbounded" nillable="true" type="tns:{}_TYPE"/>\n'
    )
    if wrapper == "item":
        inner = many.format(f"{operation.name}_ITEM", operation.name)
        start = f'      <element name="{rows}" minOccurs="0" nillable="true">\n'
        elements = f"{start}{sequence(inner)}      </element>\n"
    else:
        elements = many.format(rows, operation.name)
    record = f"    <sequence>\n{columns}    </sequence>\n"
    return schema_document(
        namespace_of(operation, alias),
        f'  <element name="OutputParameters">\n{sequence(elements)}  </element>\n'
        f'  <complexType name="{operation.name}_TYPE">\n{record}  </complexType>\n',
    )


def schema_column(column: Column) -> str:
    """Declare one column."""
    start = f'      <element name="{column.name}" minOccurs="0" nillable="true" db:type="{column.kind.value}"'
    if not column.size:
        return f'{start} type="{_XSD_TYPES[column.kind]}"/>\n'
    return (
        f'{start}><simpleType><restriction base="string"><maxLength value="{column.size}"/>'
        "</restriction></simpleType></element>\n"
    )


def sequence(elements: str) -> str:
    """Wrap elements as the content of an element."""
    return f"    <complexType><sequence>\n{elements}    </sequence></complexType>\n"


def schema_document(namespace: str, content: str) -> str:
    """Wrap declarations as a schema."""
    return (
        f'{HEAD}<schema {_SCHEMA} targetNamespace="{namespace}" xmlns:tns="{namespace}" '
        f'xmlns:header="{HEADER_NAMESPACE}" xmlns:fault="{FAULT_NAMESPACE}" '
        f'xmlns:db="http://xmlns.oracle.com/pcbpel/adapter/sp">\n{content}</schema>\n'
    )
