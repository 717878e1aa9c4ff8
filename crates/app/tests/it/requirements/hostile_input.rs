//! S27: hostile input gets a 4xx problem, or a bare 4xx from the parser: never a 5xx, and nothing
//! in the log at error level. The built program is asked, octet by octet, and its log is read.

mod bodies;
mod generator;
mod headers;
mod heads;
mod operations;
mod raw;
mod request;
mod targets;

use std::collections::BTreeMap;
use std::time::Instant;

use futures_util::stream::{self, StreamExt as _};
use kogents_testkit::corpus::Corpus;

use crate::support::{Account, Backend, Folder, PASSWORD, Program, on_both};
use generator::Generator;
use operations::Operation;
use raw::{Afterwards, RawAnswer, exchange, is_head};
use request::Request;

on_both!(
    s27_hostile_bodies_are_refused_by_every_operation,
    s27_every_body_of_the_corpus_is_answered_as_documented,
    s27_hostile_paths_and_queries_are_refused_or_harmless,
    s27_hostile_headers_are_refused_or_harmless,
    s27_what_is_no_http_is_refused_by_the_parser_alone,
    s27_ten_thousand_hostile_requests_draw_no_5xx,
);

/// How many requests are under way at once: fewer than wait for a password hash before the server
/// says that it is busy, which is another requirement's.
const AT_ONCE: usize = 8;

/// A server under attack.
struct Target {
    // Goes before its folder: its log is searched when it goes.
    program: Program,
    folder: Folder,
    account: Account,
    /// Somebody whom no request is made as.
    bystander: Account,
    address: String,
    operations: Vec<Operation>,
}

impl Target {
    /// A server that has an account to make requests as, and another, with limits that these many requests would meet lifted. The
    /// account is not the one of the document's examples, which sign in and end older sessions.
    async fn on(backend: &Backend) -> Self {
        let folder = Folder::on(backend);
        let program = folder.start_with(&[
            ("LOG_FORMAT", "json"),
            // As an operator has it: with everything, the library tells of every head it refuses.
            ("LOG_LEVEL", "info"),
            ("RATE_LIMITS", "off"),
        ]);
        let account = program
            .client
            .sign_up_and_confirm("mary@kogents.test")
            .await;
        let bystander = program
            .client
            .sign_up_and_confirm("grace@kogents.test")
            .await;
        let operations = operations::published(&program.client).await;
        let address = program.client.base().replace("http://", "");
        Self {
            program,
            folder,
            account,
            bystander,
            address,
            operations,
        }
    }

    /// Sends requests and gives what is wrong with their answers, as `judge` says.
    async fn faults<T>(
        &self,
        requests: impl IntoIterator<Item = (T, Vec<u8>)>,
        judge: impl Fn(&T, &[RawAnswer]) -> Option<String>,
    ) -> Vec<String> {
        self.faults_when(Afterwards::Ends, requests, judge).await
    }

    async fn faults_when<T>(
        &self,
        afterwards: Afterwards,
        requests: impl IntoIterator<Item = (T, Vec<u8>)>,
        judge: impl Fn(&T, &[RawAnswer]) -> Option<String>,
    ) -> Vec<String> {
        stream::iter(requests)
            .map(|(what, octets)| {
                let judge = &judge;
                async move {
                    let answers = exchange(&self.address, &octets, afterwards).await;
                    let is_head = is_head(&octets);
                    let fault = answers.iter().find_map(|answer| answer.fault(is_head));
                    let fault = fault.or_else(|| judge(&what, &answers))?;
                    let sent =
                        String::from_utf8_lossy(&octets[..octets.len().min(600)]).into_owned();
                    Some(format!("{fault}\n  to {sent:?}\n"))
                }
            })
            .buffer_unordered(AT_ONCE)
            .filter_map(std::future::ready)
            .collect()
            .await
    }

