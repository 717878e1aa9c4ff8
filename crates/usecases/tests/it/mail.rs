//! Tests of writing mail jobs and working them off.

mod deliver_mail;
mod mail_desk;
mod sweep_outbox;
