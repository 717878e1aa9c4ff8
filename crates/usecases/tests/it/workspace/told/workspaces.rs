//! What is told of workspaces themselves, and of who comes over to them.

use std::sync::Arc;

use kogents_domain::access::PermissionSet;
use kogents_domain::access::SystemRole;
use kogents_domain::audit::{AuditEntry, AuditTarget};
use kogents_domain::auth::{EnteredPassword, Language};
use kogents_domain::ids::WorkspaceId;
use kogents_domain::limits::LimitLedger;
use kogents_domain::signup::WorkspaceDraft;
use kogents_domain::workspace::{
    Branding, BrandingChange, Slug, Theme, WorkspaceChange, WorkspaceName,
};
use kogents_testkit::builders::a_membership;
use kogents_testkit::fakes::{FakeDigester, FakeHasher};
use kogents_usecases::auth::{Caller, Reauthenticate};
use kogents_usecases::workspace::{
    AddWorkspace, AddWorkspaceCommand, AddWorkspaceError, DeleteWorkspace, DeleteWorkspaceCommand,
    DeleteWorkspaceError, Member, SwitchWorkspace, SwitchWorkspaceCommand, UpdateWorkspace,
    UpdateWorkspaceCommand, UpdateWorkspaceError,
};
use serde_json::json;

use crate::support::{By, PASSWORD, WRONG_PASSWORD, client_ip, lost, random};
use crate::workspace::crew::Crew;

fn caller(member: Member) -> Caller {
    Caller {
        user_id: member.user_id,
        session_id: member.session_id,
        workspace_id: Some(member.workspace_id),
        held: PermissionSet::EMPTY,
        ip_address: member.ip_address,
    }
}

fn update_workspace(crew: &Crew) -> UpdateWorkspace {
    UpdateWorkspace {
        store: crew.tenants.store(),
        audit: crew.tenants.audit(),
        clock: crew.tenants.clock(),
    }
}

fn changing(crew: &Crew, change: WorkspaceChange) -> UpdateWorkspaceCommand {
    UpdateWorkspaceCommand {
        member: crew.tenants.admin,
        id: crew.tenants.acme.id(),
        change,
    }
}

fn draft(slug: &str) -> WorkspaceDraft {
    WorkspaceDraft {
        name: WorkspaceName::parse("Second").unwrap(),
        slug: Slug::parse(slug).unwrap(),
        branding: Branding::default(),
    }
}

fn add_workspace(crew: &Crew) -> AddWorkspace {
    AddWorkspace {
        store: crew.tenants.store(),
        digester: Arc::new(FakeDigester),
        ids: crew.tenants.ids(),
        random: random(),
        audit: crew.tenants.audit(),
        clock: crew.tenants.clock(),
    }
}

fn delete_workspace(crew: &Crew) -> DeleteWorkspace {
    DeleteWorkspace {
        reauthenticate: Arc::new(Reauthenticate {
            credentials: crew.accept_invitation().credentials,
            store: crew.tenants.store(),
        }),
        store: crew.tenants.store(),
        gate: crew.tenants.gate(),
        audit: crew.tenants.audit(),
        clock: crew.tenants.clock(),
    }
}

fn deleting(crew: &Crew, password: &str) -> DeleteWorkspaceCommand {
    DeleteWorkspaceCommand {
        member: crew.tenants.admin,
        id: crew.tenants.acme.id(),
        password: EnteredPassword::parse(password).ok(),
        ip_address: client_ip(),
        ledger: LimitLedger::default(),
    }
}

async fn log(crew: &Crew) -> Vec<AuditEntry> {
    crew.tenants.log(crew.tenants.acme.id()).await
}

#[tokio::test]
async fn what_a_workspace_was_and_is_is_told_and_of_its_looks_what_is_another() {
    let crew = Crew::new().await;
    let slug = crew.tenants.acme.workspace.slug.as_str().to_owned();
    let language = |tag: &str| Some(Language::parse(tag).ok());
    let branding = |change| WorkspaceChange {
        branding: Some(Some(change)),
        ..WorkspaceChange::default()
    };
    let named = WorkspaceChange {
        name: WorkspaceName::parse("Acme and Sons").ok(),
        slug: Slug::parse("acme-and-sons").ok(),
        language: language("de"),
        ..branding(BrandingChange {
            theme: Some(Some(Theme::Dark)),
            company_name: Some(Some("Acme".to_owned())),
            ..BrandingChange::default()
        })
    };
    for change in [
        named.clone(),
        // Nothing is another.
        named,
        WorkspaceChange::default(),
        WorkspaceChange {
            language: language("fr"),
            ..WorkspaceChange::default()
        },
        WorkspaceChange {
            language: Some(None),
            ..WorkspaceChange::default()
        },
        branding(BrandingChange {
            theme: Some(None),
            ..BrandingChange::default()
        }),
        WorkspaceChange {
            branding: Some(None),
            ..WorkspaceChange::default()
        },
    ] {
        let command = changing(&crew, change);
        update_workspace(&crew).run(command).await.unwrap();
    }

    let by = By::member(crew.tenants.admin);
    let workspace = AuditTarget::from(crew.tenants.acme.id());
    let changed = |details| by.did("workspace.changed", workspace, details);
    let rebranded = |members: &[&str]| {
        let details = json!({ "changed": members });
        by.did("workspace.branding_changed", workspace, details)
    };
    let first = json!({
        "nameFrom": "Acme", "nameTo": "Acme and Sons",
        "slugFrom": slug, "slugTo": "acme-and-sons",
        "languageTo": "de",
    });
    let told = [
        changed(first),
        rebranded(&["companyName", "theme"]),
        changed(json!({ "languageFrom": "de", "languageTo": "fr" })),
        changed(json!({ "languageFrom": "fr" })),
        rebranded(&["theme"]),
        rebranded(&["companyName"]),
    ];
    assert_eq!(log(&crew).await, told);
}

