//! Finds limits in a configuration tree, with the paths and hosts that the maps around them tell.

use crate::finding::Location;
use crate::lang::config::{ConfigFacts, Entry, Kind, Node};
use crate::source::Span;

use super::super::Evidence;
use super::{Gateway, Guard, Limit};

/// The maps around a value, outermost first, each with its key.
type Chain<'a> = Vec<(Option<&'a str>, &'a Node)>;

/// All limits of a file.
pub(super) fn guards(gateway: &Gateway, path: &str, facts: &ConfigFacts) -> Vec<Guard> {
    let mut trees: Vec<Node> = facts.documents.clone();
    if let Some(prefix) = &gateway.labels {
        trees.extend(labels(facts, prefix));
    }
    let mut found = Vec::new();
    for tree in &trees {
        if gateway.beside.is_empty() || gateway.beside.iter().any(|key| tree.key(key).is_some()) {
            let mut search = Search { gateway, path, root: tree, all: &trees, found: &mut found };
            search.visit(None, tree, &mut Vec::new());
        }
    }
    found
}

struct Search<'a, 'f> {
    gateway: &'a Gateway,
    path: &'a str,
    root: &'a Node,
    all: &'a [Node],
    found: &'f mut Vec<Guard>,
}

impl<'a> Search<'a, '_> {
    fn visit(&mut self, key: Option<&'a str>, node: &'a Node, chain: &mut Chain<'a>) {
        chain.push((key, node));
        for limit in &self.gateway.limits {
            let is_named = |name: &str| limit.named.iter().any(|known| known == name);
            let own_name = node.key("name").and_then(Node::as_str);
            if own_name.is_some_and(is_named) && !is_off(node) && bounds(limit, node) {
                self.limit(limit, node.span, &chain[..chain.len() - 1]);
            }
        }
        for entry in node.entries() {
            self.entry(entry, chain);
            self.visit(Some(&entry.key), &entry.value, chain);
        }
        for item in node.items() {
            self.visit(None, item, chain);
        }
        chain.pop();
    }

    fn entry(&mut self, entry: &'a Entry, chain: &[(Option<&'a str>, &'a Node)]) {
        for limit in &self.gateway.limits {
            let is_it = limit.keys.iter().chain(&limit.named).any(|key| *key == entry.key);
            if is_it && !is_off(&entry.value) && bounds(limit, &entry.value) {
                self.limit(limit, entry.key_span, chain);
            }
        }
    }

    fn limit(&mut self, limit: &Limit, span: Span, chain: &[(Option<&'a str>, &'a Node)]) {
        let at = Location { path: self.path.to_owned(), span };
        let evidence = Evidence { at, what: limit.what.clone(), value: None };
        if limit.by_name {
            for (paths, hosts) in self.users(chain) {
                self.found.push(Guard { control: limit.control, evidence: evidence.clone(), paths, hosts });
            }
            return;
        }
        let (paths, depth) = self.routes(chain);
        let hosts = self.hosts(&chain[..depth]);
        self.found.push(Guard { control: limit.control, evidence, paths, hosts });
    }

    /// The paths that the nearest map around a limit tells, and how deep that map stands.
    fn routes(&self, chain: &[(Option<&str>, &Node)]) -> (Vec<String>, usize) {
        for depth in (1..=chain.len()).rev() {
            let (key, node) = chain[depth - 1];
            let rows = self.gateway.routes.iter();
            let rows = rows.filter(|row| row.block.as_deref().is_none_or(|block| key == Some(block)));
            let paths: Vec<String> = rows.flat_map(|row| texts(node, &row.select)).collect();
            if !paths.is_empty() {
                return (paths, depth);
            }
        }
        (Vec::new(), chain.len())
    }

    /// Where requests go, told by the nearest map that tells; pools are followed to their members.
    fn hosts(&self, chain: &[(Option<&str>, &Node)]) -> Vec<String> {
        let of = |node: &Node| self.gateway.hosts.iter().flat_map(|select| texts(node, select)).collect::<Vec<_>>();
        let found = chain.iter().rev().map(|(_, node)| of(node)).find(|hosts| !hosts.is_empty());
        self.pooled(found.unwrap_or_default())
    }

    fn pooled(&self, hosts: Vec<String>) -> Vec<String> {
        let mut members = Vec::new();
        for host in &hosts {
            let name = super::fronts::host_of(host);
            for pool in &self.gateway.pools {
                for found in self.root.select(&pool.select) {
                    let own = match &pool.name {
                        Some(name) => texts(found.node, name).into_iter().next(),
                        None => found.key.map(|(key, _)| key.to_owned()),
                    };
                    if own.as_deref() == Some(name) || own.as_deref() == Some(host) {
                        members.extend(texts(found.node, &pool.members));
                    }
                }
            }
        }
        if members.is_empty() { hosts } else { members }
    }

    /// Paths and hosts of the routers that name the limit which is defined here.
    fn users(&self, chain: &[(Option<&str>, &Node)]) -> Vec<(Vec<String>, Vec<String>)> {
        let keys = chain.iter().rev().filter_map(|(key, _)| *key);
        let mut names: Vec<&str> = keys.collect();
        names.extend(self.root.get("metadata.name").and_then(Node::as_str));
        let mut found = Vec::new();
        for usage in &self.gateway.uses {
            for router in self.all.iter().flat_map(|tree| tree.select(&usage.select)) {
                let used = texts(router.node, &usage.names);
                let is_used = used.iter().flat_map(|name| name.split(',')).any(|name| {
                    let name = name.trim();
                    names.contains(&name.split_once('@').map_or(name, |(name, _)| name))
                });
                if is_used {
                    let rules = texts(router.node, &usage.rule);
                    let paths = rules.iter().flat_map(|rule| quoted_paths(rule)).collect();
                    let mut hosts = self.pooled(texts(router.node, &usage.hosts));
                    // What a label stands on is where its requests go.
                    hosts.extend(texts(self.root, "labelled"));
                    found.push((paths, hosts));
                }
            }
        }
        found
    }
}

