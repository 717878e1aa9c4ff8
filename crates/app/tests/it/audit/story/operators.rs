//! What an operator does to a person altogether: nobody is the actor.

use std::sync::Arc;

use kogents_domain::audit::AuditAction::{PersonSuspended, PersonUnlocked, SessionEnded};
use kogents_domain::ids::UserId;
use kogents_usecases::audit::AuditDesk;
use kogents_usecases::auth::{AccountCounts, SuspendPerson, UnlockPerson, Whom};
use kogents_usecases::session::SessionGate;
use serde_json::json;

use super::{By, Story, entry};

impl Story<'_> {
    pub(super) async fn of_operators(&mut self) {
        let ines = self.app.sign_up_and_confirm("ines@example.com").await;
        // That is told elsewhere.
        self.tells_but_for(Vec::new(), |_| true).await;
        let whom = Whom::Id(UserId::parse(&ines.user_id).unwrap());
        let adapters = self.app.adapters();
        let audit = Arc::new(AuditDesk {
            ids: adapters.ids.clone(),
        });
        let suspend = SuspendPerson {
            store: adapters.store.clone(),
            gate: Arc::new(SessionGate {
                states: adapters.states.clone(),
            }),
            audit: audit.clone(),
            ids: adapters.ids.clone(),
            clock: adapters.clock.clone(),
        };
        let unlock = UnlockPerson {
            store: adapters.store.clone(),
            counts: Arc::new(AccountCounts {
                limiter: adapters.limiter.clone(),
                pending: adapters.pending.clone(),
                digester: adapters.digester.clone(),
            }),
            audit,
            ids: adapters.ids.clone(),
            clock: adapters.clock.clone(),
        };
        let hers = Some(ines.workspace_id.as_str());
        let person = Some(("person", ines.user_id.as_str()));
        let session = Some(("session", ines.session_id.as_str()));
        let nobody = By::nobody();

        suspend.run(&whom).await.unwrap();
        let ended = json!({ "reason": "suspended" });
        self.tells(vec![
            entry(PersonSuspended, hers, &nobody, person, json!({})),
            entry(SessionEnded, hers, &nobody, session, ended),
        ])
        .await;
        // What changes nothing is no deed.
        suspend.run(&whom).await.unwrap();
        self.tells_nothing().await;

        unlock.run(&whom).await.unwrap();
        self.tells(vec![entry(
            PersonUnlocked,
            hers,
            &nobody,
            person,
            json!({}),
        )])
        .await;
        unlock.run(&whom).await.unwrap();
        self.tells_nothing().await;
    }
}
