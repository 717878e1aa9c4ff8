//! The table of routes: what is served, to whom, by which handler.

use std::sync::Arc;

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig, to};
use actix_web::{HttpMessage as _, HttpResponse, Route, guard};
use kogents_domain::access::Action::{Create, Delete, Edit, Read};
use kogents_domain::access::Resource::{Audit, Invitations, Permissions, Roles, Users, Workspace};
use kogents_domain::limits::LimitRule::{
    ConfirmAddress, LoginAddress, RefreshAddress, ResetAddress, ResumeAddress, SendAddress,
    SignupAddress, TokenAddress, WorkspaceAddress,
};
use utoipa::__dev::SchemaReferences;
use utoipa::Path;

use crate::access::Access::{
    self, HealthToken, Needs, Public, Reads, SignedIn, SignedInAside, SignedInOrCookie,
};
use crate::access::admit;
use crate::audit::list_audit;
use crate::auth::{
    confirm_email, confirm_password_reset, delete_account, export_own_data, log_in, log_out,
    read_profile, refresh, report_not_me, request_password_reset, update_profile,
};
use crate::health::{
    check_health, inspect_database, live, read_database_performance, read_database_pool, ready,
};
use crate::limits::RouteLimit::{self, Client, Failures, General, GeneralWithToken, Unlimited};
use crate::metrics::{HttpMetrics, RouteFigures};
use crate::openapi::{OperationDoc, RouteDoc};
use crate::pages::{
    accept_invitation as accept_invitation_page, docs, landing, mailbox_json, mailbox_page,
    mailed_link, openapi_json, problem_page,
};
use crate::people::{
    accept_invitation, activate_person, change_person, deactivate_person, invite_person,
    list_invitations, list_people, preview_invitation, read_person, remove_person,
    resend_invitation, withdraw_invitation,
};
use crate::problem::{Code, Problem};
use crate::roles::{
    add_role_permissions, create_permission, create_role, delete_permission, delete_role,
    explain_permission, list_permission_categories, list_permissions, list_role_permissions,
    list_roles, read_role, remove_role_permissions, replace_role_permissions, update_permission,
    update_role,
};
use crate::session::{
    end_other_sessions, end_session, fill_session, list_sessions, open_session, report_activity,
};
use crate::signup::{choose_workspace, confirm_code, resume_signup, send_code, sign_up};
use crate::state::Http;
use crate::workspace::{
    check_slug, create_api_token, delete_workspace, list_workspaces, read_workspace,
    revoke_api_token, show_workspace, switch_workspace, update_workspace,
};

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
        put   ("/users/profile",                      SignedIn, General,                 || to(update_profile::update_profile),        doc::<update_profile::__path_update_profile>),
        delete("/users/profile",                      SignedIn, General,                 || to(delete_account::delete_account),        doc::<delete_account::__path_delete_account>),
        get   ("/users/profile/export",               SignedIn, General,                 || to(export_own_data::export_own_data),      doc::<export_own_data::__path_export_own_data>),

        get   ("/workspace/slug/{slug}",              Public,   General,                 || to(show_workspace::show_workspace),        doc::<show_workspace::__path_show_workspace>),
        get   ("/workspace/slug/{slug}/available",    Public,   General,                 || to(check_slug::check_slug),                doc::<check_slug::__path_check_slug>),
        get   ("/workspace/{id}",                     Reads(Workspace), General,          || to(read_workspace::read_workspace),        doc::<read_workspace::__path_read_workspace>),
        patch ("/workspace/{id}",                     Needs(Workspace, Edit), General,   || to(update_workspace::update_workspace),    doc::<update_workspace::__path_update_workspace>),
        delete("/workspace/{id}",                     Needs(Workspace, Delete), General, || to(delete_workspace::delete_workspace),    doc::<delete_workspace::__path_delete_workspace>),
        post  ("/workspace/{id}/api-token",           Needs(Workspace, Create), General, || to(create_api_token::create_api_token),    doc::<create_api_token::__path_create_api_token>),
        delete("/workspace/{id}/api-token",           Needs(Workspace, Delete), General, || to(revoke_api_token::revoke_api_token),    doc::<revoke_api_token::__path_revoke_api_token>),
        post  ("/auth/switch-workspace",              SignedIn, General,                 || to(switch_workspace::switch_workspace),    doc::<switch_workspace::__path_switch_workspace>),
        get   ("/health/workspaces",                  SignedInAside, GeneralWithToken,   || to(list_workspaces::list_workspaces),      doc::<list_workspaces::__path_list_workspaces>),

        get   ("/roles",                              Reads(Roles), General,             || to(list_roles::list_roles),              doc::<list_roles::__path_list_roles>),
        post  ("/roles",                              Needs(Roles, Create), General,     || to(create_role::create_role),            doc::<create_role::__path_create_role>),
        get   ("/roles/{id}",                         Needs(Roles, Read), General,       || to(read_role::read_role),                doc::<read_role::__path_read_role>),
        put   ("/roles/{id}",                         Needs(Roles, Edit), General,       || to(update_role::update_role),            doc::<update_role::__path_update_role>),
        delete("/roles/{id}",                         Needs(Roles, Delete), General,     || to(delete_role::delete_role),            doc::<delete_role::__path_delete_role>),
        get   ("/roles/{id}/permissions",             Needs(Roles, Read), General,       || to(list_role_permissions::list_role_permissions), doc::<list_role_permissions::__path_list_role_permissions>),
        put   ("/roles/{id}/permissions",             Needs(Roles, Edit), General,       || to(replace_role_permissions::replace_role_permissions), doc::<replace_role_permissions::__path_replace_role_permissions>),
        post  ("/roles/{id}/permissions",             Needs(Roles, Edit), General,       || to(add_role_permissions::add_role_permissions), doc::<add_role_permissions::__path_add_role_permissions>),
        delete("/roles/{id}/permissions",             Needs(Roles, Edit), General,       || to(remove_role_permissions::remove_role_permissions), doc::<remove_role_permissions::__path_remove_role_permissions>),
        get   ("/permissions",                        Reads(Permissions), General,       || to(list_permissions::list_permissions),  doc::<list_permissions::__path_list_permissions>),
        post  ("/permissions",                        Needs(Permissions, Create), General,|| to(create_permission::create_permission), doc::<create_permission::__path_create_permission>),
        get   ("/permissions/categories",             Needs(Permissions, Read), General, || to(list_permission_categories::list_permission_categories), doc::<list_permission_categories::__path_list_permission_categories>),
        get   ("/permissions/explain",                SignedIn, General,                 || to(explain_permission::explain_permission), doc::<explain_permission::__path_explain_permission>),
        put   ("/permissions/{id}",                   Needs(Permissions, Edit), General, || to(update_permission::update_permission), doc::<update_permission::__path_update_permission>),
        delete("/permissions/{id}",                   Needs(Permissions, Delete), General,|| to(delete_permission::delete_permission), doc::<delete_permission::__path_delete_permission>),

        get   ("/users",                              Reads(Users), General,             || to(list_people::list_people),              doc::<list_people::__path_list_people>),
        post  ("/users",                              Needs(Users, Create), General,     || to(invite_person::invite_person),          doc::<invite_person::__path_invite_person>),
        get   ("/users/{id}",                         Needs(Users, Read), General,       || to(read_person::read_person),              doc::<read_person::__path_read_person>),
        put   ("/users/{id}",                         Needs(Users, Edit), General,       || to(change_person::change_person),          doc::<change_person::__path_change_person>),
        delete("/users/{id}",                         Needs(Users, Delete), General,     || to(remove_person::remove_person),          doc::<remove_person::__path_remove_person>),
        put   ("/users/{id}/activate",                Needs(Users, Edit), General,       || to(activate_person::activate_person),      doc::<activate_person::__path_activate_person>),
        put   ("/users/{id}/deactivate",              Needs(Users, Edit), General,       || to(deactivate_person::deactivate_person),  doc::<deactivate_person::__path_deactivate_person>),
        get   ("/invitations",                        Needs(Invitations, Read), General, || to(list_invitations::list_invitations),    doc::<list_invitations::__path_list_invitations>),
        delete("/invitations/{id}",                   Needs(Invitations, Delete), General, || to(withdraw_invitation::withdraw_invitation), doc::<withdraw_invitation::__path_withdraw_invitation>),
        post  ("/invitations/{id}/resend",            Needs(Invitations, Create), General, || to(resend_invitation::resend_invitation),  doc::<resend_invitation::__path_resend_invitation>),
        post  ("/auth/invitations/preview",           Public,   Client(TokenAddress),    || to(preview_invitation::preview_invitation), doc::<preview_invitation::__path_preview_invitation>),
        post  ("/auth/invitations/accept",            Public,   Client(TokenAddress),    || to(accept_invitation::accept_invitation),  doc::<accept_invitation::__path_accept_invitation>),

        get   ("/audit",                              Needs(Audit, Read), General,       || to(list_audit::list_audit),                doc::<list_audit::__path_list_audit>),

        get   ("/health",                             Public,   Unlimited,               || to(check_health::check_health),            doc::<check_health::__path_check_health>),
        get   ("/health/live",                        Public,   Unlimited,               || to(live::live),                            doc::<live::__path_live>),
        get   ("/health/ready",                       Public,   Unlimited,               || to(ready::ready),                          doc::<ready::__path_ready>),
        get   ("/health/database",                    HealthToken, GeneralWithToken,     || to(inspect_database::inspect_database),    doc::<inspect_database::__path_inspect_database>),
        get   ("/health/database/pool",               HealthToken, GeneralWithToken,     || to(read_database_pool::read_database_pool), doc::<read_database_pool::__path_read_database_pool>),
        get   ("/health/database/performance",        HealthToken, GeneralWithToken,     || to(read_database_performance::read_database_performance), doc::<read_database_performance::__path_read_database_performance>),

        get   ("/",                                   Public,   Unlimited,               || to(landing::landing),                      doc::<landing::__path_landing>),
        get   ("/docs",                               Public,   Unlimited,               || to(docs::to_docs),                         doc::<docs::__path_to_docs>),
        get   ("/docs/{file:.*}",                     Public,   Unlimited,               || to(docs::docs),                            doc::<docs::__path_docs>),
        get   ("/openapi.json",                       Public,   Unlimited,               || to(openapi_json::openapi_document),        doc::<openapi_json::__path_openapi_document>),
        get   ("/reset-password",                     Public,   General,                 || to(mailed_link::reset_password_page),      doc::<mailed_link::__path_reset_password_page>),
        get   ("/confirm-email",                      Public,   General,                 || to(mailed_link::confirm_email_page),       doc::<mailed_link::__path_confirm_email_page>),
        get   ("/not-me",                             Public,   General,                 || to(mailed_link::not_me_page),              doc::<mailed_link::__path_not_me_page>),
        get   ("/accept-invitation",                  Public,   General,                 || to(accept_invitation_page::accept_invitation_page), doc::<accept_invitation_page::__path_accept_invitation_page>),
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

