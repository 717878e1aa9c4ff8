//! Cases of the directory: order, filters, pages, and one of it.

use std::collections::BTreeSet;

use kogents_domain::access::SystemRole;
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::page::PageLimit;
use kogents_domain::store::Scope;
use kogents_domain::workspace::{
    DirectoryEntry, DirectoryId, DirectoryPage, DirectoryQuery, DirectorySort, MembershipStatus,
    SearchPrefix,
};

use super::crowd::{found, some_crowd};
use super::invitations;
use super::support::{StorePort, at, commit};
use super::team::{Team, some_team};
use crate::builders::{a_membership, address, unique_id, unique_word};

/// Everybody, as many as a page takes, by when they came.
const fn everybody(workspace: WorkspaceId) -> DirectoryQuery {
    DirectoryQuery {
        workspace_id: workspace,
        search: None,
        status: None,
        role_id: None,
        sort: DirectorySort::CreatedAt,
        descending: false,
        offset: 0,
        limit: PageLimit::new(PageLimit::MAX).unwrap(),
    }
}

fn prefix(text: &str) -> Option<SearchPrefix> {
    SearchPrefix::parse(text).unwrap()
}

async fn list(store: &StorePort, team: &Team, query: &DirectoryQuery) -> DirectoryPage {
    let mut unit = team.read(store).await;
    unit.directory().list(query).await.unwrap()
}

fn name_of(entry: &DirectoryEntry) -> &str {
    match entry {
        DirectoryEntry::Member { user, .. } => user.name.as_str(),
        DirectoryEntry::Invited { invitation, .. } => invitation.name.as_str(),
    }
}

