//! `cargo xtask servers [durable] [postgres] [redis]`: servers for the tests, there until its input
//! ends.
//!
//! `cargo xtask test` runs this as a process of its own and keeps its input open: however the test
//! run ends, this process notices, stops the servers and removes their folders. `cargo xtask bench`
//! does the same, with `durable`: its PostgreSQL is as safe as it is by itself.

mod choice;
#[cfg(feature = "docker")]
mod docker;
mod durability;
mod engine;
mod identity;
mod kind;
mod lent;
mod postgres;
mod private;
mod probe;
mod programs;
mod redis;
mod reply;
mod version;

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::failure::{Failure, Outcome};
use choice::{Found, Source};
use durability::Durability;
#[cfg(not(any(feature = "bench", test)))]
use kind::Kind;
use private::Private;
use reply::Reply;

#[cfg(any(feature = "bench", test))]
pub(crate) use kind::Kind;
pub(crate) use lent::Lent;
#[cfg(any(feature = "bench", test))]
pub(crate) use programs::program;

/// A server that runs while the value lives.
#[derive(Debug)]
enum Running {
    #[cfg(feature = "docker")]
    Contained(Box<docker::Contained>),
    Private(Private),
}

impl Running {
    fn url(&self) -> &str {
        match self {
            #[cfg(feature = "docker")]
            Self::Contained(server) => server.url(),
            Self::Private(server) => server.url(),
        }
    }
}

/// Starts what is asked for, says where it is, and stops it at the end of the input or at Ctrl-C.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let (durability, arguments) = durability(arguments);
    let kinds = kinds(arguments)?;
    let end = watch_for_the_end()?;
    let mut running = Vec::new();
    for kind in kinds {
        let reply = match start(kind, durability)? {
            Ok((server, said)) => {
                let url = server.url().to_owned();
                running.push(server);
                Reply::Url { kind, said, url }
            }
            Err(reason) => Reply::None { kind, reason },
        };
        say(&reply);
        if end.try_recv().is_ok() {
            return Ok(());
        }
    }
    say(&Reply::Ready);
    // A sender that is gone means the same as its message.
    let _ = end.recv();
    drop(running);
    Ok(())
}

/// Whether servers are to be durable, and the arguments that are left.
fn durability(arguments: &[String]) -> (Durability, &[String]) {
    match arguments.split_first() {
        Some((first, rest)) if Some(first.as_str()) == Durability::Durable.argument() => {
            (Durability::Durable, rest)
        }
        _ => (Durability::Quick, arguments),
    }
}

/// The kinds that are asked for; all when none is named.
fn kinds(arguments: &[String]) -> Result<Vec<Kind>, Failure> {
    if arguments.is_empty() {
        return Ok(Kind::ALL.to_vec());
    }
    arguments
        .iter()
        .map(|argument| {
            Kind::ALL
                .into_iter()
                .find(|kind| kind.argument() == argument)
                .ok_or_else(|| {
                    Failure::usage(format!("servers are postgres and redis, not '{argument}'"))
                })
        })
        .collect()
}

/// Starts one server from the first source that has one. No source is an answer, in plain words;
/// installed programs that do not start are a failure.
fn start(kind: Kind, durability: Durability) -> Result<Result<(Running, String), String>, Failure> {
    let installed = programs::find(kind);
    let found = Found {
        named: false,
        engine: cfg!(feature = "docker") && engine::answers(),
        installed: installed.is_ok(),
    };
    let mut reasons = Vec::new();
    for source in choice::sources(found) {
        match (source, &installed) {
            (Source::Docker, _) => match contained(kind, durability) {
                Ok(running) => {
                    return Ok(Ok((running, format!("a container of {}", kind.image()))));
                }
                Err(reason) => reasons.push(format!("Docker has none: {reason}")),
            },
            (Source::Installed, Ok(programs)) => {
                let running = Running::Private(Private::start(kind, durability, programs)?);
                let passed_over: String = reasons
                    .iter()
                    .map(|reason| format!(" ({reason})"))
                    .collect();
                let said = format!(
                    "a private {} from {}{passed_over}",
                    programs.version,
                    programs.folder.display()
                );
                return Ok(Ok((running, said)));
            }
            (Source::Named, _) | (Source::Installed, Err(_)) => {}
        }
    }
    if !found.engine {
        reasons.push("no Docker engine answers".to_owned());
    }
    reasons.extend(installed.err());
    Ok(Err(reasons.join("; ")))
}

#[cfg(feature = "docker")]
fn contained(kind: Kind, durability: Durability) -> Result<Running, String> {
    docker::Contained::start(kind, durability).map(|server| Running::Contained(Box::new(server)))
}

#[cfg(not(feature = "docker"))]
fn contained(_: Kind, _: Durability) -> Result<Running, String> {
    Err("this build does not talk to it".to_owned())
}

/// Says something to whoever reads; that nobody does is noticed as the end of the input.
fn say(reply: &Reply) {
    let mut output = std::io::stdout().lock();
    let _ = write!(output, "{reply}").and_then(|()| output.flush());
}

/// Gives one message when the input has ended, and one for each signal that would end us.
fn watch_for_the_end() -> Result<Receiver<()>, Failure> {
    let (sender, receiver) = channel();
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM])
        .map_err(|error| Failure::new(format!("signals cannot be watched: {error}")))?;
    let at_signal = sender.clone();
    std::thread::spawn(move || {
        for _ in signals.forever() {
            // Nobody listens only when we are ending already.
            let _ = at_signal.send(());
        }
    });
    std::thread::spawn(move || {
        let mut input = std::io::stdin().lock();
        let mut bytes = [0_u8; 64];
        while matches!(input.read(&mut bytes), Ok(length) if length > 0) {}
        let _ = sender.send(());
    });
    Ok(receiver)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_durable_where_that_is_said_first() {
        let words = ["durable".to_owned(), "redis".to_owned()];
        assert_eq!(durability(&words), (Durability::Durable, &words[1..]));
        assert_eq!(durability(&words[1..]), (Durability::Quick, &words[1..]));
        assert_eq!(durability(&[]), (Durability::Quick, &[][..]));
    }

    #[test]
    fn kinds_are_named_or_all() {
        assert_eq!(kinds(&[]).unwrap(), Kind::ALL);
        assert_eq!(kinds(&["redis".to_owned()]).unwrap(), [Kind::Redis]);
        let failure = kinds(&["mysql".to_owned()]).unwrap_err();
        assert_eq!(failure.exit_code(), 2);
        assert!(failure.to_string().contains("'mysql'"));
    }
}
