//! What was done, and what the figures tell of it.

use kogents::config::Config;
use kogents_domain::limits::{Limit, LimitRule, LimitRules};
use kogents_domain::time::Span;
use serde_json::json;

use super::Figures;
use crate::support::{Backend, PASSWORD, on_both};

on_both!(
    the_figures_tell_what_was_done,
    everything_is_told_from_the_start,
);

fn with_figures(config: &mut Config) {
    config.server.metrics_port = Some(0);
    config.sizes.activity_flush = Span::from_secs(1);
    let once = vec![Limit::new(1, Span::from_secs(3_600))];
    let rules = config.limits.rules.clone();
    config.limits.rules = rules
        .with(
            LimitRule::LoginPair,
            LimitRules::default_of(LimitRule::LoginPair),
        )
        .with(
            LimitRule::GeneralSession,
            LimitRules::default_of(LimitRule::GeneralSession),
        )
        .with(LimitRule::SignupAddress, once);
}

/// Requests that were answered.
#[track_caller]
fn requests(figures: &Figures, method: &str, route: &str, status: &str) -> f64 {
    let labels = [("method", method), ("route", route), ("status", status)];
    figures.sum("kogents_http_requests_total", &labels)
}

/// Operations of the cache that gave an answer.
#[track_caller]
fn operations(figures: &Figures, operation: &str) -> f64 {
    let labels = [("operation", operation), ("outcome", "ok")];
    figures.sum("kogents_cache_operation_duration_seconds_count", &labels)
}

#[track_caller]
fn decisions(figures: &Figures, rule: &str, outcome: &str) -> f64 {
    let labels = [("rule", rule), ("outcome", outcome), ("place", "cache")];
    figures.sum("kogents_limit_decisions_total", &labels)
}

#[track_caller]
fn passwords(figures: &Figures, job: &str) -> f64 {
    let labels = [("job", job), ("outcome", "ok")];
    figures.sum("kogents_password_job_duration_seconds_count", &labels)
}

async fn the_figures_tell_what_was_done(backend: &Backend) {
    let app = backend.start_with(with_figures).await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    // One signup an hour from one client: this one is refused before its body is read.
    let second = json!({ "name": "Bob", "email": "bob@example.com", "password": PASSWORD });
    app.post("/auth/signup", second).await.problem(429);
    app.log_in(&account.email, PASSWORD).await.expect(200);
    let mut wrong = 0.0;
    while app.log_in(&account.email, "wrong").await.status == 401 {
        wrong += 1.0;
        assert!(wrong < 100.0, "nobody is refused");
    }
    let token = &account.access_token;
    let report = json!({ "pages": 1 });
    let reported = app.post_as(token, "/auth/session/activity", report).await;
    reported.expect_status(204);
    app.get_as(token, "/health/sessions").await.expect(200);
    let ended = app.delete_as(token, "/health/sessions").await;
    assert!(ended.status < 300, "{ended:?}");
    app.get("/no-such-page").await.problem(404);

    let figures = Figures::until(&app, "what was done", |figures| {
        let mails = [("lane", "code"), ("outcome", "sent")];
        let flushed = [("task", "activity_flush")];
        figures.sum("kogents_mail_tries_total", &mails) == 1.0
            && figures.sum("kogents_upkeep_rows_total", &flushed) >= 1.0
            && figures.sum("kogents_activity_waiting_sessions", &[]) == 0.0
    })
    .await;

    assert_eq!(requests(&figures, "POST", "/auth/signup", "201"), 1.0);
    assert_eq!(requests(&figures, "POST", "/auth/signup", "429"), 1.0);
    assert_eq!(requests(&figures, "POST", "/workspace", "201"), 1.0);
    assert_eq!(requests(&figures, "POST", "/auth/login", "200"), 1.0);
    assert_eq!(requests(&figures, "POST", "/auth/login", "401"), wrong);
    assert_eq!(requests(&figures, "POST", "/auth/login", "429"), 1.0);
    assert_eq!(requests(&figures, "GET", "/health/sessions", "200"), 1.0);
    assert_eq!(requests(&figures, "GET", "unmatched", "404"), 1.0);
    let timed = [("method", "POST"), ("route", "/auth/login")];
    let timed = figures.sum("kogents_http_request_duration_seconds_count", &timed);
    assert_eq!(timed, wrong + 2.0);
    assert_eq!(figures.sum("kogents_http_requests_in_flight", &[]), 0.0);

    for (operation, count) in [
        ("pending_signups.create", 1.0),
        ("pending_signups.set_workspace", 1.0),
        ("pending_signups.issue_code", 1.0),
        ("pending_signups.try_code", 1.0),
        ("pending_signups.finish", 1.0),
        ("session_states.touch", 3.0),
    ] {
        assert_eq!(operations(&figures, operation), count, "{operation}");
    }
    assert!(operations(&figures, "session_states.fence") >= 1.0);
    assert!(operations(&figures, "session_counters.unflushed") >= 1.0);
    for outcome in ["away", "full"] {
        let labels = [("outcome", outcome)];
        let failed = figures.sum("kogents_cache_operation_duration_seconds_count", &labels);
        assert_eq!(failed, 0.0, "{outcome}");
    }

    assert_eq!(decisions(&figures, "signup-address", "allowed"), 1.0);
    assert_eq!(decisions(&figures, "signup-address", "refused"), 1.0);
    assert_eq!(decisions(&figures, "login-pair", "allowed"), wrong + 1.0);
    assert_eq!(decisions(&figures, "login-pair", "refused"), 1.0);
    assert_eq!(decisions(&figures, "general-session", "allowed"), 3.0);
    assert_eq!(decisions(&figures, "general-session", "refused"), 0.0);
    let process = [("place", "process")];
    assert_eq!(figures.sum("kogents_limit_decisions_total", &process), 0.0);

    assert_eq!(passwords(&figures, "strength"), 1.0);
    assert_eq!(passwords(&figures, "hash"), 1.0);
    assert_eq!(passwords(&figures, "verify"), wrong + 1.0);
    assert_eq!(figures.sum("kogents_password_jobs", &[]), 0.0);

    let accepted = [("lane", "code")];
    let accepted = figures.sum("kogents_mail_accepted_after_seconds_count", &accepted);
    assert_eq!(accepted, 1.0);
    assert_eq!(figures.sum("kogents_mail_lane_resting", &[]), 0.0);
    app.stop().await;
}

