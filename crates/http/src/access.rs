//! Who may call a route, and who calls.

mod api_token;
mod health_token;

use std::future::{Ready, ready};
use std::panic::AssertUnwindSafe;

use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage as _, HttpRequest, HttpResponse, web};
use futures_util::FutureExt as _;
use kogents_domain::access::{Action, BuiltInPermission, Resource};
use kogents_domain::secret::SecretText;
use kogents_domain::session::ActivityCount;
use kogents_domain::workspace::ApiTokenSecret;
pub(crate) use kogents_usecases::auth::Caller;
use kogents_usecases::auth::{AuthenticateCommand, AuthenticateError};
use kogents_usecases::limits::{AdmitRequestCommand, Toll};
use kogents_usecases::workspace::Member;

pub(crate) use api_token::{AdmittedViewer, WorkspaceByToken};

use crate::client_address::client_address;
use crate::limits::{RouteLimit, ledger};
use crate::problem::{Code, Problem};
use crate::run::panic_text;
use crate::state::Http;

/// Who may call a route. Each route of the table declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Anybody.
    Public,
    /// Whoever sends the access token of a live session. The request counts among what the session
    /// did.
    SignedIn,
    /// The same, and the request neither counts nor moves the session's last activity: looking at
    /// one's sessions is no use of the product.
    SignedInAside,
    /// Whoever is signed in and holds a built-in permission in the current workspace of their
    /// session. The request counts.
    Needs(Resource, Action),
    /// Whoever is signed in and may read this in the current workspace of their session, as
    /// [`Needs`](Self::Needs) says it, or whoever sends the API token of a workspace.
    Reads(Resource),
    /// Whoever sends the access token of a live session or, without one, its refresh cookie. The
    /// handler finds out, because what it counts is in the body.
    SignedInOrCookie,
    /// Anybody in development; in production whoever sends the health token, if one is configured:
    /// without one the route is not there.
    HealthToken,
}

impl Access {
    /// What a request with an access token adds to its session's counters.
    const fn counted(self) -> Option<ActivityCount> {
        match self {
            Self::SignedIn | Self::Needs(..) | Self::Reads(_) => Some(ActivityCount::REQUEST),
            Self::SignedInAside | Self::Public | Self::SignedInOrCookie | Self::HealthToken => None,
        }
    }

    /// Whether a caller may call it. Rights that the workspace lends end with it.
    fn permits(self, caller: &Caller) -> bool {
        self.permission()
            .is_none_or(|needed| caller.workspace_id.is_some() && caller.held.holds(needed))
    }

    /// The permission that the signed in need.
    pub(crate) const fn permission(self) -> Option<BuiltInPermission> {
        match self {
            Self::Needs(resource, action) => Some(BuiltInPermission { resource, action }),
            Self::Reads(resource) => Some(BuiltInPermission {
                resource,
                action: Action::Read,
            }),
            Self::Public
            | Self::SignedIn
            | Self::SignedInAside
            | Self::SignedInOrCookie
            | Self::HealthToken => None,
        }
    }
}

/// Lets a request through to its handler, or answers in its place: limits and token are judged
/// before the handler sees anything, so before the body's type and size. A handler that panics is
/// a 500.
pub(crate) async fn admit(
    access: Access,
    limit: RouteLimit,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    // Behind the routing a second handle on the request is harmless.
    let handle = request.request().clone();
    if let Err(problem) = check(access, limit, &handle).await {
        // What has arrived of the body is taken in meanwhile: an answer before that would close the
        // connection.
        tokio::task::yield_now().await;
        return Ok(ServiceResponse::new(
            handle,
            HttpResponse::from_error(problem),
        ));
    }
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(Ok(response)) => {
            if access != Access::SignedInAside && is_action(&handle, response.status()) {
                count_action(&handle);
            }
            Ok(response)
        }
        Ok(Err(error)) => Ok(ServiceResponse::from_err(error, handle)),
        Err(panic) => {
            let problem = Problem::new(Code::Internal).cause(panic_text(panic.as_ref()));
            Ok(ServiceResponse::from_err(problem, handle))
        }
    }
}

