//! What a string looks like: its words, its randomness, its form. Knows nothing of patterns or files.

/// Splits a name into lower-case words at separators, case changes and digits: `dbPassword_2` is `db`, `password`, `2`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = name.chars().take(200).collect();
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|b| chars[b]);
        let after_is_lower = chars.get(at + 1).is_some_and(|n| n.is_ascii_lowercase());
        let camel = c.is_ascii_uppercase()
            && before.is_some_and(|b| b.is_ascii_lowercase() || (b.is_ascii_uppercase() && after_is_lower));
        let digit = before.is_some_and(|b| b.is_ascii_digit() != c.is_ascii_digit());
        if (camel || digit || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Words that say which copy of a credential it is, not what it is.
const QUALIFIERS: [&str; 14] = [
    "default",
    "value",
    "prod",
    "production",
    "dev",
    "development",
    "staging",
    "local",
    "str",
    "string",
    "literal",
    "current",
    "new",
    "old",
];

/// Whether a name ends in the words of `tail`, numbers and qualifiers at its end aside. A long single word also counts
/// as the end of an unseparated one: `dbpassword`.
pub(crate) fn ends_with_words(words: &[String], tail: &str) -> bool {
    let is_qualifier = |word: &String| QUALIFIERS.contains(&word.as_str()) || word.bytes().all(|b| b.is_ascii_digit());
    let kept = words.iter().rposition(|word| !is_qualifier(word)).map_or(0, |last| last + 1);
    let words = &words[..kept];
    let tail: Vec<&str> = tail.split(' ').collect();
    if let ([only], Some(last)) = (tail.as_slice(), words.last())
        && only.len() >= 5
        && last.ends_with(only)
    {
        return true;
    }
    words.len() >= tail.len() && words[words.len() - tail.len()..].iter().zip(&tail).all(|(a, b)| a == b)
}

/// Shannon entropy in bits a byte.
pub(crate) fn entropy(text: &str) -> f64 {
    let mut counts = [0u32; 256];
    for byte in text.bytes() {
        counts[byte as usize] += 1;
    }
    let total = text.len().max(1) as f64;
    let bits = |count: u32| {
        let share = f64::from(count) / total;
        -share * share.log2()
    };
    counts.into_iter().filter(|&count| count > 0).map(bits).sum()
}

/// How many of lower case, upper case, digits and other characters occur.
pub(crate) fn classes(text: &str) -> usize {
    let has = |test: fn(&u8) -> bool| usize::from(text.as_bytes().iter().any(test));
    has(u8::is_ascii_lowercase)
        + has(u8::is_ascii_uppercase)
        + has(u8::is_ascii_digit)
        + has(|byte| !byte.is_ascii_alphanumeric())
}

/// A UUID in its usual form.
pub(crate) fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let sizes = [8, 4, 4, 4, 12];
    parts.len() == sizes.len() && parts.iter().zip(sizes).all(|(part, size)| part.len() == size && is_hex(part))
}

/// Hexadecimal digits only.
pub(crate) fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A reference to a value that stands elsewhere, or a template's hole.
pub(crate) fn is_lookup(text: &str) -> bool {
    const ANYWHERE: [&str; 18] = [
        "${",
        "$(",
        "#{",
        "{{",
        "{%",
        "%(",
        "<%",
        "process.env",
        "import.meta",
        "os.environ",
        "getenv",
        "env(",
        "env.",
        "env[",
        "env:",
        "secrets.",
        "config.",
        "var.",
    ];
    const AT_START: [&str; 12] = ["$", "!", "@", "%", "{", "[", "&", "data.", "local.", "self.", "this.", "settings."];
    let lower = text.to_ascii_lowercase();
    let is_format_hole = lower.contains('{') && lower.contains('}');
    // `!secret` is a fallback, `!secret name` a tag; a password may well begin with a sign and go on without a word.
    let starts = AT_START.iter().any(|start| lower.starts_with(start)) && is_reference_tail(&lower);
    is_format_hole || starts || ANYWHERE.iter().any(|part| lower.contains(part)) || lower.contains("%s")
}

fn is_reference_tail(lower: &str) -> bool {
    let body = lower.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let sign = lower.len() - body.len();
    let is_name = body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-[]() :/".contains(&byte));
    let is_bang_word = lower.starts_with('!') && !body.contains(' ');
    sign <= 2 && is_name && !is_bang_word
}

