//! What the tests of sessions share.

use std::collections::BTreeMap;
use std::path::Path;

use maxminddb_writer::Database;
use maxminddb_writer::paths::IpAddrWithMask;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::support::{Answer, Client};

/// Chrome 131 on macOS.
pub(super) const CHROME_ON_MAC: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) \
    AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

/// Safari on an iPhone.
pub(super) const SAFARI_ON_IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) \
    AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";

/// An address of the IP database that [`put_places`] makes.
pub(super) const IN_BERLIN: &str = "81.2.69.142";

impl Client {
    /// A request of a session.
    pub(super) fn as_session(&self, token: &str, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).bearer_auth(token)
    }

    /// The caller's session, as the list of the live ones has it.
    pub(super) async fn current(&self, token: &str) -> Value {
        let listed = self.get_as(token, "/health/sessions").await.expect(200);
        let sessions = listed["sessions"].as_array().unwrap();
        let current = sessions.iter().find(|session| session["isCurrent"] == true);
        current.expect("the current session is listed").clone()
    }

    /// An ordinary request of a session, which changes nothing.
    pub(super) async fn ordinary(&self, token: &str) -> Answer {
        self.get_as(token, "/users/profile").await
    }
}

/// Puts an IP database in place by which one network is in Berlin.
pub(super) fn put_places(path: &Path) {
    let mut database = Database::default();
    database.metadata.binary_format_major_version = 2;
    let names = |name: &str| Place::Map(BTreeMap::from([("en", Place::Text(name.to_owned()))]));
    let country = Place::Map(BTreeMap::from([("iso_code", Place::Text("DE".to_owned()))]));
    let city = Place::Map(BTreeMap::from([("names", names("Berlin"))]));
    let region = BTreeMap::from([("iso_code", Place::Text("BE".to_owned()))]);
    let location = Place::Map(BTreeMap::from([
        ("latitude", Place::Number(52.5)),
        ("longitude", Place::Number(13.4)),
        ("time_zone", Place::Text("Europe/Berlin".to_owned())),
    ]));
    let record = BTreeMap::from([
        ("country", country),
        ("city", city),
        ("subdivisions", Place::List(vec![Place::Map(region)])),
        ("location", location),
    ]);
    let record = database.insert_value(record).unwrap();
    let network: IpAddrWithMask = "81.2.69.0/24".parse().unwrap();
    database.insert_node(network, record);
    std::fs::write(path, database.write_to(Vec::new()).unwrap()).unwrap();
}

/// A value of an IP database.
#[derive(serde::Serialize)]
#[serde(untagged)]
enum Place {
    Text(String),
    Number(f64),
    List(Vec<Place>),
    Map(BTreeMap<&'static str, Place>),
}
