//! Tests of writing mail jobs, working them off, and looking after the queue.

mod check_mail_queue;
mod claim_mail;
mod deliver_mail;
mod given;
mod lane_rests;
mod list_mail;
mod mail_desk;
mod mailed_tokens;
mod purge_mail;
mod retry_mail;
mod send_test_mail;
mod settle_mail;
mod show_mail;
mod sweep_outbox;
