//! Accepts an invitation: whoever it was mailed to becomes a member, and is signed in.

mod joining;

use std::sync::Arc;

use kogents_domain::auth::{
    EnteredPassword, HashError, InvitedUser, NewPassword, PasswordHasher, PasswordStrength,
    PersonName, User,
};
use kogents_domain::digest::Digest;
use kogents_domain::ids::{IdGenerator, UserId};
use kogents_domain::limits::LimitLedger;
use kogents_domain::mail::MailedToken;
use kogents_domain::secret::SecretText;
use kogents_domain::session::{ActivityCount, Analytics, SessionType};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::Clock;
use kogents_domain::violation::Violation;

use super::good_invitation::GoodInvitation;
use crate::audit::AuditDesk;
use crate::auth::{
    Authenticate, AuthenticateCommand, AuthenticateError, Credentials, Device, Entered, NotTried,
    NotVerified, SignedIn, TokenMinter, Tried, Try,
};
use crate::limits::Limited;
use crate::mail::MailedTokens;
use crate::session::{Client, SessionGate, SessionOpener};
use crate::signup::SignUp;
use joining::{Joined, Joining};

/// A mailed token, and what shows that its bearer may act for the address.
#[derive(Debug, Clone)]
pub struct AcceptInvitationCommand {
    /// The token.
    pub token: MailedToken,
    /// The name of whoever has no account yet.
    pub name: Option<PersonName>,
    /// The account's password, or the one that it is to have.
    pub password: Option<EnteredPassword>,
    /// The access token that came along.
    pub access_token: Option<SecretText>,
    /// A refresh token that came along: of the account's owner, it shows that this is a device
    /// they were signed in on.
    pub refresh_token: Option<SecretText>,
    /// What the request says of the client that makes it.
    pub client: Client,
    /// Where to write what the limits say.
    pub ledger: LimitLedger,
}

/// Why nobody joined. The invitation is as good as before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AcceptInvitationError {
    /// The invitation is unknown, accepted, withdrawn, expired, for another account than the one
    /// that accepts it, or to a workspace that they are in already; or nobody vouches for it any
    /// more.
    #[error("the invitation is not good")]
    Invalid,
    /// What is missing, or wrong with what an account is to be made of.
    #[error("name or password are missing or wrong")]
    Refused {
        /// What is wrong with the name.
        name: Option<Violation>,
        /// What is wrong with the password.
        password: Option<Violation>,
    },
    /// The password is not the account's, or the person is suspended.
    #[error("address or password is wrong")]
    InvalidCredentials,
    /// The access token is not that of a live session, and there is no password.
    #[error("the access token is not valid")]
    InvalidToken,
    /// Too many sign-ins have failed, or the session has made too many requests.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// No verdict on the password, or no hash of it.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<NotTried> for AcceptInvitationError {
    fn from(error: NotTried) -> Self {
        match error {
            NotTried::Limited(limited) => Self::Limited(limited),
            NotTried::Hash(error) => Self::Hash(error),
            NotTried::Store(error) => Self::Store(error),
        }
    }
}

impl From<NotVerified> for AcceptInvitationError {
    fn from(error: NotVerified) -> Self {
        match error {
            NotVerified::Mismatch => Self::InvalidCredentials,
            NotVerified::Hash(error) => Self::Hash(error),
            NotVerified::Store(error) => Self::Store(error),
        }
    }
}

impl From<AuthenticateError> for AcceptInvitationError {
    fn from(error: AuthenticateError) -> Self {
        match error {
            AuthenticateError::Invalid => Self::InvalidToken,
            AuthenticateError::Limited(limited) => Self::Limited(limited),
            AuthenticateError::Store(error) => Self::Store(error),
        }
    }
}

