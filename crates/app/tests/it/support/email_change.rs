//! A change of address that was asked for and waits for its mailbox.

use kogents_domain::auth::{EmailAddress, TokenPurpose};
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::store::Scope;
use kogents_usecases::auth::EmailChange;
use kogents_usecases::mail::MailedTokens;

use super::TestApp;

/// What is done when a person asks for another address from a session: a token is kept, which this
/// gives as the mail would.
pub(crate) async fn asks_for_address(app: &TestApp, user: &str, session: &str, to: &str) -> String {
    let adapters = app.adapters();
    let tokens = MailedTokens {
        digester: adapters.digester.clone(),
        sealer: adapters.sealer.clone(),
        ids: adapters.ids.clone(),
        random: adapters.random.clone(),
    };
    let change = EmailChange {
        email: EmailAddress::parse(to).unwrap(),
        asked_by: SessionId::parse(session).unwrap(),
    };
    let user = UserId::parse(user).unwrap();
    let purpose = TokenPurpose::ConfirmEmail;
    let (token, kept) = tokens.issue_about(purpose, user, &change, app.now());
    let mut unit = app.store().begin(Scope::System).await.unwrap();
    unit.one_time_tokens().insert(&kept).await.unwrap();
    unit.commit().await.unwrap();
    token.secret().expose().to_owned()
}
