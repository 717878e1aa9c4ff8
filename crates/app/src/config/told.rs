//! Values as an operator reads them: in the words that the variable takes.

use std::net::IpAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use kogents_adapter_smtp::Tls;
use kogents_domain::limits::Limit;
use kogents_domain::signup::GuessBudgets;
use kogents_domain::time::Span;
use url::Url;

use super::limits::Switch;
use super::log::LogFormat;
use super::mode::Mode;
use super::parse::Mailbox;

/// A value that can be told. None of these is a secret.
pub(super) trait Told {
    /// In the words that its variable takes.
    fn told(&self) -> String;
}

macro_rules! by_display {
    ($($value:ty),* $(,)?) => {
        $(impl Told for $value {
            fn told(&self) -> String {
                self.to_string()
            }
        })*
    };
}

by_display!(
    bool, u16, u32, i64, usize, IpAddr, IpNet, String, Url, Mailbox
);

impl Told for PathBuf {
    fn told(&self) -> String {
        self.display().to_string()
    }
}

/// In seconds: nothing else is read as a span.
impl Told for Span {
    fn told(&self) -> String {
        self.as_secs_ceil().to_string()
    }
}

/// The largest unit that fits, as it may be written.
impl Told for Limit {
    fn told(&self) -> String {
        let secs = self.window().as_secs_ceil();
        let units = [(86_400, 'd'), (3_600, 'h'), (60, 'm')];
        let fits = units
            .into_iter()
            .find(|(unit, _)| secs.is_multiple_of(*unit));
        let (unit, letter) = fits.unwrap_or((1, 's'));
        format!("{}/{}{letter}", self.quota(), secs / unit)
    }
}

impl<T: Told> Told for Vec<T> {
    fn told(&self) -> String {
        let items: Vec<String> = self.iter().map(Told::told).collect();
        items.join(",")
    }
}

impl Told for GuessBudgets {
    fn told(&self) -> String {
        self.iter().collect::<Vec<_>>().told()
    }
}

impl Told for Switch {
    fn told(&self) -> String {
        match self {
            Self::On => "on",
            Self::Off => "off",
        }
        .to_owned()
    }
}

impl Told for Mode {
    fn told(&self) -> String {
        match self {
            Self::Development => "development",
            Self::Production => "production",
        }
        .to_owned()
    }
}

impl Told for LogFormat {
    fn told(&self) -> String {
        match self {
            Self::Json => "json",
            Self::Text => "text",
        }
        .to_owned()
    }
}

impl Told for Tls {
    fn told(&self) -> String {
        match self {
            Self::StartTls => "starttls",
            Self::Implicit => "implicit",
            Self::None => "none",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_told_as_they_are_written() {
        let limits = |secs| Limit::new(5, Span::from_secs(secs)).told();
        assert_eq!(limits(86_400), "5/1d");
        assert_eq!(limits(7_200), "5/2h");
        assert_eq!(limits(900), "5/15m");
        assert_eq!(limits(90), "5/90s");
    }
}
