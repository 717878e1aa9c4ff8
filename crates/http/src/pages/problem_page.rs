//! `GET /problems/{code}`: explains a problem's code.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::html::{escape, page};
use crate::accept::prefers_html;
use crate::middleware::STATIC;
use crate::openapi::problems;
use crate::openapi::sets;
use crate::problem::{Code, Problem};

/// What a problem's code means.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemExplanationView {
    /// The stable code.
    #[schema(value_type = sets::ProblemCode)]
    code: &'static str,
    /// What it means, in a few words.
    #[schema(example = "Slug taken")]
    title: &'static str,
    /// The status it is answered with.
    #[schema(example = 409, minimum = 400, maximum = 599)]
    status: u16,
    /// What it means and what to do, in a sentence or two.
    explanation: &'static str,
}

problems!(ExplainProblemProblems: NotFound);

/// Explains it: to people in HTML, to programs in JSON.
#[utoipa::path(
    get, path = "/problems/{code}", tag = "Pages",
    params(("code" = sets::ProblemCode, Path, description = "The code of a problem.")),
    responses(
        (status = 200, description = "What the code means; to browsers in HTML.",
            body = ProblemExplanationView),
        ExplainProblemProblems,
    ),
)]
pub(crate) async fn explain_problem(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let code = Code::from_name(request.match_info().query("code"))
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    let mut response = if prefers_html(request.headers()) {
        page(
            code.title(),
            &format!(
                "<h1>{}</h1>\n<p><code>{}</code>, status {}</p>\n<p>{}</p>",
                escape(code.title()),
                escape(code.as_str()),
                code.status().as_u16(),
                escape(code.explanation()),
            ),
        )
    } else {
        HttpResponse::Ok().json(ProblemExplanationView {
            code: code.as_str(),
            title: code.title(),
            status: code.status().as_u16(),
            explanation: code.explanation(),
        })
    };
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static(STATIC),
    );
    headers.append(header::VARY, header::HeaderValue::from_static("Accept"));
    Ok(response)
}