async fn check(access: Access, limit: RouteLimit, request: &HttpRequest) -> Result<(), Problem> {
    let http = request
        .app_data::<web::Data<Http>>()
        .ok_or_else(|| Problem::new(Code::Internal).cause("the server has no state"))?;
    let token = bearer_token(request.headers());
    match access {
        Access::Public => match limit.toll() {
            Some(toll) => count(http, request, toll, token.into_sent()).await,
            None => Ok(()),
        },
        Access::SignedInOrCookie => Ok(()),
        Access::HealthToken => health_token::admit(http, request, token).await,
        Access::SignedIn | Access::SignedInAside | Access::Needs(..) | Access::Reads(_) => {
            if let (Access::Reads(_), Some(token)) = (access, token.as_api_token()) {
                return api_token::admit(http, request, token).await;
            }
            let caller = authenticate(http, request, (access, limit), token).await?;
            request.extensions_mut().insert(SignedInCaller(caller));
            if access.permits(&caller) {
                Ok(())
            } else {
                Err(Problem::new(Code::PermissionDenied))
            }
        }
    }
}

/// Tells who calls, where the handler has to find out: a public route that does something else for
/// the signed in. The request counts as one of a route for them.
///
/// # Errors
/// What a route for the signed in answers.
pub(crate) async fn signed_in_caller(
    http: &Http,
    request: &HttpRequest,
) -> Result<Caller, Problem> {
    let token = bearer_token(request.headers());
    let as_if = (Access::SignedIn, RouteLimit::General);
    let caller = authenticate(http, request, as_if, token).await?;
    request.extensions_mut().insert(SignedInCaller(caller));
    Ok(caller)
}

/// Counts a request that no session answers for.
async fn count(
    http: &Http,
    request: &HttpRequest,
    toll: Toll,
    access_token: Option<SecretText>,
) -> Result<(), Problem> {
    let command = AdmitRequestCommand {
        toll,
        ip_address: client_address(http, request)?,
        access_token,
        ledger: ledger(request),
    };
    let admit_request = http.use_cases.admit_request.clone();
    http.run_here(async move { admit_request.run(command).await })
        .await
}

/// Tells who calls. A request without a genuine token counts against its client's address, so that
/// nobody may try tokens without end; that comes first, as the limit by address does everywhere.
async fn authenticate(
    http: &Http,
    request: &HttpRequest,
    (access, limit): (Access, RouteLimit),
    token: BearerToken,
) -> Result<Caller, Problem> {
    let nobody = match token {
        BearerToken::Absent if limit == RouteLimit::GeneralWithToken => {
            return Err(Problem::new(Code::Unauthenticated));
        }
        BearerToken::Absent => Problem::new(Code::Unauthenticated),
        BearerToken::Malformed => Problem::new(Code::InvalidToken),
        BearerToken::Sent(token) => {
            let command = AuthenticateCommand {
                token,
                ip_address: client_address(http, request)?,
                counted: access.counted(),
                ledger: ledger(request),
            };
            let authenticate = http.use_cases.authenticate.clone();
            let asked = http
                .run_here(async move {
                    match authenticate.run(command).await {
                        Ok(caller) => Ok(Ok(caller)),
                        Err(error @ AuthenticateError::Invalid) => Ok(Err(error)),
                        Err(error) => Err(error),
                    }
                })
                .await?;
            match asked {
                Ok(caller) => return Ok(caller),
                Err(invalid) => invalid.into(),
            }
        }
    };
    Err(refused(http, request, nobody).await)
}

/// Nobody's request: counts it against its client's address and gives the answer to it.
pub(crate) async fn refused(http: &Http, request: &HttpRequest, nobody: Problem) -> Problem {
    let counted = count(http, request, Toll::General, None).await;
    counted.err().unwrap_or(nobody)
}

