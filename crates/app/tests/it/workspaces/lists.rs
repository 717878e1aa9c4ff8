//! The lists of people and of invitations: pages, orders, filters.

use std::collections::BTreeSet;

use kogents_domain::text::search_key;
use serde_json::{Value, json};

use super::invitations::{invite, person};
use crate::support::{Account, Answer, Backend, Client, TestApp, on_both};

on_both!(
    people_are_told_page_by_page,
    a_page_of_people_past_the_end_is_empty,
    people_are_sorted_as_asked,
    people_are_found_by_the_beginning_of_name_or_address,
    people_are_filtered_by_status_and_role,
    s27_absurd_pages_orders_and_filters_are_refused_all_at_once,
    invitations_are_told_page_by_page_the_newest_first,
    pages_of_invitations_leave_out_and_repeat_none_while_others_come_and_go,
    s27_a_cursor_that_is_none_of_the_list_is_refused,
    s22_a_cursor_of_another_workspaces_list_shows_the_own_one,
);

async fn people(app: &Client, token: &str, query: &str) -> Value {
    app.get_as(token, &format!("/users{query}"))
        .await
        .expect(200)
}

/// One member of each on a page, as texts.
fn column(page: &Value, list: &str, member: &str) -> Vec<String> {
    let items = page[list].as_array().unwrap().iter();
    items
        .map(|item| item[member].as_str().unwrap().to_owned())
        .collect()
}

/// Everything about a page but who is on it.
fn figures(page: &Value) -> Value {
    let mut page = page.clone();
    let users = page.as_object_mut().unwrap().remove("users").unwrap();
    page["users"] = json!(users.as_array().unwrap().len());
    page
}

/// Invites so many, the last one last.
async fn invite_many(app: &Client, token: &str, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..count {
        let email = format!("guest-{number:03}@example.com");
        let told = invite(app, token, &email, "agent").await;
        ids.push(told["id"].as_str().unwrap().to_owned());
    }
    ids
}

async fn people_are_told_page_by_page(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let token = &ada.access_token;
    let alone = people(&app, token, "").await;
    let expected = json!({
        "page": 1, "limit": 20, "total": 1, "totalPages": 1, "hasNext": false, "hasPrev": false,
        "users": 1,
    });
    assert_eq!(figures(&alone), expected);

    app.join(&ada, "bob@example.com", "viewer").await;
    let invited = invite_many(&app, token, 21).await;
    let mut seen = Vec::new();
    for (page, there, has_next) in [(1, 10, true), (2, 10, true), (3, 3, false)] {
        let told = people(&app, token, &format!("?limit=10&page={page}")).await;
        let expected = json!({
            "page": page, "limit": 10, "total": 23, "totalPages": 3,
            "hasNext": has_next, "hasPrev": page > 1, "users": there,
        });
        assert_eq!(figures(&told), expected);
        seen.extend(column(&told, "users", "id"));
    }
    assert_eq!(seen.len(), 23);
    let distinct: BTreeSet<&String> = seen.iter().collect();
    assert_eq!(distinct.len(), 23);
    assert!(invited.iter().all(|id| distinct.contains(id)));
    assert!(distinct.contains(&ada.user_id));
    // The whole on one page is the same, in the same order; so is the first page by default.
    let whole = people(&app, token, "?limit=100").await;
    assert_eq!(column(&whole, "users", "id"), seen);
    let first = people(&app, token, "").await;
    assert_eq!(column(&first, "users", "id"), seen[..20]);
    // What a page tells of somebody is what is told of them alone.
    for user in whole["users"].as_array().unwrap() {
        let path = format!("/users/{}", user["id"].as_str().unwrap());
        let mut alone = app.get_as(token, &path).await.expect(200);
        alone["lastActiveAt"] = user["lastActiveAt"].clone();
        assert_eq!(alone, *user);
    }
    // Of another workspace nobody is told.
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let told = people(&app, &eve.access_token, "?limit=100").await;
    assert_eq!(
        column(&told, "users", "id"),
        std::slice::from_ref(&eve.user_id)
    );
}

