//! Parsers of single values: a text in, a value or what it must be out. None repeats the text.

use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::RangeInclusive;
use std::str::FromStr;

use ipnet::IpNet;
use kogents_domain::auth::EmailAddress;
use kogents_domain::limits::Limit;
use kogents_domain::signup::GuessBudgets;
use kogents_domain::time::Span;
use url::{Host, Url};

/// A whole number within bounds.
pub(super) fn number<T: FromStr + PartialOrd + Display>(
    bounds: RangeInclusive<T>,
) -> impl FnOnce(&str) -> Result<T, String> {
    move |text| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse()
            .ok()
            .filter(|number| digits && bounds.contains(number))
            .ok_or_else(|| {
                let (least, most) = (bounds.start(), bounds.end());
                format!("must be a whole number from {least} to {most}")
            })
    }
}

/// A number of whole seconds within bounds.
pub(super) fn seconds(bounds: RangeInclusive<u32>) -> impl FnOnce(&str) -> Result<Span, String> {
    move |text| {
        let (least, most) = (*bounds.start(), *bounds.end());
        number(bounds)(text)
            .map(|secs| Span::from_secs(i64::from(secs)))
            .map_err(|_| format!("must be a whole number of seconds from {least} to {most}"))
    }
}

/// One of a few words, in any case.
pub(super) fn choice<T: Copy>(choices: &[(&str, T)]) -> impl FnOnce(&str) -> Result<T, String> {
    move |text| {
        choices
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(text))
            .map(|(_, value)| *value)
            .ok_or_else(|| {
                let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
                format!("must be one of: {}", words.join(", "))
            })
    }
}

/// Yes or no.
pub(super) fn flag(text: &str) -> Result<bool, String> {
    choice(&[("true", true), ("false", false)])(text)
}

/// The address to listen at: an IP address, or `localhost`.
pub(super) fn host(text: &str) -> Result<IpAddr, String> {
    if text.eq_ignore_ascii_case("localhost") {
        return Ok(Ipv4Addr::LOCALHOST.into());
    }
    text.trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .map_err(|_| "must be an IP address or localhost".to_owned())
}

/// An http or https URL without user, query and fragment.
pub(super) fn web_url(text: &str) -> Result<Url, String> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .filter(|url| url.username().is_empty() && url.password().is_none())
        .filter(|url| url.query().is_none() && url.fragment().is_none())
        .ok_or_else(|| "must be an http or https URL without user, query and fragment".to_owned())
}

/// The same without a path: the address of a server.
pub(super) fn base_url(text: &str) -> Result<Url, String> {
    web_url(text).and_then(|url| match url.path() {
        "/" => Ok(url),
        _ => Err("must be an http or https URL without a path".to_owned()),
    })
}

/// Whether a URL is as safe as https: https, or this computer itself.
pub(crate) fn is_secure(url: &Url) -> bool {
    let is_local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || is_local
}

/// A comma list of exact origins, in the form a browser sends them.
pub(super) fn origins(text: &str) -> Result<Vec<String>, String> {
    list(text)
        .map(|item| {
            if item.contains('*') {
                return Err("must name each origin: * is never taken".to_owned());
            }
            base_url(item)
                .map(|url| url.origin().ascii_serialization())
                .map_err(|_| {
                    "must be a comma list of origins such as https://app.example.com".to_owned()
                })
        })
        .collect()
}

/// A comma list of networks or single addresses.
pub(super) fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    list(text)
        .map(|item| {
            item.parse::<IpNet>()
                .or_else(|_| item.parse::<IpAddr>().map(IpNet::from))
                .map_err(|_| "must be a comma list of networks such as 10.0.0.0/8".to_owned())
        })
        .collect()
}

/// A mailbox to write from: `ada@example.com` or `Ada <ada@example.com>`.
pub(super) fn mailbox(text: &str) -> Result<Mailbox, String> {
    let (name, address) = match text.strip_suffix('>').and_then(|rest| rest.split_once('<')) {
        Some((name, address)) => (name.trim().trim_matches('"'), address),
        None => ("", text),
    };
    let plain = !name.chars().any(|c| c.is_control() || "<>\"\\".contains(c));
    EmailAddress::parse(address)
        .ok()
        .filter(|_| plain)
        .map(|address| Mailbox {
            name: (!name.is_empty()).then(|| name.to_owned()),
            address,
        })
        .ok_or_else(|| "must be an address such as Kogents <mail@example.com>".to_owned())
}

/// An address to write from, with the name it is shown under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The name.
    pub name: Option<String>,
    /// The address.
    pub address: EmailAddress,
}

/// As a mail's header has it.
impl std::fmt::Display for Mailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let address = self.address.as_given();
        match &self.name {
            None => f.write_str(address),
            Some(name) if name.chars().all(|c| c.is_alphanumeric() || c == ' ') => {
                write!(f, "{name} <{address}>")
            }
            Some(name) => write!(f, "\"{name}\" <{address}>"),
        }
    }
}

/// Limits that all hold, `5/1h,10/1d`: numbers of 1 to 100000, each with a period in s, m, h or d
/// of at most 30 days. At most four.
pub(super) fn limits(text: &str) -> Result<Vec<Limit>, String> {
    let read: Option<Vec<Limit>> = text.split(',').map(one_limit).collect();
    read.filter(|limits| limits.len() <= 4)
        .ok_or_else(|| NO_LIMITS.to_owned())
}

