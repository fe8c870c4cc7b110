//! How two names are compared: by letters and digits, in lower case, whatever alphabet a look-alike was
//! typed in. Knows no names.

/// The last parts of domains that a name may carry or not.
const ENDINGS: [&str; 10] = ["ru", "com", "net", "org", "io", "ua", "kz", "by", "su", "рф"];

/// Cyrillic letters that look like Latin ones, at least as capitals.
const LOOK_ALIKES: [(char, char); 13] = [
    ('а', 'a'),
    ('в', 'b'),
    ('е', 'e'),
    ('і', 'i'),
    ('к', 'k'),
    ('м', 'm'),
    ('н', 'h'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('т', 't'),
    ('у', 'y'),
    ('х', 'x'),
];

/// The letters and digits of a name. In a name of both alphabets the look-alikes count as Latin: such
/// names are typing errors more often than not (`1хbet` with a Cyrillic х).
pub(super) fn form(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    let letters: String = letters.map(|c| if c == 'ё' { 'е' } else { c }).collect();
    let is_mixed = letters.chars().any(|c| c.is_ascii_alphabetic()) && letters.chars().any(is_cyrillic);
    if is_mixed { letters.chars().map(latin).collect() } else { letters }
}

/// A name without the domain's last part, if it has one.
pub(super) fn stem(name: &str) -> Option<&str> {
    let (stem, ending) = name.trim().rsplit_once('.')?;
    let ending = ending.to_lowercase();
    (ENDINGS.contains(&ending.as_str()) && !form(stem).is_empty()).then_some(stem)
}

fn is_cyrillic(c: char) -> bool {
    ('\u{400}'..='\u{4ff}').contains(&c)
}

fn latin(c: char) -> char {
    LOOK_ALIKES.iter().find(|(cyrillic, _)| *cyrillic == c).map_or(c, |(_, latin)| *latin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_blanks_and_marks_do_not_count() {
        assert_eq!(form(" Kakao-Talk! "), "kakaotalk");
        assert_eq!(form("Кот-д’Ивуар"), form("кот д'ивуар"));
        assert_eq!(form("Орёл"), form("Орел"));
        assert_eq!(form("+/,"), "");
    }

    #[test]
    fn look_alikes_count_only_among_latin_letters() {
        assert_eq!(form("1\u{445}bet"), "1xbet");
        assert_eq!(form("163\u{421}OM"), "163com");
        assert_ne!(form("Сом"), "com", "a word of one alphabet stays in it");
    }

    #[test]
    fn only_what_is_a_domains_end_is_dropped() {
        assert_eq!((stem("vk.com"), stem("OK.RU ")), (Some("vk"), Some("OK")));
        assert_eq!((stem("vk"), stem("Telegram 2.0"), stem("Dr.Max"), stem(".ru")), (None, None, None, None));
    }
}
