//! What a contract suite is run against: a port, and whatever must outlive it.

use std::any::Any;
use std::sync::Arc;

/// One fresh, empty adapter under test. Its guard (a folder, a database to drop) is dropped after
/// the test.
pub struct Subject<P: ?Sized> {
    port: Arc<P>,
    _guard: Option<Box<dyn Any + Send>>,
}

impl<P: ?Sized> Subject<P> {
    /// An adapter that leaves nothing behind.
    pub fn new(port: Arc<P>) -> Self {
        Self { port, _guard: None }
    }

    /// An adapter and what must live as long as the test.
    pub fn guarded(port: Arc<P>, guard: impl Any + Send) -> Self {
        Self {
            port,
            _guard: Some(Box::new(guard)),
        }
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> Arc<P> {
        Arc::clone(&self.port)
    }
}

/// What a maker may give: an `Arc` of the port, a [`Subject`], or an `Option` of either, where
/// `None` skips the case (there is no server to test against; the maker says so).
pub trait IntoSubject<P: ?Sized> {
    /// The subject, or nothing to skip the case.
    fn into_subject(self) -> Option<Subject<P>>;
}

impl<P: ?Sized> IntoSubject<P> for Arc<P> {
    fn into_subject(self) -> Option<Subject<P>> {
        Some(Subject::new(self))
    }
}

impl<P: ?Sized> IntoSubject<P> for Subject<P> {
    fn into_subject(self) -> Option<Subject<P>> {
        Some(self)
    }
}

impl<P: ?Sized, T: IntoSubject<P>> IntoSubject<P> for Option<T> {
    fn into_subject(self) -> Option<Subject<P>> {
        self.and_then(IntoSubject::into_subject)
    }
}

/// Makes one named test of each case of one file of a suite.
#[doc(hidden)]
#[macro_export]
macro_rules! contract_cases {
    ($made:expr => $suite:ident :: $file:ident { $($case:ident),+ $(,)? }) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                if let Some(subject) = $crate::subject::IntoSubject::into_subject($made.await) {
                    $crate::$suite::$file::$case(subject.port()).await;
                }
            }
        )+
    };
}
