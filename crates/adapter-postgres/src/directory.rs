//! Everybody of a workspace in one list.

mod cutting;
mod looking_up;
mod parts;

use async_trait::async_trait;
use kogents_domain::ids::WorkspaceId;
use kogents_domain::store::StoreError;
use kogents_domain::workspace::{
    DirectoryEntry, DirectoryId, DirectoryPage, DirectoryQuery, DirectoryRepository,
};

use self::cutting::Place;
use crate::unit_of_work::PgUnitOfWork;

#[async_trait]
impl DirectoryRepository for PgUnitOfWork {
    async fn list(&mut self, query: &DirectoryQuery) -> Result<DirectoryPage, StoreError> {
        let total = cutting::count(self, query).await?;
        if query.offset >= total {
            return Ok(DirectoryPage {
                entries: Vec::new(),
                total,
            });
        }
        let places = cutting::cut(self, query).await?;
        let entries = looking_up::entries(self, query.workspace_id, &places).await?;
        Ok(DirectoryPage { entries, total })
    }

    async fn find(
        &mut self,
        workspace: WorkspaceId,
        id: DirectoryId,
    ) -> Result<Option<DirectoryEntry>, StoreError> {
        let places = [true, false].map(|is_member| Place {
            id: *id.as_uuid(),
            is_member,
        });
        let entries = looking_up::entries(self, workspace, &places).await?;
        Ok(entries.into_iter().next())
    }
}