/// Makes a member of whoever an invitation was mailed to, and opens a session for them in the
/// workspace. The link shows that they read the address's mail, which is enough to make an account
/// for it, and not enough to sign in to one that is there: that takes its password, or a session
/// of it. The store decides between rivals: of any number of parallel calls one succeeds.
pub struct AcceptInvitation {
    /// Compares passwords, and counts failures.
    pub credentials: Arc<Credentials>,
    /// Tells whose an access token is.
    pub authenticate: Arc<Authenticate>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// Reads tokens.
    pub tokens: Arc<MailedTokens>,
    /// Hashes the password of a new account.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Judges it.
    pub strength: Arc<dyn PasswordStrength>,
    /// Opens the session.
    pub opener: Arc<SessionOpener>,
    /// Tells of who joined.
    pub audit: Arc<AuditDesk>,
    /// Mints the tokens.
    pub minter: Arc<TokenMinter>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
}

impl AcceptInvitation {
    /// An account that is made, or changes, at the same moment is judged once more; and once more,
    /// because a new one may change as well.
    const ATTEMPTS: u8 = 3;

    /// Accepts.
    ///
    /// # Errors
    /// See [`AcceptInvitationError`].
    pub async fn run(
        &self,
        command: AcceptInvitationCommand,
    ) -> Result<SignedIn, AcceptInvitationError> {
        // A flood must not keep the store from those who need it for something else.
        if command.password.is_some() && self.hasher.is_busy() {
            return Err(HashError::Busy.into());
        }
        let digest = self.tokens.digest(&command.token);
        for _ in 0..Self::ATTEMPTS {
            let (good, account) = self.look(&digest).await?;
            let accepted = match account {
                Some(account) => self.by_owner(&command, &good, account).await?,
                None => self.by_newcomer(&command, good).await?,
            };
            if let Some(signed_in) = accepted {
                return Ok(signed_in);
            }
        }
        Err(AcceptInvitationError::Invalid)
    }

    /// The invitation, if it is good, and the account that its address has.
    async fn look(
        &self,
        digest: &Digest,
    ) -> Result<(GoodInvitation, Option<User>), AcceptInvitationError> {
        let now = self.clock.now();
        let mut unit = self.store.read(Scope::System).await?;
        let good = GoodInvitation::find(unit.as_mut(), digest, now).await?;
        let good = good.ok_or(AcceptInvitationError::Invalid)?;
        let account = unit.users().find_by_email(&good.invitation.email).await?;
        Ok((good, account))
    }

    /// Whoever has an account shows that it is theirs. None: it changed meanwhile.
    async fn by_owner(
        &self,
        command: &AcceptInvitationCommand,
        good: &GoodInvitation,
        account: User,
    ) -> Result<Option<SignedIn>, AcceptInvitationError> {
        match (&command.password, &command.access_token) {
            (Some(password), _) => self.by_password(command, good, password).await,
            (None, Some(token)) => {
                let asked = AuthenticateCommand {
                    token: token.clone(),
                    ip_address: command.client.ip_address,
                    counted: Some(ActivityCount::REQUEST),
                    ledger: command.ledger.clone(),
                };
                let caller = self.authenticate.run(asked).await?;
                if caller.user_id != account.id {
                    return Err(AcceptInvitationError::Invalid);
                }
                if account.is_suspended() {
                    return Err(AcceptInvitationError::InvalidCredentials);
                }
                self.join_account(
                    command,
                    good,
                    Joining::with_session(account, caller.session_id),
                )
                .await
            }
            (None, None) => Err(AcceptInvitationError::Refused {
                name: None,
                password: Some(Violation::required()),
            }),
        }
    }

    async fn by_password(
        &self,
        command: &AcceptInvitationCommand,
        good: &GoodInvitation,
        password: &EnteredPassword,
    ) -> Result<Option<SignedIn>, AcceptInvitationError> {
        let entered = Entered {
            email: &good.invitation.email,
            password,
            ip_address: command.client.ip_address,
            device: Device::Bringing(command.refresh_token.as_ref()),
            ledger: &command.ledger,
        };
        let mut begun = self.credentials.begin(entered).await?;
        let outcome = self
            .after_comparing(command, good, entered, &mut begun)
            .await;
        let tried = match &outcome {
            // Only this is a failure.
            Err(AcceptInvitationError::InvalidCredentials) => Tried::Failed,
            Ok(Some(_)) => Tried::Passed,
            Ok(None)
            | Err(
                AcceptInvitationError::Invalid
                | AcceptInvitationError::Refused { .. }
                | AcceptInvitationError::InvalidToken
                | AcceptInvitationError::Limited(_)
                | AcceptInvitationError::Hash(_)
                | AcceptInvitationError::Store(_),
            ) => Tried::Undecided,
        };
        self.credentials.settle(entered, begun, tried).await?;
        outcome
    }

