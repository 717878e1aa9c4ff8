//! The laws of this crate's parsers, on the committed corpus and on generated input.

use std::net::{IpAddr, SocketAddr};

use actix_web::test::TestRequest;
use kogents_testkit::{parsers, property};

use super::fixture::{http, settings};
use crate::client_address::client_address;
use crate::fuzzing;

#[test]
fn s27_a_body_is_taken_when_a_second_reading_takes_it() {
    property::holds("body", |input| parsers::body(input, fuzzing::read_body));
}

#[test]
fn s27_a_cursor_is_read_as_what_it_was_made_of() {
    property::holds("cursor", |input| {
        parsers::cursor(input, fuzzing::encode_cursor, fuzzing::parse_cursor);
        parsers::audit_cursor(
            input,
            fuzzing::encode_audit_cursor,
            fuzzing::parse_audit_cursor,
        );
    });
}

#[actix_web::test]
async fn s25_the_client_is_the_peer_or_who_a_trusted_proxy_names() {
    let mut settings = settings();
    settings.trusted_proxies = parsers::TRUSTED.map(|net| net.parse().unwrap()).into();
    let http = http(settings);
    let resolve = |peer: IpAddr, values: &[&[u8]]| {
        let request = TestRequest::default().peer_addr(SocketAddr::new(peer, 1));
        let request = values.iter().fold(request, |request, value| {
            request.append_header(("X-Forwarded-For", *value))
        });
        client_address(&http, &request.to_http_request()).unwrap()
    };
    property::holds("forwarded_header", |input| {
        parsers::forwarded_header(input, resolve);
    });
}
