//! Whether row-level security holds the login, and what is done where it does not.

use tokio_postgres::{Client, SimpleQueryMessage};

use crate::open_error::OpenError;

/// The role that transactions step down to; migrations make it.
pub(crate) const APP_ROLE: &str = "kogents_app";

/// How row-level security binds the store's transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowSecurity {
    /// The login is an ordinary one: the policies bind it, also where it owns the tables.
    Bound,
    /// The login would pass every policy (a superuser, BYPASSRLS); each transaction steps down to
    /// a role that does not.
    SteppedDown,
    /// The login passes every policy and may not step down. The second wall between tenants is
    /// missing; the operator is warned.
    Bypassed,
}

/// Finds out, and prepares stepping down where it is needed.
pub(crate) async fn establish(client: &Client) -> Result<RowSecurity, OpenError> {
    let passes_policies = holds(
        client,
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user",
    )
    .await
    .map_err(|error| OpenError::connecting(&error))?;
    if !passes_policies {
        return Ok(RowSecurity::Bound);
    }
    // The role may have come into being, or been dropped, since the migration ran.
    let steps_down = match holds(client, "SELECT kogents_prepare_app_role()").await {
        Ok(true) => client
            .batch_execute(&format!("BEGIN; SET LOCAL ROLE {APP_ROLE}; ROLLBACK"))
            .await
            .is_ok(),
        Ok(false) | Err(_) => false,
    };
    if steps_down {
        return Ok(RowSecurity::SteppedDown);
    }
    tracing::warn!(
        role = APP_ROLE,
        "row-level security does not bind the database login, and it cannot step down; \
         let an administrator run kogents_prepare_app_role() and grant the role to the login"
    );
    Ok(RowSecurity::Bypassed)
}

/// Asks a question, without preparing it: the connection may be one that a pooler lends by
/// transaction.
async fn holds(client: &Client, question: &str) -> Result<bool, tokio_postgres::Error> {
    let answer = client.simple_query(question).await?;
    Ok(answer
        .iter()
        .any(|message| matches!(message, SimpleQueryMessage::Row(row) if row.get(0) == Some("t"))))
}
