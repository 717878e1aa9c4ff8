//! What the figures tell of a cache that goes away and comes back.

use kogents_domain::limits::{LimitRule, LimitRules};

use super::Figures;
use crate::support::{Backend, Private};

#[tokio::test(flavor = "multi_thread")]
async fn a_cache_that_goes_away_is_told_and_so_is_who_counts_meanwhile() {
    let Some(mut redis) = Private::redis() else {
        return;
    };
    let Some(backend) = Backend::with_private_cache(&redis).await else {
        return;
    };
    let app = backend
        .start_with(|config| {
            config.server.metrics_port = Some(0);
            let rules = LimitRules::default_of(LimitRule::LoginPair);
            config.limits.rules = config
                .limits
                .rules
                .clone()
                .with(LimitRule::LoginPair, rules);
        })
        .await;
    app.log_in("nobody@example.com", "wrong").await.expect(401);
    redis.stop();
    app.log_in("nobody@example.com", "wrong").await.expect(401);
    let figures = Figures::until(&app, "the loss", |figures| {
        figures.sum("kogents_cache_up", &[]) == 0.0
    })
    .await;
    let losses = figures.sum("kogents_cache_losses_total", &[]);
    assert!(losses >= 1.0, "{losses}");
    let counted = |place| {
        let labels = [
            ("rule", "login-pair"),
            ("outcome", "allowed"),
            ("place", place),
        ];
        figures.sum("kogents_limit_decisions_total", &labels)
    };
    assert_eq!(counted("cache"), 1.0);
    assert_eq!(counted("process"), 1.0);
    let away = [("operation", "rate_limiter.take"), ("outcome", "away")];
    let away = figures.sum("kogents_cache_operation_duration_seconds_count", &away);
    assert_eq!(away, 1.0);

    redis.start();
    let back = |figures: &Figures| figures.sum("kogents_cache_up", &[]) == 1.0;
    Figures::until(&app, "its return", back).await;
    app.stop().await;
}
