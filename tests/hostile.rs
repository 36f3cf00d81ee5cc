//! Trees made to make the program fail: each costs itself at most, and the vulnerable neighbour is reported all the same.

#![expect(clippy::print_stdout, reason = "the figures of each case are worth seeing when one fails")]
#![expect(clippy::disallowed_methods, reason = "the tests make the trees that are scanned, and run the program")]

#[path = "hostile/deep.rs"]
mod deep;
#[path = "hostile/files.rs"]
mod files;
#[path = "hostile/inner.rs"]
mod inner;
#[path = "hostile/large.rs"]
mod large;
#[path = "hostile/run.rs"]
mod run;
#[path = "hostile/trust.rs"]
mod trust;
#[path = "hostile/wide.rs"]
mod wide;
