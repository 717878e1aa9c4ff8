//! What may be told of a URL that has a password.

use kogents_domain::secret::SecretText;
use url::Url;

/// Host, port and path of a server's URL, with " at " before them; nothing where that is not one
/// host that can be read.
pub(super) fn place(url: &SecretText) -> String {
    let Ok(url) = Url::parse(url.expose().trim()) else {
        return String::new();
    };
    let Some(host) = url.host_str().filter(|host| !host.contains(',')) else {
        return String::new();
    };
    let port = url.port().map(|port| format!(":{port}"));
    let path = url.path().trim_end_matches('/');
    format!(" at {host}{}{path}", port.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_login_and_the_parameters_are_left_out() {
        let told = |url| place(&SecretText::new(url));
        assert_eq!(
            told("postgresql://ada:canary@db.example:5432/chat?password=canary"),
            " at db.example:5432/chat"
        );
        assert_eq!(told("redis://:canary@localhost/"), " at localhost");
        assert_eq!(told("redis://[::1]:7000/2"), " at [::1]:7000/2");
        assert_eq!(told("postgresql://ada:canary@a:1,b:2/chat"), "");
        assert_eq!(told("postgresql:///chat?host=canary"), "");
    }
}