/// Whether a request has changed something through the API, so that its session has acted.
/// Signing in and out and what the frontend reports are no actions.
fn is_action(request: &HttpRequest, status: StatusCode) -> bool {
    let changes = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    status.is_success()
        && changes.contains(request.method())
        && !request.path().starts_with("/auth/")
}

fn count_action(request: &HttpRequest) {
    let caller = request.extensions().get::<SignedInCaller>().copied();
    let http = request.app_data::<web::Data<Http>>();
    if let (Some(SignedInCaller(caller)), Some(http)) = (caller, http) {
        http.use_cases.count_action.run(caller.session_id);
    }
}

/// What a request says in its `Authorization` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BearerToken {
    /// No token: no header, or one of another scheme.
    Absent,
    /// Several headers, or one that no token can be read from.
    Malformed,
    /// A token, genuine or not.
    Sent(SecretText),
}

impl BearerToken {
    /// The API token that it is by its form.
    fn as_api_token(&self) -> Option<ApiTokenSecret> {
        match self {
            Self::Sent(token) => ApiTokenSecret::parse(token.expose()),
            Self::Absent | Self::Malformed => None,
        }
    }

    /// The token, for routes that take one if there is one.
    pub(crate) fn into_sent(self) -> Option<SecretText> {
        match self {
            Self::Sent(token) => Some(token),
            Self::Absent | Self::Malformed => None,
        }
    }
}

/// Reads the bearer token of a request (RFC 6750 section 2.1). The scheme's name is compared
/// without case (RFC 9110 section 11.1).
pub(crate) fn bearer_token(headers: &HeaderMap) -> BearerToken {
    let mut values = headers.get_all(header::AUTHORIZATION);
    let Some(value) = values.next() else {
        return BearerToken::Absent;
    };
    if values.next().is_some() {
        return BearerToken::Malformed;
    }
    let Ok(text) = value.to_str() else {
        return BearerToken::Malformed;
    };
    let (scheme, token) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return BearerToken::Absent;
    }
    let token = token.trim_start();
    if token.is_empty() || token.bytes().any(|octet| octet.is_ascii_whitespace()) {
        BearerToken::Malformed
    } else {
        BearerToken::Sent(SecretText::new(token))
    }
}

/// Whom the route's access let through.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SignedInCaller(pub(crate) Caller);

impl FromRequest for SignedInCaller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = request.extensions().get::<Self>().copied();
        ready(caller.ok_or_else(|| {
            Problem::new(Code::Internal)
                .cause("a handler asks for a caller that its route does not")
        }))
    }
}

/// A caller in their current workspace, for routes that need a permission there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SignedInMember(pub(crate) Member);

impl FromRequest for SignedInMember {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = request.extensions().get::<SignedInCaller>().copied();
        let member = caller.and_then(|SignedInCaller(caller)| Member::of(caller));
        ready(member.map(Self).ok_or_else(|| {
            Problem::new(Code::Internal)
                .cause("a handler asks for a member that its route does not")
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn read(values: &[&str]) -> BearerToken {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(
                header::AUTHORIZATION,
                HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            );
        }
        bearer_token(&headers)
    }

    #[test]
    fn the_schemes_case_does_not_matter() {
        let token = BearerToken::Sent(SecretText::new("a.b.c"));
        for value in ["Bearer a.b.c", "bearer a.b.c", "BEARER   a.b.c "] {
            assert_eq!(read(&[value]), token, "{value}");
        }
    }

    #[test]
    fn other_schemes_are_no_token() {
        for value in ["Basic YTpi", "Bearerx a.b.c", "a.b.c"] {
            assert_eq!(read(&[value]), BearerToken::Absent, "{value}");
        }
        assert_eq!(read(&[]), BearerToken::Absent);
    }

    #[test]
    fn what_cannot_be_one_token_is_malformed() {
        for value in ["Bearer", "Bearer ", "Bearer a b", "Bearer \u{e9}"] {
            assert_eq!(read(&[value]), BearerToken::Malformed, "{value}");
        }
        assert_eq!(
            read(&["Bearer a.b.c", "Bearer a.b.c"]),
            BearerToken::Malformed
        );
    }
}
