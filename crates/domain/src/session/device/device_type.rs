//! The kinds of devices.

/// What kind of thing a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeviceType {
    /// A computer with a keyboard.
    Desktop,
    /// A phone.
    Mobile,
    /// A tablet or an e-reader.
    Tablet,
    /// A television, or a box or stick that makes one smart.
    Tv,
    /// A game console.
    Console,
    /// Something worn: a watch, glasses, a headset.
    Wearable,
    /// An automaton.
    Bot,
    /// Anything else, and what is not recognised.
    Other,
}

impl DeviceType {
    /// Every type.
    pub const ALL: [Self; 8] = [
        Self::Desktop,
        Self::Mobile,
        Self::Tablet,
        Self::Tv,
        Self::Console,
        Self::Wearable,
        Self::Bot,
        Self::Other,
    ];

    /// The name on the wire and in stores.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desktop => "desktop",
            Self::Mobile => "mobile",
            Self::Tablet => "tablet",
            Self::Tv => "tv",
            Self::Console => "console",
            Self::Wearable => "wearable",
            Self::Bot => "bot",
            Self::Other => "other",
        }
    }

    /// The type with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_a_name_of_its_own() {
        for kind in DeviceType::ALL {
            assert_eq!(DeviceType::from_name(kind.as_str()), Some(kind));
        }
        assert_eq!(DeviceType::from_name("Desktop"), None);
    }
}
