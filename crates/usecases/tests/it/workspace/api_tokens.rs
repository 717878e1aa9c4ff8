//! A workspace's API token: making and revoking it, and what shows by it.

use std::sync::Arc;

use kogents_domain::access::SystemRole;
use kogents_domain::audit::{AuditEntry, AuditFilter};
use kogents_domain::ids::WorkspaceId;
use kogents_domain::limits::{LimitLedger, LimitRule, LimitRules, LimitSubject};
use kogents_domain::page::PageLimit;
use kogents_domain::workspace::{API_TOKEN_PERMISSIONS, ApiToken, ApiTokenSecret, DirectorySort};
use kogents_testkit::fakes::AskedOfLimiter::Take;
use kogents_testkit::fakes::{FakeDigester, FakeLimiter, FakeRandom};
use kogents_usecases::access::{ListPermissions, ListRoles};
use kogents_usecases::limits::{Limited, RateLimits};
use kogents_usecases::workspace::{
    AuthenticateApiToken, AuthenticateApiTokenCommand, AuthenticateApiTokenError, CreateApiToken,
    CreateApiTokenCommand, CreateApiTokenError, ListPeople, ListPeopleCommand, Member,
    ReadWorkspace, ReadWorkspaceError, RevokeApiToken, RevokeApiTokenCommand, RevokeApiTokenError,
    Viewer,
};
use serde_json::json;

use crate::support::{Bench, By, Noted, T0, Tenants, lost, secs, without_ids};

/// A workspace's tokens, and what counts their requests.
struct Tokens {
    tenants: Tenants,
    limiter: Arc<FakeLimiter>,
    random: Arc<FakeRandom>,
}

impl Tokens {
    async fn new() -> Self {
        Self {
            tenants: Tenants::new().await,
            limiter: Arc::default(),
            random: Arc::default(),
        }
    }

    fn create(&self) -> CreateApiToken {
        CreateApiToken {
            store: self.tenants.store(),
            digester: Arc::new(FakeDigester),
            ids: self.tenants.ids(),
            random: self.random.clone(),
            audit: self.tenants.audit(),
            clock: self.tenants.clock(),
        }
    }

    async fn made_by(&self, member: Member) -> Result<ApiTokenSecret, CreateApiTokenError> {
        let id = member.workspace_id;
        self.create()
            .run(CreateApiTokenCommand { member, id })
            .await
    }

    async fn revoked_by(&self, member: Member) -> Result<(), RevokeApiTokenError> {
        let revoke = RevokeApiToken {
            store: self.tenants.store(),
            audit: self.tenants.audit(),
            clock: self.tenants.clock(),
        };
        let id = member.workspace_id;
        revoke.run(RevokeApiTokenCommand { member, id }).await
    }

    async fn shown(
        &self,
        token: &ApiTokenSecret,
    ) -> Result<WorkspaceId, AuthenticateApiTokenError> {
        let authenticate = AuthenticateApiToken {
            digester: Arc::new(FakeDigester),
            store: self.tenants.store(),
            limits: Arc::new(RateLimits {
                limiter: Noted::new(&self.tenants.journal, self.limiter.clone()),
                local: Noted::new(&self.tenants.journal, self.limiter.clone()),
                rules: LimitRules::default(),
                local_rules: LimitRules::default(),
                digester: Arc::new(FakeDigester),
            }),
            clock: self.tenants.clock(),
        };
        let command = AuthenticateApiTokenCommand {
            token: token.clone(),
            ledger: LimitLedger::default(),
        };
        authenticate.run(command).await
    }

    async fn kept(&self, token: &ApiTokenSecret) -> Option<ApiToken> {
        use kogents_domain::digest::Digester as _;
        let digest = FakeDigester.random_secret(token.secret());
        let mut unit = self.tenants.look().await;
        unit.api_tokens().find_by_digest(&digest).await.unwrap()
    }
}

/// What is told in a workspace's log, the oldest first.
async fn told_in(tenants: &Tenants, workspace: WorkspaceId) -> Vec<AuditEntry> {
    let mut unit = tenants.look().await;
    let (filter, limit) = (AuditFilter::default(), PageLimit::LARGEST);
    let page = unit.audit().list(workspace, filter, limit, None).await;
    let newest_first = page.unwrap().items.into_iter();
    without_ids(newest_first.rev().map(|record| record.entry))
}

