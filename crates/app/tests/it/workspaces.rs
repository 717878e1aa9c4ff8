//! Workspaces: who is in them, who may do what, and that one does not see the other.

mod foreign_ids;
mod invitations;
mod last_admin;
mod lists;
mod moving;
mod people;
mod rights;
mod roles;
mod themselves;
