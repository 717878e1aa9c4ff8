//! Reads of an answer what the load tool needs: its status, where it ends, what follows from it.

use std::time::Duration;

/// More headers than this no answer has.
const MOST_HEADERS: usize = 64;

/// What an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer {
    /// Its status.
    pub(super) status: u16,
    /// How many bytes it has, with its head.
    pub(super) length: usize,
    /// Whether the connection can be used again.
    pub(super) keeps_alive: bool,
    /// How long the client is asked to wait.
    pub(super) retry_after: Option<Duration>,
}

/// How a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    Length(usize),
    Chunked,
    Close,
}

/// The answer at the beginning of these bytes: nothing as long as more is to come. At the end of
/// the connection nothing more comes.
pub(super) fn read(bytes: &[u8], at_end: bool) -> Result<Option<Answer>, String> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut head = httparse::Response::new(&mut headers);
    let start = match head.parse(bytes) {
        Ok(httparse::Status::Complete(start)) => start,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(error) => return Err(format!("an answer that is no HTTP: {error}")),
    };
    let status = head.code.unwrap_or(0);
    let body = bytes.get(start..).unwrap_or_default();
    if (100..200).contains(&status) {
        let after = read(body, at_end)?;
        return Ok(after.map(|answer| Answer {
            length: answer.length.saturating_add(start),
            ..answer
        }));
    }
    let mut answer = Answer {
        status,
        length: start,
        keeps_alive: head.version == Some(1),
        retry_after: None,
    };
    let bodiless = matches!(status, 204 | 304);
    let mut framing = if bodiless {
        Framing::Length(0)
    } else {
        Framing::Close
    };
    for header in head.headers.iter() {
        let (name, value) = (header.name, header.value.trim_ascii());
        if name.eq_ignore_ascii_case("content-length") && framing == Framing::Close {
            let length = number(value).ok_or("a Content-Length that is no number")?;
            framing = Framing::Length(usize::try_from(length).unwrap_or(usize::MAX));
        } else if name.eq_ignore_ascii_case("transfer-encoding") && !bodiless {
            framing = Framing::Chunked;
        } else if name.eq_ignore_ascii_case("connection") {
            answer.keeps_alive = !value.eq_ignore_ascii_case(b"close");
        } else if name.eq_ignore_ascii_case("retry-after") {
            answer.retry_after = number(value).map(Duration::from_secs);
        }
    }
    let length = match framing {
        Framing::Length(length) => (body.len() >= length).then_some(length),
        Framing::Chunked => chunked(body)?,
        Framing::Close => {
            answer.keeps_alive = false;
            at_end.then_some(body.len())
        }
    };
    Ok(length.map(|length| Answer {
        length: answer.length.saturating_add(length),
        ..answer
    }))
}

/// How long a chunked body is, with all that frames it.
fn chunked(body: &[u8]) -> Result<Option<usize>, String> {
    let mut at: usize = 0;
    loop {
        let rest = body.get(at..).unwrap_or_default();
        let (start, size) = match httparse::parse_chunk_size(rest) {
            Ok(httparse::Status::Complete(chunk)) => chunk,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(_) => return Err("a chunk without its size".to_owned()),
        };
        if size == 0 {
            return Ok(trailer(rest.get(start..).unwrap_or_default())
                .map(|length| at.saturating_add(start).saturating_add(length)));
        }
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        at = at
            .saturating_add(start)
            .saturating_add(size)
            .saturating_add(2);
        if at > body.len() {
            return Ok(None);
        }
    }
}

/// How long the trailer is: lines up to an empty one.
fn trailer(bytes: &[u8]) -> Option<usize> {
    if bytes.starts_with(b"\r\n") {
        return Some(2);
    }
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(end.saturating_add(4))
}

fn number(value: &[u8]) -> Option<u64> {
    std::str::from_utf8(value).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads an answer that comes byte by byte, with another one behind it: it is whole at its
    /// last byte, neither sooner nor later.
    fn whole(text: &str) -> Answer {
        let bytes = format!("{text}HTTP/1.1 500 Next\r\n\r\n").into_bytes();
        for end in 0..text.len() {
            assert_eq!(read(&bytes[..end], false), Ok(None), "after {end} bytes");
        }
        let answer = read(&bytes[..text.len()], false).unwrap().unwrap();
        assert_eq!(answer.length, text.len());
        assert_eq!(read(&bytes, false), Ok(Some(answer)));
        answer
    }

    #[test]
    fn an_answer_ends_where_its_length_says() {
        let answer = whole("HTTP/1.1 200 OK\r\nDate: x\r\ncontent-length: 5\r\n\r\nhello");
        assert_eq!((answer.status, answer.keeps_alive), (200, true));
        assert_eq!(whole("HTTP/1.1 204 No Content\r\n\r\n").status, 204);
        let empty = whole("HTTP/1.1 503 No\r\nContent-Length: 0\r\nRetry-After: 5\r\n\r\n");
        assert_eq!(empty.retry_after, Some(Duration::from_secs(5)));
    }

    #[test]
    fn chunks_end_with_an_empty_one_and_its_trailer() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        whole(&format!(
            "{head}5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n"
        ));
        whole(&format!(
            "{head}1\r\na\r\n0\r\nDigest: 1\r\nMore: 2\r\n\r\n"
        ));
        assert!(read(format!("{head}x\r\n").as_bytes(), false).is_err());
    }

    #[test]
    fn who_closes_says_so_or_says_no_length() {
        let closing = whole("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n");
        assert!(!closing.keeps_alive);
        let old = whole("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n");
        assert!(!old.keeps_alive);
        let endless = b"HTTP/1.1 200 OK\r\n\r\nall of it";
        assert_eq!(read(endless, false), Ok(None));
        let answer = read(endless, true).unwrap().unwrap();
        assert_eq!((answer.length, answer.keeps_alive), (endless.len(), false));
    }

    #[test]
    fn what_comes_before_the_answer_is_part_of_it() {
        let answer = whole(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}",
        );
        assert_eq!(answer.status, 201);
    }

    #[test]
    fn what_is_no_http_is_an_error() {
        assert!(read(b"SSH-2.0-OpenSSH\r\n", false).is_err());
        assert!(read(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", false).is_err());
    }
}