/// A limit that is switched off, or set to nothing.
fn is_off(node: &Node) -> bool {
    let is_switched_off = node.key("enabled").and_then(Node::as_bool) == Some(false);
    is_switched_off || node.scalar().is_some_and(|value| matches!(value.trim(), "0" | "off" | "false" | ""))
}

/// Whether a size is small enough to bound a text; what is no size bounds by itself.
fn bounds(limit: &Limit, node: &Node) -> bool {
    let Some(most) = limit.most else { return true };
    let own = limit.sizes.is_empty().then(|| node.scalar()).flatten();
    let below = limit.sizes.iter().flat_map(|path| node.select(path)).find_map(|found| found.node.scalar());
    let unit = limit.unit.unwrap_or(1);
    own.or(below).and_then(|size| bytes(size, unit)).is_some_and(|size| size <= most)
}

/// `50M`, `64kb`, `1 MiB` or a number of units as bytes.
fn bytes(size: &str, unit: u64) -> Option<u64> {
    let size = size.trim();
    let end = size.find(|c: char| !c.is_ascii_digit()).unwrap_or(size.len());
    let number: u64 = size[..end].parse().ok()?;
    let factor = match size[end..].trim_start().bytes().next().map(|byte| byte.to_ascii_lowercase()) {
        None => unit,
        Some(b'k') => 1 << 10,
        Some(b'm') => 1 << 20,
        Some(b'g') => 1 << 30,
        Some(b'b') => 1,
        Some(_) => return None,
    };
    number.checked_mul(factor)
}

/// Texts that a path leads to; of a list or of a block, its items or its arguments.
fn texts(node: &Node, select: &str) -> Vec<String> {
    let mut found = Vec::new();
    for selected in node.select(select) {
        found.extend(selected.node.scalar().map(str::to_owned));
        found.extend(selected.node.items().iter().filter_map(Node::scalar).map(str::to_owned));
        found.extend(selected.node.key("args").and_then(Node::scalar).map(str::to_owned));
    }
    found
}

/// The paths among the quoted words of a router's rule: ``PathPrefix(`/api`)``.
fn quoted_paths(rule: &str) -> Vec<String> {
    rule.split(['`', '"', '\'']).filter(|word| word.starts_with('/')).map(str::to_owned).collect()
}

/// Labels of containers as trees: `a.b.c=1` is what a file would hold as nested keys.
fn labels(facts: &ConfigFacts, prefix: &str) -> Vec<Node> {
    let mut trees = Vec::new();
    for service in facts.select("services.*") {
        let Some((name, span)) = service.key else { continue };
        let mut tree = Node::new(Kind::Map(Vec::new()), service.node.span);
        let labels = service.node.select("labels").into_iter().chain(service.node.select("deploy.labels"));
        for label in labels.flat_map(|labels| labels.node.settings()) {
            let Some(path) = label.name.strip_prefix(prefix) else { continue };
            let value = Node::new(Kind::Str(label.value.to_owned()), label.span);
            insert(&mut tree, path, label.span, value);
        }
        if !tree.entries().is_empty() {
            insert(&mut tree, "labelled", span, Node::new(Kind::Str(name.to_owned()), span));
            trees.push(tree);
        }
    }
    trees
}

fn insert(tree: &mut Node, path: &str, span: Span, value: Node) {
    let (head, rest) = path.split_once('.').map_or((path, None), |(head, rest)| (head, Some(rest)));
    let Kind::Map(entries) = &mut tree.kind else { return };
    let at = entries.iter().position(|entry| entry.key == head).unwrap_or_else(|| {
        let empty = Node::new(Kind::Map(Vec::new()), span);
        entries.push(Entry { key: head.to_owned(), key_span: span, value: empty });
        entries.len() - 1
    });
    match rest {
        Some(rest) => insert(&mut entries[at].value, rest, span, value),
        None => entries[at].value = value,
    }
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes() {
        assert_eq!(bytes("64k", 1), Some(65_536));
        assert_eq!(bytes("1 MiB", 1), Some(1 << 20));
        assert_eq!(bytes("8", 1 << 20), Some(8 << 20));
        assert_eq!(bytes("many", 1), None);
        assert_eq!(bytes("99999999999999999999g", 1), None);
    }
}