async fn a_page_of_people_past_the_end_is_empty(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let token = &ada.access_token;
    invite_many(&app, token, 3).await;
    for page in [3_u64, 1_000_000, 9_007_199_254_740_991] {
        let told = people(&app, token, &format!("?limit=2&page={page}")).await;
        let expected = json!({
            "page": page, "limit": 2, "total": 4, "totalPages": 2, "hasNext": false,
            "hasPrev": true, "users": 0,
        });
        assert_eq!(figures(&told), expected);
    }
    let told = people(&app, token, "?search=nobody").await;
    let expected = json!({
        "page": 1, "limit": 20, "total": 0, "totalPages": 0, "hasNext": false, "hasPrev": false,
        "users": 0,
    });
    assert_eq!(figures(&told), expected);
}

/// Names and addresses in orders of their own. The alphabet of code points is another one than
/// that of people.
const NAMES: [(&str, &str); 9] = [
    ("Zoë Quist", "m1@example.com"),
    ("zoe aaron", "m0@example.com"),
    ("Özil Mesut", "mesut@example.com"),
    ("ozzy", "OZZY@example.com"),
    ("Oak", "b-oak@example.com"),
    ("Ángel", "z-angel@example.com"),
    ("apple_pie", "a.pie@example.com"),
    ("李小龍", "lee@example.com"),
    ("ÅNGSTRÖM 100%", "angstrom@example.com"),
];

/// A workspace of ten: who is named above is invited, the first one is there already and put
/// aside.
async fn named(app: &TestApp) -> Account {
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let token = &ada.access_token;
    for (number, (name, email)) in NAMES.into_iter().enumerate() {
        let role = if number % 2 == 0 { "agent" } else { "viewer" };
        let mut body = person(email, role);
        body["name"] = json!(name);
        app.post_as(token, "/users", body).await.expect(201);
        app.advance_millis(10);
    }
    let bob = app.join(&ada, "bob@example.com", "agent").await;
    let aside = json!({ "status": "SUSPENDED" });
    app.put_as(token, &format!("/users/{}", bob.user_id), aside)
        .await
        .expect(200);
    ada
}

async fn people_are_sorted_as_asked(backend: &Backend) {
    let app = backend.start().await;
    let ada = named(&app).await;
    let token = &ada.access_token;
    type Key = fn(&Value) -> String;
    fn text(user: &Value, member: &str) -> String {
        user[member].as_str().unwrap().to_owned()
    }
    let orders: [(&str, Key); 5] = [
        ("createdAt", |user| text(user, "createdAt")),
        ("updatedAt", |user| text(user, "updatedAt")),
        ("name", |user| search_key(&text(user, "name"))),
        ("email", |user| text(user, "email").to_lowercase()),
        ("status", |user| text(user, "status")),
    ];
    for (order, key) in orders {
        let ask = async |query: &str| {
            let told = people(&app, token, &format!("?sortBy={order}{query}")).await;
            assert_eq!(told["total"], 11);
            told
        };
        let up = ask("&sortOrder=asc").await;
        let keys: Vec<String> = up["users"].as_array().unwrap().iter().map(key).collect();
        assert!(keys.is_sorted(), "{order}: {keys:?}");
        assert!(keys.first() < keys.last(), "{order}: {keys:?}");
        let down = ask("&sortOrder=desc").await;
        let mut ids = column(&up, "users", "id");
        ids.reverse();
        assert_eq!(column(&down, "users", "id"), ids, "{order}");
        // The greatest comes first unless said, and pages cut the same order.
        assert_eq!(column(&ask("").await, "users", "id"), ids, "{order}");
        let mut cut = Vec::new();
        for page in 1..=4 {
            let page = ask(&format!("&limit=3&page={page}")).await;
            cut.extend(column(&page, "users", "id"));
        }
        assert_eq!(cut, ids, "{order}");
    }
    let unsaid = people(&app, token, "").await;
    let created = people(&app, token, "?sortBy=createdAt&sortOrder=desc").await;
    assert_eq!(unsaid, created);
    let by_name = people(&app, token, "?sortBy=name&sortOrder=asc&status=PENDING").await;
    let expected = [
        "Ángel",
        "ÅNGSTRÖM 100%",
        "apple_pie",
        "Oak",
        "Özil Mesut",
        "ozzy",
        "zoe aaron",
        "Zoë Quist",
        "李小龍",
    ];
    assert_eq!(column(&by_name, "users", "name"), expected);
}

