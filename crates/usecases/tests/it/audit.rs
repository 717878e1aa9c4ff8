//! Tests of reading the audit log and of keeping it short. What is written to it is tested with the
//! use cases that write it.

mod list_audit;
mod sweep_audit;
