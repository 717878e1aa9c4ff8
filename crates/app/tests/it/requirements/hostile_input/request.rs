//! A request whose every part can be wrong, as the octets that are sent.

/// A request. It asks the server to end the connection after the answer.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) method: Vec<u8>,
    pub(super) target: Vec<u8>,
    pub(super) headers: Vec<(Vec<u8>, Vec<u8>)>,
    pub(super) body: Option<Vec<u8>>,
    /// Whether the body's length is said as it is.
    pub(super) framed: bool,
}

impl Request {
    pub(super) fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.into(),
            target: target.into(),
            headers: Vec::new(),
            body: None,
            framed: true,
        }
    }

    pub(super) fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.into(), value.as_ref().to_vec()));
        self
    }

    /// Takes a header away, or does nothing.
    pub(super) fn without(mut self, name: &str) -> Self {
        self.headers
            .retain(|(given, _)| !given.eq_ignore_ascii_case(name.as_bytes()));
        self
    }

    pub(super) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    pub(super) fn octets(&self) -> Vec<u8> {
        let mut octets = [&self.method, &b" "[..], &self.target, b" HTTP/1.1\r\n"].concat();
        octets.extend(b"Host: localhost\r\nConnection: close\r\n");
        for (name, value) in &self.headers {
            octets.extend([name, &b": "[..], value, b"\r\n"].concat());
        }
        let body = self.body.as_deref().unwrap_or_default();
        if self.framed && self.body.is_some() {
            octets.extend(format!("Content-Length: {}\r\n", body.len()).as_bytes());
        }
        octets.extend(b"\r\n");
        octets.extend(body);
        octets
    }
}
