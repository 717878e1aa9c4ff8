//! The request bodies of roles and permissions.

use kogents_domain::access::{PermissionDraft, PermissionName, Role, RoleName};
use kogents_domain::ids::PermissionId;
use kogents_domain::violation::Violation;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Body;
use crate::problem::Problem;

/// Which role to make.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CreateRoleBody {
    /// Its name, in any script; no other role of the workspace has it.
    #[schema(
        min_length = 2,
        max_length = 50,
        pattern = r#"^[^<>{}\[\]"\\`]*$"#,
        example = "Night shift"
    )]
    name: String,
    /// What it is for.
    #[schema(max_length = 200, example = "Answers at night.")]
    description: Option<String>,
}

impl CreateRoleBody {
    /// Reads the body: the name, and the description, which may be empty.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<(RoleName, String), Problem> {
        body.parse(|fields| {
            let name = fields.required("name", RoleName::parse);
            let description = fields.optional("description", Role::parse_description);
            Some((name?, description?.unwrap_or_default()))
        })
    }
}

/// What is to be changed of a role; what is absent stays.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct UpdateRoleBody {
    /// Its name, in any script; no other role of the workspace has it.
    #[schema(
        min_length = 2,
        max_length = 50,
        pattern = r#"^[^<>{}\[\]"\\`]*$"#,
        example = "Night shift"
    )]
    name: Option<String>,
    /// What it is for; null for nothing.
    #[schema(max_length = 200, example = "Answers at night.")]
    description: Option<String>,
}

impl UpdateRoleBody {
    /// Reads the body: what to change of name and description.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<(Option<RoleName>, Option<String>), Problem> {
        body.parse(|fields| {
            let name = fields.optional("name", RoleName::parse);
            let description = fields.clearable("description", Role::parse_description);
            Some((name?, description?.map(Option::unwrap_or_default)))
        })
    }
}

/// Which permissions are meant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PermissionIdsBody {
    /// Their ids; one that is named twice counts once.
    #[schema(
        max_items = 512,
        example = json!(["00000000-0000-7000-8000-000000000901"])
    )]
    permission_ids: Vec<String>,
}

impl PermissionIdsBody {
    /// Twice as many as there can be.
    const MOST: usize = 512;

    /// Reads the body.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<Vec<PermissionId>, Problem> {
        body.parse(|fields| fields.required_list("permissionIds", Self::MOST, permission_id))
    }
}

fn permission_id(text: &str) -> Result<PermissionId, Violation> {
    PermissionId::parse(text).map_err(|_| Violation::format("must be ids of permissions"))
}

/// Which permission to make.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CreatePermissionBody {
    /// Its name, by which services check it: a resource and what may be done to it. The action
    /// `update` is `edit`.
    #[schema(
        pattern = "^[a-z][a-z0-9-]{0,48}:[a-z][a-z0-9-]{0,48}$",
        example = "reports:export"
    )]
    name: String,
    /// What it permits.
    #[schema(max_length = 200, example = "Export reports.")]
    description: Option<String>,
    /// Its group.
    #[schema(
        min_length = 2,
        max_length = 50,
        pattern = r#"^[^<>{}\[\]"\\`]*$"#,
        example = "reports"
    )]
    category: String,
}

impl CreatePermissionBody {
    /// Reads the body.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<PermissionDraft, Problem> {
        body.parse(|fields| {
            let name = fields.required("name", PermissionName::parse);
            let description = fields.optional("description", PermissionDraft::parse_description);
            let category = fields.required("category", PermissionDraft::parse_category);
            Some(PermissionDraft {
                name: name?,
                description: description?.unwrap_or_default(),
                category: category?,
            })
        })
    }
}

/// What is to be changed of a permission; what is absent stays.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct UpdatePermissionBody {
    /// Its name, by which services check it. Roles that hold it hold it under its new name.
    #[schema(
        pattern = "^[a-z][a-z0-9-]{0,48}:[a-z][a-z0-9-]{0,48}$",
        example = "reports:export"
    )]
    name: Option<String>,
    /// What it permits; null for nothing.
    #[schema(max_length = 200, example = "Export reports.")]
    description: Option<String>,
    /// Its group.
    #[schema(
        min_length = 2,
        max_length = 50,
        pattern = r#"^[^<>{}\[\]"\\`]*$"#,
        example = "reports"
    )]
    category: Option<String>,
}

/// What a body says of a permission; what is None stays.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ReadPermissionChange {
    pub(crate) name: Option<PermissionName>,
    pub(crate) description: Option<String>,
    pub(crate) category: Option<String>,
}

impl UpdatePermissionBody {
    /// Reads the body.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(body: &Body) -> Result<ReadPermissionChange, Problem> {
        body.parse(|fields| {
            let name = fields.optional("name", PermissionName::parse);
            let description = fields.clearable("description", PermissionDraft::parse_description);
            let category = fields.optional("category", PermissionDraft::parse_category);
            Some(ReadPermissionChange {
                name: name?,
                description: description?.map(Option::unwrap_or_default),
                category: category?,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use kogents_domain::access::{BuiltInPermission, MAX_OWN_PERMISSIONS};
    use kogents_domain::violation::ViolationCode;

    use super::*;

    fn body(text: &str) -> Body {
        Body::from_bytes(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_description_may_be_absent_empty_or_taken_away() {
        for text in [
            r#"{"name":"Night shift"}"#,
            r#"{"name":"Night shift","description":null}"#,
            r#"{"name":" Night shift ","description":" "}"#,
        ] {
            let (name, description) = CreateRoleBody::read(&body(text)).unwrap();
            assert_eq!((name.as_str(), description.as_str()), ("Night shift", ""));
        }
        let stays = UpdateRoleBody::read(&body("{}")).unwrap();
        assert_eq!(stays, (None, None));
        for text in [r#"{"description":null}"#, r#"{"description":""}"#] {
            let (name, cleared) = UpdateRoleBody::read(&body(text)).unwrap();
            assert_eq!((name, cleared.as_deref()), (None, Some("")));
            let change = UpdatePermissionBody::read(&body(text)).unwrap();
            assert_eq!(change.description.as_deref(), Some(""));
            assert_eq!((change.name, change.category), (None, None));
        }
    }

    #[test]
    fn all_permissions_that_there_can_be_fit_into_one_body() {
        let there_can_be =
            BuiltInPermission::all().len() + usize::try_from(MAX_OWN_PERMISSIONS).unwrap();
        assert!(there_can_be <= PermissionIdsBody::MOST);
        let ids = |count| {
            let all = BuiltInPermission::all();
            let ids: Vec<_> = all
                .iter()
                .cycle()
                .map(|known| known.id().to_string())
                .take(count)
                .collect();
            serde_json::json!({ "permissionIds": ids }).to_string()
        };
        let read = PermissionIdsBody::read(&body(&ids(PermissionIdsBody::MOST))).unwrap();
        assert_eq!(read.len(), PermissionIdsBody::MOST);
        let problem = PermissionIdsBody::read(&body(&ids(PermissionIdsBody::MOST + 1)));
        let errors = problem.unwrap_err().errors;
        assert_eq!(errors[0].violation.code, ViolationCode::InvalidLength);
    }

    #[test]
    fn what_is_no_id_is_told_of_the_list() {
        for bad in ["x", "", "users:read"] {
            let text = serde_json::json!({ "permissionIds": [bad] }).to_string();
            let errors = PermissionIdsBody::read(&body(&text)).unwrap_err().errors;
            assert_eq!(errors[0].field, "permissionIds");
            assert_eq!(errors[0].violation.code, ViolationCode::InvalidFormat);
        }
    }
}
