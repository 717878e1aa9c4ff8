//! The server's tokens, made with its secrets.

use std::sync::Arc;

use kogents::config::Config;
use kogents_adapter_crypto::{HmacDigester, JwtAccessTokens, JwtRefreshTokens, Keys, SystemIds};
use kogents_domain::digest::Digester;
use kogents_domain::session::Lifetimes;
use kogents_usecases::auth::TokenMinter;

use crate::environment::Environment;
use crate::failure::Failure;

/// Access tokens of the server in this environment.
pub(crate) fn access(environment: &Environment) -> Result<JwtAccessTokens, Failure> {
    Ok(JwtAccessTokens::new(
        environment.issuer(),
        &environment.secrets()?.access_secrets(),
        environment.config.lifetimes.access_token,
        Arc::new(SystemIds::default()),
    ))
}

/// What mints the pairs of tokens of the server in this environment.
pub(crate) fn minter(environment: &Environment) -> Result<TokenMinter, Failure> {
    let digester = digester(environment)?;
    let config = &environment.config;
    Ok(TokenMinter {
        access: Arc::new(access(environment)?),
        refresh: Arc::new(JwtRefreshTokens::new(
            environment.issuer(),
            &environment.secrets()?.refresh_secrets(),
            config.lifetimes.refresh_idle,
            digester.clone(),
        )),
        digester,
        access_ttl: config.lifetimes.access_token,
        lifetimes: lifetimes(config),
    })
}

/// The server's digests.
pub(crate) fn digester(environment: &Environment) -> Result<Arc<dyn Digester>, Failure> {
    let keys = Keys::derive(&environment.secrets()?);
    Ok(Arc::new(HmacDigester::new(&keys)))
}

/// How long the server lets sessions and refresh tokens live.
pub(crate) const fn lifetimes(config: &Config) -> Lifetimes {
    Lifetimes {
        session_idle: config.lifetimes.session_idle,
        session_absolute: config.lifetimes.session_absolute,
        refresh_idle: config.lifetimes.refresh_idle,
        refresh_absolute: config.lifetimes.refresh_absolute,
        refresh_grace: config.lifetimes.refresh_grace,
    }
}
