//! Cases of leaving for good: what goes with a person, and what stays.

use kogents_domain::access::SystemRole;
use kogents_domain::audit::AuditAction;
use kogents_domain::auth::{OneTimeToken, TokenPurpose, User};
use kogents_domain::ids::{MailId, UserId};
use kogents_domain::mail::{MailEntry, MailState, Template};
use kogents_domain::session::{EndReason, SeenDevice, SessionRecord};
use kogents_domain::time::{Span, Timestamp};
use kogents_domain::workspace::PersonMembership;

use super::audit::{append, log_of};
use super::claims::sent;
use super::dead_letters::{entry, give_up};
use super::invitations;
use super::outbox::{claim, claim_by, enqueue, fresh_token, mail_ids};
use super::support::{
    StorePort, at, begin, commit, find_record, find_user, insert_sessions, read, some_user,
    try_insert_user,
};
use super::team::{Team, some_team};
use crate::builders::{
    a_mail_job, a_membership, a_one_time_token, a_session, a_user, address, an_audit_entry,
    unique_fingerprint, unique_id, unique_word,
};

async fn delete(store: &StorePort, id: UserId) -> bool {
    let mut unit = begin(store).await;
    unit.users().find_for_update(id).await.unwrap();
    let was_there = unit.users().delete(id).await.unwrap();
    commit(unit).await;
    was_there
}

/// Everything of a person that goes with them.
#[derive(Debug, PartialEq)]
struct Belongings {
    person: Option<User>,
    memberships: Vec<PersonMembership>,
    devices: Vec<SeenDevice>,
    token: Option<OneTimeToken>,
}

async fn belongings(store: &StorePort, id: UserId, token: &OneTimeToken) -> Belongings {
    let mut unit = read(store).await;
    let (purpose, digest) = (token.purpose, &token.digest);
    Belongings {
        person: unit.users().find(id).await.unwrap(),
        memberships: unit.memberships().list_all_of_person(id).await.unwrap(),
        devices: unit.devices().list(id).await.unwrap(),
        token: (unit.one_time_tokens().find(purpose, digest, at(0)).await).unwrap(),
    }
}

/// A member of both teams with a device, a mailed token, a session and an entry in the log.
async fn settled(store: &StorePort, teams: [&Team; 2]) -> (User, OneTimeToken, SessionRecord) {
    let user = some_user(store).await;
    let token = a_one_time_token(TokenPurpose::PasswordReset).of(user.id);
    let token = token.build();
    let mut unit = begin(store).await;
    for team in teams {
        let role = team.role(SystemRole::Agent);
        let membership = a_membership(user.id, role).build();
        unit.memberships().insert(&membership).await.unwrap();
    }
    let (devices, fingerprint) = (unit.devices(), unique_fingerprint());
    assert_eq!(devices.see(user.id, &fingerprint, at(1)).await, Ok(true));
    unit.one_time_tokens().insert(&token).await.unwrap();
    commit(unit).await;
    let session = a_session(user.id).everything().build();
    insert_sessions(store, std::slice::from_ref(&session)).await;
    (user, token, session)
}

/// Memberships, devices, mailed tokens; not sessions and not what they did. Of others nothing.
pub async fn who_leaves_takes_along_what_is_theirs_and_nothing_else(store: StorePort) {
    let teams = [some_team(&store).await, some_team(&store).await];
    let [team, other] = &teams;
    let (leaver, token, session) = settled(&store, [team, other]).await;
    let (stayer, kept, _) = settled(&store, [team, other]).await;
    let deed = an_audit_entry(AuditAction::RoleCreated).everything();
    let deed = deed.in_workspace(team.id()).by(leaver.id).build();
    append(&store, std::slice::from_ref(&deed)).await;
    let before = belongings(&store, stayer.id, &kept).await;
    assert_eq!(before.person.as_ref(), Some(&stayer));
    assert_eq!((before.memberships.len(), before.devices.len()), (2, 1));
    assert_eq!(before.token.as_ref(), Some(&kept));

    assert!(delete(&store, leaver.id).await);
    let nothing = Belongings {
        person: None,
        memberships: Vec::new(),
        devices: Vec::new(),
        token: None,
    };
    assert_eq!(belongings(&store, leaver.id, &token).await, nothing);
    assert_eq!(belongings(&store, stayer.id, &kept).await, before);
    let mut unit = read(&store).await;
    for team in &teams {
        assert_eq!(unit.memberships().count(team.id()).await, Ok(2));
    }
    drop(unit);
    let found = find_record(&store, leaver.id, session.session.id).await;
    assert_eq!(found, Some(session));
    assert_eq!(log_of(&store, team.id()).await, [deed]);
}

