//! A store in which something happens between two steps of a use case.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use kogents_domain::store::{Scope, Store, StoreError, UnitOfWork};

/// A store in which something happens just before the first unit of work that writes.
pub(crate) struct Meddled {
    inner: Arc<dyn Store>,
    first: Mutex<Option<Meddling>>,
}

type Meddling = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Meddled {
    pub(crate) fn with(
        inner: Arc<dyn Store>,
        first: impl Future<Output = ()> + Send + 'static,
    ) -> Arc<dyn Store> {
        Arc::new(Self {
            inner,
            first: Mutex::new(Some(Box::pin(first))),
        })
    }
}

#[async_trait]
impl Store for Meddled {
    async fn begin(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let first = self.first.lock().unwrap().take();
        if let Some(first) = first {
            first.await;
        }
        self.inner.begin(scope).await
    }

    async fn read(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        self.inner.read(scope).await
    }
}
