//! Reading the log: filters, pages, and what cannot be asked for.

use std::collections::BTreeSet;

use kogents_domain::audit::AuditAction;
use kogents_http::rfc3339;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Account, Backend, PASSWORD, TestApp, on_both};

on_both!(
    filters_give_what_fits_all_of_them,
    the_beginning_is_in_a_span_and_its_end_is_not,
    pages_neither_lose_nor_repeat_entries_while_others_come,
    entries_of_one_moment_are_cut_into_pages_as_well,
    a_page_is_as_long_as_was_asked_for,
    what_cannot_be_asked_for_is_refused_with_its_field_and_code,
    s21_viewers_and_agents_do_not_read_the_log,
);

const ADA: &str = "ada@example.com";

/// A log with entries of several persons and moments.
async fn filled(app: &TestApp) -> (Account, Vec<Value>) {
    app.stand_still();
    let ada = app.sign_up_and_confirm(ADA).await;
    let bob = app.join(&ada, "bob@example.com", "manager").await;
    for number in 0..3 {
        app.advance_secs(60);
        let name = format!("Shift {number}");
        app.make_role(&ada.access_token, &name, &["chat:read"])
            .await;
        app.advance_millis(1);
        app.log_in(&bob.email, "not his").await.expect(401);
        app.log_in(&bob.email, PASSWORD).await.expect(200);
        let body = json!({ "password": "another long passphrase 7", "currentPassword": "x" });
        app.put_as(&bob.access_token, "/users/profile", body)
            .await
            .expect(403);
    }
    let whole = app.whole_audit(&ada.access_token, "").await;
    assert!(whole.len() > 18, "{}", whole.len());
    (ada, whole)
}

/// What of a list fits a filter, by a reading of our own.
fn fitting(whole: &[Value], filter: &[(&str, String)]) -> Vec<Value> {
    let fits = |entry: &&Value| {
        filter.iter().all(|(name, value)| match *name {
            "action" => entry["action"] == **value,
            "actor" => entry["actor"]["id"] == **value,
            // Of one length and in one zone, moments compare as texts.
            "from" => entry["at"].as_str().unwrap() >= value.as_str(),
            "to" => entry["at"].as_str().unwrap() < value.as_str(),
            other => panic!("{other}"),
        })
    };
    whole.iter().filter(fits).cloned().collect()
}

fn query(filter: &[(&str, String)]) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in filter {
        pairs.append_pair(name, value);
    }
    format!("?{}", pairs.finish())
}

async fn filters_give_what_fits_all_of_them(backend: &Backend) {
    let app = backend.start().await;
    let (ada, whole) = filled(&app).await;
    let token = &ada.access_token;
    let actors = app.get_as(token, "/users").await.expect(200)["users"].clone();
    let bob = actors
        .as_array()
        .unwrap()
        .iter()
        .find(|user| user["email"] == "bob@example.com");
    let bob = bob.unwrap()["id"].as_str().unwrap().to_owned();
    let moments: BTreeSet<&str> = whole
        .iter()
        .map(|entry| entry["at"].as_str().unwrap())
        .collect();
    let moments: Vec<&str> = moments.into_iter().collect();
    let middle = moments[moments.len() / 2];
    let later = moments[moments.len() - 2];

    let action = |name: &str| vec![("action", name.to_owned())];
    let choices: [Vec<Vec<(&str, String)>>; 4] = [
        vec![
            vec![],
            action("session.opened"),
            action("role.created"),
            action("sign_in.failed"),
            action("workspace.deleted"),
        ],
        vec![
            vec![],
            vec![("actor", ada.user_id.clone())],
            vec![("actor", bob)],
            vec![("actor", "0192f3c0-ffff-7abc-8def-0123456789ab".to_owned())],
        ],
        vec![
            vec![],
            vec![("from", moments[0].to_owned())],
            vec![("from", middle.to_owned())],
        ],
        vec![
            vec![],
            vec![("to", later.to_owned())],
            vec![("to", "2999-01-01T00:00:00.000Z".to_owned())],
        ],
    ];
    let mut nonempty = 0;
    for action in &choices[0] {
        for actor in &choices[1] {
            for from in &choices[2] {
                for to in &choices[3] {
                    let filter = [&action[..], actor, from, to].concat();
                    let found = app.whole_audit(token, &query(&filter)).await;
                    assert_eq!(found, fitting(&whole, &filter), "{filter:?}");
                    nonempty += usize::from(!found.is_empty() && found.len() < whole.len());
                }
            }
        }
    }
    assert!(nonempty > 60, "{nonempty}");
    for action in AuditAction::ALL {
        let filter = [("action", action.as_str().to_owned())];
        let found = app.whole_audit(token, &query(&filter)).await;
        assert_eq!(found, fitting(&whole, &filter), "{filter:?}");
    }
}

