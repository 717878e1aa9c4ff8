//! Opens sessions, for whichever reason.

use std::sync::Arc;

use kogents_domain::ids::{IdGenerator, SessionId, UserId, WorkspaceId};
use kogents_domain::mail::OutboxSignal;
use kogents_domain::session::{
    Analytics, DeviceFingerprint, NewSession, SessionActivity, SessionQuota, SessionRecord,
    SessionType,
};
use kogents_domain::store::{Scope, Store, StoreError, UnitOfWork};
use kogents_domain::time::Timestamp;

use super::new_device_notice::{NewDeviceNotice, NewDeviceNotices};
use super::{ActivityBook, Captured, Client, Opening, SessionCapture};
use crate::audit::AuditDesk;
use crate::auth::TokenMinter;

/// A session that is to be opened.
pub(crate) struct Prepared {
    pub(crate) new: NewSession,
    fingerprint: DeviceFingerprint,
    /// What sessions did that the database may not know yet, to end the one idle longest.
    unflushed: Vec<(SessionId, SessionActivity)>,
    /// What the person is told if the device is new to them, where they are told.
    notice: Option<NewDeviceNotice>,
}

/// Opens sessions: makes their facts, notes the device and tells of a new one, keeps to the number
/// of live sessions that one person may have.
pub struct SessionOpener {
    /// Makes the facts.
    pub capture: SessionCapture,
    /// Derives the first refresh token; knows how long sessions live.
    pub minter: Arc<TokenMinter>,
    /// What sessions did lately.
    pub book: Arc<ActivityBook>,
    /// Tells of new devices.
    pub notices: NewDeviceNotices,
    /// Tells of sessions that open and of those that give way.
    pub audit: Arc<AuditDesk>,
    /// Wakes the mail worker.
    pub signal: Arc<dyn OutboxSignal>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
    /// The most live sessions of one person.
    pub session_limit: u32,
}

impl SessionOpener {
    /// Everything that is to be known before a unit of work begins. The first session of a person
    /// who is not in the store yet.
    pub(crate) fn prepare_first(
        &self,
        user: UserId,
        workspace: WorkspaceId,
        client: Client,
        analytics: Analytics,
    ) -> Prepared {
        let mut prepared = self.made(user, SessionType::Web, client, analytics);
        prepared.new.workspace_id = Some(workspace);
        prepared
    }

    /// The same of a person who may have other sessions; they may live in any workspace.
    pub(crate) async fn prepare(
        &self,
        user: UserId,
        session_type: SessionType,
        client: Client,
        analytics: Analytics,
        now: Timestamp,
    ) -> Result<Prepared, StoreError> {
        let mut unit = self.store.read(Scope::Person(user)).await?;
        let open = unit.sessions().list_open(user, now).await?;
        let language = analytics.language.as_ref().or(client.language.as_ref());
        let told = self
            .notices
            .addressee(unit.as_mut(), user, language, now)
            .await?;
        drop(unit);
        let unflushed = self.unflushed(&open, now).await;
        let made = self.made(user, session_type, client, analytics);
        let notice = told.map(|told| self.notices.prepare(told, &made.new, now));
        Ok(Prepared {
            unflushed,
            notice,
            ..made
        })
    }

    fn made(
        &self,
        user: UserId,
        session_type: SessionType,
        client: Client,
        analytics: Analytics,
    ) -> Prepared {
        let Captured { facts, fingerprint } = self.capture.of(user, client, analytics);
        let id = SessionId::from_uuid(self.ids.next());
        Prepared {
            new: NewSession {
                id,
                user_id: user,
                workspace_id: None,
                session_type,
                refresh_digest: self.minter.refresh_digest(id, 0),
                facts,
            },
            fingerprint,
            unflushed: Vec::new(),
            notice: None,
        }
    }

    /// What the cache knows of a person's sessions, where one of them will have to give way.
    async fn unflushed(
        &self,
        open: &[SessionRecord],
        now: Timestamp,
    ) -> Vec<(SessionId, SessionActivity)> {
        let places = usize::try_from(self.session_limit).unwrap_or(usize::MAX);
        if open.len() < places {
            return Vec::new();
        }
        let ids: Vec<SessionId> = open.iter().map(|record| record.session.id).collect();
        let looked = self.book.look_if_possible(&ids, now).await;
        let known = ids.into_iter().zip(looked);
        known
            .filter_map(|(id, activity)| activity.map(|activity| (id, activity)))
            .collect()
    }

    /// Opens a prepared session in this unit of work, whose caller holds the person's row, and
    /// whose scope reaches the logs of all of the person's workspaces.
    pub(crate) async fn open(
        &self,
        unit: &mut dyn UnitOfWork,
        prepared: Prepared,
        opening: Opening,
        now: Timestamp,
    ) -> Result<SessionRecord, StoreError> {
        let Prepared {
            mut new,
            fingerprint,
            unflushed,
            notice,
        } = prepared;
        let user = new.user_id;
        let is_new = unit.devices().see(user, &fingerprint, now).await?;
        new.facts.is_new_device = Some(is_new);
        let lifetimes = &self.minter.lifetimes;
        let record = SessionRecord::open(new, lifetimes, now);
        unit.sessions().insert(&record).await?;
        let opened = &record.session;
        let by = opening.doer(opened, record.facts.ip_address);
        self.audit
            .record(unit, by, opening.deed(opened), now)
            .await?;
        if !unflushed.is_empty() {
            unit.sessions().record_activity(&unflushed).await?;
        }
        let quota = SessionQuota {
            keep: opened.id,
            also_keep: opening.also_keep.filter(|_| self.session_limit > 1),
            limit: self.session_limit,
            session_idle: lifetimes.session_idle,
            at: now,
        };
        let ended = unit.sessions().end_surplus(user, quota).await?;
        self.audit.record_ended(unit, by, &ended, now).await?;
        if let (true, Some(notice)) = (is_new, notice) {
            notice.queue(unit).await?;
        }
        Ok(record)
    }

    /// What is left to do once the unit of work that opened a session has committed.
    pub(crate) fn opened(&self, record: &SessionRecord) {
        if record.facts.is_new_device == Some(true) {
            self.signal.wake();
        }
    }
}
