//! What somebody wants changed of their profile, and what of it is new.

use kogents_domain::auth::{
    EmailAddress, EnteredPassword, Language, NewPassword, ProfileChange, User,
};
use kogents_domain::limits::LimitLedger;

use crate::auth::{Caller, Profile};
use crate::signup::SignUp;

/// What to change; what is None stays.
#[derive(Debug, Clone)]
pub struct UpdateProfileCommand {
    /// Who changes it.
    pub caller: Caller,
    /// What they say of themselves.
    pub change: ProfileChange,
    /// The address they want to have.
    pub email: Option<EmailAddress>,
    /// The password they want to have.
    pub password: Option<NewPassword>,
    /// The password they have, which a new address or password needs.
    pub current_password: Option<EnteredPassword>,
    /// The language to write in where the person has set none.
    pub language: Language,
    /// Where to write what the limits say.
    pub ledger: LimitLedger,
}

impl UpdateProfileCommand {
    /// Whether the present password has to be proven. A password is taken for a new one until it
    /// is: whether it is the present one is for nobody else to learn.
    pub(super) fn needs_proof(&self, present: &User) -> bool {
        self.password.is_some() || self.new_email(present).is_some()
    }

    /// The address, if it is another mailbox than the person's.
    pub(super) fn new_email(&self, present: &User) -> Option<&EmailAddress> {
        let other = |email: &&EmailAddress| email.normalised() != present.email.normalised();
        self.email.as_ref().filter(other)
    }

    /// The password, if it is another than what was entered as the present one.
    pub(super) fn new_password(&self) -> Option<&NewPassword> {
        let entered = self.current_password.as_ref();
        self.password
            .as_ref()
            .filter(|password| entered.is_none_or(|entered| entered.secret() != password.secret()))
    }

    /// Words about the person, as they are and as they want to be, and the name of the workspace
    /// they are in.
    pub(super) fn password_context(&self, present: &Profile) -> Vec<String> {
        let user = &present.user;
        let mut context = SignUp::password_context(Some(&user.email), Some(&user.name));
        let (email, name) = (self.email.as_ref(), self.change.name.as_ref());
        context.extend(SignUp::password_context(email, name));
        let standing = present.standing.as_ref();
        context.extend(standing.map(|standing| standing.workspace.name.as_str().to_owned()));
        context
    }
}
