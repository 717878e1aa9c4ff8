//! The audit log: what is told of every deed, who reads it, and that nobody changes it.

mod failing;
mod keeping;
mod listing;
mod story;
mod tenants;

use serde_json::Value;

use crate::support::{Answer, Client};

impl Client {
    /// A part of the log of the workspace that a token is for, as a query asks for it.
    async fn audit(&self, token: &str, query: &str) -> Answer {
        self.get_as(token, &format!("/audit{query}")).await
    }

    /// All entries that a query gives, page by page, newest first.
    async fn whole_audit(&self, token: &str, query: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut cursor = String::new();
        let more = if query.is_empty() { "?" } else { "&" };
        loop {
            let page = self
                .audit(token, &format!("{query}{more}limit=100{cursor}"))
                .await
                .expect(200);
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["nextCursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }
}
