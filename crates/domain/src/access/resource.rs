//! What built-in permissions are about, and all that is fixed about it: one table.

use super::Action;

/// What a built-in permission is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resource {
    /// The workspace itself.
    Workspace,
    /// Its members.
    Users,
    /// Its roles.
    Roles,
    /// Its permissions.
    Permissions,
    /// Its invitations.
    Invitations,
    /// The sessions of its members.
    Sessions,
    /// Its figures.
    Analytics,
    /// Who did what in it.
    Audit,
    /// Conversations with its customers.
    Chat,
    /// Who answers what.
    Departments,
    /// Labels of conversations.
    Tags,
    /// What sends messages by itself.
    Triggers,
    /// The chat widget on its site.
    Widget,
    /// Answers prepared beforehand.
    CannedResponses,
}

/// A group of permissions, for people who look at them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// The workspace as a whole.
    Workspace,
    /// Who takes part.
    People,
    /// Who may do what.
    Access,
    /// What has happened.
    Insight,
    /// The chat product.
    Chat,
}

impl Category {
    /// Every category.
    pub const ALL: [Self; 5] = [
        Self::Workspace,
        Self::People,
        Self::Access,
        Self::Insight,
        Self::Chat,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::People => "people",
            Self::Access => "access",
            Self::Insight => "insight",
            Self::Chat => "chat",
        }
    }
}

/// A resource's name, alone and in the names of its permissions.
struct Name {
    alone: &'static str,
    read: &'static str,
    create: &'static str,
    edit: &'static str,
    delete: &'static str,
}

/// Puts the names together when the program is built.
macro_rules! name {
    ($alone:literal) => {
        Name {
            alone: $alone,
            read: concat!($alone, ":read"),
            create: concat!($alone, ":create"),
            edit: concat!($alone, ":edit"),
            delete: concat!($alone, ":delete"),
        }
    };
}

/// A row of the table.
struct Row {
    name: Name,
    number: u16,
    category: Category,
    read: &'static str,
    create: &'static str,
    edit: &'static str,
    delete: &'static str,
}

impl Resource {
    /// Every resource.
    pub const ALL: [Self; 14] = [
        Self::Workspace,
        Self::Users,
        Self::Roles,
        Self::Permissions,
        Self::Invitations,
        Self::Sessions,
        Self::Analytics,
        Self::Audit,
        Self::Chat,
        Self::Departments,
        Self::Tags,
        Self::Triggers,
        Self::Widget,
        Self::CannedResponses,
    ];

    /// The table. A number is part of ids: it is never changed, and never given again.
    #[rustfmt::skip]
    const fn row(self) -> Row {
        match self {
            Self::Workspace => Row {
                name: name!("workspace"), number: 1, category: Category::Workspace,
                read: "See the workspace, its members and its roles.",
                create: "Make the workspace's API token.",
                edit: "Change the workspace's name, slug, branding and language.",
                delete: "Delete the workspace, and void its API token.",
            },
            Self::Users => Row {
                name: name!("users"), number: 2, category: Category::People,
                read: "See the workspace's members.",
                create: "Invite people as members.",
                edit: "Change the role and the status of members.",
                delete: "Remove members from the workspace.",
            },
            Self::Roles => Row {
                name: name!("roles"), number: 3, category: Category::Access,
                read: "See roles and what they permit.",
                create: "Make roles.",
                edit: "Change roles and what they permit.",
                delete: "Delete roles.",
            },
            Self::Permissions => Row {
                name: name!("permissions"), number: 4, category: Category::Access,
                read: "See which permissions there are.",
                create: "Make permissions of the workspace's own.",
                edit: "Change the workspace's own permissions.",
                delete: "Delete the workspace's own permissions.",
            },
            Self::Invitations => Row {
                name: name!("invitations"), number: 5, category: Category::People,
                read: "See pending invitations.",
                create: "Send invitations, also once more.",
                edit: "Change pending invitations.",
                delete: "Withdraw pending invitations.",
            },
            Self::Sessions => Row {
                name: name!("sessions"), number: 6, category: Category::People,
                read: "See the sessions of members in the workspace.",
                create: "Reserved: people open their sessions themselves.",
                edit: "Reserved: what is kept of a session is not changed by hand.",
                delete: "End the sessions of members in the workspace.",
            },
            Self::Analytics => Row {
                name: name!("analytics"), number: 7, category: Category::Insight,
                read: "See the workspace's figures and reports.",
                create: "Make reports.",
                edit: "Change reports.",
                delete: "Delete reports.",
            },
            Self::Audit => Row {
                name: name!("audit"), number: 8, category: Category::Insight,
                read: "See who did what in the workspace.",
                create: "Reserved: the audit log is written by what people do.",
                edit: "Reserved: the audit log is never changed.",
                delete: "Reserved: the audit log is not deleted by hand.",
            },
            Self::Chat => Row {
                name: name!("chat"), number: 9, category: Category::Chat,
                read: "Read conversations.",
                create: "Begin conversations.",
                edit: "Answer, assign and close conversations.",
                delete: "Delete conversations.",
            },
            Self::Departments => Row {
                name: name!("departments"), number: 10, category: Category::Chat,
                read: "See departments and who is in them.",
                create: "Make departments.",
                edit: "Change departments and who is in them.",
                delete: "Delete departments.",
            },
            Self::Tags => Row {
                name: name!("tags"), number: 11, category: Category::Chat,
                read: "See the tags that conversations can have.",
                create: "Make tags.",
                edit: "Change tags.",
                delete: "Delete tags.",
            },
            Self::Triggers => Row {
                name: name!("triggers"), number: 12, category: Category::Chat,
                read: "See the triggers that send messages by themselves.",
                create: "Make triggers.",
                edit: "Change triggers, and switch them on and off.",
                delete: "Delete triggers.",
            },
            Self::Widget => Row {
                name: name!("widget"), number: 13, category: Category::Chat,
                read: "See how the chat widget is set up.",
                create: "Set up a chat widget.",
                edit: "Change how the chat widget looks and behaves.",
                delete: "Remove a chat widget.",
            },
            Self::CannedResponses => Row {
                name: name!("canned-responses"), number: 14, category: Category::Chat,
                read: "See and use canned responses.",
                create: "Write canned responses.",
                edit: "Change canned responses.",
                delete: "Delete canned responses.",
            },
        }
    }

    /// The name on the wire and in stores.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.row().name.alone
    }

    /// The group of its permissions.
    #[must_use]
    pub const fn category(self) -> Category {
        self.row().category
    }

    /// Its part of the ids of built-in permissions.
    pub(super) const fn number(self) -> u16 {
        self.row().number
    }

    /// The resource with a name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|resource| resource.as_str() == name)
    }

    /// The name of the permission to do so to it.
    pub(super) const fn permission_name(self, action: Action) -> &'static str {
        let name = self.row().name;
        match action {
            Action::Read => name.read,
            Action::Create => name.create,
            Action::Edit => name.edit,
            Action::Delete => name.delete,
        }
    }

    /// What doing so to it means, in a sentence.
    pub(super) const fn describe(self, action: Action) -> &'static str {
        let row = self.row();
        match action {
            Action::Read => row.read,
            Action::Create => row.create,
            Action::Edit => row.edit,
            Action::Delete => row.delete,
        }
    }
}
