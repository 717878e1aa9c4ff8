//! Puts the document together.

use std::collections::BTreeSet;

use actix_web::http::Method;
use kogents_domain::access::{BuiltInPermission, PermissionName};
use serde_json::json;
use utoipa::ToSchema as _;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{HttpMethod, Operation, ParameterIn};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::tag::Tag;
use utoipa::openapi::{
    Components, InfoBuilder, License, OpenApi, OpenApiBuilder, OpenApiVersion, Paths, RefOr,
    Required, Schema, SecurityRequirement,
};

use super::RouteDoc;
use super::problem_responses::{add_limits, add_problems, examples};
use crate::access::Access;
use crate::cookies::REFRESH_COOKIE;
use crate::problem::{Code, ProblemBody};

// The names by which handlers' `security` refers to them.
const BEARER: &str = "bearer";
const REFRESH_COOKIE_SCHEME: &str = "refreshCookie";
const API_TOKEN: &str = "apiToken";
const HEALTH_TOKEN: &str = "healthToken";

const DESCRIPTION: &str = "\
JSON in UTF-8, in and out. Times are RFC 3339 in UTC with milliseconds, durations whole seconds, \
ids opaque. `x-access` says who may call an operation; what has the tag `development` exists in \
development alone.

Bodies are closed: unknown members are refused, nothing is converted silently, and all violations \
are reported at once. `null` means absent. A body has at most 64 KiB and 32 levels.

Every error is a problem (RFC 9457) with a stable `code`, explained at `/problems/{code}`; unknown \
routes are 404 `not_found`, other methods 405 `method_not_allowed` with `Allow`. Every answer carries `X-Request-Id`; a valid one that the request brings is kept.

The refresh token is in the cookie `refreshToken`. A client that cannot hold cookies sends \
`X-Client-Type: native` and finds it as `refresh_token` in the body.";

/// The part that only servers in development have.
const DEVELOPMENT: &str = "development";

/// The parts of the product, in the order in which readers meet them.
const TAGS: [(&str, &str); 11] = [
    (
        "signup",
        "From an unproven address to a person with a workspace.",
    ),
    ("auth", "Signing in, staying signed in, signing out."),
    (
        "session",
        "Opening further sessions, what they are told and count, looking at them and ending them.",
    ),
    ("profile", "Who one is, and what one may do."),
    (
        "workspace",
        "The workspaces of a person: looking at them, going from one to another, their looks.",
    ),
    (
        "people",
        "The members of the current workspace, and who is invited to it.",
    ),
    ("access", "Roles and permissions: who may do what."),
    ("audit", "Who did what in the current workspace."),
    ("health", "How the server is."),
    ("documentation", "What the server says of itself."),
    (
        DEVELOPMENT,
        "The mailbox of a server in development without an SMTP host.",
    ),
];

/// The part that a route belongs to.
fn tag(path: &str) -> &'static str {
    const PREFIXES: [(&str, &str); 19] = [
        ("/auth/signup", "signup"),
        ("/auth/resume", "signup"),
        ("/auth/verify/", "signup"),
        ("/workspace/", "workspace"),
        ("/workspace", "signup"),
        ("/auth/switch-workspace", "workspace"),
        ("/auth/invitations", "people"),
        ("/auth/session", "session"),
        ("/auth/", "auth"),
        ("/health/sessions", "session"),
        ("/health/workspaces", "workspace"),
        ("/users/profile", "profile"),
        ("/users", "people"),
        ("/invitations", "people"),
        ("/roles", "access"),
        ("/permissions", "access"),
        ("/audit", "audit"),
        ("/health", "health"),
        ("/dev/", DEVELOPMENT),
    ];
    PREFIXES
        .iter()
        .find(|(prefix, _)| path.starts_with(prefix))
        .map_or("documentation", |(_, tag)| tag)
}

