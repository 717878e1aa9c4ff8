//! Looking at the people of a workspace.

use kogents_domain::access::SystemRole;
use kogents_domain::ids::UserId;
use kogents_domain::page::PageLimit;
use kogents_domain::workspace::{
    DirectoryEntry, DirectoryId, DirectorySort, MembershipStatus, SearchPrefix,
};
use kogents_testkit::builders::unique_id;
use kogents_usecases::workspace::{
    ListPeople, ListPeopleCommand, Member, Person, ReadPerson, ReadPersonError,
};

use super::crew::Crew;

fn everybody(member: Member) -> ListPeopleCommand {
    ListPeopleCommand {
        viewer: member.into(),
        search: None,
        status: None,
        role: None,
        sort: DirectorySort::CreatedAt,
        descending: false,
        page: 1,
        limit: PageLimit::DEFAULT,
    }
}

fn ids(people: &[Person]) -> Vec<String> {
    let id = |person: &Person| match &person.entry {
        DirectoryEntry::Member { user, .. } => user.id.to_string(),
        DirectoryEntry::Invited { invitation, .. } => invitation.id.to_string(),
    };
    let mut ids: Vec<_> = people.iter().map(id).collect();
    ids.sort_unstable();
    ids
}

#[tokio::test]
async fn everybody_of_the_workspace_is_listed_and_nobody_else() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let agent = tenants.acme.role(SystemRole::Agent);
    let (invited, _) = crew.invite(tenants.admin, "grace@example.com", agent).await;
    let list = ListPeople {
        store: tenants.store(),
    };

    let page = list.run(everybody(tenants.viewer)).await.unwrap();

    let members = [
        tenants.admin,
        tenants.manager,
        tenants.agent,
        tenants.viewer,
    ];
    let mut expected: Vec<_> = members.map(|member| member.user_id.to_string()).into();
    expected.push(invited.to_string());
    expected.sort_unstable();
    assert_eq!(ids(&page.people), expected);
    assert_eq!(page.total, 5);
    for person in &page.people {
        let held = person.entry.role().permissions(&[], &[]);
        assert_eq!(person.permissions.to_vec(), held);
        assert_eq!(*person.workspace, tenants.acme.workspace);
    }
}

#[tokio::test]
async fn a_list_is_narrowed_by_role_status_and_the_beginning_of_an_address() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let agent = tenants.acme.role(SystemRole::Agent);
    let viewer = tenants.acme.role(SystemRole::Viewer);
    let (invited, _) = crew.invite(tenants.admin, "grace@example.com", agent).await;
    let aside = tenants.put(viewer, MembershipStatus::Inactive).await;
    let list = ListPeople {
        store: tenants.store(),
    };
    let all = || everybody(tenants.admin);
    let foreign = tenants.other.role(SystemRole::Agent);
    let by_role = |text: &str| ListPeopleCommand {
        role: Some(text.to_owned()),
        ..all()
    };
    let agents = vec![tenants.agent.user_id.to_string(), invited.to_string()];
    for (command, mut expected) in [
        (by_role("agent"), agents.clone()),
        (by_role(&agent.id.to_string()), agents),
        (by_role(&foreign.id.to_string()), vec![]),
        (by_role("nonsense"), vec![]),
        (by_role("\0"), vec![]),
        (by_role(""), vec![]),
        (
            ListPeopleCommand {
                status: Some(MembershipStatus::Pending),
                ..all()
            },
            vec![invited.to_string()],
        ),
        (
            ListPeopleCommand {
                status: Some(MembershipStatus::Inactive),
                ..all()
            },
            vec![aside.to_string()],
        ),
        (
            ListPeopleCommand {
                search: SearchPrefix::parse("GRACE@ex").unwrap(),
                ..all()
            },
            vec![invited.to_string()],
        ),
    ] {
        let told = format!("{command:?}");
        let page = list.run(command).await.unwrap();
        expected.sort_unstable();
        assert_eq!(ids(&page.people), expected, "{told}");
        assert_eq!(page.total, u64::try_from(expected.len()).unwrap());
    }
}

#[tokio::test]
async fn pages_follow_each_other_and_one_past_the_end_is_empty() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let list = ListPeople {
        store: tenants.store(),
    };
    let mut seen = Vec::new();
    for page in 1..=3 {
        let command = ListPeopleCommand {
            page,
            limit: PageLimit::new(2).unwrap(),
            ..everybody(tenants.admin)
        };
        let page = list.run(command).await.unwrap();
        assert_eq!(page.total, 4);
        seen.push(page.people);
    }
    let sizes: Vec<_> = seen.iter().map(Vec::len).collect();
    assert_eq!(sizes, [2, 2, 0]);
    let mut all = ids(&seen.concat());
    all.dedup();
    assert_eq!(all.len(), 4);
    for page in [9_999_999_999_999, u64::MAX] {
        let command = ListPeopleCommand {
            page,
            ..everybody(tenants.admin)
        };
        let page = list.run(command).await.unwrap();
        assert_eq!((page.people, page.total), (vec![], 4));
    }
}

#[tokio::test]
async fn what_a_role_of_the_workspaces_own_holds_is_shown_with_it() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let own = tenants
        .own_permission(&tenants.acme, "reports:export")
        .await;
    let names = ["reports:export", "chat:read"];
    let role = tenants.role(&tenants.acme, "Reporters", &names).await;
    let reporter = tenants.join(&role).await;
    let read = ReadPerson {
        store: tenants.store(),
    };
    let held = |person: &Person| -> Vec<String> {
        let names = person.permissions.iter();
        names.map(|held| held.name.as_str().to_owned()).collect()
    };
    let person = read
        .run(tenants.viewer, reporter.user_id.into())
        .await
        .unwrap();
    assert_eq!(held(&person), ["chat:read", "reports:export"]);
    // The admin holds it as well.
    let person = read
        .run(tenants.viewer, tenants.admin.user_id.into())
        .await
        .unwrap();
    assert!(person.permissions.contains(&own));
}

#[tokio::test]
async fn one_is_shown_under_their_own_id_and_only_here() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let agent = tenants.acme.role(SystemRole::Agent);
    let (invited, _) = crew.invite(tenants.admin, "grace@example.com", agent).await;
    let invited = DirectoryId::parse(&invited.to_string()).unwrap();
    let read = ReadPerson {
        store: tenants.store(),
    };
    let person = read.run(tenants.viewer, invited).await.unwrap();
    assert!(matches!(person.entry, DirectoryEntry::Invited { .. }));
    let person = read.run(tenants.viewer, tenants.agent.user_id.into()).await;
    let DirectoryEntry::Member { user, .. } = person.unwrap().entry else {
        panic!("invited");
    };
    assert_eq!(user.id, tenants.agent.user_id);
    for unknown in [tenants.stranger.user_id, UserId::from_uuid(unique_id())] {
        let nobody = read.run(tenants.viewer, unknown.into()).await;
        assert_eq!(nobody, Err(ReadPersonError::NotFound));
    }
    let foreign = read.run(tenants.stranger, invited).await;
    assert_eq!(foreign, Err(ReadPersonError::NotFound));
}
