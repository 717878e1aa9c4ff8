//! Workspaces: `WorkspaceRepository` on the table `workspaces`.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use kogents_domain::auth::{EmailAddress, Language};
use kogents_domain::ids::WorkspaceId;
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{
    Branding, Colour, HttpsUrl, Slug, Workspace, WorkspaceName, WorkspaceRepository,
};

use crate::columns::{from_json, id, id_bytes, json, parsed, parsed_opt, unchanged};
use crate::error::InvalidRow;
use crate::schema::workspaces;
use crate::unit_of_work::SqliteUnitOfWork;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = workspaces, treat_none_as_default_value = false, check_for_backend(Sqlite))]
pub(crate) struct WorkspaceRow {
    id: Vec<u8>,
    name: String,
    slug: String,
    branding: String,
    language: Option<String>,
    created_at: i64,
    updated_at: i64,
}

impl WorkspaceRow {
    fn of(workspace: &Workspace) -> Result<Self, InvalidRow> {
        Ok(Self {
            id: id_bytes(workspace.id.as_uuid()),
            name: workspace.name.as_str().to_owned(),
            slug: workspace.slug.as_str().to_owned(),
            branding: json(&workspace.branding, "workspaces.branding")?,
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
    type Error = InvalidRow;

    fn try_from(row: WorkspaceRow) -> Result<Self, InvalidRow> {
        Ok(Self {
            id: WorkspaceId::from_uuid(id(&row.id, "workspaces.id")?),
            name: parsed(&row.name, WorkspaceName::parse, "workspaces.name")?,
            slug: parsed(&row.slug, Slug::from_stored, "workspaces.slug")?,
            branding: branding(&row.branding)?,
            language: parsed_opt(row.language, Language::parse, "workspaces.language")?,
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
        })
    }
}

/// The document, with every member checked as it was when it came in.
fn branding(text: &str) -> Result<Branding, InvalidRow> {
    const COLUMN: &str = "workspaces.branding";
    let branding: Branding = from_json(text, COLUMN)?;
    for url in [&branding.logo_url, &branding.favicon_url]
        .into_iter()
        .flatten()
    {
        unchanged(url, HttpsUrl::parse(url.as_str()), COLUMN)?;
    }
    let colours = [
        &branding.primary_color,
        &branding.secondary_color,
        &branding.accent_color,
    ];
    for colour in colours.into_iter().flatten() {
        unchanged(colour, Colour::parse(colour.as_str()), COLUMN)?;
    }
    let texts = [
        &branding.company_name,
        &branding.industry,
        &branding.company_size,
        &branding.country,
        &branding.email_from_name,
    ];
    for text in texts.into_iter().flatten() {
        unchanged(text, Branding::parse_text(text), COLUMN)?;
    }
    if let Some(address) = &branding.support_email {
        EmailAddress::from_stored(address.as_given(), address.normalised())
            .map_err(|_| InvalidRow(COLUMN))?;
    }
    Ok(branding)
}

fn workspace(row: Option<WorkspaceRow>) -> Result<Option<Workspace>, InvalidRow> {
    row.map(Workspace::try_from).transpose()
}

#[async_trait]
impl WorkspaceRepository for SqliteUnitOfWork {
    async fn insert(&mut self, workspace: &Workspace) -> Result<(), StoreError> {
        let row = WorkspaceRow::of(workspace);
        self.run(move |conn| {
            diesel::insert_into(workspaces::table)
                .values(row?)
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn find(&mut self, id: WorkspaceId) -> Result<Option<Workspace>, StoreError> {
        self.run(move |conn| {
            let row = workspaces::table
                .find(id_bytes(id.as_uuid()))
                .select(WorkspaceRow::as_select())
                .first(conn)
                .optional()?;
            Ok(workspace(row)?)
        })
        .await
    }

    async fn find_by_slug(&mut self, slug: &Slug) -> Result<Option<Workspace>, StoreError> {
        let slug = slug.as_str().to_owned();
        self.run(move |conn| {
            let row = workspaces::table
                .filter(workspaces::slug.eq(slug))
                .select(WorkspaceRow::as_select())
                .first(conn)
                .optional()?;
            Ok(workspace(row)?)
        })
        .await
    }

    /// The lock is the whole database's, and a unit of work that writes has it already.
    async fn find_for_update(&mut self, id: WorkspaceId) -> Result<Option<Workspace>, StoreError> {
        WorkspaceRepository::find(self, id).await
    }

    async fn update(&mut self, workspace: &Workspace) -> Result<(), StoreError> {
        let row = WorkspaceRow::of(workspace);
        self.run(move |conn| {
            let row = row?;
            diesel::update(workspaces::table.find(row.id))
                .set((
                    workspaces::name.eq(row.name),
                    workspaces::slug.eq(row.slug),
                    workspaces::branding.eq(row.branding),
                    workspaces::language.eq(row.language),
                    workspaces::updated_at.eq(row.updated_at),
                ))
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    /// What is the workspace's goes by the references of the tables.
    async fn delete(&mut self, id: WorkspaceId) -> Result<bool, StoreError> {
        self.run(move |conn| {
            let deleted =
                diesel::delete(workspaces::table.find(id_bytes(id.as_uuid()))).execute(conn)?;
            Ok(deleted > 0)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branding_that_was_tampered_with_is_not_read() {
        assert!(branding(r##"{"primaryColor":"#1a2b3c","theme":"dark"}"##).is_ok());
        for bad in [
            r#"{"primaryColor":"red"}"#,
            r#"{"logoUrl":"javascript:alert(1)"}"#,
            r#"{"companyName":"<b>"}"#,
            r#"{"supportEmail":{"given":"a@b.example","normalised":"c@d.example"}}"#,
            "null",
        ] {
            assert_eq!(
                branding(bad),
                Err(InvalidRow("workspaces.branding")),
                "{bad}"
            );
        }
    }
}
