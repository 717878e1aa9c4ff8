//! Cases of persons as operators see them.

use kogents_domain::auth::{User, UserFilter};
use kogents_domain::ids::UserId;
use kogents_domain::page::{Page, PageLimit};

use super::support::{StorePort, at, begin, commit, find_user, insert_user, read};
use crate::builders::{a_user, unique_word};

async fn list(
    store: &StorePort,
    filter: &UserFilter,
    limit: u16,
    after: Option<UserId>,
) -> Page<User, UserId> {
    let mut unit = read(store).await;
    let limit = PageLimit::new(limit).unwrap();
    unit.users().list(filter, limit, after).await.unwrap()
}

fn with_part(part: &str) -> UserFilter {
    UserFilter {
        part: Some(part.to_owned()),
        suspended: false,
    }
}

async fn some_users<const N: usize>(store: &StorePort) -> [User; N] {
    let users = std::array::from_fn(|_| a_user().build());
    for user in &users {
        insert_user(store, user).await;
    }
    users
}

/// Each of them once.
pub async fn persons_are_listed_newest_first_and_page_by_page(store: StorePort) {
    let mut users = some_users::<5>(&store).await.to_vec();
    users.sort_by_key(|user| std::cmp::Reverse(user.id));
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = list(&store, &UserFilter::default(), 2, after).await;
        assert!(page.items.len() <= 2);
        found.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, users);
}

/// In either case of the letters A to Z.
pub async fn persons_are_found_by_a_part_of_address_or_name(store: StorePort) {
    let [one, _other] = some_users(&store).await;
    let address = one.email.normalised();
    let found = list(&store, &with_part(&address.to_uppercase()), 10, None).await;
    assert_eq!(found.items, std::slice::from_ref(&one));
    let name = one.name.as_str();
    let found = list(&store, &with_part(&name.to_ascii_uppercase()), 10, None).await;
    assert!(found.items.contains(&one), "{name}");
    let nobody = list(&store, &with_part(&unique_word()), 10, None).await;
    assert_eq!(nobody.items, []);
}

/// `%` and `_` are no wildcards.
pub async fn what_stands_for_others_in_patterns_stands_for_itself(store: StorePort) {
    some_users::<2>(&store).await;
    for part in ["%", "_", "%@%", "\\", "@_"] {
        let found = list(&store, &with_part(part), 10, None).await;
        assert_eq!(found.items, [], "{part}");
    }
    assert_eq!(list(&store, &with_part("@"), 10, None).await.items.len(), 2);
}

/// And who is suspended is found by that.
pub async fn a_suspension_comes_and_goes_and_nothing_else_changes(store: StorePort) {
    let [one, other] = some_users(&store).await;
    for (since, now) in [(Some(at(5)), at(5)), (None, at(6))] {
        let mut unit = begin(&store).await;
        unit.users()
            .set_suspended(one.id, since, now)
            .await
            .unwrap();
        commit(unit).await;
        let expected = User {
            suspended_at: since,
            updated_at: now,
            ..one.clone()
        };
        assert_eq!(find_user(&store, one.id).await, Some(expected.clone()));
        assert_eq!(find_user(&store, other.id).await, Some(other.clone()));
        let suspended = UserFilter {
            part: None,
            suspended: true,
        };
        let found = list(&store, &suspended, 10, None).await.items;
        let all: &[User] = std::slice::from_ref(&expected);
        assert_eq!(found, if since.is_some() { all } else { &[] });
    }
}
