//! The statements that begin a transaction on somebody's behalf.

use kogents_domain::store::Scope;

use crate::row_security::{APP_ROLE, RowSecurity};

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Read and write.
    Write,
    /// Read from one consistent snapshot.
    Read,
}

/// Everything that opens a transaction, as one text, so that it takes one round trip.
pub(crate) fn opening(scope: Scope, mode: Mode, security: RowSecurity) -> String {
    let begin = match mode {
        Mode::Write => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
        Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    format!("{begin}; {}", binding(scope, security))
}

/// What binds an open transaction to a scope. Ids are parsed UUIDs, so nothing can be injected.
pub(crate) fn binding(scope: Scope, security: RowSecurity) -> String {
    let (name, workspace, user) = match scope {
        Scope::System => ("system", String::new(), String::new()),
        Scope::Person(user) => ("person", String::new(), user.to_string()),
        Scope::Member(workspace, user) => ("member", workspace.to_string(), user.to_string()),
        // As a member of it sees it, but that there is none.
        Scope::Workspace(workspace) => ("member", workspace.to_string(), String::new()),
    };
    let step_down = match security {
        RowSecurity::SteppedDown => format!("; SET LOCAL ROLE {APP_ROLE}"),
        RowSecurity::Bound | RowSecurity::Bypassed => String::new(),
    };
    format!(
        "SET LOCAL kogents.scope = '{name}'; SET LOCAL kogents.workspace_id = '{workspace}'; \
         SET LOCAL kogents.user_id = '{user}'{step_down}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use kogents_domain::ids::{UserId, WorkspaceId};

    #[test]
    fn a_member_is_named_with_the_workspace_and_steps_down() {
        let workspace = WorkspaceId::parse("0192f3c0-1111-7abc-8def-0123456789ab").unwrap();
        let user = UserId::parse("0192f3c0-2222-7abc-8def-0123456789ab").unwrap();
        assert_eq!(
            opening(
                Scope::Member(workspace, user),
                Mode::Read,
                RowSecurity::SteppedDown
            ),
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \
             SET LOCAL kogents.scope = 'member'; \
             SET LOCAL kogents.workspace_id = '0192f3c0-1111-7abc-8def-0123456789ab'; \
             SET LOCAL kogents.user_id = '0192f3c0-2222-7abc-8def-0123456789ab'; \
             SET LOCAL ROLE kogents_app"
        );
    }

    #[test]
    fn a_workspace_is_named_without_a_member() {
        let workspace = WorkspaceId::parse("0192f3c0-1111-7abc-8def-0123456789ab").unwrap();
        assert_eq!(
            binding(Scope::Workspace(workspace), RowSecurity::Bound),
            "SET LOCAL kogents.scope = 'member'; \
             SET LOCAL kogents.workspace_id = '0192f3c0-1111-7abc-8def-0123456789ab'; \
             SET LOCAL kogents.user_id = ''"
        );
    }

    #[test]
    fn the_system_names_nobody() {
        assert_eq!(
            opening(Scope::System, Mode::Write, RowSecurity::Bound),
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; \
             SET LOCAL kogents.scope = 'system'; SET LOCAL kogents.workspace_id = ''; \
             SET LOCAL kogents.user_id = ''"
        );
    }
}