/// The same of wrong guesses.
pub(super) fn guess_budgets(text: &str) -> Result<GuessBudgets, String> {
    GuessBudgets::of(&limits(text)?).ok_or_else(|| NO_LIMITS.to_owned())
}

const NO_LIMITS: &str =
    "must be one to four numbers with their periods, such as 5/15m or 5/1h,10/1d";

fn one_limit(text: &str) -> Option<Limit> {
    let (count, window) = text.split_once('/')?;
    let count = number(1..=100_000_u32)(count.trim()).ok()?;
    let window = window.trim();
    let (at, unit) = window.char_indices().next_back()?;
    let unit_secs: u32 = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return None,
    };
    let many = number(1..=2_592_000_u32)(window.get(..at)?).ok()?;
    let secs = many
        .checked_mul(unit_secs)
        .filter(|secs| *secs <= 2_592_000)?;
    Some(Limit::new(count, Span::from_secs(i64::from(secs))))
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use super::*;

    #[test]
    fn numbers_are_digits_within_bounds() {
        assert_eq!(number(1..=10_u16)("10"), Ok(10));
        for bad in [
            "0",
            "11",
            "",
            "-1",
            "+1",
            "1.0",
            "1e1",
            " 1",
            "99999999999999",
        ] {
            assert!(number(1..=10_u16)(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn hosts_are_addresses_or_localhost() {
        assert_eq!(host("0.0.0.0"), Ok(Ipv4Addr::UNSPECIFIED.into()));
        assert_eq!(host("[::1]"), Ok(Ipv6Addr::LOCALHOST.into()));
        assert_eq!(host("localhost"), Ok(Ipv4Addr::LOCALHOST.into()));
        assert!(host("example.com").is_err());
    }

    #[test]
    fn base_urls_have_no_path() {
        assert!(base_url("https://api.example.com/").is_ok());
        for bad in [
            "api.example.com",
            "ftp://api.example.com",
            "https://api.example.com/v1",
            "https://user:pass@api.example.com",
            "https://api.example.com?x=1",
            "https://",
        ] {
            assert!(base_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_https_and_this_computer_are_secure() {
        let is = |text: &str| is_secure(&Url::parse(text).unwrap());
        assert!(is("https://api.example.com"));
        assert!(is("http://localhost:3000"));
        assert!(is("http://127.0.0.1:3000"));
        assert!(is("http://[::1]:3000"));
        assert!(!is("http://api.example.com"));
        assert!(!is("http://localhost.example.com"));
    }

    #[test]
    fn origins_are_exact_and_normalised() {
        assert_eq!(
            origins("https://App.example.com, http://localhost:5173/,").unwrap(),
            ["https://app.example.com", "http://localhost:5173"]
        );
        for bad in [
            "*",
            "https://*.example.com",
            "https://a.example/path",
            "null",
        ] {
            assert!(origins(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn networks_may_be_single_addresses() {
        assert_eq!(networks("10.0.0.0/8, 192.0.2.1,::1").unwrap().len(), 3);
        assert!(networks("10.0.0.0/33").is_err());
        assert!(networks("proxy").is_err());
    }

    #[test]
    fn mailboxes_have_an_optional_name() {
        let named = mailbox("Kogents <mail@example.com>").unwrap();
        assert_eq!(named.name.as_deref(), Some("Kogents"));
        assert_eq!(named.address.as_given(), "mail@example.com");
        assert_eq!(mailbox("mail@example.com").unwrap().name, None);
        for bad in [
            "Kogents",
            "a\r\nBcc: <b@example.com>",
            "x <y> <mail@example.com>",
        ] {
            assert!(mailbox(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn limits_are_numbers_and_periods() {
        let day = Span::from_secs(86_400);
        assert_eq!(limits("15/1d"), Ok(vec![Limit::new(15, day)]));
        assert_eq!(limits("15/24h"), limits("15/1d"));
        assert_eq!(
            limits("5/1h, 10/1d"),
            Ok(vec![
                Limit::new(5, Span::from_secs(3_600)),
                Limit::new(10, day)
            ])
        );
        for bad in [
            "",
            "15",
            "0/1d",
            "15/1w",
            "15/d",
            "15/31d",
            "15/1é",
            "5/1h,",
            "100001/1s",
        ] {
            assert!(limits(bad).is_err(), "{bad}");
            assert!(guess_budgets(bad).is_err(), "{bad}");
        }
        for five in ["1/1s,1/1s,1/1s,1/1s,1/1s", "1/1s,1/2s,1/3s,1/4s,1/5s"] {
            assert!(limits(five).is_err(), "{five}");
            assert!(guess_budgets(five).is_err(), "{five}");
        }
    }

    #[test]
    fn s3_budgets_of_wrong_guesses_are_limits_that_all_hold() {
        let (hour, day) = (Span::from_secs(3_600), Span::from_secs(86_400));
        let budgets = |text| Vec::from_iter(guess_budgets(text).unwrap().iter());
        assert_eq!(budgets("15/1d"), [Limit::new(15, day)]);
        assert_eq!(
            budgets("3/1h, 5/1d"),
            [Limit::new(5, day), Limit::new(3, hour)]
        );
        assert_eq!(budgets("1/1s,1/1m,1/1h,1/1d").len(), 4);
    }
}
