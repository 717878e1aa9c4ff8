//! Invitations: as those see them who sent them, and as those who were invited.

use kogents_domain::auth::PersonName;
use kogents_domain::ids::{InvitationId, UserId};
use kogents_domain::page::Page;
use kogents_usecases::workspace::{InvitationPreview, SentInvitation};
use serde::Serialize;
use utoipa::ToSchema;

use super::access::RoleView;
use super::branding::BrandingView;
use super::rfc3339;
use crate::cursor;

/// An invitation that was not accepted yet.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvitationView {
    #[schema(example = "0192f3c0-5555-7abc-8def-0123456789ab")]
    id: String,
    /// The address it was mailed to.
    #[schema(format = "email", example = "grace@example.com")]
    email: String,
    #[schema(example = "Grace Hopper")]
    name: String,
    /// E.164.
    #[schema(required, example = "+4930123456")]
    phone: Option<String>,
    /// The role to give.
    role: RoleView,
    /// Who invites; null: they are gone.
    #[schema(required)]
    invited_by: Option<InviterView>,
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    created_at: String,
    /// From when on the link is good for nothing.
    #[schema(format = "date-time", example = "2026-01-09T03:04:05.678Z")]
    expires_at: String,
}

/// Who invites.
#[derive(Serialize, ToSchema)]
pub(crate) struct InviterView {
    #[schema(example = "0192f3c0-1111-7abc-8def-0123456789ab")]
    id: String,
    #[schema(example = "Ada Lovelace")]
    name: String,
}

impl InviterView {
    fn new((id, name): &(UserId, PersonName)) -> Self {
        Self {
            id: id.to_string(),
            name: name.as_str().to_owned(),
        }
    }
}

impl From<&SentInvitation> for InvitationView {
    fn from(sent: &SentInvitation) -> Self {
        let invitation = &sent.invitation;
        let phone = invitation.phone.as_ref();
        Self {
            id: invitation.id.to_string(),
            email: invitation.email.as_given().to_owned(),
            name: invitation.name.as_str().to_owned(),
            phone: phone.map(|phone| phone.as_str().to_owned()),
            role: RoleView::from(&sent.role),
            invited_by: sent.invited_by.as_ref().map(InviterView::new),
            created_at: rfc3339(invitation.created_at),
            expires_at: rfc3339(invitation.expires_at),
        }
    }
}

/// One page of the invitations into a workspace.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvitationsView {
    items: Vec<InvitationView>,
    /// The `cursor` of the next page; null at the end.
    #[schema(required, example = "AWkBkvPAVVV6vI3vASNFZ4mr")]
    next_cursor: Option<String>,
}

impl From<&Page<SentInvitation, InvitationId>> for InvitationsView {
    fn from(page: &Page<SentInvitation, InvitationId>) -> Self {
        Self {
            items: page.items.iter().map(InvitationView::from).collect(),
            next_cursor: page.next.map(cursor::of_invitation),
        }
    }
}

/// What an invitation is to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvitationPreviewView {
    workspace: InvitingWorkspaceView,
    /// The address that was invited.
    #[schema(format = "email", example = "grace@example.com")]
    email: String,
    /// Whether the address has an account: then accepting takes its password, else a name and a
    /// new one.
    has_account: bool,
    /// From when on the link is good for nothing.
    #[schema(format = "date-time", example = "2026-01-09T03:04:05.678Z")]
    expires_at: String,
}

/// A workspace, as those see it who are invited to it.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitingWorkspaceView {
    #[schema(example = "Acme")]
    name: String,
    #[schema(example = "acme")]
    slug: String,
    branding: BrandingView,
}

impl From<&InvitationPreview> for InvitationPreviewView {
    fn from(preview: &InvitationPreview) -> Self {
        let workspace = &preview.workspace;
        Self {
            workspace: InvitingWorkspaceView {
                name: workspace.name.as_str().to_owned(),
                slug: workspace.slug.as_str().to_owned(),
                branding: BrandingView::from(&workspace.branding),
            },
            email: preview.invitation.email.as_given().to_owned(),
            has_account: preview.has_account,
            expires_at: rfc3339(preview.invitation.expires_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use kogents_domain::access::SystemRole;
    use kogents_domain::workspace::Invitation;
    use kogents_testkit::builders::{START, a_role, a_user, a_workspace, an_invitation};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_of_invitations_tells_who_invites_and_until_when() {
        let workspace = a_workspace().build();
        let role = a_role(workspace.id, SystemRole::Agent);
        let ada = a_user().build();
        let invitation = an_invitation(&role, ada.id).build();
        let sent = |invited_by| SentInvitation {
            invitation: invitation.clone(),
            role: role.clone(),
            invited_by,
        };
        let page = Page {
            items: vec![sent(Some((ada.id, ada.name.clone()))), sent(None)],
            next: Some(invitation.id),
        };
        let shown = serde_json::to_value(InvitationsView::from(&page)).unwrap();
        let first = json!({
            "id": invitation.id.to_string(),
            "email": invitation.email.as_given(),
            "name": "Grace Hopper",
            "phone": null,
            "role": shown["items"][1]["role"],
            "invitedBy": { "id": ada.id.to_string(), "name": "Ada Lovelace" },
            "createdAt": rfc3339(START),
            "expiresAt": rfc3339(START.plus(Invitation::LIFETIME)),
        });
        assert_eq!(shown["items"][0], first);
        assert_eq!(shown["items"][0]["role"]["name"], "agent");
        assert_eq!(shown["items"][1]["invitedBy"], json!(null));
        let cursor = shown["nextCursor"].as_str().unwrap();
        assert_eq!(cursor::parse_invitation(cursor), Ok(invitation.id));
    }

    #[test]
    fn a_preview_tells_neither_the_role_nor_any_id() {
        let workspace = a_workspace().slug("acme-preview").build();
        let role = a_role(workspace.id, SystemRole::Agent);
        let invitation = an_invitation(&role, a_user().build().id)
            .email("Grace@example.com")
            .build();
        let preview = InvitationPreview {
            workspace,
            invitation,
            has_account: true,
        };
        let shown = serde_json::to_value(InvitationPreviewView::from(&preview)).unwrap();
        let expected = json!({
            "workspace": { "name": "Acme", "slug": "acme-preview", "branding": {} },
            "email": "Grace@example.com",
            "hasAccount": true,
            "expiresAt": rfc3339(START.plus(Invitation::LIFETIME)),
        });
        assert_eq!(shown, expected);
    }
}
