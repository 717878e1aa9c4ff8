//! What is told of the database, and to whom.

use std::sync::Arc;

use actix_web::test::TestRequest;
use kogents_domain::health::DatabaseInspector;
use serde_json::json as value;

use super::fixture::{
    HEALTH_TOKEN, INTERNALS, TOKEN, call, clock, header, health, http, json, settings,
};
use crate::access::Access;
use crate::routes;
use crate::settings::HttpSettings;
use crate::state::Http;

const PATHS: [&str; 3] = [
    "/health/database",
    "/health/database/pool",
    "/health/database/performance",
];

fn asking(path: &str, token: Option<&str>) -> TestRequest {
    let request = TestRequest::get().uri(path);
    match token {
        Some(token) => request.insert_header(("authorization", format!("Bearer {token}"))),
        None => request,
    }
}

fn in_development() -> HttpSettings {
    HttpSettings {
        development: true,
        health_token: None,
        ..settings()
    }
}

fn over(inspector: &Arc<dyn DatabaseInspector>) -> Http {
    let mut http = http(in_development());
    http.use_cases.health = health::over(&clock(), inspector);
    http
}

#[actix_web::test]
async fn s21_three_routes_take_the_health_token() {
    let taking: Vec<_> = routes::all()
        .into_iter()
        .filter(|entry| entry.access == Access::HealthToken)
        .map(|entry| entry.path)
        .collect();
    assert_eq!(taking, PATHS);
}

#[actix_web::test]
async fn s21_in_production_the_health_token_opens_them_and_nothing_else_does() {
    for path in PATHS {
        let nobody = call(http(settings()), asking(path, None)).await;
        assert_eq!(nobody.status().as_u16(), 401, "{path}");
        assert_eq!(header(&nobody, "www-authenticate"), "Bearer");
        assert_eq!(json(nobody).await["code"], "unauthenticated");
        let shorter = &HEALTH_TOKEN[1..];
        let longer = format!("{HEALTH_TOKEN}0");
        for wrong in [TOKEN, "forged", "two words", "", shorter, longer.as_str()] {
            let refused = call(http(settings()), asking(path, Some(wrong))).await;
            assert_eq!(refused.status().as_u16(), 401, "{path} {wrong}");
            let challenge = header(&refused, "www-authenticate");
            assert_eq!(challenge, "Bearer error=\"invalid_token\"");
            let body = json(refused).await;
            assert_eq!(body["code"], "invalid_token");
            assert!(!body.to_string().contains(HEALTH_TOKEN));
        }
        let uri = format!("{path}?access_token={HEALTH_TOKEN}");
        let by_query = call(http(settings()), asking(&uri, None)).await;
        assert_eq!(by_query.status().as_u16(), 401, "{path}");
        let good = call(http(settings()), asking(path, Some(HEALTH_TOKEN))).await;
        assert_eq!(good.status().as_u16(), 200, "{path}");
        assert_eq!(header(&good, "cache-control"), "no-store");
    }
}

#[actix_web::test]
async fn in_production_without_a_configured_token_they_are_not_there() {
    let settings = || HttpSettings {
        health_token: None,
        ..settings()
    };
    for path in PATHS {
        for token in [None, Some(HEALTH_TOKEN), Some(TOKEN), Some("")] {
            let answer = call(http(settings()), asking(path, token)).await;
            assert_eq!(answer.status().as_u16(), 404, "{path} {token:?}");
            let mut body = json(answer).await;
            let unknown = call(http(settings()), asking("/health/nothing", token)).await;
            let mut unknown = json(unknown).await;
            for told in [&mut body, &mut unknown] {
                told["requestId"] = value!(null);
                told["instance"] = value!(null);
            }
            assert_eq!(body, unknown);
        }
    }
}