async fn the_beginning_is_in_a_span_and_its_end_is_not(backend: &Backend) {
    let app = backend.start().await;
    let (ada, whole) = filled(&app).await;
    let token = &ada.access_token;
    let ids = |items: &[Value]| -> Vec<String> {
        let ids = items
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned());
        ids.collect()
    };
    let moment = whole[3]["at"].as_str().unwrap();
    let at_it = whole.iter().filter(|entry| entry["at"] == moment).cloned();
    let at_it: Vec<Value> = at_it.collect();
    let span = |from: &str, to: &str| query(&[("from", from.to_owned()), ("to", to.to_owned())]);
    let none = app.whole_audit(token, &span(moment, moment)).await;
    assert_eq!(none, Vec::<Value>::new());
    // The same moment in other zones and with fewer or more digits.
    let (day, clock) = moment.trim_end_matches('Z').split_once('T').unwrap();
    let (hour, rest) = clock.split_once(':').unwrap();
    let hour: u32 = hour.parse().unwrap();
    let mut spellings = vec![
        format!("{day}T{clock}Z"),
        format!("{day}T{clock}+00:00"),
        format!("{day}T{clock}000Z"),
        format!("{day}t{clock}z"),
    ];
    if hour < 22 {
        spellings.push(format!("{day}T{:02}:{rest}+01:00", hour + 1));
    }
    if hour > 2 {
        spellings.push(format!("{day}T{:02}:{rest}-02:00", hour - 2));
    }
    for from in spellings {
        let later = app
            .whole_audit(token, &query(&[("from", from.clone())]))
            .await;
        assert!(later.ends_with(&at_it), "{from}");
        let earlier = app
            .whole_audit(token, &query(&[("to", from.clone())]))
            .await;
        let both = [ids(&later), ids(&earlier)].concat();
        assert_eq!(both, ids(&whole), "{from}");
    }
    // Outside of what there is.
    for (from, to, found) in [
        ("0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", 0),
        ("2999-01-01T00:00:00Z", "9999-12-31T23:59:59Z", 0),
        ("1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", whole.len()),
    ] {
        let listed = app.whole_audit(token, &span(from, to)).await;
        assert_eq!(listed.len(), found, "{from} {to}");
    }
}

/// A role that is renamed so often: each time is one entry.
struct Renaming<'a> {
    app: &'a TestApp,
    token: &'a str,
    path: String,
}

impl<'a> Renaming<'a> {
    async fn begin(app: &'a TestApp, token: &'a str) -> Self {
        let role = app.make_role(token, "Renamed", &[]).await;
        Self {
            app,
            token,
            path: format!("/roles/{role}"),
        }
    }

    async fn rename(&self, name: &str) {
        let body = json!({ "name": name });
        self.app
            .put_as(self.token, &self.path, body)
            .await
            .expect(200);
    }

    async fn rename_often(&self, count: usize) {
        for number in 0..count {
            self.rename(&format!("Role {number}")).await;
        }
    }
}

