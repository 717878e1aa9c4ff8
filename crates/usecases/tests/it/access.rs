//! Tests of roles and permissions: who may change them, what nobody can change, and from when on a
//! change holds.

mod change_role_permissions;
mod create_permission;
mod create_role;
mod delete_permission;
mod delete_role;
mod explain_permission;
mod fencing;
mod list_permissions;
mod list_roles;
mod role_permissions;
mod told;
mod update_permission;
mod update_role;
