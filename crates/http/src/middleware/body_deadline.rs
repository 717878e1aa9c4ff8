//! Ends the connection of a client that does not get its body sent.

use std::cell::{Cell, RefCell};
use std::future::Future as _;
use std::io::ErrorKind;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpMessage as _;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::ConnectionType;
use actix_web::web::Bytes;
use futures_util::Stream;
use tokio::time::{Sleep, sleep};

/// A request's body on its way through the handler; nothing where there is none.
///
/// A body has until the deadline, counted from the end of the head. After that reading it fails
/// with [`ErrorKind::TimedOut`], which whoever reads answers 408, and the connection ends.
///
/// A body that is not read to its end ends its connection as soon as the answer is out: the answer
/// holds the unread rest, and the framework closes instead of waiting for more.
pub(super) struct WatchedBody(Option<Rc<SharedBody>>);

impl WatchedBody {
    /// Begins to watch the body of a request.
    pub(super) fn of(request: &mut ServiceRequest, deadline: Option<Duration>) -> Self {
        let body = request.take_payload();
        if matches!(body, Payload::None) {
            return Self(None);
        }
        let body = Rc::new(SharedBody {
            body: RefCell::new(body),
            state: Cell::new(BodyState::Unread),
        });
        request.set_payload(Payload::Stream {
            payload: Box::pin(TimedBody::new(Rc::clone(&body), deadline)),
        });
        Self(Some(body))
    }

    /// Lets the answer end the connection if the body was not read.
    pub(super) fn judge(self, mut response: ServiceResponse) -> ServiceResponse {
        let Some(body) = self.0 else {
            return response;
        };
        match body.state.get() {
            BodyState::Read => return response,
            BodyState::Unread => {}
            BodyState::Late => {
                let head = response.response_mut().head_mut();
                head.set_connection_type(ConnectionType::Close);
            }
        }
        response.map_body(|_, answer| {
            BoxBody::new(Holding {
                answer,
                _unread: body,
            })
        })
    }
}

/// How far a request's body was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BodyState {
    Unread,
    Read,
    Late,
}

/// An answer's body that keeps the unread request alive until it is out.
struct Holding {
    answer: BoxBody,
    _unread: Rc<SharedBody>,
}

impl MessageBody for Holding {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.answer.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.get_mut().answer).poll_next(cx)
    }
}

/// A request's body, held by who reads it and by the answer.
struct SharedBody {
    body: RefCell<Payload>,
    state: Cell<BodyState>,
}

/// The reader's end of a body.
struct TimedBody {
    shared: Rc<SharedBody>,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl TimedBody {
    fn new(shared: Rc<SharedBody>, deadline: Option<Duration>) -> Self {
        Self {
            shared,
            deadline: deadline.map(|deadline| Box::pin(sleep(deadline))),
        }
    }
}

impl Stream for TimedBody {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut *this.shared.body.borrow_mut()).poll_next(cx);
        if matches!(polled, Poll::Ready(None)) {
            this.shared.state.set(BodyState::Read);
        }
        if polled.is_ready() {
            return polled;
        }
        let deadline = this.deadline.as_mut();
        if deadline.is_some_and(|deadline| deadline.as_mut().poll(cx).is_ready()) {
            this.shared.state.set(BodyState::Late);
            let late = std::io::Error::from(ErrorKind::TimedOut);
            return Poll::Ready(Some(Err(PayloadError::Io(late))));
        }
        Poll::Pending
    }
}
