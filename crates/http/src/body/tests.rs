//! Tests of the body reader with hostile input.

use kogents_domain::auth::EmailAddress;
use kogents_domain::limits::LimitLedger;
use kogents_domain::violation::{Violation, ViolationCode};
use proptest::prelude::*;

use super::*;
use crate::auth::{LogInBody, RefreshTokenBody};
use crate::signup::{ConfirmCodeBody, SignUpBody, WorkspaceBody};

fn violations(problem: &Problem) -> Vec<(&str, ViolationCode)> {
    problem
        .errors
        .iter()
        .map(|error| (error.field.as_str(), error.violation.code))
        .collect()
}

fn refusal(bytes: &[u8]) -> String {
    let problem = Body::from_bytes(bytes).unwrap_err();
    assert_eq!(problem.code, Code::MalformedJson, "{bytes:?}");
    problem.detail.unwrap()
}

#[test]
fn s27_what_is_no_json_object_is_malformed() {
    for bad in [
        "",
        " ",
        "{",
        "}",
        "{}{}",
        "{} x",
        "{,}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":1,}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{\"a\":-Infinity}",
        "{\"a\":1e400}",
        "{\"a\":-1e400}",
        "{\"a\":tru}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\udc00\\ud800\"}",
        "{\"\\ud800\":1}",
        "{\"a\":\"\\x41\"}",
        "{\"a\":\"line\nbreak\"}",
        "{\"a\":1 /* comment */}",
        "\u{FEFF}{}",
        "[]",
        "\"text\"",
        "null",
        "true",
        "7",
    ] {
        refusal(bad.as_bytes());
    }
    for bad in [
        &b"\xff\xfe{}"[..],
        b"{\"a\":\"\xff\"}",
        b"{\"a\":\"\xed\xa0\x80\"}",
        b"{\"a\":\"\xc0\x80\"}",
        b"{\"\xc3\":1}",
        b"\x00",
    ] {
        refusal(bad);
    }
}

