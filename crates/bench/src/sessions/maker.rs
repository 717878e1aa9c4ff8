//! Makes persons with a session each, of values that the product would make of a signup.

use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;

use kogents_adapter_crypto::{Argon2Hasher, SystemClock, SystemIds};
use kogents_adapter_geoip::MmdbLocator;
use kogents_adapter_useragent::UaDetector;
use kogents_domain::auth::{
    EmailAddress, NewPassword, NewUser, PasswordHash, PasswordHasher as _, PersonName, User,
};
use kogents_domain::ids::{IdGenerator as _, SessionId, SignupId, UserId, WorkspaceId};
use kogents_domain::session::{Analytics, ClientHints, NewSession, SessionRecord, SessionType};
use kogents_domain::time::{Clock as _, Timestamp};
use kogents_domain::violation::Violation;
use kogents_domain::workspace::Membership;
use kogents_usecases::auth::TokenMinter;
use kogents_usecases::session::{Captured, Client, SessionCapture};

use super::batch::Batch;
use super::line::Line;
use super::person::Person;
use super::place::Place;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::{hex, tokens};

/// Everybody's password.
const PASSWORD: &str = "measured persons sign in with this";

/// Everybody's browser.
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
    Chrome/131.0.0.0 Safari/537.36";

/// Makes persons.
pub(super) struct Maker {
    ids: SystemIds,
    capture: SessionCapture,
    minter: TokenMinter,
    password_hash: PasswordHash,
}

impl Maker {
    /// What makes them for the server in this environment. One hash is made, and serves all.
    pub(super) async fn new(environment: &Environment) -> Result<Self, Failure> {
        let hasher = Argon2Hasher::new(NonZeroUsize::MIN)?;
        Ok(Self {
            ids: SystemIds::default(),
            capture: SessionCapture {
                detector: Arc::new(UaDetector::start()),
                locator: Arc::new(MmdbLocator::new(None)),
                digester: tokens::digester(environment)?,
            },
            minter: tokens::minter(environment)?,
            password_hash: hasher.hash(&NewPassword::parse(PASSWORD)?).await?,
        })
    }

    /// A workspace with a member, and so many others.
    pub(super) fn batch(&self, others: u32) -> Result<Batch, Failure> {
        let now = SystemClock.now();
        let place = Place::new(&self.ids, now)?;
        let first = self.person(&place, now)?;
        let others: Result<Vec<Person>, Violation> =
            (0..others).map(|_| self.person(&place, now)).collect();
        let others = others?;
        let workspace = place.workspace.id;
        let persons = std::iter::once(&first).chain(&others);
        let lines = persons.map(|person| self.line(person, workspace, now));
        Ok(Batch {
            lines: lines.collect(),
            place,
            first,
            others,
        })
    }

    fn person(&self, place: &Place, now: Timestamp) -> Result<Person, Violation> {
        let id = UserId::from_uuid(self.ids.next());
        let workspace_id = place.workspace.id;
        let number = id.as_uuid().simple();
        let new = NewUser {
            id,
            email: EmailAddress::parse(&format!("bench-{number}@measured.example"))?,
            name: PersonName::parse("Measured Person")?,
            password_hash: self.password_hash.clone(),
            signup_id: SignupId::from_uuid(self.ids.next()),
            workspace_id,
            analytics: Analytics::default(),
        };
        let client = Client {
            ip_address: IpAddr::from([192, 0, 2, 1]),
            hints: ClientHints::of_user_agent(BROWSER),
            language: None,
        };
        let captured = self.capture.of(id, client, Analytics::default());
        let Captured {
            mut facts,
            fingerprint,
        } = captured;
        facts.is_new_device = Some(true);
        let session_id = SessionId::from_uuid(self.ids.next());
        let session = NewSession {
            id: session_id,
            user_id: id,
            workspace_id: Some(workspace_id),
            session_type: SessionType::Web,
            refresh_digest: self.minter.refresh_digest(session_id, 0),
            facts,
        };
        Ok(Person {
            user: User::from_signup(new, now),
            membership: Membership::active(workspace_id, id, place.admin.id, now),
            session: SessionRecord::open(session, &self.minter.lifetimes, now),
            fingerprint,
        })
    }

    fn line(&self, person: &Person, workspace: WorkspaceId, now: Timestamp) -> Line {
        let session = &person.session.session;
        let pair = self.minter.pair(session, now);
        Line {
            user_id: session.user_id.to_string(),
            session_id: session.id.to_string(),
            workspace_id: workspace.to_string(),
            access_token: pair.access.expose().to_owned(),
            refresh_token: pair.refresh.expose().to_owned(),
            refresh_digest: hex::text(&self.minter.refresh_digest(session.id, 0)),
            next_refresh_digest: hex::text(&self.minter.refresh_digest(session.id, 1)),
            email: person.user.email.as_given().to_owned(),
            password: PASSWORD,
        }
    }
}
