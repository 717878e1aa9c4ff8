//! `kogents mail`: an operator looks at the queue of a server and mends it.

use std::process::Output;

use serde_json::Value;

use crate::support::{Backend, Folder, Mood, Program, SmtpServer, on_both};

on_both!(
    an_operator_sees_why_a_mail_died_and_sends_it_again,
    an_operator_takes_dead_letters_out,
    an_operator_lists_the_queue_page_by_page,
);

const ADA: &str = "ada@example.com";

fn said(output: &Output) -> String {
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[track_caller]
fn refused(output: &Output, code: i32) -> String {
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert_eq!(output.status.code(), Some(code));
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn items(folder: &Folder, more: &[&str]) -> Vec<Value> {
    let words = [&["mail", "list", "--json"], more].concat();
    let page: Value = serde_json::from_str(&said(&folder.run(&words))).unwrap();
    page["items"].as_array().unwrap().clone()
}

/// A server that sends by this mail server.
fn start(folder: &Folder, mail: &SmtpServer) -> Program {
    let port = mail.port.to_string();
    folder.start_with(&[
        ("SMTP_HOST", "127.0.0.1"),
        ("SMTP_PORT", &port),
        ("SMTP_TLS", "none"),
        ("SMTP_FROM", "no-reply@kogents.test"),
    ])
}

/// Signs up as far as the code, whose mail dies.
async fn dead_letter(folder: &Folder, program: &Program, mail: &SmtpServer, slug: &str) -> Value {
    mail.set(Mood::RefusesRecipient);
    let signup = program.client.sign_up(ADA).await;
    program.client.choose_workspace(&signup, slug).await;
    let before = items(folder, &["--state", "dead"]).len();
    let body = serde_json::json!({ "sessionId": signup });
    let path = "/auth/verify/send-for-session";
    program.client.post(path, body).await.expect(200);
    mail.until(|| {
        let dead = items(folder, &["--state", "dead"]);
        (dead.len() > before).then(|| dead[0].clone())
    })
    .await
}

async fn an_operator_sees_why_a_mail_died_and_sends_it_again(backend: &Backend) {
    let (folder, mail) = (Folder::on(backend), SmtpServer::open());
    let program = start(&folder, &mail);
    let dead = dead_letter(&folder, &program, &mail, "engines").await;
    let id = dead["id"].as_str().unwrap();

    let table = said(&folder.run(&["mail", "list"]));
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 2, "{table}");
    assert!(lines[0].starts_with("ID "), "{table}");
    for part in [id, "dead", "code", "verification_code", ADA] {
        assert!(lines[1].contains(part), "{part} in {table}");
    }
    let shown = said(&folder.run(&["mail", "show", id]));
    for line in [
        "state         dead",
        "message       kept",
        "tries         1",
    ] {
        assert!(
            shown.lines().any(|shown| shown == line),
            "{line} in {shown}"
        );
    }
    assert!(
        shown.contains("last error    ") && shown.contains("550"),
        "{shown}"
    );
    let json: Value =
        serde_json::from_str(&said(&folder.run(&["mail", "show", id, "--json"]))).unwrap();
    assert_eq!(json, dead);
    // What it says is nobody's business.
    assert!(!shown.contains("code is") && json.get("payload").is_none());

    mail.set(Mood::Takes);
    assert_eq!(
        said(&folder.run(&["mail", "retry", id])),
        "queued again: 1\n"
    );
    let arrived = mail.mail(ADA, "confirm your address").await;
    assert!(arrived.id().contains(id));
    mail.until(|| {
        let sent = items(&folder, &["--state", "sent", "--lane", "code"]);
        sent.iter().any(|mail| mail["id"] == id).then_some(())
    })
    .await;
    let again = refused(&folder.run(&["mail", "retry", id]), 1);
    assert_eq!(
        again,
        "kogents: the mail is sent: only a dead one can be queued again\n"
    );
    let purged = refused(&folder.run(&["mail", "purge", id]), 1);
    assert_eq!(
        purged,
        "kogents: the mail is sent: there is nothing to purge\n"
    );
    assert_eq!(
        said(&folder.run(&["mail", "retry", "--dead"])),
        "queued again: 0\n"
    );
}

async fn an_operator_takes_dead_letters_out(backend: &Backend) {
    let (folder, mail) = (Folder::on(backend), SmtpServer::open());
    let program = start(&folder, &mail);
    let one = dead_letter(&folder, &program, &mail, "engines").await;
    let two = dead_letter(&folder, &program, &mail, "motors").await;
    let id = one["id"].as_str().unwrap();
    assert_eq!(said(&folder.run(&["mail", "purge", id])), "purged: 1\n");
    let json: Value =
        serde_json::from_str(&said(&folder.run(&["mail", "show", id, "--json"]))).unwrap();
    assert_eq!(
        (&json["state"], &json["recipient"]),
        (&"void".into(), &Value::Null)
    );
    assert_eq!(json["hasMessage"], false);
    let lately = ["mail", "purge", "--dead", "--days", "1"];
    assert_eq!(said(&folder.run(&lately)), "purged: 0\n");
    assert_eq!(
        said(&folder.run(&["mail", "purge", "--dead"])),
        "purged: 1\n"
    );
    let gone = folder.run(&["mail", "show", two["id"].as_str().unwrap()]);
    assert_eq!(refused(&gone, 1), "kogents: no such mail\n");
    assert_eq!(items(&folder, &["--state", "dead"]), Vec::<Value>::new());
    assert_eq!(mail.mails(), []);
}

async fn an_operator_lists_the_queue_page_by_page(backend: &Backend) {
    let folder = Folder::on(backend);
    let program = folder.start();
    for n in 0..3 {
        let email = format!("person{n}@example.com");
        program.client.sign_up_and_confirm(&email).await;
        program.client.mail(&email, "welcome").await;
    }
    let all = items(&folder, &[]);
    assert_eq!(all.len(), 6);
    let mut paged = Vec::new();
    let mut after: Vec<String> = Vec::new();
    loop {
        let more: Vec<&str> = after.iter().map(String::as_str).collect();
        let words = [&["mail", "list", "--json", "--limit", "4"], more.as_slice()].concat();
        let page: Value = serde_json::from_str(&said(&folder.run(&words))).unwrap();
        paged.extend(page["items"].as_array().unwrap().clone());
        match page["nextCursor"].as_str() {
            Some(id) => after = vec!["--after".to_owned(), id.to_owned()],
            None => break,
        }
    }
    let ids = |mails: &[Value]| -> Vec<Value> { mails.iter().map(|m| m["id"].clone()).collect() };
    assert_eq!(ids(&paged), ids(&all));
    let more = said(&folder.run(&["mail", "list", "--limit", "4"]));
    let id = all[3]["id"].as_str().unwrap();
    assert!(
        more.ends_with(&format!("more: kogents mail list --after {id}\n")),
        "{more}"
    );
    assert_eq!(
        said(&folder.run(&["mail", "list", "--lane", "invitation"])),
        "no mail\n"
    );
}

#[test]
fn a_wrong_id_or_word_is_named() {
    let folder = Folder::new();
    let unknown = "0192f3c0-1111-7abc-8def-0123456789ab";
    // There is no database yet.
    let absent = refused(&folder.run(&["mail", "list"]), 1);
    assert!(
        absent.starts_with("kogents: there is no database yet at "),
        "{absent}"
    );
    let migrated = folder.run(&["migrate", "up"]);
    assert_eq!(migrated.status.code(), Some(0));
    for verb in ["show", "retry", "purge"] {
        let told = refused(&folder.run(&["mail", verb, unknown]), 1);
        assert_eq!(told, "kogents: no such mail\n");
        for wrong in [
            "17",
            "../../etc/passwd",
            "0192f3c0-1111-4abc-8def-0123456789ab",
        ] {
            let told = refused(&folder.run(&["mail", verb, wrong]), 2);
            assert!(told.contains("not the id of a mail"), "{told}");
        }
    }
    for words in [
        &["mail", "list", "--state", "lost"][..],
        &["mail", "list", "--lane", "fast"],
        &["mail", "list", "--limit", "0"],
        &["mail", "list", "--limit", "101"],
        &["mail", "retry"],
        &["mail", "retry", unknown, "--dead"],
        &["mail", "purge"],
        &["mail", "purge", unknown, "--days", "1"],
        &["mail", "test", "nobody"],
        &["mail"],
    ] {
        assert_eq!(folder.run(words).status.code(), Some(2), "{words:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_server_is_tried_past_the_queue() {
    let (folder, mail) = (
        Folder::new(),
        SmtpServer::with_account("mailer", "a-mail-password"),
    );
    let port = mail.port.to_string();
    let mut settings = vec![
        ("SMTP_HOST", "127.0.0.1"),
        ("SMTP_PORT", port.as_str()),
        ("SMTP_TLS", "none"),
        ("SMTP_FROM", "no-reply@kogents.test"),
        ("SMTP_USER", "mailer"),
        ("SMTP_PASS", "a-mail-password"),
    ];
    let words = ["mail", "test", ADA];
    let told = said(&folder.run_with(&settings, &words));
    let arrived = mail.mail(ADA, "").await;
    let id = arrived
        .id()
        .trim_start_matches('<')
        .split_once('@')
        .unwrap()
        .0;
    assert_eq!(
        told,
        format!("the mail server at 127.0.0.1:{port} took the mail {id}\n")
    );

    for (mood, part) in [
        (Mood::PutsOff, "recipient: "),
        (Mood::RefusesContent, "550"),
        (Mood::RefusesSignIn, "sign-in: "),
        (Mood::Away, "connection: "),
    ] {
        mail.set(mood);
        let told = refused(&folder.run_with(&settings, &words), 1);
        assert!(
            told.contains("did not take the mail") && told.contains(part),
            "{told}"
        );
        assert!(!told.contains("a-mail-password"));
    }
    settings.clear();
    let told = refused(&folder.run_with(&settings, &words), 1);
    assert_eq!(
        told,
        "kogents: there is no mail server to try: SMTP_HOST is not set\n"
    );
}
