//! Who does what one must do at a time.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::query_dsl::methods::FilterDsl;
use diesel_async::RunQueryDsl;
use kogents_domain::lease::LeaseRepository;
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use crate::schema::leases;
use crate::unit_of_work::{PgUnitOfWork, ask};

#[async_trait]
impl LeaseRepository for PgUnitOfWork {
    async fn take(
        &mut self,
        name: &'static str,
        holder: Uuid,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let held_by = (
            leases::holder.eq(holder),
            leases::until.eq(until.as_millis()),
        );
        let take = diesel::insert_into(leases::table)
            .values((leases::name.eq(name), held_by))
            .on_conflict(leases::name)
            .do_update()
            .set(held_by);
        let absurd = until.plus(until.since(now));
        let is_free = leases::until
            .le(now.as_millis())
            .or(leases::until.gt(absurd.as_millis()));
        let take = FilterDsl::filter(take, leases::holder.eq(holder).or(is_free));
        Ok(ask!(self, connection => take.execute(connection))? == 1)
    }

    async fn give_back(&mut self, name: &'static str, holder: Uuid) -> Result<(), StoreError> {
        let give_back = diesel::delete(leases::table.find(name)).filter(leases::holder.eq(holder));
        ask!(self, connection => give_back.execute(connection))?;
        Ok(())
    }
}
