

pub mod config;
pub mod prompt;
pub mod python;
pub mod rust;
pub mod typescript;
