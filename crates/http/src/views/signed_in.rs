//! The answer of signing in and of confirming a signup.

use kogents_domain::digest::Digester;
use kogents_domain::workspace::ApiTokenSecret;
use kogents_usecases::auth::SignedIn;
use serde::Serialize;
use utoipa::ToSchema;

use super::workspace::WorkspaceView;
use super::{SessionView, TokensView};

/// A person with a session that was just opened.
#[derive(Serialize, ToSchema)]
pub(crate) struct SignedInView {
    #[serde(flatten)]
    tokens: TokensView,
    user: SignedInUserView,
    /// The workspace the session is in; null without a membership.
    #[schema(required)]
    workspace: Option<WorkspaceView>,
    session: SessionView,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignedInUserView {
    #[schema(example = "0192f3c0-1111-7abc-8def-0123456789ab")]
    id: String,
    #[schema(example = "Ada Lovelace")]
    name: String,
    #[schema(format = "email", example = "ada@example.com")]
    email: String,
    /// The current workspace; null without a membership.
    #[schema(required, example = "0192f3c0-2222-7abc-8def-0123456789ab")]
    workspace_id: Option<String>,
    /// The name of the role there; null without a membership.
    #[schema(required, example = "admin")]
    role: Option<String>,
}

impl SignedInView {
    /// `api_token` is that of a workspace that was just made; `native` that the client cannot
    /// hold cookies.
    pub(crate) fn new(
        signed_in: &SignedIn,
        api_token: Option<&ApiTokenSecret>,
        native: bool,
        digester: &dyn Digester,
    ) -> Self {
        let standing = signed_in.standing.as_ref();
        let session = &signed_in.session;
        Self {
            tokens: TokensView::new(&signed_in.tokens, native),
            user: SignedInUserView {
                id: signed_in.user.id.to_string(),
                name: signed_in.user.name.as_str().to_owned(),
                email: signed_in.user.email.as_given().to_owned(),
                workspace_id: standing.map(|standing| standing.workspace.id.to_string()),
                role: standing.map(|standing| standing.role.name.as_str().to_owned()),
            },
            workspace: standing.map(|standing| WorkspaceView::new(&standing.workspace, api_token)),
            // It was opened a moment ago, for this very client.
            session: SessionView::new(
                session,
                session.session.started_at,
                session.session.id,
                digester,
            ),
        }
    }
}