/// One character, or a counting sequence, for eight characters or more; or a value made of very few characters.
pub(crate) fn is_patterned(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut same, mut counting) = (1, 1);
    for pair in bytes.windows(2) {
        same = if pair[0] == pair[1] { same + 1 } else { 1 };
        let next = pair[1] == pair[0].wrapping_add(1) || (pair[0], pair[1]) == (b'9', b'0');
        counting = if next { counting + 1 } else { 1 };
        if same >= 6 || counting >= 8 {
            return true;
        }
    }
    let mut seen = [false; 256];
    bytes.iter().for_each(|&byte| seen[byte as usize] = true);
    let distinct = seen.iter().filter(|&&is| is).count();
    bytes.len() >= 8 && distinct <= 3
}

/// Share of the letters and digits that stand in runs that read as words.
pub(crate) fn wordiness(text: &str) -> f64 {
    if is_interspersed(text) {
        return 0.0;
    }
    let mut total = 0usize;
    let mut wordy = 0usize;
    for word in words(text) {
        total += word.len();
        if reads_as_word(&word) {
            wordy += word.len();
        }
    }
    wordy as f64 / total.max(1) as f64
}

/// Whether digits stand inside of words time and again, as they do where each character is drawn by lot.
fn is_interspersed(text: &str) -> bool {
    const OFTEN: usize = 4;
    let bytes = text.as_bytes();
    let is_inside = |at: &usize| {
        bytes[*at].is_ascii_digit()
            && bytes[at - 1].is_ascii_alphabetic()
            && bytes[*at..].iter().find(|byte| !byte.is_ascii_digit()).is_some_and(u8::is_ascii_alphabetic)
    };
    text.len() >= 16 && (1..bytes.len()).filter(is_inside).count() >= OFTEN
}

fn reads_as_word(word: &str) -> bool {
    let is_vowel = |byte: u8| b"aeiouy".contains(&byte);
    let mut consonants = 0;
    for byte in word.bytes() {
        consonants = if is_vowel(byte) { 0 } else { consonants + 1 };
        if consonants > 4 || !byte.is_ascii_lowercase() {
            return false;
        }
    }
    let vowels = word.bytes().filter(|&byte| is_vowel(byte)).count();
    let share = vowels as f64 / word.len() as f64;
    (3..=14).contains(&word.len()) && (0.15..=0.75).contains(&share)
}

/// Prose, a path, an address, a dotted name, markup or code: something a credential is not.
pub(crate) fn is_prose_or_reference(text: &str) -> bool {
    let has = |part: &str| text.contains(part);
    let has_path_signs = text.starts_with(['/', '.', '~']) || text.matches('/').count() >= 2;
    // Base64 has slashes, too, but no words between them.
    let is_path = has("\\\\") || has_path_signs && (text.len() < 24 || has("..") || wordiness(text) >= 0.35);
    let is_mail = text.split_once('@').is_some_and(|(_, host)| host.contains('.') && wordiness(host) > 0.5);
    let is_dotted = has(".") && text.split('.').all(|part| !part.is_empty() && wordiness(part) > 0.7);
    let is_code = has("(") || has(")") || has("=>") || has("::") || has("&&") || has(";") || has("</") || has("[\"");
    has(" ") || has("://") || is_path || is_mail || is_dotted || is_code || !text.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::{ends_with_words, is_lookup, is_patterned, is_uuid, wordiness, words};

    #[test]
    fn names_fall_into_words() {
        assert_eq!(words("dbPassword_2"), ["db", "password", "2"]);
        assert_eq!(words("AWSSecretKey"), ["aws", "secret", "key"]);
        assert!(ends_with_words(&words("POSTGRES_PASSWORD_DEFAULT"), "password"));
        assert!(ends_with_words(&words("userpassword"), "password"));
        assert!(ends_with_words(&words("OPENAI_API_KEY"), "api key"));
        assert!(!ends_with_words(&words("passwordField"), "password"));
    }

    #[test]
    fn lookups_are_told_from_literals() {
        for text in ["${X}", "$TOKEN", "!Ref Name", "{{ x }}", "os.environ['A']", "%(pw)s", "{name}"] {
            assert!(is_lookup(text), "{text}");
        }
        for text in ["!secret", "$uPer#7xQ", "plain"] {
            assert!(!is_lookup(text), "{text}");
        }
    }

    #[test]
    fn forms() {
        assert!(is_uuid("1b4e28ba-2fa1-11d2-883f-0016d3cca427"));
        assert!(!is_uuid("1b4e28ba-2fa1-11d2-883f"));
        assert!(is_patterned("abcdefghij") && is_patterned("xxxxxx1") && is_patterned("1212121212"));
        assert!(!is_patterned("q8Zt4Lw1Rk7Xv"));
        assert!(wordiness("my-super-secret-key") > 0.8);
        assert!(wordiness("q8Zt4Lw1Rk7Xvb2Nf") < 0.3);
    }
}
