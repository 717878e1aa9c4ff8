//! What the server shows to people: landing page, documentation, problems, what mailed links
//! open, development mailbox.

mod html;
mod mailbox_view;

pub(crate) mod accept_invitation;
pub(crate) mod docs;
pub(crate) mod landing;
pub(crate) mod mailbox_json;
pub(crate) mod mailbox_page;
pub(crate) mod mailed_link;
pub(crate) mod openapi_json;
pub(crate) mod problem_page;
