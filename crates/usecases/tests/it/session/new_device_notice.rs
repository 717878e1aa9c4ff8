//! Telling a person of a new device, by the door of opening a further session.

use std::sync::Arc;

use kogents_domain::auth::{OneTimeToken, TokenPurpose, User};
use kogents_domain::mail::{Lane, Letter, MailBrand, MailJob, MailMessage};
use kogents_domain::session::{
    Analytics, CountryCode, IpPlace, MockGeoLocator, SessionRecord, SessionType,
};
use kogents_domain::store::Scope;
use kogents_domain::workspace::Standing;
use kogents_usecases::auth::ReportedSession;
use kogents_usecases::session::{
    OpenSession, OpenSessionCommand, OpenSessionError, OpenedSession, SessionCapture, SessionOpener,
};
use mockall::predicate::eq;

use crate::support::{
    Bench, Noted, SESSION_LIMIT, Slot, T0, Units, ada, ada_id, address, caller, client, client_ip,
    fenced_once, language, lost, opens_after, place, prepares_for, record, secs, session_id,
    standing, workspace, workspace_id,
};

/// Ada, who signed up a minute ago.
fn settled() -> User {
    User {
        created_at: T0.minus(secs(60)),
        ..ada()
    }
}

fn own() -> SessionRecord {
    record(1, T0.minus(secs(60)))
}

/// The frontend tells of another place, and of a language.
fn analytics() -> Analytics {
    Analytics {
        country_code: CountryCode::parse("FR").ok(),
        language: Some(language("pt")),
        ..Analytics::default()
    }
}

async fn open_at(bench: &Bench, place: IpPlace) -> Result<OpenedSession, OpenSessionError> {
    let mut locator = MockGeoLocator::new();
    locator
        .expect_locate()
        .with(eq(client_ip()))
        .return_once(|_| place);
    let opener = SessionOpener {
        capture: SessionCapture {
            locator: Noted::new(&bench.journal, Arc::new(locator)),
            ..bench.capture()
        },
        ..bench.opener_apart()
    };
    let open_session = OpenSession {
        opener: Arc::new(opener),
        store: bench.store(),
        minter: bench.minter(),
        gate: bench.gate(fenced_once(ada_id())),
        clock: bench.clock(),
    };
    open_session
        .run(OpenSessionCommand {
            caller: caller(),
            session_type: SessionType::Web,
            analytics: analytics(),
            client: client(),
        })
        .await
}

async fn open(bench: &Bench) -> Result<OpenedSession, OpenSessionError> {
    open_at(bench, place()).await
}

/// It is looked whether Ada is told, and where she is.
fn is_told(bench: &Bench, user: User, standing: Standing) {
    prepares_for(bench, user, vec![own()], |unit| {
        unit.memberships
            .expect_find_standing()
            .with(eq(ada_id()), eq(Some(workspace_id(1))))
            .times(1)
            .return_once(|_, _| Ok(Some(standing)));
    });
}

/// The session opens on a device that is new or is not.
fn opens(unit: &mut Units, is_new_device: bool) -> Slot<SessionRecord> {
    unit.users
        .expect_find_for_update()
        .return_once(|_| Ok(Some(settled())));
    unit.sessions
        .expect_find()
        .return_once(|_| Ok(Some(own().session)));
    let quota = (Some(session_id(1)), SESSION_LIMIT);
    opens_after(unit, is_new_device, Vec::new(), quota)
}

/// The session opens on a new device, and a token and a mail are written with it.
fn opens_and_tells(bench: &Bench) -> (Slot<OneTimeToken>, Slot<MailJob>) {
    bench.begins(Scope::Person(ada_id()), |unit| {
        opens(unit, true);
        let (tokens, jobs) = (Slot::new(), Slot::new());
        let put = tokens.clone();
        unit.one_time_tokens
            .expect_insert()
            .times(1)
            .returning(move |token| {
                put.put(token.clone());
                Ok(())
            });
        let put = jobs.clone();
        unit.outbox.expect_enqueue().times(1).returning(move |job| {
            put.put(job.clone());
            Ok(true)
        });
        (tokens, jobs)
    })
}

/// What the mail says of a session that opens at this place.
async fn told_of(place: IpPlace) -> MailMessage {
    let bench = Bench::new();
    is_told(&bench, settled(), standing(1));
    let (_, jobs) = opens_and_tells(&bench);
    assert!(open_at(&bench, place).await.is_ok());
    bench.finish();
    bench.message(&jobs.only())
}

