//! Which port each use case gets.

mod access;
mod health;
mod people;
mod profile;
mod workspaces;

use std::sync::Arc;

use kogents_domain::session::Lifetimes;
use kogents_http::UseCases;
use kogents_usecases::audit::{AuditDesk, ListAudit};
use kogents_usecases::auth::{
    AssessPassword, Authenticate, ConfirmEmail, ConfirmPasswordReset, Credentials, LogIn, LogOut,
    ReadProfile, Refresh, ReportNotMe, RequestPasswordReset, ResetDesk, TokenMinter,
};
use kogents_usecases::limits::{AdmitRequest, RateLimits};
use kogents_usecases::mail::{MailDesk, MailedTokens};
use kogents_usecases::session::{
    ActivityBook, Admission, CountAction, EndOtherSessions, EndSession, FillSession, ListSessions,
    NewDeviceNotices, OpenSession, ReportActivity, SessionCapture, SessionGate, SessionOpener,
};
use kogents_usecases::signup::{
    AccountExists, ChooseWorkspace, ConfirmCode, DraftBox, ResumeSignup, SendCode, SignUp,
};

use super::{Adapters, code_policy};
use crate::config::Config;

/// Gives every use case its ports.
pub(super) fn wire(
    config: &Config,
    adapters: &Adapters,
    desk: &Arc<MailDesk>,
    book: &Arc<ActivityBook>,
) -> UseCases {
    let store = || adapters.store.clone();
    let clock = || adapters.clock.clone();
    let ids = || adapters.ids.clone();
    let random = || adapters.random.clone();
    let signal = || adapters.mail_signal.clone();
    let audit = Arc::new(AuditDesk { ids: ids() });
    let audit = || audit.clone();
    let desk = || desk.clone();
    let book = || book.clone();
    let drafts = Arc::new(DraftBox {
        pending: adapters.pending.clone(),
        sealer: adapters.sealer.clone(),
        digester: adapters.digester.clone(),
    });
    let gate = Arc::new(SessionGate {
        states: adapters.states.clone(),
    });
    let limits = Arc::new(RateLimits {
        limiter: adapters.limiter.clone(),
        local: adapters.local_limiter.clone(),
        rules: config.limits.rules.clone(),
        local_rules: config.limits.rules.halved(),
        digester: adapters.digester.clone(),
    });
    let tokens = Arc::new(MailedTokens {
        digester: adapters.digester.clone(),
        sealer: adapters.sealer.clone(),
        ids: ids(),
        random: random(),
    });
    let resets = Arc::new(ResetDesk {
        tokens: tokens.clone(),
        mail: desk(),
    });
    let account_exists = Arc::new(AccountExists { mail: desk() });
    let policy = code_policy(config);
    let minter = Arc::new(TokenMinter {
        access: adapters.access_tokens.clone(),
        refresh: adapters.refresh_tokens.clone(),
        digester: adapters.digester.clone(),
        access_ttl: config.lifetimes.access_token,
        lifetimes: lifetimes(config),
    });
    let session_idle = config.lifetimes.session_idle;
    let admission = Arc::new(Admission {
        states: adapters.states.clone(),
        book: book(),
        limits: limits.clone(),
        store: store(),
        session_idle,
    });
    let opener = Arc::new(SessionOpener {
        capture: SessionCapture {
            detector: adapters.detector.clone(),
            locator: adapters.locator.clone(),
            digester: adapters.digester.clone(),
        },
        minter: minter.clone(),
        book: book(),
        notices: NewDeviceNotices {
            tokens: tokens.clone(),
            mail: desk(),
        },
        audit: audit(),
        signal: signal(),
        store: store(),
        ids: ids(),
        session_limit: config.sizes.sessions_per_user,
    });
    let access = access::wire(adapters, &gate, &audit());
    let credentials = Arc::new(Credentials {
        limits: limits.clone(),
        refresh_tokens: adapters.refresh_tokens.clone(),
        store: store(),
        hasher: adapters.hasher.clone(),
        audit: audit(),
        clock: clock(),
    });
    let authenticate = Arc::new(Authenticate {
        tokens: adapters.access_tokens.clone(),
        admission: admission.clone(),
        clock: clock(),
    });
    let people = people::wire(
        adapters,
        &people::Shared {
            credentials: &credentials,
            authenticate: &authenticate,
            tokens: &tokens,
            mail: &desk(),
            opener: &opener,
            gate: &gate,
            audit: &audit(),
        },
    );
    let read_profile = Arc::new(ReadProfile {
        store: store(),
        clock: clock(),
    });
    let profile = profile::wire(
        adapters,
        &profile::Shared {
            credentials: &credentials,
            profiles: &read_profile,
            tokens: &tokens,
            mail: &desk(),
            gate: &gate,
            audit: &audit(),
        },
    );
    UseCases {
        sign_up: Arc::new(SignUp {
            limits: limits.clone(),
            drafts: drafts.clone(),
            store: store(),
            hasher: adapters.hasher.clone(),
            strength: adapters.strength.clone(),
            account_exists: account_exists.clone(),
            signal: signal(),
            background: adapters.background.clone(),
            clock: clock(),
            ids: ids(),
            random: random(),
            signup_ttl: config.lifetimes.signup,
        }),
        choose_workspace: Arc::new(ChooseWorkspace {
            limits: limits.clone(),
            drafts: drafts.clone(),
            store: store(),
            clock: clock(),
        }),
        send_code: Arc::new(SendCode {
            limits: limits.clone(),
            policy,
            drafts: drafts.clone(),
            store: store(),
            mail: desk(),
            account_exists,
            signal: signal(),
            clock: clock(),
            random: random(),
        }),
        confirm_code: Arc::new(ConfirmCode {
            policy,
            drafts: drafts.clone(),
            store: store(),
            opener: opener.clone(),
            minter: minter.clone(),
            mail: desk(),
            audit: audit(),
            signal: signal(),
            clock: clock(),
            ids: ids(),
            random: random(),
        }),
        resume_signup: Arc::new(ResumeSignup {
            drafts,
            clock: clock(),
        }),
        log_in: Arc::new(LogIn {
            credentials: credentials.clone(),
            store: store(),
            opener: opener.clone(),
            minter: minter.clone(),
            gate: gate.clone(),
            clock: clock(),
        }),
        refresh: Arc::new(Refresh {
            limits: limits.clone(),
            store: store(),
            tokens: adapters.refresh_tokens.clone(),
            minter: minter.clone(),
            book: book(),
            gate: gate.clone(),
            mail: desk(),
            audit: audit(),
            signal: signal(),
            clock: clock(),
        }),
        log_out: Arc::new(LogOut {
            store: store(),
            access_tokens: adapters.access_tokens.clone(),
            refresh_tokens: adapters.refresh_tokens.clone(),
            gate: gate.clone(),
            audit: audit(),
            clock: clock(),
        }),
        request_password_reset: Arc::new(RequestPasswordReset {
            limits: limits.clone(),
            store: store(),
            desk: resets.clone(),
            signal: signal(),
            clock: clock(),
            ids: ids(),
        }),
        confirm_password_reset: Arc::new(ConfirmPasswordReset {
            store: store(),
            tokens: tokens.clone(),
            hasher: adapters.hasher.clone(),
            strength: adapters.strength.clone(),
            gate: gate.clone(),
            mail: desk(),
            audit: audit(),
            signal: signal(),
            clock: clock(),
        }),
        confirm_email: Arc::new(ConfirmEmail {
            store: store(),
            tokens: tokens.clone(),
            gate: gate.clone(),
            mail: desk(),
            audit: audit(),
            signal: signal(),
            clock: clock(),
        }),
        report_not_me: Arc::new(ReportNotMe {
            store: store(),
            tokens,
            desk: resets,
            gate: gate.clone(),
            audit: audit(),
            signal: signal(),
            clock: clock(),
        }),
        assess_password: Arc::new(AssessPassword {
            strength: adapters.strength.clone(),
        }),
        admit_request: Arc::new(AdmitRequest {
            limits: limits.clone(),
            tokens: adapters.access_tokens.clone(),
            hasher: adapters.hasher.clone(),
            clock: clock(),
        }),
        authenticate,
        count_action: Arc::new(CountAction {
            book: book(),
            background: adapters.background.clone(),
            clock: clock(),
        }),
        open_session: Arc::new(OpenSession {
            opener,
            store: store(),
            minter: minter.clone(),
            gate: gate.clone(),
            clock: clock(),
        }),
        fill_session: Arc::new(FillSession {
            store: store(),
            book: book(),
            session_idle,
            clock: clock(),
        }),
        report_activity: Arc::new(ReportActivity {
            access_tokens: adapters.access_tokens.clone(),
            refresh_tokens: adapters.refresh_tokens.clone(),
            admission,
            clock: clock(),
        }),
        read_profile,
        list_sessions: Arc::new(ListSessions {
            store: store(),
            book: book(),
            session_idle,
            clock: clock(),
        }),
        end_session: Arc::new(EndSession {
            store: store(),
            digester: adapters.digester.clone(),
            book: book(),
            session_idle,
            gate: gate.clone(),
            audit: audit(),
            clock: clock(),
        }),
        end_other_sessions: Arc::new(EndOtherSessions {
            store: store(),
            gate: gate.clone(),
            audit: audit(),
            clock: clock(),
        }),
        list_audit: Arc::new(ListAudit { store: store() }),
        workspaces: workspaces::wire(adapters, &credentials, &gate, &minter, &audit()),
        profile,
        people,
        access,
        health: health::wire(adapters),
    }
}

const fn lifetimes(config: &Config) -> Lifetimes {
    Lifetimes {
        session_idle: config.lifetimes.session_idle,
        session_absolute: config.lifetimes.session_absolute,
        refresh_idle: config.lifetimes.refresh_idle,
        refresh_absolute: config.lifetimes.refresh_absolute,
        refresh_grace: config.lifetimes.refresh_grace,
    }
}
