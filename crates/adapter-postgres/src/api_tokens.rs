//! API tokens.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kogents_domain::digest::Digest;
use kogents_domain::ids::{ApiTokenId, WorkspaceId};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{ApiToken, ApiTokenRepository};
use uuid::Uuid;

use crate::rows;
use crate::schema::api_tokens;
use crate::unit_of_work::{PgUnitOfWork, ask};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(
    table_name = api_tokens,
    treat_none_as_default_value = false,
    check_for_backend(diesel::pg::Pg)
)]
struct ApiTokenRow {
    id: Uuid,
    workspace_id: Uuid,
    prefix: String,
    digest: Vec<u8>,
    created_at: i64,
    revoked_at: Option<i64>,
}

impl From<&ApiToken> for ApiTokenRow {
    fn from(token: &ApiToken) -> Self {
        Self {
            id: *token.id.as_uuid(),
            workspace_id: *token.workspace_id.as_uuid(),
            prefix: token.prefix.clone(),
            digest: token.digest.as_bytes().to_vec(),
            created_at: token.created_at.as_millis(),
            revoked_at: token.revoked_at.map(Timestamp::as_millis),
        }
    }
}

impl TryFrom<ApiTokenRow> for ApiToken {
    type Error = StoreError;
    fn try_from(row: ApiTokenRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ApiTokenId::from_uuid(row.id),
            workspace_id: WorkspaceId::from_uuid(row.workspace_id),
            prefix: row.prefix,
            digest: rows::digest(&row.digest, "api_tokens.digest")?,
            created_at: Timestamp::from_millis(row.created_at),
            revoked_at: rows::moment(row.revoked_at),
        })
    }
}

#[async_trait]
impl ApiTokenRepository for PgUnitOfWork {
    async fn insert(&mut self, token: &ApiToken) -> Result<(), StoreError> {
        let insert = diesel::insert_into(api_tokens::table).values(ApiTokenRow::from(token));
        ask!(self, connection => insert.execute(connection))?;
        Ok(())
    }

    async fn find_by_digest(&mut self, digest: &Digest) -> Result<Option<ApiToken>, StoreError> {
        let query = api_tokens::table
            .filter(api_tokens::digest.eq(digest.as_bytes().to_vec()))
            .select(ApiTokenRow::as_select());
        let rows = ask!(self, connection => query.load(connection))?;
        rows.into_iter().next().map(ApiToken::try_from).transpose()
    }

    async fn revoke(
        &mut self,
        workspace: WorkspaceId,
        now: Timestamp,
    ) -> Result<Option<ApiTokenId>, StoreError> {
        let of_workspace = api_tokens::workspace_id.eq(*workspace.as_uuid());
        let remove = diesel::delete(api_tokens::table)
            .filter(of_workspace)
            .filter(api_tokens::revoked_at.is_not_null());
        ask!(self, connection => remove.execute(connection))?;
        let void = diesel::update(api_tokens::table)
            .filter(of_workspace)
            .filter(api_tokens::revoked_at.is_null())
            .set(api_tokens::revoked_at.eq(now.as_millis()))
            .returning(api_tokens::id);
        let voided: Vec<Uuid> = ask!(self, connection => void.get_results(connection))?;
        Ok(voided.into_iter().max().map(ApiTokenId::from_uuid))
    }
}
