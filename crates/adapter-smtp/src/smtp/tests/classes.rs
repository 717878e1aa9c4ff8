//! What each answer of a server says about the mail: nothing goes, not now, or never.

use super::*;

/// The classes that an outcome may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Taken,
    Unavailable,
    Temporary,
    TooLate,
    Permanent,
}

use Class::{Permanent, Taken, Temporary, TooLate, Unavailable};

fn class(outcome: &Result<(), MailerError>) -> Class {
    match outcome {
        Ok(()) => Taken,
        Err(MailerError::Unavailable(_)) => Unavailable,
        Err(MailerError::Temporary(_)) => Temporary,
        Err(MailerError::TooLate) => TooLate,
        Err(MailerError::Permanent(_)) => Permanent,
    }
}

/// A script whose answer at one step is another.
fn with(step: Step, answer: &'static str) -> Script {
    let mut script = Script::default();
    match step {
        Step::Connection => script.greeting = answer,
        Step::SignIn => script.auth = answer,
        Step::Sender => script.mail = answer,
        Step::Recipient => script.rcpt = answer,
        // What follows DATA; the answer to the word itself has its own test.
        Step::Content => script.content = answer,
        Step::Writing => panic!("nothing is said while a mail is written"),
    }
    script
}

/// The outcome with a sign-in. The limits are small where nothing else ends the wait.
async fn outcome(script: Script, silent: bool) -> Result<(), MailerError> {
    let server = TestServer::start(script).await;
    let mut settings = settings(server.port);
    settings.username = Some("kogents".to_owned());
    settings.password = Some(SecretText::new("hunter2hunter2"));
    let mut mailer = mailer(&settings);
    if silent {
        mailer.server.command_limit = Duration::from_secs(1);
        mailer.delivery_limit = Duration::from_secs(2);
    }
    mailer.deliver(&mail_to("ada@example.com")).await
}

#[tokio::test]
async fn r2_every_answer_at_every_step_has_its_class() {
    let steps = [
        Step::Connection,
        Step::SignIn,
        Step::Sender,
        Step::Recipient,
        Step::Content,
    ];
    let mut running = tokio::task::JoinSet::new();
    let [a, b, c] = [Unavailable; 3];
    // What the answer means at the connection, the sign-in, the sender, the recipient, after DATA.
    for (answer, classes) in [
        ("421 4.3.2 going away", [Unavailable; 5]),
        ("450 4.2.1 busy", [a, b, c, Temporary, Temporary]),
        ("451 4.3.0 later", [a, b, c, Temporary, Temporary]),
        ("452 4.2.2 full", [a, b, c, Temporary, Temporary]),
        ("454 4.7.0 try later", [a, b, c, Temporary, Temporary]),
        ("550 5.1.1 no", [a, b, c, Permanent, Permanent]),
        ("552 5.3.4 too large", [a, b, c, Permanent, Permanent]),
        ("553 5.1.3 not allowed", [a, b, c, Permanent, Permanent]),
        ("554 5.7.1 spam", [a, b, c, Permanent, Permanent]),
        ("530 5.7.0 sign in first", [Unavailable; 5]),
        ("534 5.7.9 too weak", [Unavailable; 5]),
        ("535 5.7.8 bad credentials", [Unavailable; 5]),
        ("538 5.7.11 not in clear", [Unavailable; 5]),
        // The connection is cut.
        ("", [a, b, c, Temporary, Temporary]),
        // Nothing is said.
        ("-", [a, b, c, Temporary, Temporary]),
        // Nonsense.
        ("what?", [a, b, c, Temporary, Temporary]),
    ] {
        for (step, expected) in steps.into_iter().zip(classes) {
            running.spawn(async move {
                let outcome = outcome(with(step, answer), answer == "-").await;
                assert_eq!(class(&outcome), expected, "{step:?} {answer} {outcome:?}");
            });
        }
    }
    while let Some(finished) = running.join_next().await {
        finished.unwrap();
    }
}

