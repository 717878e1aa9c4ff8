//! What ties the lines of the log together: a request's id and its trace in every line that is
//! written on its way, the name of a background task in each of that task's.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Backend, Folder, PASSWORD, Program, on_both};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

on_both!(
    every_line_of_a_request_carries_its_id_and_its_trace,
    a_trace_that_is_not_valid_is_ignored,
);

/// Sends a request under an id of its own and this trace.
async fn send(server: &Program, id: &str, trace: &str, path: &str, body: &Value) -> Answer {
    let request = server.client.request(Method::POST, path).json(body);
    let request = request
        .header("X-Client-Type", "native")
        .header("X-Request-Id", id)
        .header("traceparent", trace)
        .header("tracestate", "vendor=opaque-to-us");
    server.client.send(request).await
}

/// The lines of a log of JSON. What a start tells a person stands beside them.
fn lines(said: &str) -> Vec<Value> {
    let lines = said.lines().filter(|line| line.starts_with('{'));
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The span of a line that has this name.
fn span<'a>(line: &'a Value, name: &str) -> Option<&'a Value> {
    let spans = line["spans"].as_array()?;
    spans.iter().find(|span| span["name"] == name)
}

async fn every_line_of_a_request_carries_its_id_and_its_trace(backend: &Backend) {
    let folder = Folder::on(backend);
    let server = folder.start_with(&[("LOG_FORMAT", "json"), ("REFRESH_GRACE_SECS", "0")]);
    let account = server.client.sign_up_and_confirm("ada@example.com").await;
    server
        .client
        .refresh(&account.refresh_token)
        .await
        .expect(200);
    // The use case tells of a spent token.
    let trace = format!("00-{TRACE}-{PARENT}-01");
    let spent = json!({ "refresh_token": account.refresh_token });
    let answer = send(&server, "spent-1", &trace, "/auth/refresh", &spent).await;
    answer.expect_status(401);
    for header in ["traceparent", "tracestate", "traceresponse"] {
        assert_eq!(answer.header(header), None, "{header}");
    }
    let again = json!({ "email": account.email, "password": PASSWORD });
    let answer = send(&server, "again-1", &trace, "/auth/login", &again).await;
    answer.expect_status(200);
    let stdout = folder.path("stdout");
    assert_eq!(server.end_by("TERM").code(), Some(0));
    let said = std::fs::read_to_string(stdout).unwrap();

    let lines = lines(&said);
    for id in ["spent-1", "again-1"] {
        let own: Vec<&Value> = lines
            .iter()
            .filter(|line| is_ours(line) && line.to_string().contains(id))
            .collect();
        for line in &own {
            let request = span(line, "request").unwrap_or_else(|| panic!("{line}"));
            assert_eq!(request["request_id"], id, "{line}");
            assert_eq!(request["trace_id"], TRACE, "{line}");
            assert_eq!(request["parent_id"], PARENT, "{line}");
            let span_id = request["span_id"].as_str().unwrap();
            let is_hex = span_id
                .bytes()
                .all(|octet| b"0123456789abcdef".contains(&octet));
            assert!(span_id.len() == 16 && is_hex && span_id != PARENT, "{line}");
        }
        let told = |message: &str| own.iter().any(|line| line["message"] == message);
        assert!(told("request"), "{id}: {own:?}");
    }
    let request = span(told_of_spent_token(&lines), "request").expect("in the request's span");
    assert_eq!(request["trace_id"], TRACE);
    assert!(!said.contains("opaque-to-us"));

    // From the first request to the stop, every line of ours is a request's or a task's.
    let is_first = |line: &Value| span(line, "request").is_some();
    let from = lines.iter().position(is_first).unwrap();
    let running = lines[from..].iter();
    let running = running.take_while(|line| line["message"] != "stopping");
    for line in running.filter(|line| is_ours(line)) {
        let names = ["request", "task"].map(|name| span(line, name).is_some());
        assert!(names.contains(&true), "{line}");
    }
}

/// Whether one of our crates wrote a line.
fn is_ours(line: &Value) -> bool {
    line["target"].as_str().unwrap().starts_with("kogents")
}

async fn a_trace_that_is_not_valid_is_ignored(backend: &Backend) {
    let folder = Folder::on(backend);
    let server = folder.start_with(&[("LOG_FORMAT", "text"), ("LOG_LEVEL", "info")]);
    let nobody = json!({ "email": "nobody@example.com", "password": "wrong" });
    for (id, trace) in [
        ("invalid-1", format!("00-{}-{PARENT}-01", "0".repeat(32))),
        ("invalid-2", format!("ff-{TRACE}-{PARENT}-01")),
        ("good-1", format!("00-{TRACE}-{PARENT}-01")),
    ] {
        let answer = send(&server, id, &trace, "/auth/login", &nobody).await;
        answer.expect_status(401);
    }
    let said = server.said();
    let line = |id: &str| {
        let mut lines = said.lines().filter(|line| line.contains(id));
        lines.next().unwrap_or_else(|| panic!("{id} in {said}"))
    };
    for id in ["invalid-1", "invalid-2"] {
        assert!(!line(id).contains("trace_id"), "{}", line(id));
        assert!(!line(id).contains(TRACE), "{}", line(id));
    }
    let valid = line("good-1");
    assert!(valid.contains(&format!("trace_id={TRACE}")), "{valid}");
}

/// Where only warnings are logged, they are still told apart.
#[tokio::test(flavor = "multi_thread")]
async fn a_warning_carries_the_ids_where_nothing_else_is_logged() {
    let folder = Folder::new();
    let server = folder.start_with(&[
        ("LOG_FORMAT", "json"),
        ("LOG_LEVEL", "warn"),
        ("REFRESH_GRACE_SECS", "0"),
    ]);
    let account = server.client.sign_up_and_confirm("ada@example.com").await;
    server
        .client
        .refresh(&account.refresh_token)
        .await
        .expect(200);
    let trace = format!("00-{TRACE}-{PARENT}-01");
    let spent = json!({ "refresh_token": account.refresh_token });
    let answer = send(&server, "spent-1", &trace, "/auth/refresh", &spent).await;
    answer.expect_status(401);
    let lines = lines(&server.said());
    assert!(lines.iter().all(|line| line["level"] != "INFO"));
    let request = span(told_of_spent_token(&lines), "request").unwrap();
    assert_eq!(request["request_id"], "spent-1");
    assert_eq!(request["trace_id"], TRACE);
}

/// The line that a use case writes of a spent token.
fn told_of_spent_token(lines: &[Value]) -> &Value {
    let mut lines = lines.iter().filter(|line| {
        let message = line["message"].as_str().unwrap_or_default();
        message.contains("spent refresh token")
    });
    lines.next().expect("a spent token is told of")
}
