//! What `kogents mail` takes.

use clap::{Args, Subcommand};
use kogents_domain::auth::EmailAddress;
use kogents_domain::ids::MailId;
use kogents_domain::mail::{Lane, MailState};
use kogents_domain::page::PageLimit;

/// What to do about mail.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum MailCommand {
    /// List mails, newest first; what they say is not shown
    List(List),
    /// Show one mail; what it says is not shown
    Show(Show),
    /// Queue dead letters again, due at once and with all their tries
    Retry(Retry),
    /// Take mails out of the queue for good
    Purge(Purge),
    /// Send a mail to ADDRESS past the queue, and tell what the mail server says
    Test {
        /// To whom
        #[arg(value_parser = address)]
        address: EmailAddress,
    },
}

/// Which mails to list.
#[derive(Debug, Clone, Args)]
pub(crate) struct List {
    /// In this state only: queued, sent, dead or void
    #[arg(long, value_parser = state)]
    pub(super) state: Option<MailState>,
    /// In this lane only: code, security, invitation or other
    #[arg(long, value_parser = lane)]
    pub(super) lane: Option<Lane>,
    /// At most so many
    #[arg(long, default_value_t = PageLimit::DEFAULT.get(),
        value_parser = clap::value_parser!(u16).range(1..=i64::from(PageLimit::MAX)))]
    pub(super) limit: u16,
    /// From after the mail with this id on
    #[arg(long, value_name = "ID", value_parser = id)]
    pub(super) after: Option<MailId>,
    /// As JSON, for scripts
    #[arg(long)]
    pub(super) json: bool,
}

/// Which mail to show.
#[derive(Debug, Clone, Args)]
pub(crate) struct Show {
    /// The mail's id, as the list and the log have it
    #[arg(value_parser = id)]
    pub(super) id: MailId,
    /// As JSON, for scripts
    #[arg(long)]
    pub(super) json: bool,
}

/// Which dead letters to queue again.
#[derive(Debug, Clone, Args)]
pub(crate) struct Retry {
    /// The dead letter's id
    #[arg(value_parser = id, required_unless_present = "dead", conflicts_with = "dead")]
    pub(super) id: Option<MailId>,
    /// All of them that have not expired
    #[arg(long)]
    pub(super) dead: bool,
}

/// Which mails to take out.
#[derive(Debug, Clone, Args)]
pub(crate) struct Purge {
    /// The id of a mail that is queued or dead
    #[arg(value_parser = id, required_unless_present = "dead", conflicts_with = "dead")]
    pub(super) id: Option<MailId>,
    /// All dead letters
    #[arg(long)]
    pub(super) dead: bool,
    /// Of the dead letters, those that were given up at least so many days ago
    #[arg(long, default_value_t = 0, requires = "dead", conflicts_with = "id")]
    pub(super) days: u16,
}

fn id(text: &str) -> Result<MailId, String> {
    MailId::parse(text).map_err(|_| "not the id of a mail: they look as in the list".to_owned())
}

fn address(text: &str) -> Result<EmailAddress, String> {
    EmailAddress::parse(text).map_err(|violation| violation.message.to_string())
}

fn state(text: &str) -> Result<MailState, String> {
    MailState::from_name(text).ok_or_else(|| "must be queued, sent, dead or void".to_owned())
}

fn lane(text: &str) -> Result<Lane, String> {
    Lane::from_name(text).ok_or_else(|| "must be code, security, invitation or other".to_owned())
}
