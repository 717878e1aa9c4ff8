//! Opens sessions, for whichever reason.

use std::sync::Arc;

use kogents_domain::auth::User;
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
use crate::audit::{AuditDesk, Doer};
use crate::auth::TokenMinter;

/// A session that is to be opened, of which only the client was asked.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) new: NewSession,
    fingerprint: DeviceFingerprint,
}

/// A session that is to be opened, and what was looked up for it.
pub(crate) struct Prepared {
    pub(crate) new: NewSession,
    fingerprint: DeviceFingerprint,
    /// What sessions did that the database may not know yet, to end the one idle longest.
    unflushed: Vec<(SessionId, SessionActivity)>,
    /// What the person is told if the device is new to them, where they are told.
    notice: Option<NewDeviceNotice>,
}

impl Made {
    fn prepared(
        self,
        unflushed: Vec<(SessionId, SessionActivity)>,
        notice: Option<NewDeviceNotice>,
    ) -> Prepared {
        let Self { new, fingerprint } = self;
        Prepared {
            new,
            fingerprint,
            unflushed,
            notice,
        }
    }
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
        let made = self.make(user, SessionType::Web, client, analytics);
        let mut prepared = made.prepared(Vec::new(), None);
        prepared.new.workspace_id = Some(workspace);
        prepared
    }

    /// The same for a session of a person who may have others; they may live in any workspace.
    pub(crate) async fn prepare(&self, made: Made, now: Timestamp) -> Result<Prepared, StoreError> {
        let user = made.new.user_id;
        let mut unit = self.store.read(Scope::Person(user)).await?;
        let open = unit.sessions().list_open(user, now).await?;
        let language = made.new.facts.language.as_ref();
        let told = self
            .notices
            .addressee(unit.as_mut(), user, language, now)
            .await?;
        drop(unit);
        let unflushed = self.unflushed(&open, now).await;
        let notice = told.map(|told| self.notices.prepare(told, &made.new, now));
        Ok(made.prepared(unflushed, notice))
    }

    /// What can be made without asking anybody.
    pub(crate) fn make(
        &self,
        user: UserId,
        session_type: SessionType,
        client: Client,
        analytics: Analytics,
    ) -> Made {
        let Captured { facts, fingerprint } = self.capture.of(user, client, analytics);
        let id = SessionId::from_uuid(self.ids.next());
        Made {
            new: NewSession {
                id,
                user_id: user,
                workspace_id: None,
                session_type,
                refresh_digest: self.minter.refresh_digest(id, 0),
                facts,
            },
            fingerprint,
        }
    }

    /// What the cache knows of a person's sessions, where one of them will have to give way.
    async fn unflushed(
        &self,
        open: &[SessionRecord],
        now: Timestamp,
    ) -> Vec<(SessionId, SessionActivity)> {
        if self.has_room(u64::try_from(open.len()).unwrap_or(u64::MAX)) {
            return Vec::new();
        }
        let ids: Vec<SessionId> = open.iter().map(|record| record.session.id).collect();
        let looked = self.book.look_if_possible(&ids, now).await;
        let known = ids.into_iter().zip(looked);
        known
            .filter_map(|(id, activity)| activity.map(|activity| (id, activity)))
            .collect()
    }

    /// Whether one more may be open beside so many without any having to give way.
    fn has_room(&self, open: u64) -> bool {
        open < u64::from(self.session_limit)
    }

    /// Opens a session in this unit of work, as [`open`](Self::open) does, but only if that is all
    /// there is to do. None: another session may have to give way, or the person has to be told of
    /// the device; the unit is to be given up then, and the session [prepared](Self::prepare).
    pub(crate) async fn open_at_once(
        &self,
        unit: &mut dyn UnitOfWork,
        made: Made,
        user: &User,
        opening: Opening,
        now: Timestamp,
    ) -> Result<Option<SessionRecord>, StoreError> {
        let Made { new, fingerprint } = made;
        let is_new = unit.devices().see(user.id, &fingerprint, now).await?;
        if is_new && NewDeviceNotices::are_for(user, now) {
            return Ok(None);
        }
        if !self.has_room(unit.sessions().count_open(user.id, now).await?) {
            return Ok(None);
        }
        let (record, _) = self.enter(unit, new, is_new, opening, now).await?;
        Ok(Some(record))
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
            new,
            fingerprint,
            unflushed,
            notice,
        } = prepared;
        let user = new.user_id;
        let is_new = unit.devices().see(user, &fingerprint, now).await?;
        let (record, by) = self.enter(unit, new, is_new, opening, now).await?;
        if !unflushed.is_empty() {
            unit.sessions().record_activity(&unflushed).await?;
        }
        let quota = SessionQuota {
            keep: record.session.id,
            also_keep: opening.also_keep.filter(|_| self.session_limit > 1),
            limit: self.session_limit,
            session_idle: self.minter.lifetimes.session_idle,
            at: now,
        };
        let ended = unit.sessions().end_surplus(user, quota).await?;
        self.audit.record_ended(unit, by, &ended, now).await?;
        if let (true, Some(notice)) = (is_new, notice) {
            notice.queue(unit).await?;
        }
        Ok(record)
    }

    /// Writes the session down and tells of it; gives who has opened it, too.
    async fn enter(
        &self,
        unit: &mut dyn UnitOfWork,
        mut new: NewSession,
        is_new_device: bool,
        opening: Opening,
        now: Timestamp,
    ) -> Result<(SessionRecord, Doer), StoreError> {
        new.facts.is_new_device = Some(is_new_device);
        let record = SessionRecord::open(new, &self.minter.lifetimes, now);
        unit.sessions().insert(&record).await?;
        let opened = &record.session;
        let by = opening.doer(opened, record.facts.ip_address);
        self.audit
            .record(unit, by, opening.deed(opened), now)
            .await?;
        Ok((record, by))
    }

    /// What is left to do once the unit of work that opened a session has committed.
    pub(crate) fn opened(&self, record: &SessionRecord) {
        if record.facts.is_new_device == Some(true) {
            self.signal.wake();
        }
    }
}
