//! Looks at a database as an operator would, and changes nothing in it.

use std::collections::BTreeSet;

use kogents_domain::time::Clock;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::connector::Connector;
use crate::migrations;
use crate::open_error::{OpenError, told};
use crate::options::PgOptions;
use crate::row_security::APP_ROLE;

/// What a database is, as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination {
    /// The server's version, as it tells it.
    pub version: String,
    /// How far the tables are.
    pub tables: Tables,
    /// By how many milliseconds the server's clock is ahead of ours; behind when negative.
    pub clock_ahead_millis: i64,
    /// The round trip in which the clock was asked: the difference is known no better than that.
    pub round_trip_millis: i64,
    /// What row-level security rests on.
    pub walls: Walls,
    /// Whether a transaction pooler is in the way.
    pub pooling: Pooling,
    /// How many connections the server takes, from everybody.
    pub server_connections: u32,
    /// How many of them the store's pool opens at most.
    pub pool_connections: u16,
}

/// How far the tables are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tables {
    /// Nothing is pending.
    Current,
    /// These migrations are pending, oldest first.
    Behind(Vec<&'static str>),
    /// A later release has been here: it applied this migration.
    Newer(String),
}

/// What row-level security rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Walls {
    /// The login is an ordinary one, and the policies bind also the owner of the tables.
    Bound,
    /// The login would pass every policy; transactions step down to a role that does not.
    SteppedDown,
    /// The login passes every policy, and may not step down.
    Bypassed,
    /// On these tables policies are not enabled, or do not bind their owner.
    Missing(Vec<String>),
    /// There are no tables yet.
    Unbuilt,
}

/// Whether connections are lent by transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pooling {
    /// They are this program's own.
    Own,
    /// They are lent by transaction, and the URL says so.
    Declared,
    /// They are lent by transaction, and the URL does not say so.
    Undeclared,
}

/// The tables whose rows belong to workspaces.
const WALLED: &str = "'memberships', 'roles', 'role_permissions', 'workspace_permissions', \
                      'invitations', 'api_tokens', 'audit'";

/// Looks at the database of a URL. `options` are those that a store is opened with; nothing is
/// migrated, whatever they say. Must be called on the runtime that drives connections.
///
/// # Errors
/// [`OpenError`], where it cannot be reached or is too old.
pub async fn examine(
    url: &str,
    options: &PgOptions,
    clock: &dyn Clock,
) -> Result<Examination, OpenError> {
    let connector = Connector::new(url, options)?;
    let direct = match &options.direct_url {
        Some(direct_url) => Connector::new(direct_url.expose(), options)?,
        None => connector.clone(),
    };
    let client = connector.open_driven().await?;
    let asked_at = clock.now();
    let server_millis: i64 = number(
        &client,
        "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint",
    )
    .await?;
    let (asked, answered) = (asked_at.as_millis(), clock.now().as_millis());
    let round_trip_millis = answered.saturating_sub(asked);
    let between = asked.saturating_add(round_trip_millis / 2);
    let second = connector.open_driven().await?;
    Ok(Examination {
        version: text(&client, "SHOW server_version").await?,
        tables: tables(&direct).await?,
        clock_ahead_millis: server_millis.saturating_sub(between),
        round_trip_millis,
        walls: walls(&client).await?,
        pooling: match (is_lent(&client, &second).await?, connector.says_pooled()) {
            (false, _) => Pooling::Own,
            (true, true) => Pooling::Declared,
            (true, false) => Pooling::Undeclared,
        },
        server_connections: number(&client, "SHOW max_connections").await?,
        pool_connections: connector.limits().max_connections,
    })
}

async fn tables(direct: &Connector) -> Result<Tables, OpenError> {
    let client = direct.open_driven().await?;
    match migrations::missing(&client).await {
        Ok(missing) if missing.is_empty() => Ok(Tables::Current),
        Ok(missing) => Ok(Tables::Behind(missing)),
        Err(OpenError::Newer { version }) => Ok(Tables::Newer(version)),
        Err(error) => Err(error),
    }
}

