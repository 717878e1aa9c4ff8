//! The secrets travel beside an export, and an import asks for the same.

use std::os::unix::fs::PermissionsExt as _;

use super::{Move, PUBLIC_URL, refused, succeeded};

#[tokio::test(flavor = "multi_thread")]
async fn s31_secrets_are_in_the_file_beside_and_nowhere_else() {
    let Some(moving) = Move::new().await else {
        return;
    };
    drop(moving.from.start());
    let output = moving.export("out");
    let said = succeeded(&output);
    let errors = String::from_utf8(output.stderr).unwrap();
    let secrets = moving.secrets("out");
    let names: Vec<&str> = secrets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "JWT_SECRET",
            "JWT_REFRESH_SECRET",
            "REDIS_ENCRYPTION_KEY",
            "REDIS_ENCRYPTION_SALT",
            "SECRET_KEY",
            "PUBLIC_URL",
        ]
    );
    let mut texts = vec![said, errors];
    for file in std::fs::read_dir(moving.from.path("out")).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        texts.push(std::fs::read_to_string(file.path()).unwrap());
    }
    for (_, secret) in &secrets[..5] {
        assert!(secret.len() >= 43);
        assert!(texts.iter().all(|text| !text.contains(secret)));
    }
    let mode = |name| {
        moving
            .from
            .path(name)
            .metadata()
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!((mode("out"), mode("out.env")), (0o700, 0o600));

    // Nobody is given the secrets with the data.
    let inside = moving.export_path("other/secrets.env");
    let folder = moving.export_path("other");
    let words = ["export", &folder, "--secrets", &inside];
    let (why, code) = refused(&moving.from.run_with(&[PUBLIC_URL], &words));
    assert!(why.contains("must not lie with the data"), "{why}");
    assert_eq!(code, 1);
    assert!(!moving.from.path("other").exists());
    // Without them it says so.
    let said = succeeded(&moving.from.run(&["export", &folder]));
    assert!(said.contains("--secrets FILE"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_secrets_are_refused_by_name_or_told_what_they_end() {
    let Some(moving) = Move::new().await else {
        return;
    };
    drop(moving.from.start());
    let mut secrets = moving.exported("out");
    let (why, code) = refused(&moving.import("out", &Vec::new(), &[]));
    assert!(why.contains("the secrets are not known here"), "{why}");
    assert_eq!(code, 1);

    secrets.retain(|(name, _)| name != "PUBLIC_URL");
    for (name, value) in &mut secrets {
        if name.starts_with("JWT_REFRESH") || name == "SECRET_KEY" {
            "another-".clone_into(value);
        }
    }
    let (why, _) = refused(&moving.import("out", &secrets, &[]));
    assert!(why.contains("JWT_REFRESH_SECRET, SECRET_KEY"), "{why}");
    assert!(
        why.contains("--other-secrets, and every sign-in ends"),
        "{why}"
    );
    assert!(!why.contains("JWT_SECRET"), "{why}");

    let said = succeeded(&moving.import("out", &secrets, &["--other-secrets"]));
    assert!(
        said.contains("SECRET_KEY is another than before: every sign-in"),
        "{said}"
    );
    assert!(
        said.contains("PUBLIC_URL was http://localhost:3000/ and is not set"),
        "{said}"
    );
}
