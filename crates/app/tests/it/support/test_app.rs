//! A whole server inside the test's process, on a port and in a folder of its own.

use std::ops::Deref;
use std::sync::Arc;

use kogents::App;
use kogents::config::{Config, Source};
use kogents::wiring::Adapters;
use kogents_domain::store::Store;
use kogents_domain::time::{Clock, Span, Timestamp};
use tempfile::TempDir;

use super::Client;
use super::shifted_clock::ShiftedClock;

/// Where files are memory, on systems that have such a place: nothing waits for a disk.
const MEMORY: &str = "/dev/shm";

/// A running server and a client of it: `app.post(…)`, `app.sign_up_and_confirm(…)`.
pub(crate) struct TestApp {
    app: App,
    client: Client,
    config: Config,
    clock: Arc<ShiftedClock>,
    folder: TempDir,
}

impl TestApp {
    /// A server with the settings of development.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// A server with some settings changed, also beyond what a configuration may say:
    /// `TestApp::start_with(|config| config.sizes.otp_max_attempts = 500)`.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = TempDir::new_in(MEMORY).or_else(|_| TempDir::new()).unwrap();
        let data = folder.path().join("data");
        let source = Source::of([("PORT", "0".as_ref()), ("DATA_DIR", data.as_os_str())]);
        let mut config = Config::read(&source).unwrap();
        change(&mut config);
        let clock = Arc::new(ShiftedClock::default());
        let app = App::start(config.clone(), clock.clone(), 2).await.unwrap();
        Self {
            client: client(&app),
            app,
            config,
            clock,
            folder,
        }
    }

    /// Stops the server in order and starts it again on the same data, at another port.
    pub(crate) async fn restart(self) -> Self {
        // Tokens name their issuer, so the server has to keep its name.
        let mut config = self.config;
        config.server.public_url = Some(self.app.facts().public_url.clone());
        self.app.stop().await;
        let app = App::start(config.clone(), self.clock.clone(), 2)
            .await
            .unwrap();
        Self {
            client: client(&app),
            app,
            config,
            clock: self.clock,
            folder: self.folder,
        }
    }

    /// Stops the server in order.
    pub(crate) async fn stop(self) {
        self.app.stop().await;
    }

    /// The server's present moment.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets time pass for the server.
    pub(crate) fn advance_secs(&self, secs: i64) {
        self.clock.advance(Span::from_secs(secs));
    }

    /// The store, to look at what is in it.
    pub(crate) fn store(&self) -> &dyn Store {
        self.app.adapters().store.as_ref()
    }

    /// Everything behind the ports.
    pub(crate) fn adapters(&self) -> &Adapters {
        self.app.adapters()
    }

    /// What the server tells of itself.
    pub(crate) fn facts(&self) -> &kogents::Facts {
        self.app.facts()
    }

    /// The folder everything is kept in.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

impl Deref for TestApp {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

fn client(app: &App) -> Client {
    Client::new(format!("http://{}", app.facts().address))
}
