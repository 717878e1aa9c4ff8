//! What the process that runs the servers says, line by line; a shell can read it too.

use std::fmt;

use super::kind::Kind;

/// One thing said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    /// A server runs here; in plain words, which.
    Url {
        kind: Kind,
        said: String,
        url: String,
    },
    /// There is none, for this reason.
    None { kind: Kind, reason: String },
    /// Nothing more follows.
    Ready,
}

const READY: &str = "# ready; the servers stop when the input of this process ends";

impl fmt::Display for Reply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url { kind, said, url } => {
                writeln!(formatter, "{}={url} # {}", kind.variable(), one_line(said))
            }
            Self::None { kind, reason } => {
                writeln!(formatter, "# no {}: {}", kind.name(), one_line(reason))
            }
            Self::Ready => writeln!(formatter, "{READY}"),
        }
    }
}

impl Reply {
    /// Reads one line; nothing when it is none of ours.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let line = line.trim_end();
        if line == READY {
            return Some(Self::Ready);
        }
        Kind::ALL.into_iter().find_map(|kind| {
            if let Some(rest) = line.strip_prefix(&format!("{}=", kind.variable())) {
                let (url, said) = rest.split_once(" # ")?;
                return Some(Self::Url {
                    kind,
                    said: said.to_owned(),
                    url: url.to_owned(),
                });
            }
            let reason = line.strip_prefix(&format!("# no {}: ", kind.name()))?;
            Some(Self::None {
                kind,
                reason: reason.to_owned(),
            })
        })
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_understood() {
        let replies = [
            Reply::Url {
                kind: Kind::Postgres,
                said: "a private 15.1 from /bin".to_owned(),
                url: Kind::Postgres.url(None, "127.0.0.1", 9),
            },
            Reply::None {
                kind: Kind::Redis,
                reason: "no Redis is installed".to_owned(),
            },
            Reply::Ready,
        ];
        for reply in replies {
            let line = reply.to_string();
            assert_eq!(line.lines().count(), 1);
            assert_eq!(Reply::parse(&line), Some(reply));
        }
    }

    #[test]
    fn a_reason_of_several_lines_is_said_in_one() {
        let reply = Reply::None {
            kind: Kind::Postgres,
            reason: "no\nengine".to_owned(),
        };
        assert_eq!(reply.to_string(), "# no PostgreSQL: no engine\n");
    }

    #[test]
    fn other_lines_are_not_ours() {
        assert_eq!(Reply::parse("   Compiling xtask"), None);
        assert_eq!(
            Reply::parse("TEST_DATABASE_URL=postgresql://unfinished"),
            None
        );
        assert_eq!(Reply::parse("OTHER=url # said"), None);
    }
}