async fn people_are_found_by_the_beginning_of_name_or_address(backend: &Backend) {
    let app = backend.start().await;
    let ada = named(&app).await;
    for (search, expected) in [
        ("oz", &["Özil Mesut", "ozzy"][..]),
        ("OZ", &["Özil Mesut", "ozzy"]),
        ("%C3%96ZIL", &["Özil Mesut"]),
        ("+ozil+", &["Özil Mesut"]),
        ("ozil%20m", &["Özil Mesut"]),
        ("ZOE", &["zoe aaron", "Zoë Quist"]),
        ("an", &["Ángel", "ÅNGSTRÖM 100%"]),
        ("angstrom%40ex", &["ÅNGSTRÖM 100%"]),
        ("m", &["Özil Mesut", "zoe aaron", "Zoë Quist"]),
        ("MESUT%40example.com", &["Özil Mesut"]),
        ("%E6%9D%8E", &["李小龍"]),
        ("apple_", &["apple_pie"]),
        // From the beginning only, and by itself.
        ("mesut+", &["Özil Mesut"]),
        ("zil", &[]),
        ("example.com", &[]),
        ("%25", &[]),
        ("_", &[]),
        ("apple%25", &[]),
        ("appleXpie", &[]),
        ("*", &[]),
        ("'", &[]),
        ("%5C", &[]),
        ("%00", &[]),
        ("zoe%00", &[]),
    ] {
        let query = format!("?sortBy=name&sortOrder=asc&search={search}");
        let told = people(&app, &ada.access_token, &query).await;
        assert_eq!(column(&told, "users", "name"), expected, "{search}");
        assert_eq!(told["total"], expected.len(), "{search}");
    }
    for nothing in ["", "+", "%20%20"] {
        let query = format!("?search={nothing}");
        let told = people(&app, &ada.access_token, &query).await;
        assert_eq!(told["total"], 11);
    }
}

async fn people_are_filtered_by_status_and_role(backend: &Backend) {
    let app = backend.start().await;
    let ada = named(&app).await;
    let token = &ada.access_token;
    let agent = app.role_id(token, "agent").await;
    let admin = app.role_id(token, "admin").await;
    for (query, total) in [
        ("status=PENDING", 9),
        ("status=ACTIVE", 1),
        ("status=SUSPENDED", 1),
        ("status=INACTIVE", 0),
        ("role=agent", 6),
        ("role=viewer", 4),
        ("role=manager", 0),
        ("role=admin", 1),
        (&format!("role={agent}"), 6),
        (&format!("role={admin}"), 1),
        ("role=nobody", 0),
        ("role=", 0),
        ("role=0192f3c0-ffff-7abc-8def-0123456789ab", 0),
        ("role=agent&status=PENDING", 5),
        ("role=agent&status=SUSPENDED", 1),
        ("role=admin&status=PENDING", 0),
        ("search=zo&status=PENDING", 2),
        ("search=zo&role=viewer", 1),
        ("search=zo&role=viewer&status=PENDING", 1),
        ("search=zo&role=viewer&status=ACTIVE", 0),
        ("search=bob&status=SUSPENDED&role=agent", 1),
    ] {
        let told = people(&app, token, &format!("?{query}")).await;
        assert_eq!(told["total"], total, "{query}");
        let users = told["users"].as_array().unwrap();
        assert_eq!(users.len(), total, "{query}");
        for user in users {
            let role = &user["role"];
            let role_fits = !query.contains("role=")
                || query.contains(&format!("role={}", role["name"].as_str().unwrap()))
                || query.contains(&format!("role={}", role["id"].as_str().unwrap()));
            let status = format!("status={}", user["status"].as_str().unwrap());
            let status_fits = !query.contains("status=") || query.contains(&status);
            assert!(role_fits && status_fits, "{query}: {user}");
        }
    }
    // The role of another workspace is nobody's here.
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let foreign = app.role_id(&eve.access_token, "agent").await;
    let told = people(&app, token, &format!("?role={foreign}")).await;
    assert_eq!(told["total"], 0);
}

