//! What looks like a token and is none.

use kogents_domain::limits::{Limit, LimitRule};
use kogents_domain::time::Span;
use reqwest::Method;

use crate::support::{Backend, on_both};

on_both!(
    s15_what_looks_like_a_token_and_is_none_is_refused,
    s24_who_tries_tokens_is_limited_by_address_and_the_token_is_not,
);

/// Changes one character.
fn altered(token: &str, at: usize) -> String {
    let other = if token[at..].starts_with('A') {
        "B"
    } else {
        "A"
    };
    format!("{}{other}{}", &token[..at], &token[at + 1..])
}

async fn s15_what_looks_like_a_token_and_is_none_is_refused(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let good = ada.api_token.as_str();
    let secret = good.strip_prefix("kgw_").unwrap();
    let forged = [
        "kgw_".to_owned(),
        "kgw".to_owned(),
        secret.to_owned(),
        good[..46].to_owned(),
        format!("{good}A"),
        format!("{good}="),
        format!("{good}{good}"),
        altered(good, 4),
        altered(good, 20),
        altered(good, 46),
        good.to_uppercase(),
        good.replacen("kgw_", "KGW_", 1),
        good.replacen("kgw_", "kgm_", 1),
        good.replacen("kgw_", "ses_", 1),
        good.replacen("kgw_", "kgw-", 1),
        format!("kgw_{}", "A".repeat(43)),
        format!("kgw_{}", "+".repeat(43)),
        format!("kgw_{}", "/".repeat(43)),
        format!("kgw_{}", ".".repeat(43)),
        format!("kgw_{}", "%00".repeat(14)),
        format!("kgw_{}", "\u{e4}".repeat(21)),
        format!("kgw_{}", "A".repeat(8_000)),
        format!("kgw_{}'--", "A".repeat(40)),
        format!("kgw_{}", ada.access_token),
        format!("{good}.{good}.{good}"),
    ];
    assert!(forged.len() >= 20);
    let workspace = format!("/workspace/{}", ada.workspace_id);
    for token in &forged {
        for path in [
            &workspace,
            "/users",
            "/roles",
            "/permissions",
            "/users/profile",
        ] {
            let request = app
                .request(Method::GET, path)
                .header("Authorization", format!("Bearer {token}").as_bytes());
            let refused = app.send(request).await;
            assert_eq!(refused.problem(401), "invalid_token", "{token}");
            let challenge = refused.header("www-authenticate");
            assert_eq!(challenge, Some("Bearer error=\"invalid_token\""));
            assert!(!refused.text.contains(&token[..]), "it is echoed");
        }
    }
    // Two headers are none, also when one of them is good.
    for others in [[good, good], [good, "kgw_x"], [good, &ada.access_token]] {
        let mut request = app.request(Method::GET, "/users");
        for token in others {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        assert_eq!(app.send(request).await.problem(401), "invalid_token");
    }
    app.get_as(good, &workspace).await.expect(200);
    app.get_as(&ada.access_token, &workspace).await.expect(200);
}

/// Ten requests a minute may come from an address without a good token.
async fn s24_who_tries_tokens_is_limited_by_address_and_the_token_is_not(backend: &Backend) {
    let app = backend
        .start_with(|config| {
            let rules = config.limits.rules.clone();
            let limit = Limit::new(10, Span::from_secs(60));
            config.limits.rules = rules.with(LimitRule::GeneralAddress, vec![limit]);
        })
        .await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    app.stand_still();
    // Whatever signing up has cost is back.
    app.advance_secs(60);
    let tries = [
        format!("kgw_{}", "A".repeat(43)),
        "kgw_x".to_owned(),
        altered(&ada.api_token, 30),
    ];
    for number in 0..10 {
        let refused = app.get_as(&tries[number % 3], "/users").await;
        assert_eq!(refused.problem(401), "invalid_token", "{number}");
    }
    for token in &tries {
        let refused = app.get_as(token, "/roles").await;
        assert_eq!(refused.problem(429), "rate_limited");
        assert_eq!(refused.header("retry-after"), Some("6"));
    }
    // The good one is no try.
    for _ in 0..20 {
        app.get_as(&ada.api_token, "/users").await.expect(200);
    }
}
