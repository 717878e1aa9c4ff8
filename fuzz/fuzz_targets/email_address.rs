//! Fuzzes the reader of email addresses.
#![no_main]

use kogents_testkit::parsers;

libfuzzer_sys::fuzz_target!(|input: &[u8]| parsers::email_address(input));
