//! The table of routes: what is served, to whom, by which handler.

use actix_web::http::Method;
use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig, to};
use actix_web::{HttpResponse, Route, guard};
use kogents_domain::limits::LimitRule::{
    ConfirmAddress, LoginAddress, RefreshAddress, ResetAddress, ResumeAddress, SendAddress,
    SignupAddress, TokenAddress, WorkspaceAddress,
};
use utoipa::__dev::SchemaReferences;
use utoipa::Path;

use crate::access::Access::{self, Public, SignedIn, SignedInAside, SignedInOrCookie};
use crate::access::admit;
use crate::auth::{
    confirm_email, confirm_password_reset, log_in, log_out, read_profile, refresh, report_not_me,
    request_password_reset,
};
use crate::health::{check_health, live, ready};
use crate::limits::RouteLimit::{self, Client, Failures, General, GeneralWithToken, Unlimited};
use crate::openapi::{OperationDoc, RouteDoc};
use crate::pages::{
    docs, landing, mailbox_json, mailbox_page, mailed_link, openapi_json, problem_page,
};
use crate::problem::{Code, Problem};
use crate::session::{
    end_other_sessions, end_session, fill_session, list_sessions, open_session, report_activity,
};
use crate::signup::{choose_workspace, confirm_code, resume_signup, send_code, sign_up};
use crate::state::Http;

/// One route of the table.
pub(crate) struct Entry {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    pub(crate) limit: RouteLimit,
    route: fn() -> Route,
    doc: fn() -> OperationDoc,
}

/// Every route there is, but for those of the development mailbox.
#[rustfmt::skip]
fn table() -> Vec<Entry> {
    vec![
        post  ("/auth/signup",                        Public,   Client(SignupAddress),   || to(sign_up::sign_up),                      doc::<sign_up::__path_sign_up>),
        post  ("/workspace",                          Public,   Client(WorkspaceAddress),|| to(choose_workspace::choose_workspace),    doc::<choose_workspace::__path_choose_workspace>),
        post  ("/auth/verify/send-for-session",       Public,   Client(SendAddress),     || to(send_code::send_code),                  doc::<send_code::__path_send_code>),
        post  ("/auth/verify/send-otp",               Public,   Client(SendAddress),     || to(send_code::send_code),                  doc::<send_code::__path_send_code>),
        post  ("/auth/verify/confirm-for-session",    Public,   Client(ConfirmAddress),  || to(confirm_code::confirm_code),            doc::<confirm_code::__path_confirm_code>),
        post  ("/auth/verify/confirm-otp",            Public,   Client(ConfirmAddress),  || to(confirm_code::confirm_code),            doc::<confirm_code::__path_confirm_code>),
        post  ("/auth/resume",                        Public,   Client(ResumeAddress),   || to(resume_signup::resume_signup),          doc::<resume_signup::__path_resume_signup>),

        post  ("/auth/login",                         Public,   Failures(LoginAddress),  || to(log_in::log_in),                        doc::<log_in::__path_log_in>),
        post  ("/auth/refresh",                       Public,   Client(RefreshAddress),  || to(refresh::refresh),                      doc::<refresh::__path_refresh>),
        post  ("/auth/logout",                        Public,   General,                 || to(log_out::log_out),                      doc::<log_out::__path_log_out>),
        post  ("/auth/verify/request-password-reset", Public,   Client(ResetAddress),    || to(request_password_reset::request_password_reset), doc::<request_password_reset::__path_request_password_reset>),
        post  ("/auth/verify/confirm-password-reset", Public,   Client(TokenAddress),    || to(confirm_password_reset::confirm_password_reset), doc::<confirm_password_reset::__path_confirm_password_reset>),
        post  ("/auth/verify/confirm-email",          Public,   Client(TokenAddress),    || to(confirm_email::confirm_email),          doc::<confirm_email::__path_confirm_email>),
        post  ("/auth/verify/not-me",                 Public,   Client(TokenAddress),    || to(report_not_me::report_not_me),          doc::<report_not_me::__path_report_not_me>),
        post  ("/auth/session",                       SignedIn, General,                 || to(open_session::open_session),            doc::<open_session::__path_open_session>),
        patch ("/auth/session",                       SignedIn, General,                 || to(fill_session::fill_session),            doc::<fill_session::__path_fill_session>),
        post  ("/auth/session/activity",              SignedInOrCookie, General,         || to(report_activity::report_activity),      doc::<report_activity::__path_report_activity>),
        get   ("/health/sessions",                    SignedInAside, GeneralWithToken,        || to(list_sessions::list_sessions),          doc::<list_sessions::__path_list_sessions>),
        delete("/health/sessions",                    SignedInAside, GeneralWithToken,        || to(end_other_sessions::end_other_sessions),doc::<end_other_sessions::__path_end_other_sessions>),
        delete("/health/sessions/{token}",            SignedInAside, GeneralWithToken,        || to(end_session::end_session),              doc::<end_session::__path_end_session>),

        get   ("/users/profile",                      SignedIn, General,                 || to(read_profile::read_profile),            doc::<read_profile::__path_read_profile>),

        get   ("/health",                             Public,   Unlimited,               || to(check_health::check_health),            doc::<check_health::__path_check_health>),
        get   ("/health/live",                        Public,   Unlimited,               || to(live::live),                            doc::<live::__path_live>),
        get   ("/health/ready",                       Public,   Unlimited,               || to(ready::ready),                          doc::<ready::__path_ready>),

        get   ("/",                                   Public,   Unlimited,               || to(landing::landing),                      doc::<landing::__path_landing>),
        get   ("/docs",                               Public,   Unlimited,               || to(docs::to_docs),                         doc::<docs::__path_to_docs>),
        get   ("/docs/{file:.*}",                     Public,   Unlimited,               || to(docs::docs),                            doc::<docs::__path_docs>),
        get   ("/openapi.json",                       Public,   Unlimited,               || to(openapi_json::openapi_document),        doc::<openapi_json::__path_openapi_document>),
        get   ("/reset-password",                     Public,   General,                 || to(mailed_link::reset_password_page),      doc::<mailed_link::__path_reset_password_page>),
        get   ("/confirm-email",                      Public,   General,                 || to(mailed_link::confirm_email_page),       doc::<mailed_link::__path_confirm_email_page>),
        get   ("/not-me",                             Public,   General,                 || to(mailed_link::not_me_page),              doc::<mailed_link::__path_not_me_page>),
        get   ("/problems/{code}",                    Public,   Unlimited,               || to(problem_page::explain_problem),         doc::<problem_page::__path_explain_problem>),
    ]
}

