//! The `inventory` command: what a repository holds for a language model, for other tools.

use super::args::{Inventory, InventoryFormat};
use super::failure::Failure;
use super::judgement::judge;
use super::{Console, Stages, output, scan};
use crate::report::inventory::{cyclonedx, json};

/// Writes the inventory.
pub(super) fn inventory(options: &Inventory, stages: &Stages<'_>, console: &mut Console<'_>) -> Result<(), Failure> {
    let judged = judge(&options.common, stages, console)?;
    let text = match options.format {
        InventoryFormat::Json => json::render(&judged.inventory),
        InventoryFormat::Cyclonedx => {
            let name = options.name.clone().unwrap_or_else(|| judged.name.clone());
            cyclonedx::render(&judged.inventory, scan::TOOL, &name)
        }
    };
    let text =
        text.map_err(|error| Failure::new(format!("cannot write the inventory: {error}")).help(super::DEFECT))?;
    match &judged.audit.settings.output {
        Some(file) => output::to_file(file, &text)?,
        None => output::to_stream(console.out, &text)?,
    }
    scan::warn_if_nothing_to_judge(&judged.audit.discovery, console);
    Ok(())
}
