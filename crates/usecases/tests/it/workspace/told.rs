//! What the audit log tells of workspaces, their people, and who is invited.

mod accepting;
mod invitations;
mod members;
mod workspaces;
