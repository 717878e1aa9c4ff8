//! Roles and permissions.

mod bodies;

pub(crate) mod add_role_permissions;
pub(crate) mod create_permission;
pub(crate) mod create_role;
pub(crate) mod delete_permission;
pub(crate) mod delete_role;
pub(crate) mod explain_permission;
pub(crate) mod list_permission_categories;
pub(crate) mod list_permissions;
pub(crate) mod list_role_permissions;
pub(crate) mod list_roles;
pub(crate) mod read_role;
pub(crate) mod remove_role_permissions;
pub(crate) mod replace_role_permissions;
pub(crate) mod update_permission;
pub(crate) mod update_role;

pub(crate) use bodies::{
    CreatePermissionBody, CreateRoleBody, PermissionIdsBody, UpdatePermissionBody, UpdateRoleBody,
};

use actix_web::{HttpRequest, web};
use kogents_domain::ids::{PermissionId, RoleId};
use kogents_usecases::access::{ChangeRolePermissionsCommand, PermissionChange};
use kogents_usecases::workspace::Member;

use crate::body;
use crate::problem::{Code, Problem};
use crate::state::Http;

/// The role that the path names.
///
/// # Errors
/// `not_found` for what is no id, as for an unknown one.
fn role_id(request: &HttpRequest) -> Result<RoleId, Problem> {
    let text = request.match_info().query("id");
    RoleId::parse(text).map_err(|_| Problem::new(Code::NotFound))
}

/// The permission that the path names.
///
/// # Errors
/// `not_found` for what is no id, as for an unknown one.
fn permission_id(request: &HttpRequest) -> Result<PermissionId, Problem> {
    let text = request.match_info().query("id");
    PermissionId::parse(text).map_err(|_| Problem::new(Code::NotFound))
}

/// Changes what the role of the path permits, by the permissions of the body.
async fn change_permissions(
    http: &Http,
    (request, payload): (&HttpRequest, web::Payload),
    member: Member,
    change: PermissionChange,
) -> Result<(), Problem> {
    let body = body::read(request, payload).await?;
    let permissions = PermissionIdsBody::read(&body)?;
    let command = ChangeRolePermissionsCommand {
        member,
        role_id: role_id(request)?,
        change,
        permissions,
    };
    let change = http.use_cases.access.change_role_permissions.clone();
    http.run(async move { change.run(command).await }).await
}

#[cfg(test)]
mod tests {
    use actix_web::http::Method;
    use actix_web::test::TestRequest;

    use crate::tests::fixture::{self, MEMBER_TOKEN, ask};

    /// Every route here that names a role or a permission in its path, with a body that fits.
    fn named() -> Vec<(Method, &'static str, &'static str)> {
        let ids = r#"{"permissionIds":[]}"#;
        vec![
            (Method::GET, "/roles/{id}", ""),
            (Method::PUT, "/roles/{id}", "{}"),
            (Method::DELETE, "/roles/{id}", ""),
            (Method::GET, "/roles/{id}/permissions", ""),
            (Method::PUT, "/roles/{id}/permissions", ids),
            (Method::POST, "/roles/{id}/permissions", ids),
            (Method::DELETE, "/roles/{id}/permissions", ids),
            (Method::PUT, "/permissions/{id}", "{}"),
            (Method::DELETE, "/permissions/{id}", ""),
        ]
    }

    async fn answer(method: Method, path: &str, body: &'static str) -> serde_json::Value {
        let request = TestRequest::default()
            .method(method)
            .uri(path)
            .insert_header(("authorization", format!("Bearer {MEMBER_TOKEN}")))
            .insert_header(("content-type", "application/json"))
            .set_payload(body);
        fixture::json(ask(request).await).await
    }

    #[actix_web::test]
    async fn s20_what_is_no_id_is_not_found_like_an_unknown_one() {
        for (method, path, body) in named() {
            for bad in ["x", "0192f3c0-4444-4abc-8def-0123456789ab", "%00"] {
                let bad = path.replace("{id}", bad);
                let told = answer(method.clone(), &bad, body).await;
                assert_eq!(told["code"], "not_found", "{method} {bad}");
            }
            // An id is looked for, in a store that is not there.
            let good = path.replace("{id}", "0192f3c0-4444-7abc-8def-0123456789ab");
            let told = answer(method.clone(), &good, body).await;
            assert_eq!(told["code"], "unavailable", "{method} {good}");
        }
    }

    #[actix_web::test]
    async fn a_body_is_judged_before_what_its_path_names() {
        for (method, path, body) in named() {
            if !body.is_empty() {
                let told = answer(method.clone(), &path.replace("{id}", "x"), "{\"x\":1}").await;
                assert_eq!(told["code"], "validation_failed", "{method} {path}");
            }
        }
    }
}
