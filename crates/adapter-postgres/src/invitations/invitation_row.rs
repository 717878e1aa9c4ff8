//! An invitation's row.

use diesel::prelude::*;
use kogents_domain::auth::{EmailAddress, PersonName};
use kogents_domain::ids::{InvitationId, RoleId, UserId, WorkspaceId};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::Invitation;
use uuid::Uuid;

use crate::error::unreadable;
use crate::rows;
use crate::schema::invitations;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(
    table_name = invitations,
    treat_none_as_default_value = false,
    check_for_backend(diesel::pg::Pg)
)]
pub(crate) struct InvitationRow {
    id: Uuid,
    workspace_id: Uuid,
    email: String,
    email_normalised: String,
    name: String,
    phone: Option<String>,
    role_id: Uuid,
    invited_by: Option<Uuid>,
    digest: Vec<u8>,
    expires_at: i64,
    created_at: i64,
    updated_at: i64,
}

impl From<&Invitation> for InvitationRow {
    fn from(invitation: &Invitation) -> Self {
        let phone = invitation.phone.as_ref();
        Self {
            id: *invitation.id.as_uuid(),
            workspace_id: *invitation.workspace_id.as_uuid(),
            email: invitation.email.as_given().to_owned(),
            email_normalised: invitation.email.normalised().to_owned(),
            name: invitation.name.as_str().to_owned(),
            phone: phone.map(|phone| phone.as_str().to_owned()),
            role_id: *invitation.role_id.as_uuid(),
            invited_by: invitation.invited_by.map(|id| *id.as_uuid()),
            digest: invitation.digest.as_bytes().to_vec(),
            expires_at: invitation.expires_at.as_millis(),
            created_at: invitation.created_at.as_millis(),
            updated_at: invitation.updated_at.as_millis(),
        }
    }
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = StoreError;
    fn try_from(row: InvitationRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: InvitationId::from_uuid(row.id),
            workspace_id: WorkspaceId::from_uuid(row.workspace_id),
            email: EmailAddress::from_stored(&row.email, &row.email_normalised)
                .map_err(|_| unreadable("invitations.email"))?,
            name: PersonName::parse(&row.name).map_err(|_| unreadable("invitations.name"))?,
            phone: rows::phone(row.phone.as_deref(), "invitations.phone")?,
            role_id: RoleId::from_uuid(row.role_id),
            invited_by: row.invited_by.map(UserId::from_uuid),
            digest: rows::digest(&row.digest, "invitations.digest")?,
            expires_at: Timestamp::from_millis(row.expires_at),
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
        })
    }
}
