//! Cases of what persons say of themselves.

use kogents_domain::access::SystemRole;
use kogents_domain::auth::{Language, PasswordHash, PersonName, PhoneNumber, User};
use kogents_domain::page::PageLimit;
use kogents_domain::store::Scope;
use kogents_domain::workspace::{
    DirectoryEntry, DirectoryQuery, DirectorySort, HttpsUrl, SearchPrefix,
};

use super::support::{StorePort, at, commit, find_user, insert_user, some_user};
use super::team::{Team, some_team};
use crate::builders::{a_membership, a_user, unique_address, unique_word};

/// On the person's own behalf.
async fn update_profile(store: &StorePort, user: &User) {
    let mut unit = store.begin(Scope::Person(user.id)).await.unwrap();
    unit.users().update_profile(user).await.unwrap();
    // The unit's scope is still its own.
    let count = unit.memberships().count_of_person(user.id).await;
    assert!(count.is_ok());
    commit(unit).await;
}

/// Every one of them, there and back to none; whatever else the caller thinks to know of the person
/// stays as it is, and so do others.
pub async fn what_persons_say_of_themselves_is_written_and_nothing_else(store: StorePort) {
    let user = a_user().everything().build();
    insert_user(&store, &user).await;
    let other = some_user(&store).await;
    let changes: [fn(&mut User); 8] = [
        |user| user.name = PersonName::parse("Zo\u{EB} O'Neil").unwrap(),
        |user| user.phone = None,
        |user| user.phone = PhoneNumber::parse("+4915112345678").ok(),
        |user| user.avatar_url = None,
        |user| user.avatar_url = HttpsUrl::parse("https://cdn.example/b.png?x=%20").ok(),
        |user| user.language = None,
        |user| user.language = Language::parse("pt-BR").ok(),
        |user| user.notify_new_device = !user.notify_new_device,
    ];
    let mut expected = user;
    for (change, secs) in changes.into_iter().zip(60..) {
        change(&mut expected);
        expected.updated_at = at(secs);
        update_profile(&store, &expected).await;
        assert_eq!(
            find_user(&store, expected.id).await.as_ref(),
            Some(&expected)
        );
    }
    let mut overreaching = expected.clone();
    overreaching.email = unique_address();
    overreaching.password_hash = PasswordHash::new("$another$");
    overreaching.suspended_at = None;
    overreaching.last_workspace_id = None;
    overreaching.signup_id = a_user().build().signup_id;
    overreaching.created_at = at(-1);
    overreaching.first_touch = a_user().build().first_touch;
    update_profile(&store, &overreaching).await;
    assert_eq!(find_user(&store, expected.id).await, Some(expected));
    assert_eq!(find_user(&store, other.id).await, Some(other));
}

/// And makes nobody up.
pub async fn a_profile_of_nobody_is_written_nowhere(store: StorePort) {
    let nobody = a_user().everything().build();
    update_profile(&store, &nobody).await;
    assert_eq!(find_user(&store, nobody.id).await, None);
}

/// Who is found in a directory by the beginning of name or address, in the order of names.
async fn found(store: &StorePort, team: &Team, beginning: &str) -> Vec<String> {
    let query = DirectoryQuery {
        workspace_id: team.id(),
        search: SearchPrefix::parse(beginning).unwrap(),
        status: None,
        role_id: None,
        sort: DirectorySort::Name,
        descending: false,
        offset: 0,
        limit: PageLimit::LARGEST,
    };
    let mut unit = team.read(store).await;
    let page = unit.directory().list(&query).await.unwrap();
    let names = page.entries.iter().map(|entry| match entry {
        DirectoryEntry::Member { user, .. } => user.name.as_str().to_owned(),
        DirectoryEntry::Invited { invitation, .. } => invitation.name.as_str().to_owned(),
    });
    names.collect()
}

/// By the name that they have now, and no longer by the one that they had, in every workspace of
/// theirs; in the order of names they stand where it belongs. Their address finds them as before.
pub async fn a_directory_follows_a_members_name(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let user = a_user().name("Mesut \u{D6}zil").build();
    let agent = team.role(SystemRole::Agent);
    team.join_as(&store, &user, agent, |built| built).await;
    let membership = a_membership(user.id, other.role(SystemRole::Agent)).build();
    let mut unit = other.begin(&store).await;
    unit.memberships().insert(&membership).await.unwrap();
    commit(unit).await;
    for team in [&team, &other] {
        assert_eq!(found(&store, team, "mesut o").await, ["Mesut \u{D6}zil"]);
    }

    let mut renamed = user;
    renamed.name = PersonName::parse("\u{C0}a\u{EF}da").unwrap();
    update_profile(&store, &renamed).await;
    for team in [&team, &other] {
        assert_eq!(found(&store, team, "AAI").await, ["\u{C0}a\u{EF}da"]);
        assert_eq!(found(&store, team, "mesut").await, Vec::<String>::new());
        let address = renamed.email.as_given();
        assert_eq!(found(&store, team, address).await, ["\u{C0}a\u{EF}da"]);
        let all = found(&store, team, "").await;
        assert_eq!(all, ["\u{C0}a\u{EF}da", "Ada Lovelace"]);
    }
}

/// Also by one whose every character becomes eighteen, of which an index takes no more than some.
pub async fn names_of_any_length_are_found_by_their_beginning(store: StorePort) {
    let team = some_team(&store).await;
    let longest = "\u{FDFA}".repeat(100);
    let mut user = team.admin.clone();
    user.name = PersonName::parse(&longest).unwrap();
    update_profile(&store, &user).await;
    let agent = team.role(SystemRole::Agent);
    let member = a_user().name(&longest).build();
    team.join_as(&store, &member, agent, |built| built).await;
    for beginning in ["\u{FDFA}", &longest] {
        let names = found(&store, &team, beginning).await;
        assert_eq!(names, [longest.clone(), longest.clone()]);
    }
    assert_eq!(
        found(&store, &team, &unique_word()).await,
        Vec::<String>::new()
    );
}
