import pytest
from sandbox.ebs_api import RESPONSIBILITY, USER, EbsApi, collection, fault

VISION = RESPONSIBILITY | {"ctx_orgid": "204"}
SITES = "HZ_CUST_ACCT_SITES"


@pytest.fixture
def sites(ebs: EbsApi) -> EbsApi:
    ebs.put(
        f"{SITES}_ALL",
        {"CUST_ACCT_SITE_ID": 1, "ORG_ID": 204},
        {"CUST_ACCT_SITE_ID": 2, "ORG_ID": 458},
        {"CUST_ACCT_SITE_ID": 3, "ORG_ID": 204},
        {"CUST_ACCT_SITE_ID": 4, "ORG_ID": 911},
    )
    return ebs


def ids(rows: list[dict[str, object]]) -> list[object]:
    return [row["CUST_ACCT_SITE_ID"] for row in rows]


def test_the_all_table_is_read_whole_whatever_the_context(sites: EbsApi) -> None:
    assert ids(sites.rows(f"{SITES}_ALL")) == [1, 2, 3, 4]
    assert ids(sites.rows(f"{SITES}_ALL", **VISION)) == [1, 2, 3, 4]


def test_the_filtered_name_shows_the_operating_unit_of_the_context(sites: EbsApi) -> None:
    assert ids(sites.rows(SITES, **VISION)) == [1, 3]
    assert ids(sites.rows(SITES, **RESPONSIBILITY, ctx_orgid="458")) == [2]


@pytest.mark.parametrize(
    "context",
    [{}, RESPONSIBILITY, {"ctx_orgid": "204"}, RESPONSIBILITY | {"ctx_orgid": "911"}],
    ids=["no context", "no organization", "no responsibility", "an organization out of its reach"],
)
def test_the_filtered_name_shows_nothing_without_error_when_context_is_missing(
    sites: EbsApi, context: dict[str, str]
) -> None:
    assert sites.rows(SITES, **context) == []


def test_the_responsibility_limits_the_operating_units(sites: EbsApi) -> None:
    context = {"ctx_responsibility": "ML_VISION_INQUIRY", "ctx_respapplication": "AR"}

    assert ids(sites.rows(SITES, **context, ctx_orgid="204")) == [1, 3]
    assert sites.rows(SITES, **context, ctx_orgid="458") == []


@pytest.mark.parametrize(
    "context",
    [
        {"ctx_responsibility": "SYSTEM_ADMINISTRATOR"},
        {"ctx_responsibility": "ML_CONNECTOR_INQUIRY", "ctx_respapplication": "ONT"},
        {"ctx_respapplication": "AR"},
        RESPONSIBILITY | {"ctx_securitygroup": "VISION"},
    ],
)
def test_a_responsibility_that_the_user_does_not_have_is_refused(
    ebs: EbsApi, context: dict[str, str]
) -> None:
    answer = ebs.get("custtables/HZ_PARTIES/", context)

    assert (answer.status_code, fault(answer)) == (403, "ISG_SERVICE_AUTH_FAILURE")


@pytest.mark.parametrize("context", [{"ctx_orgid": "Vision"}, {"ctx_nlslanguage": "KLINGON"}])
def test_a_context_value_that_cannot_be_set_is_an_execution_error(
    ebs: EbsApi, context: dict[str, str]
) -> None:
    answer = ebs.get("custtables/HZ_PARTIES/", context)

    assert (answer.status_code, fault(answer)) == (500, "ISG_SERVICE_EXECUTION_ERROR")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ctx_responsibility", "ISG_DUPLICATE_RESPONSIBILITY"),
        ("ctx_respapplication", "ISG_DUPLICATE_RESPAPPLICATION"),
        ("ctx_nlslanguage", "ISG_DUPLICATE_NLSLANGUAGE"),
        ("ctx_orgid", "ISG_SERVICE_EXECUTION_ERROR"),
    ],
)
def test_a_repeated_context_element_is_refused(ebs: EbsApi, name: str, code: str) -> None:
    answer = ebs.get("custtables/HZ_PARTIES/", [(name, "AR"), (name, "AR")])

    assert (answer.status_code, fault(answer)) == (500, code)


