//! Letting requests in.

use kogents_domain::auth::{AccessClaims, HashError};
use kogents_domain::limits::{ClientNetwork, LimitLedger, LimitRule, LimitSubject};
use kogents_domain::secret::SecretText;
use kogents_testkit::fakes::AskedOfLimiter::{Look, Take};
use kogents_usecases::limits::{
    AdmitRequest, AdmitRequestCommand, AdmitRequestError, Limited, Toll,
};

use crate::support::{Bench, T0, ada_id, client_ip, secs, session_id};

async fn admit(
    bench: &Bench,
    toll: Toll,
    access_token: Option<&str>,
) -> Result<(), AdmitRequestError> {
    let admit_request = AdmitRequest {
        limits: bench.limits(),
        tokens: bench.access(),
        hasher: bench.hasher(),
        clock: bench.clock(),
    };
    admit_request
        .run(AdmitRequestCommand {
            toll,
            ip_address: client_ip(),
            access_token: access_token.map(SecretText::new),
            ledger: LimitLedger::default(),
        })
        .await
}

fn client() -> LimitSubject {
    LimitSubject::Client(ClientNetwork::of(client_ip()))
}

#[tokio::test]
async fn a_rule_of_its_own_counts_the_client() {
    let bench = Bench::new();
    let toll = Toll::Client(LimitRule::ResumeAddress);
    assert_eq!(admit(&bench, toll, None).await, Ok(()));
    bench.limiter.refuse(LimitRule::ResumeAddress, secs(9));
    assert_eq!(
        admit(&bench, toll, None).await,
        Err(Limited { wait: secs(9) }.into())
    );
    let asked = Take(vec![(LimitRule::ResumeAddress, client())]);
    assert_eq!(bench.limiter.asked(), [asked.clone(), asked]);
}

#[tokio::test]
async fn a_rule_for_failures_counts_no_request() {
    let bench = Bench::new();
    let toll = Toll::FailuresOfClient(LimitRule::LoginAddress);
    assert_eq!(admit(&bench, toll, None).await, Ok(()));
    bench.limiter.refuse(LimitRule::LoginAddress, secs(9));
    assert!(admit(&bench, toll, None).await.is_err());
    let asked = Look(vec![(LimitRule::LoginAddress, client())]);
    assert_eq!(bench.limiter.asked(), [asked.clone(), asked]);
}

#[tokio::test]
async fn s12_while_no_password_can_be_compared_a_sign_in_is_refused_before_the_cache_is_asked() {
    let bench = Bench::new();
    bench.hasher.set_busy(true);
    let toll = Toll::FailuresOfClient(LimitRule::LoginAddress);
    assert_eq!(
        admit(&bench, toll, None).await,
        Err(AdmitRequestError::Hash(HashError::Busy))
    );
    assert_eq!(bench.limiter.asked(), []);
    for other in [Toll::Client(LimitRule::ResumeAddress), Toll::General] {
        assert_eq!(admit(&bench, other, None).await, Ok(()));
    }
}

#[tokio::test]
async fn everything_else_counts_the_session_of_a_genuine_token_else_the_client() {
    let bench = Bench::new();
    let token = bench.access().mint(&AccessClaims {
        user_id: ada_id(),
        session_id: session_id(1),
        workspace_id: None,
        issued_at: T0,
        expires_at: T0.plus(secs(900)),
    });
    for token in [Some(token.expose()), Some("forged"), None] {
        assert_eq!(admit(&bench, Toll::General, token).await, Ok(()));
    }
    let of_session = LimitSubject::Session(session_id(1));
    assert_eq!(
        bench.limiter.asked(),
        [
            Take(vec![(LimitRule::GeneralSession, of_session)]),
            Take(vec![(LimitRule::GeneralAddress, client())]),
            Take(vec![(LimitRule::GeneralAddress, client())]),
        ]
    );
}
