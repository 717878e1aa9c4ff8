//! Everything that the database has of one workspace, to be compared.

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::{Backend, TestApp, connect};

/// The tables of a workspace, and by which condition their rows are its.
const TABLES: [(&str, &str); 8] = [
    ("workspaces", "id = {id}"),
    ("roles", "workspace_id = {id}"),
    (
        "role_permissions",
        "role_id IN (SELECT id FROM roles WHERE workspace_id = {id})",
    ),
    ("workspace_permissions", "workspace_id = {id}"),
    ("memberships", "workspace_id = {id}"),
    ("invitations", "workspace_id = {id}"),
    ("api_tokens", "workspace_id = {id}"),
    ("sessions", "workspace_id = {id}"),
];

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Its rows, table by table, each row as a line.
pub(crate) async fn tenant_rows(backend: &Backend, app: &TestApp, workspace: &str) -> String {
    match backend {
        Backend::Embedded => in_the_file(app, workspace),
        Backend::Servers { .. } => on_the_server(backend, workspace).await,
    }
}

fn in_the_file(app: &TestApp, workspace: &str) -> String {
    let file = app.folder().join("data/kogents.db");
    let mut file = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    let mut ask = |query: String| -> Vec<String> {
        let lines: Vec<Line> = diesel::sql_query(query).load(&mut file).unwrap();
        lines.into_iter().map(|row| row.line).collect()
    };
    let id = format!("x'{}'", workspace.replace('-', ""));
    let mut rows = String::new();
    for (table, condition) in TABLES {
        let columns = ask(format!(
            "SELECT 'quote(' || name || ')' AS line FROM pragma_table_info('{table}')"
        ));
        assert!(!columns.is_empty(), "there is no table {table}");
        let condition = condition.replace("{id}", &id);
        let lines = ask(format!(
            "SELECT {} AS line FROM {table} WHERE {condition} ORDER BY line",
            columns.join(" || ',' || ")
        ));
        rows.push_str(&format!("{table}\n{}\n", lines.join("\n")));
    }
    rows
}

async fn on_the_server(backend: &Backend, workspace: &str) -> String {
    let client = connect(backend.database_url()).await;
    let mut rows = String::new();
    for (table, condition) in TABLES {
        let condition = condition.replace("{id}", &format!("'{workspace}'::uuid"));
        let query =
            format!("SELECT t::text AS line FROM {table} t WHERE {condition} ORDER BY line");
        let lines = client.query(&query, &[]).await.unwrap();
        let lines: Vec<String> = lines.iter().map(|row| row.get("line")).collect();
        rows.push_str(&format!("{table}\n{}\n", lines.join("\n")));
    }
    rows
}
