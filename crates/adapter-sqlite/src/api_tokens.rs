//! API tokens: `ApiTokenRepository` on the table `api_tokens`.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use kogents_domain::digest::Digest;
use kogents_domain::ids::{ApiTokenId, WorkspaceId};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{ApiToken, ApiTokenRepository};

use crate::columns::{digest, digest_bytes, id, id_bytes, moment};
use crate::error::InvalidRow;
use crate::schema::api_tokens;
use crate::unit_of_work::SqliteUnitOfWork;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = api_tokens, treat_none_as_default_value = false, check_for_backend(Sqlite))]
struct ApiTokenRow {
    id: Vec<u8>,
    workspace_id: Vec<u8>,
    prefix: String,
    digest: Vec<u8>,
    created_at: i64,
    revoked_at: Option<i64>,
}

impl ApiTokenRow {
    fn of(token: &ApiToken) -> Self {
        Self {
            id: id_bytes(token.id.as_uuid()),
            workspace_id: id_bytes(token.workspace_id.as_uuid()),
            prefix: token.prefix.clone(),
            digest: digest_bytes(&token.digest),
            created_at: token.created_at.as_millis(),
            revoked_at: token.revoked_at.map(Timestamp::as_millis),
        }
    }
}

impl TryFrom<ApiTokenRow> for ApiToken {
    type Error = InvalidRow;

    fn try_from(row: ApiTokenRow) -> Result<Self, InvalidRow> {
        Ok(Self {
            id: ApiTokenId::from_uuid(id(&row.id, "api_tokens.id")?),
            workspace_id: WorkspaceId::from_uuid(id(&row.workspace_id, "api_tokens.workspace_id")?),
            prefix: row.prefix,
            digest: digest(&row.digest, "api_tokens.digest")?,
            created_at: Timestamp::from_millis(row.created_at),
            revoked_at: moment(row.revoked_at),
        })
    }
}

#[async_trait]
impl ApiTokenRepository for SqliteUnitOfWork {
    async fn insert(&mut self, token: &ApiToken) -> Result<(), StoreError> {
        let row = ApiTokenRow::of(token);
        self.run(move |conn| {
            diesel::insert_into(api_tokens::table)
                .values(row)
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn find_by_digest(&mut self, digest: &Digest) -> Result<Option<ApiToken>, StoreError> {
        let digest = digest_bytes(digest);
        self.run(move |conn| {
            let row = api_tokens::table
                .filter(api_tokens::digest.eq(digest))
                .select(ApiTokenRow::as_select())
                .first(conn)
                .optional()?;
            Ok(row.map(ApiToken::try_from).transpose()?)
        })
        .await
    }

    async fn revoke(
        &mut self,
        workspace: WorkspaceId,
        now: Timestamp,
    ) -> Result<Option<ApiTokenId>, StoreError> {
        self.run(move |conn| {
            let of_workspace = || {
                api_tokens::table.filter(api_tokens::workspace_id.eq(id_bytes(workspace.as_uuid())))
            };
            diesel::delete(of_workspace().filter(api_tokens::revoked_at.is_not_null()))
                .execute(conn)?;
            let voided: Vec<Vec<u8>> = diesel::update(of_workspace())
                .set(api_tokens::revoked_at.eq(now.as_millis()))
                .returning(api_tokens::id)
                .get_results(conn)?;
            let voided = voided.into_iter().max();
            let voided = voided
                .map(|bytes| id(&bytes, "api_tokens.id"))
                .transpose()?;
            Ok(voided.map(ApiTokenId::from_uuid))
        })
        .await
    }
}