    async fn after_comparing(
        &self,
        command: &AcceptInvitationCommand,
        good: &GoodInvitation,
        entered: Entered<'_>,
        begun: &mut Try,
    ) -> Result<Option<SignedIn>, AcceptInvitationError> {
        let (account, rehashed) = self.credentials.verified(entered, begun).await?;
        let joining = Joining::with_password(account, rehashed);
        self.join_account(command, good, joining).await
    }

    async fn join_account(
        &self,
        command: &AcceptInvitationCommand,
        good: &GoodInvitation,
        joining: Joining,
    ) -> Result<Option<SignedIn>, AcceptInvitationError> {
        let now = self.clock.now();
        let id = joining.user.id;
        let client = command.client.clone();
        let analytics = Analytics::default();
        let made = self.opener.make(id, SessionType::Web, client, analytics);
        let prepared = self.opener.prepare(made, now).await?;

        // Opening may end the session that was idle longest.
        let fence = self.gate.fence(id, now).await;
        let joined = joining.commit(self, good, prepared, now).await;
        self.gate.lift(id, fence, now).await;
        self.signed_in(joining.user, joined?)
    }

    /// Makes an account for whoever has none. None: there is one by now.
    async fn by_newcomer(
        &self,
        command: &AcceptInvitationCommand,
        good: GoodInvitation,
    ) -> Result<Option<SignedIn>, AcceptInvitationError> {
        let (name, password) = account_of(command)?;
        let email = &good.invitation.email;
        let mut context = SignUp::password_context(Some(email), Some(&name));
        context.push(good.workspace.name.as_str().to_owned());
        if !self.strength.is_strong(&password, context).await? {
            return Err(AcceptInvitationError::Refused {
                name: None,
                password: Some(NewPassword::too_weak()),
            });
        }
        let password_hash = self.hasher.hash(&password).await?;

        let now = self.clock.now();
        let invited = InvitedUser {
            id: UserId::from_uuid(self.ids.next()),
            email: email.clone(),
            name,
            phone: good.invitation.phone.clone(),
            password_hash,
            invitation_id: good.invitation.id,
            workspace_id: good.workspace.id,
        };
        let joining = Joining::anew(User::from_invitation(invited, now));
        let prepared = self.opener.prepare_first(
            joining.user.id,
            good.workspace.id,
            command.client.clone(),
            Analytics::default(),
        );
        let joined = joining.commit(self, &good, prepared, now).await?;
        self.signed_in(joining.user, joined)
    }

    /// What is left to do once somebody has joined.
    fn signed_in(
        &self,
        user: User,
        joined: Joined,
    ) -> Result<Option<SignedIn>, AcceptInvitationError> {
        let (standing, session) = match joined {
            Joined::Member(joined) => *joined,
            Joined::Changed => return Ok(None),
            Joined::NotGood => return Err(AcceptInvitationError::Invalid),
        };
        self.opener.opened(&session);
        let tokens = self
            .minter
            .pair(&session.session, session.session.started_at);
        Ok(Some(SignedIn {
            tokens,
            user,
            standing: Some(standing),
            session,
        }))
    }
}

/// What an account is to be made of.
fn account_of(
    command: &AcceptInvitationCommand,
) -> Result<(PersonName, NewPassword), AcceptInvitationError> {
    let name = command.name.clone().ok_or_else(Violation::required);
    let password = match &command.password {
        Some(entered) => NewPassword::parse(entered.secret().expose()),
        None => Err(Violation::required()),
    };
    match (name, password) {
        (Ok(name), Ok(password)) => Ok((name, password)),
        (name, password) => Err(AcceptInvitationError::Refused {
            name: name.err(),
            password: password.err(),
        }),
    }
}
