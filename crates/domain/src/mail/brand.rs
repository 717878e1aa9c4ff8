//! In whose name a mail is sent.

use serde::{Deserialize, Serialize};

use crate::auth::EmailAddress;
use crate::workspace::{Branding, Colour, WorkspaceName};

/// What of a workspace's looks appears in its mails. Its pictures do not: loading one would tell
/// whoever serves it that the mail was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailBrand {
    /// The company's name, else the workspace's.
    pub name: String,
    /// The sender's name, else the product's.
    #[serde(default)]
    pub from_name: Option<String>,
    /// The colour of headings and buttons.
    #[serde(default)]
    pub colour: Option<Colour>,
    /// Where the workspace's people may write to.
    #[serde(default)]
    pub support_email: Option<EmailAddress>,
}

impl MailBrand {
    /// Of a workspace that nobody has proven to be theirs yet: its mails go to whatever address a
    /// stranger has given, so nothing in them says who sends them or where to answer.
    #[must_use]
    pub fn of_draft(name: &WorkspaceName, branding: &Branding) -> Self {
        Self {
            name: name.as_str().to_owned(),
            from_name: None,
            colour: branding.primary_color.clone(),
            support_email: None,
        }
    }

    /// Of a workspace with this name and these looks.
    #[must_use]
    pub fn of(name: &WorkspaceName, branding: &Branding) -> Self {
        let company = branding.company_name.clone();
        Self {
            name: company.unwrap_or_else(|| name.as_str().to_owned()),
            from_name: branding.email_from_name.clone(),
            colour: branding.primary_color.clone(),
            support_email: branding.support_email.clone(),
        }
    }
}
