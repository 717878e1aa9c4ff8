//! Whether a User-Agent is an automaton's.

use std::sync::LazyLock;

struct Signs {
    anywhere: Vec<&'static str>,
    at_the_start: Vec<&'static str>,
}

static SIGNS: LazyLock<Signs> = LazyLock::new(|| {
    let lines = include_str!("../../../data/automata.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (start, anywhere): (Vec<_>, Vec<_>) = lines.partition(|line| line.starts_with('^'));
    Signs {
        anywhere,
        at_the_start: start
            .into_iter()
            .filter_map(|line| line.strip_prefix('^'))
            .collect(),
    }
});

/// Whether a User-Agent, in lower case, is an automaton's: by the word "bot", or a sign that
/// crawlers, monitors and HTTP clients of scripts carry.
pub(super) fn is_automaton(lower: &str) -> bool {
    first_sign(lower).is_some()
}

/// The word that gives an automaton away, as it stands in the User-Agent: "ChatGPT-User". Where
/// that is the address in it, the product at the beginning.
pub(super) fn telling_word<'a>(agent: &'a str, lower: &str) -> Option<&'a str> {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let at = first_sign(lower)?;
    // The two are of one length: only ASCII letters were lowered.
    let (before, after) = agent.split_at_checked(at)?;
    let start = if after.starts_with("+http") {
        0
    } else {
        before.trim_end_matches(is_of_word).len()
    };
    agent
        .get(start..)?
        .split(|c| !is_of_word(c))
        .next()
        .filter(|word| !word.is_empty() && *word != "Mozilla")
}

/// Where the first sign of an automaton begins.
fn first_sign(lower: &str) -> Option<usize> {
    let signs = &*SIGNS;
    if signs
        .at_the_start
        .iter()
        .any(|sign| lower.starts_with(sign))
    {
        return Some(0);
    }
    let anywhere = signs.anywhere.iter().filter_map(|sign| lower.find(sign));
    anywhere.chain(bot(lower)).min()
}

/// Where a word first ends in "bot": Googlebot, AdsBot-Google, bot.html. Not so CUBOT, which makes
/// phones.
fn bot(lower: &str) -> Option<usize> {
    let mut found = lower.match_indices("bot").filter(|(at, bot)| {
        let before = lower.get(..*at).unwrap_or_default();
        let after = lower.get(at + bot.len()..).unwrap_or_default();
        let after = after.strip_prefix('s').unwrap_or(after);
        let ends = !after.starts_with(|c: char| c.is_ascii_alphabetic());
        let word = before
            .rsplit(|c: char| !c.is_ascii_alphabetic())
            .next()
            .unwrap_or_default();
        ends && word != "cu"
    });
    found.next().map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_end_in_bot_are_automata() {
        for agent in [
            "googlebot/2.1",
            "adsbot-google",
            "x (robots@x.example)",
            "foobot",
            "my bot 1.0",
            "bot_7",
        ] {
            assert!(is_automaton(agent), "{agent}");
        }
        for agent in [
            "cubot note 20",
            "; cubot_x18_plus build/",
            "bottle",
            "botany bay",
            "abbott",
        ] {
            assert!(!is_automaton(agent), "{agent}");
        }
    }

    #[test]
    fn the_word_that_gives_an_automaton_away_is_its_name() {
        for (agent, word) in [
            (
                "Mozilla/5.0 (compatible; ChatGPT-User/1.0; +https://openai.com/bot",
                Some("ChatGPT-User"),
            ),
            (
                "meta-externalagent/1.1 (+https://x.example/crawler)",
                Some("meta-externalagent"),
            ),
            (
                "Mozilla/5.0 Chrome/1 Safari/1 StatusCake",
                Some("StatusCake"),
            ),
            ("kube-probe/1.29", Some("kube-probe")),
            ("Thing/1.0 (+https://thing.example)", Some("Thing")),
            ("Mozilla/5.0 (compatible; +https://thing.example)", None),
            ("é🦀Foobot é", Some("Foobot")),
            ("Chrome/131", None),
        ] {
            let lower = agent.to_ascii_lowercase();
            assert_eq!(telling_word(agent, &lower), word, "{agent}");
        }
    }

    #[test]
    fn every_sign_of_the_list_counts() {
        let signs = &*SIGNS;
        assert!(signs.anywhere.len() > 50 && signs.at_the_start.len() > 20);
        for sign in signs.anywhere.iter().chain(&signs.at_the_start) {
            assert!(is_automaton(sign), "{sign}");
            assert_eq!(*sign, sign.to_lowercase());
            assert!(sign.len() > 2, "{sign}");
        }
        assert!(!is_automaton("mozilla/5.0 java/1.8 inside"));
    }
}
