//! `kogents user create-admin`: the first account of an installation without a mail server.

use std::io::Write as _;
use std::process::{Output, Stdio};

use serde_json::Value;

use super::ADA;
use crate::support::{Backend, Folder, PASSWORD, on_both};

on_both!(the_first_admin_is_made_before_any_server_runs);

/// Makes one, with this line on standard input.
fn create(folder: &Folder, email: &str, slug: &str, input: &str, more: &[&str]) -> Output {
    let words = [
        "user",
        "create-admin",
        "--email",
        email,
        "--name",
        "Ada Lovelace",
        "--workspace",
        "Engines",
        "--slug",
        slug,
    ];
    let mut command = folder.command(&[]);
    command.args(words).args(more);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut stdin = process.stdin.take().unwrap();
    // A command that refuses before it reads has closed its end.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    process.wait_with_output().unwrap()
}

#[track_caller]
fn refused(output: &Output, part: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains(part), "{said}");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(!said.contains(PASSWORD), "{said}");
}

async fn the_first_admin_is_made_before_any_server_runs(backend: &Backend) {
    let folder = Folder::on(backend);
    let line = format!("{PASSWORD}\n");
    if let Backend::Embedded = backend {
        refused(
            &create(&folder, ADA, "engines", &line, &[]),
            "run `kogents migrate up`",
        );
    }
    assert_eq!(folder.run(&["migrate", "up"]).status.code(), Some(0));

    refused(
        &create(&folder, ADA, "engines", "", &[]),
        "there is no password",
    );
    refused(
        &create(&folder, ADA, "engines", "\n", &[]),
        "there is no password",
    );
    refused(
        &create(&folder, ADA, "engines", "short\n", &[]),
        "the password",
    );
    refused(
        &create(&folder, ADA, "engines", "password1\n", &[]),
        "too easily guessed",
    );

    let made = create(&folder, ADA, "engines", &line, &["--json"]);
    assert_eq!(String::from_utf8_lossy(&made.stderr), "");
    assert_eq!(made.status.code(), Some(0));
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    assert_eq!(made["user"]["email"], ADA);

    let taken = create(&folder, "ADA@example.com", "other", &line, &[]);
    refused(&taken, "has an account already");
    let taken = create(&folder, "bob@example.com", "engines", &line, &[]);
    refused(&taken, "another workspace has the slug engines");

    // The server that starts then lets her in as the admin, and her API token works.
    let program = folder.start();
    let body = program.client.log_in(ADA, PASSWORD).await.expect(200);
    assert_eq!(body["workspace"]["id"], made["workspace"]["id"]);
    let token = body["access_token"].as_str().unwrap();
    program.client.get_as(token, "/audit").await.expect(200);
    // And beside it another one is made.
    let second = create(&folder, "bob@example.com", "bobs", &line, &[]);
    let said = String::from_utf8_lossy(&second.stdout);
    assert!(said.contains("its API token, shown this once: "), "{said}");
    program
        .client
        .log_in("bob@example.com", PASSWORD)
        .await
        .expect(200);
}
