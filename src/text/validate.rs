//! Structure checks that an expression cannot express. They are named for the structure, never for a vendor.

use serde::Deserialize;

/// A check that a pattern may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Validation {
    /// The last six characters are the base-62 CRC-32 of what stands between the first `_` and them.
    Base62Crc32Suffix,
    /// Three parts, the first two of which are base64url JSON objects; the first has `alg`.
    JwtStructure,
    /// Base64 of a JSON object.
    Base64Json,
    /// Base64 of a private key in its textual form.
    Base64PrivateKey,
    /// The part before the first dot is base64 of a number.
    Base64NumberHead,
}

/// What a check found.
pub(crate) enum Outcome {
    /// The structure is right.
    Sound,
    /// The form is right, but the checksum tells that it was made up.
    MadeUp,
    /// It is something else.
    Other,
}

impl Validation {
    /// Checks a value.
    pub(crate) fn check(self, value: &str) -> Outcome {
        let sound = match self {
            Validation::Base62Crc32Suffix => return check_crc(value),
            Validation::JwtStructure => jwt_claims(value).is_some(),
            Validation::Base64Json => decode_json(value).is_some(),
            Validation::Base64PrivateKey => holds_private_key(value),
            Validation::Base64NumberHead => has_number_head(value),
        };
        if sound { Outcome::Sound } else { Outcome::Other }
    }
}

fn holds_private_key(value: &str) -> bool {
    const MARK: &[u8] = b"PRIVATE KEY-----";
    // The header is all that is asked for: whole groups of four characters at the start are enough to see it.
    let head = value.get(..value.len().min(120) / 4 * 4).unwrap_or_default();
    decode_base64(head).is_some_and(|bytes| bytes.windows(MARK.len()).any(|part| part == MARK))
}

fn has_number_head(value: &str) -> bool {
    let head = value.split('.').next().unwrap_or_default();
    decode_base64(head).is_some_and(|bytes| !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit))
}

fn check_crc(value: &str) -> Outcome {
    let body = value.split_once('_').map_or(value, |(_, body)| body);
    let Some(split) = body.len().checked_sub(6) else { return Outcome::Other };
    let Some((head, sum)) = body.split_at_checked(split) else { return Outcome::Other };
    if base62(crc32(head.as_bytes())) == sum { Outcome::Sound } else { Outcome::MadeUp }
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for &byte in bytes {
        sum ^= u32::from(byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 };
        }
    }
    !sum
}

fn base62(mut number: u32) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(number % 62) as usize];
        number /= 62;
    }
    digits.iter().map(|&digit| char::from(digit)).collect()
}

/// The claims of a JSON web token, if it is one.
pub(crate) fn jwt_claims(token: &str) -> Option<serde_json::Map<String, serde_json::Value>> {
    let mut parts = token.split('.');
    let header = decode_json(parts.next()?)?;
    let claims = decode_json(parts.next()?)?;
    header.contains_key("alg").then_some(claims)
}

fn decode_json(text: &str) -> Option<serde_json::Map<String, serde_json::Value>> {
    serde_json::from_slice(&decode_base64(text)?).ok()
}

/// Decodes base64 in either alphabet, with or without padding.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut held) = (0u32, 0u32);
    for byte in text.trim_end_matches('=').bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(((bits >> held) & 0xFF) as u8);
        }
    }
    (held < 6).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::{Validation, base62, crc32, decode_base64, jwt_claims};

    #[test]
    fn checksum_is_the_common_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(base62(61), "00000z");
        assert_eq!(base62(62), "000010");
    }

    #[test]
    fn base64_reads_both_alphabets_and_refuses_the_rest() {
        assert_eq!(decode_base64("aGk/aGk+").as_deref(), decode_base64("aGk_aGk-").as_deref());
        assert_eq!(decode_base64("aGk=").as_deref(), Some(&b"hi"[..]));
        assert_eq!(decode_base64("a b"), None);
        assert_eq!(decode_base64("aGkxa"), None);
    }

    #[test]
    fn three_parts_are_not_yet_a_token() {
        assert!(jwt_claims("eyJub3Rqc29u.eyJub3Rqc29u.c2ln").is_none());
        assert!(matches!(Validation::JwtStructure.check("a.b.c"), super::Outcome::Other));
    }
}
