//! In whose name a letter is, as templates see it.

use kogents_domain::auth::EmailAddress;
use kogents_domain::mail::MailBrand;
use minijinja::{Value, context};

use super::links::escaped;
use super::look;
use crate::line::one_line;

/// The longest name and address, in characters: no address that is valid is longer.
const MAX: usize = 254;

/// `brand`, the name; `support`, the address; `support_link` to it; and the [`look`]. All but the
/// last are none in a letter of the product itself.
pub(super) fn of(brand: Option<&MailBrand>) -> Value {
    let support = brand.and_then(|brand| brand.support_email.as_ref());
    context! {
        brand => brand.map(|brand| one_line(&brand.name, MAX)),
        support => support.map(|address| one_line(address.as_given(), MAX)),
        support_link => support.map(mailto),
        look => look::of(brand.and_then(|brand| brand.colour.as_ref())),
    }
}

/// The sender's name.
pub(super) fn from_name(brand: Option<&MailBrand>) -> Option<String> {
    let name = brand?.from_name.as_deref()?;
    Some(one_line(name, MAX)).filter(|name| !name.is_empty())
}

/// A link that writes to an address and nothing else: a `?` in it begins no fields (RFC 6068).
fn mailto(address: &EmailAddress) -> String {
    format!("mailto:{}", escaped(address.as_given()).replace("%40", "@"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s29_a_support_address_adds_no_recipient() {
        let link = |address| mailto(&EmailAddress::parse(address).unwrap());
        assert_eq!(link("help@acme.example"), "mailto:help@acme.example");
        assert_eq!(
            link("a?bcc=eve&x@acme.example"),
            "mailto:a%3Fbcc%3Deve%26x@acme.example"
        );
    }
}
