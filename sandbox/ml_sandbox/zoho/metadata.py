"""The organisation, its users, modules and fields (ORG, MOD, FLD)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zoho import seed
from ml_sandbox.zoho.errors import flat, invalid_module, invalid_param, param_missing
from ml_sandbox.zoho.modules import Module
from ml_sandbox.zoho.operations import Operation, fixed_scopes, settings_scopes
from ml_sandbox.zoho.organization import CREATED, Organization

FIELD_TYPES = ("all", "used", "unused")


class Metadata:
    """The endpoints."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization

    def operations(self) -> list[Operation]:
        """What is served."""
        modules, fields = settings_scopes("modules"), settings_scopes("fields")
        org = fixed_scopes("ZohoCRM.org.READ", "ZohoCRM.org.ALL")
        users = fixed_scopes("ZohoCRM.users.READ", "ZohoCRM.users.ALL")
        field_parameters = ("module", "type", "include")
        return [
            Operation("GET", "/crm/v8/org", self.org, org),
            Operation("GET", "/crm/v8/users", self.users, users, parameters=("type", "page", "per_page")),
            Operation(
                "GET",
                "/crm/v8/settings/modules",
                self.modules,
                modules,
                parameters=("status", "feature_name"),
            ),
            Operation("GET", "/crm/v8/settings/modules/{module}", self.module, modules),
            Operation("GET", "/crm/v8/settings/fields", self.fields, fields, parameters=field_parameters),
            Operation(
                "GET", "/crm/v8/settings/fields/{field_id}", self.field, fields, parameters=field_parameters
            ),
        ]

    async def org(self, request: Request) -> Response:
        """``GET /org``: tells the edition and the time zone."""
        return JSONResponse({"org": [shown_organization(self._organization)]})

    async def users(self, request: Request) -> Response:
        """``GET /users``; ``type=CurrentUser`` gives the token's own."""
        people = list(self._organization.users)
        if request.query_params.get("type") == "CurrentUser":
            people = [user for user in people if user["id"] == request.state.token.user_id]
        shown = [self._shown_user(user) for user in people]
        info = {"per_page": 200, "count": len(shown), "page": 1, "more_records": False}
        return JSONResponse({"users": shown, "info": info})

    async def modules(self, request: Request) -> Response:
        """``GET /settings/modules``: also those that the API does not support."""
        hidden = self._organization.hidden_modules()
        found = [module for name, module in self._organization.modules.items() if name not in hidden]
        return JSONResponse({"modules": [self.shown_module(module) for module in found]})

    async def module(self, request: Request) -> Response:
        """``GET /settings/modules/{api_name or id}``."""
        wanted = request.path_params["module"]
        for module in self._organization.modules.values():
            offered = module.api_name not in self._organization.hidden_modules()
            if offered and wanted in {module.api_name, module.id}:
                return JSONResponse({"modules": [self.shown_module(module)]})
        raise invalid_module()

    async def fields(self, request: Request) -> Response:
        """``GET /settings/fields?module=``: 204 where a module has none to tell."""
        module = self._module(request)
        kind = request.query_params.get("type", self._organization.settings.text("default_field_type"))
        if kind not in FIELD_TYPES:
            raise invalid_param("type", supported_values=list(FIELD_TYPES))
        view = self._organization.field_view()
        shown = [
            view.shown(found, module.name_field)
            for found in module.fields.values()
            if found.visible and kind in {"all", "used" if found.used else "unused"}
        ]
        if not shown or module.flags.get("without_fields"):
            return Response(status_code=204)
        return JSONResponse({"fields": shown})

    async def field(self, request: Request) -> Response:
        """``GET /settings/fields/{id}?module=``."""
        module = self._module(request)
        view = self._organization.field_view()
        for found in module.fields.values():
            if found.id == request.path_params["field_id"] and found.visible:
                return JSONResponse({"fields": [view.shown(found, module.name_field)]})
        raise flat(400, "INVALID_DATA", "the id given seems to be invalid", {"resource_path_index": 2})

    def shown_module(self, module: Module) -> Row:
        """A module as the metadata give it."""
        return shown_module(self._organization, module)

    def _module(self, request: Request) -> Module:
        name = request.query_params.get("module")
        if not name:
            raise param_missing("module")
        return self._organization.module(name)

    def _shown_user(self, user: Row) -> Row:
        first, _, last = user["name"].rpartition(" ")
        return {
            "id": user["id"],
            "full_name": user["name"],
            "first_name": first or None,
            "last_name": last,
            "email": user["email"],
            "status": "active",
            "confirm": True,
            "time_zone": self._organization.settings.text("time_zone"),
            "role": {"name": "CEO", "id": "5725767000000031154"},
            "profile": {"name": "Administrator", "id": "5725767000000031157"},
            "zuid": str(int(user["id"]) % 100_000_000),
        }


