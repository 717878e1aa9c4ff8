//! Mailed tokens: `OneTimeTokenRepository` on the table `one_time_tokens`.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use diesel::sqlite::Sqlite;
use kogents_domain::auth::{OneTimeToken, OneTimeTokenRepository, TokenPurpose};
use kogents_domain::digest::Digest;
use kogents_domain::ids::{OneTimeTokenId, UserId, WorkspaceId};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

use crate::columns::{digest, digest_bytes, id, id_bytes, named};
use crate::error::InvalidRow;
use crate::fixed::FixedText as _;
use crate::schema::one_time_tokens;
use crate::unit_of_work::SqliteUnitOfWork;

/// `?1` now.
const SWEEP: &str = "DELETE FROM one_time_tokens WHERE id IN (SELECT id FROM one_time_tokens \
    WHERE expires_at <= ?1 ORDER BY expires_at LIMIT 1000)";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(
    table_name = one_time_tokens,
    treat_none_as_default_value = false,
    check_for_backend(Sqlite)
)]
struct TokenRow {
    id: Vec<u8>,
    purpose: String,
    digest: Vec<u8>,
    user_id: Option<Vec<u8>>,
    workspace_id: Option<Vec<u8>>,
    payload: Option<Vec<u8>>,
    created_at: i64,
    expires_at: i64,
}

impl TokenRow {
    fn of(token: &OneTimeToken) -> Self {
        Self {
            id: id_bytes(token.id.as_uuid()),
            purpose: token.purpose.as_str().to_owned(),
            digest: digest_bytes(&token.digest),
            user_id: token.user_id.map(|id| id_bytes(id.as_uuid())),
            workspace_id: token.workspace_id.map(|id| id_bytes(id.as_uuid())),
            payload: token.payload.clone(),
            created_at: token.created_at.as_millis(),
            expires_at: token.expires_at.as_millis(),
        }
    }
}

impl TryFrom<TokenRow> for OneTimeToken {
    type Error = InvalidRow;

    fn try_from(row: TokenRow) -> Result<Self, InvalidRow> {
        Ok(Self {
            id: OneTimeTokenId::from_uuid(id(&row.id, "one_time_tokens.id")?),
            purpose: named(
                &row.purpose,
                TokenPurpose::from_name,
                "one_time_tokens.purpose",
            )?,
            digest: digest(&row.digest, "one_time_tokens.digest")?,
            user_id: row
                .user_id
                .map(|bytes| id(&bytes, "one_time_tokens.user_id").map(UserId::from_uuid))
                .transpose()?,
            workspace_id: row
                .workspace_id
                .map(|bytes| id(&bytes, "one_time_tokens.workspace_id").map(WorkspaceId::from_uuid))
                .transpose()?,
            payload: row.payload,
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

fn token(row: Option<TokenRow>) -> Result<Option<OneTimeToken>, InvalidRow> {
    row.map(OneTimeToken::try_from).transpose()
}

#[async_trait]
impl OneTimeTokenRepository for SqliteUnitOfWork {
    async fn insert(&mut self, token: &OneTimeToken) -> Result<(), StoreError> {
        let row = TokenRow::of(token);
        self.run(move |conn| {
            diesel::insert_into(one_time_tokens::table)
                .values(row)
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn find(
        &mut self,
        purpose: TokenPurpose,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<OneTimeToken>, StoreError> {
        let digest = digest_bytes(digest);
        self.run(move |conn| {
            let row = one_time_tokens::table
                .filter(one_time_tokens::digest.eq(digest))
                .filter(one_time_tokens::purpose.eq(purpose.as_str()))
                .filter(one_time_tokens::consumed_at.is_null())
                .filter(one_time_tokens::expires_at.gt(now.as_millis()))
                .select(TokenRow::as_select())
                .first(conn)
                .optional()?;
            Ok(token(row)?)
        })
        .await
    }

    async fn consume(
        &mut self,
        purpose: TokenPurpose,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<OneTimeToken>, StoreError> {
        let digest = digest_bytes(digest);
        self.run(move |conn| {
            let row = diesel::update(one_time_tokens::table)
                .filter(one_time_tokens::digest.eq(digest))
                .filter(one_time_tokens::purpose.eq(purpose.as_str()))
                .filter(one_time_tokens::consumed_at.is_null())
                .filter(one_time_tokens::expires_at.gt(now.as_millis()))
                .set(one_time_tokens::consumed_at.eq(now.as_millis()))
                .returning(TokenRow::as_returning())
                .fixed()
                .get_result(conn)
                .optional()?;
            Ok(token(row)?)
        })
        .await
    }

    async fn void_all(
        &mut self,
        user: UserId,
        purpose: TokenPurpose,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        self.run(move |conn| {
            let voided = diesel::update(one_time_tokens::table)
                .filter(one_time_tokens::user_id.eq(id_bytes(user.as_uuid())))
                .filter(one_time_tokens::purpose.eq(purpose.as_str()))
                .filter(one_time_tokens::consumed_at.is_null())
                .filter(one_time_tokens::expires_at.gt(now.as_millis()))
                .set(one_time_tokens::consumed_at.eq(now.as_millis()))
                .fixed()
                .execute(conn)?;
            Ok(u64::try_from(voided).unwrap_or(u64::MAX))
        })
        .await
    }

    async fn sweep(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        self.run(move |conn| {
            let removed = sql_query(SWEEP)
                .bind::<BigInt, _>(now.as_millis())
                .execute(conn)?;
            Ok(u64::try_from(removed).unwrap_or(u64::MAX))
        })
        .await
    }
}
