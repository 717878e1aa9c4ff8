//! `kogents openapi`: the OpenAPI document.

use super::output::print_line;
use crate::failure::Failure;

/// Prints it as JSON.
pub(crate) fn print() -> Result<(), Failure> {
    print_line(&kogents_http::openapi_json())
}