#[tokio::test]
async fn of_a_new_device_its_owner_is_told_in_the_same_unit_and_may_say_that_it_was_not_them() {
    let bench = Bench::new();
    is_told(&bench, settled(), standing(1));
    let (tokens, jobs) = opens_and_tells(&bench);

    let opened = open(&bench).await.unwrap();

    let kept = tokens.only();
    assert_eq!(kept.purpose, TokenPurpose::NotMe);
    assert_eq!(kept.user_id, Some(ada_id()));
    assert_eq!(kept.expires_at, T0.plus(secs(7 * 86_400)));
    let about = ReportedSession {
        session: opened.session.session.id,
    };
    assert_eq!(bench.tokens().about(&kept), Some(about));
    let job = jobs.only();
    assert_eq!(job.template.lane(), Lane::Security);
    assert_eq!(job.recipient, address("ada@example.com"));
    assert_eq!((job.run_at, job.expires_at), (T0, Some(kept.expires_at)));
    let letter = bench.letter(&job);
    let MailMessage::NewDevice { token, .. } = &letter.message else {
        panic!("another mail was queued");
    };
    assert_eq!(bench.tokens().digest(token), kept.digest);
    let workspace = workspace(1);
    let expected = Letter {
        brand: Some(MailBrand::of(&workspace.name, &workspace.branding)),
        message: MailMessage::NewDevice {
            name: "Ada".to_owned(),
            device: Some("Chrome on Android".to_owned()),
            place: Some("K\u{F6}ln, DE".to_owned()),
            ip_address: client_ip().to_string(),
            at: T0,
            token: token.clone(),
        },
    };
    assert_eq!(letter, expected);
    let order = [
        "detect",
        "locate",
        "read Person",
        "close",
        // What the token is about, and the mail.
        "seal",
        "seal",
        "fence",
        "begin Person",
        "commit",
        "lift",
        "wake",
    ];
    assert_eq!(bench.journal.entries()[..order.len()], order);
    bench.finish();
}

#[tokio::test]
async fn of_a_device_that_is_known_nobody_is_told_or_woken() {
    let bench = Bench::new();
    is_told(&bench, settled(), standing(1));
    bench.begins(Scope::Person(ada_id()), |unit| {
        opens(unit, false);
        unit.one_time_tokens.expect_insert().never();
        unit.outbox.expect_enqueue().never();
    });

    assert!(open(&bench).await.is_ok());
    assert_eq!(bench.signal.count(), 0);
    bench.finish();
}

#[tokio::test]
async fn who_does_not_want_to_be_told_or_has_just_signed_up_is_not_told() {
    let unwilling = User {
        notify_new_device: false,
        ..settled()
    };
    let just_signed_up = User {
        created_at: T0.minus(secs(60)).plus(secs(1)),
        ..ada()
    };
    for user in [unwilling, just_signed_up] {
        let bench = Bench::new();
        prepares_for(&bench, user, vec![own()], |unit| {
            unit.memberships.expect_find_standing().never();
        });
        bench.begins(Scope::Person(ada_id()), |unit| {
            opens(unit, true);
            unit.one_time_tokens.expect_insert().never();
            unit.outbox.expect_enqueue().never();
        });

        assert!(open(&bench).await.is_ok());
        assert_eq!(bench.journal.count("seal"), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn the_place_is_where_the_clients_address_is_and_never_what_the_frontend_says() {
    let nowhere = IpPlace {
        country_code: None,
        city: None,
        ..place()
    };
    let country = IpPlace {
        city: None,
        ..place()
    };
    let city = IpPlace {
        country_code: None,
        ..place()
    };
    for (at, expected) in [
        (place(), Some("K\u{F6}ln, DE")),
        (country, Some("DE")),
        (city, Some("K\u{F6}ln")),
        (nowhere, None),
    ] {
        let MailMessage::NewDevice { place, .. } = told_of(at).await else {
            panic!("another mail was queued");
        };
        assert_eq!(place.as_deref(), expected);
    }
}

#[tokio::test]
async fn the_person_is_told_in_their_language_else_their_workspaces_else_the_sessions() {
    for (own, theirs, expected) in [
        (Some("fr"), Some("it"), "fr"),
        (None, Some("it"), "it"),
        (None, None, "pt"),
    ] {
        let bench = Bench::new();
        let user = User {
            language: own.map(language),
            ..settled()
        };
        let mut standing = standing(1);
        standing.workspace.language = theirs.map(language);
        is_told(&bench, user, standing);
        let (_, jobs) = opens_and_tells(&bench);

        assert!(open(&bench).await.is_ok());
        assert_eq!(jobs.only().language, language(expected));
        bench.finish();
    }
}

#[tokio::test]
async fn what_cannot_be_told_opens_no_session() {
    let no_token = Bench::new();
    is_told(&no_token, settled(), standing(1));
    no_token.begins(Scope::Person(ada_id()), |unit| {
        opens(unit, true);
        unit.outbox.expect_enqueue().return_once(|_| Ok(true));
        unit.one_time_tokens
            .expect_insert()
            .return_once(|_| Err(lost()));
    });
    let no_job = Bench::new();
    is_told(&no_job, settled(), standing(1));
    no_job.begins(Scope::Person(ada_id()), |unit| {
        opens(unit, true);
        unit.outbox.expect_enqueue().return_once(|_| Err(lost()));
    });
    for bench in [no_token, no_job] {
        let failed = open(&bench).await;
        assert_eq!(failed, Err(OpenSessionError::Store(lost())));
        assert_eq!(bench.journal.count("commit"), 0);
        assert_eq!(bench.signal.count(), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn whoever_was_told_of_one_device_is_not_told_of_another_in_the_same_minute() {
    let bench = Bench::new();
    is_told(&bench, settled(), standing(1));
    bench.begins(Scope::Person(ada_id()), |unit| {
        opens(unit, true);
        unit.one_time_tokens.expect_insert().never();
        unit.outbox
            .expect_enqueue()
            .withf(|job| {
                job.dedupe
                    .is_some_and(|once| once.until == T0.plus(secs(60)))
            })
            .times(1)
            .return_once(|_| Ok(false));
    });
    open(&bench).await.unwrap();
    bench.finish();
}
