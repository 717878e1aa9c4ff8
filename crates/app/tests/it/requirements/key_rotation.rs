//! S9 and S14: keys are replaced while servers run. The order is that of `.env.example`: first
//! every server gets the new key beside the old one, then the two change places.

use std::time::Duration;

use kogents::config::{Config, Keys};
use kogents_adapter_crypto::KeyMaterial;
use kogents_domain::auth::{EmailAddress, Language};
use kogents_domain::mail::MailMessage;
use kogents_domain::secret::SecretText;
use kogents_domain::store::Scope;
use kogents_usecases::mail::MailDesk;
use serde_json::json;

use crate::support::{Backend, Client, TestApp, on_both};

on_both!(
    s14_tokens_outlive_each_step_of_a_rotation,
    s14_tokens_of_a_key_that_is_gone_are_refused,
    s9_mail_that_was_sealed_with_either_key_is_delivered,
    s9_pinned_the_secret_key_outlives_the_key_it_was_derived_from,
);

const EMAIL: &str = "ada@example.com";

/// The keys that sign and seal, and those that are understood as well.
#[derive(Clone, Copy)]
enum Step {
    /// Before anything is replaced.
    Old,
    /// The old ones sign; the new ones are understood.
    Announced,
    /// The new ones sign; the old ones are understood.
    Swapped,
    /// The old ones are forgotten.
    New,
}

impl Step {
    fn apply(self, config: &mut Config) {
        let secret = |name: &str| Some(SecretText::new(format!("the {name} of these tests")));
        let (current, previous) = match self {
            Self::Old => ("old", None),
            Self::Announced => ("old", Some("new")),
            Self::Swapped => ("new", Some("old")),
            Self::New => ("new", None),
        };
        let now = |kind: &str| secret(&format!("{current} {kind}"));
        let also = |kind: &str| previous.and_then(|age| secret(&format!("{age} {kind}")));
        config.keys = Keys {
            jwt: now("access secret"),
            jwt_refresh: now("refresh secret"),
            encryption_key: now("encryption key"),
            encryption_salt: secret("salt"),
            jwt_previous: also("access secret"),
            jwt_refresh_previous: also("refresh secret"),
            encryption_key_previous: also("encryption key"),
            // Pinned, as whoever replaces the encryption key has to.
            secret_key: secret("secret key"),
            health_token: None,
        };
    }
}

async fn start(backend: &Backend, step: Step) -> TestApp {
    backend.start_with(|config| step.apply(config)).await
}

/// A pair of tokens, and the handle of their session.
struct Tokens {
    access: String,
    refresh: String,
}

impl Tokens {
    async fn of(client: &Client) -> Self {
        let body = client
            .log_in(EMAIL, crate::support::PASSWORD)
            .await
            .expect(200);
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        Self {
            access: text("access_token"),
            refresh: text("refresh_token"),
        }
    }

    /// Uses them, the refresh token as a browser would; gives their successors.
    async fn pass(self, client: &Client) -> Self {
        client
            .get_as(&self.access, "/health/sessions")
            .await
            .expect(200);
        let answer = client.refresh_by_cookie(&self.refresh).await;
        let access = answer.expect(200)["access_token"].clone();
        Self {
            access: access.as_str().unwrap().to_owned(),
            refresh: answer.refresh_cookie().unwrap(),
        }
    }
}

/// Server by server, each restarted once a step, as one that runs alone is.
async fn s14_tokens_outlive_each_step_of_a_rotation(backend: &Backend) {
    let mut app = start(backend, Step::Old).await;
    app.sign_up_and_confirm(EMAIL).await;
    let mut tokens = Tokens::of(&app).await;
    for step in [Step::Announced, Step::Swapped, Step::New] {
        app = app.restart_with(|config| step.apply(config)).await;
        tokens = tokens.pass(&app).await;
        tokens = tokens.pass(&app).await;
    }
}

async fn s14_tokens_of_a_key_that_is_gone_are_refused(backend: &Backend) {
    let app = start(backend, Step::Old).await;
    app.sign_up_and_confirm(EMAIL).await;
    let tokens = Tokens::of(&app).await;
    let app = app.restart_with(|config| Step::New.apply(config)).await;
    let answer = app.get_as(&tokens.access, "/health/sessions").await;
    assert_eq!(answer.problem(401), "invalid_token");
    let answer = app.refresh(&tokens.refresh).await;
    assert_eq!(answer.problem(401), "invalid_refresh_token");
}