#[test]
fn s27_duplicates_nul_and_depth_are_refused_by_name() {
    for (bad, reason) in [
        (r#"{"a":1,"a":1}"#, "twice"),
        (r#"{"a":1,"\u0061":2}"#, "twice"),
        (r#"{"x":{"a":null,"a":null}}"#, "twice"),
        (r#"{"x":[{"a":1,"a":1}]}"#, "twice"),
        (r#"{"a":"x\u0000"}"#, "NUL"),
        (r#"{"\u0000":1}"#, "NUL"),
        (r#"{"x":["\u0000"]}"#, "NUL"),
    ] {
        assert!(refusal(bad.as_bytes()).contains(reason), "{bad}");
    }
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for depth in [32, 200, 20_000] {
            let inner = if open == "[" { "" } else { "1" };
            let (opens, closes) = (open.repeat(depth), close.repeat(depth));
            let body = format!("{{\"a\":{opens}{inner}{closes}}}");
            assert!(refusal(body.as_bytes()).contains("32 levels"), "{depth}");
        }
        let (opens, closes) = (open.repeat(31), close.repeat(31));
        let inner = if open == "[" { "" } else { "1" };
        let body = format!("{{\"a\":{opens}{inner}{closes}}}");
        assert!(Body::from_bytes(body.as_bytes()).is_ok());
    }
}

#[test]
fn a_refusal_says_where_and_repeats_nothing() {
    let detail = refusal(b"{\"password\":\"hunter2\" x");
    assert_eq!(
        detail,
        "The body is refused at line 1, column 23: it is not well-formed JSON."
    );
    assert!(!refusal(b"{\"hunter2\":1,\"hunter2\":1}").contains("hunter2"));
}

#[test]
fn one_violation_a_field_in_the_order_of_the_questions() {
    let body =
        Body::from_bytes(br#"{"z":1,"email":"no","a":[],"name":7,"empty":"","missing":null}"#)
            .unwrap();
    let problem = body
        .parse(|fields| {
            let name = fields.required("name", EmailAddress::parse);
            let missing = fields.required("missing", EmailAddress::parse);
            let email = fields.required("email", EmailAddress::parse);
            let empty = fields.required("empty", EmailAddress::parse);
            Some((name?, missing?, email?, empty?))
        })
        .unwrap_err();
    assert_eq!(
        violations(&problem),
        [
            ("name", ViolationCode::InvalidType),
            ("missing", ViolationCode::RequiredField),
            ("email", ViolationCode::InvalidEmail),
            ("empty", ViolationCode::RequiredField),
            ("a", ViolationCode::UnknownField),
            ("z", ViolationCode::UnknownField),
        ]
    );
    assert_eq!(problem.detail.as_deref(), Some("6 fields are invalid."));
    let problem = Body::from_bytes(b"{\"x\":1}")
        .unwrap()
        .parse(|_| Some(()))
        .unwrap_err();
    assert_eq!(problem.detail.as_deref(), Some("1 field is invalid."));
}

#[test]
fn null_is_absent_also_of_unknown_members() {
    let body = Body::from_bytes(br#"{"known":null,"stranger":null}"#).unwrap();
    let problem = body
        .parse(|fields| fields.optional("known", |_| Ok::<_, Violation>(())))
        .unwrap_err();
    assert_eq!(
        violations(&problem),
        [("stranger", ViolationCode::UnknownField)]
    );
}

#[test]
fn a_reader_that_gives_nothing_without_a_reason_is_our_own_fault() {
    let problem = Body::empty().parse(|_| None::<()>).unwrap_err();
    assert_eq!(problem.code, Code::Internal);
}

#[test]
fn half_a_coordinate_asks_for_the_other_half() {
    for (text, expected) in [
        (
            r#"{"latitude":52.5}"#,
            vec![("longitude", ViolationCode::RequiredField)],
        ),
        (
            r#"{"longitude":181}"#,
            vec![
                ("latitude", ViolationCode::RequiredField),
                ("longitude", ViolationCode::MaxValue),
            ],
        ),
        (
            r#"{"latitude":-90.5,"longitude":"13"}"#,
            vec![
                ("latitude", ViolationCode::MinValue),
                ("longitude", ViolationCode::InvalidType),
            ],
        ),
        (r#"{"latitude":null,"longitude":null}"#, vec![]),
        (r#"{"latitude":-0,"longitude":18e1}"#, vec![]),
    ] {
        let body = Body::from_bytes(text.as_bytes()).unwrap();
        let found = body.parse(read_analytics);
        let errors = found.as_ref().err().map(violations).unwrap_or_default();
        assert_eq!(errors, expected, "{text}");
    }
}

#[test]
fn what_comes_through_links_is_cleaned_and_what_the_frontend_computes_refused() {
    let body = Body::from_bytes(
        br#"{"referrerUrl":"javascript:alert(1)","landingPage":"nonsense","utmSource":"\u0007 x ",
            "utmContent":"", "clickIds":{"gclid":" a ","evil":"x","fbclid":null}}"#,
    )
    .unwrap();
    let analytics = body.parse(read_analytics).unwrap();
    assert_eq!(analytics.referrer_url, None);
    assert_eq!(analytics.landing_page, None);
    assert_eq!(analytics.utm_source.as_deref(), Some("x"));
    assert_eq!(analytics.utm_content, None);
    assert_eq!(
        analytics.click_ids.iter().collect::<Vec<_>>(),
        [("gclid", "a")]
    );

    let body = Body::from_bytes(
        br#"{"countryCode":"XX","timezone":"Mars/Base","language":"en_US",
            "screenResolution":"big","utmTerm":5,"clickIds":{"gclid":5,"evil":[]}}"#,
    )
    .unwrap();
    let problem = body.parse(read_analytics).unwrap_err();
    assert_eq!(
        violations(&problem),
        [
            ("countryCode", ViolationCode::InvalidFormat),
            ("timezone", ViolationCode::InvalidFormat),
            ("utmTerm", ViolationCode::InvalidType),
            ("language", ViolationCode::InvalidFormat),
            ("screenResolution", ViolationCode::InvalidFormat),
            ("clickIds.evil", ViolationCode::InvalidType),
            ("clickIds.gclid", ViolationCode::InvalidType),
        ]
    );
}

#[test]
fn s19_members_that_clients_may_not_set_are_unknown() {
    let body = Body::from_bytes(
        br#"{"email":"a@example.com","password":"x","role":"admin","totalRequests":5,
            "workspaceId":"x","userId":"x","status":"ACTIVE"}"#,
    )
    .unwrap();
    let problem = LogInBody::read(&body).unwrap_err();
    assert!(
        violations(&problem)
            .iter()
            .all(|(_, code)| *code == ViolationCode::UnknownField)
    );
    assert_eq!(problem.errors.len(), 5);
}

#[test]
fn thousands_of_strange_members_draw_a_bounded_answer_and_hide_nothing_else() {
    let members: Vec<String> = (0..5_000).map(|n| format!("\"m{n}\":1")).collect();
    let strange = members.join(",");
    for (body, first) in [
        (
            format!("{{\"email\":7,{strange}}}"),
            ["email", "password", "m0"],
        ),
        (
            format!("{{\"clickIds\":{{{strange}}},\"password\":7,\"zz\":1}}"),
            ["email", "password", "clickIds.m0"],
        ),
    ] {
        let body = Body::from_bytes(body.as_bytes()).unwrap();
        let problem = LogInBody::read(&body).unwrap_err();
        assert_eq!(problem.errors.len(), 100);
        let told: Vec<_> = problem.errors.iter().take(3).map(|e| &e.field).collect();
        assert_eq!(told, first.iter().collect::<Vec<_>>());
        let detail = problem.detail.as_deref().unwrap();
        assert!(detail.ends_with("more than errors names."), "{detail}");
        let answer = serde_json::to_string(&problem.body("/auth/login", "r")).unwrap();
        assert!(answer.len() < 16 * 1024, "{}", answer.len());
    }
    // Those inside another member give way to what is asked for after it as well.
    let body = format!("{{\"inner\":{{{strange}}},\"email\":7}}");
    let body = Body::from_bytes(body.as_bytes()).unwrap();
    let problem = body
        .parse(|fields| {
            let inner = fields.object("inner", |_| Some(()));
            let email = fields.required("email", EmailAddress::parse);
            Some((inner?, email?))
        })
        .unwrap_err();
    let told: Vec<_> = problem.errors.iter().take(2).map(|e| &e.field).collect();
    assert_eq!(told, ["email", "inner.m0"]);
    assert_eq!(
        problem.detail.as_deref(),
        Some("5001 fields are invalid; 4901 more than errors names.")
    );
}

/// Gives the bytes to every reader there is.
fn read_by_all(bytes: &[u8]) -> Vec<Problem> {
    let body = match Body::from_bytes(bytes) {
        Ok(body) => body,
        Err(problem) => return vec![problem],
    };
    let language = kogents_domain::auth::Language::english();
    [
        SignUpBody::read(&body)
            .finish(false, language, LimitLedger::default())
            .err(),
        WorkspaceBody::read(&body, LimitLedger::default()).err(),
        ConfirmCodeBody::read(&body).err(),
        LogInBody::read(&body).err(),
        RefreshTokenBody::read(&body, true).err(),
        RefreshTokenBody::read(&body, false).err(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        any::<f64>().prop_map(serde_json::Value::from),
        any::<String>().prop_map(serde_json::Value::from),
    ];
    let names = prop_oneof![
        any::<String>(),
        prop::sample::select(vec![
            "email",
            "password",
            "name",
            "sessionId",
            "slug",
            "code",
            "branding",
            "latitude",
            "longitude",
            "clickIds",
            "referrerUrl",
            "timezone",
            "logoUrl",
            "supportEmail",
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(6, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(serde_json::Value::from),
            prop::collection::btree_map(names.clone(), inner, 0..8)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn s27_arbitrary_bytes_are_refused_with_a_4xx(
        bytes in prop::collection::vec(any::<u8>(), 0..512)
    ) {
        for problem in read_by_all(&bytes) {
            prop_assert!(problem.code.status().is_client_error());
        }
    }

    #[test]
    fn s27_arbitrary_json_is_refused_with_a_4xx(json in any_json()) {
        for problem in read_by_all(json.to_string().as_bytes()) {
            prop_assert!(problem.code.status().is_client_error());
            prop_assert_eq!(
                problem.code == Code::ValidationFailed,
                !problem.errors.is_empty()
            );
        }
    }
}
