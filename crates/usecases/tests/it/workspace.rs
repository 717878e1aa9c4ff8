//! Workspaces: their people, and who is invited.

mod accept_invitation;
mod api_tokens;
mod change_person;
mod crew;
mod invitations;
mod invite_person;
mod read_people;
mod remove_person;
mod told;
