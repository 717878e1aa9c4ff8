//! The built program from its start to its end.

use std::os::unix::fs::PermissionsExt as _;

use crate::support::{Folder, PASSWORD};

/// What a production server needs.
const PRODUCTION: [(&str, &str); 8] = [
    ("NODE_ENV", "production"),
    ("HOST", "127.0.0.1"),
    ("SMTP_HOST", "localhost"),
    ("SMTP_FROM", "Kogents <mail@kogents.test>"),
    ("JWT_SECRET", "Zq3vN8xLr0TbYw7KcJmP2sHdGf5uEaXi"),
    ("JWT_REFRESH_SECRET", "p9QkVt4RzW1nMhB6yCjS8eLxUoDa0gFi"),
    ("REDIS_ENCRYPTION_KEY", "7HsUwXb2ePzQmKc9JvTnYr5LdGa1fOiE"),
    ("REDIS_ENCRYPTION_SALT", "Xt6BqWm0ZrVy3NkHc8PjLs2UeGoDa5Fi"),
];

#[tokio::test]
async fn s32_the_quick_start_needs_no_configuration_and_survives_a_restart() {
    let folder = Folder::new();
    let program = folder.start();
    for part in [
        "/docs",
        "/dev/mailbox",
        "SQLite in ./data/kogents.db",
        "./data/secrets.json",
    ] {
        assert!(
            program.said().contains(part),
            "{part} in {}",
            program.said()
        );
    }
    let account = program.client.sign_up_and_confirm("ada@example.com").await;
    assert_eq!(program.end_by("TERM").code(), Some(0));

    let program = folder.start();
    let client = &program.client;
    client
        .get_as(&account.access_token, "/health/sessions")
        .await
        .expect(200);
    client.refresh(&account.refresh_token).await.expect(200);
    client.log_in(&account.email, PASSWORD).await.expect(200);
    assert_eq!(program.end_by("INT").code(), Some(0));
}

#[tokio::test]
async fn s32_what_is_kept_is_for_the_owner_only() {
    let folder = Folder::new();
    let _program = folder.start();
    let mode = |name| folder.path(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("data"), 0o700);
    for file in std::fs::read_dir(folder.path("data")).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", file.file_name());
    }
    assert_eq!(mode("data/secrets.json"), 0o600);
    assert_eq!(mode("data/kogents.db"), 0o600);
}

#[tokio::test]
async fn s31_every_secret_may_rest_in_a_file() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("secrets")).unwrap();
    let kept = |name: &str, value: &str| {
        std::fs::write(
            folder.path(&format!("secrets/{name}")),
            format!("{value}\n"),
        )
        .unwrap();
        (format!("{name}_FILE"), format!("secrets/{name}"))
    };
    let files: Vec<(String, String)> = PRODUCTION
        .iter()
        .skip(4)
        .copied()
        .chain([
            ("SECRET_KEY", "Pj7LsXt6BqWm0ZrVy3NkHc8Ue2GoDa5F"),
            ("JWT_SECRET_PREVIOUS", "c8PjLs2UeGoDa5FiXt6BqWm0ZrVy3NkH"),
            ("SMTP_PASS", "a password of the mail server"),
            ("DATABASE_URL", "sqlite://from-a-file.db"),
        ])
        .map(|(name, value)| kept(name, value))
        .collect();
    let mut settings = PRODUCTION[..4].to_vec();
    settings.push(("SMTP_USER", "kogents"));
    settings.extend(
        files
            .iter()
            .map(|(name, path)| (name.as_str(), path.as_str())),
    );
    let program = folder.start_with(&settings);
    program.client.get("/health/ready").await.expect(200);
    assert!(folder.path("from-a-file.db").exists());
    assert!(!folder.path("data/secrets.json").exists());
}

#[tokio::test]
async fn settings_come_from_the_file_as_well() {
    let folder = Folder::new();
    std::fs::write(
        folder.path(".env"),
        "DATA_DIR=./elsewhere\nPUBLIC_URL=nonsense\n",
    )
    .unwrap();
    let _program = folder.start();
    assert!(folder.path("elsewhere/kogents.db").exists());
    assert!(!folder.path("data").exists());
}

#[tokio::test]
async fn production_tells_its_start_in_one_event_and_has_no_mailbox() {
    let folder = Folder::new();
    let program = folder.start_with(&PRODUCTION);
    let said = program.said();
    for line in said.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(event["message"].is_string(), "{line}");
    }
    assert_eq!(said.matches("\"address\"").count(), 1, "{said}");
    program.client.get("/health/ready").await.expect(200);
    assert_eq!(
        program.client.get("/dev/mailbox").await.problem(404),
        "not_found"
    );
    assert_eq!(
        program.client.get("/dev/mailbox.json").await.problem(404),
        "not_found"
    );
    assert!(!folder.path("data/secrets.json").exists());
    assert_eq!(program.end_by("TERM").code(), Some(0));
}
