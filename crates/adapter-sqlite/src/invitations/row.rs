//! The row of an invitation.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use kogents_domain::auth::{EmailAddress, PersonName, PhoneNumber};
use kogents_domain::ids::{InvitationId, RoleId, UserId, WorkspaceId};
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::Invitation;

use crate::columns::{digest, digest_bytes, id, id_bytes, parsed, parsed_opt};
use crate::error::InvalidRow;
use crate::schema::invitations;

/// All but the keys, which are not the domain's, and two columns that are not written any more.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = invitations, treat_none_as_default_value = false, check_for_backend(Sqlite))]
pub(crate) struct InvitationRow {
    pub(super) id: Vec<u8>,
    pub(super) workspace_id: Vec<u8>,
    pub(super) role_id: Vec<u8>,
    email: String,
    pub(super) email_normalised: String,
    name: String,
    phone: Option<String>,
    pub(super) invited_by: Option<Vec<u8>>,
    pub(super) digest: Vec<u8>,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
    pub(super) expires_at: i64,
}

impl InvitationRow {
    pub(super) fn of(invitation: &Invitation) -> Self {
        Self {
            id: id_bytes(invitation.id.as_uuid()),
            workspace_id: id_bytes(invitation.workspace_id.as_uuid()),
            role_id: id_bytes(invitation.role_id.as_uuid()),
            email: invitation.email.as_given().to_owned(),
            email_normalised: invitation.email.normalised().to_owned(),
            name: invitation.name.as_str().to_owned(),
            phone: invitation
                .phone
                .as_ref()
                .map(|phone| phone.as_str().to_owned()),
            invited_by: invitation.invited_by.map(|id| id_bytes(id.as_uuid())),
            digest: digest_bytes(&invitation.digest),
            created_at: invitation.created_at.as_millis(),
            updated_at: invitation.updated_at.as_millis(),
            expires_at: invitation.expires_at.as_millis(),
        }
    }
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = InvalidRow;

    fn try_from(row: InvitationRow) -> Result<Self, InvalidRow> {
        Ok(Self {
            id: InvitationId::from_uuid(id(&row.id, "invitations.id")?),
            workspace_id: WorkspaceId::from_uuid(id(
                &row.workspace_id,
                "invitations.workspace_id",
            )?),
            role_id: RoleId::from_uuid(id(&row.role_id, "invitations.role_id")?),
            email: EmailAddress::from_stored(&row.email, &row.email_normalised)
                .map_err(|_| InvalidRow("invitations.email"))?,
            name: parsed(&row.name, PersonName::parse, "invitations.name")?,
            phone: parsed_opt(row.phone, PhoneNumber::parse, "invitations.phone")?,
            invited_by: row
                .invited_by
                .map(|bytes| id(&bytes, "invitations.invited_by").map(UserId::from_uuid))
                .transpose()?,
            digest: digest(&row.digest, "invitations.digest")?,
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}
