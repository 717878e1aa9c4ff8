//! Who reads how a workspace is made up: its members, and services that show its API token.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use kogents_domain::ids::WorkspaceId;
use kogents_domain::workspace::ApiTokenSecret;
use kogents_usecases::workspace::{
    AuthenticateApiTokenCommand, AuthenticateApiTokenError, Member, Viewer,
};

use super::{SignedInCaller, refused};
use crate::limits::ledger;
use crate::problem::{Code, Problem};
use crate::state::Http;

/// The workspace whose API token a request shows. No session counts such a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WorkspaceByToken(pub(crate) WorkspaceId);

/// Lets a request through that shows a good API token. One that is none counts against its client's
/// address, as every token does that is not good.
pub(super) async fn admit(
    http: &Http,
    request: &HttpRequest,
    token: ApiTokenSecret,
) -> Result<(), Problem> {
    let command = AuthenticateApiTokenCommand {
        token,
        ledger: ledger(request),
    };
    let authenticate = http.use_cases.workspaces.authenticate_api_token.clone();
    let asked = http
        .run(async move {
            match authenticate.run(command).await {
                Ok(workspace) => Ok(Some(workspace)),
                Err(AuthenticateApiTokenError::Invalid) => Ok(None),
                Err(error) => Err(error),
            }
        })
        .await?;
    let Some(workspace) = asked else {
        let nobody = Problem::new(Code::InvalidToken);
        return Err(refused(http, request, nobody).await);
    };
    request.extensions_mut().insert(WorkspaceByToken(workspace));
    Ok(())
}

/// Whoever looks at a workspace, for routes that its API token opens too.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AdmittedViewer(pub(crate) Viewer);

impl FromRequest for AdmittedViewer {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extensions = request.extensions();
        let by_token = extensions.get::<WorkspaceByToken>();
        let viewer = match by_token {
            Some(WorkspaceByToken(workspace)) => Some(Viewer::Workspace(*workspace)),
            None => extensions
                .get::<SignedInCaller>()
                .and_then(|SignedInCaller(caller)| Member::of(*caller))
                .map(Viewer::Member),
        };
        ready(viewer.map(Self).ok_or_else(|| {
            Problem::new(Code::Internal)
                .cause("a handler asks for a viewer that its route does not")
        }))
    }
}
