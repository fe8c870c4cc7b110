//! Variants of a kind: a setting whose value decides the defaults of others, as the name of a compatible
//! service decides its address. A default is no lock: whatever is decided here can be set otherwise.
//! Knows no kind.

use crate::domain::Currency;

/// The variants of a kind.
#[derive(Debug, Clone, Copy)]
pub struct Variants {
    /// The setting that chooses one: one of the kind's own options, an [`OptionKind::Choice`].
    ///
    /// [`OptionKind::Choice`]: super::OptionKind::Choice
    pub option: &'static str,
    /// All of them.
    pub list: &'static [Variant],
}

/// A variant: what it does not say stays as the kind has it.
#[derive(Debug)]
pub struct Variant {
    /// Its name, a value of the setting.
    pub name: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// Addresses (origins), first choice first.
    pub base_urls: Option<&'static [&'static str]>,
    /// The path below the origin.
    pub path: Option<&'static str>,
    /// The currency of its accounts.
    pub currency: Option<Currency>,
    /// Other defaults of the kind's own options, as they would be written.
    pub options: &'static [(&'static str, &'static str)],
    /// Whether its ids (of activations, and of what can be ordered) mean nothing to the kind's other variants,
    /// nor theirs to it.
    pub own_ids: bool,
}

impl Variant {
    /// A variant that says nothing yet.
    pub const fn new(name: &'static str, summary: &'static str) -> Self {
        Self { name, summary, base_urls: None, path: None, currency: None, options: &[], own_ids: false }
    }
}

#[cfg(test)]
mod tests {
    use crate::provider::{OptionKind, PROVIDERS};

    #[test]
    fn the_choices_of_a_setting_are_the_variants_it_chooses_among() {
        for spec in PROVIDERS {
            let Some(variants) = &spec.variants else { continue };
            let option = spec.options.iter().find(|option| option.name == variants.option).unwrap();
            let OptionKind::Choice(choices) = option.kind else { panic!("{}", option.name) };
            let names: Vec<_> = variants.list.iter().map(|variant| variant.name).collect();
            assert_eq!(choices, names, "{}", spec.kind);
            assert!(option.default.is_empty() || names.contains(&option.default), "{}", spec.kind);
        }
    }

    #[test]
    fn the_defaults_of_a_variant_fit_their_settings() {
        for spec in PROVIDERS {
            let list = spec.variants.iter().flat_map(|variants| variants.list);
            for (variant, (name, text)) in
                list.flat_map(|one| one.options.iter().map(move |pair| (one, pair)))
            {
                let option = spec.options.iter().find(|option| option.name == *name);
                let option = option.unwrap_or_else(|| panic!("{}: there is no {name}", variant.name));
                assert!(option.kind.complaint(text).is_none(), "{}: {name} = {text}", variant.name);
            }
        }
    }

    #[test]
    fn no_variant_sets_anything_twice() {
        for variant in PROVIDERS.iter().flat_map(|spec| &spec.variants).flat_map(|variants| variants.list) {
            for (nth, (name, _)) in variant.options.iter().enumerate() {
                let again = variant.options[nth + 1..].iter().any(|(other, _)| other == name);
                assert!(!again, "{}: {name}", variant.name);
            }
        }
    }
}
