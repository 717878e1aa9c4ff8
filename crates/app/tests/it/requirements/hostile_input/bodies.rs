//! Bodies that no operation takes.

use super::request::Request;

/// A body and the header lines that come with it.
pub(super) struct HostileBody {
    pub(super) name: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
    /// What it must be answered with.
    pub(super) status: u16,
}

impl HostileBody {
    /// The request with this in place of its own body.
    pub(super) fn put_in(&self, request: Request) -> Request {
        self.headers
            .iter()
            .fold(request.without("Content-Type"), |request, (name, value)| {
                request.header(name, value)
            })
            .body(self.body.clone())
    }
}

/// What is declared as JSON and is none that is taken, and what is declared as something else.
pub(super) fn hostile() -> Vec<HostileBody> {
    let deep = |open: &str, close: &str| {
        format!("{{\"a\":{}1{}}}", open.repeat(200), close.repeat(200)).into_bytes()
    };
    let utf16: Vec<u8> = "{}".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let large = [b"{\"a\":\"", vec![b'x'; 1 << 20].as_slice(), b"\"}"].concat();
    let mut bodies: Vec<HostileBody> = [
        ("a NUL in a text", br#"{"email":"\u0000"}"#.to_vec()),
        ("a NUL in a name", br#"{"\u0000":1}"#.to_vec()),
        ("a raw NUL", b"{\"email\":\"\0\"}".to_vec()),
        ("half a surrogate pair", br#"{"email":"\ud800"}"#.to_vec()),
        ("the other half", br#"{"email":"\udfff"}"#.to_vec()),
        ("a raw surrogate", b"{\"a\":\"\xed\xa0\x80\"}".to_vec()),
        (
            "a member twice",
            br#"{"email":"a@b.cd","email":"a@b.cd"}"#.to_vec(),
        ),
        ("a member twice, escaped", br#"{"a":1,"\u0061":1}"#.to_vec()),
        ("lists in lists", deep("[", "]")),
        ("objects in objects", deep("{\"a\":", "}")),
        ("lists without an end", b"[".repeat(60_000)),
        ("a number beyond numbers", br#"{"latitude":1e400}"#.to_vec()),
        ("no number", br#"{"latitude":NaN}"#.to_vec()),
        ("no finite number", br#"{"latitude":-Infinity}"#.to_vec()),
        ("a byte order mark", b"\xef\xbb\xbf{}".to_vec()),
        ("UTF-16", utf16),
        ("overlong UTF-8", b"{\"a\":\"\xc0\xaf\"}".to_vec()),
        ("a list", b"[]".to_vec()),
        ("a text", b"\"x\"".to_vec()),
        ("two objects", b"{}{}".to_vec()),
        ("gzip without saying so", GZIPPED.to_vec()),
        ("a form", b"email=a%40b.cd&password=x".to_vec()),
    ]
    .into_iter()
    .map(|(name, body)| HostileBody {
        name,
        headers: vec![("Content-Type", "application/json")],
        body,
        status: 400,
    })
    .collect();
    bodies.push(HostileBody {
        name: "a mebibyte",
        headers: vec![("Content-Type", "application/json")],
        body: large,
        status: 413,
    });
    bodies.extend(TYPES.into_iter().map(|(name, headers)| HostileBody {
        name,
        headers: headers.to_vec(),
        body: b"{}".to_vec(),
        status: 415,
    }));
    bodies
}

/// `{}`, compressed.
const GZIPPED: [u8; 22] = [
    0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xab, 0xae, 5, 0, 0x43, 0xbf, 0xa6, 0xa3, 2, 0, 0, 0,
];

type Headers = &'static [(&'static str, &'static str)];

/// Types and codings that no body has.
const TYPES: [(&str, Headers); 14] = [
    ("no type", &[]),
    ("an empty type", &[("Content-Type", "")]),
    ("plain text", &[("Content-Type", "text/plain")]),
    (
        "a form's type",
        &[("Content-Type", "application/x-www-form-urlencoded")],
    ),
    (
        "multipart",
        &[("Content-Type", "multipart/form-data; boundary=x")],
    ),
    ("XML", &[("Content-Type", "application/xml")]),
    (
        "a relative of JSON",
        &[("Content-Type", "application/ld+json")],
    ),
    (
        "another charset",
        &[("Content-Type", "application/json; charset=utf-16")],
    ),
    ("nonsense", &[("Content-Type", "\u{e9};;;=/json")]),
    (
        "two types in one",
        &[("Content-Type", "application/json, text/plain")],
    ),
    (
        "two types",
        &[
            ("Content-Type", "application/json"),
            ("Content-Type", "text/plain"),
        ],
    ),
    (
        "gzip",
        &[
            ("Content-Type", "application/json"),
            ("Content-Encoding", "gzip"),
        ],
    ),
    (
        "a coding that nobody knows",
        &[
            ("Content-Type", "application/json"),
            ("Content-Encoding", "x"),
        ],
    ),
    (
        "codings on codings",
        &[
            ("Content-Type", "application/json"),
            ("Content-Encoding", "identity, br"),
        ],
    ),
];