#[tokio::test]
async fn a_further_workspace_is_told_of_in_its_own_log() {
    let crew = Crew::new().await;
    let agent = crew.tenants.agent;
    let command = AddWorkspaceCommand {
        caller: caller(agent),
        draft: draft("second-one"),
    };
    let made = add_workspace(&crew).run(command).await.unwrap();

    let id = made.workspace.id;
    let by = By::member(agent).in_log(id);
    let [created, joined, token] = crew.tenants.log(id).await.try_into().unwrap();
    let named = json!({ "name": "Second", "slug": "second-one" });
    assert_eq!(
        created,
        by.did("workspace.created", AuditTarget::from(id), named)
    );
    let whom = AuditTarget::from(agent.user_id);
    let role = json!({ "role": "admin" });
    assert_eq!(joined, by.did("member.joined", whom, role));
    let prefix = made.api_token.secret().expose()[..8].to_owned();
    let prefix = json!({ "prefix": prefix });
    assert_eq!(token, by.did("api_token.created", token.target, prefix));
    assert_eq!(log(&crew).await, []);
}

#[tokio::test]
async fn who_comes_over_is_told_of_there_and_who_stays_nowhere() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let agent = tenants.agent;
    let mut unit = tenants.change().await;
    let there = a_membership(agent.user_id, tenants.other.role(SystemRole::Viewer));
    unit.memberships().insert(&there.build()).await.unwrap();
    unit.commit().await.unwrap();
    let switch = SwitchWorkspace {
        store: tenants.store(),
        minter: crew.accept_invitation().minter,
        gate: tenants.gate(),
        audit: tenants.audit(),
        clock: tenants.clock(),
    };
    let go = |workspace_id: WorkspaceId| SwitchWorkspaceCommand {
        caller: caller(agent),
        workspace_id,
    };
    // The second time the session is there already.
    for _ in 0..2 {
        switch.run(go(tenants.other.id())).await.unwrap();
    }

    let by = By::member(agent).in_log(tenants.other.id());
    let session = AuditTarget::from(agent.session_id);
    let moved = by.did("session.moved", session, json!({}));
    assert_eq!(tenants.log(tenants.other.id()).await, [moved]);
    assert_eq!(log(&crew).await, []);
}

#[tokio::test]
async fn a_workspace_that_is_deleted_is_told_of_after_a_wrong_password_was() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let admin = tenants.admin;
    let mut unit = tenants.look().await;
    let user = unit.users().find(admin.user_id).await.unwrap().unwrap();
    drop(unit);
    Crew::set_password(&tenants.store(), &user, &FakeHasher::hash_of(PASSWORD)).await;
    let delete = delete_workspace(&crew);
    let wrong = delete.run(deleting(&crew, WRONG_PASSWORD)).await;
    assert!(matches!(
        wrong,
        Err(DeleteWorkspaceError::Reauthentication(_))
    ));
    delete.run(deleting(&crew, PASSWORD)).await.unwrap();

    let by = By::member(admin);
    let rejected = by.did(
        "password.rejected",
        AuditTarget::from(admin.user_id),
        json!({}),
    );
    let deleted = by.did(
        "workspace.deleted",
        AuditTarget::from(tenants.acme.id()),
        json!({}),
    );
    // The session that asked for it goes on, in no workspace.
    let ended = [tenants.manager, tenants.agent, tenants.viewer].map(|member| {
        let session = AuditTarget::from(member.session_id);
        by.did("session.ended", session, json!({ "reason": "removed" }))
    });
    let mut told = vec![rejected, deleted];
    told.extend(ended);
    assert_eq!(log(&crew).await, told);
}

#[tokio::test]
async fn what_is_refused_or_rolled_back_is_not_told() {
    let crew = Crew::new().await;
    let tenants = &crew.tenants;
    let taken = tenants.other.workspace.slug.clone();
    let change = WorkspaceChange {
        slug: Some(taken.clone()),
        ..WorkspaceChange::default()
    };
    let refused = update_workspace(&crew)
        .run(changing(&crew, change.clone()))
        .await;
    assert_eq!(refused, Err(UpdateWorkspaceError::SlugTaken));
    let losing = UpdateWorkspace {
        store: tenants.store_that_loses(),
        ..update_workspace(&crew)
    };
    let free = WorkspaceChange {
        slug: Slug::parse("nobodys-own").ok(),
        ..change
    };
    let refused = losing.run(changing(&crew, free)).await;
    assert_eq!(refused, Err(UpdateWorkspaceError::Store(lost())));
    let command = AddWorkspaceCommand {
        caller: caller(tenants.admin),
        draft: draft(taken.as_str()),
    };
    let refused = add_workspace(&crew).run(command).await;
    assert_eq!(refused, Err(AddWorkspaceError::SlugTaken));
    assert_eq!(log(&crew).await, []);
}
