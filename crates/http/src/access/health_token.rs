//! Who is told of the database: anybody in development, monitoring in production.

use actix_web::HttpRequest;
use kogents_domain::secret::SecretText;
use subtle::ConstantTimeEq as _;

use super::{BearerToken, refused};
use crate::problem::{Code, Problem};
use crate::state::Http;

/// Lets a request through that shows the health token, and in development every one. Without a
/// configured token there is nothing here in production. A token that is not it counts against its
/// client's address, as every token does that is not good.
pub(super) async fn admit(
    http: &Http,
    request: &HttpRequest,
    token: BearerToken,
) -> Result<(), Problem> {
    if http.settings.development {
        return Ok(());
    }
    let Some(expected) = &http.settings.health_token else {
        return Err(Problem::new(Code::NotFound));
    };
    match token {
        BearerToken::Absent => Err(Problem::new(Code::Unauthenticated)),
        BearerToken::Sent(sent) if is_the_same(&sent, expected) => Ok(()),
        BearerToken::Sent(_) | BearerToken::Malformed => {
            let nobody = Problem::new(Code::InvalidToken);
            Err(refused(http, request, nobody).await)
        }
    }
}

/// Compares in a time that tells nothing of how much of it is right, only of its length.
fn is_the_same(sent: &SecretText, expected: &SecretText) -> bool {
    let (sent, expected) = (sent.expose().as_bytes(), expected.expose().as_bytes());
    sent.ct_eq(expected).into()
}
