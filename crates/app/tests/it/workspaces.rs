//! Workspaces: who is in them, who may do what, and that one does not see the other.

mod foreign_ids;
mod last_admin;
mod moving;
mod rights;
mod themselves;
