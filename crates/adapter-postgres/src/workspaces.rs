//! Workspaces.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kogents_domain::ids::WorkspaceId;
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{Slug, Workspace, WorkspaceName, WorkspaceRepository};
use uuid::Uuid;

use crate::error::{unreadable, unwritable};
use crate::rows;
use crate::schema::workspaces;
use crate::unit_of_work::{PgUnitOfWork, ask};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(
    table_name = workspaces,
    treat_none_as_default_value = false,
    check_for_backend(diesel::pg::Pg)
)]
pub(crate) struct WorkspaceRow {
    id: Uuid,
    name: String,
    slug: String,
    branding: String,
    language: Option<String>,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<&Workspace> for WorkspaceRow {
    type Error = StoreError;
    fn try_from(workspace: &Workspace) -> Result<Self, StoreError> {
        Ok(Self {
            id: *workspace.id.as_uuid(),
            name: workspace.name.as_str().to_owned(),
            slug: workspace.slug.as_str().to_owned(),
            branding: serde_json::to_string(&workspace.branding)
                .map_err(|error| unwritable("workspaces.branding", &error))?,
            language: workspace
                .language
                .as_ref()
                .map(|tag| tag.as_str().to_owned()),
            created_at: workspace.created_at.as_millis(),
            updated_at: workspace.updated_at.as_millis(),
        })
    }
}

impl TryFrom<WorkspaceRow> for Workspace {
    type Error = StoreError;
    fn try_from(row: WorkspaceRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: WorkspaceId::from_uuid(row.id),
            name: WorkspaceName::parse(&row.name).map_err(|_| unreadable("workspaces.name"))?,
            slug: Slug::from_stored(&row.slug).map_err(|_| unreadable("workspaces.slug"))?,
            branding: serde_json::from_str(&row.branding)
                .map_err(|_| unreadable("workspaces.branding"))?,
            language: rows::language(row.language.as_deref(), "workspaces.language")?,
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
        })
    }
}

#[async_trait]
impl WorkspaceRepository for PgUnitOfWork {
    async fn insert(&mut self, workspace: &Workspace) -> Result<(), StoreError> {
        let row = WorkspaceRow::try_from(workspace)?;
        let insert = diesel::insert_into(workspaces::table).values(row);
        ask!(self, connection => insert.execute(connection))?;
        Ok(())
    }

    async fn find(&mut self, id: WorkspaceId) -> Result<Option<Workspace>, StoreError> {
        let query = workspaces::table
            .find(*id.as_uuid())
            .select(WorkspaceRow::as_select());
        let rows = ask!(self, connection => query.load(connection))?;
        rows::first(rows)
    }

    async fn find_by_slug(&mut self, slug: &Slug) -> Result<Option<Workspace>, StoreError> {
        let query = workspaces::table
            .filter(workspaces::slug.eq(slug.as_str().to_owned()))
            .select(WorkspaceRow::as_select());
        let rows = ask!(self, connection => query.load(connection))?;
        rows::first(rows)
    }

    async fn find_for_update(&mut self, id: WorkspaceId) -> Result<Option<Workspace>, StoreError> {
        // Other rows may go on referring to the workspace meanwhile.
        let query = workspaces::table
            .find(*id.as_uuid())
            .select(WorkspaceRow::as_select())
            .for_no_key_update();
        let rows = ask!(self, connection => query.load(connection))?;
        rows::first(rows)
    }

    async fn update(&mut self, workspace: &Workspace) -> Result<(), StoreError> {
        let row = WorkspaceRow::try_from(workspace)?;
        let update = diesel::update(workspaces::table.find(row.id)).set((
            workspaces::name.eq(row.name),
            workspaces::slug.eq(row.slug),
            workspaces::branding.eq(row.branding),
            workspaces::language.eq(row.language),
            workspaces::updated_at.eq(row.updated_at),
        ));
        ask!(self, connection => update.execute(connection))?;
        Ok(())
    }

    async fn delete(&mut self, id: WorkspaceId) -> Result<bool, StoreError> {
        // What is the workspace's refers to it, and goes with it.
        let delete = diesel::delete(workspaces::table.find(*id.as_uuid()));
        Ok(ask!(self, connection => delete.execute(connection))? == 1)
    }
}
