//! A whole server inside the test's process, on a port and in a folder of its own.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use kogents::App;
use kogents::config::{Config, Source};
use kogents::wiring::Adapters;
use kogents_domain::limits::LimitRules;
use kogents_domain::store::Store;
use kogents_domain::time::{Clock, Span, Timestamp};
use tempfile::TempDir;

use super::shifted_clock::ShiftedClock;
use super::watch::{self, Watch};
use super::{Backend, Client};

/// Where files are memory, on systems that have such a place: nothing waits for a disk.
const MEMORY: &str = "/dev/shm";

/// A running server and a client of it: `app.post(…)`, `app.sign_up_and_confirm(…)`.
pub(crate) struct TestApp {
    app: App,
    client: Client,
    config: Config,
    clock: Arc<ShiftedClock>,
    folder: TempDir,
    /// Last, so that it sees what a server says when it goes.
    watch: Watch,
}

impl TestApp {
    /// A server on what a backend has, with some settings changed.
    pub(super) async fn start_on(backend: &Backend, change: impl FnOnce(&mut Config)) -> Self {
        Self::start_in(folder(), backend, ShiftedClock::default(), change).await
    }

    /// A server that comes to a folder and a backend where something is already, at a moment.
    pub(crate) async fn start_at(
        moment: Timestamp,
        folder: TempDir,
        backend: &Backend,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        Self::start_in(folder, backend, ShiftedClock::at(moment), change).await
    }

    async fn start_in(
        folder: TempDir,
        backend: &Backend,
        clock: ShiftedClock,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let watch = Watch::begin();
        watch::settings(&backend.settings());
        let data = folder.path().join("data");
        let own = [("PORT", "0"), ("DATA_DIR", data.to_str().unwrap())];
        let source = Source::of(own.into_iter().chain(backend.settings()));
        let mut config = Config::read(&source).unwrap();
        // What a test is about is seldom how often something may be done; `requirements/limits.rs`
        // is about nothing else.
        config.limits.rules = LimitRules::off();
        change(&mut config);
        let clock = Arc::new(clock);
        let app = App::start(config.clone(), clock.clone(), 2).await.unwrap();
        watch_generated(&data);
        Self {
            client: client(&app),
            app,
            config,
            clock,
            folder,
            watch,
        }
    }

    /// Stops the server in order and starts it again on the same data, at another port.
    pub(crate) async fn restart(self) -> Self {
        self.restart_with(|_| {}).await
    }

    /// The same with some settings changed.
    pub(crate) async fn restart_with(self, change: impl FnOnce(&mut Config)) -> Self {
        // Tokens name their issuer, so the server has to keep its name.
        let mut config = self.config;
        config.server.public_url = Some(self.app.facts().public_url.clone());
        change(&mut config);
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
            watch: self.watch,
        }
    }

    /// A second server on the same stores, with the same secrets and the same clock.
    pub(crate) async fn second(&self) -> Instance {
        self.second_with(|_| {}).await
    }

    /// The same with some settings changed.
    pub(crate) async fn second_with(&self, change: impl FnOnce(&mut Config)) -> Instance {
        let mut config = self.config.clone();
        config.server.public_url = Some(self.app.facts().public_url.clone());
        change(&mut config);
        let app = App::start(config, self.clock.clone(), 2).await.unwrap();
        Instance {
            client: client(&app),
            _app: app,
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

    /// Stops the server's time: what follows happens within one millisecond.
    pub(crate) fn stand_still(&self) {
        self.clock.stand();
    }

    /// Lets so many milliseconds pass for the server.
    pub(crate) fn advance_millis(&self, millis: i64) {
        self.clock.advance(Span::from_millis(millis));
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

/// A further server.
pub(crate) struct Instance {
    client: Client,
    _app: App,
}

impl Deref for Instance {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Deref for TestApp {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// A folder for a server.
pub(crate) fn folder() -> TempDir {
    TempDir::new_in(MEMORY).or_else(|_| TempDir::new()).unwrap()
}

/// The secrets that the server made for itself are to be in no log.
fn watch_generated(data: &std::path::Path) {
    let generated = std::fs::read(data.join("secrets.json")).unwrap_or_default();
    if let Ok(secrets) = serde_json::from_slice::<BTreeMap<String, String>>(&generated) {
        secrets.values().for_each(|secret| watch::secret(secret));
    }
}

fn client(app: &App) -> Client {
    Client::new(format!("http://{}", app.facts().address))
}
