//! Further members of a workspace whose first one was written by the product: copies of the first
//! one's rows, changed where each person has values of their own.
//!
//! Row by row a hundred thousand persons would take minutes. Columns are not listed here, so that
//! what is copied is whatever the product has written.

use kogents_domain::text::search_key;
use serde_json::{Value, json};
use tokio_postgres::Client;

use super::person::Person;
use crate::connection;
use crate::failure::{Failure, Outcome};

/// A table, and by which column the first person's row is found in it.
type Table = (&'static str, &'static str, fn(&Person) -> Value);

/// In the order in which rows may refer to others.
const TABLES: [Table; 6] = [
    ("users", "id", user),
    ("memberships", "user_id", membership),
    ("user_devices", "user_id", device),
    ("sessions", "id", session),
    ("session_facts", "id", facts),
    ("session_activity", "id", activity),
];

/// A connection to PostgreSQL, past the store.
pub(super) struct Copier {
    client: Client,
}

impl Copier {
    /// Connects.
    pub(super) async fn connect(url: &str) -> Result<Self, Failure> {
        let client = connection::open(url).await?;
        Ok(Self { client })
    }

    /// Writes the others, in one transaction.
    pub(super) async fn copy(&mut self, first: &Person, others: &[Person]) -> Outcome {
        let transaction = self.client.transaction().await?;
        // Row-level security lets nobody write for all workspaces but the product itself.
        let scope = "SET LOCAL kogents.scope = 'system'";
        transaction.batch_execute(scope).await?;
        for (table, column, values) in TABLES {
            let statement = format!(
                "INSERT INTO {table} SELECT made.* \
                 FROM (SELECT row FROM {table} AS row WHERE {column} = $1::text::uuid) AS first, \
                     jsonb_array_elements($2::text::jsonb) AS own, \
                     jsonb_populate_record(first.row, own) AS made"
            );
            let id = match column {
                "user_id" => first.user.id.to_string(),
                _ if table == "users" => first.user.id.to_string(),
                _ => first.session.session.id.to_string(),
            };
            let own = Value::from_iter(others.iter().map(values)).to_string();
            let written = transaction.execute(&statement, &[&id, &own]).await?;
            if usize::try_from(written)? != others.len() {
                return Err(format!("{table} took {written} rows of {}", others.len()).into());
            }
        }
        transaction.commit().await?;
        Ok(())
    }
}

fn user(person: &Person) -> Value {
    let user = &person.user;
    json!({
        "id": user.id,
        "email": user.email.as_given(),
        "email_normalised": user.email.normalised(),
        "signup_id": user.signup_id,
    })
}

fn membership(person: &Person) -> Value {
    let key = search_key(person.user.email.normalised());
    json!({ "user_id": person.user.id, "email_key": key })
}

fn device(person: &Person) -> Value {
    json!({ "user_id": person.user.id, "fingerprint": person.fingerprint.as_str() })
}

fn session(person: &Person) -> Value {
    let session = &person.session.session;
    let digest = crate::hex::text(&session.refresh.digest);
    json!({
        "id": session.id,
        "user_id": session.user_id,
        "refresh_digest": format!("\\x{digest}"),
    })
}

fn facts(person: &Person) -> Value {
    let fingerprint = person.fingerprint.as_str();
    json!({ "id": person.session.session.id, "device_fingerprint": fingerprint })
}

fn activity(person: &Person) -> Value {
    json!({ "id": person.session.session.id })
}
