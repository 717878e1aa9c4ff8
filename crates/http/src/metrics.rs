//! The figures of this process and its requests, for Prometheus.

use std::sync::OnceLock;
use std::time::Duration;

use actix_web::http::Method;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry,
};

/// The figures could not be set up: a name is taken already.
#[derive(Debug, thiserror::Error)]
#[error("the figures could not be set up: {0}")]
pub struct MetricsError(#[from] prometheus::Error);

/// Counts and times requests, by the pattern of their route, their method and their status.
///
/// Growth: bounded by routes x methods x statuses; what matches no route is one pattern.
#[derive(Clone)]
pub struct HttpMetrics {
    requests: IntCounterVec,
    durations: HistogramVec,
    in_flight: IntGauge,
}

/// Upper bounds of the histogram's buckets, in seconds.
const BUCKETS: [f64; 11] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5,
];

/// The statuses of which a rate is to be known from the first one on.
const FAULTS: [&str; 2] = ["500", "503"];

impl HttpMetrics {
    /// Registers the figures of requests and of the process.
    ///
    /// # Errors
    /// [`MetricsError`] when the registry has figures of these names already.
    pub fn new(registry: &Registry) -> Result<Self, MetricsError> {
        let requests = IntCounterVec::new(
            Opts::new("kogents_http_requests_total", "Requests answered."),
            &["route", "method", "status"],
        )?;
        let durations = HistogramVec::new(
            HistogramOpts::new(
                "kogents_http_request_duration_seconds",
                "Time from a request's head to the head of its answer.",
            )
            .buckets(BUCKETS.to_vec()),
            &["route", "method"],
        )?;
        let in_flight = IntGauge::new(
            "kogents_http_requests_in_flight",
            "Requests that are being answered.",
        )?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(durations.clone()))?;
        registry.register(Box::new(in_flight.clone()))?;
        #[cfg(target_os = "linux")]
        registry.register(Box::new(
            prometheus::process_collector::ProcessCollector::for_self(),
        ))?;
        Ok(Self {
            requests,
            durations,
            in_flight,
        })
    }

    /// The figures of a route of the table, found once for all its requests. They are there from
    /// then on, also those of the faults that have not happened.
    pub(crate) fn of_route(&self, route: &'static str, method: &Method) -> RouteFigures {
        let method = known_method(method);
        for status in FAULTS {
            self.requests.with_label_values(&[route, method, status]);
        }
        RouteFigures {
            route,
            method,
            duration: self.durations.with_label_values(&[route, method]),
            counts: std::array::from_fn(|_| OnceLock::new()),
            metrics: self.clone(),
        }
    }

    /// A request has come. It is in flight until what this gives is dropped, which also happens when
    /// the client hangs up.
    pub(crate) fn begin(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    pub(crate) fn observe(&self, route: &str, method: &Method, status: u16, took: Duration) {
        let method = known_method(method);
        self.requests
            .with_label_values(&[route, method, &status.to_string()])
            .inc();
        self.durations
            .with_label_values(&[route, method])
            .observe(took.as_secs_f64());
    }
}

/// The statuses that most answers have.
const COMMON: [u16; 12] = [200, 201, 202, 204, 400, 401, 403, 404, 409, 422, 429, 503];

/// The figures of one route and method: finding them by their labels costs every request a text, two
/// hashes and two locks.
pub(crate) struct RouteFigures {
    route: &'static str,
    method: &'static str,
    duration: Histogram,
    counts: [OnceLock<IntCounter>; COMMON.len()],
    metrics: HttpMetrics,
}

impl RouteFigures {
    /// The route's pattern.
    pub(crate) const fn route(&self) -> &'static str {
        self.route
    }

    /// A request by a method that the route takes was answered.
    pub(crate) fn observe(&self, method: &Method, status: u16, took: Duration) {
        let at = COMMON.iter().position(|common| *common == status);
        let count = at.and_then(|at| self.counts.get(at));
        match count {
            // GET takes HEAD too.
            Some(count) if method.as_str() == self.method => {
                let found = || {
                    let labels = [self.route, self.method, &status.to_string()];
                    self.metrics.requests.with_label_values(&labels)
                };
                count.get_or_init(found).inc();
                self.duration.observe(took.as_secs_f64());
            }
            Some(_) | None => self.metrics.observe(self.route, method, status, took),
        }
    }
}

/// A request that is being answered.
#[must_use]
pub(crate) struct InFlight(IntGauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The method's name, one for all that nobody should use: clients may send any word.
fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}

#[cfg(test)]
mod tests {
    use prometheus::TextEncoder;

    use super::*;

    #[test]
    fn requests_are_counted_by_route_method_and_status() {
        let registry = Registry::new();
        let metrics = HttpMetrics::new(&registry).unwrap();
        let took = Duration::from_millis(3);
        let login = metrics.of_route("/auth/login", &Method::POST);
        let (first, second) = (metrics.begin(), metrics.begin());
        drop(first);
        login.observe(&Method::POST, 200, took);
        login.observe(&Method::POST, 200, took);
        login.observe(&Method::POST, 418, took);
        let live = metrics.of_route("/health/live", &Method::GET);
        live.observe(&Method::HEAD, 200, took);
        let odd = Method::from_bytes(b"BREW").unwrap();
        metrics.observe("unmatched", &odd, 404, took);
        let text = TextEncoder::new()
            .encode_to_string(&registry.gather())
            .unwrap();
        for line in [
            "kogents_http_requests_total{method=\"POST\",route=\"/auth/login\",status=\"200\"} 2",
            "kogents_http_requests_total{method=\"OTHER\",route=\"unmatched\",status=\"404\"} 1",
            "kogents_http_request_duration_seconds_bucket{method=\"POST\",route=\"/auth/login\",le=\"0.005\"} 3",
            "kogents_http_requests_total{method=\"POST\",route=\"/auth/login\",status=\"503\"} 0",
            "kogents_http_requests_total{method=\"POST\",route=\"/auth/login\",status=\"418\"} 1",
            "kogents_http_requests_total{method=\"HEAD\",route=\"/health/live\",status=\"200\"} 1",
            "kogents_http_requests_in_flight 1",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
        drop(second);
        assert_eq!(metrics.in_flight.get(), 0);
        #[cfg(target_os = "linux")]
        assert!(text.contains("process_resident_memory_bytes"));
    }

    #[test]
    fn a_name_is_registered_once() {
        let registry = Registry::new();
        HttpMetrics::new(&registry).unwrap();
        assert!(HttpMetrics::new(&registry).is_err());
    }
}
