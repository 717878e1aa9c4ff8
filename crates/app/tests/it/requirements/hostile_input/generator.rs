//! Hostile requests without end: good requests of every operation with one to three things wrong.
//! The same number makes the same request.

use kogents_testkit::corpus::Corpus;
use kogents_testkit::mutate::{self, Dice};
use serde_json::{Value, json};

use super::operations::Operation;
use super::request::Request;
use super::{headers, targets};

const METHODS: [&str; 14] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW", "get",
    "PRI", "\u{e9}", "",
];
const TYPES: [&str; 8] = [
    "text/plain",
    "application/xml",
    "application/json; charset=utf-16",
    "application/json;;;",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "\u{e9}",
    "",
];

/// What requests are made of.
pub(super) struct Generator {
    operations: Vec<Operation>,
    bodies: Corpus,
    tokens: Corpus,
    queries: Vec<Vec<u8>>,
    paths: Vec<Vec<u8>>,
    headers: Vec<Vec<(Vec<u8>, Vec<u8>)>>,
}

impl Generator {
    pub(super) fn new(operations: Vec<Operation>) -> Self {
        Self {
            operations,
            bodies: Corpus::of("body"),
            tokens: Corpus::of("access_token"),
            queries: targets::queries(),
            paths: targets::paths(),
            headers: headers::lines(),
        }
    }

    /// The request of this number.
    pub(super) fn make(&self, number: u64, access_token: &str) -> Vec<u8> {
        let mut dice = Dice::new(number);
        let operation = dice.pick(&self.operations);
        let mut request = operation.request(access_token);
        for _ in 0..=dice.below(3) {
            request = self.spoil(request, &mut dice);
        }
        let mut octets = request.octets();
        if dice.one_in(6) {
            for _ in 0..=dice.below(4) {
                mutate::once(&mut octets, &mut dice);
            }
        }
        octets
    }

    fn spoil(&self, mut request: Request, dice: &mut Dice) -> Request {
        match dice.below(12) {
            0 | 1 => {
                let mut body = request.body.take().unwrap_or_default();
                mutate::once(&mut body, dice);
                request.body(body)
            }
            2 => request.body(self.bodies.mutated(dice.roll())),
            3 | 4 => {
                let body = request.body.take().unwrap_or_default();
                request.body(with_hostile_member(&body, dice))
            }
            5 => request
                .without("Content-Type")
                .header("Content-Type", *dice.pick::<&str>(&TYPES)),
            6 => {
                request.target.push(b'?');
                request.target.extend(dice.pick(&self.queries));
                request
            }
            7 => {
                if dice.one_in(3) {
                    request.target = dice.pick(&self.paths).clone();
                } else {
                    mutate::once(&mut request.target, dice);
                }
                request
            }
            8 => {
                request.method = dice.pick::<&str>(&METHODS).as_bytes().to_vec();
                request
            }
            9 => {
                request.headers.extend(dice.pick(&self.headers).clone());
                request
            }
            10 => {
                let token = self.tokens.mutated(dice.roll());
                let value = [b"Bearer ", token.as_slice()].concat();
                request
                    .without("Authorization")
                    .header("Authorization", value)
            }
            _ => break_frame(request, dice),
        }
    }
}

/// The body with a member that has a value it should not have, that is there twice, or that is not
/// known.
fn with_hostile_member(body: &[u8], dice: &mut Dice) -> Vec<u8> {
    let Ok(Value::Object(mut members)) = serde_json::from_slice::<Value>(body) else {
        return body.to_vec();
    };
    let names: Vec<String> = members.keys().cloned().collect();
    if names.is_empty() || dice.one_in(5) {
        members.insert("role".to_owned(), json!("admin"));
        return Value::Object(members).to_string().into_bytes();
    }
    let name = dice.pick(&names).clone();
    let text = Value::Object(members.clone()).to_string();
    if dice.one_in(5) {
        let value = members.remove(&name).unwrap_or_default();
        return format!("{{{}:{value},{}", json!(name), &text[1..]).into_bytes();
    }
    members.insert(name, hostile_value(dice));
    Value::Object(members).to_string().into_bytes()
}

fn hostile_value(dice: &mut Dice) -> Value {
    let texts = [
        "",
        " ",
        "\u{202e}",
        "\u{200b}",
        "<b>",
        "${x}",
        "{{x}}",
        "' OR 1=1 --",
        "\u{fdfa}",
        "\u{130}",
        "../../etc/passwd",
        "http://evil.example",
        "\r\nBcc: eve@evil.example",
        "\u{1f469}\u{200d}\u{1f680}",
        "a@b",
        "a@b.cd",
        "-1",
        "000000",
        "\u{ffff}",
        "%00",
    ];
    match dice.below(8) {
        0 => Value::Null,
        1 => json!(dice.one_in(2)),
        2 => json!(-1),
        3 => json!(f64::MAX),
        4 => json!([[], {}, null]),
        5 => json!({ "$ne": null, "__proto__": {} }),
        6 => json!("x".repeat(dice.below(5_000))),
        _ => json!(dice.pick::<&str>(&texts)),
    }
}

/// The request with a length that is not its body's, or with chunks.
fn break_frame(mut request: Request, dice: &mut Dice) -> Request {
    let body = request.body.clone().unwrap_or_default();
    request.framed = dice.one_in(3);
    match dice.below(4) {
        0 => {
            let length = dice.below(body.len() * 2 + 4);
            request.header("Content-Length", length.to_string())
        }
        1 => {
            let mut chunks = format!("{:x}\r\n", body.len()).into_bytes();
            chunks.extend(&body);
            chunks.extend(b"\r\n0\r\n\r\n");
            if dice.one_in(2) {
                mutate::once(&mut chunks, dice);
            }
            request.header("Transfer-Encoding", "chunked").body(chunks)
        }
        2 => request.header("Transfer-Encoding", "chunked"),
        _ => request.header("Expect", "100-continue"),
    }
}
