//! Fuzzes the readers of cursors.
#![no_main]

use kogents_http::fuzzing as http;
use kogents_testkit::parsers;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    parsers::cursor(input, http::encode_cursor, http::parse_cursor);
    parsers::audit_cursor(input, http::encode_audit_cursor, http::parse_audit_cursor);
});
