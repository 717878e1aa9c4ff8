//! The templates that are built into the program.

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../../templates/", $name)))),+]
    };
}

/// Every template with its name. A letter has one for the text and one for the HTML.
pub(super) const FILES: [(&str, &str); 27] = files![
    "layout.txt",
    "layout.html",
    "parts.html",
    "verification_code.txt",
    "verification_code.html",
    "account_exists.txt",
    "account_exists.html",
    "welcome.txt",
    "welcome.html",
    "password_reset.txt",
    "password_reset.html",
    "password_changed.txt",
    "password_changed.html",
    "confirm_email.txt",
    "confirm_email.html",
    "email_changed.txt",
    "email_changed.html",
    "new_device.txt",
    "new_device.html",
    "refresh_token_reused.txt",
    "refresh_token_reused.html",
    "invitation.txt",
    "invitation.html",
    "account_deleted.txt",
    "account_deleted.html",
    "test.txt",
    "test.html",
];