/// What an alert looks at is there before the first event, so that a rate of it is known.
async fn everything_is_told_from_the_start(backend: &Backend) {
    let app = backend.start_with(with_figures).await;
    let figures = Figures::of(&app).await;
    assert_eq!(requests(&figures, "POST", "/auth/login", "500"), 0.0);
    assert_eq!(requests(&figures, "POST", "/auth/login", "503"), 0.0);
    assert_eq!(decisions(&figures, "login-pair", "refused"), 0.0);
    assert_eq!(figures.sum("kogents_password_refusals_total", &[]), 0.0);
    let threads = figures.sum("kogents_password_threads", &[]);
    assert!(threads >= 1.0, "{threads}");
    assert_eq!(figures.sum("kogents_password_queue_places", &[]), 64.0);
    assert_eq!(figures.sum("kogents_cache_up", &[]), 1.0);
    assert_eq!(figures.sum("kogents_cache_losses_total", &[]), 0.0);
    assert_eq!(figures.sum("kogents_ready", &[]), 1.0);
    for task in [
        "mail of codes",
        "mail",
        "mail queue",
        "sweep",
        "activity",
        "upkeep",
    ] {
        let labels = [("task", task)];
        assert_eq!(figures.sum("kogents_task_up", &labels), 1.0, "{task}");
        let restarts = figures.sum("kogents_task_restarts_total", &labels);
        assert_eq!(restarts, 0.0, "{task}");
    }
    for chore in [
        "activity_flush",
        "partitions",
        "sweep",
        "minimise",
        "drop",
        "devices",
        "audit",
        "outbox",
        "tokens",
        "invitations",
        "notices",
    ] {
        let labels = [("task", chore)];
        let failures = figures.sum("kogents_upkeep_failures_total", &labels);
        assert_eq!(failures, 0.0, "{chore}");
        let last_run = "kogents_upkeep_last_run_timestamp_seconds";
        Figures::until(&app, chore, |figures| figures.sum(last_run, &labels) > 0.0).await;
    }
    for lane in ["code", "security", "invitation", "other"] {
        let labels = [("lane", lane)];
        for name in [
            "kogents_mail_queued",
            "kogents_mail_dead",
            "kogents_mail_oldest_seconds",
        ] {
            assert_eq!(figures.sum(name, &labels), 0.0, "{name} {lane}");
        }
    }
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    assert_eq!(figures.sum("kogents_build_info", &version), 1.0);
    // A pool is where there are connections.
    let has_pool = figures.has("kogents_cache_pool_connections");
    match backend {
        Backend::Embedded => assert!(!has_pool),
        Backend::Servers { .. } => {
            assert!(has_pool);
            assert_eq!(figures.sum("kogents_cache_pool_max_connections", &[]), 16.0);
        }
    }
    app.stop().await;
}
