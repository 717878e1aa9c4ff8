//! Which port each use case of a person's own account gets.

use std::sync::Arc;

use kogents_http::ProfileUseCases;
use kogents_usecases::audit::{AuditDesk, ListOwnActs};
use kogents_usecases::auth::{
    Credentials, DeleteAccount, EmailChangeDesk, ReadOwnData, ReadProfile, Reauthenticate,
    UpdateProfile,
};
use kogents_usecases::mail::{MailDesk, MailedTokens};
use kogents_usecases::session::SessionGate;

use crate::wiring::Adapters;

/// What they share with the others.
pub(super) struct Shared<'a> {
    pub(super) credentials: &'a Arc<Credentials>,
    pub(super) profiles: &'a Arc<ReadProfile>,
    pub(super) tokens: &'a Arc<MailedTokens>,
    pub(super) mail: &'a Arc<MailDesk>,
    pub(super) gate: &'a Arc<SessionGate>,
    pub(super) audit: &'a Arc<AuditDesk>,
}

/// Gives every use case its ports.
pub(super) fn wire(adapters: &Adapters, shared: &Shared<'_>) -> ProfileUseCases {
    let store = || adapters.store.clone();
    let clock = || adapters.clock.clone();
    let reauthenticate = Arc::new(Reauthenticate {
        credentials: shared.credentials.clone(),
        store: store(),
    });
    let desk = Arc::new(EmailChangeDesk {
        tokens: shared.tokens.clone(),
        mail: shared.mail.clone(),
    });
    ProfileUseCases {
        update_profile: Arc::new(UpdateProfile {
            profiles: shared.profiles.clone(),
            reauthenticate: reauthenticate.clone(),
            limits: shared.credentials.limits.clone(),
            store: store(),
            hasher: adapters.hasher.clone(),
            strength: adapters.strength.clone(),
            desk: desk.clone(),
            mail: shared.mail.clone(),
            gate: shared.gate.clone(),
            audit: shared.audit.clone(),
            signal: adapters.mail_signal.clone(),
            clock: clock(),
        }),
        delete_account: Arc::new(DeleteAccount {
            reauthenticate,
            store: store(),
            gate: shared.gate.clone(),
            desk,
            mail: shared.mail.clone(),
            audit: shared.audit.clone(),
            signal: adapters.mail_signal.clone(),
            clock: clock(),
        }),
        read_own_data: Arc::new(ReadOwnData {
            store: store(),
            clock: clock(),
        }),
        list_own_acts: Arc::new(ListOwnActs { store: store() }),
    }
}
