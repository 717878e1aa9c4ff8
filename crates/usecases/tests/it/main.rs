//! The tests of the use cases: every port is a mock or a fake, so that a test says what the use
//! case itself does, in which order, and what it leaves undone when something stands in the way.

#[cfg(test)]
mod access;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod auth;
#[cfg(test)]
mod health;
mod limits;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod session;
#[cfg(test)]
mod signup;
#[cfg(test)]
mod support;
#[cfg(test)]
mod workspace;
