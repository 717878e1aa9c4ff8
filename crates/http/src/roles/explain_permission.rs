//! `GET /permissions/explain`: tells the caller why they may do something, or why not.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_domain::access::PermissionName;
use kogents_usecases::access::ExplainPermissionCommand;

use crate::access::SignedInCaller;
use crate::cursor::Query;
use crate::problem::{Code, Problem};
use crate::state::Http;
use crate::views::ExplanationView;

/// Tells whether the caller holds a permission in the current workspace, and why.
#[utoipa::path(
    get, path = "/permissions/explain", tag = "Access",
    params(("permission" = String, Query, description = "The name of a permission.",
        example = "users:delete")),
    responses((status = 200, description = "Whether, and why.", body = ExplanationView)),
)]
pub(crate) async fn explain_permission(
    http: web::Data<Http>,
    request: HttpRequest,
    SignedInCaller(caller): SignedInCaller,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request);
    let permission = query.required("permission", PermissionName::parse);
    query.finish()?;
    let permission = permission.ok_or_else(|| {
        Problem::new(Code::Internal).cause("a query was read without a violation or a value")
    })?;
    let command = ExplainPermissionCommand {
        caller,
        permission: permission.clone(),
    };
    let explain_permission = http.use_cases.access.explain_permission.clone();
    let explanation = http
        .run(async move { explain_permission.run(command).await })
        .await?;
    Ok(HttpResponse::Ok().json(ExplanationView::new(&explanation, &permission)))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use serde_json::json;

    use crate::tests::fixture::{self, TOKEN, ask};

    fn explain(query: &str) -> TestRequest {
        TestRequest::get()
            .uri(&format!("/permissions/explain{query}"))
            .insert_header(("authorization", format!("Bearer {TOKEN}")))
    }

    #[actix_web::test]
    async fn without_a_workspace_nothing_is_allowed_and_the_answer_says_why() {
        let response = ask(explain("?permission=users:update")).await;
        assert_eq!(response.status().as_u16(), 200);
        let because = "Without a role in a workspace nobody has users:edit.";
        let expected = json!({ "allowed": false, "because": because });
        assert_eq!(fixture::json(response).await, expected);
    }

    #[actix_web::test]
    async fn a_parameter_that_is_missing_or_no_name_is_a_violation() {
        for (query, code) in [
            ("", "REQUIRED_FIELD"),
            ("?permission=", "REQUIRED_FIELD"),
            ("?permission=users", "INVALID_FORMAT"),
            (
                "?permission=users:read&permission=users:read",
                "INVALID_FORMAT",
            ),
        ] {
            let problem = fixture::json(ask(explain(query)).await).await;
            assert_eq!(problem["code"], "validation_failed", "{query}");
            let error = &problem["errors"][0];
            assert_eq!(error["field"], "permission", "{query}");
            assert_eq!(error["code"], code, "{query}");
        }
    }
}
