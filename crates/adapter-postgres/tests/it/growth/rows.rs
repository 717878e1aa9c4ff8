//! Databases with many sessions of many persons.

use kogents_domain::ids::{SessionId, UserId};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::server::{TestDatabase, connect};

/// How many sessions each person has.
const EACH: u64 = 10;

/// The persons' ids, but for their number.
const PERSON: u128 = 0x0192_f3c0_0000_7000_8000_0000_0000_0000;

/// Of a person's ten sessions, four have passed their idle end and wait for the sweep, three are
/// live, and three have ended. They lie evenly between the beginning of the month before last and
/// now. Nobody but the test touches the tables.
const FILL: &str = "
    SELECT kogents_make_session_partitions(
        ((now() AT TIME ZONE 'UTC') - interval '2 months')::date, 3);
    DO $$
        DECLARE part regclass;
        BEGIN
            FOR part IN SELECT c.oid FROM pg_class c
                WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace LOOP
                EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', part);
            END LOOP;
        END
    $$;
    INSERT INTO users (id, email, email_normalised, name, password_hash, first_touch, signup_id,
        created_at, updated_at)
        SELECT id, id || '@example.com', id || '@example.com', 'Ada', 'none',
            '{\"version\":1,\"analytics\":{}}', id, 0, 0 FROM (
            SELECT ('0192f3c0-0000-7000-8000-' || lpad(to_hex(p), 12, '0'))::uuid AS id
            FROM generate_series(0, {persons} - 1) AS p) AS persons;
    INSERT INTO user_devices (user_id, fingerprint, first_seen, last_seen)
        SELECT id, 'fp1_' || n, 0, n FROM users, generate_series(1, 3) AS n;
    WITH span AS (
        SELECT (extract(epoch FROM now()) * 1000)::bigint AS until,
            (extract(epoch FROM date_trunc('month', now() AT TIME ZONE 'UTC')
                - interval '2 months') * 1000)::bigint AS since),
    made AS (
        SELECT i, i / {persons} AS nth, span.until,
            span.since + i * (span.until - span.since) / {sessions} AS moment
        FROM span, generate_series(0, {sessions} - 1) AS i)
    INSERT INTO sessions
        SELECT (lpad(to_hex(moment), 12, '0') || '70008' || lpad(to_hex(i), 15, '0'))::uuid,
            ('0192f3c0-0000-7000-8000-' || lpad(to_hex(i % {persons}), 12, '0'))::uuid,
            md5('workspace' || i % 50)::uuid, 'WEB', moment,
            CASE WHEN nth IN (0, 2, 4, 6) THEN until - 1 - i ELSE until + 86400000 END,
            until + 864000000,
            CASE WHEN nth IN (3, 5, 7) THEN moment + 1 END,
            CASE WHEN nth IN (3, 5, 7) THEN 'logout' END,
            0, decode(repeat('07', 32), 'hex'), moment
        FROM made;
    INSERT INTO session_facts (id, ip_address, geo_source, device_name, referrer_url, details)
        SELECT id, '192.0.2.7', 'none', 'Chrome on macOS', 'https://example.com/' || id, '{\"v\":1}'
        FROM sessions;
    INSERT INTO session_activity (id, last_activity_at) SELECT id, started_at FROM sessions;
";

/// A database with sessions in it.
pub(super) struct Filled {
    pub(super) database: TestDatabase,
    pub(super) client: Client,
    persons: u64,
}

impl Filled {
    /// So many sessions, without statistics. None without a server.
    pub(super) async fn with(sessions: u64) -> Option<Self> {
        let database = TestDatabase::migrated().await?;
        let client = connect(database.url()).await;
        let persons = sessions / EACH;
        let fill = FILL
            .replace("{persons}", &persons.to_string())
            .replace("{sessions}", &sessions.to_string());
        client.batch_execute(&fill).await.unwrap();
        Some(Self {
            database,
            client,
            persons,
        })
    }

    /// Gathers statistics.
    pub(super) async fn analyse(&self) {
        self.client.batch_execute("ANALYZE").await.unwrap();
    }

    /// One of so many persons that lie evenly among all.
    pub(super) fn person(&self, nth: u64, of: u64) -> UserId {
        let number = nth * self.persons / of;
        UserId::from_uuid(Uuid::from_u128(PERSON | u128::from(number)))
    }

    /// The person's newest session, which is live.
    pub(super) async fn newest(&self, user: UserId) -> SessionId {
        let query = format!(
            "SELECT id::text FROM sessions WHERE user_id = '{user}' ORDER BY id DESC LIMIT 1"
        );
        let id: String = self.client.query_one(&query, &[]).await.unwrap().get(0);
        SessionId::parse(&id).unwrap()
    }

    /// A thousand sessions from everywhere.
    pub(super) async fn thousand(&self, turn: u64) -> Vec<SessionId> {
        let query =
            format!("SELECT id::text FROM sessions ORDER BY md5('{turn}' || id) LIMIT 1000");
        let rows = self.client.query(&query, &[]).await.unwrap();
        rows.iter()
            .map(|row| SessionId::parse(row.get(0)).unwrap())
            .collect()
    }
}