    /// The server still serves, and has logged no error.
    async fn assert_unharmed(&self) {
        let client = &self.program.client;
        client.get("/health/live").await.expect(200);
        client.get("/health/ready").await.expect(200);
        client
            .log_in(&self.bystander.email, PASSWORD)
            .await
            .expect(200);
        let log = self.program.said();
        assert!(
            log.contains("\"level\":\"INFO\""),
            "the log is read as it is written"
        );
        let errors: Vec<&str> = log
            .lines()
            .filter(|line| line.contains("\"level\":\"ERROR\""))
            .take(5)
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let stderr = std::fs::read_to_string(self.folder.path("stderr")).unwrap();
        assert_eq!(stderr, "");
    }
}

#[track_caller]
fn assert_none(faults: &[String]) {
    let shown = faults.iter().take(20).map(String::as_str);
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        shown.collect::<String>()
    );
}

/// The one answer there must be.
fn only(answers: &[RawAnswer]) -> Result<&RawAnswer, String> {
    match answers {
        [answer] => Ok(answer),
        _ => Err(format!("{} answers: {answers:?}", answers.len())),
    }
}

async fn s27_hostile_bodies_are_refused_by_every_operation(backend: &Backend) {
    let target = Target::on(backend).await;
    let bodies = bodies::hostile();
    let token = &target.account.access_token;
    let mut requests = Vec::new();
    for operation in target.operations.iter().filter(|o| o.takes_body) {
        for body in &bodies {
            if body.name == "plain text" && operation.takes_text {
                continue;
            }
            let octets = body.put_in(operation.request(token)).octets();
            requests.push(((operation, body), octets));
        }
    }
    assert!(requests.len() > 300, "{}", requests.len());
    let faults = target
        .faults(requests, |(operation, body), answers| {
            let answer = match only(answers) {
                Ok(answer) => answer,
                Err(fault) => return Some(fault),
            };
            let kept = answer.status == body.status && operation.statuses.contains(&body.status);
            (!kept).then(|| format!("{} {}: {answer:?}", operation.name, body.name))
        })
        .await;
    assert_none(&faults);
    target.assert_unharmed().await;
}

async fn s27_every_body_of_the_corpus_is_answered_as_documented(backend: &Backend) {
    let target = Target::on(backend).await;
    let corpus = Corpus::of("body");
    let token = &target.account.access_token;
    let mut requests = Vec::new();
    for operation in target.operations.iter().filter(|o| o.takes_body) {
        for (name, body) in corpus.iter() {
            let request = operation.request(token).without("Content-Type");
            let request = request
                .header("Content-Type", "application/json")
                .body(body);
            requests.push(((operation, name), request.octets()));
        }
    }
    let faults = target
        .faults(requests, |(operation, name), answers| {
            let answer = match only(answers) {
                Ok(answer) => answer,
                Err(fault) => return Some(fault),
            };
            let documented = operation.statuses.contains(&answer.status);
            (!documented).then(|| format!("{} {name}: {answer:?}", operation.name))
        })
        .await;
    assert_none(&faults);
    target.assert_unharmed().await;
}

async fn s27_hostile_paths_and_queries_are_refused_or_harmless(backend: &Backend) {
    let target = Target::on(backend).await;
    let token = &target.account.access_token;
    let mut requests = Vec::new();
    for operation in &target.operations {
        for query in targets::queries() {
            let mut request = operation.request(token);
            request.target = [request.target.as_slice(), b"?", &query].concat();
            requests.push(((operation.name.clone(), query), request.octets()));
        }
    }
    for method in ["GET", "POST", "DELETE", "OPTIONS", "HEAD"] {
        for path in targets::paths() {
            let mut request = Request::new(method, "");
            request.target = path.clone();
            requests.push(((method.to_owned(), path), request.octets()));
        }
    }
    let faults = target
        .faults(requests, |(operation, query), answers| {
            let answer = match only(answers) {
                Ok(answer) => answer,
                Err(fault) => return Some(fault),
            };
            // What a list reads, it judges.
            let judged = operation == "GET /health/sessions"
                && [&b"limit="[..], b"cursor=", b"all="]
                    .iter()
                    .any(|name| query.starts_with(name));
            let kept = !judged || answer.is_bare() || answer.code() == "validation_failed";
            (!kept).then(|| format!("{operation}: {answer:?}"))
        })
        .await;
    assert_none(&faults);
    target.assert_unharmed().await;
}