#[tokio::test]
async fn r2_the_answer_to_the_word_data_is_about_the_content() {
    for (data, expected) in [
        ("354 go on", Taken),
        ("421 going away", Unavailable),
        ("451 later", Temporary),
        ("550 no", Permanent),
        ("554 no", Permanent),
        ("", Temporary),
        ("-", Temporary),
    ] {
        let script = Script {
            data,
            ..Script::default()
        };
        let outcome = outcome(script, data == "-").await;
        assert_eq!(class(&outcome), expected, "{data} {outcome:?}");
    }
}

#[tokio::test]
async fn r2_a_refused_greeting_of_ours_makes_mail_unavailable() {
    for hello in ["550 who are you", "421 going away", "", "-"] {
        let script = Script {
            hello,
            ..Script::default()
        };
        let outcome = outcome(script, hello == "-").await;
        assert_eq!(class(&outcome), Unavailable, "{hello} {outcome:?}");
    }
}

#[tokio::test]
async fn r2_nobody_listening_makes_mail_unavailable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let mailer = mailer(&settings(port));
    let outcome = mailer.deliver(&mail_to("ada@example.com")).await;
    assert_eq!(class(&outcome), Unavailable, "{outcome:?}");
    assert_eq!(mailer.check().await, CheckStatus::Down);
}

#[tokio::test]
async fn r2_silence_is_told_with_its_step() {
    let told = [
        (Step::Connection, "connection: timed out"),
        (Step::Sender, "sender: timed out"),
        (Step::Content, "content: timed out"),
    ];
    let [first, second, third] = told.map(|(step, _)| outcome(with(step, "-"), true));
    let outcomes: [_; 3] = tokio::join!(first, second, third).into();
    for (outcome, (_, cause)) in outcomes.into_iter().zip(told) {
        let error = outcome.unwrap_err().to_string();
        assert!(error.ends_with(cause), "{error}");
    }
}

#[tokio::test]
async fn r2_a_cut_connection_after_data_may_have_delivered_and_the_next_try_is_the_same_mail() {
    let server = TestServer::start(with(Step::Content, "")).await;
    let mailer = mailer(&settings(server.port));
    for _ in 0..2 {
        let outcome = mailer.deliver(&mail_to("ada@example.com")).await;
        assert_eq!(class(&outcome), Temporary, "{outcome:?}");
    }
    let heard = server.heard.lock().unwrap();
    let ids: Vec<_> = heard
        .mails
        .iter()
        .map(|mail| header(mail, "Message-ID"))
        .collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn r2_kept_connections_that_say_nothing_are_left_without_asking_each() {
    let server = TestServer::start(Script {
        noop: "-",
        ..Script::default()
    })
    .await;
    let mailer = mailer(&settings(server.port));
    let mail = mail_to("ada@example.com");
    let both = tokio::join!(mailer.deliver(&mail), mailer.deliver(&mail));
    assert_eq!(both, (Ok(()), Ok(())));
    assert_eq!(server.connections(), 2);
    mailer.deliver(&mail).await.unwrap();
    assert_eq!(server.connections(), 3);
    let asked = server.commands();
    let asked = asked.iter().filter(|command| *command == "NOOP").count();
    assert_eq!(asked, 1);
}

#[tokio::test]
async fn r2_a_mail_whose_end_has_come_is_not_given_to_the_server() {
    let server = TestServer::start(Script::default()).await;
    let mailer = mailer(&settings(server.port));
    let ends = |send_before| OutgoingMail {
        send_before: Some(send_before),
        ..mail_to("ada@example.com")
    };
    let now = Fixed.now();
    let late = mailer.deliver(&ends(now)).await;
    assert_eq!(class(&late), TooLate);
    assert!(!server.commands().iter().any(|command| command == "DATA"));
    let later = now.plus(kogents_domain::time::Span::from_millis(1));
    assert_eq!(mailer.deliver(&ends(later)).await, Ok(()));
}
