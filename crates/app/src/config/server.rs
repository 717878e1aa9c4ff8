//! Where the server listens, what it is called, and whom it believes.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use ipnet::IpNet;
use kogents_domain::time::Span;
use url::Url;

use super::mode::Mode;
use super::parse::{base_url, host, is_secure, networks, number, origins, web_url};
use super::reader::Reader;

/// Where the server listens, what it is called, and whom it believes.
#[derive(Debug, Clone)]
pub struct Server {
    /// `HOST`: the address to listen at.
    pub host: IpAddr,
    /// `PORT`; 0 lets the system choose.
    pub port: u16,
    /// `PUBLIC_URL`: how clients call this server; in development `http://localhost:PORT`.
    pub public_url: Option<Url>,
    /// `DASHBOARD_URL`: where links in mails lead; else to `PUBLIC_URL`.
    pub dashboard_url: Option<Url>,
    /// `ALLOWED_ORIGINS`: origins that browsers may call from.
    pub allowed_origins: Vec<String>,
    /// `TRUSTED_PROXIES`: peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// `DATA_DIR`: the folder for everything that is kept here.
    pub data_dir: PathBuf,
    /// `SHUTDOWN_DELAY_SECS`: how long the server says that it is not ready, and still takes
    /// requests, before it stops.
    pub shutdown_delay: Span,
    /// `METRICS_PORT`: the listener for `/metrics`, if there is to be one; 0 lets the system
    /// choose.
    pub metrics_port: Option<u16>,
}

const PORT: u16 = 3_000;
const DATA_DIR: &str = "./data";

pub(super) fn read(reader: &mut Reader<'_>, mode: Mode) -> Server {
    // Nobody balances requests between servers of developers.
    let default_delay_secs = match mode {
        Mode::Development => 0,
        Mode::Production => 5,
    };
    let server = Server {
        host: read_host(reader, mode),
        port: read_port(reader),
        public_url: reader.optional("PUBLIC_URL", base_url),
        dashboard_url: reader.optional("DASHBOARD_URL", web_url),
        allowed_origins: reader.or("ALLOWED_ORIGINS", Vec::new(), origins),
        trusted_proxies: reader.or("TRUSTED_PROXIES", Vec::new(), networks),
        data_dir: read_data_dir(reader),
        shutdown_delay: Span::from_secs(reader.or(
            "SHUTDOWN_DELAY_SECS",
            default_delay_secs,
            number(0..=5),
        )),
        metrics_port: reader.optional("METRICS_PORT", number(0..=u16::MAX)),
    };
    if server.port != 0 && server.metrics_port == Some(server.port) {
        reader.fault("METRICS_PORT", "must be another port than PORT");
    }
    if mode.is_production() {
        check_public_url(reader, server.public_url.as_ref());
    }
    server
}

pub(super) fn read_host(reader: &mut Reader<'_>, mode: Mode) -> IpAddr {
    let default: IpAddr = match mode {
        Mode::Development => Ipv4Addr::LOCALHOST.into(),
        Mode::Production => Ipv4Addr::UNSPECIFIED.into(),
    };
    reader.or("HOST", default, host)
}

pub(super) fn read_port(reader: &mut Reader<'_>) -> u16 {
    reader.or("PORT", PORT, number(0..=u16::MAX))
}

pub(super) fn read_data_dir(reader: &mut Reader<'_>) -> PathBuf {
    reader.or("DATA_DIR", DATA_DIR.into(), |text| Ok(text.into()))
}

fn check_public_url(reader: &mut Reader<'_>, url: Option<&Url>) {
    match url {
        None => reader.fault(
            "PUBLIC_URL",
            "must be set in production: the https URL that clients call this server by",
        ),
        Some(url) if !is_secure(url) => {
            reader.fault("PUBLIC_URL", "must be an https URL in production");
        }
        Some(_) => {}
    }
}
