//! What is left in a database on a server after something has failed: whole things only, and no
//! connection that nobody uses.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio_postgres::Client;

use crate::support::connect;

/// The most connections of one server: the pool's.
const POOL: i64 = 10;
/// How long what the server was doing for a connection that is gone may go on: no longer than a
/// statement may take, until it is looked whether the client is still there, and some more.
const LET_GO: Duration = Duration::from_secs(8);

/// The transactions that are open.
const OPEN: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                    AND application_name = 'kogents' AND xact_start IS NOT NULL";

/// The tables that signing up and signing in write.
const TABLES: [&str; 9] = [
    "users",
    "workspaces",
    "memberships",
    "sessions",
    "session_facts",
    "session_activity",
    "user_devices",
    "outbox",
    "one_time_tokens",
];

/// A look at a database, past whatever stands in front of it.
pub(super) struct Aftermath(Client);

/// How many rows there are, by table.
pub(super) type Counts = BTreeMap<&'static str, i64>;

impl Aftermath {
    pub(super) async fn of(url: &str) -> Self {
        Self(connect(url).await)
    }

    async fn number(&self, query: &str) -> i64 {
        let row = self.0.query_one(query, &[]).await;
        row.unwrap_or_else(|error| panic!("{query}: {error:?}"))
            .get(0)
    }

    pub(super) async fn counts(&self) -> Counts {
        let mut counts = Counts::new();
        for table in TABLES {
            let query = format!("SELECT count(*) FROM {table}");
            counts.insert(table, self.number(&query).await);
        }
        counts
    }

    /// Whatever was written was written wholly: a session with its facts and its activity, a person
    /// with a workspace, a membership and the mail that says so.
    pub(super) async fn is_whole(&self) -> Counts {
        let counts = self.counts().await;
        assert_eq!(counts["sessions"], counts["session_facts"], "{counts:?}");
        assert_eq!(counts["sessions"], counts["session_activity"], "{counts:?}");
        assert_eq!(counts["users"], counts["workspaces"], "{counts:?}");
        assert_eq!(counts["users"], counts["memberships"], "{counts:?}");
        let welcomes = "SELECT count(*) FROM outbox WHERE template = 'welcome'";
        assert_eq!(counts["users"], self.number(welcomes).await, "{counts:?}");
        let torn = "SELECT count(*) FROM sessions s WHERE NOT EXISTS \
                    (SELECT 1 FROM session_facts f WHERE f.id = s.id) OR NOT EXISTS \
                    (SELECT 1 FROM session_activity a WHERE a.id = s.id)";
        assert_eq!(self.number(torn).await, 0);
        counts
    }

    /// No connection is left over and no transaction is open, soon.
    pub(super) async fn lets_go(&self) {
        let since = Instant::now();
        loop {
            let open = self.number(OPEN).await;
            let own = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                       AND application_name = 'kogents'";
            let connections = self.number(own).await;
            if open == 0 && connections <= POOL {
                return;
            }
            assert!(
                since.elapsed() < LET_GO,
                "{connections} connections, {open} transactions open"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// How many transactions have waited for their client for longer than it takes to ask again.
    pub(super) async fn held(&self) -> i64 {
        let idle = "state LIKE 'idle in transaction%' \
                    AND clock_timestamp() - state_change > interval '200 milliseconds'";
        self.number(&format!("{OPEN} AND {idle}")).await
    }
}
