//! Reading an access token, as each request with one does.

use std::hint::black_box;
use std::sync::Arc;

use criterion::Criterion;
use kogents_adapter_crypto::{JwtAccessTokens, SystemClock, SystemIds};
use kogents_domain::auth::{AccessClaims, AccessTokens as _};
use kogents_domain::time::{Clock as _, Span};

use crate::given;

/// Verifies signature, form and times.
pub(crate) fn read(criterion: &mut Criterion) {
    let ttl = Span::from_secs(900);
    let secrets = given::secrets().access_secrets();
    let ids = Arc::new(SystemIds::default());
    let tokens = JwtAccessTokens::new("http://localhost:3000", &secrets, ttl, ids);
    let now = SystemClock.now();
    let (user_id, session_id, workspace_id) = given::ids();
    let token = tokens.mint(&AccessClaims {
        user_id,
        session_id,
        workspace_id: Some(workspace_id),
        issued_at: now,
        expires_at: now.plus(ttl),
    });
    criterion.bench_function("access token, read", |bencher| {
        bencher.iter(|| tokens.read(black_box(token.expose()), now));
    });
}