def test_query_names_of_the_context_are_lower_case(ebs: EbsApi) -> None:
    answer = ebs.get("custtables/HZ_PARTIES/", {"ctx_Responsibility": "ML_CONNECTOR_INQUIRY"})

    assert fault(answer) == "ISG_SERVICE_EXECUTION_ERROR"


def test_a_token_remembers_the_context_last_given_for_it(sites: EbsApi) -> None:
    token, other = sites.token(), sites.token()
    path = f"custtables/{SITES}/"

    assert ids(collection(sites.get_as(token, path, **VISION), SITES)) == [1, 3]
    assert ids(collection(sites.get_as(token, path), SITES)) == [1, 3]
    assert ids(collection(sites.get_as(token, path, ctx_orgid="458"), SITES)) == [2]
    assert ids(collection(sites.get_as(token, path), SITES)) == [2]
    assert collection(sites.get_as(other, path), SITES) == []
    assert sites.rows(SITES) == []


def test_a_refused_context_is_not_remembered(sites: EbsApi) -> None:
    token = sites.token()
    path = f"custtables/{SITES}/"
    assert sites.get_as(token, path, **VISION).status_code == 200

    assert sites.get_as(token, path, ctx_responsibility="PAYABLES_MANAGER").status_code == 403
    assert ids(collection(sites.get_as(token, path), SITES)) == [1, 3]


@pytest.mark.parametrize(
    "resp", [{"key": "ML_CONNECTOR_INQUIRY", "applKey": "AR"}, {"id": "50559", "applId": "222"}]
)
def test_initialize_sets_the_context_of_the_token(sites: EbsApi, resp: dict[str, str]) -> None:
    token = sites.token()
    body = {"data": {"resp": resp, "securityGroup": {"key": "STANDARD"}, "org": {"id": "458"}}}

    answer = sites.session.post(
        f"{sites.base}initialize", json=body, headers={"Cookie": f"EBSDB={token}"}, timeout=30
    )

    assert answer.status_code == 200, answer.text
    assert ids(collection(sites.get_as(token, f"custtables/{SITES}/"), SITES)) == [2]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"resp": {}}, "ISG_SERVICE_EXECUTION_ERROR"),
        ({"data": {"organisation": {}}}, "ISG_SERVICE_EXECUTION_ERROR"),
        ({"data": {"org": "204"}}, "ISG_SERVICE_EXECUTION_ERROR"),
        ({"data": {"resp": {"key": "GL_SUPER_USER"}}}, "ISG_SERVICE_AUTH_FAILURE"),
        ({"data": {"resp": {"id": "1"}}}, "ISG_SERVICE_AUTH_FAILURE"),
    ],
)
def test_initialize_refuses_what_it_cannot_set(ebs: EbsApi, body: object, code: str) -> None:
    cookie = {"Cookie": f"EBSDB={ebs.token()}"}

    assert fault(ebs.session.post(f"{ebs.base}initialize", json=body, headers=cookie, timeout=30)) == code


def test_initialize_needs_a_token(ebs: EbsApi) -> None:
    answer = ebs.session.post(
        f"{ebs.base}initialize", json={"data": {}}, auth=(USER, "extract-1"), timeout=30
    )

    assert fault(answer) == "ISG_SERVICE_EXECUTION_ERROR"


def test_the_query_name_of_the_organization_is_a_setting(sites: EbsApi) -> None:
    sites.settings(organization_parameter="ctx_org_id")

    assert ids(sites.rows(SITES, **RESPONSIBILITY, ctx_org_id="458")) == [2]
    assert fault(sites.get(f"custtables/{SITES}/", VISION)) == "ISG_SERVICE_EXECUTION_ERROR"
