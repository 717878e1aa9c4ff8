//! R1, R2: `kill -9` at any moment loses no mail that was committed, and doubles none but those
//! that were being delivered.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kogents_adapter_crypto::SystemRandom;
use kogents_domain::random::SecureRandom as _;
use serde_json::{Value, json};

use super::mail_server;
use crate::support::{Backend, Folder, PASSWORD, SmtpServer, is_slow, on_both};

on_both!(r2_kill_minus_nine_loses_no_mail_and_doubles_only_what_was_under_way);

/// How many persons sign up at once.
const AT_ONCE: usize = 6;
/// How long a worker that was killed keeps others from its jobs, and some more.
const LEASE_AND_MORE: Duration = Duration::from_secs(90);

/// Persons who sign up, again and again, while the server comes and goes.
struct Crowd {
    base: String,
    http: reqwest::Client,
    mail: SmtpServer,
    begun: AtomicUsize,
    confirmed: Mutex<Vec<String>>,
    wanted: usize,
    stop: AtomicBool,
}

impl Crowd {
    /// The answer, where there is one.
    async fn post(&self, path: &str, body: Value) -> Option<Value> {
        let url = format!("{}{path}", self.base);
        let answer = self.http.post(url).json(&body).send().await.ok()?;
        let answer = answer.error_for_status().ok()?;
        answer.json().await.ok()
    }

    /// One person's way; None where the server was away, or had forgotten the signup.
    async fn sign_up(&self) -> Option<()> {
        let n = self.begun.fetch_add(1, Ordering::Relaxed);
        let email = format!("person{n}@example.com");
        let body = json!({ "name": "Ada", "email": email, "password": PASSWORD });
        let signup = self.post("/auth/signup", body).await?["sessionId"].clone();
        let slug = format!("engines-{n}");
        let body = json!({ "sessionId": signup, "name": "Engines", "slug": slug });
        self.post("/workspace", body).await?;
        let body = json!({ "sessionId": signup });
        self.post("/auth/verify/send-for-session", body).await?;
        let code = self.code(&email).await?;
        let body = json!({ "sessionId": signup, "code": code });
        self.post("/auth/verify/confirm-for-session", body).await?;
        self.confirmed.lock().unwrap().push(email);
        Some(())
    }

    /// The code, if it comes soon: that of a mail that was under way at a kill comes a minute
    /// later.
    async fn code(&self, email: &str) -> Option<String> {
        for _ in 0..300 {
            if let Some(mail) = self.mail.mails_to(email).pop() {
                return Some(mail.code());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        None
    }

    async fn work(&self) {
        while !self.stop.load(Ordering::Relaxed) && self.count() < self.wanted {
            if self.sign_up().await.is_none() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }

    fn count(&self) -> usize {
        self.confirmed.lock().unwrap().len()
    }
}

/// Every job, as the command line tells of it.
fn jobs(folder: &Folder) -> Vec<Value> {
    let mut jobs = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let mut words = vec!["mail", "list", "--json", "--limit", "100"];
        if let Some(id) = &after {
            words.extend(["--after", id]);
        }
        let output = folder.run(&words);
        let told = String::from_utf8(output.stdout).unwrap();
        let page: Value = serde_json::from_str(&told).unwrap_or_else(|_| {
            panic!("{told}{}", String::from_utf8_lossy(&output.stderr));
        });
        jobs.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["nextCursor"].as_str() {
            Some(id) => after = Some(id.to_owned()),
            None => return jobs,
        }
    }
}

fn ids_where(jobs: &[Value], is_so: impl Fn(&Value) -> bool) -> BTreeSet<String> {
    let found = jobs.iter().filter(|job| is_so(job));
    found
        .map(|job| job["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn r2_kill_minus_nine_loses_no_mail_and_doubles_only_what_was_under_way(backend: &Backend) {
    let (kills, wanted) = if is_slow() { (100, 500) } else { (6, 20) };
    let folder = Folder::on(backend);
    let mail = mail_server();
    let mail_port = mail.port.to_string();
    let port = free_port().to_string();
    let settings = [
        ("PORT", port.as_str()),
        ("SMTP_HOST", "127.0.0.1"),
        ("SMTP_PORT", &mail_port),
        ("SMTP_TLS", "none"),
        ("SMTP_USER", "mailer"),
        ("SMTP_PASS", "a-mail-password"),
        ("SMTP_FROM", "Kogents <no-reply@kogents.test>"),
        ("LOG_LEVEL", "info"),
    ];
    let mut program = folder.start_with(&settings);
    let crowd = Arc::new(Crowd {
        base: format!("http://127.0.0.1:{port}"),
        http: reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap(),
        mail,
        begun: AtomicUsize::new(0),
        confirmed: Mutex::default(),
        wanted,
        stop: AtomicBool::new(false),
    });
    let workers: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let crowd = crowd.clone();
            tokio::spawn(async move { crowd.work().await })
        })
        .collect();

    let random = SystemRandom::default();
    // A lease is counted once, however many kills it outlives.
    let mut under_way: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for _ in 0..kills {
        let moment = Duration::from_millis(u64::from(100 + random.below(900)));
        tokio::time::sleep(moment).await;
        let (next, leased) = tokio::task::block_in_place(|| {
            assert_eq!(program.end_by("KILL").code(), None);
            let leased = jobs(&folder).into_iter().filter_map(|job| {
                let text = |name: &str| job[name].as_str().map(str::to_owned);
                Some((text("id")?, text("leaseUntil")?))
            });
            let leased: Vec<_> = leased.collect();
            (folder.start_with(&settings), leased)
        });
        program = next;
        for (id, lease) in leased {
            under_way.entry(id).or_default().insert(lease);
        }
    }
    for worker in workers {
        let finished = tokio::time::timeout(Duration::from_secs(600), worker).await;
        finished.expect("the signups complete").unwrap();
    }

    let deadline = std::time::Instant::now() + LEASE_AND_MORE;
    let all = loop {
        let all = tokio::task::block_in_place(|| jobs(&folder));
        if ids_where(&all, |job| job["state"] == "queued").is_empty() {
            break all;
        }
        assert!(std::time::Instant::now() < deadline, "mails still wait");
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    assert_eq!(
        ids_where(&all, |job| job["state"] == "dead"),
        BTreeSet::new()
    );

    let mut arrived: BTreeMap<String, usize> = BTreeMap::new();
    for mail in crowd.mail.mails() {
        let (id, _) = mail.id().trim_start_matches('<').split_once('@').unwrap();
        *arrived.entry(id.to_owned()).or_default() += 1;
    }
    for id in ids_where(&all, |job| job["state"] == "sent") {
        assert!(arrived.contains_key(&id), "{id} is lost");
    }
    for (id, times) in &arrived {
        let most = 1 + under_way.get(id).map_or(0, BTreeSet::len);
        assert!(*times <= most, "{id} came {times} times, {most} at most");
    }
    let confirmed = crowd.confirmed.lock().unwrap().clone();
    assert!(confirmed.len() >= wanted);
    for email in &confirmed {
        let mails = crowd.mail.mails_to(email);
        assert!(
            mails.iter().any(|mail| mail.text.contains("is ready")),
            "{email}"
        );
    }
    let doubled = arrived.values().filter(|times| **times > 1).count();
    println!(
        "{kills} kills, {} signups, {} mails arrived, {} under way at a kill, {doubled} came twice",
        confirmed.len(),
        arrived.len(),
        under_way.len(),
    );
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
