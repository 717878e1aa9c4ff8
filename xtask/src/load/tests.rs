//! The load tool as a whole, against a small server.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::request::Request;
use super::summary::Summary;
use super::work;

/// What the server is asked: each request is this and a number.
const REQUEST: &str = "GET /0000 HTTP/1.1\r\n\r\n";
const GOOD: &str = "HTTP/1.1 204 No Content\r\n\r\n";

/// Answers the request with this number; nothing closes the connection.
type Answers = dyn Fn(u64, &str) -> Option<String> + Send + Sync;

struct Small {
    address: SocketAddr,
    connections: Arc<AtomicU64>,
}

fn serve(answers: impl Fn(u64, &str) -> Option<String> + Send + Sync + 'static) -> Small {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicU64::new(0));
    let opened = Arc::clone(&connections);
    let (answers, asked): (Arc<Answers>, _) = (Arc::new(answers), Arc::new(AtomicU64::new(0)));
    thread::spawn(move || {
        for stream in listener.incoming() {
            opened.fetch_add(1, Ordering::SeqCst);
            let (answers, asked) = (Arc::clone(&answers), Arc::clone(&asked));
            thread::spawn(move || converse(stream.unwrap(), &*answers, &asked));
        }
    });
    Small {
        address,
        connections,
    }
}

fn converse(mut stream: TcpStream, answers: &Answers, asked: &AtomicU64) {
    stream.set_nodelay(true).unwrap();
    let mut request = vec![0_u8; REQUEST.len()];
    while stream.read_exact(&mut request).is_ok() {
        let number = asked.fetch_add(1, Ordering::SeqCst);
        let Some(answer) = answers(number, std::str::from_utf8(&request).unwrap()) else {
            return;
        };
        // In two pieces, as it may come over a network.
        let (first, second) = answer.split_at(answer.len() / 2);
        let sent = stream.write_all(first.as_bytes());
        if sent
            .and_then(|()| stream.write_all(second.as_bytes()))
            .is_err()
        {
            return;
        }
    }
}

fn request(address: SocketAddr) -> Request {
    Request {
        address,
        requests: "none".into(),
        connections: 2,
        measured: Duration::from_millis(300),
        warm_up: Duration::ZERO,
        once: false,
        rate: None,
        expected: vec![204],
        heeds_retry_after: false,
        process: Some(std::process::id()),
    }
}

fn frames(count: usize) -> Vec<Vec<u8>> {
    (0..count)
        .map(|number| {
            REQUEST
                .replace("0000", &format!("{number:04}"))
                .into_bytes()
        })
        .collect()
}

fn load(request: &Request, count: usize) -> Summary {
    work::run(request, frames(count)).unwrap()
}

#[test]
fn a_closed_loop_keeps_its_connections_busy() {
    let small = serve(|_, _| {
        thread::sleep(Duration::from_millis(2));
        Some(GOOD.to_owned())
    });
    let summary = load(&request(small.address), 3);
    summary.judge("closed").unwrap();
    assert_eq!(small.connections.load(Ordering::SeqCst), 2);
    assert!(summary.requests > 20, "{summary:?}");
    assert!(summary.requests <= 300, "{summary:?}");
    assert!(summary.p50_micros >= 2_000, "{summary:?}");
    assert!((summary.seconds - 0.3).abs() < 1e-9);
    assert!(summary.processor_millis.is_some());
}

#[test]
fn each_request_is_sent_once_and_then_it_is_over() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hears = Arc::clone(&heard);
    let small = serve(move |_, request| {
        hears.lock().unwrap().push(request[5..9].to_owned());
        Some(GOOD.to_owned())
    });
    let once = Request {
        once: true,
        measured: Duration::from_secs(600),
        ..request(small.address)
    };
    let started = Instant::now();
    let summary = load(&once, 50);
    assert!(started.elapsed() < Duration::from_secs(60));
    assert_eq!(summary.requests, 50);
    assert!(summary.seconds < 60.0);
    let mut heard = heard.lock().unwrap().clone();
    heard.sort();
    let expected: Vec<String> = (0..50).map(|number| format!("{number:04}")).collect();
    assert_eq!(heard, expected);
}

#[test]
fn a_stall_counts_against_every_request_that_was_due() {
    let small = serve(|number, _| {
        if number == 0 {
            thread::sleep(Duration::from_millis(200));
        }
        Some(GOOD.to_owned())
    });
    let open = Request {
        rate: Some(100),
        connections: 1,
        ..request(small.address)
    };
    let summary = load(&open, 3);
    summary.judge("open").unwrap();
    assert_eq!(summary.requests, 30);
    // The only connection was held for 200 ms, in which twenty were due: half of all waited.
    assert!(summary.p50_micros > 20_000, "{summary:?}");
    assert!(summary.max_micros >= 190_000, "{summary:?}");
}

#[test]
fn retry_after_is_heeded_where_asked() {
    let busy = "HTTP/1.1 503 No\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
    let patient = Request {
        expected: vec![204, 503],
        heeds_retry_after: true,
        measured: Duration::from_millis(1_300),
        ..request(
            serve(move |number, _| Some(if number < 2 { busy } else { GOOD }.to_owned())).address,
        )
    };
    let started = Instant::now();
    let summary = load(&patient, 3);
    assert!(started.elapsed() >= Duration::from_millis(1_000));
    assert_eq!(summary.statuses.get(&503), Some(&2));
    assert!(summary.statuses.contains_key(&204));

    let always = serve(move |_, _| Some(busy.to_owned()));
    let summary = load(
        &Request {
            heeds_retry_after: false,
            measured: Duration::from_millis(100),
            ..patient_to(&always)
        },
        3,
    );
    assert!(
        summary.statuses.get(&503).is_some_and(|count| *count > 2),
        "{summary:?}"
    );
}

fn patient_to(small: &Small) -> Request {
    Request {
        expected: vec![503],
        ..request(small.address)
    }
}

#[test]
fn a_connection_closed_while_idle_is_opened_again_and_one_closed_at_once_is_an_error() {
    // Every second request on a connection is not answered any more.
    let small = serve(|number, _| (number % 2 == 0).then(|| GOOD.to_owned()));
    let one = Request {
        connections: 1,
        once: true,
        ..request(small.address)
    };
    let summary = load(&one, 5);
    summary.judge("reopened").unwrap();
    assert_eq!(summary.requests, 5);
    assert!(small.connections.load(Ordering::SeqCst) >= 5);

    let deaf = serve(|_, _| None);
    let summary = load(
        &Request {
            connections: 1,
            once: true,
            ..request(deaf.address)
        },
        2,
    );
    let errors = BTreeMap::from([("closed without an answer".to_owned(), 2)]);
    assert_eq!(summary.errors, errors);
    assert!(summary.judge("deaf").is_err());
}

#[test]
fn other_answers_than_expected_fail_it() {
    let small = serve(|_, _| {
        Some("HTTP/1.1 401 Unauthorized\r\nContent-Length: 6\r\n\r\nwho?\r\n".to_owned())
    });
    let summary = load(&request(small.address), 1);
    let said = summary.judge("profile").unwrap_err().to_string();
    assert!(
        said.starts_with("profile: ") && said.ends_with("who?"),
        "{said}"
    );
}
