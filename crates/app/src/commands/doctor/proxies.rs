//! Whose word on a client's address is taken.

use super::finding::Finding;
use crate::config::{Mode, Server};

const CHECK: &str = "proxies";

/// Judges the trusted proxies against where the server listens.
pub(super) fn judge(mode: Mode, server: &Server) -> Finding {
    let proxies = &server.trusted_proxies;
    if let Some(all) = proxies.iter().find(|network| network.prefix_len() == 0) {
        return Finding::failure(
            CHECK,
            format!(
                "TRUSTED_PROXIES has {all}: anybody may claim any address and pass every limit"
            ),
            "name the addresses of the proxies only",
        );
    }
    if !proxies.is_empty() {
        let said = match proxies.len() {
            1 => "X-Forwarded-For is believed from 1 network".to_owned(),
            count => format!("X-Forwarded-For is believed from {count} networks"),
        };
        return Finding::ok(CHECK, said);
    }
    if mode.is_production() && !server.host.is_loopback() {
        return Finding::warning(
            CHECK,
            format!(
                "no proxy is trusted, and HOST is {}: behind a proxy all clients have its \
                     address and share its limits",
                server.host
            ),
            "set TRUSTED_PROXIES to the proxy's address, or leave it where clients come directly",
        );
    }
    Finding::ok(
        CHECK,
        "none is trusted: clients are whom connections come from",
    )
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;
    use crate::config::{Config, Source};

    #[test]
    fn the_whole_internet_is_no_proxy() {
        let level = |mode, variables: &[(&str, &str)]| {
            let config = Config::read(&Source::of(variables.iter().copied())).unwrap();
            judge(mode, &config.server).level
        };
        let production = |proxies| {
            let variables = [("TRUSTED_PROXIES", proxies), ("HOST", "0.0.0.0")];
            level(Mode::Production, &variables)
        };
        assert_eq!(production("10.0.0.1"), Level::Ok);
        assert_eq!(production(""), Level::Warning);
        assert_eq!(production("10.0.0.1,0.0.0.0/0"), Level::Failure);
        assert_eq!(production("::/0"), Level::Failure);
        assert_eq!(level(Mode::Production, &[("HOST", "127.0.0.1")]), Level::Ok);
        assert_eq!(level(Mode::Development, &[]), Level::Ok);
    }
}
