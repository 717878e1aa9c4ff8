//! How much each rule allows.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Limit, LimitRule};
use crate::time::Span;

/// The limits of every rule. A rule may have several, which all hold, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitRules(BTreeMap<LimitRule, Arc<[Limit]>>);

const MINUTE: Span = Span::from_secs(60);
const FIVE_MINUTES: Span = Span::from_secs(300);
const QUARTER: Span = Span::from_secs(900);
const HOUR: Span = Span::from_secs(3_600);
const DAY: Span = Span::from_secs(86_400);

impl LimitRules {
    /// No limits.
    #[must_use]
    pub const fn off() -> Self {
        Self(BTreeMap::new())
    }

    /// The limits of a rule when nobody says otherwise.
    #[must_use]
    pub fn default_of(rule: LimitRule) -> Vec<Limit> {
        match rule {
            LimitRule::LoginPair => vec![Limit::new(5, QUARTER)],
            LimitRule::LoginAccount => vec![Limit::new(30, QUARTER)],
            LimitRule::LoginAddress => vec![Limit::new(100, QUARTER)],
            LimitRule::SignupEmail | LimitRule::ResetEmail => vec![Limit::new(3, HOUR)],
            LimitRule::SignupAddress | LimitRule::ResetAddress => vec![Limit::new(20, HOUR)],
            LimitRule::TokenAddress => vec![Limit::new(30, QUARTER)],
            LimitRule::SendEmail | LimitRule::InviteEmail | LimitRule::ChangeEmail => {
                vec![Limit::new(5, HOUR), Limit::new(10, DAY)]
            }
            LimitRule::SendAddress => vec![Limit::new(30, HOUR)],
            LimitRule::ConfirmAddress | LimitRule::ResumeAddress => vec![Limit::new(60, QUARTER)],
            LimitRule::RefreshSession => vec![Limit::new(30, FIVE_MINUTES)],
            LimitRule::RefreshAddress => vec![Limit::new(600, FIVE_MINUTES)],
            LimitRule::WorkspaceSignup => vec![Limit::new(10, HOUR)],
            LimitRule::WorkspaceAddress => vec![Limit::new(60, HOUR)],
            LimitRule::GeneralSession => vec![Limit::new(600, MINUTE)],
            LimitRule::GeneralAddress => vec![Limit::new(300, MINUTE)],
        }
    }

    /// The limits of a rule; none when it is off.
    #[must_use]
    pub fn of(&self, rule: LimitRule) -> Arc<[Limit]> {
        self.0.get(&rule).cloned().unwrap_or_default()
    }

    /// The same with other limits for one rule.
    #[must_use]
    pub fn with(mut self, rule: LimitRule, limits: impl Into<Arc<[Limit]>>) -> Self {
        self.0.insert(rule, limits.into());
        self
    }

    /// The same with every quota halved, for a process that counts alone what others count too.
    #[must_use]
    pub fn halved(&self) -> Self {
        let halve = |limits: &Arc<[Limit]>| limits.iter().map(Limit::halved).collect();
        Self(
            self.0
                .iter()
                .map(|(rule, limits)| (*rule, halve(limits)))
                .collect(),
        )
    }
}

impl Default for LimitRules {
    fn default() -> Self {
        let rules = LimitRule::ALL.into_iter();
        Self(
            rules
                .map(|rule| (rule, Self::default_of(rule).into()))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_limits_of_its_own_and_a_name() {
        let rules = LimitRules::default();
        let mut names: Vec<_> = LimitRule::ALL.iter().map(|rule| rule.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), LimitRule::ALL.len());
        for rule in LimitRule::ALL {
            assert!(!rules.of(rule).is_empty(), "{rule:?}");
            assert!(LimitRules::off().of(rule).is_empty());
        }
    }

    #[test]
    fn halving_keeps_the_windows() {
        let halved = LimitRules::default().halved();
        let expected = [Limit::new(3, HOUR), Limit::new(5, DAY)];
        assert_eq!(*halved.of(LimitRule::SendEmail), expected);
    }
}