/// The document of these routes.
pub(crate) fn document(routes: &[RouteDoc]) -> OpenApi {
    let mut components = components();
    for route in routes {
        components
            .schemas
            .extend(route.operation.schemas.iter().cloned());
    }
    let mut paths = Paths::new();
    let mut names = BTreeSet::new();
    for route in routes {
        let mut operation = complete(route, &components);
        let name = operation.operation_id.take().unwrap_or_default();
        operation.operation_id = Some(if names.insert(name.clone()) {
            name
        } else {
            alias(&name, route.path)
        });
        operation.tags = Some(vec![tag(route.path).to_owned()]);
        if let Some(method) = method(&route.method) {
            paths.add_path_operation(route.template(), vec![method], operation);
        }
    }
    let mut license = License::new("MIT");
    license.identifier = Some("MIT".to_owned());
    OpenApiBuilder::new()
        .openapi(OpenApiVersion::Version31)
        .info(
            InfoBuilder::new()
                .title("Kogents chat backend")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(DESCRIPTION))
                .license(Some(license))
                .build(),
        )
        .paths(paths)
        .tags(Some(tags(routes)))
        .components(Some(components))
        .build()
}

/// The parts that these routes belong to.
fn tags(routes: &[RouteDoc]) -> Vec<Tag> {
    TAGS.into_iter()
        .filter(|(name, _)| routes.iter().any(|route| tag(route.path) == *name))
        .map(|(name, description)| {
            let mut tag = Tag::new(name);
            tag.description = Some(description.to_owned());
            tag
        })
        .collect()
}

/// The name of an operation that a second path leads to: `send_code` at `…/send-otp` is
/// `send_code_at_send_otp`.
fn alias(name: &str, path: &str) -> String {
    let last = path.rsplit('/').next().unwrap_or_default();
    format!("{name}_at_{}", last.replace('-', "_"))
}

fn method(method: &Method) -> Option<HttpMethod> {
    [
        (Method::GET, HttpMethod::Get),
        (Method::POST, HttpMethod::Post),
        (Method::PUT, HttpMethod::Put),
        (Method::PATCH, HttpMethod::Patch),
        (Method::DELETE, HttpMethod::Delete),
    ]
    .into_iter()
    .find_map(|(known, documented)| (known == *method).then_some(documented))
}

/// What every document has, whatever its routes.
fn components() -> Components {
    let mut components = Components::new();
    let mut bearer = Http::new(HttpAuthScheme::Bearer);
    bearer.bearer_format = Some("JWT".to_owned());
    bearer.description = Some("The access token of a live session.".to_owned());
    components.add_security_scheme(BEARER, SecurityScheme::Http(bearer));
    let mut api_token = Http::new(HttpAuthScheme::Bearer);
    api_token.description = Some("The API token of a workspace.".to_owned());
    components.add_security_scheme(API_TOKEN, SecurityScheme::Http(api_token));
    let mut health_token = Http::new(HttpAuthScheme::Bearer);
    health_token.description =
        Some("The `HEALTH_TOKEN` of the server; needed in production only.".to_owned());
    components.add_security_scheme(HEALTH_TOKEN, SecurityScheme::Http(health_token));
    let mut cookie = ApiKeyValue::new(REFRESH_COOKIE);
    cookie.description = Some(
        "The refresh token of a browser. Native clients send it in the body instead.".to_owned(),
    );
    components.add_security_scheme(
        REFRESH_COOKIE_SCHEME,
        SecurityScheme::ApiKey(ApiKey::Cookie(cookie)),
    );
    let mut schemas = Vec::new();
    ProblemBody::schemas(&mut schemas);
    components.schemas.extend(schemas);
    components.schemas.insert(
        ProblemBody::name().into_owned(),
        <ProblemBody<'_> as utoipa::PartialSchema>::schema(),
    );
    components
        .examples
        .extend(examples().map(|(name, example)| (name.to_owned(), RefOr::T(example))));
    components
}

