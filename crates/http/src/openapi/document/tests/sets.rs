//! That closed sets are enums, and the ones that the contract names.

use std::collections::BTreeSet;

use serde_json::Value;

use super::published;
use crate::problem::Code;

/// The values that a member of a schema may have: those of the one enum that it leads to, null
/// aside.
fn values(document: &Value, schema: &str, member: &str) -> BTreeSet<String> {
    fn lead<'d>(document: &'d Value, schema: &'d Value) -> Option<&'d Value> {
        if let Some(reference) = schema["$ref"].as_str() {
            return lead(
                document,
                document.pointer(reference.trim_start_matches('#'))?,
            );
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            let choice = choices.iter().find(|choice| choice["type"] != "null")?;
            return lead(document, choice);
        }
        schema.get("enum")
    }
    let property = &document["components"]["schemas"][schema]["properties"][member];
    let names = lead(document, property).unwrap_or_else(|| panic!("{schema}.{member} is open"));
    names
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn closed_sets_are_enums_of_what_the_contract_names() {
    let document = published();
    for (schema, member, names) in [
        (
            "SessionView",
            "sessionType",
            "WEB MOBILE DESKTOP API WIDGET",
        ),
        (
            "SessionView",
            "endReason",
            "logout revoked revoked_all idle_timeout absolute_timeout replaced password_changed \
             email_changed refresh_token_reused suspended removed admin",
        ),
        ("SessionView", "geoSource", "client ip none"),
        (
            "SessionView",
            "deviceType",
            "desktop mobile tablet tv console wearable bot other",
        ),
        ("UserView", "status", "ACTIVE INACTIVE SUSPENDED PENDING"),
        (
            "ChangePersonBody",
            "status",
            "ACTIVE INACTIVE SUSPENDED PENDING",
        ),
        ("SignupView", "step", "signup workspace_created email_sent"),
        (
            "SignupWithWorkspaceView",
            "step",
            "signup workspace_created email_sent",
        ),
        (
            "CodeSentView",
            "step",
            "signup workspace_created email_sent",
        ),
        (
            "ResumedSignupView",
            "step",
            "signup workspace_created email_sent",
        ),
        (
            "AuditEntryView",
            "action",
            "session.opened session.ended session.moved sign_in.failed password.rejected \
             sign_in.reported member.joined member.changed member.removed invitation.sent \
             invitation.resent invitation.changed invitation.withdrawn role.created role.changed \
             role.permissions_changed role.deleted permission.created permission.changed \
             permission.deleted workspace.created workspace.changed workspace.branding_changed \
             workspace.deleted api_token.created api_token.revoked password.changed \
             email.change_requested email.changed person.suspended person.unlocked",
        ),
        (
            "AuditTargetView",
            "type",
            "person workspace session role permission invitation api_token",
        ),
        ("BrandingBody", "theme", "light dark system"),
        ("BrandingView", "theme", "light dark system"),
        ("TokensView", "token_type", "Bearer"),
        ("HealthView", "status", "healthy degraded unhealthy"),
        ("CheckView", "status", "up down disabled"),
        ("DatabaseView", "status", "healthy unhealthy"),
        ("LiveView", "status", "live"),
        ("ReadyView", "status", "ready not_ready"),
        (
            "FieldError",
            "code",
            "REQUIRED_FIELD INVALID_TYPE INVALID_EMAIL INVALID_URL INVALID_ENUM_VALUE \
             INVALID_LENGTH INVALID_FORMAT MIN_VALUE MAX_VALUE UNKNOWN_FIELD WEAK_PASSWORD",
        ),
        (
            "MailView",
            "template",
            "verification_code account_exists welcome password_reset password_changed confirm_email \
             email_changed new_device refresh_token_reused invitation account_deleted test",
        ),
    ] {
        let expected: BTreeSet<_> = names.split_whitespace().map(str::to_owned).collect();
        assert_eq!(
            values(&document, schema, member),
            expected,
            "{schema}.{member}"
        );
    }
    let codes: BTreeSet<_> = Code::ALL.map(|code| code.as_str().to_owned()).into();
    assert_eq!(values(&document, "Problem", "code"), codes);
    assert_eq!(values(&document, "ProblemExplanationView", "code"), codes);
}

#[test]
fn what_may_be_null_says_so_beside_its_set() {
    let document = published();
    for (schema, member, nullable) in [
        ("SessionView", "endReason", true),
        ("SessionView", "deviceType", true),
        ("SessionView", "sessionType", false),
        ("UserView", "status", true),
        ("BrandingBody", "theme", true),
        ("BrandingView", "theme", false),
    ] {
        let property = &document["components"]["schemas"][schema]["properties"][member];
        let choices = property["oneOf"].as_array();
        let says = choices.is_some_and(|all| all.iter().any(|one| one["type"] == "null"));
        assert_eq!(says, nullable, "{schema}.{member}: {property}");
    }
}
