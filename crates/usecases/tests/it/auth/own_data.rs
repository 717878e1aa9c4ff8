//! Reading what is held on oneself.

use kogents_domain::access::SystemRole;
use kogents_domain::audit::{AuditAction, AuditKey};
use kogents_domain::page::PageLimit;
use kogents_domain::session::{DeviceFingerprint, SeenDevice};
use kogents_domain::workspace::MembershipStatus;
use kogents_testkit::builders::{a_membership, an_audit_entry};
use kogents_usecases::audit::{ListOwnActs, ListOwnActsCommand, ListOwnActsError};
use kogents_usecases::auth::{ReadOwnData, ReadOwnDataError};

use super::account::{Accounts, calling};
use crate::support::{Bench, T0, caller, lost, secs};

fn read(accounts: &Accounts) -> ReadOwnData {
    ReadOwnData {
        store: accounts.tenants.store(),
        clock: accounts.tenants.clock(),
    }
}

#[tokio::test]
async fn a_person_reads_themselves_their_workspaces_and_their_devices() {
    let accounts = Accounts::new().await;
    let (agent, tenants) = (accounts.tenants.agent, &accounts.tenants);
    let role = tenants.other.role(SystemRole::Viewer);
    let there = a_membership(agent.user_id, role)
        .status(MembershipStatus::Suspended)
        .build();
    let device = |text: &str| DeviceFingerprint::parse(text).unwrap();
    let older = device("fp1_AAAAAAAAAAAAAAAAAAAAAA");
    let newer = device("fp1_BBBBBBBBBBBBBBBBBBBBBA");
    let mut unit = tenants.change().await;
    unit.memberships().insert(&there).await.unwrap();
    let later = T0.plus(secs(60));
    for (whose, which, at) in [
        (agent, &older, T0),
        (agent, &newer, later),
        (tenants.admin, &older, later),
    ] {
        unit.devices().see(whose.user_id, which, at).await.unwrap();
    }
    unit.commit().await.unwrap();

    let own = read(&accounts).run(calling(agent)).await.unwrap();

    assert_eq!(Some(own.user), accounts.user(agent.user_id).await);
    assert_eq!(own.at, T0);
    let mut found: Vec<_> = own
        .memberships
        .iter()
        .map(|found| {
            let standing = &found.standing;
            assert_eq!(standing.workspace.id, found.membership.workspace_id);
            assert_eq!(standing.role.id, found.membership.role_id);
            (standing.workspace.id, found.membership.status)
        })
        .collect();
    let mut expected = [
        (tenants.acme.id(), MembershipStatus::Active),
        (tenants.other.id(), MembershipStatus::Suspended),
    ];
    found.sort_unstable_by_key(|(id, _)| *id);
    expected.sort_unstable_by_key(|(id, _)| *id);
    assert_eq!(found, expected);
    let seen = |fingerprint, at| SeenDevice {
        fingerprint,
        first_seen: at,
        last_seen: at,
    };
    assert_eq!(own.devices, [seen(newer, later), seen(older, T0)]);
    assert_eq!(tenants.journal.entries(), ["read Person", "close"]);
}

#[tokio::test]
async fn nothing_is_held_on_who_is_gone() {
    let accounts = Accounts::new().await;
    let agent = accounts.tenants.agent;
    let mut unit = accounts.tenants.change().await;
    unit.users().delete(agent.user_id).await.unwrap();
    unit.commit().await.unwrap();
    let refused = read(&accounts).run(calling(agent)).await;
    assert_eq!(refused, Err(ReadOwnDataError::Gone));
}

#[tokio::test]
async fn a_store_that_is_away_is_told() {
    let bench = Bench::new();
    bench.read_fails(lost());
    let read = ReadOwnData {
        store: bench.store(),
        clock: bench.clock(),
    };
    let refused = read.run(caller()).await;
    assert_eq!(refused, Err(ReadOwnDataError::Store(lost())));
    bench.read_fails(lost());
    let list = ListOwnActs {
        store: bench.store(),
    };
    let command = ListOwnActsCommand {
        caller: caller(),
        limit: PageLimit::DEFAULT,
        after: None,
    };
    let refused = list.run(command).await;
    assert_eq!(refused, Err(ListOwnActsError::Store(lost())));
    bench.finish();
}

#[tokio::test]
async fn own_acts_come_newest_first_page_by_page_from_every_log_and_none() {
    let accounts = Accounts::new().await;
    let (agent, tenants) = (accounts.tenants.agent, &accounts.tenants);
    let places = [Some(tenants.acme.id()), Some(tenants.other.id()), None];
    let mut expected = Vec::new();
    let mut unit = tenants.change().await;
    for (number, place) in places.into_iter().cycle().take(7).enumerate() {
        let at = T0.plus(secs(i64::try_from(number).unwrap()));
        let own = an_audit_entry(AuditAction::SessionOpened)
            .with(|entry| {
                entry.at = at;
                entry.workspace_id = place;
                entry.actor_id = Some(agent.user_id);
            })
            .build();
        let mut theirs = own.clone();
        theirs.id = an_audit_entry(AuditAction::SessionOpened).build().id;
        theirs.actor_id = (number % 2 == 0).then_some(tenants.admin.user_id);
        unit.audit().append(&[own.clone(), theirs]).await.unwrap();
        expected.insert(0, own);
    }
    unit.commit().await.unwrap();

    let list = ListOwnActs {
        store: tenants.store(),
    };
    let mut found = Vec::new();
    let mut after: Option<AuditKey> = None;
    let mut pages = 0;
    loop {
        let command = ListOwnActsCommand {
            caller: calling(agent),
            limit: PageLimit::new(3).unwrap(),
            after,
        };
        let page = list.run(command).await.unwrap();
        pages += 1;
        found.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, expected);
    assert_eq!(pages, 3);
    assert_eq!(tenants.journal.count("read Person"), 3);
}
