//! The release that a program says it is.

use std::fmt;

/// A release, as `16.3` or `7.0.15`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    text: String,
    major: u32,
}

impl Version {
    /// Reads what `postgres --version`, `redis-server --version` or `valkey-server --version`
    /// prints.
    pub(super) fn parse(printed: &str) -> Option<Self> {
        printed
            .split_whitespace()
            .map(|word| word.strip_prefix("v=").unwrap_or(word))
            .find_map(Self::read)
    }

    fn read(word: &str) -> Option<Self> {
        // A release that is not out yet says `18beta1`.
        let digits = word.find(|character: char| !character.is_ascii_digit());
        let major = word.get(..digits.unwrap_or(word.len()))?.parse().ok()?;
        Some(Self {
            text: word.to_owned(),
            major,
        })
    }

    /// The number that says what it can do.
    pub(super) fn major(&self) -> u32 {
        self.major
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(printed: &str) -> (String, u32) {
        let version = Version::parse(printed).unwrap();
        (version.to_string(), version.major())
    }

    #[test]
    fn every_program_says_its_release_in_its_own_way() {
        assert_eq!(
            read("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)\n"),
            ("15.13".to_owned(), 15)
        );
        assert_eq!(
            read("postgres (PostgreSQL) 18beta1\n"),
            ("18beta1".to_owned(), 18)
        );
        assert_eq!(
            read("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1\n"),
            ("7.0.15".to_owned(), 7)
        );
        assert_eq!(
            read("Valkey server v=8.1.1 sha=00000000:0 malloc=libc bits=64 build=2\n"),
            ("8.1.1".to_owned(), 8)
        );
    }

    #[test]
    fn what_is_no_release_is_none() {
        assert_eq!(Version::parse(""), None);
        assert_eq!(Version::parse("cannot be run as root\n"), None);
    }
}
