//! The `launchlint` binary.

fn main() {}
