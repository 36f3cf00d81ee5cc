//! Completions and manual pages, made from the arguments themselves so that they cannot fall behind.

use std::path::PathBuf;

use clap::{Command, CommandFactory, ValueHint};
use clap_complete::Shell;

use super::args::Args;
use super::failure::Failure;
use super::{Console, output};

pub(super) const EXAMPLES: &str = "\
Examples:
  launchlint completions bash > ~/.local/share/bash-completion/completions/launchlint
  launchlint completions zsh > ~/.zfunc/_launchlint
  launchlint completions fish > ~/.config/fish/completions/launchlint.fish";

/// Options of `completions`.
#[derive(Debug, clap::Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Options of `man`.
#[derive(Debug, clap::Args)]
pub(super) struct Man {
    /// Write `launchlint.1` and a page for each command to this folder
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    to: Option<PathBuf>,
}

/// Prints a shell's completions.
pub(super) fn completions(options: &Completions, console: &mut Console<'_>) -> Result<(), Failure> {
    let mut command = Args::command();
    let name = command.get_name().to_owned();
    let mut text = Vec::new();
    clap_complete::generate(options.shell, &mut command, name, &mut text);
    output::to_stream(console.out, &String::from_utf8_lossy(&text))
}

/// Prints the manual page, or writes all pages.
pub(super) fn man(options: &Man, console: &mut Console<'_>) -> Result<(), Failure> {
    let mut command = Args::command();
    command.build();
    let Some(folder) = &options.to else {
        return output::to_stream(console.out, &page(&command)?);
    };
    let pages = command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help");
    let pages: Vec<Command> = std::iter::once(command.clone()).chain(pages.cloned()).collect();
    for one in pages {
        let name = one.get_display_name().unwrap_or(one.get_name()).to_owned();
        let file = folder.join(format!("{name}.1"));
        output::check(&file)?;
        output::to_file(&file, &page(&one)?)?;
    }
    Ok(())
}

fn page(command: &Command) -> Result<String, Failure> {
    let mut text = Vec::new();
    let made = clap_mangen::Man::new(command.clone()).render(&mut text);
    made.map_err(|error| Failure::new(format!("cannot write the manual page: {error}")).help(super::DEFECT))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
