//! `kogents mail`: what an operator does about the mail queue.

mod arguments;
mod presenting;

use std::sync::Arc;

use kogents_adapter_crypto::{SystemClock, SystemIds};
use kogents_domain::auth::EmailAddress;
use kogents_domain::ids::MailId;
use kogents_domain::mail::MailFilter;
use kogents_domain::page::PageLimit;
use kogents_domain::store::Store;
use kogents_domain::time::{Clock, Span};
use kogents_usecases::mail::{
    ListMail, ListMailCommand, PurgeMail, PurgeMailCommand, RetryMail, RetryMailCommand,
    SendTestMail, ShowMail,
};

use self::arguments::{List, Purge, Retry, Show};
use self::presenting::Shown;
use super::output::print_line;
use super::{read_config, read_store_config, told};
use crate::config::{Config, Mail};
use crate::failure::Failure;
use crate::wiring::{open_store, outgoing, renderer};

pub(crate) use self::arguments::MailCommand;

/// Does what the command says.
pub(crate) async fn run(command: MailCommand) -> Result<(), Failure> {
    match command {
        MailCommand::List(list_) => list(list_).await,
        MailCommand::Show(show_) => show(show_).await,
        MailCommand::Retry(retry_) => retry(retry_).await,
        MailCommand::Purge(purge_) => purge(purge_).await,
        MailCommand::Test { address } => test(address).await,
    }
}

async fn list(list: List) -> Result<(), Failure> {
    let use_case = ListMail {
        store: store().await?,
    };
    let command = ListMailCommand {
        filter: MailFilter {
            state: list.state,
            lane: list.lane,
        },
        limit: PageLimit::new(list.limit).unwrap_or(PageLimit::DEFAULT),
        after: list.after,
    };
    let page = use_case.run(command).await.map_err(|error| told(&error))?;
    let shown: Vec<Shown> = page.items.iter().map(Shown::from).collect();
    if list.json {
        let next = page.next.map(|id| id.to_string());
        let json = serde_json::json!({ "items": shown, "nextCursor": next });
        return print_line(&json.to_string());
    }
    for line in presenting::table(&shown) {
        print_line(&line)?;
    }
    match page.next {
        Some(id) => print_line(&format!("more: kogents mail list --after {id}")),
        None => Ok(()),
    }
}

async fn show(show: Show) -> Result<(), Failure> {
    let use_case = ShowMail {
        store: store().await?,
    };
    let entry = use_case.run(show.id).await.map_err(|error| told(&error))?;
    let shown = Shown::from(&entry);
    if show.json {
        let json = serde_json::to_string(&shown).map_err(|error| told(&error))?;
        return print_line(&json);
    }
    for line in presenting::details(&shown) {
        print_line(&line)?;
    }
    Ok(())
}

async fn retry(retry: Retry) -> Result<(), Failure> {
    let use_case = RetryMail {
        store: store().await?,
        clock: clock(),
    };
    let command = retry
        .id
        .map_or(RetryMailCommand::AllDead, RetryMailCommand::One);
    let count = use_case.run(command).await.map_err(|error| told(&error))?;
    print_line(&format!("queued again: {count}"))
}

async fn purge(purge: Purge) -> Result<(), Failure> {
    let use_case = PurgeMail {
        store: store().await?,
        clock: clock(),
    };
    let age = Span::from_secs(i64::from(purge.days) * 24 * 3_600);
    let command = purge
        .id
        .map_or(PurgeMailCommand::DeadFor(age), PurgeMailCommand::One);
    let count = use_case.run(command).await.map_err(|error| told(&error))?;
    print_line(&format!("purged: {count}"))
}

async fn test(address: EmailAddress) -> Result<(), Failure> {
    let config = read_config()?;
    let Mail::Smtp(smtp) = &config.mail else {
        let told = "there is no mail server to try: SMTP_HOST is not set";
        return Err(Failure::Command(told.to_owned()));
    };
    let at = format!("{}:{}", smtp.host, smtp.port);
    let id = send_test(&config, address).await.map_err(|reason| {
        Failure::Command(format!(
            "the mail server at {at} did not take the mail: {reason}"
        ))
    })?;
    print_line(&format!("the mail server at {at} took the mail {id}"))
}

/// Sends a mail to try the mail server of a configuration; says why it was not taken.
pub(super) async fn send_test(config: &Config, address: EmailAddress) -> Result<MailId, String> {
    let public_url = config.server.public_url.as_ref().map_or_else(
        || format!("http://localhost:{}", config.server.port),
        ToString::to_string,
    );
    let use_case = SendTestMail {
        renderer: renderer(&public_url, config).map_err(|failure| failure.to_string())?,
        mailer: outgoing(&config.mail, clock())
            .map_err(|failure| failure.to_string())?
            .mailer,
        ids: Arc::new(SystemIds::new(clock())),
        clock: clock(),
    };
    // The mailer's own words say at which step, and what the server answered.
    let sent = use_case.run(address).await;
    sent.map_err(|error| error.to_string())
}

async fn store() -> Result<Arc<dyn Store>, Failure> {
    open_store(&read_store_config()?).await
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}
