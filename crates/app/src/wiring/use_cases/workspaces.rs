//! Which port each use case of workspaces themselves gets.

use std::sync::Arc;

use kogents_http::WorkspaceUseCases;
use kogents_usecases::audit::AuditDesk;
use kogents_usecases::auth::{Credentials, Reauthenticate, TokenMinter};
use kogents_usecases::session::SessionGate;
use kogents_usecases::workspace::{
    AddWorkspace, AuthenticateApiToken, CheckSlug, CreateApiToken, DeleteWorkspace, ListWorkspaces,
    ReadWorkspace, RevokeApiToken, ShowWorkspace, SwitchWorkspace, UpdateWorkspace,
};

use crate::wiring::Adapters;

/// Gives every use case its ports.
pub(super) fn wire(
    adapters: &Adapters,
    credentials: &Arc<Credentials>,
    gate: &Arc<SessionGate>,
    minter: &Arc<TokenMinter>,
    audit: &Arc<AuditDesk>,
) -> WorkspaceUseCases {
    let store = || adapters.store.clone();
    let clock = || adapters.clock.clone();
    WorkspaceUseCases {
        show_workspace: Arc::new(ShowWorkspace { store: store() }),
        check_slug: Arc::new(CheckSlug { store: store() }),
        read_workspace: Arc::new(ReadWorkspace { store: store() }),
        update_workspace: Arc::new(UpdateWorkspace {
            store: store(),
            audit: audit.clone(),
            clock: clock(),
        }),
        add_workspace: Arc::new(AddWorkspace {
            store: store(),
            digester: adapters.digester.clone(),
            ids: adapters.ids.clone(),
            random: adapters.random.clone(),
            audit: audit.clone(),
            clock: clock(),
        }),
        delete_workspace: Arc::new(DeleteWorkspace {
            reauthenticate: Arc::new(Reauthenticate {
                credentials: credentials.clone(),
                store: store(),
            }),
            store: store(),
            gate: gate.clone(),
            audit: audit.clone(),
            clock: clock(),
        }),
        switch_workspace: Arc::new(SwitchWorkspace {
            store: store(),
            minter: minter.clone(),
            gate: gate.clone(),
            audit: audit.clone(),
            clock: clock(),
        }),
        list_workspaces: Arc::new(ListWorkspaces {
            store: store(),
            clock: clock(),
        }),
        create_api_token: Arc::new(CreateApiToken {
            store: store(),
            digester: adapters.digester.clone(),
            ids: adapters.ids.clone(),
            random: adapters.random.clone(),
            audit: audit.clone(),
            clock: clock(),
        }),
        revoke_api_token: Arc::new(RevokeApiToken {
            store: store(),
            audit: audit.clone(),
            clock: clock(),
        }),
        authenticate_api_token: Arc::new(AuthenticateApiToken {
            digester: adapters.digester.clone(),
            store: store(),
            limits: credentials.limits.clone(),
            clock: clock(),
        }),
    }
}
