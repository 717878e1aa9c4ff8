//! The operations that are measured.

use std::net::IpAddr;

use kogents_adapter_crypto::SystemClock;
use kogents_domain::access::PermissionSet;
use kogents_domain::auth::RefreshClaims;
use kogents_domain::limits::LimitLedger;
use kogents_domain::page::PageLimit;
use kogents_domain::session::{
    ActivityCount, Analytics, ClientHints, SessionActivity, SessionType,
};
use kogents_domain::time::Clock as _;
use kogents_usecases::auth::{Caller, RefreshCommand};
use kogents_usecases::session::{
    Client, EndSessionCommand, ListSessionsCommand, OpenSessionCommand,
};

use super::product::Product;
use super::subjects::{Subject, Subjects};
use crate::failure::{Failure, Outcome};

/// A browser that nobody has used yet, so that every session is on a new device.
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// From where everybody calls.
const ADDRESS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

/// An operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    List,
    ListAll,
    Refresh,
    Open,
    Flush,
    End,
}

impl Operation {
    /// Every operation; what leaves something changed that another needs comes after it.
    pub(super) const ALL: [Self; 6] = [
        Self::List,
        Self::ListAll,
        Self::Refresh,
        Self::Open,
        Self::Flush,
        Self::End,
    ];

    /// What it is called.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::List => "list a person's live sessions",
            Self::ListAll => "list the first 20 of all of a person's",
            Self::Refresh => "refresh",
            Self::Open => "open a session",
            Self::Flush => "write the counters of 1,000 sessions",
            Self::End => "end a session",
        }
    }

    /// Whether it leaves everything as it was, so that it can be done before on the same persons.
    pub(super) const fn changes_nothing(self) -> bool {
        match self {
            Self::List | Self::ListAll => true,
            Self::Refresh | Self::Open | Self::Flush | Self::End => false,
        }
    }

    /// Does what has to be done before, and is not measured.
    pub(super) async fn prepare(self, product: &Product, subjects: &Subjects) -> Outcome {
        if self == Self::Flush {
            let now = SystemClock.now();
            let base = SessionActivity::starting(now);
            for session in &subjects.counted {
                let counted = ActivityCount::REQUEST;
                let book = &product.book;
                book.count(*session, Some(base), counted, now).await;
            }
        }
        Ok(())
    }

    /// Does it once.
    pub(super) async fn once(self, product: &Product, subject: Subject) -> Outcome {
        match self {
            Self::List => list(product, subject, false).await,
            Self::ListAll => list(product, subject, true).await,
            Self::Refresh => refresh(product, subject).await,
            Self::Open => open(product, subject).await,
            Self::Flush => flush(product).await,
            Self::End => end(product, subject).await,
        }
    }
}

const fn caller(subject: Subject) -> Caller {
    Caller {
        user_id: subject.user,
        session_id: subject.session,
        workspace_id: subject.workspace,
        held: PermissionSet::EMPTY,
        ip_address: ADDRESS,
    }
}

async fn list(product: &Product, subject: Subject, all: bool) -> Outcome {
    let command = ListSessionsCommand {
        caller: caller(subject),
        all,
        limit: PageLimit::new(20).ok_or("a page has 20")?,
        after: None,
    };
    let listed = product.list.run(command).await?;
    something(!listed.sessions.is_empty(), "a person has no session")
}

async fn refresh(product: &Product, subject: Subject) -> Outcome {
    let minter = &product.minter;
    let claims = RefreshClaims {
        user_id: subject.user,
        session_id: subject.session,
        generation: 0,
        token_id: minter.digester.refresh_token_id(subject.session, 0),
        issued_at: subject.rotated_at,
        expires_at: subject.rotated_at.plus(minter.lifetimes.refresh_idle),
    };
    let command = RefreshCommand {
        token: minter.refresh.mint(&claims),
        ip_address: ADDRESS,
        ledger: LimitLedger::default(),
    };
    product.refresh.run(command).await?;
    Ok(())
}

async fn open(product: &Product, subject: Subject) -> Outcome {
    let command = OpenSessionCommand {
        caller: caller(subject),
        session_type: SessionType::Web,
        analytics: Analytics::default(),
        client: Client {
            ip_address: ADDRESS,
            hints: ClientHints::of_user_agent(BROWSER),
            language: None,
        },
    };
    product.open.run(command).await?;
    Ok(())
}

async fn flush(product: &Product) -> Outcome {
    let written = product.flush.run().await?;
    something(written > 0, "nothing was counted")
}

async fn end(product: &Product, subject: Subject) -> Outcome {
    let command = EndSessionCommand {
        caller: caller(subject),
        reference: "current".to_owned(),
    };
    let ended = product.end.run(command).await?;
    something(ended.session.end.is_some(), "a session did not end")
}

fn something(is_right: bool, fault: &'static str) -> Outcome {
    if is_right {
        return Ok(());
    }
    Err(Failure::from(fault))
}