#[actix_web::test]
async fn in_development_anybody_may_look_whatever_they_send() {
    let with_token = HttpSettings {
        health_token: settings().health_token,
        ..in_development()
    };
    let settings = [in_development(), with_token];
    for settings in settings {
        for path in PATHS {
            for token in [None, Some("forged"), Some(HEALTH_TOKEN)] {
                let answer = call(http(settings.clone()), asking(path, token)).await;
                assert_eq!(answer.status().as_u16(), 200, "{path} {token:?}");
            }
        }
    }
}

#[actix_web::test]
async fn the_token_opens_nothing_else() {
    for entry in routes::all() {
        if matches!(entry.access, Access::Public | Access::HealthToken) {
            continue;
        }
        let path = super::walk::concrete(entry.path);
        let request = asking(&path, Some(HEALTH_TOKEN)).method(entry.method.clone());
        let refused = call(http(settings()), request).await;
        assert_eq!(refused.status().as_u16(), 401, "{} {path}", entry.method);
    }
}

#[actix_web::test]
async fn what_is_told_has_the_documented_shape() {
    let told = async |path| json(call(http(in_development()), asking(path, None)).await).await;
    assert_eq!(
        told("/health/database").await,
        value!({
            "database": {
                "status": "healthy", "latencyMs": 0, "version": "PostgreSQL 17.2",
                "migrations": { "applied": 5, "pending": 0 },
            },
            "timestamp": "2024-09-22T10:13:20.000Z",
        })
    );
    assert_eq!(
        told("/health/database/pool").await,
        value!({
            "connectionPool": {
                "totalConnections": 4, "activeConnections": 3, "idleConnections": 1,
                "waitingRequests": 2, "maxConnections": 8, "utilizationPercentage": 37.5,
                "timeoutsTotal": 9,
            },
            "timestamp": "2024-09-22T10:13:20.000Z",
        })
    );
    assert_eq!(
        told("/health/database/performance").await,
        value!({
            "performance": {
                "queries": {
                    "total": 120, "errors": 2, "p50Ms": 0.412, "p95Ms": 7.0, "p99Ms": null,
                    "perSecond": 1.23,
                },
                "slowQueries": {
                    "thresholdMs": 200, "total": 1,
                    "recent": [{
                        "name": "sessions.rotate", "durationMs": 412,
                        "at": "2024-09-22T10:13:20.000Z",
                    }],
                },
                "databaseSizeBytes": 12_582_912, "cacheHitRatio": 0.9967, "deadlocks": null,
            },
            "timestamp": "2024-09-22T10:13:20.000Z",
        })
    );
}

#[actix_web::test]
async fn a_database_that_does_not_answer_is_unhealthy_and_its_connections_are_told_all_the_same() {
    let silent = health::silent_inspector();
    let answer = call(over(&silent), asking(PATHS[0], None)).await;
    assert_eq!(answer.status().as_u16(), 503);
    assert_eq!(header(&answer, "retry-after"), "1");
    assert_eq!(header(&answer, "content-type"), "application/json");
    assert_eq!(
        json(answer).await["database"],
        value!({
            "status": "unhealthy", "latencyMs": 0, "version": null,
            "migrations": { "applied": null, "pending": null },
        })
    );
    let answer = call(over(&silent), asking(PATHS[1], None)).await;
    assert_eq!(answer.status().as_u16(), 200);
    let answer = call(over(&silent), asking(PATHS[2], None)).await;
    assert_eq!(answer.status().as_u16(), 503);
    assert_ne!(header(&answer, "retry-after"), "");
    let body = json(answer).await;
    assert_eq!(body["code"], "unavailable");
    assert!(!body.to_string().contains(INTERNALS), "{body}");
}

#[actix_web::test]
async fn a_database_that_lacks_tables_is_unhealthy() {
    let behind = health::inspector_of_a_store_behind();
    let answer = call(over(&behind), asking(PATHS[0], None)).await;
    assert_eq!(answer.status().as_u16(), 503);
    let database = &json(answer).await["database"];
    assert_eq!(database["status"], "unhealthy");
    assert_eq!(database["version"], "PostgreSQL 17.2");
    let migrations = value!({ "applied": 5, "pending": 1 });
    assert_eq!(database["migrations"], migrations);
}
