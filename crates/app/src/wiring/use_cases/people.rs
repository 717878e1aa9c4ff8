//! Which port each use case of members and invitations gets.

use std::sync::Arc;

use kogents_http::PeopleUseCases;
use kogents_usecases::audit::AuditDesk;
use kogents_usecases::auth::{Authenticate, Credentials};
use kogents_usecases::mail::{MailDesk, MailedTokens};
use kogents_usecases::session::{SessionGate, SessionOpener};
use kogents_usecases::workspace::{
    AcceptInvitation, ChangePerson, InvitationDesk, InvitePerson, ListInvitations, ListPeople,
    PreviewInvitation, ReadPerson, RemovePerson, ResendInvitation, WithdrawInvitation,
};

use crate::wiring::Adapters;

/// What they share with the others.
pub(super) struct Shared<'a> {
    pub(super) credentials: &'a Arc<Credentials>,
    pub(super) authenticate: &'a Arc<Authenticate>,
    pub(super) tokens: &'a Arc<MailedTokens>,
    pub(super) mail: &'a Arc<MailDesk>,
    pub(super) opener: &'a Arc<SessionOpener>,
    pub(super) gate: &'a Arc<SessionGate>,
    pub(super) audit: &'a Arc<AuditDesk>,
}

/// Gives every use case its ports.
pub(super) fn wire(adapters: &Adapters, shared: &Shared<'_>) -> PeopleUseCases {
    let store = || adapters.store.clone();
    let clock = || adapters.clock.clone();
    let signal = || adapters.mail_signal.clone();
    let gate = || shared.gate.clone();
    let desk = Arc::new(InvitationDesk {
        limits: shared.credentials.limits.clone(),
        tokens: shared.tokens.clone(),
        mail: shared.mail.clone(),
    });
    PeopleUseCases {
        list_people: Arc::new(ListPeople { store: store() }),
        read_person: Arc::new(ReadPerson { store: store() }),
        change_person: Arc::new(ChangePerson {
            store: store(),
            gate: gate(),
            audit: shared.audit.clone(),
            clock: clock(),
        }),
        remove_person: Arc::new(RemovePerson {
            store: store(),
            gate: gate(),
            audit: shared.audit.clone(),
            clock: clock(),
        }),
        invite_person: Arc::new(InvitePerson {
            store: store(),
            desk: desk.clone(),
            audit: shared.audit.clone(),
            signal: signal(),
            clock: clock(),
            ids: adapters.ids.clone(),
        }),
        list_invitations: Arc::new(ListInvitations { store: store() }),
        resend_invitation: Arc::new(ResendInvitation {
            store: store(),
            desk,
            audit: shared.audit.clone(),
            signal: signal(),
            clock: clock(),
        }),
        withdraw_invitation: Arc::new(WithdrawInvitation {
            store: store(),
            audit: shared.audit.clone(),
            clock: clock(),
        }),
        preview_invitation: Arc::new(PreviewInvitation {
            store: store(),
            tokens: shared.tokens.clone(),
            clock: clock(),
        }),
        accept_invitation: Arc::new(AcceptInvitation {
            credentials: shared.credentials.clone(),
            authenticate: shared.authenticate.clone(),
            store: store(),
            tokens: shared.tokens.clone(),
            hasher: adapters.hasher.clone(),
            strength: adapters.strength.clone(),
            opener: shared.opener.clone(),
            minter: shared.opener.minter.clone(),
            gate: gate(),
            audit: shared.audit.clone(),
            clock: clock(),
            ids: adapters.ids.clone(),
        }),
    }
}