async fn walls(client: &Client) -> Result<Walls, OpenError> {
    let found = format!(
        "SELECT c.relname || ':' || (c.relrowsecurity AND c.relforcerowsecurity) \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = current_schema() AND c.relname IN ({WALLED}) ORDER BY 1"
    );
    let found = column(client, &found).await?;
    if found.is_empty() {
        return Ok(Walls::Unbuilt);
    }
    let missing: Vec<String> = found
        .iter()
        .filter_map(|table| table.strip_suffix(":false"))
        .map(str::to_owned)
        .collect();
    if !missing.is_empty() {
        return Ok(Walls::Missing(missing));
    }
    let passes =
        "SELECT (rolsuper OR rolbypassrls)::text FROM pg_roles WHERE rolname = current_user";
    if text(client, passes).await? != "true" {
        return Ok(Walls::Bound);
    }
    let step = format!("BEGIN; SET LOCAL ROLE {APP_ROLE}; ROLLBACK");
    if client.batch_execute(&step).await.is_ok() {
        return Ok(Walls::SteppedDown);
    }
    // What was refused left a transaction behind.
    client.batch_execute("ROLLBACK").await.map_err(failed)?;
    Ok(Walls::Bypassed)
}

/// In how many transactions a connection is looked at.
const TRANSACTIONS: usize = 8;

/// Whether connections are lent those of the server, transaction by transaction: what one of two sets
/// for its session the other one finds, or the first one finds no more while the second one holds a
/// transaction, or it is answered by one process of the server and then by another. What is set is set
/// back in the end.
async fn is_lent(first: &Client, second: &Client) -> Result<bool, OpenError> {
    const ASK: &str = "SELECT coalesce(current_setting('kogents.examined', true), '')";
    const RESET: &str = "SET kogents.examined = ''";
    first
        .batch_execute("SET kogents.examined = 'yes'")
        .await
        .map_err(failed)?;
    second.batch_execute("BEGIN").await.map_err(failed)?;
    let leaked = text(second, ASK).await? == "yes";
    if leaked {
        second
            .batch_execute(&format!("{RESET}; COMMIT"))
            .await
            .map_err(failed)?;
        return Ok(true);
    }
    let lost = text(first, ASK).await? != "yes";
    // Where others use the pooler, too, the second one may have been lent another one by chance.
    let mut servers = BTreeSet::new();
    for _ in 0..TRANSACTIONS {
        servers.insert(text(first, "SELECT pg_backend_pid()").await?);
    }
    second.batch_execute("COMMIT").await.map_err(failed)?;
    first.batch_execute(RESET).await.map_err(failed)?;
    Ok(lost || servers.len() > 1)
}

/// The first column of every row, without preparing the question: a pooler may be in the way.
async fn column(client: &Client, question: &str) -> Result<Vec<String>, OpenError> {
    let answer = client.simple_query(question).await.map_err(failed)?;
    let rows = answer.iter().filter_map(|message| {
        let SimpleQueryMessage::Row(row) = message else {
            return None;
        };
        Some(row.get(0).unwrap_or_default().to_owned())
    });
    Ok(rows.collect())
}

async fn text(client: &Client, question: &str) -> Result<String, OpenError> {
    let first = column(client, question).await?.into_iter().next();
    first.ok_or_else(|| OpenError::Unreachable("it answers nothing".to_owned()))
}

async fn number<T: std::str::FromStr>(client: &Client, question: &str) -> Result<T, OpenError> {
    let answer = text(client, question).await?;
    answer
        .parse()
        .map_err(|_| OpenError::Unreachable("it answers no number".to_owned()))
}

fn failed(error: tokio_postgres::Error) -> OpenError {
    OpenError::Unreachable(told(&error))
}
