//! A client of a server: paths in, answers out.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{Answer, watch};

/// Talks to one server, holding no cookies of its own.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    base: String,
    http: reqwest::Client,
}

impl Client {
    /// A client of the server at `http://host:port`.
    pub(crate) fn new(base: impl Into<String>) -> Self {
        Self {
            base: base.into(),
            http: reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
        }
    }

    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// A request to add headers and a body to; finish it with [`send`](Self::send).
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        let request = request.build().unwrap();
        watch::request(&request);
        let answer = Answer::read(self.http.execute(request).await.unwrap()).await;
        watch::answer(&answer);
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body))
            .await
    }

    /// The same as a client that cannot hold cookies.
    pub(crate) async fn post_native(&self, path: &str, body: Value) -> Answer {
        let request = self.request(Method::POST, path).json(&body);
        self.send(request.header("X-Client-Type", "native")).await
    }

    pub(crate) async fn get_as(&self, access_token: &str, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).bearer_auth(access_token))
            .await
    }

    pub(crate) async fn delete_as(&self, access_token: &str, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path).bearer_auth(access_token))
            .await
    }

    pub(crate) async fn post_as(&self, access_token: &str, path: &str, body: Value) -> Answer {
        self.ask_as(access_token, Method::POST, path, Some(body))
            .await
    }

    pub(crate) async fn put_as(&self, access_token: &str, path: &str, body: Value) -> Answer {
        self.ask_as(access_token, Method::PUT, path, Some(body))
            .await
    }

    /// Any request of somebody who is signed in.
    pub(crate) async fn ask_as(
        &self,
        access_token: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let request = self.request(method, path).bearer_auth(access_token);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        self.send(request).await
    }

    /// Refreshes with a refresh token in the cookie, as a browser does.
    pub(crate) async fn refresh_by_cookie(&self, refresh_token: &str) -> Answer {
        let request = self.request(Method::POST, "/auth/refresh");
        let cookie = format!("refreshToken={refresh_token}");
        self.send(request.header("cookie", cookie)).await
    }

    /// Refreshes with a refresh token in the body.
    pub(crate) async fn refresh(&self, refresh_token: &str) -> Answer {
        self.post_native("/auth/refresh", json!({ "refresh_token": refresh_token }))
            .await
    }

    /// Signs in; the refresh token is in the body.
    pub(crate) async fn log_in(&self, email: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "password": password });
        self.post_native("/auth/login", body).await
    }
}
