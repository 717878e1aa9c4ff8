//! Whether row-level security holds the login, and what is done where it does not.

use tokio_postgres::Client;

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
    let refused = |error: tokio_postgres::Error| OpenError::connecting(&error);
    let passes_policies: bool = client
        .query_one(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user",
            &[],
        )
        .await
        .and_then(|row| row.try_get(0))
        .map_err(refused)?;
    if !passes_policies {
        return Ok(RowSecurity::Bound);
    }
    // The role may have come into being, or been dropped, since the migration ran.
    let prepared = client
        .query_one("SELECT kogents_prepare_app_role()", &[])
        .await
        .and_then(|row| row.try_get::<_, bool>(0));
    let steps_down = match prepared {
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