/// The fields and codes that a refusal tells.
fn told(refused: &Answer) -> Vec<(String, String)> {
    assert_eq!(refused.problem(400), "validation_failed");
    let body = refused.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let errors = body["errors"].as_array().unwrap().iter();
    errors
        .map(|error| (text(&error["field"]), text(&error["code"])))
        .collect()
}

async fn s27_absurd_pages_orders_and_filters_are_refused_all_at_once(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let ask = async |query: &str| {
        let path = format!("/users?{query}");
        app.get_as(&ada.access_token, &path).await
    };
    let long = format!("search={}", "x".repeat(101));
    for (query, field, code) in [
        ("limit=0", "limit", "MIN_VALUE"),
        ("limit=-1", "limit", "MIN_VALUE"),
        ("limit=101", "limit", "MAX_VALUE"),
        ("limit=99999999999999999999", "limit", "MAX_VALUE"),
        ("limit=ten", "limit", "INVALID_TYPE"),
        ("limit=1e400", "limit", "INVALID_TYPE"),
        ("page=0", "page", "MIN_VALUE"),
        ("page=-1", "page", "MIN_VALUE"),
        ("page=9007199254740992", "page", "MAX_VALUE"),
        ("page=1.5", "page", "INVALID_TYPE"),
        ("page=1&page=2", "page", "INVALID_FORMAT"),
        ("sortBy=password", "sortBy", "INVALID_ENUM_VALUE"),
        ("sortBy=", "sortBy", "INVALID_ENUM_VALUE"),
        (
            "sortBy=name;DROP%20TABLE%20users",
            "sortBy",
            "INVALID_ENUM_VALUE",
        ),
        ("sortOrder=up", "sortOrder", "INVALID_ENUM_VALUE"),
        ("status=x", "status", "INVALID_ENUM_VALUE"),
        ("status=active", "status", "INVALID_ENUM_VALUE"),
        (&long, "search", "INVALID_LENGTH"),
    ] {
        let expected = [(field.to_owned(), code.to_owned())];
        assert_eq!(told(&ask(query).await), expected, "{query}");
    }
    let refused = ask("status=x&sortOrder=up&limit=0&page=0&sortBy=password").await;
    let mut fields: Vec<String> = told(&refused).into_iter().map(|(field, _)| field).collect();
    fields.sort();
    assert_eq!(fields, ["limit", "page", "sortBy", "sortOrder", "status"]);
}

async fn invitations(app: &Client, token: &str, query: &str) -> Value {
    app.get_as(token, &format!("/invitations{query}"))
        .await
        .expect(200)
}

/// The query of the page after one.
fn after(page: &Value, limit: usize) -> String {
    let cursor = page["nextCursor"].as_str().expect("a further page");
    format!("?limit={limit}&cursor={cursor}")
}

