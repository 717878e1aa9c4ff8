//! The public URL against the cookie, the dashboard and the origins that browsers call from.

use url::{Host, Url};

use super::finding::Finding;
use crate::config::{Mode, Server, is_secure};

const COOKIES: &str = "cookies";
const ORIGINS: &str = "origins";

/// Judges them; `public_url` is what the server is called where nothing is set.
pub(super) fn judge(mode: Mode, server: &Server, public_url: &Url) -> Vec<Finding> {
    let mut findings = vec![cookie(mode, public_url)];
    findings.extend(dashboard(server, public_url));
    let origins: Vec<Url> = server
        .allowed_origins
        .iter()
        .filter_map(|origin| Url::parse(origin).ok())
        .collect();
    let mut of_origins: Vec<Finding> = origins
        .iter()
        .filter_map(|origin| of_origin(mode, origin, public_url))
        .collect();
    if of_origins.is_empty() {
        of_origins.push(Finding::ok(
            ORIGINS,
            match origins.len() {
                0 => "browsers call from the server's own pages only".to_owned(),
                1 => "browsers may call from 1 origin, of the same site".to_owned(),
                count => format!("browsers may call from {count} origins, all of the same site"),
            },
        ));
    }
    findings.append(&mut of_origins);
    findings
}

fn cookie(mode: Mode, public_url: &Url) -> Finding {
    let origin = public_url.origin().ascii_serialization();
    if public_url.scheme() == "https" {
        return Finding::ok(
            COOKIES,
            format!("they are Secure: {origin} is called by https"),
        );
    }
    match (mode, is_secure(public_url)) {
        (Mode::Development, true) => Finding::ok(
            COOKIES,
            format!("{origin} is this computer, where http is safe"),
        ),
        (Mode::Production, true) => Finding::warning(
            COOKIES,
            format!("{origin} can be called from this computer only"),
            "set PUBLIC_URL to the https URL that clients call the server by",
        ),
        (Mode::Development | Mode::Production, false) => Finding::failure(
            COOKIES,
            format!("{origin} is called by http: whoever listens reads passwords and tokens"),
            "put a proxy with TLS in front and set PUBLIC_URL to its https URL",
        ),
    }
}

fn dashboard(server: &Server, public_url: &Url) -> Vec<Finding> {
    let Some(dashboard) = &server.dashboard_url else {
        return Vec::new();
    };
    let origin = dashboard.origin().ascii_serialization();
    let mut findings = Vec::new();
    if !is_same_site(dashboard, public_url) {
        findings.push(Finding::failure(
            COOKIES,
            format!(
                "DASHBOARD_URL {origin} is of another site than PUBLIC_URL: browsers hold back \
                     the cookie, so that every reload signs people out"
            ),
            "give both names below one domain, such as app.example.com and api.example.com, by \
             the same scheme",
        ));
    }
    let is_own = dashboard.origin() == public_url.origin();
    if !is_own && !server.allowed_origins.contains(&origin) {
        findings.push(Finding::failure(
            ORIGINS,
            format!("browsers may not call from the dashboard at {origin}"),
            format!("add {origin} to ALLOWED_ORIGINS"),
        ));
    }
    findings
}

fn of_origin(mode: Mode, origin: &Url, public_url: &Url) -> Option<Finding> {
    let shown = origin.origin().ascii_serialization();
    if mode.is_production() && !is_secure(origin) {
        return Some(Finding::failure(
            ORIGINS,
            format!("{shown} is called by http: whoever listens can call as its users"),
            "serve it by https, or take it out of ALLOWED_ORIGINS",
        ));
    }
    (!is_same_site(origin, public_url)).then(|| {
        Finding::warning(
            ORIGINS,
            format!("{shown} is of another site than PUBLIC_URL: browsers hold back the cookie"),
            "give it a name below the domain of PUBLIC_URL, or let it call as a native client",
        )
    })
}

/// Whether browsers take two URLs for one site: the same scheme, and the same domain below a
/// public suffix, or the same host where there is none.
fn is_same_site(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme() && site(one) == site(other)
}

fn site(url: &Url) -> Option<String> {
    match url.host()? {
        Host::Domain(name) => Some(psl::domain_str(name).unwrap_or(name).to_owned()),
        host @ (Host::Ipv4(_) | Host::Ipv6(_)) => Some(host.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::{Level, worst};
    use super::*;
    use crate::config::{Config, Source};

    /// How bad it is, and which checks say so.
    fn judged(mode: Mode, variables: &[(&str, &str)]) -> (Level, Vec<&'static str>) {
        let server = Config::read(&Source::of(variables.iter().copied()))
            .unwrap()
            .server;
        let local = Url::parse("http://localhost:3000").unwrap();
        let public_url = server.public_url.clone().unwrap_or(local);
        let findings = judge(mode, &server, &public_url);
        let bad = findings.iter().filter(|found| found.level != Level::Ok);
        (worst(&findings), bad.map(|found| found.check).collect())
    }

    const API: (&str, &str) = ("PUBLIC_URL", "https://api.example.com");

    #[test]
    fn what_is_of_one_site_is_well() {
        let well = (Level::Ok, vec![]);
        assert_eq!(judged(Mode::Development, &[]), well);
        assert_eq!(judged(Mode::Production, &[API]), well);
        let dashboard = [
            API,
            ("DASHBOARD_URL", "https://app.example.com/"),
            ("ALLOWED_ORIGINS", "https://app.example.com"),
        ];
        assert_eq!(judged(Mode::Production, &dashboard), well);
        let local = [("ALLOWED_ORIGINS", "http://localhost:5173")];
        assert_eq!(judged(Mode::Development, &local), well);
    }

    #[test]
    fn what_a_browser_would_hold_back_is_told() {
        let far = [
            API,
            ("DASHBOARD_URL", "https://dashboard.example.org"),
            ("ALLOWED_ORIGINS", "https://dashboard.example.org"),
        ];
        let (level, checks) = judged(Mode::Production, &far);
        assert_eq!((level, checks), (Level::Failure, vec![COOKIES, ORIGINS]));
        // Names below a public suffix are not of one site.
        let shared = [
            ("PUBLIC_URL", "https://a.github.io"),
            ("ALLOWED_ORIGINS", "https://b.github.io"),
        ];
        let expected = (Level::Warning, vec![ORIGINS]);
        assert_eq!(judged(Mode::Production, &shared), expected);
        let not_allowed = [API, ("DASHBOARD_URL", "https://app.example.com")];
        let expected = (Level::Failure, vec![ORIGINS]);
        assert_eq!(judged(Mode::Production, &not_allowed), expected);
    }

    #[test]
    fn http_is_for_this_computer() {
        let plain = [("PUBLIC_URL", "http://api.example.com")];
        let expected = (Level::Failure, vec![COOKIES]);
        assert_eq!(judged(Mode::Production, &plain), expected);
        assert_eq!(judged(Mode::Development, &plain), expected);
        let origin = [API, ("ALLOWED_ORIGINS", "http://app.example.com")];
        let expected = (Level::Failure, vec![ORIGINS]);
        assert_eq!(judged(Mode::Production, &origin), expected);
        let local = [("PUBLIC_URL", "http://localhost:3000")];
        let expected = (Level::Warning, vec![COOKIES]);
        assert_eq!(judged(Mode::Production, &local), expected);
    }
}
