//! Where mails may link to.

use kogents_domain::mail::MailedToken;

/// Where mails may link to. Nothing of a request goes into a link but the token that it made.
#[derive(Debug, Clone)]
pub struct Links {
    /// `PUBLIC_URL`.
    pub public_url: String,
    /// `DASHBOARD_URL`: people are sent there instead, if there is one.
    pub dashboard_url: Option<String>,
}

impl Links {
    /// The address that every link begins with, without a slash at its end.
    pub(super) fn base(&self) -> &str {
        let base = self.dashboard_url.as_ref().unwrap_or(&self.public_url);
        base.trim_end_matches('/')
    }
}

/// A page of the frontend that a mail sends people to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    ResetPassword,
    ConfirmEmail,
    NotMe,
    AcceptInvitation,
}

impl Page {
    const fn as_str(self) -> &'static str {
        match self {
            Self::ResetPassword => "reset-password",
            Self::ConfirmEmail => "confirm-email",
            Self::NotMe => "not-me",
            Self::AcceptInvitation => "accept-invitation",
        }
    }

    /// The page's address with a token. Whoever has it may do what the mail is about.
    pub(super) fn with(self, base: &str, token: &MailedToken) -> String {
        let token = escaped(token.secret().expose());
        format!("{base}/{}?token={token}", self.as_str())
    }
}

/// A text as a part of a URL: every octet that is not unreserved (RFC 3986 section 2.3) as `%XX`.
pub(super) fn escaped(text: &str) -> String {
    let escape = |octet: u8| match octet {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(octet).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_begin_with_the_dashboard_if_there_is_one() {
        let mut links = Links {
            public_url: "https://id.example.com/".to_owned(),
            dashboard_url: Some("https://app.example.com/x//".to_owned()),
        };
        assert_eq!(links.base(), "https://app.example.com/x");
        links.dashboard_url = None;
        assert_eq!(links.base(), "https://id.example.com");
    }

    #[test]
    fn s29_a_token_is_one_parameter_whatever_is_in_it() {
        let link = |token| {
            let token = MailedToken::parse(token).unwrap();
            Page::NotMe.with("https://a.example", &token)
        };
        assert_eq!(
            link("kgm_A-z_9"),
            "https://a.example/not-me?token=kgm_A-z_9"
        );
        assert_eq!(
            link("a&b=c #é\r\n"),
            "https://a.example/not-me?token=a%26b%3Dc%20%23%C3%A9"
        );
    }
}
