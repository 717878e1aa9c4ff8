//! The audit log of a workspace.

mod moment;

pub(crate) mod list_audit;

use moment::parse_moment;