#[tokio::test]
async fn a_token_shows_its_workspace_until_another_is_made_or_it_is_revoked() {
    let tokens = Tokens::new().await;
    let (admin, stranger) = (tokens.tenants.admin, tokens.tenants.stranger);
    let first = tokens.made_by(admin).await.unwrap();
    let theirs = tokens.made_by(stranger).await.unwrap();
    assert_eq!(tokens.shown(&first).await, Ok(admin.workspace_id));
    assert_eq!(tokens.shown(&theirs).await, Ok(stranger.workspace_id));
    let kept = tokens.kept(&first).await.unwrap();
    assert_eq!(kept.prefix, first.prefix());
    assert_eq!((kept.created_at, kept.revoked_at), (T0, None));

    let second = tokens.made_by(admin).await.unwrap();
    assert_ne!(first, second);
    let invalid = Err(AuthenticateApiTokenError::Invalid);
    assert_eq!(tokens.shown(&first).await, invalid);
    assert_eq!(tokens.shown(&second).await, Ok(admin.workspace_id));

    for _ in 0..2 {
        // Also when there is none.
        assert_eq!(tokens.revoked_by(admin).await, Ok(()));
        assert_eq!(tokens.shown(&second).await, invalid);
    }
    assert_eq!(tokens.shown(&theirs).await, Ok(stranger.workspace_id));
    let by = By::member(admin);
    let second_id = tokens.kept(&second).await.unwrap().id;
    let made = |kept: &ApiToken| {
        by.did(
            "api_token.created",
            Some(kept.id.into()),
            json!({ "prefix": kept.prefix }),
        )
    };
    let expected = [
        made(&kept),
        made(&tokens.kept(&second).await.unwrap()),
        by.did("api_token.revoked", Some(second_id.into()), json!({})),
    ];
    let told = told_in(&tokens.tenants, admin.workspace_id).await;
    assert_eq!(told, expected);
    tokens.tenants.journal.assert_units_are_undisturbed();
}

#[tokio::test]
async fn a_token_is_looked_up_each_time_and_nothing_is_written() {
    let tokens = Tokens::new().await;
    let token = tokens.made_by(tokens.tenants.admin).await.unwrap();
    let id = tokens.kept(&token).await.unwrap().id;
    let before = tokens.tenants.journal.entries().len();
    for _ in 0..2 {
        tokens.shown(&token).await.unwrap();
    }
    let did = tokens.tenants.journal.entries().split_off(before);
    let once = ["read System", "close", "take limits"];
    assert_eq!(did, [once, once].concat());
    let counted = Take(vec![(
        LimitRule::GeneralSession,
        LimitSubject::ApiToken(id),
    )]);
    assert_eq!(tokens.limiter.asked(), [counted.clone(), counted]);

    tokens.limiter.refuse(LimitRule::GeneralSession, secs(3));
    let limited = AuthenticateApiTokenError::Limited(Limited { wait: secs(3) });
    assert_eq!(tokens.shown(&token).await, Err(limited));
    // One that is none is not counted here.
    let other = ApiTokenSecret::parse(&format!("kgw_{}", "A".repeat(43))).unwrap();
    let refused = tokens.shown(&other).await;
    assert_eq!(refused, Err(AuthenticateApiTokenError::Invalid));
    assert_eq!(tokens.limiter.asked().len(), 3);
}

#[tokio::test]
async fn s23_nobody_makes_a_token_that_may_do_more_than_they() {
    let tokens = Tokens::new().await;
    let tenants = &tokens.tenants;
    for left_out in API_TOKEN_PERMISSIONS {
        let mut names = vec!["workspace:create".to_owned(), "workspace:delete".to_owned()];
        let lent = API_TOKEN_PERMISSIONS.into_iter();
        let rest = lent.filter(|permission| *permission != left_out);
        names.extend(rest.map(|permission| permission.name().as_str().to_owned()));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let title = format!("All but {}", left_out.name().as_str().replace(':', " "));
        let role = tenants.role(&tenants.acme, &title, &names).await;
        let member = tenants.join(&role).await;
        let refused = tokens.made_by(member).await;
        assert_eq!(refused, Err(CreateApiTokenError::CannotGrant), "{title}");
        // Taking it away gives nobody anything.
        assert_eq!(tokens.revoked_by(member).await, Ok(()));
    }
    let lent = API_TOKEN_PERMISSIONS.map(|permission| permission.name());
    let mut names: Vec<&str> = lent.iter().map(|name| name.as_str()).collect();
    names.push("workspace:create");
    let role = tenants.role(&tenants.acme, "Just enough", &names).await;
    let member = tenants.join(&role).await;
    assert!(tokens.made_by(member).await.is_ok());
    // The right may be gone by now, and is not every right.
    let refused = tokens.revoked_by(member).await;
    assert_eq!(refused, Err(RevokeApiTokenError::NotFound));
    let refused = tokens.made_by(tenants.viewer).await;
    assert_eq!(refused, Err(CreateApiTokenError::NotFound));
    assert_eq!(tenants.journal.count("commit"), 1);
}