def shown_module(organization: Organization, module: Module) -> Row:
    """A module as the metadata give it."""
    plural = module.api_name.replace("_", " ")
    shown = {
        "id": module.id,
        "api_name": module.api_name,
        "module_name": module.api_name,
        "singular_label": module.singular,
        "plural_label": plural,
        "actual_singular_label": module.singular,
        "actual_plural_label": plural,
        "api_supported": True,
        "viewable": True,
        "creatable": True,
        "editable": True,
        "deletable": True,
        "convertable": module.api_name == "Leads",
        "generated_type": "custom" if module.custom else "default",
        "module_type": "ENTITIES",
        "modified_time": organization.shown_time(CREATED) if module.custom else None,
        "modified_by": organization.person(seed.USER_ID) if module.custom else None,
        "access_type": "org_based",
        "status": "visible",
        "visibility": 1,
        "sequence_number": list(organization.modules).index(module.api_name) + 1,
        "global_search_supported": True,
        "public_fields_configured": False,
        "recycle_bin_on_delete": True,
        "has_more_profiles": False,
        "sub_menu_available": False,
        "profile_count": 2,
        "description": None,
        "web_link": None,
        "arguments": [],
        "business_card_field_limit": 5,
        "profiles": [{"name": "Administrator", "id": "5725767000000031157"}],
        "parent_module": {},
        "triggers_supported": True,
        "quick_create": True,
        "presence_sub_menu": True,
        "show_as_tab": True,
        "filter_supported": True,
        "feeds_required": False,
        "scoring_supported": True,
        "webform_supported": False,
        "emailTemplate_support": True,
        "email_parser_supported": True,
        "inventory_template_supported": False,
        "isBlueprintSupported": True,
    }
    return shown | {name: value for name, value in module.flags.items() if name in shown}


def shown_organization(organization: Organization) -> Row:
    """The organisation as ``GET /org`` gives it."""
    settings = organization.settings
    edition = settings.text("edition")
    return {
        "id": seed.ORGANIZATION_ID,
        "zgid": seed.ORG_ID,
        "company_name": "ACME Foods",
        "alias": None,
        "primary_email": seed.users()[0]["email"],
        "primary_zuid": "411001",
        "website": None,
        "phone": None,
        "mobile": None,
        "fax": None,
        "street": None,
        "city": None,
        "state": None,
        "zip": None,
        "country": "United States",
        "country_code": "US",
        "description": None,
        "employee_count": "50",
        "time_zone": settings.text("time_zone"),
        "currency": "US Dollar - USD",
        "currency_symbol": "$",
        "currency_locale": "en_US",
        "iso_code": "USD",
        "mc_status": False,
        "type": "production",
        "created_time": organization.shown_time(CREATED),
        "domain_name": "org5725767",
        "photo_id": None,
        "gapps_enabled": False,
        "translation_enabled": False,
        "zia_portal_id": None,
        "deletable_org_account": False,
        "privacy_settings": False,
        "hipaa_compliance_enabled": False,
        "lite_users_enabled": False,
        "hierarchy_preferences": {"type": "Role_Hierarchy", "strictly_reporting": None},
        "license_details": {
            "paid": edition != "free",
            "paid_type": edition,
            "paid_expiry": None,
            "trial_type": None,
            "trial_expiry": None,
            "users_license_purchased": settings.integer("users"),
            "portal_users_license_purchased": 0,
        },
    }