/// Nor twice.
pub async fn somebody_who_is_not_there_cannot_leave(store: StorePort) {
    let (user, other) = (some_user(&store).await, some_user(&store).await);
    assert!(!delete(&store, UserId::from_uuid(unique_id())).await);
    assert!(delete(&store, user.id).await);
    assert!(!delete(&store, user.id).await);
    let mut unit = begin(&store).await;
    assert_eq!(unit.users().delete(other.id).await, Ok(true));
    drop(unit);
    assert_eq!(find_user(&store, other.id).await, Some(other));
}

/// The address is free again, and so is the signup.
pub async fn who_left_may_come_again(store: StorePort) {
    let user = some_user(&store).await;
    assert!(delete(&store, user.id).await);
    let again = a_user().email(user.email.as_given()).signup(user.signup_id);
    let again = again.build();
    assert_eq!(try_insert_user(&store, &again).await, Ok(()));
    assert_eq!(find_user(&store, again.id).await, Some(again));
}

/// Without their name.
pub async fn invitations_outlive_who_made_them(store: StorePort) {
    let team = some_team(&store).await;
    let leaver = team.join(&store, team.role(SystemRole::Manager)).await;
    let made = invitations::of(&team).with(|made| made.invited_by = Some(leaver.id));
    let [mut made, other] = [made.build(), invitations::of(&team).build()];
    for invitation in [&made, &other] {
        invitations::insert(&store, &team, invitation).await;
    }
    assert!(delete(&store, leaver.id).await);
    made.invited_by = None;
    for expected in [made, other] {
        let found = invitations::find(&store, &team, expected.id).await;
        assert_eq!(found, Some(expected));
    }
}

/// Open and ended, of this month and of those before, with facts and counters.
pub async fn the_sessions_of_one_person_are_deleted_and_of_nobody_else(store: StorePort) {
    let (leaver, stayer) = (some_user(&store).await.id, some_user(&store).await.id);
    let month = |secs: i64| at(secs).minus(Span::from_secs(31 * 86_400));
    let of = |user, moment: Timestamp| a_session(user).everything().made_at(moment).build();
    let theirs = [
        a_session(leaver).everything().build(),
        of(leaver, at(0)),
        of(leaver, month(1)),
        a_session(leaver).ended(at(3), EndReason::Logout).build(),
    ];
    let others = [
        of(stayer, at(0)),
        of(stayer, month(1)),
        a_session(stayer).build(),
    ];
    insert_sessions(&store, &theirs).await;
    insert_sessions(&store, &others).await;
    for delete in [leaver, leaver, UserId::from_uuid(unique_id())] {
        let mut unit = begin(&store).await;
        unit.sessions().delete_of_person(delete).await.unwrap();
        commit(unit).await;
    }
    let mut unit = read(&store).await;
    assert_eq!(unit.sessions().count_all(leaver).await, Ok(0));
    for record in &theirs {
        let id = record.session.id;
        assert_eq!(unit.sessions().find(id).await, Ok(None));
        assert_eq!(unit.sessions().find_activity(id).await, Ok(None));
    }
    drop(unit);
    for record in others {
        let found = find_record(&store, stayer, record.session.id).await;
        assert_eq!(found, Some(record));
    }
}

async fn drop_addressed_to(store: &StorePort, to: &str, secs: i64) {
    let recipient = address(to);
    let mut unit = begin(store).await;
    let dropped = unit.outbox().drop_addressed_to(&recipient, at(secs)).await;
    assert_eq!(dropped, Ok(()));
    commit(unit).await;
}

fn assert_voided(entry: &MailEntry, finished: Timestamp) {
    assert_eq!(entry.state, MailState::Void);
    assert_eq!(entry.finished_at, Some(finished));
    assert_eq!((&entry.recipient, entry.has_message), (&None, false));
    assert_eq!(entry.lease_until, None);
}

