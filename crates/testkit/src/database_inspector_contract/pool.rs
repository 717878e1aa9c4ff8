//! Cases of the connections of a store.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kogents_domain::health::PoolFigures;
use kogents_domain::store::{Scope, StoreError, UnitOfWork};

use super::InspectedStore;

/// How long what happens beside a case may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Looks until the figures fit: what a unit gives back, it gives back in its own time.
async fn until(subject: &InspectedStore, fits: impl Fn(PoolFigures) -> bool) -> PoolFigures {
    let since = Instant::now();
    loop {
        let figures = subject.inspector.pool();
        assert_eq!(figures.active + figures.idle, figures.total, "{figures:?}");
        assert!(figures.total <= figures.max, "{figures:?}");
        if fits(figures) {
            return figures;
        }
        assert!(since.elapsed() < PATIENCE, "{figures:?}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Takes every connection: one to write, the others to read.
async fn take_all(subject: &InspectedStore) -> Vec<Box<dyn UnitOfWork>> {
    let mut held = vec![subject.store.begin(Scope::System).await.unwrap()];
    for _ in 1..subject.inspector.pool().max {
        held.push(subject.store.read(Scope::System).await.unwrap());
    }
    held
}

/// One after the other, and not any more afterwards.
pub async fn whoever_holds_a_connection_is_counted(subject: Arc<InspectedStore>) {
    let rest = until(&subject, |figures| figures.active == 0).await;
    assert_eq!((rest.waiting, rest.timeouts_total), (0, 0));
    assert!(rest.max >= 2, "{rest:?}");
    let first = subject.store.begin(Scope::System).await.unwrap();
    assert_eq!(subject.inspector.pool().active, 1);
    let second = subject.store.read(Scope::System).await.unwrap();
    let both = subject.inspector.pool();
    assert_eq!((both.active, both.waiting), (2, 0));
    first.commit().await.unwrap();
    assert_eq!(subject.inspector.pool().active, 1);
    drop(second);
    let after = until(&subject, |figures| figures.active == 0).await;
    assert_eq!(after.idle, after.total);
    assert_eq!((after.max, after.timeouts_total), (rest.max, 0));
}

/// The figures are there all the while.
pub async fn whoever_waits_is_counted_and_whoever_waits_in_vain(subject: Arc<InspectedStore>) {
    let held = take_all(&subject).await;
    let full = subject.inspector.pool();
    assert_eq!((full.active, full.idle), (full.max, 0));
    let waiting: Vec<_> = (0..3)
        .map(|_| {
            let store = Arc::clone(&subject.store);
            tokio::spawn(async move { store.read(Scope::System).await.err() })
        })
        .collect();
    until(&subject, |figures| figures.waiting == 3).await;
    for waited in waiting {
        let refused = waited.await.unwrap();
        assert!(
            matches!(refused, Some(StoreError::Unavailable(_))),
            "{refused:?}"
        );
    }
    let figures = subject.inspector.pool();
    assert_eq!((figures.waiting, figures.timeouts_total), (0, 3));
    drop(held);
    until(&subject, |figures| figures.active == 0).await;
    subject.store.read(Scope::System).await.unwrap();
}

/// However many questions there are.
pub async fn r4_questions_are_answered_or_given_up_in_time_while_every_connection_is_taken(
    subject: Arc<InspectedStore>,
) {
    let held = take_all(&subject).await;
    let since = Instant::now();
    let asking: Vec<_> = (0..20)
        .map(|_| {
            let inspector = Arc::clone(&subject.inspector);
            tokio::spawn(async move { inspector.describe().await })
        })
        .collect();
    for asked in asking {
        let refused = asked.await.unwrap();
        assert!(
            matches!(refused, Err(StoreError::Unavailable(_))),
            "{refused:?}"
        );
    }
    assert!(
        since.elapsed() < Duration::from_millis(2_500),
        "{:?}",
        since.elapsed()
    );
    drop(held);
    until(&subject, |figures| figures.active == 0).await;
    subject.inspector.describe().await.unwrap();
}