async fn invitations_are_told_page_by_page_the_newest_first(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let token = &ada.access_token;
    let none = invitations(&app, token, "").await;
    assert_eq!(none, json!({ "items": [], "nextCursor": null }));
    let mut expected = invite_many(&app, token, 45).await;
    expected.reverse();
    // Twenty are on a page unless said.
    let mut seen = Vec::new();
    let mut page = invitations(&app, token, "").await;
    for there in [20, 20, 5] {
        let ids = column(&page, "items", "id");
        assert_eq!(ids.len(), there);
        seen.extend(ids);
        if seen.len() < 45 {
            page = invitations(&app, token, &after(&page, 20)).await;
        }
    }
    assert_eq!(page["nextCursor"], Value::Null);
    assert_eq!(seen, expected);
    // A full last page is the last one.
    let page = invitations(&app, token, "?limit=45").await;
    assert_eq!(column(&page, "items", "id"), expected);
    assert_eq!(page["nextCursor"], Value::Null);
    let page = invitations(&app, token, "?limit=100").await;
    assert_eq!(column(&page, "items", "id"), expected);
}

async fn pages_of_invitations_leave_out_and_repeat_none_while_others_come_and_go(
    backend: &Backend,
) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let token = &ada.access_token;
    let mut expected = invite_many(&app, token, 9).await;
    expected.reverse();
    let first = invitations(&app, token, "?limit=3").await;
    let mut seen = column(&first, "items", "id");
    // One comes; the one that the page ended with goes, and one that is still to be told.
    invite(&app, token, "late@example.com", "agent").await;
    for gone in [expected[2].clone(), expected[4].clone()] {
        let path = format!("/invitations/{gone}");
        app.delete_as(token, &path).await.expect_status(204);
    }
    expected.remove(4);
    let mut page = first;
    while !page["nextCursor"].is_null() {
        page = invitations(&app, token, &after(&page, 3)).await;
        seen.extend(column(&page, "items", "id"));
    }
    assert_eq!(seen, expected);
}

async fn s27_a_cursor_that_is_none_of_the_list_is_refused(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let token = &ada.access_token;
    invite_many(&app, token, 3).await;
    app.seat(&ada.email).await;
    let sessions = app
        .get_as(token, "/health/sessions?all=true&limit=1")
        .await
        .expect(200);
    let foreign = sessions["nextCursor"].as_str().unwrap();
    let page = invitations(&app, token, "?limit=1").await;
    let good = page["nextCursor"].as_str().unwrap();
    let (longer, shorter) = (format!("{good}AAAA"), &good[1..]);
    let (padded, id) = (
        format!("{good}%3D"),
        page["items"][0]["id"].as_str().unwrap(),
    );
    for bad in [
        "", "0", "%00", "null", foreign, &longer, shorter, &padded, id,
    ] {
        let path = format!("/invitations?cursor={bad}");
        let refused = app.get_as(token, &path).await;
        let expected = [("cursor".to_owned(), "INVALID_FORMAT".to_owned())];
        assert_eq!(told(&refused), expected, "{bad}");
    }
    // Nor is its cursor good for another list.
    let path = format!("/health/sessions?all=true&cursor={good}");
    let refused = app.get_as(token, &path).await;
    assert_eq!(told(&refused)[0].0, "cursor");
    for (query, code) in [("limit=0", "MIN_VALUE"), ("limit=101", "MAX_VALUE")] {
        let path = format!("/invitations?{query}");
        let refused = app.get_as(token, &path).await;
        let expected = [("limit".to_owned(), code.to_owned())];
        assert_eq!(told(&refused), expected);
    }
}

async fn s22_a_cursor_of_another_workspaces_list_shows_the_own_one(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    let own = invite(&app, &eve.access_token, "own@example.com", "agent").await;
    let foreign = invite_many(&app, &ada.access_token, 3).await;
    let page = invitations(&app, &ada.access_token, "?limit=1").await;
    let told = invitations(&app, &eve.access_token, &after(&page, 20)).await;
    assert_eq!(column(&told, "items", "id"), [own["id"].as_str().unwrap()]);
    // An id of one among them names none here either.
    for id in foreign {
        let path = format!("/users/{id}");
        let refused = app.get_as(&eve.access_token, &path).await;
        assert_eq!(refused.problem(404), "not_found");
    }
}
