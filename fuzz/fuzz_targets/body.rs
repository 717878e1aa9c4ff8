//! Fuzzes the reader of request bodies.
#![no_main]

use kogents_testkit::parsers;

libfuzzer_sys::fuzz_target!(|input: &[u8]| parsers::body(input, kogents_http::fuzzing::read_body));
