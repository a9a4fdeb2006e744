//! Arguments in, exit code out. The only reader of the process's environment.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use clap::Parser;
use color_eyre::eyre::{Context, Result, eyre};

use rolecall::aws::{Clock, Demo, Environment, Surroundings};
use rolecall::check;
use rolecall::cli::{self, Cli, Command, Format, Global};
use rolecall::commands;
use rolecall::model::Selection;
use rolecall::model::selection::{CredentialSource, WorkloadChoice};
use rolecall::report;
use rolecall::sandbox::World;
use rolecall::tui::{self, Start};

/// Wrong usage.
const USAGE: u8 = 2;
/// Something failed that is nobody's finding.
const INTERNAL: u8 = 70;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let _ = writeln!(io::stderr(), "rolecall: {error:#}");
            ExitCode::from(INTERNAL)
        }
    }
}

fn run(cli: Cli) -> Result<u8> {
    match &cli.command {
        Some(Command::Schema { name }) => return print(commands::schema(*name)).map(|()| 0),
        Some(Command::Explain(options)) => return commands::explain::run(options, jiff::Timestamp::now()),
        _ => {}
    }
    let environment = Environment::new(
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
    );
    let full_screen = !matches!(cli.command, Some(Command::Check(_)));
    if full_screen && (!io::stdin().is_terminal() || !io::stdout().is_terminal() || environment.has("CI")) {
        let reason = if environment.has("CI") { "CI is set" } else { "there is no terminal" };
        let _ = writeln!(io::stderr(), "rolecall: {reason}. Use `rolecall check`, which needs none.");
        return Ok(USAGE);
    }
    if let Err(reason) = usable(&cli.global) {
        let _ = writeln!(io::stderr(), "rolecall: {reason}");
        return Ok(USAGE);
    }
    let looks = tui::Theme::from_environment(|name| environment.get(name).map(str::to_owned));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let code = open(&runtime, &cli, environment, looks);
    // Whatever still waits, a file on a dead network share for instance, is not waited for.
    runtime.shutdown_background();
    code
}

fn open(runtime: &tokio::runtime::Runtime, cli: &Cli, environment: Environment, looks: tui::Theme) -> Result<u8> {
    match &cli.global.demo {
        None => start(runtime, cli, of_user(environment)?, looks),
        Some(name) => {
            let home = tempfile::tempdir().wrap_err("a folder for the demo's own files cannot be made")?;
            match of_demo(name, home.path()) {
                Ok(here) => start(runtime, cli, here, looks),
                Err(reason) => {
                    let _ = writeln!(io::stderr(), "rolecall: {reason}");
                    Ok(USAGE)
                }
            }
        }
    }
}

fn start(runtime: &tokio::runtime::Runtime, cli: &Cli, here: Surroundings, looks: tui::Theme) -> Result<u8> {
    let selection = select(&cli.global, here.demo.as_ref());
    let here = here.shared();
    let start = match &cli.command {
        Some(Command::Check(options)) => return runtime.block_on(checked(here, selection, options)),
        Some(Command::Explain(_) | Command::Schema { .. }) | None => Start::Home,
        Some(Command::Setup) => Start::Setup,
        Some(Command::Diagnose) => Start::Diagnose,
        Some(Command::Secret) => Start::Secret,
    };
    tui::run(runtime, here, selection, start, looks)
}

async fn checked(here: Arc<Surroundings>, selection: Selection, options: &cli::Check) -> Result<u8> {
    let report = check::run(here, selection).await.report();
    let text = match options.format {
        Format::Text => report::text(&report),
        Format::Json => report::json(&report),
    };
    match &options.output {
        None => print(&text)?,
        Some(file) => std::fs::write(file, &text).wrap_err_with(|| format!("{} cannot be written", file.display()))?,
    }
    let fail_on = match options.fail_on {
        cli::FailOn::Warning => report::FailOn::Warning,
        cli::FailOn::Error => report::FailOn::Error,
    };
    Ok(report.exit_code(fail_on))
}

/// Standard output carries the result alone; whoever closed the pipe has read enough.
fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out
        .write_all(text.as_bytes())
        .and_then(|()| if text.ends_with('\n') { Ok(()) } else { out.write_all(b"\n") })
        .and_then(|()| out.flush())
    {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.wrap_err("standard output cannot be written"),
    }
}

fn of_user(environment: Environment) -> Result<Surroundings> {
    let directories = directories::BaseDirs::new().ok_or_else(|| eyre!("no home folder: set HOME"))?;
    Ok(Surroundings::of_user(environment, directories.home_dir().to_owned()))
}

fn of_demo(name: &str, home: &Path) -> Result<Surroundings, String> {
    let world = World::load(name).map_err(|error| error.to_string())?;
    world.install_files(home).map_err(|error| format!("the demo's files cannot be written: {error}"))?;
    let demo = Demo { world: name.to_owned(), selection: world.selection() };
    Ok(Surroundings::of_demo(home.to_owned(), SharedHttpClient::new(world.client()), Clock::System, demo))
}

/// Flags win over what a demo world chose.
fn select(global: &Global, demo: Option<&Demo>) -> Selection {
    let mut selection = demo.map_or_else(Selection::new, |demo| demo.selection.clone());
    if let Some(profile) = &global.profile {
        selection.config_profile.clone_from(profile);
    }
    if let Some(name) = &global.aws_profile {
        selection.source = Some(CredentialSource::Profile(name.clone()));
    }
    if let Some(role) = &global.principal {
        selection.workload = WorkloadChoice::Role(role.clone());
    }
    selection.external_id = global.external_id.clone().or(selection.external_id);
    selection.region = global.region.clone().or(selection.region);
    selection.stack = global.stack.clone().or(selection.stack);
    selection.secret = global.secret.clone().or(selection.secret);
    selection
}

/// What can be refused before anything is looked up.
fn usable(global: &Global) -> Result<(), String> {
    if let Some(profile) = &global.profile {
        rolecall::store::check_profile_name(profile).map_err(|error| error.to_string())?;
    }
    if let Some(stack) = global.stack.as_deref().filter(|text| text.starts_with("arn:")) {
        rolecall::values::StackArn::parse(stack).map_err(|error| format!("--stack {stack}: {error}"))?;
    }
    Ok(())
}
