//! What is no well-formed HTTP/1.1 request at all, octet by octet.

/// Octets that the HTTP parser itself must refuse, or drop.
pub(super) fn refused() -> Vec<(&'static str, Vec<u8>)> {
    let post = "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    let second = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    let with = |lines: &str, body: &str| format!("{post}{lines}\r\n\r\n{body}").into_bytes();
    let mut heads: Vec<(&str, Vec<u8>)> = vec![
        (
            "a length and chunks",
            with(
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                &format!("0\r\n\r\n{second}"),
            ),
        ),
        (
            "chunks and a length",
            with(
                "Transfer-Encoding: chunked\r\nContent-Length: 30",
                &format!("0\r\n\r\n{second}"),
            ),
        ),
        (
            "two lengths",
            with(
                "Content-Length: 2\r\nContent-Length: 30",
                &format!("{{}}{second}"),
            ),
        ),
        (
            "one length twice",
            with("Content-Length: 2\r\nContent-Length: 2", "{}"),
        ),
        ("a list of lengths", with("Content-Length: 2, 2", "{}")),
        ("a negative length", with("Content-Length: -1", "{}")),
        ("a signed length", with("Content-Length: +2", "{}")),
        ("a hexadecimal length", with("Content-Length: 0x2", "{}")),
        ("a length in letters", with("Content-Length: two", "{}")),
        (
            "a length beyond 64 bits",
            with("Content-Length: 99999999999999999999", "{}"),
        ),
        ("an empty length", with("Content-Length:", "{}")),
        (
            "an unknown coding",
            with("Transfer-Encoding: xchunked", &format!("0\r\n\r\n{second}")),
        ),
        (
            "a coding under chunks",
            with("Transfer-Encoding: gzip, chunked", "0\r\n\r\n"),
        ),
        (
            "two codings",
            with(
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "0\r\n\r\n",
            ),
        ),
        (
            "a space before the colon",
            with("Transfer-Encoding : chunked", "0\r\n\r\n"),
        ),
        (
            "a tab before the colon",
            with("Transfer-Encoding\t: chunked", "0\r\n\r\n"),
        ),
        (
            "a folded coding",
            with("Transfer-Encoding:\r\n chunked", "0\r\n\r\n"),
        ),
        ("a folded header", with("X-Folded: a\r\n b", "")),
        ("a header without a colon", with("nonsense", "")),
        ("a header without a name", with(": x", "")),
        ("a NUL in a header", with("X-Nul: a\0b", "")),
        ("a NUL in a name", with("X\0: a", "")),
        ("a control character in a header", with("X-Bell: \u{7}", "")),
        ("two hosts", with("Host: y", "")),
        ("no host", b"GET /health/live HTTP/1.1\r\n\r\n".to_vec()),
        (
            "chunks in HTTP/1.0",
            b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_vec(),
        ),
        ("HTTP/0.9", b"GET /health/live\r\n\r\n".to_vec()),
        (
            "HTTP/2 in clear",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec(),
        ),
        (
            "HTTP/1.2",
            b"GET /health/live HTTP/1.2\r\nHost: x\r\n\r\n".to_vec(),
        ),
        (
            "HTTP/9.9",
            b"GET /health/live HTTP/9.9\r\nHost: x\r\n\r\n".to_vec(),
        ),
        (
            "another protocol",
            b"GET /health/live ICAP/1.0\r\nHost: x\r\n\r\n".to_vec(),
        ),
        ("no target", b"GET  HTTP/1.1\r\nHost: x\r\n\r\n".to_vec()),
        (
            "a space in the target",
            b"GET /health /live HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
        ),
        (
            "a NUL in the target",
            b"GET /health/\0live HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
        ),
        (
            "a NUL in the method",
            b"G\0T /health/live HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
        ),
        (
            "no method",
            b" /health/live HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
        ),
        (
            "TLS",
            b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03random\r\n\r\n".to_vec(),
        ),
        (
            "SMTP",
            b"EHLO evil.example\r\nMAIL FROM:<eve@evil.example>\r\n\r\n".to_vec(),
        ),
        ("Redis", b"*1\r\n$8\r\nFLUSHALL\r\n\r\n".to_vec()),
        ("octets", (0..=255).cycle().take(4_096).collect()),
        ("NULs", vec![0; 4_096]),
        (
            "a status line",
            b"HTTP/1.1 200 OK\r\nHost: x\r\n\r\n".to_vec(),
        ),
        (
            "a carriage return alone",
            b"GET / HTTP/1.1\rHost: x\r\r".to_vec(),
        ),
    ];
    let lines = |line: &str, count: usize| with(line.repeat(count).trim_end(), "");
    heads.push(("a thousand headers", lines("X-Many: x\r\n", 1_000)));
    heads.push((
        "a head of 200 kB",
        lines(&format!("X-Long: {}\r\n", "x".repeat(50_000)), 4),
    ));
    heads.push((
        "a header of 200 kB",
        with(&format!("X-Long: {}", "x".repeat(200_000)), ""),
    ));
    heads.push((
        "a name of 66 kB",
        with(&format!("{}: x", "n".repeat(66_000)), ""),
    ));
    heads.push((
        "a target of 200 kB",
        format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(200_000)).into_bytes(),
    ));
    heads.push((
        "a method of 200 kB",
        format!("{} / HTTP/1.1\r\nHost: x\r\n\r\n", "G".repeat(200_000)).into_bytes(),
    ));
    heads
}

/// Bodies whose frame is broken: the head is good, so the route answers.
pub(super) fn broken_frames() -> Vec<(&'static str, Vec<u8>)> {
    let chunked = |chunks: &str| {
        format!(
            "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
             Transfer-Encoding: chunked\r\n\r\n{chunks}"
        )
        .into_bytes()
    };
    let zeros = "0".repeat(70_000);
    let extension = "x".repeat(70_000);
    vec![
        ("a size that is no number", chunked("zz\r\n{}\r\n0\r\n\r\n")),
        ("a negative size", chunked("-2\r\n{}\r\n0\r\n\r\n")),
        ("a size with a prefix", chunked("0x2\r\n{}\r\n0\r\n\r\n")),
        (
            "a size beyond 64 bits",
            chunked("fffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
        ),
        (
            "the greatest size",
            chunked("ffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
        ),
        (
            "a size with a space before",
            chunked(" 2\r\n{}\r\n0\r\n\r\n"),
        ),
        (
            "a size of zeros",
            chunked(&format!("{zeros}2\r\n{{}}\r\n0\r\n\r\n")),
        ),
        ("an empty size", chunked("\r\n{}\r\n0\r\n\r\n")),
        ("a size ended by a line feed", chunked("2\n{}\n0\n\n")),
        (
            "a chunk longer than its size",
            chunked("2\r\n{}}}}}\r\n0\r\n\r\n"),
        ),
        (
            "a chunk shorter than its size",
            chunked("9\r\n{}\r\n0\r\n\r\n"),
        ),
        ("no last chunk", chunked("2\r\n{}\r\n")),
        (
            "an extension without an end",
            chunked(&format!("2;{extension}\r\n{{}}\r\n0\r\n\r\n")),
        ),
        ("a NUL in an extension", chunked("2;\0\r\n{}\r\n0\r\n\r\n")),
        (
            "trailers",
            chunked("2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n"),
        ),
        ("half the body", chunked("2\r\n{")),
        (
            "less than the length",
            b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
              Content-Length: 100\r\n\r\n{\"email\""
                .to_vec(),
        ),
        (
            "much less than the length",
            b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
              Content-Length: 18446744073709551615\r\n\r\n{}"
                .to_vec(),
        ),
    ]
}
