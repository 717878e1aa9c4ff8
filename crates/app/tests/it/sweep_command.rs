//! `kogents sweep`: once, now, what servers do in the background.

use serde_json::Value;

use crate::support::{Backend, Folder, on_both};

on_both!(what_has_had_its_time_is_swept_once_and_counted);

async fn what_has_had_its_time_is_swept_once_and_counted(backend: &Backend) {
    let folder = Folder::on(backend);
    assert_eq!(folder.run(&["migrate", "up"]).status.code(), Some(0));
    let swept = || {
        let output = folder.run(&["sweep", "--json"]);
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert_eq!(output.status.code(), Some(0));
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        told["rows"].clone()
    };
    let rows = swept();
    for part in [
        "mail",
        "tokens",
        "invitations",
        "notices",
        "partitions",
        "sessions",
        "minimised",
        "dropped",
        "devices",
        "audit",
    ] {
        assert!(rows[part].is_u64(), "{part} in {rows}");
    }
    assert_eq!(rows.as_object().unwrap().len(), 10);
    // A notice of long ago, and one that is young.
    match backend {
        Backend::Embedded => {
            use diesel::Connection as _;
            use diesel::connection::SimpleConnection as _;
            let path = folder.path("data/kogents.db");
            let mut connection =
                diesel::SqliteConnection::establish(path.to_str().unwrap()).unwrap();
            connection
                .batch_execute(
                    "INSERT INTO notices VALUES \
                     (zeroblob(16), 'counts', zeroblob(16), 1), \
                     (x'01000000000000000000000000000000', 'counts', zeroblob(16), \
                      unixepoch() * 1000)",
                )
                .unwrap();
        }
        Backend::Servers { .. } => {
            let client = crate::support::connect(backend.database_url()).await;
            client
                .batch_execute(
                    "INSERT INTO notices VALUES \
                     ('00000000-0000-7000-8000-000000000001', 'counts', gen_random_uuid(), 1), \
                     ('00000000-0000-7000-8000-000000000002', 'counts', gen_random_uuid(), \
                      (extract(epoch FROM now()) * 1000)::bigint)",
                )
                .await
                .unwrap();
        }
    }
    assert_eq!(swept()["notices"], 1);
    assert_eq!(swept()["notices"], 0);
    let table = folder.run(&["sweep"]);
    let table = String::from_utf8(table.stdout).unwrap();
    assert!(table.starts_with("PART "), "{table}");
    assert_eq!(table.lines().count(), 11);
}
