//! Relative URIs of repository paths.

/// The path as a relative URI: each byte that a URI's path may not hold is percent-encoded, `.` and `..` are resolved.
pub(super) fn relative(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    let mut out = String::with_capacity(path.len());
    for (segment, nth) in segments.into_iter().zip(0..) {
        if nth > 0 {
            out.push('/');
        }
        encode(&mut out, segment);
    }
    out
}

fn encode(out: &mut String, segment: &str) {
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn paths_become_relative_uris() {
        assert_eq!(relative("app/[id]/my route.ts"), "app/%5Bid%5D/my%20route.ts");
        assert_eq!(relative("./a/../src/é#?%.py"), "src/%C3%A9%23%3F%25.py");
        assert_eq!(relative("a:b/c.py"), "a%3Ab/c.py");
        assert_eq!(relative("/abs/x"), "abs/x");
    }
}
