//! `kogents user`: what an operator does about persons, also while servers run.

mod arguments;
mod password;
mod presenting;

use kogents_domain::auth::UserFilter;
use kogents_domain::page::PageLimit;
use kogents_domain::signup::WorkspaceDraft;
use kogents_domain::workspace::{Branding, Slug};
use kogents_usecases::auth::{
    CreateAdminCommand, CreateAdminError, ListPersons, ListPersonsCommand,
};
use kogents_usecases::session::{
    EndSessionsOfPersonCommand, ListSessionsOfPerson, ListSessionsOfPersonCommand,
};
use serde_json::json;

use self::arguments::{CreateAdmin, List, One, Revoke, Sessions};
use self::presenting::{ShownPerson, ShownSession};
use super::output::print_line;
use super::{read_config, read_store_config, told};
use crate::failure::Failure;
use crate::wiring::{Operator, clock, open_store};

pub(crate) use self::arguments::UserCommand;

/// Does what the command says.
pub(crate) async fn run(command: UserCommand) -> Result<(), Failure> {
    match command {
        UserCommand::List(list_) => list(list_).await,
        UserCommand::CreateAdmin(admin) => create_admin(admin).await,
        UserCommand::Unlock(one) => unlock(one).await,
        UserCommand::Suspend(one) => suspend(one).await,
        UserCommand::Sessions(sessions_) => sessions(sessions_).await,
        UserCommand::Revoke(revoke_) => revoke(revoke_).await,
    }
}

async fn list(list: List) -> Result<(), Failure> {
    let use_case = ListPersons {
        store: open_store(&read_store_config()?).await?,
    };
    let command = ListPersonsCommand {
        filter: UserFilter {
            part: list.like,
            suspended: list.suspended,
        },
        limit: PageLimit::new(list.limit).unwrap_or(PageLimit::DEFAULT),
        after: list.after,
    };
    let page = use_case.run(command).await.map_err(|error| told(&error))?;
    let shown: Vec<ShownPerson> = page.items.iter().map(ShownPerson::from).collect();
    if list.json {
        let next = page.next.map(|id| id.to_string());
        return print_line(&json!({ "items": shown, "nextCursor": next }).to_string());
    }
    for line in presenting::persons(&shown) {
        print_line(&line)?;
    }
    match page.next {
        Some(id) => print_line(&format!("more: --after {id}")),
        None => Ok(()),
    }
}

async fn create_admin(admin: CreateAdmin) -> Result<(), Failure> {
    let config = read_config()?;
    let password = password::read()?;
    let use_case = Operator::open(&config).await?.create_admin(&config)?;
    let slug = admin.slug.as_str().to_owned();
    let address = admin.email.as_given().to_owned();
    let command = CreateAdminCommand {
        email: admin.email,
        name: admin.name,
        password,
        workspace: WorkspaceDraft {
            name: admin.workspace,
            slug: admin.slug,
            branding: Branding::default(),
        },
    };
    let created = use_case.run(command).await.map_err(|error| match &error {
        CreateAdminError::EmailTaken => Failure::Command(format!(
            "{address} has an account already: see kogents user list --like {address}"
        )),
        CreateAdminError::SlugTaken => Failure::Command(format!(
            "another workspace has the slug {slug}: choose another --slug"
        )),
        CreateAdminError::WeakPassword | CreateAdminError::Hash(_) | CreateAdminError::Store(_) => {
            told(&error)
        }
    })?;
    let token = created.api_token.secret().expose();
    if admin.json {
        let told = json!({
            "user": ShownPerson::from(&created.user),
            "workspace": {
                "id": created.workspace.id.to_string(),
                "slug": slug,
            },
            "apiToken": token,
        });
        return print_line(&told.to_string());
    }
    print_line(&format!(
        "made the account {address}, id {}",
        created.user.id
    ))?;
    print_line(&format!(
        "made the workspace {slug}, id {}",
        created.workspace.id
    ))?;
    print_line(&format!("its API token, shown this once: {token}"))
}

async fn unlock(one: One) -> Result<(), Failure> {
    let use_case = Operator::open(&read_config()?).await?.unlock();
    let unlocked = use_case
        .run(&one.person)
        .await
        .map_err(|error| told(&error))?;
    let address = unlocked.user.email.as_given();
    if one.json {
        let told = json!({
            "id": unlocked.user.id.to_string(),
            "wasSuspended": unlocked.was_suspended,
        });
        return print_line(&told.to_string());
    }
    print_line(&if unlocked.was_suspended {
        format!("{address} is no longer suspended; what was counted against them is forgotten")
    } else {
        format!("{address} was not suspended; what was counted against them is forgotten")
    })
}

async fn suspend(one: One) -> Result<(), Failure> {
    let use_case = Operator::open(&read_config()?).await?.suspend();
    let suspended = use_case
        .run(&one.person)
        .await
        .map_err(|error| told(&error))?;
    let address = suspended.user.email.as_given();
    let without_admin: Vec<&str> = suspended.without_admin.iter().map(Slug::as_str).collect();
    if one.json {
        let told = json!({
            "id": suspended.user.id.to_string(),
            "wasSuspended": suspended.was_already,
            "ended": suspended.ended,
            "workspacesWithoutAdmin": without_admin,
        });
        return print_line(&told.to_string());
    }
    let already = if suspended.was_already {
        "was suspended already"
    } else {
        "is suspended"
    };
    print_line(&format!(
        "{address} {already}; sessions ended: {}",
        suspended.ended
    ))?;
    if without_admin.is_empty() {
        return Ok(());
    }
    print_line(&format!(
        "nobody is admin any more in {}: until they are unlocked, nobody can change who may do what there",
        without_admin.join(", ")
    ))
}

async fn sessions(sessions: Sessions) -> Result<(), Failure> {
    let config = read_config()?;
    let use_case = ListSessionsOfPerson {
        store: Operator::open_store(&config).await?,
        session_idle: config.lifetimes.session_idle,
        clock: clock(),
    };
    let command = ListSessionsOfPersonCommand {
        whom: sessions.person,
        all: sessions.all,
        limit: PageLimit::new(sessions.limit).unwrap_or(PageLimit::DEFAULT),
        after: sessions.after,
    };
    let list = use_case.run(command).await.map_err(|error| told(&error))?;
    let records = list.page.items.iter();
    let shown: Vec<ShownSession> = records
        .map(|record| ShownSession::of(record, list.now))
        .collect();
    if sessions.json {
        let next = list.page.next.map(|id| id.to_string());
        let user = ShownPerson::from(&list.user);
        let told = json!({ "user": user, "items": shown, "nextCursor": next });
        return print_line(&told.to_string());
    }
    for line in presenting::sessions(&shown) {
        print_line(&line)?;
    }
    match list.page.next {
        Some(id) => print_line(&format!("more: --all --after {id}")),
        None => Ok(()),
    }
}

async fn revoke(revoke: Revoke) -> Result<(), Failure> {
    let use_case = Operator::open(&read_config()?).await?.end_sessions();
    let command = EndSessionsOfPersonCommand {
        whom: revoke.person,
        session: revoke.session,
    };
    let ended = use_case.run(command).await.map_err(|error| told(&error))?;
    if revoke.json {
        return print_line(&json!({ "ended": ended }).to_string());
    }
    print_line(&format!("sessions ended: {ended}"))
}
