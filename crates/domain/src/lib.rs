//! The domain of Kogents: entities, value objects, rules and ports.
//!
//! This crate is pure: no input or output, no clock, no randomness, no runtime and no
//! framework. Whatever it needs from the world it states as a *port*, a trait that an adapter
//! crate implements. Other Rust services may use it on its own.
//!
//! The folders are the product's features, and the same names repeat in the crates around:
//!
//! | folder | holds |
//! |---|---|
//! | [`signup`] | a pending signup, its one-time code, the cache port that keeps both |
//! | [`auth`] | persons, addresses, passwords, access and refresh tokens |
//! | [`session`] | sessions, the facts kept of them, their handle, their state in the cache |
//! | [`workspace`] | tenants, slugs, branding, memberships, API tokens |
//! | [`access`] | roles and permissions |
//! | [`mail`] | messages, the outbox, the mailer |
//! | [`audit`] | who did what |
//!
//! What every feature shares stands beside them: [`ids`], [`time`], [`text`], [`violation`],
//! [`secret`], [`digest`], [`store`], [`lease`], [`cache`], [`limits`], [`health`], [`moving`] and
//! [`random`].
//!
//! # Adding a repository
//!
//! 1. Write the trait in the feature's folder, `#[cfg_attr(feature = "mock", mockall::automock)]`
//!    above `#[async_trait]`, every method with its meaning, its errors and what holds under a race.
//! 2. Add an accessor to [`store::UnitOfWork`].
//! 3. Implement it in every store crate, one file per port, and add its cases to the store
//!    contract suite in the testkit, which every store must pass.

pub mod access;
pub mod audit;
pub mod auth;
pub mod background;
pub mod cache;
pub mod digest;
pub mod health;
pub mod ids;
pub mod lease;
pub mod limits;
pub mod mail;
pub mod moving;
pub mod notice;
pub mod page;
pub mod random;
pub mod secret;
pub mod session;
pub mod signup;
pub mod store;
pub mod text;
pub mod time;
pub mod violation;
pub mod workspace;
