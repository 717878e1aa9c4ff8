//! All sessions of a person, page by page.

use crate::support::{Backend, PASSWORD, on_both};

on_both!(
    ended_sessions_come_by_page_newest_started_first,
    s20_another_persons_sessions_are_not_there,
);

async fn ended_sessions_come_by_page_newest_started_first(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let mut ids = vec![account.session_id.clone()];
    for _ in 0..4 {
        app.advance_secs(1);
        let session = app.log_in("ada@example.com", PASSWORD).await.expect(200);
        ids.push(session["session"]["id"].as_str().unwrap().to_owned());
    }
    ids.reverse();
    app.delete_as(&account.access_token, "/health/sessions")
        .await
        .expect(200);

    let mut listed = Vec::new();
    let mut path = "/health/sessions?all=true&limit=2".to_owned();
    let mut pages = 0;
    loop {
        let page = app.get_as(&account.access_token, &path).await.expect(200);
        pages += 1;
        assert_eq!(page["total"], 5);
        for session in page["sessions"].as_array().unwrap() {
            listed.push(session["id"].as_str().unwrap().to_owned());
        }
        let Some(cursor) = page["nextCursor"].as_str() else {
            break;
        };
        path = format!("/health/sessions?all=true&limit=2&cursor={cursor}");
    }
    assert_eq!(pages, 3);
    assert_eq!(listed, ids);
    let live = app.get_as(&account.access_token, "/health/sessions").await;
    assert_eq!(live.expect(200)["total"], 1);
}

async fn s20_another_persons_sessions_are_not_there(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let bob = app.sign_up_and_confirm("bob@example.com").await;
    let unknown = "0192f3c0-1111-7abc-8def-0123456789ab".to_owned();
    let listed = app.current(&bob.access_token).await;
    let handle = listed["sessionToken"].as_str().unwrap().to_owned();
    let mut answers = Vec::new();
    for reference in [bob.session_id, handle, unknown, "nonsense".to_owned()] {
        let path = format!("/health/sessions/{reference}");
        let answer = app.delete_as(&ada.access_token, &path).await;
        assert_eq!(answer.problem(404), "not_found");
        let mut body = answer.json();
        for own in ["instance", "requestId"] {
            body.as_object_mut().unwrap().remove(own);
        }
        answers.push(body);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    app.current(&bob.access_token).await;
}
