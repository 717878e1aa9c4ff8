//! A server inside this process: started, running, stopped in order.

use std::fs::File;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use kogents_adapter_postgres::{ClaimError, SingleInstance};
use kogents_domain::time::Clock;
use kogents_http::Readiness;
use prometheus::Registry;
use tokio::task::JoinSet;
use url::Url;

use crate::announcement::Facts;
use crate::background::{BackOff, Share, Supervisor, TrackedBackground};
use crate::config::{Cache, Config, Database};
use crate::data::DataFolder;
use crate::failure::Failure;
use crate::figures::TaskFigures;
use crate::keys;
use crate::listeners;
use crate::wiring::{self, Adapters, Wired};

/// How long work after an answer, and then the background tasks, may take to end.
const DRAIN_LIMIT: Duration = Duration::from_secs(6);

/// A running server. Dropped without [`stop`](Self::stop) it ends without waiting for anything.
pub struct App {
    facts: Facts,
    adapters: Adapters,
    readiness: Arc<Readiness>,
    handles: Vec<ServerHandle>,
    servers: JoinSet<std::io::Result<()>>,
    background: TrackedBackground,
    supervisor: Supervisor,
    shutdown_delay: Duration,
    /// Where only one server may run on a database server.
    claim: Option<SingleInstance>,
    /// Where only one server may run: held until everything that writes to it is gone.
    _file_claim: Option<File>,
    _folder: Option<DataFolder>,
}

impl App {
    /// Starts a server: it listens when this returns. `threads` is how many take requests.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn start(
        config: Config,
        clock: Arc<dyn Clock>,
        threads: usize,
    ) -> Result<Self, Failure> {
        let server = &config.server;
        let bound = listeners::bind(server.host, server.port, "PORT")?;
        let metrics_bound = server
            .metrics_port
            .map(|port| listeners::bind(server.host, port, "METRICS_PORT"))
            .transpose()?;
        let public_url = public_url(&config, bound.address)?;
        let folder = data_folder(&config).await?;

        let readiness = Arc::new(Readiness::new());
        let background = TrackedBackground::new(tokio::runtime::Handle::current());
        let keys = keys::resolve(&config.keys, folder.as_ref())?;
        // Any number of servers may run on shared stores; they only read their secrets there.
        let folder = folder.filter(|_| !config.stores.are_shared());
        let registry = Registry::new();
        let mut database = wiring::open_database(&config).await?;
        let claim = database.claim.take();
        let file_claim = database.file_claim.take();
        let slow_query = config.sizes.slow_query;
        let observed = wiring::observe(&database, slow_query, &registry, clock.clone())?;
        let cache = wiring::open_cache(&config, &registry).await?;
        let locator = wiring::open_locator(&config).await;
        let (database_told, cache_told) = (database.told.clone(), cache.told.clone());
        let adapters = wiring::adapters(wiring::Given {
            config: &config,
            registry: &registry,
            public_url: &public_url,
            keys: &keys.material,
            database: observed,
            database_probe: database.probe,
            cache,
            locator,
            clock,
            background: Arc::new(background.clone()),
        })?;
        readiness.set_migrated();

        let facts = Facts {
            version: wiring::VERSION,
            public_url,
            address: bound.address,
            metrics: metrics_bound.as_ref().map(|bound| bound.address),
            database: database_told,
            database_is_chosen: is_chosen(&config.stores.database),
            cache: cache_told,
            cache_is_chosen: matches!(config.stores.cache, Cache::InProcess),
            generated_secrets: keys.generated,
            has_mailbox: adapters.mailbox.is_some(),
        };
        let wired = wiring::wire(
            &config,
            &facts.public_url,
            &adapters,
            &readiness,
            &registry,
            background.tasks(),
        )?;
        let figures = TaskFigures::new(&registry, readiness.clone());
        let figures = figures.map_err(|error| Failure::Setup {
            part: "the figures",
            reason: error.to_string(),
        })?;
        let supervisor = Supervisor::new(readiness.clone(), figures, BackOff::default());
        supervise(&supervisor, &wired, &config);

        let mut app = Self {
            facts,
            adapters,
            readiness,
            handles: Vec::new(),
            servers: JoinSet::new(),
            background,
            supervisor,
            shutdown_delay: Duration::from_secs(config.server.shutdown_delay.as_secs_floor()),
            claim,
            _file_claim: file_claim,
            _folder: folder,
        };
        if let Some(bound) = metrics_bound {
            let ids = app.adapters.ids.clone();
            app.run(kogents_http::metrics_server(registry, ids, bound.listener))?;
        }
        app.run(kogents_http::serve(wired.http, bound.listener, threads))?;
        Ok(app)
    }

    /// What is worth telling about this server.
    #[must_use]
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The adapters behind the ports.
    #[must_use]
    pub const fn adapters(&self) -> &Adapters {
        &self.adapters
    }

    /// Waits until the server ends by itself, which it should not.
    pub async fn ended(&mut self) -> Failure {
        let taken = async {
            match &self.claim {
                Some(claim) => claim.taken_by_another().await,
                None => std::future::pending().await,
            }
        };
        let ended = tokio::select! {
            ended = self.servers.join_next() => ended,
            () = taken => return Failure::Claim(ClaimError::AlreadyRunning),
        };
        Failure::Stopped(match ended {
            Some(Ok(Ok(()))) | None => "a listener ended".to_owned(),
            Some(Ok(Err(error))) => error.to_string(),
            Some(Err(error)) => error.to_string(),
        })
    }

    /// Says from now on that no requests should come, and takes them still for as long as the
    /// configuration says, so that whoever hands them out notices before any is refused.
    pub async fn step_aside(&self) {
        self.readiness.set_stopping();
        tokio::time::sleep(self.shutdown_delay).await;
    }

    /// Stops in order: no new requests, answers under way, work after answers, background tasks.
    /// Each has its limit, all of them together stay below 30 seconds.
    pub async fn stop(mut self) {
        self.readiness.set_stopping();
        for handle in &self.handles {
            handle.stop(true).await;
        }
        while self.servers.join_next().await.is_some() {}
        if !self.background.drain(DRAIN_LIMIT).await {
            tracing::warn!("work after answers did not end in time and is given up");
        }
        if !self.supervisor.stop(DRAIN_LIMIT).await {
            tracing::warn!("background tasks did not end in time and are given up");
        }
    }

    fn run(&mut self, server: std::io::Result<Server>) -> Result<(), Failure> {
        let server = server.map_err(|error| Failure::Setup {
            part: "the server",
            reason: error.to_string(),
        })?;
        self.handles.push(server.handle());
        self.servers.spawn(server);
        Ok(())
    }
}