async fn s27_hostile_headers_are_refused_or_harmless(backend: &Backend) {
    let target = Target::on(backend).await;
    let token = &target.account.access_token;
    let mut requests = Vec::new();
    for operation in &target.operations {
        for lines in headers::lines() {
            let mut request = operation.request(token);
            request.headers.extend(lines);
            requests.push((&operation.name, request.octets()));
        }
    }
    let faults = target
        .faults(requests, |operation, answers| {
            only(answers)
                .err()
                .map(|fault| format!("{operation}: {fault}"))
        })
        .await;
    assert_none(&faults);
    target.assert_unharmed().await;
}

async fn s27_what_is_no_http_is_refused_by_the_parser_alone(backend: &Backend) {
    let target = Target::on(backend).await;
    let faults = target
        .faults_when(Afterwards::Waits, heads::refused(), |name, answers| {
            let refused = matches!(answers, [answer] if answer.is_bare());
            (!refused).then(|| format!("{name}: {answers:?}"))
        })
        .await;
    assert_none(&faults);
    let faults = target
        .faults(heads::broken_frames(), |name, answers| {
            // The HTTP library takes a broken chunk for a lost connection and may end it at once.
            let refused = match answers {
                [] => true,
                [answer] => (400..500).contains(&answer.status),
                _ => false,
            };
            (!refused).then(|| format!("{name}: {answers:?}"))
        })
        .await;
    assert_none(&faults);
    target.assert_unharmed().await;
}

/// 10,000 with `cargo xtask test slow`, else the first 2,000 of them.
async fn s27_ten_thousand_hostile_requests_draw_no_5xx(backend: &Backend) {
    #[expect(
        clippy::disallowed_methods,
        reason = "how much to test is no setting of the product"
    )]
    let slow = std::env::var_os("KOGENTS_SLOW").is_some();
    let count: u64 = if slow { 10_000 } else { 2_000 };
    let target = Target::on(backend).await;
    let client = &target.program.client;
    let generator = Generator::new(target.operations.clone());
    let mut token = target.account.access_token.clone();
    let mut told: BTreeMap<String, u32> = BTreeMap::new();
    let began = Instant::now();
    let numbers: Vec<u64> = (0..count).collect();
    for batch in numbers.chunks(250) {
        // A request may have ended the session by the way, or the account.
        if !operations::is_live(client, &token).await {
            let email = format!("mary-{}@kogents.test", batch[0]);
            token = client.sign_up_and_confirm(&email).await.access_token;
        }
        let classes = std::sync::Mutex::new(&mut told);
        let requests = batch
            .iter()
            .map(|number| (*number, generator.make(*number, &token)));
        let faults = target
            .faults(requests, |_, answers| {
                let class = answers.first().map_or("none".to_owned(), |answer| {
                    let class = answer.status / 100;
                    let bare = if answer.is_bare() { ", bare" } else { "" };
                    format!("{class}xx{bare}")
                });
                *classes.lock().unwrap().entry(class).or_default() += 1;
                None
            })
            .await;
        assert_none(&faults);
    }
    println!(
        "{count} requests in {:.1} s: {told:?}",
        began.elapsed().as_secs_f64()
    );
    let unanswered = told.get("none").copied().unwrap_or_default();
    assert!(u64::from(unanswered) < count / 20, "{told:?}");
    target.assert_unharmed().await;
}
