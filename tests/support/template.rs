//! Expands the templates that stand for keys in pattern files and fixtures, so that none is stored whole.
//!
//! `{alnum:40}` is forty letters and digits, always the same for the same place in the same template. Further sorts:
//! `alpha`, `hex`, `digits`, `lowernum`, `lower32`, `uppernum`, `base32`, `bech32`, `b64`; `{uuid}`; `{uuid4}`, drawn by lot;
//! `{crc32}`, the checksum of what stands between the last `_` and it; `{b64json:{…}}`, base64url of a JSON object;
//! `{b64pem:LABEL}`, base64 of a textual block; `{b64num:18}`, base64 of a number; `{esc-n}`, a backslash and an `n`.

const ALPHABETS: [(&str, &str); 10] = [
    ("alnum", "aB3dE5fG7hJ9kLmN2pQrS4tUvW6xYz8Ac1CbDeFgH0iKjMnPoRqTsVuXwZy"),
    ("alpha", "aBdEfGhJkLmNpQrStUvWxYzAcCbDeFgHiKjMnPoRqTsVuXwZy"),
    ("hex", "0123456789abcdef"),
    ("digits", "7391048265"),
    ("lowernum", "q8w7e6r5t4y3u2i1o0plkjhgfdsazxcvbnm"),
    ("lower32", "q7w6e5r4t3y2uioplkjhgfdsazxcvbnm"),
    ("uppernum", "Q8W7E6R5T4Y3U2I1O0PLKJHGFDSAZXCVBNM"),
    ("base32", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
    ("bech32", "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"),
    ("b64", "aB3dE5fG7h/J9kLmN2pQrS4tUvW6xYz8Ac1Cb+DeFgH0iKjMnPoRqTsVuXwZy"),
];

/// Replaces every hole of a template.
pub(crate) fn expand(template: &str) -> String {
    let mut state = template
        .bytes()
        .fold(0xCBF2_9CE4_8422_2325u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
    let mut out = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let length = hole_length(&rest[open..]);
        match filled(&rest[open + 1..open + length - 1], &out, &mut state) {
            Some(text) => out.push_str(&text),
            None => {
                out.push('{');
                rest = &rest[open + 1..];
                continue;
            }
        }
        rest = &rest[open + length..];
    }
    out + rest
}

fn hole_length(text: &str) -> usize {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len().max(2)
}

fn filled(hole: &str, before: &str, state: &mut u64) -> Option<String> {
    match hole {
        "uuid" => {
            let parts: Vec<String> = [8, 4, 4, 4, 12].iter().map(|&n| random("0123456789abcdef", n, state)).collect();
            return Some(parts.join("-"));
        }
        "uuid4" => {
            let parts: Vec<String> = [8, 4, 3, 3, 12].iter().map(|&n| random("0123456789abcdef", n, state)).collect();
            return Some(format!("{}-{}-4{}-a{}-{}", parts[0], parts[1], parts[2], parts[3], parts[4]));
        }
        "crc32" => return Some(checksum(before.rsplit('_').next()?)),
        "esc-n" => return Some("\\n".into()),
        _ => {}
    }
    if let Some(json) = hole.strip_prefix("b64json:") {
        return Some(base64url(json.as_bytes()));
    }
    if let Some(label) = hole.strip_prefix("b64pem:") {
        let body = random(ALPHABETS[9].1, 64, state);
        let text = format!("-----BEGIN {label}-----\n{body}\n{body}\n-----END {label}-----\n");
        return Some(base64url(text.as_bytes()).replace('-', "+").replace('_', "/"));
    }
    if let Some(count) = hole.strip_prefix("b64num:") {
        return Some(base64url(random("7391048265", count.parse().ok()?, state).as_bytes()));
    }
    let (sort, count) = hole.split_once(':')?;
    let (_, alphabet) = ALPHABETS.iter().find(|(name, _)| *name == sort)?;
    Some(random(alphabet, count.parse().ok()?, state))
}

fn random(alphabet: &str, count: usize, state: &mut u64) -> String {
    let mut next = || {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) as usize
    };
    (0..count).map(|_| char::from(alphabet.as_bytes()[next() % alphabet.len()])).collect()
}

fn checksum(text: &str) -> String {
    let table = |mut n: u32| {
        (0..8).for_each(|_| n = if n & 1 == 1 { 0xEDB8_8320 ^ (n >> 1) } else { n >> 1 });
        n
    };
    let mut sum = !text.bytes().fold(u32::MAX, |sum, byte| table((sum ^ u32::from(byte)) & 0xFF) ^ (sum >> 8));
    let digits = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut out = Vec::new();
    for _ in 0..6 {
        out.insert(0, digits[(sum % 62) as usize]);
        sum /= 62;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn base64url(bytes: &[u8]) -> String {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().enumerate().fold(0u32, |word, (at, &byte)| word | u32::from(byte) << (16 - 8 * at));
        (0..=chunk.len()).for_each(|at| out.push(char::from(digits[(word >> (18 - 6 * at) & 63) as usize])));
    }
    out
}