/// What is asked most: by whoever runs the server, and by every page of a frontend.
const ASKED_OFTEN: [&str; 5] = [
    "/health/live",
    "/health/ready",
    "/auth/session/activity",
    "/users/profile",
    "/auth/refresh",
];

/// Registers routes. Each path also answers OPTIONS, and any method that it does not take with
/// 405 and `Allow`; each GET also takes HEAD.
///
/// The framework tries one path after the other: those without parameters, which it only compares,
/// come first, so that none of them waits for the patterns, and of them first what is asked most.
pub(crate) fn register(config: &mut ServiceConfig, entries: &[Entry], metrics: &HttpMetrics) {
    let mut paths: Vec<&'static str> = Vec::new();
    for entry in entries {
        if !paths.contains(&entry.path) {
            paths.push(entry.path);
        }
    }
    let often = |path: &str| ASKED_OFTEN.iter().position(|often| *often == path);
    paths.sort_by_key(|path| (path.contains('{'), often(path).unwrap_or(usize::MAX)));
    for path in paths {
        let mut resource = web::resource(path);
        let mut methods: Vec<Method> = Vec::new();
        for entry in entries.iter().filter(|entry| entry.path == path) {
            methods.push(entry.method.clone());
            if entry.method == Method::GET {
                methods.push(Method::HEAD);
            }
            let figures = Arc::new(metrics.of_route(entry.path, &entry.method));
            resource = resource.route(entry.guarded(figures));
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
    fn guarded(&self, figures: Arc<RouteFigures>) -> Route {
        let method = self.method.clone();
        let (access, limit) = (self.access, self.limit);
        (self.route)()
            .guard(guard::fn_guard(move |context| {
                let sent = &context.head().method;
                *sent == method || (*sent == Method::HEAD && method == Method::GET)
            }))
            .wrap(from_fn(move |request: ServiceRequest, next| {
                request.extensions_mut().insert(Arc::clone(&figures));
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

const fn put(
    path: &'static str,
    access: Access,
    limit: RouteLimit,
    route: MakeRoute,
    doc: MakeDoc,
) -> Entry {
    entry(Method::PUT, path, (access, limit), (route, doc))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_often_is_in_the_table_and_has_no_parameters() {
        let entries = table();
        for often in ASKED_OFTEN {
            assert!(entries.iter().any(|entry| entry.path == often), "{often}");
            assert!(!often.contains('{'), "{often}");
        }
    }
}