/// The routes of the development mailbox.
#[rustfmt::skip]
fn mailbox_table() -> Vec<Entry> {
    vec![
        get   ("/dev/mailbox",                        Public,   General,                 || to(mailbox_page::mailbox_page),            doc::<mailbox_page::__path_mailbox_page>),
        get   ("/dev/mailbox.json",                   Public,   General,                 || to(mailbox_json::mailbox_json),            doc::<mailbox_json::__path_mailbox_json>),
    ]
}

/// Every route there may be.
pub(crate) fn all() -> Vec<Entry> {
    table().into_iter().chain(mailbox_table()).collect()
}

/// The routes that this server has.
pub(crate) fn served(http: &Http) -> Vec<Entry> {
    if http.mailbox.is_some() {
        all()
    } else {
        table()
    }
}

/// What a published document says of routes.
pub(crate) fn documented(entries: Vec<Entry>) -> Vec<RouteDoc> {
    entries
        .into_iter()
        .map(|entry| RouteDoc {
            method: entry.method,
            path: entry.path,
            access: entry.access,
            limited: entry.limit.is_limited(),
            operation: (entry.doc)(),
        })
        .collect()
}

/// Registers routes. Each path also answers OPTIONS, and any method that it does not take with
/// 405 and `Allow`; each GET also takes HEAD.
pub(crate) fn register(config: &mut ServiceConfig, entries: &[Entry]) {
    let mut paths: Vec<&'static str> = Vec::new();
    for entry in entries {
        if !paths.contains(&entry.path) {
            paths.push(entry.path);
        }
    }
    for path in paths {
        let mut resource = web::resource(path);
        let mut methods: Vec<Method> = Vec::new();
        for entry in entries.iter().filter(|entry| entry.path == path) {
            methods.push(entry.method.clone());
            if entry.method == Method::GET {
                methods.push(Method::HEAD);
            }
            resource = resource.route(entry.guarded());
        }
        methods.push(Method::OPTIONS);
        let allow = methods
            .iter()
            .map(Method::as_str)
            .collect::<Vec<_>>()
            .join(", ");
        config.service(
            resource
                .route(options(allow.clone()))
                .default_service(method_not_allowed(allow)),
        );
    }
}

impl Entry {
    /// The route behind its method and its access.
    fn guarded(&self) -> Route {
        let method = self.method.clone();
        let (access, limit) = (self.access, self.limit);
        (self.route)()
            .guard(guard::fn_guard(move |context| {
                let sent = &context.head().method;
                *sent == method || (*sent == Method::HEAD && method == Method::GET)
            }))
            .wrap(from_fn(move |request, next| {
                admit(access, limit, request, next)
            }))
    }
}

fn options(allow: String) -> Route {
    web::route().method(Method::OPTIONS).to(move || {
        let allow = allow.clone();
        async move {
            HttpResponse::NoContent()
                .insert_header((header::ALLOW, allow))
                .finish()
        }
    })
}

fn method_not_allowed(allow: String) -> Route {
    web::to(move || {
        let allow = allow.clone();
        async move { Err::<HttpResponse, _>(Problem::new(Code::MethodNotAllowed).allow(allow)) }
    })
}

fn doc<P: Path + SchemaReferences>() -> OperationDoc {
    OperationDoc::of::<P>()
}

type MakeRoute = fn() -> Route;
type MakeDoc = fn() -> OperationDoc;

const fn get(
    path: &'static str,
    access: Access,
    limit: RouteLimit,
    route: MakeRoute,
    doc: MakeDoc,
) -> Entry {
    entry(Method::GET, path, (access, limit), (route, doc))
}

const fn post(
    path: &'static str,
    access: Access,
    limit: RouteLimit,
    route: MakeRoute,
    doc: MakeDoc,
) -> Entry {
    entry(Method::POST, path, (access, limit), (route, doc))
}

const fn patch(
    path: &'static str,
    access: Access,
    limit: RouteLimit,
    route: MakeRoute,
    doc: MakeDoc,
) -> Entry {
    entry(Method::PATCH, path, (access, limit), (route, doc))
}

const fn delete(
    path: &'static str,
    access: Access,
    limit: RouteLimit,
    route: MakeRoute,
    doc: MakeDoc,
) -> Entry {
    entry(Method::DELETE, path, (access, limit), (route, doc))
}

const fn entry(
    method: Method,
    path: &'static str,
    (access, limit): (Access, RouteLimit),
    (route, doc): (MakeRoute, MakeDoc),
) -> Entry {
    Entry {
        method,
        path,
        access,
        limit,
        route,
        doc,
    }
}
