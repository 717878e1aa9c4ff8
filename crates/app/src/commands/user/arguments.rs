//! What `kogents user` takes.

use clap::{Args, Subcommand};
use kogents_domain::auth::{EmailAddress, PersonName};
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::page::PageLimit;
use kogents_domain::violation::Violation;
use kogents_domain::workspace::{Slug, WorkspaceName};
use kogents_usecases::auth::Whom;

/// What to do about persons. A PERSON is named by address or id.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum UserCommand {
    /// List persons, newest first
    #[command(after_help = "Example:\n  kogents user list --like example.com --suspended")]
    List(List),
    /// Make an account with a confirmed address, and a workspace with that person as its admin
    ///
    /// No mail is sent and the mail server is not asked: for the first start of an installation. (In
    /// production SMTP_HOST must be set all the same.) The password is asked for at the terminal, or read from the first line of standard input. The
    /// workspace's API token is shown once.
    #[command(
        after_help = "Example:\n  kogents migrate up\n  kogents user create-admin --email ada@example.com \
        --name 'Ada Lovelace' --workspace Engines --slug engines < password.txt"
    )]
    CreateAdmin(CreateAdmin),
    /// Let a person in again: lift a suspension, forget failed sign-ins and codes
    #[command(after_help = "Example:\n  kogents user unlock ada@example.com")]
    Unlock(One),
    /// Suspend a person: their sessions end within a second, and they cannot sign in
    #[command(after_help = "Example:\n  kogents user suspend ada@example.com")]
    Suspend(One),
    /// List a person's sessions
    #[command(after_help = "Example:\n  kogents user sessions ada@example.com --all")]
    Sessions(Sessions),
    /// End one session of a person, or all of them
    #[command(
        after_help = "Examples:\n  kogents user revoke ada@example.com --all\n  \
        kogents user revoke ada@example.com --session 0192f3c0-3333-7abc-8def-0123456789ab"
    )]
    Revoke(Revoke),
}

/// Which persons to list.
#[derive(Debug, Clone, Args)]
pub(crate) struct List {
    /// Whose address or name has this part only; A to Z in either case
    #[arg(long, value_name = "PART", value_parser = part)]
    pub(super) like: Option<String>,
    /// Suspended ones only
    #[arg(long)]
    pub(super) suspended: bool,
    /// At most so many
    #[arg(long, default_value_t = PageLimit::DEFAULT.get(),
        value_parser = clap::value_parser!(u16).range(1..=i64::from(PageLimit::MAX)))]
    pub(super) limit: u16,
    /// From after the person with this id on
    #[arg(long, value_name = "ID", value_parser = user_id)]
    pub(super) after: Option<UserId>,
    /// As JSON, for scripts
    #[arg(long)]
    pub(super) json: bool,
}

/// Whom to make. The rules are those of signing up.
#[derive(Debug, Clone, Args)]
pub(crate) struct CreateAdmin {
    /// Their address
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub(super) email: EmailAddress,
    /// Their name
    #[arg(long, value_parser = person_name)]
    pub(super) name: PersonName,
    /// The workspace's name
    #[arg(long, value_name = "NAME", value_parser = workspace_name)]
    pub(super) workspace: WorkspaceName,
    /// The workspace's slug, its name in URLs
    #[arg(long, value_parser = slug)]
    pub(super) slug: Slug,
    /// As JSON, for scripts
    #[arg(long)]
    pub(super) json: bool,
}

/// One person.
#[derive(Debug, Clone, Args)]
pub(crate) struct One {
    /// The person's address or id
    #[arg(value_parser = whom)]
    pub(super) person: Whom,
    /// As JSON, for scripts
    #[arg(long)]
    pub(super) json: bool,
}

/// Which sessions to list.
#[derive(Debug, Clone, Args)]
pub(crate) struct Sessions {
    /// The person's address or id
    #[arg(value_parser = whom)]
    pub(super) person: Whom,
    /// Ended ones, too
    #[arg(long)]
    pub(super) all: bool,
    /// At most so many, of all
    #[arg(long, default_value_t = PageLimit::DEFAULT.get(), requires = "all",
        value_parser = clap::value_parser!(u16).range(1..=i64::from(PageLimit::MAX)))]
    pub(super) limit: u16,
    /// From after the session with this id on, of all
    #[arg(long, value_name = "ID", value_parser = session_id, requires = "all")]
    pub(super) after: Option<SessionId>,
    /// As JSON, for scripts
    #[arg(long)]
    pub(super) json: bool,
}

/// Which sessions to end.
#[derive(Debug, Clone, Args)]
pub(crate) struct Revoke {
    /// The person's address or id
    #[arg(value_parser = whom)]
    pub(super) person: Whom,
    /// This one
    #[arg(long, value_name = "ID", value_parser = session_id, required_unless_present = "all",
        conflicts_with = "all")]
    pub(super) session: Option<SessionId>,
    /// All of them
    #[arg(long)]
    pub(super) all: bool,
    /// As JSON, for scripts
    #[arg(long)]
    pub(super) json: bool,
}

fn whom(text: &str) -> Result<Whom, String> {
    if let Ok(id) = UserId::parse(text) {
        return Ok(Whom::Id(id));
    }
    let address = EmailAddress::parse(text).map(Whom::Address);
    address.map_err(|_| "neither an address nor an id as the list has it".to_owned())
}

fn told<T>(read: Result<T, Violation>) -> Result<T, String> {
    read.map_err(|violation| violation.message.to_string())
}

fn address(text: &str) -> Result<EmailAddress, String> {
    told(EmailAddress::parse(text))
}

fn person_name(text: &str) -> Result<PersonName, String> {
    told(PersonName::parse(text))
}

fn workspace_name(text: &str) -> Result<WorkspaceName, String> {
    told(WorkspaceName::parse(text))
}

fn slug(text: &str) -> Result<Slug, String> {
    told(Slug::parse(text))
}

fn part(text: &str) -> Result<String, String> {
    let fits = !text.is_empty() && text.len() <= 320 && !text.contains('\0');
    let part = fits.then(|| text.to_owned());
    part.ok_or_else(|| "must have 1 to 320 octets".to_owned())
}

fn user_id(text: &str) -> Result<UserId, String> {
    UserId::parse(text).map_err(|_| "not the id of a person: they look as in the list".to_owned())
}

fn session_id(text: &str) -> Result<SessionId, String> {
    SessionId::parse(text).map_err(|_| "not the id of a session: see user sessions".to_owned())
}
