//! A workspace with all sorts of people, and what a naive reader finds in its directory.

use std::cmp::Ordering;

use kogents_domain::access::{Role, SystemRole};
use kogents_domain::auth::User;
use kogents_domain::text::search_key;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{
    DirectoryEntry, DirectoryQuery, DirectorySort, Invitation, Membership, MembershipStatus,
};
use uuid::Uuid;

use super::invitations;
use super::support::{StorePort, at};
use super::team::{Team, some_team};
use crate::builders::{a_user, an_invitation, unique_word};

use MembershipStatus::{Active, Inactive, Pending, Suspended};

/// Of whoever is a member; an invitation has none.
type Status = Option<MembershipStatus>;

/// Name, beginning of the address, role, when it was made and when changed, and the status of a
/// member; whoever has none is invited. By names that differ in case and accents only, by moments,
/// by roles and by statuses some are equal, across both kinds.
#[rustfmt::skip]
const PEOPLE: [(&str, &str, SystemRole, i64, i64, Status); 18] = [
    ("Mesut \u{D6}zil",         "mesut",         SystemRole::Agent,   5, 9, Some(Active)),
    ("\u{D6}zil Mesut",         "Zweiter",       SystemRole::Agent,   5, 9, None),
    ("Ozil",                    "\u{C9}mile",    SystemRole::Viewer,  5, 7, Some(Suspended)),
    ("\u{D6}ZIL",               "emil",          SystemRole::Viewer,  5, 7, None),
    ("o\u{308}zil",             "EMILIA",        SystemRole::Manager, 6, 6, Some(Inactive)),
    ("ozilla",                  "x+tag",         SystemRole::Manager, 4, 8, None),
    ("Zo\u{EB}",                "zoe",           SystemRole::Agent,   4, 8, Some(Inactive)),
    ("zoe",                     "zoe.b",         SystemRole::Agent,   4, 4, Some(Active)),
    ("ZOE",                     "zoe.a",         SystemRole::Agent,   7, 7, None),
    ("\u{674E}\u{5C0F}\u{9F8D}", "bruce",        SystemRole::Viewer,  3, 9, Some(Active)),
    ("\u{674E}",                "li",            SystemRole::Viewer,  8, 9, None),
    ("O'Neil-Smith Jr.",        "o'neil",        SystemRole::Agent,   2, 2, Some(Pending)),
    ("100% _x",                 "_per%cent",     SystemRole::Agent,   2, 3, Some(Suspended)),
    ("1000",                    "xper",          SystemRole::Agent,   2, 3, None),
    ("\u{10FFFF}\u{10FFFF}",    "last",          SystemRole::Viewer,  1, 1, Some(Active)),
    ("\u{10FFFF}",              "laster",        SystemRole::Viewer,  1, 1, None),
    ("\u{1F680}",               "rocket",        SystemRole::Agent,   9, 9, Some(Active)),
    ("\u{FB01}n",               "fin",           SystemRole::Agent,   9, 9, None),
];

/// One of the directory, as the naive reader knows them.
pub(crate) struct Line {
    pub(crate) entry: DirectoryEntry,
    id: Uuid,
    name: String,
    email: String,
    status: &'static str,
    made: (Timestamp, Timestamp),
}

impl Line {
    pub(crate) fn member(user: User, membership: Membership, role: &Role) -> Self {
        Self {
            id: *user.id.as_uuid(),
            name: search_key(user.name.as_str()),
            email: search_key(user.email.normalised()),
            status: membership.status.as_str(),
            made: (membership.created_at, membership.updated_at),
            entry: DirectoryEntry::Member {
                user: Box::new(user),
                membership,
                role: role.clone(),
                last_active_at: None,
            },
        }
    }

    pub(crate) fn invited(invitation: Invitation, role: &Role) -> Self {
        Self {
            id: *invitation.id.as_uuid(),
            name: search_key(invitation.name.as_str()),
            email: search_key(invitation.email.normalised()),
            status: Pending.as_str(),
            made: (invitation.created_at, invitation.updated_at),
            entry: DirectoryEntry::Invited {
                invitation: Box::new(invitation),
                role: role.clone(),
            },
        }
    }

    fn matches(&self, query: &DirectoryQuery) -> bool {
        let is_found = query.search.as_ref().is_none_or(|prefix| {
            let prefix = prefix.as_str();
            self.name.starts_with(prefix) || self.email.starts_with(prefix)
        });
        let status = query.status.map(MembershipStatus::as_str);
        is_found
            && status.is_none_or(|status| status == self.status)
            && query.role_id.is_none_or(|id| id == self.entry.role().id)
    }

    fn by(&self, other: &Self, sort: DirectorySort) -> Ordering {
        let by_key = match sort {
            DirectorySort::CreatedAt => self.made.0.cmp(&other.made.0),
            DirectorySort::UpdatedAt => self.made.1.cmp(&other.made.1),
            DirectorySort::Name => self.name.cmp(&other.name),
            DirectorySort::Email => self.email.cmp(&other.email),
            DirectorySort::Status => self.status.cmp(other.status),
        };
        by_key.then(self.id.cmp(&other.id))
    }
}

/// Everybody whom a query is about, in its order, over all pages.
pub(crate) fn found(lines: &[Line], query: &DirectoryQuery) -> Vec<DirectoryEntry> {
    let mut matching: Vec<&Line> = lines.iter().filter(|line| line.matches(query)).collect();
    matching.sort_by(|one, two| {
        let ascending = one.by(two, query.sort);
        if query.descending {
            ascending.reverse()
        } else {
            ascending
        }
    });
    matching.iter().map(|line| line.entry.clone()).collect()
}

/// A team with [`PEOPLE`], and another with some of the same names.
pub(crate) async fn some_crowd(store: &StorePort) -> (Team, Vec<Line>) {
    let (team, other) = (some_team(store).await, some_team(store).await);
    let admin = team.role(SystemRole::Admin);
    let membership = team.membership(store, team.admin.id).await.unwrap();
    let mut lines = vec![Line::member(team.admin.clone(), membership, admin)];
    for (name, local, system, made, changed, status) in PEOPLE {
        let email = format!("{local}-{}@Example.com", unique_word());
        lines.push(added(store, &team, (name, &email, system, made, changed), status).await);
        let namesake = format!("{local}-{}@Example.com", unique_word());
        added(
            store,
            &other,
            (name, &namesake, system, made, changed),
            status,
        )
        .await;
    }
    (team, lines)
}

async fn added(
    store: &StorePort,
    team: &Team,
    (name, email, system, made, changed): (&str, &str, SystemRole, i64, i64),
    status: Status,
) -> Line {
    let role = team.role(system);
    if let Some(status) = status {
        let user = a_user().name(name).email(email).build();
        let membership = team
            .join_as(store, &user, role, |built| {
                built
                    .status(status)
                    .since(at(made))
                    .with(|membership| membership.updated_at = at(changed))
            })
            .await;
        return Line::member(user, membership, role);
    }
    let invitation = an_invitation(role, team.admin.id)
        .name(name)
        .email(email)
        .made_at(at(made))
        .with(|invitation| invitation.updated_at = at(changed))
        .build();
    invitations::insert(store, team, &invitation).await;
    Line::invited(invitation, role)
}
