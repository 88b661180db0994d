//! Parse, run, exit code.

use clap::Parser;
use natrarium::cli::Cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    keep_mesa_quiet();
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error.report();
            error.exit_code()
        }
    }
}

/// Mesa's device-select layer asks a Wayland server which adapter it prefers. Where there can be none, over
/// ssh or in a container, it prints lines beginning with "error:" that are none; there it is switched off.
fn keep_mesa_quiet() {
    if cfg!(all(feature = "gui", target_os = "linux")) && std::env::var_os("XDG_RUNTIME_DIR").is_none() {
        // SAFETY: nothing has started a thread yet that could read the environment at the same time.
        unsafe { std::env::set_var("NODEVICE_SELECT", "1") };
    }
}
