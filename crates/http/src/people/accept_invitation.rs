//! `POST /auth/invitations/accept`: makes a member of whoever was invited, and signs them in.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::workspace::AcceptInvitationCommand;

use super::AcceptInvitationBody;
use crate::access::bearer_token;
use crate::auth::answer_signed_in;
use crate::body;
use crate::cookies::{is_native, refresh_cookie};
use crate::input::client;
use crate::limits::ledger;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::SignedInView;

problems!(AcceptInvitationProblems: InvitationInvalid, InvalidCredentials, InvalidToken);

/// Accepts an invitation. For an address with an account it takes the account's password, or an
/// access token of its owner; else name and password, of which an account is made.
#[utoipa::path(
    post, path = "/auth/invitations/accept", tag = "People",
    params(("X-Client-Type" = Option<String>, Header,
        description = "`native`: the client cannot hold cookies; the refresh token is in bodies.",
        example = "native")),
    request_body = AcceptInvitationBody,
    security(("bearer" = []), ()),
    responses(
        (status = 200, description = "A member, and signed in to the workspace.",
            body = SignedInView,
            headers(("Set-Cookie" = String,
            description = "`refreshToken`, HttpOnly, SameSite=Strict, Path=/auth; not with \
                           `X-Client-Type: native`."))),
        AcceptInvitationProblems,
    ),
)]
pub(crate) async fn accept_invitation(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = body::read(&request, payload).await?;
    let input = AcceptInvitationBody::read(&body)?;
    let native = is_native(&request);
    let command = AcceptInvitationCommand {
        token: input.token,
        name: input.name,
        password: input.password,
        access_token: bearer_token(request.headers()).into_sent(),
        refresh_token: if native {
            None
        } else {
            refresh_cookie(request.headers())
        },
        client: client(&http, &request)?,
        ledger: ledger(&request),
    };
    let accept_invitation = http.use_cases.people.accept_invitation.clone();
    let signed_in = http
        .run(async move { accept_invitation.run(command).await })
        .await?;
    let view = SignedInView::new(&signed_in, None, native, http.digester.as_ref());
    answer_signed_in(
        &http,
        HttpResponse::Ok().json(view),
        &signed_in.tokens,
        native,
    )
}
