//! Members and who is invited in one list: `DirectoryRepository` on the tables `memberships` and
//! `invitations`.

mod cut;
mod entries;

use async_trait::async_trait;
use kogents_domain::ids::WorkspaceId;
use kogents_domain::store::StoreError;
use kogents_domain::workspace::{
    DirectoryEntry, DirectoryId, DirectoryPage, DirectoryQuery, DirectoryRepository,
};

use crate::columns::id_bytes;
use crate::unit_of_work::SqliteUnitOfWork;

#[async_trait]
impl DirectoryRepository for SqliteUnitOfWork {
    async fn list(&mut self, query: &DirectoryQuery) -> Result<DirectoryPage, StoreError> {
        let query = query.clone();
        self.run(move |conn| {
            let total = cut::total(conn, &query)?;
            if query.offset >= total {
                let entries = Vec::new();
                return Ok(DirectoryPage { entries, total });
            }
            let page = cut::cut(conn, &query)?;
            let of = |invited: bool| {
                let those = page.iter().filter(|one| one.invited == invited);
                those.map(|one| one.id.clone()).collect()
            };
            let mut members = entries::members(conn, query.workspace_id, of(false))?;
            let mut invited = entries::invited(conn, query.workspace_id, of(true))?;
            let entries = page.iter().filter_map(|one| {
                let those = if one.invited {
                    &mut invited
                } else {
                    &mut members
                };
                those.remove(&one.id)
            });
            let entries = entries.collect();
            Ok(DirectoryPage { entries, total })
        })
        .await
    }

    async fn find(
        &mut self,
        workspace: WorkspaceId,
        id: DirectoryId,
    ) -> Result<Option<DirectoryEntry>, StoreError> {
        self.run(move |conn| {
            let id = id_bytes(id.as_uuid());
            let member = entries::members(conn, workspace, vec![id.clone()])?.remove(&id);
            if member.is_some() {
                return Ok(member);
            }
            Ok(entries::invited(conn, workspace, vec![id.clone()])?.remove(&id))
        })
        .await
    }
}
