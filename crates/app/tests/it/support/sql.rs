//! The database of a server, by a connection that is none of the server's.

use std::collections::BTreeMap;
use std::path::Path;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::{Backend, TestApp, connect};

/// The rows of every table, each as a line, in order.
pub(crate) type AllRows = BTreeMap<String, Vec<String>>;

/// A way into the database of a server: past it, and past what holds it to one tenant.
#[derive(Clone, Copy)]
pub(crate) struct Sql<'a>(Place<'a>);

#[derive(Clone, Copy)]
enum Place<'a> {
    /// The folder of a server, in which its database is.
    Folder(&'a Path),
    /// A PostgreSQL database.
    Url(&'a str),
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl<'a> Sql<'a> {
    pub(crate) fn of(backend: &'a Backend, app: &'a TestApp) -> Self {
        Self::within(backend, app.folder())
    }

    /// The database that a backend's server in this folder has, or would have.
    pub(crate) fn within(backend: &'a Backend, folder: &'a Path) -> Self {
        Self(match backend {
            Backend::Embedded => Place::Folder(folder),
            Backend::Servers { .. } => Place::Url(backend.database_url()),
        })
    }

    /// Whether it is a file.
    pub(crate) const fn is_embedded(self) -> bool {
        matches!(self.0, Place::Folder(_))
    }

    /// An id as a statement names it.
    pub(crate) fn id(self, id: &str) -> String {
        if self.is_embedded() {
            format!("x'{}'", id.replace('-', ""))
        } else {
            format!("'{id}'::uuid")
        }
    }

    /// A column of ids as a text of 32 digits.
    pub(crate) fn digits(self, column: &str) -> String {
        if self.is_embedded() {
            format!("lower(hex({column}))")
        } else {
            format!("replace({column}::text, '-', '')")
        }
    }

    /// What a query gives as `line`, row by row.
    pub(crate) async fn lines(self, query: &str) -> Vec<String> {
        let url = match self.0 {
            Place::Folder(folder) => {
                let lines: Vec<Line> = diesel::sql_query(query).load(&mut file(folder)).unwrap();
                return lines.into_iter().map(|row| row.line).collect();
            }
            Place::Url(url) => url,
        };
        let client = connect(url).await;
        let lines = client.query(query, &[]).await;
        let lines = lines.unwrap_or_else(|error| panic!("{query}: {error:?}"));
        lines.iter().map(|row| row.get("line")).collect()
    }

    /// Runs statements, or gives what the database has against them.
    pub(crate) async fn run(self, statements: &str) -> Result<(), String> {
        let url = match self.0 {
            Place::Folder(folder) => {
                let ran = file(folder).batch_execute(statements);
                return ran.map_err(|error| error.to_string());
            }
            Place::Url(url) => url,
        };
        let client = connect(url).await;
        let ran = client.batch_execute(statements).await;
        ran.map_err(|error| match error.as_db_error() {
            Some(told) => told.message().to_owned(),
            None => panic!("{error:?}"),
        })
    }

    /// Rows of a table that fit a condition, in order.
    pub(crate) async fn rows(self, table: &str, condition: &str) -> Vec<String> {
        let row = if self.is_embedded() {
            let columns = format!(
                "SELECT 'quote(\"' || name || '\")' AS line FROM pragma_table_info('{table}')"
            );
            let columns = self.lines(&columns).await;
            assert!(!columns.is_empty(), "there is no table {table}");
            columns.join(" || ',' || ")
        } else {
            "t::text".to_owned()
        };
        let query =
            format!("SELECT {row} AS line FROM \"{table}\" t WHERE {condition} ORDER BY line");
        self.lines(&query).await
    }

    /// The names of all tables there are; partitions are their tables' own.
    pub(crate) async fn tables(self) -> Vec<String> {
        let tables = if self.is_embedded() {
            "SELECT name AS line FROM sqlite_schema WHERE type = 'table'"
        } else {
            "SELECT relname::text AS line FROM pg_class \
             WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') \
             AND NOT relispartition"
        };
        self.lines(tables).await
    }

    /// Everything that there is, but for who looks after the tables, which changes by itself.
    pub(crate) async fn all_rows(self) -> AllRows {
        let mut rows = AllRows::new();
        for table in self.tables().await {
            if table == "leases" {
                continue;
            }
            let found = self.rows(&table, "TRUE").await;
            rows.insert(table, found);
        }
        assert!(rows.len() > 15, "{:?}", rows.keys());
        rows
    }
}

fn file(folder: &Path) -> SqliteConnection {
    let file = folder.join("data/kogents.db");
    let mut file = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    file.batch_execute("PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON")
        .unwrap();
    file
}