/// The operation with what follows from the table and from the shape of its request.
fn complete(route: &RouteDoc, components: &Components) -> Operation {
    let mut operation = route.operation.operation.clone();
    let mut codes = BTreeSet::from([Code::Internal, Code::Unavailable]);
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        codes.extend([
            Code::MalformedJson,
            Code::ValidationFailed,
            Code::PayloadTooLarge,
            Code::UnsupportedMediaType,
            Code::RequestTimeout,
        ]);
        let asks = body.content.values().any(|content| match content {
            RefOr::T(content) => content
                .schema
                .as_ref()
                .is_some_and(|schema| has_required(schema, components)),
            RefOr::Ref(_) => true,
        });
        body.required = Some(if asks {
            Required::True
        } else {
            Required::False
        });
    }
    let has_query = operation.parameters.iter().flatten().any(|parameter| {
        matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query)
    });
    if has_query {
        codes.insert(Code::ValidationFailed);
    }
    if route.limited {
        codes.insert(Code::RateLimited);
        for (status, response) in &mut operation.responses.responses {
            if let (true, RefOr::T(response)) = (status.starts_with('2'), response) {
                add_limits(response);
            }
        }
    }
    // What a handler says of its own are tokens that it takes without needing them.
    let security = operation.security.get_or_insert_default();
    let access = match route.access {
        Access::Public => "public".to_owned(),
        Access::SignedInOrCookie => {
            codes.extend([
                Code::Unauthenticated,
                Code::InvalidToken,
                Code::InvalidRefreshToken,
                Code::OriginNotAllowed,
            ]);
            security.push(SecurityRequirement::new(BEARER, Vec::<String>::new()));
            let cookie = SecurityRequirement::new(REFRESH_COOKIE_SCHEME, Vec::<String>::new());
            security.push(cookie);
            "signed in, or the refresh cookie".to_owned()
        }
        Access::HealthToken => {
            codes.extend([Code::Unauthenticated, Code::InvalidToken, Code::NotFound]);
            security.push(SecurityRequirement::new(HEALTH_TOKEN, Vec::<String>::new()));
            // In development nobody is asked for it.
            security.push(SecurityRequirement::default());
            "health token".to_owned()
        }
        Access::SignedIn | Access::SignedInAside => {
            codes.extend([Code::Unauthenticated, Code::InvalidToken]);
            security.push(SecurityRequirement::new(BEARER, Vec::<String>::new()));
            "signed in".to_owned()
        }
        Access::Needs(..) | Access::Reads(_) => {
            codes.extend([
                Code::Unauthenticated,
                Code::InvalidToken,
                Code::PermissionDenied,
            ]);
            security.push(SecurityRequirement::new(BEARER, Vec::<String>::new()));
            let needed = route.access.permission().map(BuiltInPermission::name);
            let needed = needed.as_ref().map_or("", PermissionName::as_str);
            if matches!(route.access, Access::Reads(_)) {
                security.push(SecurityRequirement::new(API_TOKEN, Vec::<String>::new()));
                format!("{needed}, or the workspace's API token")
            } else {
                needed.to_owned()
            }
        }
    };
    // One only: the library writes several in an order that changes from run to run.
    let extensions = operation.extensions.get_or_insert_with(Extensions::default);
    extensions.insert("x-access".to_owned(), json!(access));
    add_problems(&mut operation, &codes);
    operation
}

/// Whether a body's schema has members that must be there.
fn has_required(schema: &RefOr<Schema>, components: &Components) -> bool {
    match schema {
        RefOr::Ref(reference) => reference
            .ref_location
            .strip_prefix("#/components/schemas/")
            .and_then(|name| components.schemas.get(name))
            .is_none_or(|schema| has_required(schema, components)),
        RefOr::T(Schema::Object(object)) => !object.required.is_empty(),
        RefOr::T(_) => true,
    }
}

#[cfg(test)]
mod tests;
