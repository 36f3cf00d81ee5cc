

pub mod python;
pub mod rust;
pub mod typescript;
