//! Header lines that nobody means well with, on requests that are good otherwise.

/// Lines of a name and a value, to put on any request.
pub(super) fn lines() -> Vec<Vec<(Vec<u8>, Vec<u8>)>> {
    let long = "x".repeat(100_000);
    let single = [
        ("Authorization", "Bearer"),
        ("Authorization", "Bearer "),
        ("Authorization", "Bearer \u{e9}"),
        ("Authorization", "Bearer a.b.c, Bearer d.e.f"),
        ("Authorization", "Bearer ...."),
        ("Authorization", "Basic \u{0}"),
        ("Authorization", "Negotiate YII="),
        ("Authorization", "Bearer eyJhbGciOiJub25lIn0.e30."),
        ("Cookie", "refreshToken=\u{e9}"),
        ("Cookie", "refreshToken=\"; refreshToken=a.b.c; ;;;=;"),
        ("Cookie", "=;=;="),
        ("X-Request-Id", "a b"),
        ("X-Request-Id", "\u{202e}"),
        ("X-Forwarded-For", "1.2.3.4, unknown, ::1, \u{e9}"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("Forwarded", "for=\"_x\";proto=\u{e9}"),
        ("X-Real-IP", "'; DROP TABLE sessions"),
        ("X-Client-Type", "\u{e9}"),
        ("User-Agent", "\u{e9}\u{202e}<script>"),
        ("User-Agent", ""),
        ("Accept", "*/*;q=\u{e9}"),
        ("Accept", "text/html;q=99999999999999999999"),
        ("Accept-Language", "\u{e9};q=1,*;q=-1,de;q=1e400,,,;;q"),
        ("Accept-Encoding", "gzip;q=NaN, identity;q=0, *;q=0"),
        ("Accept-Charset", "utf-16"),
        ("Origin", "null"),
        ("Origin", "https://evil.example"),
        ("Origin", "\u{e9}"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Referer", "javascript:alert(1)"),
        ("Range", "bytes=0-18446744073709551615,-1"),
        ("If-None-Match", "\u{e9}, *, W/\"x"),
        ("If-Modified-Since", "Thu, 99 Foo 99999 99:99:99 GMT"),
        ("Idempotency-Key", "\u{e9}"),
        ("Access-Control-Request-Method", "\u{e9}"),
        ("Upgrade", "websocket"),
        ("Upgrade", "h2c"),
        ("Connection", "upgrade, keep-alive, \u{e9}"),
        ("Expect", "100-continue"),
        ("Expect", "the unexpected"),
        ("TE", "trailers, \u{e9}"),
        ("Trailer", "Content-Length"),
        ("Host", "evil.example"),
        ("X-HTTP-Method-Override", "DELETE"),
        ("X-Long", long.as_str()),
        ("Content-Length", "-1"),
        ("Content-Length", "+2"),
        ("Content-Length", "0x2"),
        ("Content-Length", "18446744073709551616"),
        ("Content-Length", "\u{e9}"),
        ("Content-Length", "2, 2"),
        ("Transfer-Encoding", "chunked, chunked"),
        ("Transfer-Encoding", "gzip, chunked"),
        ("Transfer-Encoding", "\u{e9}"),
        ("Transfer-Encoding", "identity"),
        ("Bad Name", "x"),
        ("Bad\u{e9}Name", "x"),
        ("", "x"),
        ("X-Nul", "a\u{0}b"),
        ("X-Line", "a\r\n folded"),
        ("X-Line", "a\nX-Injected: b"),
        ("X-Line", "a\rb"),
        ("X-Control", "\u{1}\u{7f}\u{8}"),
    ];
    let mut lines: Vec<_> = single
        .into_iter()
        .map(|(name, value)| vec![(name.into(), value.into())])
        .collect();
    let numbered = |count: usize, value: &str| {
        (0..count)
            .map(|n| (format!("X-{n}").into_bytes(), value.as_bytes().to_vec()))
            .collect::<Vec<_>>()
    };
    lines.push(numbered(90, "x"));
    lines.push(numbered(1_000, "x"));
    lines.push(numbered(50, &"x".repeat(4_000)));
    lines.push(vec![("X-Forwarded-For".into(), b"1.2.3.4, ".repeat(5_000))]);
    lines.push(vec![("Accept-Language".into(), b"de;q=0.5,".repeat(5_000))]);
    lines.push(vec![("Cookie".into(), b"refreshToken=x; ".repeat(5_000))]);
    // The longest name that HTTP libraries hold has 65,535 octets.
    for length in [60_000, 65_535, 65_536, 70_000, 120_000] {
        lines.push(vec![(vec![b'n'; length], b"x".to_vec())]);
    }
    lines.push(vec![("X-Octets".into(), (0x80..=0xff).collect())]);
    lines
}
