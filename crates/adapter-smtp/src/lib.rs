//! Mail: rendering the messages, delivering them by SMTP, and the development mailbox.
//!
//! | port | adapter |
//! |---|---|
//! | `MailRenderer` | [`Templates`]: the files in `templates/` with the texts in `texts/` |
//! | `Mailer` and `Probe` | [`SmtpMailer`], or in development without an SMTP host [`DevMailbox`] |
//! | `MailboxReader` | [`DevMailbox`] |

mod dev_mailbox;
mod line;
mod smtp;
mod templates;

pub use dev_mailbox::DevMailbox;
pub use smtp::{InvalidSmtpSettings, SmtpMailer, SmtpSettings, Tls};
pub use templates::{BrokenTemplates, Links, Templates};