/// Two servers, one a step ahead of the other, and whoever comes to one and then the other.
#[tokio::test(flavor = "multi_thread")]
async fn s14_servers_a_step_apart_understand_each_others_tokens() {
    for (here, there) in [
        (Step::Old, Step::Announced),
        (Step::Announced, Step::Swapped),
        (Step::Swapped, Step::New),
    ] {
        let Some(backend) = Backend::servers().await else {
            return;
        };
        let first = start(&backend, here).await;
        // Alone still, so that its own mailbox gets the code.
        first.sign_up_and_confirm(EMAIL).await;
        let second = first.second_with(|config| there.apply(config)).await;
        for (mints, takes) in [(&*first, &*second), (&*second, &*first)] {
            let tokens = Tokens::of(mints).await.pass(takes).await;
            let tokens = tokens.pass(mints).await.pass(takes).await;
            // Whoever ends a session by what one server called it ends it at the other.
            let listed = mints.get_as(&tokens.access, "/health/sessions").await;
            let listed = listed.expect(200)["sessions"].clone();
            let current = listed.as_array().unwrap().iter();
            let current = current.into_iter().find(|one| one["isCurrent"] == true);
            let handle = current.unwrap()["sessionToken"].as_str().unwrap();
            let path = format!("/health/sessions/{handle}");
            takes.delete_as(&tokens.access, &path).await.expect(200);
            let answer = mints.get_as(&tokens.access, "/health/sessions").await;
            assert_eq!(answer.problem(401), "invalid_token");
        }
    }
}

/// Each step of a signup at the other server: what one sealed the other opens and seals again.
#[tokio::test(flavor = "multi_thread")]
async fn s9_a_signup_goes_on_at_servers_a_step_apart() {
    let Some(backend) = Backend::servers().await else {
        return;
    };
    let old = start(&backend, Step::Announced).await;
    let new = old.second_with(|config| Step::Swapped.apply(config)).await;
    for (email, a, b) in [
        ("ada@example.com", &*old, &*new),
        ("bob@example.com", &*new, &*old),
    ] {
        let signup = a.sign_up(email).await;
        b.choose_workspace(&signup, &email[..3]).await;
        let body = json!({ "sessionId": signup });
        a.post("/auth/verify/send-for-session", body.clone())
            .await
            .expect(200);
        let resumed = b.post("/auth/resume", body).await.expect(200);
        assert_eq!(resumed["workspace"]["slug"], email[..3]);
        // Either server may have delivered the mail, into its own mailbox.
        let mailed = async {
            loop {
                for client in [a, b] {
                    if let Some(code) = client.codes(email).await.first() {
                        return code.clone();
                    }
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let code = tokio::time::timeout(Duration::from_secs(20), mailed)
            .await
            .unwrap();
        b.confirm(&signup, &code).await;
    }
}

/// The job is sealed by a server that is gone before it is queued: only the next one can send it.
async fn s9_mail_that_was_sealed_with_either_key_is_delivered(backend: &Backend) {
    for (seals, delivers) in [
        (Step::Old, Step::Announced),
        (Step::Announced, Step::Swapped),
        (Step::Swapped, Step::Announced),
        (Step::Swapped, Step::New),
    ] {
        let app = start(backend, seals).await;
        let adapters = app.adapters();
        let desk = MailDesk {
            sealer: adapters.sealer.clone(),
            digester: adapters.digester.clone(),
            ids: adapters.ids.clone(),
        };
        let message = MailMessage::AccountExists {
            name: "Ada".to_owned(),
        };
        let address = EmailAddress::parse(EMAIL).unwrap();
        let job = desk.job(
            &message.into(),
            &address,
            Language::parse("en").unwrap(),
            app.now(),
        );
        let app = app.restart_with(|config| delivers.apply(config)).await;
        let mut unit = app.store().begin(Scope::System).await.unwrap();
        assert!(unit.outbox().enqueue(&job).await.unwrap());
        unit.commit().await.unwrap();
        app.mail(EMAIL, "account_exists").await;
        app.stop().await;
    }
}

/// `kogents secret-key` prints what is pinned here.
async fn s9_pinned_the_secret_key_outlives_the_key_it_was_derived_from(backend: &Backend) {
    let unpinned = |step: Step, config: &mut Config| {
        step.apply(config);
        config.keys.secret_key = None;
    };
    let app = backend
        .start_with(|config| unpinned(Step::Old, config))
        .await;
    app.sign_up_and_confirm(EMAIL).await;
    let (kept, lost) = (Tokens::of(&app).await, Tokens::of(&app).await);

    let app = app
        .restart_with(|config| {
            unpinned(Step::Old, config);
            let derived = derived_secret_key(&config.keys);
            Step::Swapped.apply(config);
            config.keys.secret_key = Some(derived);
        })
        .await;
    kept.pass(&app).await;
    let app = app
        .restart_with(|config| unpinned(Step::Swapped, config))
        .await;
    let answer = app.refresh(&lost.refresh).await;
    assert_eq!(answer.problem(401), "invalid_refresh_token");
}

fn derived_secret_key(keys: &Keys) -> SecretText {
    let given = |secret: &Option<SecretText>| secret.clone().unwrap();
    KeyMaterial {
        encryption_key: given(&keys.encryption_key),
        encryption_salt: given(&keys.encryption_salt),
        previous_encryption_key: None,
        secret_key: None,
        jwt_secret: given(&keys.jwt),
        jwt_secret_previous: None,
        jwt_refresh_secret: given(&keys.jwt_refresh),
        jwt_refresh_secret_previous: None,
    }
    .effective_secret_key()
}