/// The ids of a list, page by page; between the pages something happens.
async fn paged(
    app: &TestApp,
    (token, query, limit): (&str, &str, usize),
    between: impl AsyncFn(usize),
) -> Vec<String> {
    let mut ids = Vec::new();
    let mut cursor = String::new();
    for page in 0.. {
        let path = format!("?limit={limit}{query}{cursor}");
        let listed = app.audit(token, &path).await.expect(200);
        let items = listed["items"].as_array().unwrap();
        ids.extend(
            items
                .iter()
                .map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        let Some(next) = listed["nextCursor"].as_str() else {
            return ids;
        };
        assert_eq!(items.len(), limit);
        cursor = format!("&cursor={next}");
        between(page).await;
    }
    unreachable!("the list has an end")
}

async fn pages_neither_lose_nor_repeat_entries_while_others_come(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let token = &ada.access_token;
    let role = Renaming::begin(&app, token).await;
    role.rename_often(31).await;
    let ids = |items: Vec<Value>| -> Vec<String> {
        let ids = items
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned());
        ids.collect()
    };
    let own = format!("&actor={}", ada.user_id);
    for (round, (query, limit)) in [
        ("", 7),
        ("&action=role.changed", 4),
        (own.as_str(), 5),
        ("&action=role.changed&from=1970-01-01T00:00:00Z", 3),
    ]
    .into_iter()
    .enumerate()
    {
        let before = ids(app.whole_audit(token, &format!("?{query}")).await);
        let while_others_come = async |page: usize| {
            role.rename(&format!("New {round} {page}")).await;
        };
        let walked = paged(&app, (token, query, limit), while_others_come).await;
        assert_eq!(walked, before, "{query}");
    }
}

async fn entries_of_one_moment_are_cut_into_pages_as_well(backend: &Backend) {
    let app = backend.start().await;
    app.stand_still();
    let ada = app.sign_up_and_confirm(ADA).await;
    let token = &ada.access_token;
    Renaming::begin(&app, token).await.rename_often(23).await;
    let whole = app.whole_audit(token, "").await;
    let moments: BTreeSet<&str> = whole
        .iter()
        .map(|entry| entry["at"].as_str().unwrap())
        .collect();
    assert_eq!(moments.len(), 1, "all at once");
    let sorted: Vec<&str> = whole
        .iter()
        .map(|entry| entry["id"].as_str().unwrap())
        .collect();
    assert!(sorted.is_sorted_by(|left, right| left > right));
    for limit in [1, 2, 5, 9, 26] {
        let walked = paged(&app, (token, "", limit), async |_| {}).await;
        assert_eq!(walked, sorted, "{limit}");
    }
}

