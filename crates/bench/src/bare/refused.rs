//! What a bare handler answers when it cannot do its work.

use actix_web::ResponseError;
use actix_web::http::StatusCode;
use kogents_domain::cache::CacheError;
use kogents_domain::store::StoreError;

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Refused {
    /// What the request needs was not opened.
    NotThere,
    /// The token is not valid.
    Token,
    /// What the request names does not exist, or not like that any more.
    Gone,
    /// A digest that is none.
    Malformed,
    /// Cache or store.
    Failed(String),
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotThere => "there is nothing to ask",
            Self::Token => "the token is not valid",
            Self::Gone => "nothing is like that",
            Self::Malformed => "a digest has 64 hexadecimal digits",
            Self::Failed(reason) => reason,
        })
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotThere | Self::Failed(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Token => StatusCode::UNAUTHORIZED,
            Self::Gone => StatusCode::CONFLICT,
            Self::Malformed => StatusCode::BAD_REQUEST,
        }
    }
}

impl From<CacheError> for Refused {
    fn from(error: CacheError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.to_string())
    }
}
