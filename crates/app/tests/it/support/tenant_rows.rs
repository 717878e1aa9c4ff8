//! Everything that the database has of one workspace, to be compared.

use super::{Backend, Sql, TestApp};

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

/// Its rows, table by table, each row as a line.
pub(crate) async fn tenant_rows(backend: &Backend, app: &TestApp, workspace: &str) -> String {
    let sql = Sql::of(backend, app);
    let id = sql.id(workspace);
    let mut rows = String::new();
    for (table, condition) in TABLES {
        let lines = sql.rows(table, &condition.replace("{id}", &id)).await;
        rows.push_str(&format!("{table}\n{}\n", lines.join("\n")));
    }
    rows
}
