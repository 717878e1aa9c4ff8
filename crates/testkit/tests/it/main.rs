//! The laws of the domain's parsers, on the committed corpus and on generated input. Those of the
//! other crates' parsers are tried in these crates.
#![cfg(test)]

use kogents_testkit::{parsers, property};

#[test]
fn s28_an_address_reads_as_one_mailbox_however_it_is_written() {
    property::holds("email_address", parsers::email_address);
}

#[test]
fn a_slug_has_its_form_and_what_has_the_form_is_a_slug() {
    property::holds("slug", parsers::slug);
}

#[test]
fn s29_a_name_is_neither_markup_nor_a_link_nor_reordered() {
    property::holds("name", parsers::name);
}
