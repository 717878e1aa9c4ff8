//! Fuzzes the reader of access tokens.
#![no_main]

use kogents_adapter_crypto::fuzzing as crypto;
use kogents_testkit::parsers;

libfuzzer_sys::fuzz_target!(|input: &[u8]| parsers::access_token(
    input,
    crypto::access_tokens(),
    &crypto::access_claims(),
    crypto::sign
));
