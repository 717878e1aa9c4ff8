//! Lists the members of a workspace and who is invited to it.

use std::sync::Arc;

use kogents_domain::access::RoleName;
use kogents_domain::ids::{RoleId, WorkspaceId};
use kogents_domain::page::PageLimit;
use kogents_domain::store::{Store, StoreError, UnitOfWork};
use kogents_domain::workspace::{DirectoryQuery, DirectorySort, MembershipStatus, SearchPrefix};

use super::{Person, Viewer};

/// Which of them, and in which order.
#[derive(Debug, Clone)]
pub struct ListPeopleCommand {
    /// Who asks.
    pub viewer: Viewer,
    /// Whose name or address begins so.
    pub search: Option<SearchPrefix>,
    /// Of this status.
    pub status: Option<MembershipStatus>,
    /// With the role of this id or name; nobody has one that there is not.
    pub role: Option<String>,
    /// In which order.
    pub sort: DirectorySort,
    /// The greatest first.
    pub descending: bool,
    /// Which page, from 1.
    pub page: u64,
    /// How many on a page.
    pub limit: PageLimit,
}

/// One page of them.
#[derive(Debug, Clone, PartialEq)]
pub struct PeoplePage {
    /// Those on the page.
    pub people: Vec<Person>,
    /// How many there are over all pages.
    pub total: u64,
}

/// Why there is no list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListPeopleError {
    /// The workspace is gone.
    #[error("no such workspace")]
    NotFound,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lists everybody of the viewer's workspace, page by page.
pub struct ListPeople {
    /// The store.
    pub store: Arc<dyn Store>,
}

impl ListPeople {
    /// Lists one page. A page past the end is empty.
    ///
    /// # Errors
    /// See [`ListPeopleError`].
    pub async fn run(&self, command: ListPeopleCommand) -> Result<PeoplePage, ListPeopleError> {
        let workspace_id = command.viewer.workspace_id();
        let mut unit = self.store.read(command.viewer.scope()).await?;
        let workspace = unit.workspaces().find(workspace_id).await?;
        let workspace = workspace.ok_or(ListPeopleError::NotFound)?;
        let role_id = match &command.role {
            None => None,
            Some(text) => match role_of(unit.as_mut(), workspace_id, text).await? {
                Some(id) => Some(id),
                None => {
                    return Ok(PeoplePage {
                        people: Vec::new(),
                        total: 0,
                    });
                }
            },
        };
        let limit = u64::from(command.limit.get());
        let query = DirectoryQuery {
            workspace_id,
            search: command.search,
            status: command.status,
            role_id,
            sort: command.sort,
            descending: command.descending,
            offset: command.page.saturating_sub(1).saturating_mul(limit),
            limit: command.limit,
        };
        let page = unit.directory().list(&query).await?;
        Ok(PeoplePage {
            people: Person::all(unit.as_mut(), workspace, page.entries).await?,
            total: page.total,
        })
    }
}

/// The workspace's role that a text names. A name may look like an id.
async fn role_of(
    unit: &mut dyn UnitOfWork,
    workspace: WorkspaceId,
    text: &str,
) -> Result<Option<RoleId>, StoreError> {
    if let Ok(id) = RoleId::parse(text)
        && let Some(role) = unit.roles().find(workspace, id).await?
    {
        return Ok(Some(role.id));
    }
    let Ok(name) = RoleName::parse(text) else {
        return Ok(None);
    };
    let role = unit.roles().find_by_name(workspace, &name).await?;
    Ok(role.map(|role| role.id))
}