#[tokio::test]
async fn s20_another_workspace_is_none() {
    let tokens = Tokens::new().await;
    let (admin, stranger) = (tokens.tenants.admin, tokens.tenants.stranger);
    let theirs = tokens.made_by(stranger).await.unwrap();
    let id = stranger.workspace_id;
    let command = CreateApiTokenCommand { member: admin, id };
    let refused = tokens.create().run(command).await;
    assert_eq!(refused, Err(CreateApiTokenError::NotFound));
    let revoke = RevokeApiToken {
        store: tokens.tenants.store(),
        audit: tokens.tenants.audit(),
        clock: tokens.tenants.clock(),
    };
    let command = RevokeApiTokenCommand { member: admin, id };
    let refused = revoke.run(command).await;
    assert_eq!(refused, Err(RevokeApiTokenError::NotFound));
    assert_eq!(tokens.shown(&theirs).await, Ok(id));
}

#[tokio::test]
async fn the_workspace_itself_sees_what_a_member_who_may_see_it_does() {
    let tokens = Tokens::new().await;
    let tenants = &tokens.tenants;
    let own = tenants
        .own_permission(&tenants.acme, "reports:export")
        .await;
    tenants
        .role(&tenants.other, "Foreign", &["chat:read"])
        .await;
    let by_token = Viewer::Workspace(tenants.acme.id());
    let by_member = Viewer::from(tenants.admin);
    let begun = tenants.journal.entries().len();

    let read = ReadWorkspace {
        store: tenants.store(),
    };
    let id = tenants.acme.id();
    let details = read.run(by_token, id).await.unwrap();
    assert_eq!(details, read.run(by_member, id).await.unwrap());
    let refused = read.run(by_token, tenants.other.id()).await;
    assert_eq!(refused, Err(ReadWorkspaceError::NotFound));

    let list = ListPeople {
        store: tenants.store(),
    };
    let everybody = |viewer| ListPeopleCommand {
        viewer,
        search: None,
        status: None,
        role: None,
        sort: DirectorySort::CreatedAt,
        descending: false,
        page: 1,
        limit: PageLimit::DEFAULT,
    };
    let page = list.run(everybody(by_token)).await.unwrap();
    assert_eq!(page.total, 4);
    assert_eq!(page, list.run(everybody(by_member)).await.unwrap());

    let list = ListRoles {
        store: tenants.store(),
    };
    let roles = list.run(by_token).await.unwrap();
    assert_eq!(roles.len(), SystemRole::ALL.len());
    assert_eq!(roles, list.run(by_member).await.unwrap());

    let list = ListPermissions {
        store: tenants.store(),
    };
    let permissions = list.run(by_token).await.unwrap();
    assert!(permissions.contains(&own));
    assert_eq!(permissions, list.run(by_member).await.unwrap());
    let scopes = tenants.journal.entries().split_off(begun);
    let read_as = |scope: &str| scopes.iter().filter(|entry| *entry == scope).count();
    assert_eq!((read_as("read Workspace"), read_as("read Member")), (4, 4));
}

#[tokio::test]
async fn a_store_that_is_away_is_told() {
    let bench = Bench::new();
    bench.read_fails(lost());
    let authenticate = AuthenticateApiToken {
        digester: bench.digester(),
        store: bench.store(),
        limits: bench.limits(),
        clock: bench.clock(),
    };
    let command = AuthenticateApiTokenCommand {
        token: ApiTokenSecret::parse(&format!("kgw_{}", "A".repeat(43))).unwrap(),
        ledger: LimitLedger::default(),
    };
    let refused = authenticate.run(command).await;
    assert_eq!(refused, Err(AuthenticateApiTokenError::Store(lost())));
    bench.finish();
}