/// First by their names, so that a difference is told in few words.
fn assert_same(found: &[DirectoryEntry], expected: &[DirectoryEntry], query: &DirectoryQuery) {
    let names = |entries: &[DirectoryEntry]| {
        let names = entries.iter().map(|entry| name_of(entry).to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(found), names(expected), "{query:?}");
    assert_eq!(found, expected, "{query:?}");
}

/// Who is equal by the key comes by id, which turns around with it.
pub async fn a_directory_is_sorted_by_every_key_in_both_directions(store: StorePort) {
    let (team, lines) = some_crowd(&store).await;
    for sort in DirectorySort::ALL {
        for descending in [false, true] {
            let query = DirectoryQuery {
                sort,
                descending,
                ..everybody(team.id())
            };
            let page = list(&store, &team, &query).await;
            assert_eq!(page.total, 19);
            assert_same(&page.entries, &found(&lines, &query), &query);
        }
    }
}

/// In whatever order; every page tells how many there are altogether.
pub async fn pages_of_a_directory_are_parts_of_the_whole(store: StorePort) {
    let (team, lines) = some_crowd(&store).await;
    for sort in DirectorySort::ALL {
        for (descending, status) in [
            (false, None),
            (true, None),
            (false, Some(MembershipStatus::Pending)),
        ] {
            let mut query = DirectoryQuery {
                sort,
                descending,
                status,
                limit: PageLimit::new(4).unwrap(),
                ..everybody(team.id())
            };
            let whole = found(&lines, &query);
            for expected in whole.chunks(4) {
                let page = list(&store, &team, &query).await;
                assert_same(&page.entries, expected, &query);
                assert_eq!(page.total, u64::try_from(whole.len()).unwrap());
                query.offset += 4;
            }
        }
    }
}

/// However far.
pub async fn a_page_past_the_end_of_a_directory_is_empty(store: StorePort) {
    let (team, _) = some_crowd(&store).await;
    for (search, total) in [(None, 19), (prefix("oz"), 5), (prefix("nobody"), 0)] {
        for offset in [19, 20, 1 << 40, (1 << 63) - 1, 1 << 63, u64::MAX] {
            let query = DirectoryQuery {
                search: search.clone(),
                offset,
                ..everybody(team.id())
            };
            let expected = DirectoryPage {
                entries: Vec::new(),
                total,
            };
            assert_eq!(list(&store, &team, &query).await, expected, "{offset}");
        }
    }
}

/// Without case and accents, from the beginning, and by no pattern.
pub async fn a_directory_is_searched_by_the_beginning_of_name_and_address(store: StorePort) {
    let (team, _) = some_crowd(&store).await;
    for (search, expected) in [
        (
            "ozil",
            &[
                "\u{D6}zil Mesut",
                "Ozil",
                "\u{D6}ZIL",
                "o\u{308}zil",
                "ozilla",
            ][..],
        ),
        (
            " \u{F6}ZI ",
            &[
                "\u{D6}zil Mesut",
                "Ozil",
                "\u{D6}ZIL",
                "o\u{308}zil",
                "ozilla",
            ],
        ),
        ("ozil m", &["\u{D6}zil Mesut"]),
        ("zil", &[]),
        ("mesut", &["Mesut \u{D6}zil"]),
        ("\u{C9}MIL", &["Ozil", "\u{D6}ZIL", "o\u{308}zil"]),
        ("emil-", &["\u{D6}ZIL"]),
        ("zoe.", &["zoe", "ZOE"]),
        ("zw", &["\u{D6}zil Mesut"]),
        ("\u{674E}", &["\u{674E}", "\u{674E}\u{5C0F}\u{9F8D}"]),
        ("o'n", &["O'Neil-Smith Jr."]),
        ("100", &["100% _x", "1000"]),
        ("100%", &["100% _x"]),
        ("%", &[]),
        ("_", &["100% _x"]),
        ("x", &["ozilla", "1000"]),
        ("\u{10FFFF}", &["\u{10FFFF}", "\u{10FFFF}\u{10FFFF}"]),
        ("fi", &["\u{FB01}n"]),
        ("example.com", &[]),
    ] {
        let query = DirectoryQuery {
            search: prefix(search),
            ..everybody(team.id())
        };
        let page = list(&store, &team, &query).await;
        let names: BTreeSet<&str> = page.entries.iter().map(name_of).collect();
        let expected: BTreeSet<&str> = expected.iter().copied().collect();
        assert_eq!(names, expected, "{search}");
        assert_eq!(page.total, u64::try_from(page.entries.len()).unwrap());
        assert_eq!(names.len(), page.entries.len(), "{search}: one twice");
    }
}

/// Status, role and search, any of them together.
pub async fn filters_of_a_directory_go_together(store: StorePort) {
    let (team, lines) = some_crowd(&store).await;
    let statuses = MembershipStatus::ALL.into_iter().map(Some);
    let roles = team.roles.iter().map(|role| Some(role.id));
    for (n, status) in statuses.chain([None]).enumerate() {
        for role_id in roles.clone().chain([None]) {
            for search in [None, prefix("z"), prefix("o"), prefix("emil")] {
                for sort in DirectorySort::ALL {
                    let query = DirectoryQuery {
                        search: search.clone(),
                        status,
                        role_id,
                        sort,
                        descending: n % 2 == 0,
                        ..everybody(team.id())
                    };
                    let expected = found(&lines, &query);
                    let page = list(&store, &team, &query).await;
                    assert_eq!(page.total, u64::try_from(expected.len()).unwrap());
                    assert_same(&page.entries, &expected, &query);
                }
            }
        }
    }
}

/// Neither in a list nor by an id; not by another workspace's role.
pub async fn s22_nobody_of_another_workspace_is_in_a_directory(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let foreign = invitations::of(&other).build();
    invitations::insert(&store, &other, &foreign).await;
    let page = list(&store, &team, &everybody(team.id())).await;
    assert_eq!(page.total, 1);
    assert_eq!(page.entries.len(), 1);
    let query = DirectoryQuery {
        role_id: Some(other.role(SystemRole::Admin).id),
        ..everybody(team.id())
    };
    assert_eq!(list(&store, &team, &query).await.total, 0);
    let mut unit = team.read(&store).await;
    for id in [
        other.admin.id,
        UserId::from_uuid(*foreign.id.as_uuid()),
        UserId::from_uuid(unique_id()),
    ] {
        let id = DirectoryId::from(id);
        assert_eq!(unit.directory().find(team.id(), id).await, Ok(None));
    }
}

/// By a person's id a member, by an invitation's somebody invited.
pub async fn one_of_a_directory_is_found_as_they_are_listed(store: StorePort) {
    let (team, lines) = some_crowd(&store).await;
    let mut unit = team.read(&store).await;
    for line in &lines {
        let id = match &line.entry {
            DirectoryEntry::Member { user, .. } => user.id,
            DirectoryEntry::Invited { invitation, .. } => {
                UserId::from_uuid(*invitation.id.as_uuid())
            }
        };
        let found = unit.directory().find(team.id(), id.into()).await.unwrap();
        assert_eq!(found.as_ref(), Some(&line.entry));
    }
}

/// By the address that they have now; in every workspace of theirs.
pub async fn a_directory_follows_a_members_address(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let user = &team.admin;
    let membership = a_membership(user.id, other.role(SystemRole::Agent)).build();
    let mut unit = other.begin(&store).await;
    unit.memberships().insert(&membership).await.unwrap();
    commit(unit).await;
    let word = unique_word();
    let email = address(&format!("\u{C9}mile-{word}@Example.com"));
    let mut unit = store.begin(Scope::Person(user.id)).await.unwrap();
    unit.users()
        .set_email(user.id, &email, at(1))
        .await
        .unwrap();
    // And the unit's scope is still its own.
    let count = unit.memberships().count_of_person(user.id).await;
    assert_eq!(count, Ok(2));
    commit(unit).await;
    let old = user.email.normalised().to_owned();
    for team in [&team, &other] {
        for (search, total) in [(format!("emile-{word}@ex"), 1), (old.clone(), 0)] {
            let query = DirectoryQuery {
                search: prefix(&search),
                ..everybody(team.id())
            };
            let page = list(&store, team, &query).await;
            assert_eq!(page.total, total, "{search}");
            let found: Vec<_> = page.entries.iter().map(name_of).collect();
            assert_eq!(found.len(), usize::try_from(total).unwrap());
        }
    }
}
