//! Sessions as clients meet them: what is learnt of them, what they count, how they end.

mod activity;
mod beacon;
mod cost;
mod facts;
mod filling;
mod lifetimes;
mod listing;
mod opening;
mod support;
mod upkeep;
