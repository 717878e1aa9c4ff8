//! A connection to PostgreSQL, past the store.

use tokio_postgres::{Client, NoTls};

use crate::failure::Failure;
use crate::output;

/// Connects, without TLS: what is measured, or filled, is at hand.
pub(crate) async fn open(url: &str) -> Result<Client, Failure> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            output::remark(&format!("a connection to the database ended: {error}"));
        }
    });
    Ok(client)
}
