//! Tests of asking the product how it is.

mod check_health;
mod database;
mod sharing;