/// The data folder, where anything needs it: secrets that are generated, a database in it, or a
/// lock because a second server must not run.
async fn data_folder(config: &Config) -> Result<Option<DataFolder>, Failure> {
    let path = &config.server.data_dir;
    if !config.stores.are_shared() {
        DataFolder::take(path).map(Some)
    } else if config.keys.are_complete() {
        Ok(None)
    } else {
        DataFolder::take_in_turn(path).await.map(Some)
    }
}

const fn is_chosen(database: &Database) -> bool {
    match database {
        Database::Sqlite { path } => path.is_none(),
        Database::Postgres(_) => false,
    }
}

/// The tasks that never end.
fn supervise(supervisor: &Supervisor, wired: &Wired, config: &Config) {
    for worker in &wired.mail_workers {
        let name = match worker.share {
            Share::Reserved => "mail of codes",
            Share::Shared => "mail",
        };
        let worker = worker.clone();
        supervisor.run(name, move |stop| worker.clone().work(stop));
    }
    let mail_queue = wired.mail_queue.clone();
    supervisor.run("mail queue", move |stop| mail_queue.clone().work(stop));
    let database = wired.database.clone();
    supervisor.run("database figures", move |stop| database.clone().work(stop));
    let sweeper = wired.sweeper.clone();
    supervisor.run("sweep", move |stop| sweeper.clone().work(stop));
    let notices = wired.notices.clone();
    supervisor.run("notices", move |stop| notices.clone().work(stop));
    let activity = wired.activity.clone();
    supervisor.run("activity", move |stop| activity.clone().work(stop));
    let upkeep = wired.upkeep.clone();
    supervisor.run("upkeep", move |stop| upkeep.clone().work(stop));
    if config.geography.database.is_some() {
        let watch = wired.geography.clone();
        supervisor.run("geography", move |stop| watch.clone().work(stop));
    }
}

/// `PUBLIC_URL`, or in development this computer at the port that is really listened at.
fn public_url(config: &Config, address: SocketAddr) -> Result<Url, Failure> {
    if let Some(url) = &config.server.public_url {
        return Ok(url.clone());
    }
    Url::parse(&format!("http://localhost:{}", address.port())).map_err(|error| Failure::Setup {
        part: "the public URL",
        reason: error.to_string(),
    })
}
