//! The shell blocks of README.md between two markers, as one script.

use crate::failure::Failure;

/// The blocks fenced as `sh` between `<!-- NAME:start -->` and `<!-- NAME:end -->`, in order.
pub(super) fn script(readme: &str, name: &str) -> Result<String, Failure> {
    let start = format!("<!-- {name}:start -->");
    let end = format!("<!-- {name}:end -->");
    let section = readme
        .split_once(&start)
        .and_then(|(_, rest)| rest.split_once(&end))
        .map(|(section, _)| section)
        .ok_or_else(|| Failure::new(format!("README.md has no `{start}` followed by `{end}`")))?;
    let script = shell_blocks(section);
    if script.is_empty() {
        return Err(Failure::new(format!(
            "README.md has no `sh` block after `{start}`"
        )));
    }
    Ok(script)
}

/// The insides of all `sh` fences; other fences and prose are left out.
fn shell_blocks(section: &str) -> String {
    let mut script = String::new();
    let mut fence: Option<bool> = None;
    for line in section.lines() {
        match (fence, line.trim_start().strip_prefix("```")) {
            (None, Some(language)) => fence = Some(language.trim() == "sh"),
            (Some(_), Some(_)) => fence = None,
            (Some(true), None) => {
                script.push_str(line);
                script.push('\n');
            }
            (Some(false) | None, None) => {}
        }
    }
    script
}

#[cfg(test)]
mod tests {
    use super::*;

    const README: &str = "\
# Title
```sh
outside
```
<!-- quickstart:start -->
Sign up:
```sh
first
  indented
```
```json
{\"not\": \"shell\"}
```
```sh
second
```
<!-- quickstart:end -->
<!-- quickstart:after-restart:start -->
```sh
third
```
<!-- quickstart:after-restart:end -->
";

    #[test]
    fn shell_blocks_between_the_markers_are_joined_in_order() {
        assert_eq!(
            script(README, "quickstart").unwrap(),
            "first\n  indented\nsecond\n"
        );
        assert_eq!(
            script(README, "quickstart:after-restart").unwrap(),
            "third\n"
        );
    }

    #[test]
    fn missing_markers_and_missing_blocks_are_named() {
        let failure = script("nothing", "quickstart").unwrap_err();
        assert!(failure.to_string().contains("<!-- quickstart:start -->"));
        let empty = "<!-- quickstart:start -->\n```json\n{}\n```\n<!-- quickstart:end -->";
        assert!(
            script(empty, "quickstart")
                .unwrap_err()
                .to_string()
                .contains("no `sh` block")
        );
    }
}
