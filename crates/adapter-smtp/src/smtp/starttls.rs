//! What is said in clear before STARTTLS (RFC 3207), and that nothing of it is kept.
//!
//! Between two commands a server has nothing to say. Whatever follows a reply was put there by
//! somebody who wants it to be taken for the next one, above all for one that comes over TLS, so
//! it ends the connection.

use lettre::transport::smtp::extension::ClientId;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::failure::Failure;

/// The longest reply, in octets: far more than any greeting or list of extensions.
const MAX_REPLY: usize = 16 * 1024;

/// Brings a connection to the point where the server waits for the handshake.
///
/// # Errors
/// A failure of the connection, also where STARTTLS is not offered or refused: nothing is ever said
/// without TLS instead.
pub(super) async fn ask<S>(stream: &mut S, name: &ClientId) -> Result<(), Failure>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let greeting = reply(stream).await?;
    if !greeting.is_positive() {
        return Err(refused(stream, "the connection", &greeting).await);
    }
    let offers = command(stream, &format!("EHLO {name}")).await?;
    if !offers.is_positive() {
        return Err(refused(stream, "EHLO", &offers).await);
    }
    if !offers.has_keyword("STARTTLS") {
        leave(stream).await;
        return Err(Failure::connecting(&"the server does not offer STARTTLS"));
    }
    let answer = command(stream, "STARTTLS").await?;
    if answer.code != *b"220" {
        return Err(refused(stream, "STARTTLS", &answer).await);
    }
    Ok(())
}

/// One reply (RFC 5321 section 4.2).
#[derive(Debug, PartialEq, Eq)]
struct Reply {
    code: [u8; 3],
    /// What each line says after its code.
    lines: Vec<String>,
}

impl Reply {
    fn is_positive(&self) -> bool {
        matches!(self.code, [b'2', ..])
    }

    /// Whether a line but the first, which is a greeting, begins with a keyword in any case.
    fn has_keyword(&self, keyword: &str) -> bool {
        self.lines.iter().skip(1).any(|line| {
            let first = line.split_whitespace().next();
            first.is_some_and(|first| first.eq_ignore_ascii_case(keyword))
        })
    }
}

async fn command<S>(stream: &mut S, command: &str) -> Result<Reply, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let line = format!("{command}\r\n");
    let sent = stream.write_all(line.as_bytes()).await;
    sent.map_err(|error| Failure::connecting(&error))?;
    let flushed = stream.flush().await;
    flushed.map_err(|error| Failure::connecting(&error))?;
    reply(stream).await
}

/// Reads one reply. All of what has come must be that reply.
async fn reply(stream: &mut (impl AsyncRead + Unpin)) -> Result<Reply, Failure> {
    let mut octets = Vec::new();
    loop {
        let read = stream.read_buf(&mut octets).await;
        if read.map_err(|error| Failure::connecting(&error))? == 0 {
            return Err(Failure::connecting(&"the server ended the connection"));
        }
        if octets.len() > MAX_REPLY {
            return Err(Failure::connecting(&"the server's reply is too long"));
        }
        if let Some(reply) = parse(&octets).map_err(|why| Failure::connecting(&why))? {
            return Ok(reply);
        }
    }
}

/// The reply, or None while some of it is missing.
fn parse(octets: &[u8]) -> Result<Option<Reply>, &'static str> {
    let mut lines = Vec::new();
    let mut rest = octets;
    while let Some(end) = rest.iter().position(|octet| *octet == b'\n') {
        let (line, after) = rest.split_at_checked(end + 1).unwrap_or((rest, &[]));
        let line = line.trim_ascii_end();
        let Some((code, text)) = line.split_first_chunk::<3>() else {
            return Err("the server does not speak SMTP");
        };
        if !code.iter().all(u8::is_ascii_digit) {
            return Err("the server does not speak SMTP");
        }
        lines.push(String::from_utf8_lossy(text.get(1..).unwrap_or_default()).into_owned());
        match text.first() {
            Some(b'-') => rest = after,
            Some(b' ') | None if after.is_empty() => {
                return Ok(Some(Reply { code: *code, lines }));
            }
            Some(b' ') | None => return Err("the server speaks out of turn"),
            Some(_) => return Err("the server does not speak SMTP"),
        }
    }
    Ok(None)
}

/// The failure of a refusal, in the server's words.
async fn refused<S>(stream: &mut S, what: &str, reply: &Reply) -> Failure
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    leave(stream).await;
    let code = String::from_utf8_lossy(&reply.code);
    let words = reply.lines.join(" ");
    Failure::connecting(&format!("the server refuses {what}: {code} {words}"))
}

/// Says farewell; what comes of it changes nothing.
async fn leave(stream: &mut (impl AsyncWrite + Unpin)) {
    let _ = stream.write_all(b"QUIT\r\n").await;
    let _ = stream.flush().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<Reply>, &'static str> {
        parse(text.as_bytes())
    }

    #[test]
    fn a_reply_is_whole_with_its_last_line() {
        let whole = "250-test\r\n250-SIZE 100\r\n250 starttls\r\n";
        for end in 0..whole.len() {
            assert_eq!(read(&whole[..end]), Ok(None), "{end}");
        }
        let reply = read(whole).unwrap().unwrap();
        assert_eq!(reply.lines, ["test", "SIZE 100", "starttls"]);
        assert!(reply.is_positive() && reply.has_keyword("STARTTLS"));
        assert!(!reply.has_keyword("TEST") && !reply.has_keyword("100"));
        for short in ["220\r\n", "220 \r\n", "220 \n"] {
            let reply = read(short).unwrap().unwrap();
            assert_eq!((reply.code, reply.lines), (*b"220", vec![String::new()]));
        }
        assert!(!read("454 later\r\n").unwrap().unwrap().is_positive());
    }

    #[test]
    fn nothing_may_follow_a_reply() {
        for more in ["2", "\r\n", "\0", "250 fine\r\n", "220 again\r\n"] {
            let said = format!("220 go ahead\r\n{more}");
            assert_eq!(read(&said), Err("the server speaks out of turn"), "{more}");
        }
    }

    #[test]
    fn what_is_no_reply_is_told() {
        for text in [
            "\r\n",
            "22\r\n",
            "2x0 a\r\n",
            "220_a\r\n",
            "HTTP/1.1 400\r\n",
        ] {
            assert_eq!(read(text), Err("the server does not speak SMTP"), "{text}");
        }
    }

    #[tokio::test]
    async fn a_reply_without_end_is_given_up() {
        let endless = tokio::io::repeat(b'2');
        let failure = reply(&mut endless.take(1 << 20)).await.unwrap_err();
        assert_eq!(
            failure,
            Failure::connecting(&"the server's reply is too long")
        );
        let silent = reply(&mut tokio::io::empty()).await.unwrap_err();
        assert_eq!(
            silent,
            Failure::connecting(&"the server ended the connection")
        );
    }
}
