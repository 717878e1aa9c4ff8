//! R8: a server that may have few files open, and more callers than that. Those who are connected
//! are served meanwhile, everybody is afterwards, and the log is not flooded.

use std::time::Duration;

use super::raw::Raw;
use crate::support::{Folder, PASSWORD};

/// More than the server may have open.
const CALLERS: usize = 300;

#[tokio::test(flavor = "multi_thread")]
async fn r8_more_callers_than_open_files_stop_nobody_for_long() {
    let folder = Folder::new();
    // Where a limit is lower than the one that is set there, it is raised: both are set.
    let program = folder.start_under("ulimit -n 160", &[("LOG_LEVEL", "info")]);
    let client = &program.client;
    let account = client.sign_up_and_confirm("ada@example.com").await;
    let mut connected = Raw::connect(client.base()).await;
    let live = Raw::get("/health/live");
    connected.send(live.as_bytes()).await;
    assert_eq!(connected.answer().await.unwrap().0, 200);

    // They say nothing; the server ends them after a while and takes the next.
    let mut callers = Vec::new();
    for _ in 0..CALLERS {
        callers.push(Raw::connect(client.base()).await);
    }
    for _ in 0..20 {
        connected.send(live.as_bytes()).await;
        assert_eq!(connected.answer().await.unwrap().0, 200);
        // Signing in reads and writes files that are open already.
        let ready = Raw::get("/health/ready");
        connected.send(ready.as_bytes()).await;
        assert_eq!(connected.answer().await.unwrap().0, 200);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    drop(callers);

    let served = async {
        client.log_in(&account.email, PASSWORD).await.expect(200);
        client.sign_up_and_confirm("bob@example.com").await;
    };
    let served = tokio::time::timeout(Duration::from_secs(30), served).await;
    served.expect("everybody is served again");
    let said = program.said();
    let errors = said.lines().filter(|line| line.contains("ERROR")).count();
    assert!(errors <= 1, "{said}");
    assert_eq!(program.end_by("TERM").code(), Some(0));
}
