//! The request bodies of workspaces.

use kogents_domain::auth::{EnteredPassword, Language};
use kogents_domain::ids::WorkspaceId;
use kogents_domain::violation::Violation;
use kogents_domain::workspace::{Slug, WorkspaceChange, WorkspaceName};
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::{Body, BrandingBody, read_branding_change, read_current_password};
use crate::problem::Problem;

/// What is to be changed of a workspace; what is absent stays.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct UpdateWorkspaceBody {
    /// The name, in any script.
    #[schema(
        min_length = 2,
        max_length = 100,
        pattern = r#"^[^<>{}\[\]"\\`]*$"#,
        example = "Acme"
    )]
    name: Option<String>,
    /// The name in addresses: letters, digits and single hyphens between them.
    #[schema(
        min_length = 3,
        max_length = 50,
        pattern = "^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])$",
        example = "acme"
    )]
    slug: Option<String>,
    /// Members that are absent stay as they are, null removes one; null in place of the object
    /// removes all.
    branding: Option<BrandingBody>,
    /// The language of mails in the workspace's name (BCP 47); null: the reader's.
    #[schema(max_length = 35, example = "de-DE")]
    language: Option<String>,
}

impl UpdateWorkspaceBody {
    /// Reads the body.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<WorkspaceChange, Problem> {
        body.parse(|fields| {
            let name = fields.optional("name", WorkspaceName::parse);
            let slug = fields.optional("slug", Slug::parse);
            let branding = read_branding_change(fields);
            let language = fields.clearable("language", Language::parse);
            Some(WorkspaceChange {
                name: name?,
                slug: slug?,
                branding: branding?,
                language: language?,
            })
        })
    }
}

/// Which workspace to go to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SwitchWorkspaceBody {
    /// Its id.
    #[schema(
        min_length = 36,
        max_length = 36,
        example = "0192f3c0-2222-7abc-8def-0123456789ab"
    )]
    workspace_id: String,
}

impl SwitchWorkspaceBody {
    /// Reads the body.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<WorkspaceId, Problem> {
        body.parse(|fields| {
            fields.required("workspaceId", |text| {
                if text.trim().is_empty() {
                    return Err(Violation::required());
                }
                if text.len() != 36 {
                    return Err(Violation::length(36, 36));
                }
                WorkspaceId::parse(text).map_err(|_| Violation::format("must be an id"))
            })
        })
    }
}

/// The caller's present password.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CurrentPasswordBody {
    /// The password that the account has; a missing one is answered like a wrong one.
    #[schema(format = "password", max_length = 1024, example = "SecurePassword123!")]
    current_password: Option<String>,
}

impl CurrentPasswordBody {
    /// Reads the body.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<Option<EnteredPassword>, Problem> {
        body.parse(read_current_password)
    }
}
