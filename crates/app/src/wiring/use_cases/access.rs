//! Which port each use case of roles and permissions gets.

use std::sync::Arc;

use kogents_http::AccessUseCases;
use kogents_usecases::access::{
    ChangeRolePermissions, CreatePermission, CreateRole, DeletePermission, DeleteRole,
    ExplainPermission, ListPermissionCategories, ListPermissions, ListRolePermissions, ListRoles,
    ReadRole, UpdatePermission, UpdateRole,
};
use kogents_usecases::audit::AuditDesk;
use kogents_usecases::session::SessionGate;

use crate::wiring::Adapters;

/// Gives every use case its ports.
pub(super) fn wire(
    adapters: &Adapters,
    gate: &Arc<SessionGate>,
    audit: &Arc<AuditDesk>,
) -> AccessUseCases {
    let store = || adapters.store.clone();
    let clock = || adapters.clock.clone();
    let ids = || adapters.ids.clone();
    AccessUseCases {
        list_roles: Arc::new(ListRoles { store: store() }),
        read_role: Arc::new(ReadRole { store: store() }),
        create_role: Arc::new(CreateRole {
            store: store(),
            ids: ids(),
            audit: audit.clone(),
            clock: clock(),
        }),
        update_role: Arc::new(UpdateRole {
            store: store(),
            audit: audit.clone(),
            clock: clock(),
        }),
        delete_role: Arc::new(DeleteRole {
            store: store(),
            audit: audit.clone(),
            clock: clock(),
        }),
        list_role_permissions: Arc::new(ListRolePermissions { store: store() }),
        change_role_permissions: Arc::new(ChangeRolePermissions {
            store: store(),
            gate: gate.clone(),
            audit: audit.clone(),
            clock: clock(),
        }),
        list_permissions: Arc::new(ListPermissions { store: store() }),
        list_permission_categories: Arc::new(ListPermissionCategories { store: store() }),
        create_permission: Arc::new(CreatePermission {
            store: store(),
            ids: ids(),
            audit: audit.clone(),
            clock: clock(),
        }),
        update_permission: Arc::new(UpdatePermission {
            store: store(),
            audit: audit.clone(),
            clock: clock(),
        }),
        delete_permission: Arc::new(DeletePermission {
            store: store(),
            audit: audit.clone(),
            clock: clock(),
        }),
        explain_permission: Arc::new(ExplainPermission { store: store() }),
    }
}
