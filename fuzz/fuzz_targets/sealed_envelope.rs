//! Fuzzes the opening of sealed envelopes.
#![no_main]

use kogents_adapter_crypto::fuzzing as crypto;
use kogents_testkit::parsers;

libfuzzer_sys::fuzz_target!(|input: &[u8]| parsers::sealed_envelope(input, crypto::sealer()));
