//! Paths and queries that nobody means well with.

/// Queries to put behind any path.
pub(super) fn queries() -> Vec<Vec<u8>> {
    let mut queries: Vec<Vec<u8>> = [
        "limit=0",
        "limit=-1",
        "limit=1000000000",
        "limit=99999999999999999999999",
        "limit=abc",
        "limit=1e2",
        "limit=0x10",
        "limit=+5",
        "limit=%EF%BC%92",
        "limit=\u{FF12}",
        "limit=",
        "limit",
        "limit=1&limit=2",
        "limit[]=1",
        "limit=NaN",
        "limit=1.5",
        "page=-1",
        "page=99999999999999999999",
        "page=abc",
        "cursor=",
        "cursor=%00",
        "cursor=AXM",
        "cursor=AXMBkvPAERF6vI3vASNFZ4mr%3D%3D",
        "cursor=..%2F..%2Fetc%2Fpasswd",
        "cursor=' OR 1=1 --",
        "all=maybe",
        "all=TRUE&all=false",
        "all=%ff",
        "to=%zz",
        "to=%00",
        "to=%ff%fe",
        "to=%",
        "to=%u0041",
        "to=ada@example.com%0d%0aBcc:%20eve@example.com",
        "%00=1",
        "%zz=%zz",
        "=",
        "&&&&",
        "?",
        "??limit=0",
        "a=b;c=d",
        "access_token=x",
        "limit=\u{e9}",
        "\u{e9}=1",
        "x=<script>alert(1)</script>",
        "x=${jndi:ldap://x}",
        "x=%c0%af",
        "x={{7*7}}",
    ]
    .into_iter()
    .map(|query| query.as_bytes().to_vec())
    .collect();
    queries.push(b"a=1&".repeat(10_000));
    queries.push([b"x=", vec![b'y'; 60_000].as_slice()].concat());
    queries.push(b"%".repeat(20_000));
    queries.push(b"x=\xff\xfe".to_vec());
    queries
}

/// Paths: of routes that are there and of others.
pub(super) fn paths() -> Vec<Vec<u8>> {
    let mut paths: Vec<Vec<u8>> = [
        "//",
        "///",
        "/./",
        "/../",
        "/..",
        "/%2e%2e/",
        "/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/%zz",
        "/%",
        "/%0",
        "/%00",
        "/%c0%af",
        "/%ff",
        "/%u0041",
        "/\u{e9}",
        "/\\",
        "/health/live/",
        "//health/live",
        "/health//live",
        "/health/./live",
        "/health/x/../live",
        "/HEALTH/LIVE",
        "/health%2flive",
        "/health/live%00",
        "/health/live;a=b",
        "/health/sessions/%00",
        "/health/sessions/%ff",
        "/health/sessions/%zz",
        "/health/sessions/..%2f..%2f",
        "/health/sessions/a%2fb",
        "/health/sessions/ses_\u{FF21}",
        "/health/sessions/%0d%0aSet-Cookie:%20a=b",
        "/docs/..%2f..%2fCargo.toml",
        "/docs/../openapi.json",
        "/docs/%2e%2e/",
        "/docs/%00",
        "/docs/%ff",
        "/docs/%c0%ae%c0%ae/",
        "/docs/index.html%00.png",
        "/docs/C:\\boot.ini",
        "/problems/%0d%0aX-Evil:%201",
        "/problems/<script>",
        "/problems/%3Cscript%3E",
        "/problems/%ff",
        "/problems/..",
        "/problems/not_found%00",
        "/dev/mailbox/../mailbox",
        "http://evil.example/health/live",
        "http://evil.example:99999/",
        "http://[::1/",
        "http://user:secret@evil.example/",
        "https://evil.example/../",
        "evil.example:443",
        "*",
        "?",
        "#",
        "/#fragment",
        "javascript:alert(1)",
        "/health/live#x",
        "/health/live?#",
    ]
    .into_iter()
    .map(|path| path.as_bytes().to_vec())
    .collect();
    paths.push([b"/", vec![b'a'; 60_000].as_slice()].concat());
    paths.push([b"/", vec![b'a'; 100_000].as_slice()].concat());
    paths.push([b"/", vec![b'a'; 200_000].as_slice()].concat());
    paths.push(b"/a".repeat(20_000));
    paths.push(b"/..".repeat(10_000));
    paths.push([b"/health/sessions/", vec![b'a'; 30_000].as_slice()].concat());
    paths.push(b"/\xff\xfe".to_vec());
    paths.push(b"/health/live\0".to_vec());
    paths.push(b"/health /live".to_vec());
    paths.push(b"/health/\tlive".to_vec());
    paths.push(b"/health/\x7f".to_vec());
    paths
}
