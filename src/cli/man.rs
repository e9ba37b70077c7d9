//! The manual page, with all commands on it: a page of each would have to be installed beside it.

use std::io;

use clap::{Arg, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

/// The page of `command` and of all its commands, in the language of `man`.
///
/// # Errors
/// None that memory does not have.
pub fn page(mut command: Command) -> io::Result<Vec<u8>> {
    command.build();
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    let mut commands = Roff::new();
    commands.control("SH", ["COMMANDS"]);
    command.get_subcommands_mut().for_each(|command| tell(command, &mut commands));
    commands.to_writer(&mut page)?;
    man.render_version_section(&mut page)?;
    Ok(page)
}

/// Adds what `command` does, or else what each of its own commands does.
fn tell(command: &mut Command, page: &mut Roff) {
    if command.get_name() == "help" {
        return;
    }
    if command.has_subcommands() {
        return command.get_subcommands_mut().for_each(|command| tell(command, page));
    }
    let usage = command.render_usage().to_string();
    page.control("SS", [usage.trim_start_matches("Usage: ")]);
    let about = command.get_long_about().or(command.get_about()).map(ToString::to_string);
    page.text([roman(about.unwrap_or_default())]);
    // What goes with every command is told once.
    for argument in command.get_arguments().filter(|it| !it.is_global_set() && it.get_id() != "help") {
        page.control("TP", []);
        page.text([bold(name(argument))]);
        page.text([roman(argument.get_help().map(ToString::to_string).unwrap_or_default())]);
    }
}

/// What is written for `argument`.
fn name(argument: &Arg) -> String {
    match argument.get_long() {
        Some(_) => argument.to_string(),
        None => argument.get_value_names().map(|names| names.join(" ")).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_command_and_its_arguments_are_on_the_page_and_no_other_page_is_named() {
        let page = String::from_utf8(page(crate::cli::Arguments::command()).unwrap()).unwrap().replace("\\-", "-");
        for told in ["dorsi start", "dorsi config show", "--speed", "--force", "--csv", "PROTOCOL", "dorsi keys learn"]
        {
            assert!(page.contains(told), "{told}:\n{page}");
        }
        assert!(!page.contains("dorsi-start") && !page.contains("dorsi help"), "{page}");
    }
}
