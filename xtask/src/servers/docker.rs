//! Servers in containers: the one file that knows testcontainers.

use std::fs::File;
use std::io::Read;
use std::time::{Duration, Instant};

use testcontainers::core::IntoContainerPort;
use testcontainers::runners::SyncRunner;
use testcontainers::{Container, ContainerRequest, GenericImage, ImageExt};

use super::durability::Durability;
use super::kind::Kind;
use super::{postgres, probe, redis};

/// How long a container may take to answer once it runs.
const START_LIMIT: Duration = Duration::from_secs(60);

/// A running container; dropping it removes it.
#[derive(Debug)]
pub(super) struct Contained {
    url: String,
    _container: Container<GenericImage>,
}

impl Contained {
    /// Starts a container, pulling its image where the engine lacks it, and waits until the server
    /// in it answers; otherwise says why there is none.
    pub(super) fn start(kind: Kind, durability: Durability) -> Result<Self, String> {
        let password = password()?;
        let container = request(kind, durability, &kind.image(), &password)
            .start()
            .map_err(|error| error.to_string())?;
        let port = container
            .get_host_port_ipv4(inner_port(kind))
            .map_err(|error| error.to_string())?;
        let host = container.get_host().map_err(|error| error.to_string())?;
        let host = reachable(&host.to_string());
        let deadline = Instant::now() + START_LIMIT;
        while !probe::answers(kind, &host, port) {
            if Instant::now() > deadline {
                return Err(format!("{} did not answer in its container", kind.name()));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(Self {
            url: kind.url(Some(&password), &host, port),
            _container: container,
        })
    }

    /// Where it is reached.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

/// What the engine is asked to run. That it is ready is for the probe to say.
///
/// The entry points of the images put the server's name before options. An engine publishes ports
/// to the network, hence the password; in clear text, because hashing it in unoptimised tests
/// would cost more than each of them.
fn request(
    kind: Kind,
    durability: Durability,
    image: &str,
    password: &str,
) -> ContainerRequest<GenericImage> {
    let (name, tag) = name_and_tag(image);
    let image = GenericImage::new(name, tag).with_exposed_port(inner_port(kind).tcp());
    match kind {
        Kind::Postgres => image
            .with_cmd(
                postgres::settings(durability)
                    .iter()
                    .flat_map(|&setting| ["-c", setting]),
            )
            .with_env_var("POSTGRES_PASSWORD", password)
            .with_env_var("POSTGRES_HOST_AUTH_METHOD", "password")
            .with_env_var("POSTGRES_INITDB_ARGS", "--no-sync"),
        Kind::Redis => {
            let password = ["--requirepass", password];
            image.with_cmd(redis::SETTINGS.iter().copied().chain(password))
        }
    }
}

/// A password that nobody guesses.
fn password() -> Result<String, String> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom")
        .and_then(|mut random| random.read_exact(&mut bytes))
        .map_err(|error| format!("no random password: {error}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn inner_port(kind: Kind) -> u16 {
    match kind {
        Kind::Postgres => 5432,
        Kind::Redis => 6379,
    }
}

/// An image's name and tag; a digest is split where the two are joined again by a colon.
fn name_and_tag(image: &str) -> (&str, &str) {
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, tag),
        _ => (image, "latest"),
    }
}

/// The host as an address: `localhost` may mean IPv6 first, where the engine maps another port.
fn reachable(host: &str) -> String {
    if host == "localhost" {
        "127.0.0.1".to_owned()
    } else {
        host.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use testcontainers::Image;

    use super::*;

    #[test]
    fn images_are_split_into_name_and_tag() {
        assert_eq!(
            name_and_tag("postgres:17-alpine"),
            ("postgres", "17-alpine")
        );
        assert_eq!(name_and_tag("postgres"), ("postgres", "latest"));
        assert_eq!(
            name_and_tag("registry.example:5000/redis"),
            ("registry.example:5000/redis", "latest")
        );
        assert_eq!(
            name_and_tag("registry.example:5000/redis:7"),
            ("registry.example:5000/redis", "7")
        );
        assert_eq!(name_and_tag("redis@sha256:abc"), ("redis@sha256", "abc"));
    }

    #[test]
    fn the_request_holds_image_port_password_and_settings() {
        let quick = Durability::Quick;
        let postgres = request(Kind::Postgres, quick, "postgres:17-alpine", "secret");
        assert_eq!(postgres.descriptor(), "postgres:17-alpine");
        assert_eq!(postgres.image().expose_ports(), [5432.tcp()]);
        assert!(postgres.ready_conditions().is_empty());
        let command: Vec<_> = postgres.cmd().map(Cow::into_owned).collect();
        assert_eq!(command[..2], ["-c", "max_connections=300"]);
        assert_eq!(command.len(), 2 * postgres::settings(quick).len());
        let variables: Vec<_> = postgres.env_vars().map(|(name, _)| name).collect();
        assert!(variables.contains(&Cow::Borrowed("POSTGRES_PASSWORD")));

        let redis = request(Kind::Redis, quick, "redis:7-alpine", "secret");
        assert_eq!(redis.image().expose_ports(), [6379.tcp()]);
        let command: Vec<_> = redis.cmd().map(Cow::into_owned).collect();
        assert_eq!(command[command.len() - 2..], ["--requirepass", "secret"]);
    }

    #[test]
    fn passwords_differ() {
        let password = password().unwrap();
        assert_eq!(password.len(), 32);
        assert_ne!(password, super::password().unwrap());
    }

    #[test]
    fn the_local_engine_is_reached_where_its_port_is_mapped() {
        assert_eq!(reachable("localhost"), "127.0.0.1");
        assert_eq!(reachable("172.17.0.1"), "172.17.0.1");
    }
}
