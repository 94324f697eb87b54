//! In which language the screen speaks.

use crate::domain::Language;

/// The one that is set; else that of the system, by the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that
/// is not empty; else English.
pub fn language(set: Option<Language>, lookup: impl Fn(&str) -> Option<String>) -> Language {
    let of_system = || {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| lookup(name).filter(|locale| !locale.is_empty()))
            .and_then(|locale| Language::from_tag(&locale))
    };
    set.or_else(of_system).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_wins_and_the_first_word_of_the_system_decides() {
        for (set, system, language) in [
            (None, vec![], Language::English),
            (None, vec![("LANG", "de_DE.UTF-8")], Language::German),
            (
                None,
                vec![("LC_ALL", ""), ("LC_MESSAGES", "fr_FR"), ("LANG", "de_DE")],
                Language::French,
            ),
            (
                None,
                vec![("LC_ALL", "C.UTF-8"), ("LANG", "de_DE")],
                Language::English,
            ),
            (None, vec![("LANG", "ja_JP")], Language::English),
            (
                Some(Language::Spanish),
                vec![("LC_ALL", "de_DE")],
                Language::Spanish,
            ),
        ] {
            let lookup = |name: &str| {
                let found = system.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(super::language(set, lookup), language, "{system:?}");
        }
    }
}