async fn a_page_is_as_long_as_was_asked_for(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let token = &ada.access_token;
    // With the four entries that a signup makes, and that of the role, there are 101.
    Renaming::begin(&app, token).await.rename_often(96).await;
    for (query, length, has_more) in [
        ("", 20, true),
        ("?limit=1", 1, true),
        ("?limit=100", 100, true),
        ("?limit=99", 99, true),
    ] {
        let page = app.audit(token, query).await.expect(200);
        assert_eq!(page["items"].as_array().unwrap().len(), length, "{query}");
        assert_eq!(page["nextCursor"].is_string(), has_more, "{query}");
    }
    let whole = app.whole_audit(token, "").await;
    assert_eq!(whole.len(), 101);
    assert_eq!(whole.last().unwrap()["at"], whole[100]["at"]);
    let page = app
        .audit(token, "?action=workspace.created")
        .await
        .expect(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    assert_eq!(page["nextCursor"], Value::Null);
    let mut members: Vec<&String> = page["items"][0].as_object().unwrap().keys().collect();
    members.sort_unstable();
    let expected = [
        "action",
        "actor",
        "at",
        "details",
        "id",
        "ip",
        "sessionId",
        "target",
    ];
    assert_eq!(members, expected);
}

async fn what_cannot_be_asked_for_is_refused_with_its_field_and_code(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let token = &ada.access_token;
    let of_sessions = app
        .get_as(token, "/health/sessions?all=true&limit=1")
        .await
        .expect(200);
    assert_eq!(of_sessions["nextCursor"], Value::Null);
    app.seat(ADA).await;
    let of_sessions = app
        .get_as(token, "/health/sessions?all=true&limit=1")
        .await
        .expect(200);
    let foreign = format!("cursor={}", of_sessions["nextCursor"].as_str().unwrap());
    let own = app.audit(token, "?limit=1").await.expect(200);
    let own = own["nextCursor"].as_str().unwrap();
    let (cut, longer) = (format!("cursor={}", &own[1..]), format!("cursor={own}AAAA"));
    for (asked, field, code) in [
        ("action=nope", "action", "INVALID_ENUM_VALUE"),
        ("action=", "action", "INVALID_ENUM_VALUE"),
        ("action=Session.opened", "action", "INVALID_ENUM_VALUE"),
        ("action=session", "action", "INVALID_ENUM_VALUE"),
        ("action=session.opened%00", "action", "INVALID_ENUM_VALUE"),
        ("actor=x", "actor", "INVALID_FORMAT"),
        ("actor=", "actor", "INVALID_FORMAT"),
        ("actor=ada%40example.com", "actor", "INVALID_FORMAT"),
        (
            "actor=0192f3c0ffff7abc8def0123456789ab",
            "actor",
            "INVALID_FORMAT",
        ),
        ("from=yesterday", "from", "INVALID_FORMAT"),
        ("from=", "from", "INVALID_FORMAT"),
        ("from=2026-01-01", "from", "INVALID_FORMAT"),
        ("from=2026-02-30T00:00:00Z", "from", "INVALID_FORMAT"),
        ("from=2026-01-01T00:00:00", "from", "INVALID_FORMAT"),
        ("from=1767225600", "from", "INVALID_FORMAT"),
        ("to=2026-13-01T00:00:00Z", "to", "INVALID_FORMAT"),
        ("to=%ff", "to", "INVALID_FORMAT"),
        (
            "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
            "to",
            "INVALID_FORMAT",
        ),
        ("limit=0", "limit", "MIN_VALUE"),
        ("limit=101", "limit", "MAX_VALUE"),
        ("limit=x", "limit", "INVALID_TYPE"),
        ("cursor=", "cursor", "INVALID_FORMAT"),
        ("cursor=x", "cursor", "INVALID_FORMAT"),
        (&foreign, "cursor", "INVALID_FORMAT"),
        (&cut, "cursor", "INVALID_FORMAT"),
        (&longer, "cursor", "INVALID_FORMAT"),
    ] {
        let refused = app.audit(token, &format!("?{asked}")).await;
        assert_eq!(refused.problem(400), "validation_failed", "{asked}");
        let errors = refused.json()["errors"].clone();
        assert_eq!(errors.as_array().unwrap().len(), 1, "{errors}");
        let told = (&errors[0]["field"], &errors[0]["code"]);
        assert_eq!(told, (&json!(field), &json!(code)), "{asked}");
    }
    let refused = app
        .audit(token, "?action=x&actor=x&from=x&to=x&limit=x&cursor=x")
        .await;
    assert_eq!(refused.problem(400), "validation_failed");
    assert_eq!(refused.json()["errors"].as_array().unwrap().len(), 6);
    // The log is only read.
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let refused = app.ask_as(token, method, "/audit", Some(json!({}))).await;
        assert_eq!(refused.problem(405), "method_not_allowed");
    }
    let now = query(&[("to", rfc3339(app.now()))]);
    app.audit(token, &now).await.expect(200);
}

async fn s21_viewers_and_agents_do_not_read_the_log(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm(ADA).await;
    app.make_role(&ada.access_token, "Auditors", &["audit:read"])
        .await;
    for (role, may) in [
        ("viewer", false),
        ("agent", false),
        ("manager", true),
        ("admin", true),
        ("Auditors", true),
    ] {
        let email = format!("{}@example.com", role.to_lowercase());
        let seat = app.join(&ada, &email, role).await;
        let answer = app.audit(&seat.access_token, "").await;
        if may {
            answer.expect(200);
        } else {
            assert_eq!(answer.problem(403), "permission_denied", "{role}");
            // Not even what is wrong with the query is told.
            let answer = app.audit(&seat.access_token, "?limit=x").await;
            assert_eq!(answer.problem(403), "permission_denied", "{role}");
        }
    }
    let nobody = app.get("/audit").await;
    assert_eq!(nobody.problem(401), "unauthenticated");
}
