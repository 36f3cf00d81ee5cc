//! The inventory for other tools: the tool's own JSON, and a CycloneDX bill of materials.

pub mod cyclonedx;
pub mod json;

#[cfg(test)]
mod tests;
