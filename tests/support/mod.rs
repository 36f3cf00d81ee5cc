//! Helpers of integration tests.

pub(crate) mod lexer;
