//! Which code a gateway's requests reach: its hosts are services, and a service is built from a folder.

use std::collections::BTreeMap;

use crate::lang::config::{ConfigFacts, Node};

use super::Guard;

/// Whether a limit stands before an entry point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It does.
    Yes,
    /// It may, and nothing says where its requests go.
    Perhaps,
    /// It does not.
    No,
}

/// Folders that services are built from.
#[derive(Debug, Default)]
pub(super) struct Fronts {
    built: BTreeMap<String, Vec<String>>,
}

impl Fronts {
    /// Reads the services of container files, given by path.
    pub(super) fn new<'a>(files: impl Iterator<Item = (&'a str, ConfigFacts)>) -> Self {
        let mut fronts = Fronts::default();
        for (path, facts) in files {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            for service in facts.select("services.*") {
                let Some((name, _)) = service.key else { continue };
                let build = service.node.get("build.context").or_else(|| service.node.get("build"));
                let Some(context) = build.and_then(Node::as_str) else { continue };
                let Some(built) = joined(folder, context) else { continue };
                let alias = service.node.get("container_name").and_then(Node::as_str);
                for name in [Some(name), alias].into_iter().flatten() {
                    fronts.built.entry(name.to_owned()).or_default().push(built.clone());
                }
            }
        }
        fronts
    }

    /// Whether a limit stands before the entry point of a file with this route.
    pub(super) fn tell(&self, guard: &Guard, file: &str, route: Option<&str>) -> Told {
        let goes_here = self.reaches(&guard.hosts, file);
        let path = route.and_then(|route| route.split_whitespace().find(|part| part.starts_with('/')));
        let is_all = guard.paths.is_empty() || guard.paths.iter().any(|prefix| literal(prefix) == "/");
        let is_covered = path.map(|path| guard.paths.iter().any(|prefix| covers(literal(prefix), path)));
        match (goes_here, is_all, is_covered) {
            (Some(false), ..) => Told::No,
            (Some(true), true, _) | (_, false, Some(true)) => Told::Yes,
            // The gateway may take its own prefix away before it passes a request on.
            (Some(true), false, Some(false)) if guard.hosts.iter().any(|host| rewrites(host)) => Told::Yes,
            (_, false, Some(false)) => Told::No,
            (None, true, _) | (_, false, None) => Told::Perhaps,
        }
    }

    /// Whether requests to some hosts reach a file's code; `None` if no host tells where it is built.
    fn reaches(&self, hosts: &[String], file: &str) -> Option<bool> {
        let is_below = |folder: &String| folder.is_empty() || file.strip_prefix(folder.as_str()).is_some_and(below);
        let mut is_known = false;
        for host in hosts.iter().map(|host| host_of(host)) {
            match self.built.get(host) {
                Some(folders) if folders.iter().any(is_below) => return Some(true),
                Some(_) => is_known = true,
                None if !host.is_empty() && file.split('/').any(|part| part == host) => return Some(true),
                None => {}
            }
        }
        is_known.then_some(false)
    }
}

fn below(rest: &str) -> bool {
    rest.starts_with('/')
}

/// The host of an address: `http://api:8000/` is `api`.
pub(super) fn host_of(address: &str) -> &str {
    let address = address.split_whitespace().next().unwrap_or_default();
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let end = rest.find(['/', ':', ';', '$']).unwrap_or(rest.len());
    rest[..end].split('.').next().unwrap_or_default()
}

/// Whether an address has a path of its own, which replaces the one that was asked for.
fn rewrites(address: &str) -> bool {
    address.split_once("://").is_some_and(|(_, rest)| rest.contains('/'))
}

/// The literal beginning of a path or of an expression for paths: `~ ^/api/(.*)` is `/api`.
fn literal(path: &str) -> &str {
    let last = path.split_whitespace().last().unwrap_or_default().trim_start_matches(['^', '~', '=']);
    let end = last.find(['(', '*', '[', '\\', '$', '+', '?', '|', '{']).unwrap_or(last.len());
    let literal = last[..end].trim_end_matches('/');
    if literal.is_empty() { "/" } else { literal }
}

/// Whether a prefix covers a path, by whole segments.
fn covers(prefix: &str, path: &str) -> bool {
    prefix == "/" || path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A folder relative to another, without its dots; `None` if it leads outside.
fn joined(folder: &str, context: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in context.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{covers, host_of, joined, literal, rewrites};

    #[test]
    fn addresses_and_paths() {
        assert_eq!(host_of("http://api:8000/v1"), "api");
        assert_eq!(host_of("api.default.svc:80"), "api");
        assert_eq!(literal("~ ^/api/(.*)"), "/api");
        assert_eq!(literal("/chat(/|$)(.*)"), "/chat");
        assert_eq!(literal("/"), "/");
        assert!(covers("/api", "/api/chat") && covers("/api", "/api") && !covers("/api", "/apis"));
        assert!(rewrites("http://api:8000/") && !rewrites("http://api:8000"));
        assert_eq!(joined("deploy", "../backend").as_deref(), Some("backend"));
        assert_eq!(joined("", ".").as_deref(), Some(""));
        assert_eq!(joined("", ".."), None);
    }
}
