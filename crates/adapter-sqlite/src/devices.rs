//! The kinds of device persons were seen on: `UserDeviceRepository` on `user_devices`.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Text};
use kogents_domain::ids::UserId;
use kogents_domain::session::{DeviceFingerprint, MAX_DEVICES, SeenDevice, UserDeviceRepository};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

use crate::columns::{id_bytes, named};
use crate::fixed::FixedText as _;
use crate::schema::user_devices;
use crate::unit_of_work::SqliteUnitOfWork;

/// `?1` person, `?2` fingerprint, `?3` now.
const NOTE: &str = "INSERT INTO user_devices (user_id, fingerprint, first_seen, last_seen) \
    VALUES (?1, ?2, ?3, ?3) ON CONFLICT (user_id, fingerprint) DO NOTHING";

/// `?1` person, `?2` fingerprint, `?3` now.
const SEE_AGAIN: &str = "UPDATE user_devices SET last_seen = max(last_seen, ?3) \
    WHERE user_id = ?1 AND fingerprint = ?2";

/// `?1` person, `?2` the fingerprint to keep, `?3` how many beside it.
const REMOVE_SURPLUS: &str = "DELETE FROM user_devices WHERE user_id = ?1 AND fingerprint IN ( \
        SELECT fingerprint FROM user_devices WHERE user_id = ?1 AND fingerprint <> ?2 \
        ORDER BY last_seen DESC, fingerprint LIMIT -1 OFFSET ?3)";

/// `?1` moment, `?2` the most.
const DROP_UNSEEN: &str = "DELETE FROM user_devices WHERE (user_id, fingerprint) IN ( \
        SELECT user_id, fingerprint FROM user_devices WHERE last_seen < ?1 \
        ORDER BY last_seen LIMIT ?2)";

#[async_trait]
impl UserDeviceRepository for SqliteUnitOfWork {
    async fn see(
        &mut self,
        user: UserId,
        fingerprint: &DeviceFingerprint,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let user = id_bytes(user.as_uuid());
        let fingerprint = fingerprint.as_str().to_owned();
        let now = now.as_millis();
        self.run(move |conn| {
            let added = sql_query(NOTE)
                .bind::<Binary, _>(&user)
                .bind::<Text, _>(&fingerprint)
                .bind::<BigInt, _>(now)
                .fixed()
                .execute(conn)?;
            if added == 0 {
                sql_query(SEE_AGAIN)
                    .bind::<Binary, _>(&user)
                    .bind::<Text, _>(&fingerprint)
                    .bind::<BigInt, _>(now)
                    .fixed()
                    .execute(conn)?;
                return Ok(false);
            }
            sql_query(REMOVE_SURPLUS)
                .bind::<Binary, _>(&user)
                .bind::<Text, _>(&fingerprint)
                .bind::<BigInt, _>(i64::from(MAX_DEVICES) - 1)
                .fixed()
                .execute(conn)?;
            Ok(true)
        })
        .await
    }

    async fn list(&mut self, user: UserId) -> Result<Vec<SeenDevice>, StoreError> {
        self.run(move |conn| {
            let rows: Vec<(String, i64, i64)> = user_devices::table
                .filter(user_devices::user_id.eq(id_bytes(user.as_uuid())))
                .order((
                    user_devices::last_seen.desc(),
                    user_devices::fingerprint.asc(),
                ))
                .select((
                    user_devices::fingerprint,
                    user_devices::first_seen,
                    user_devices::last_seen,
                ))
                .load(conn)?;
            let mut devices = Vec::with_capacity(rows.len());
            for (fingerprint, first_seen, last_seen) in rows {
                devices.push(SeenDevice {
                    fingerprint: named(
                        &fingerprint,
                        DeviceFingerprint::parse,
                        "user_devices.fingerprint",
                    )?,
                    first_seen: Timestamp::from_millis(first_seen),
                    last_seen: Timestamp::from_millis(last_seen),
                });
            }
            Ok(devices)
        })
        .await
    }

    async fn drop_unseen_since(
        &mut self,
        moment: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        self.run(move |conn| {
            let removed = sql_query(DROP_UNSEEN)
                .bind::<BigInt, _>(moment.as_millis())
                .bind::<BigInt, _>(i64::from(limit))
                .execute(conn)?;
            Ok(u64::try_from(removed).unwrap_or(u64::MAX))
        })
        .await
    }
}
