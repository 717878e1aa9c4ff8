//! What must hold for whatever octets a parser is given, as plain functions: tests call them with
//! the committed corpus and with generated input, fuzzing with whatever it finds.
//!
//! Each takes an input and panics when the parser breaks one of its laws. A parser of an outer
//! crate comes as a port or as a closure, so that this crate needs to know the domain only. Where
//! it is cheap, a second reading of the rules, written differently on purpose, has to agree.

mod body;
mod cursor;
mod email_address;
mod forwarded_header;
mod name;
mod sealed_envelope;
mod slug;
mod token;

pub use body::{Refusal, body};
pub use cursor::{audit_cursor, cursor};
pub use email_address::email_address;
pub use forwarded_header::{TRUSTED, forwarded_header};
pub use name::name;
pub use sealed_envelope::sealed_envelope;
pub use slug::slug;
pub use token::{access_token, refresh_token};

use std::borrow::Cow;

/// An input as text; what is no UTF-8 in it becomes replacement characters.
fn text(input: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(input)
}
