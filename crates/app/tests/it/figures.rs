//! What the server tells Prometheus: compared with what was done, with Prometheus' conventions and
//! with the page that lists it.

mod cache_away;
mod comparing;
mod conventions;
mod page;
mod scrape;

use scrape::Figures;
