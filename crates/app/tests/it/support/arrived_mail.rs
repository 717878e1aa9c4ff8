//! A mail as it arrived, taken apart by a parser that knows nothing of how it was made.

use mailparse::ParsedMail;

/// A mail that a server took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ArrivedMail {
    /// The one recipient of the envelope.
    pub(crate) to: String,
    /// Every header, by name and decoded value, in order.
    pub(crate) headers: Vec<(String, String)>,
    /// The text part.
    pub(crate) text: String,
    /// The HTML part.
    pub(crate) html: String,
}

impl ArrivedMail {
    /// Takes it apart; it has one recipient and the two parts.
    pub(super) fn parse(recipients: &[String], mail: &str) -> Self {
        let [recipient] = recipients else {
            panic!("not one recipient: {recipients:?}");
        };
        let to = recipient
            .split_once('<')
            .and_then(|(_, rest)| rest.split_once('>'))
            .expect("an address in brackets")
            .0
            .to_owned();
        let parsed = mailparse::parse_mail(mail.as_bytes()).expect("a mail");
        assert_eq!(parsed.ctype.mimetype, "multipart/alternative");
        let part = |kind: &str| -> String {
            let of_kind = |part: &&ParsedMail<'_>| part.ctype.mimetype == kind;
            let part = parsed.subparts.iter().find(of_kind).expect("the part");
            part.get_body().expect("text").replace("\r\n", "\n")
        };
        let headers = parsed.headers.iter();
        Self {
            to,
            headers: headers
                .map(|header| (header.get_key().to_ascii_lowercase(), header.get_value()))
                .collect(),
            text: part("text/plain"),
            html: part("text/html"),
        }
    }

    /// The only value of a header.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut values = self.headers.iter().filter(|(key, _)| key == name);
        match (values.next(), values.next()) {
            (Some((_, value)), None) => value,
            _ => panic!("not one {name}: {:?}", self.headers),
        }
    }

    /// The Message-ID.
    pub(crate) fn id(&self) -> &str {
        self.header("message-id")
    }

    /// The code in the text.
    #[track_caller]
    pub(crate) fn code(&self) -> String {
        let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|c| c.is_ascii_digit());
        let code = self.text.lines().map(str::trim).find(is_code);
        code.unwrap_or_else(|| panic!("no code in {}", self.text))
            .to_owned()
    }
}

/// The link to one of the pages in a mail's text, and the token in it.
#[track_caller]
pub(crate) fn link_in(text: &str, page: &str) -> (String, String) {
    let mark = format!("/{page}?token=");
    let link = text
        .split_whitespace()
        .find(|word| word.contains(&mark))
        .unwrap_or_else(|| panic!("no link to {page} in {text}"));
    let (_, token) = link.split_once(&mark).expect("a token");
    (link.to_owned(), token.to_owned())
}
