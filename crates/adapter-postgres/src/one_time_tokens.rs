//! Mailed tokens.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use kogents_domain::auth::{OneTimeToken, OneTimeTokenRepository, TokenPurpose};
use kogents_domain::digest::Digest;
use kogents_domain::ids::{OneTimeTokenId, UserId, WorkspaceId};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use crate::error::unreadable;
use crate::fixed::FixedText as _;
use crate::rows;
use crate::schema::one_time_tokens;
use crate::unit_of_work::{PgUnitOfWork, ask};

/// `$1` now. A row that somebody is consuming at this moment is passed over.
const SWEEP: &str = "WITH expired AS MATERIALIZED ( \
        SELECT id FROM one_time_tokens WHERE expires_at <= $1 \
        ORDER BY expires_at LIMIT 1000 FOR UPDATE SKIP LOCKED) \
    DELETE FROM one_time_tokens AS t USING expired WHERE t.id = expired.id";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(
    table_name = one_time_tokens,
    treat_none_as_default_value = false,
    check_for_backend(diesel::pg::Pg)
)]
struct TokenRow {
    id: Uuid,
    purpose: String,
    digest: Vec<u8>,
    user_id: Option<Uuid>,
    workspace_id: Option<Uuid>,
    payload: Option<Vec<u8>>,
    created_at: i64,
    expires_at: i64,
}

impl From<&OneTimeToken> for TokenRow {
    fn from(token: &OneTimeToken) -> Self {
        Self {
            id: *token.id.as_uuid(),
            purpose: token.purpose.as_str().to_owned(),
            digest: token.digest.as_bytes().to_vec(),
            user_id: token.user_id.map(|id| *id.as_uuid()),
            workspace_id: token.workspace_id.map(|id| *id.as_uuid()),
            payload: token.payload.clone(),
            created_at: token.created_at.as_millis(),
            expires_at: token.expires_at.as_millis(),
        }
    }
}

impl TryFrom<TokenRow> for OneTimeToken {
    type Error = StoreError;
    fn try_from(row: TokenRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: OneTimeTokenId::from_uuid(row.id),
            purpose: TokenPurpose::from_name(&row.purpose)
                .ok_or_else(|| unreadable("one_time_tokens.purpose"))?,
            digest: rows::digest(&row.digest, "one_time_tokens.digest")?,
            user_id: row.user_id.map(UserId::from_uuid),
            workspace_id: row.workspace_id.map(WorkspaceId::from_uuid),
            payload: row.payload,
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

fn token(rows: Vec<TokenRow>) -> Result<Option<OneTimeToken>, StoreError> {
    rows.into_iter()
        .next()
        .map(OneTimeToken::try_from)
        .transpose()
}

#[async_trait]
impl OneTimeTokenRepository for PgUnitOfWork {
    async fn insert(&mut self, token: &OneTimeToken) -> Result<(), StoreError> {
        let insert = diesel::insert_into(one_time_tokens::table).values(TokenRow::from(token));
        ask!(self, connection => insert.execute(connection))?;
        Ok(())
    }

    async fn find(
        &mut self,
        purpose: TokenPurpose,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<OneTimeToken>, StoreError> {
        let query = one_time_tokens::table
            .filter(one_time_tokens::digest.eq(digest.as_bytes().to_vec()))
            .filter(one_time_tokens::purpose.eq(purpose.as_str()))
            .filter(one_time_tokens::consumed_at.is_null())
            .filter(one_time_tokens::expires_at.gt(now.as_millis()))
            .select(TokenRow::as_select());
        token(ask!(self, connection => query.load(connection))?)
    }

    async fn consume(
        &mut self,
        purpose: TokenPurpose,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<OneTimeToken>, StoreError> {
        // Whoever else does this at the same moment waits for the row and then finds it consumed.
        let consume = diesel::update(one_time_tokens::table)
            .filter(one_time_tokens::digest.eq(digest.as_bytes().to_vec()))
            .filter(one_time_tokens::purpose.eq(purpose.as_str()))
            .filter(one_time_tokens::consumed_at.is_null())
            .filter(one_time_tokens::expires_at.gt(now.as_millis()))
            .set(one_time_tokens::consumed_at.eq(now.as_millis()))
            .returning(TokenRow::as_returning())
            .fixed();
        token(ask!(self, connection => consume.get_results(connection))?)
    }

    async fn void_all(
        &mut self,
        user: UserId,
        purpose: TokenPurpose,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let void = diesel::update(one_time_tokens::table)
            .filter(one_time_tokens::user_id.eq(*user.as_uuid()))
            .filter(one_time_tokens::purpose.eq(purpose.as_str()))
            .filter(one_time_tokens::consumed_at.is_null())
            .filter(one_time_tokens::expires_at.gt(now.as_millis()))
            .set(one_time_tokens::consumed_at.eq(now.as_millis()))
            .fixed();
        let voided = ask!(self, connection => void.execute(connection))?;
        Ok(u64::try_from(voided).unwrap_or(u64::MAX))
    }

    async fn sweep(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        let remove = sql_query(SWEEP).bind::<BigInt, _>(now.as_millis());
        let removed = ask!(self, connection => remove.execute(connection))?;
        Ok(u64::try_from(removed).unwrap_or(u64::MAX))
    }
}
