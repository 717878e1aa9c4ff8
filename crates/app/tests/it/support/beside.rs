//! What is looked at on every server of the same stores.

use std::time::Duration;

use kogents_domain::store::Scope;
use serde_json::Value;

use super::test_app::Instance;
use super::{Backend, Client, TestApp};

/// How long something may take that is done in the background.
const LIMIT: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(5);

/// A server, and a second one on the same stores where there may be one.
pub(crate) struct Beside<'a> {
    app: &'a TestApp,
    second: Option<Instance>,
}

impl<'a> Beside<'a> {
    pub(crate) async fn of(backend: &Backend, app: &'a TestApp) -> Self {
        let second = match backend {
            Backend::Embedded => None,
            Backend::Servers { .. } => Some(app.second().await),
        };
        Self { app, second }
    }

    /// The second server; the only one where there is no other.
    pub(crate) fn there(&self) -> &Client {
        self.second.as_deref().unwrap_or(self.app)
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Client> {
        std::iter::once::<&Client>(self.app).chain(self.second.as_deref())
    }

    /// Waits until a mail of a template to an address has arrived, whichever of them delivers it.
    pub(crate) async fn mail(&self, to: &str, template: &str) -> Value {
        within(async || {
            for client in self.all() {
                let mails = client.mailbox(to).await;
                let found = mails.into_iter().find(|mail| mail["template"] == template);
                if found.is_some() {
                    return found;
                }
            }
            None
        })
        .await
    }
}

/// Asks again until there is an answer.
pub(crate) async fn within<T>(ask: impl AsyncFn() -> Option<T>) -> T {
    let answered = async {
        loop {
            match ask().await {
                Some(answer) => return answer,
                None => tokio::time::sleep(POLL).await,
            }
        }
    };
    let answered = tokio::time::timeout(LIMIT, answered).await;
    answered.expect("it comes about")
}

impl TestApp {
    /// Waits until no mail waits that is to be sent: whatever is going to be mailed of what was done
    /// has been.
    pub(crate) async fn mail_is_out(&self) {
        within(async || {
            let mut unit = self.store().read(Scope::System).await.unwrap();
            let now = self.now();
            let depths = unit.outbox_administration().depths(now).await.unwrap();
            let is_out = depths.iter().all(|depth| depth.waiting_since.is_none());
            is_out.then_some(())
        })
        .await;
    }

    /// How many mails of a template have arrived at an address, once there is none that waits.
    pub(crate) async fn mails_of(&self, to: &str, template: &str) -> usize {
        self.mail_is_out().await;
        let mails = self.mailbox(to).await;
        let of_template = mails.iter().filter(|mail| mail["template"] == template);
        of_template.count()
    }
}
