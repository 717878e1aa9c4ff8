//! How often something may be done.

use kogents_domain::limits::{Limit, LimitRule, LimitRules};
use kogents_domain::signup::GuessBudgets;
use kogents_domain::time::Span;

use super::mode::Mode;
use super::parse::{choice, guess_budgets, limits};
use super::reader::Reader;

/// How often something may be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// `RATE_LIMITS` and `RATE_LIMIT_*`.
    pub rules: LimitRules,
    /// `RATE_LIMIT_CONFIRM_EMAIL`: wrong guesses at codes of one address. Never off.
    pub confirm_email: GuessBudgets,
}

/// `RATE_LIMITS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Switch {
    On,
    Off,
}

const CONFIRM_EMAIL: GuessBudgets = GuessBudgets::one(Limit::new(15, Span::from_secs(86_400)));

pub(super) fn read(reader: &mut Reader<'_>, mode: Mode) -> Limits {
    let choices = [("on", Switch::On), ("off", Switch::Off)];
    let on = reader.or("RATE_LIMITS", Switch::On, choice(&choices)) == Switch::On;
    if !on && mode.is_production() {
        reader.fault("RATE_LIMITS", "can be off in development only");
    }
    let read = LimitRule::ALL.into_iter().map(|rule| {
        let default = LimitRules::default_of(rule);
        (rule, reader.or(variable(rule), default, limits))
    });
    let rules = read.fold(LimitRules::off(), |rules, (rule, limits)| {
        rules.with(rule, limits)
    });
    Limits {
        rules: if on { rules } else { LimitRules::off() },
        confirm_email: reader.or("RATE_LIMIT_CONFIRM_EMAIL", CONFIRM_EMAIL, guess_budgets),
    }
}

/// The variable that sets a rule.
const fn variable(rule: LimitRule) -> &'static str {
    match rule {
        LimitRule::LoginPair => "RATE_LIMIT_LOGIN_PAIR",
        LimitRule::LoginAccount => "RATE_LIMIT_LOGIN_ACCOUNT",
        LimitRule::LoginAddress => "RATE_LIMIT_LOGIN_ADDRESS",
        LimitRule::SignupEmail => "RATE_LIMIT_SIGNUP_EMAIL",
        LimitRule::SignupAddress => "RATE_LIMIT_SIGNUP_ADDRESS",
        LimitRule::SendEmail => "RATE_LIMIT_SEND_EMAIL",
        LimitRule::SendAddress => "RATE_LIMIT_SEND_ADDRESS",
        LimitRule::ConfirmAddress => "RATE_LIMIT_CONFIRM_ADDRESS",
        LimitRule::ResumeAddress => "RATE_LIMIT_RESUME_ADDRESS",
        LimitRule::RefreshSession => "RATE_LIMIT_REFRESH_SESSION",
        LimitRule::RefreshAddress => "RATE_LIMIT_REFRESH_ADDRESS",
        LimitRule::WorkspaceSignup => "RATE_LIMIT_WORKSPACE_SIGNUP",
        LimitRule::WorkspaceAddress => "RATE_LIMIT_WORKSPACE_ADDRESS",
        LimitRule::ResetEmail => "RATE_LIMIT_RESET_EMAIL",
        LimitRule::ResetAddress => "RATE_LIMIT_RESET_ADDRESS",
        LimitRule::InviteEmail => "RATE_LIMIT_INVITE_EMAIL",
        LimitRule::ChangeEmail => "RATE_LIMIT_CHANGE_EMAIL",
        LimitRule::TokenAddress => "RATE_LIMIT_TOKEN_ADDRESS",
        LimitRule::GeneralSession => "RATE_LIMIT_GENERAL_SESSION",
        LimitRule::GeneralAddress => "RATE_LIMIT_GENERAL_ADDRESS",
    }
}
