//! The kinds of device a person was seen on.

use async_trait::async_trait;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool};
use diesel_async::RunQueryDsl;
use kogents_domain::ids::UserId;
use kogents_domain::session::{DeviceFingerprint, MAX_DEVICES, SeenDevice, UserDeviceRepository};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

use crate::error::unreadable;
use crate::fixed::FixedText as _;
use crate::schema::user_devices;
use crate::sessions::greatest;
use crate::unit_of_work::{PgUnitOfWork, ask};

/// `$1` the moment, `$2` the most. Rows that somebody is being seen on are passed over.
const DROP_UNSEEN: &str = "DELETE FROM user_devices AS d USING ( \
        SELECT user_id, fingerprint FROM user_devices WHERE last_seen < $1 \
        ORDER BY last_seen LIMIT $2 FOR UPDATE SKIP LOCKED \
    ) AS unseen WHERE d.user_id = unseen.user_id AND d.fingerprint = unseen.fingerprint";

#[async_trait]
impl UserDeviceRepository for PgUnitOfWork {
    async fn see(
        &mut self,
        user: UserId,
        fingerprint: &DeviceFingerprint,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let seen = fingerprint.as_str();
        let note = diesel::insert_into(user_devices::table)
            .values((
                user_devices::user_id.eq(*user.as_uuid()),
                user_devices::fingerprint.eq(seen),
                user_devices::first_seen.eq(now.as_millis()),
                user_devices::last_seen.eq(now.as_millis()),
            ))
            .on_conflict((user_devices::user_id, user_devices::fingerprint))
            .do_update()
            .set(user_devices::last_seen.eq(greatest(user_devices::last_seen, now.as_millis())))
            // A row that was there has been locked by this transaction, a new one by nobody.
            .returning(sql::<Bool>("(xmax = 0)"))
            .fixed();
        let is_first: bool = ask!(self, connection => note.get_result(connection))?;
        if is_first {
            let query = user_devices::table
                .filter(user_devices::user_id.eq(*user.as_uuid()))
                .filter(user_devices::fingerprint.ne(seen))
                .order((
                    user_devices::last_seen.desc(),
                    user_devices::fingerprint.asc(),
                ))
                .offset(i64::from(MAX_DEVICES) - 1)
                .select(user_devices::fingerprint);
            let surplus: Vec<String> = ask!(self, connection => query.load(connection))?;
            if !surplus.is_empty() {
                let remove = diesel::delete(user_devices::table)
                    .filter(user_devices::user_id.eq(*user.as_uuid()))
                    .filter(user_devices::fingerprint.eq_any(surplus));
                ask!(self, connection => remove.execute(connection))?;
            }
        }
        Ok(is_first)
    }

    async fn list(&mut self, user: UserId) -> Result<Vec<SeenDevice>, StoreError> {
        let query = user_devices::table
            .filter(user_devices::user_id.eq(*user.as_uuid()))
            .order((
                user_devices::last_seen.desc(),
                user_devices::fingerprint.asc(),
            ))
            .select((
                user_devices::fingerprint,
                user_devices::first_seen,
                user_devices::last_seen,
            ));
        let rows: Vec<(String, i64, i64)> = ask!(self, connection => query.load(connection))?;
        rows.into_iter()
            .map(|(fingerprint, first_seen, last_seen)| {
                Ok(SeenDevice {
                    fingerprint: DeviceFingerprint::parse(&fingerprint)
                        .ok_or_else(|| unreadable("user_devices.fingerprint"))?,
                    first_seen: Timestamp::from_millis(first_seen),
                    last_seen: Timestamp::from_millis(last_seen),
                })
            })
            .collect()
    }

    async fn drop_unseen_since(
        &mut self,
        moment: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        let remove = sql_query(DROP_UNSEEN)
            .bind::<BigInt, _>(moment.as_millis())
            .bind::<BigInt, _>(i64::from(limit));
        let removed = ask!(self, connection => remove.execute(connection))?;
        Ok(u64::try_from(removed).unwrap_or(u64::MAX))
    }
}
