//! Cases of forgetting what is counted against an account.

use std::net::{IpAddr, Ipv4Addr};

use kogents_domain::ids::UserId;
use kogents_domain::limits::{Charge, ClientNetwork, LimitRule, LimitSubject};

use super::support::{Case, LimiterPort, charge, somebody};
use crate::builders::{unique_digest, unique_id};

/// Those of a client, of another mailbox and of another person are as they were.
pub async fn an_account_s_counters_are_emptied_and_no_others(port: LimiterPort) {
    let case = Case::new(port);
    let (mailbox, other) = (unique_digest(), unique_digest());
    let [person, stranger] = [unique_id(), unique_id()].map(UserId::from_uuid);
    let client = |last| ClientNetwork::of(IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)));
    let limits = [(2, 60), (3, 600)];
    let of = |rule, subject| -> Charge { charge(rule, subject, &limits) };
    let own = [
        of(LimitRule::LoginAccount, LimitSubject::Mailbox(mailbox)),
        of(LimitRule::SendEmail, LimitSubject::Mailbox(mailbox)),
        of(
            LimitRule::LoginPair,
            LimitSubject::MailboxFrom(mailbox, client(1)),
        ),
        of(
            LimitRule::LoginPair,
            LimitSubject::MailboxFrom(mailbox, client(2)),
        ),
        of(LimitRule::ChangeEmail, LimitSubject::Person(person)),
    ];
    let others = [
        of(LimitRule::LoginAccount, LimitSubject::Mailbox(other)),
        of(
            LimitRule::LoginPair,
            LimitSubject::MailboxFrom(other, client(1)),
        ),
        of(LimitRule::ChangeEmail, LimitSubject::Person(stranger)),
        of(LimitRule::LoginAddress, somebody()),
    ];
    for charge in own.iter().chain(&others) {
        let drained = case.drain(std::slice::from_ref(charge), case.start).await;
        assert_eq!(drained, 2);
    }
    case.port.forget(mailbox, person).await.unwrap();
    for charge in &own {
        let drained = case.drain(std::slice::from_ref(charge), case.start).await;
        assert_eq!(drained, 2, "{charge:?}");
    }
    for charge in &others {
        let drained = case.drain(std::slice::from_ref(charge), case.start).await;
        assert_eq!(drained, 0, "{charge:?}");
    }
}