/// Due or not, in a worker's lease, or given up; not what was sent, nor what was dropped before, nor
/// what a workspace asks whoever has the mailbox. Nobody finishes, claims or queues any of it again.
pub async fn mail_that_waits_for_who_leaves_is_dropped(store: StorePort) {
    let to = format!("ann-{}@example.com", unique_word());
    let job = || a_mail_job(Template::Welcome).with(|job| job.recipient = address(&to));
    let [was_sent, given_up, leased, later, due] = [
        job().build(),
        job().build(),
        job().build(),
        job().run_at(at(1_000)).build(),
        job().run_at(at(20)).build(),
    ];
    let other = a_mail_job(Template::Welcome).run_at(at(20)).build();
    let invitation = a_mail_job(Template::Invitation).run_at(at(20));
    let invitation = invitation.with(|job| job.recipient = address(&to)).build();
    assert!(enqueue(&store, &was_sent).await);
    let token = fresh_token();
    assert_eq!(
        mail_ids(&claim_by(&store, token, at(1), 1).await),
        [was_sent.id]
    );
    assert!(sent(&store, was_sent.id, token, 2).await);
    give_up(&store, &given_up, 3).await;
    assert!(enqueue(&store, &leased).await);
    let token = fresh_token();
    assert_eq!(
        mail_ids(&claim_by(&store, token, at(10), 1).await),
        [leased.id]
    );
    for job in [&later, &due, &other, &invitation] {
        assert!(enqueue(&store, job).await);
    }
    let before = entry(&store, was_sent.id).await;
    let theirs = [given_up.id, leased.id, later.id, due.id];

    drop_addressed_to(&store, &to, 15).await;
    for id in theirs {
        assert_voided(&entry(&store, id).await, at(15));
    }
    assert_eq!(entry(&store, was_sent.id).await, before);
    // Once more changes nothing.
    drop_addressed_to(&store, &to, 16).await;
    for id in theirs {
        assert_voided(&entry(&store, id).await, at(15));
    }
    assert!(!sent(&store, leased.id, token, 17).await);
    let claimed: Vec<MailId> = mail_ids(&claim(&store, at(2_000), 10).await);
    assert_eq!(claimed, [invitation.id, other.id]);
}

/// However the sender wrote it: addresses are of one mailbox, or of two.
pub async fn mail_to_every_variant_of_an_address_is_dropped_and_to_no_other(store: StorePort) {
    let word = unique_word();
    let kin = [
        (
            format!("kim-{word}@bucher.example"),
            vec![
                format!("Kim-{word}@Bucher.Example"),
                format!("KIM-{word}@BUCHER.EXAMPLE"),
                // The sign for kelvin, and full width.
                format!("\u{212A}im-{word}@bucher.example"),
                format!("\u{FF2B}im-{word}@bucher\u{3002}example"),
            ],
        ),
        (
            format!("r\u{E9}mi-{word}@b\u{FC}cher.example"),
            vec![
                format!("RE\u{301}MI-{word}@xn--bcher-kva.example"),
                format!("r\u{E9}mi-{word}@BU\u{308}CHER.example"),
            ],
        ),
        (
            format!("kim-{word}@b\u{FC}cher.example"),
            vec![format!("KIM-{word}@XN--BCHER-KVA.example")],
        ),
    ];
    let mut waiting = Vec::new();
    for (given, variants) in &kin {
        for variant in variants.iter().chain([given]) {
            let job = a_mail_job(Template::Welcome);
            let job = job.with(|job| job.recipient = address(variant));
            let job = job.build();
            assert!(enqueue(&store, &job).await);
            waiting.push((given, job.id));
        }
    }
    for (given, _) in &kin {
        drop_addressed_to(&store, given, 15).await;
        let (theirs, others): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|(to, _)| *to == given);
        for (_, id) in theirs {
            assert_voided(&entry(&store, id).await, at(15));
        }
        for (to, id) in &others {
            assert_eq!(entry(&store, *id).await.state, MailState::Queued, "{to}");
        }
        waiting = others;
    }
}
