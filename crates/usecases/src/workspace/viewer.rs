//! Who looks at a workspace.

use kogents_domain::ids::WorkspaceId;
use kogents_domain::store::Scope;

use super::Member;

/// Who looks at how a workspace is made up: one of its members, or whoever shows its API token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    /// A member.
    Member(Member),
    /// The bearer of the workspace's API token.
    Workspace(WorkspaceId),
}

impl From<Member> for Viewer {
    fn from(member: Member) -> Self {
        Self::Member(member)
    }
}

impl Viewer {
    /// The workspace that is looked at.
    #[must_use]
    pub const fn workspace_id(&self) -> WorkspaceId {
        match self {
            Self::Member(member) => member.workspace_id,
            Self::Workspace(id) => *id,
        }
    }

    /// Rows of this tenant only.
    pub(crate) const fn scope(&self) -> Scope {
        match self {
            Self::Member(member) => member.scope(),
            Self::Workspace(id) => Scope::Workspace(*id),
        }
    }
}
