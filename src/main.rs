//! Arguments in, exit code out. The only reader of the process's environment.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use clap::{ColorChoice, CommandFactory, FromArgMatches};
use color_eyre::eyre::{Context, Result, eyre};

use rolecall::aws::{Clock, Demo, Environment, Surroundings};
use rolecall::check;
use rolecall::cli::{self, Cli, Command, Global};
use rolecall::commands;
use rolecall::commands::signals::Told;
use rolecall::log::{self, Log};
use rolecall::model::inquiry::{Inquiry, MfaCode};
use rolecall::model::{Progress, Selection};
use rolecall::plain;
use rolecall::report::{self, ReportFormat};
use rolecall::sandbox::World;
use rolecall::systems;
use rolecall::tui::{self, Start};

/// Wrong usage.
const USAGE: u8 = 2;
/// Something failed that is nobody's finding.
const INTERNAL: u8 = 70;

fn main() -> ExitCode {
    match run(arguments()) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let _ = writeln!(io::stderr(), "rolecall: {error:#}");
            ExitCode::from(INTERNAL)
        }
    }
}

/// Exits by itself when they are wrong, or ask for help. Help has no colour either when none is wanted.
fn arguments() -> Cli {
    let plain = std::env::args_os().any(|argument| argument == "--no-color");
    let choice = if plain { ColorChoice::Never } else { ColorChoice::Auto };
    let matches = Cli::command().color(choice).get_matches();
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

fn run(cli: Cli) -> Result<u8> {
    if let Err(reason) = commands::stray::refused(&cli) {
        let _ = writeln!(io::stderr(), "rolecall: {reason}");
        return Ok(USAGE);
    }
    match &cli.command {
        Some(Command::Schema { name }) => return print(commands::schema(*name)).map(|()| 0),
        Some(Command::Completions { shell }) => return print(&commands::completions::script(*shell)).map(|()| 0),
        Some(Command::Man) => return print(&commands::man::page()?).map(|()| 0),
        Some(Command::Explain(options)) => return commands::explain::run(options, jiff::Timestamp::now()),
        _ => {}
    }
    let environment = Environment::new(
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
    );
    let full_screen = match &cli.command {
        Some(Command::Setup(options)) => options.answers.is_none(),
        Some(Command::Secret(options)) => options.what.is_none(),
        other => !matches!(other, Some(Command::Check(_) | Command::Permissions(_) | Command::Print(_))),
    };
    if let Err(reason) = usable(&cli.global) {
        let _ = writeln!(io::stderr(), "rolecall: {reason}");
        return Ok(USAGE);
    }
    if full_screen
        && !cli.global.plain
        && (!io::stdin().is_terminal() || !io::stdout().is_terminal() || environment.has("CI"))
    {
        let reason = if environment.has("CI") { "CI is set" } else { "there is no terminal" };
        let _ = writeln!(
            io::stderr(),
            "rolecall: {reason}. Use `rolecall check`, `rolecall secret check`, or `rolecall setup --answers FILE`: none needs one."
        );
        return Ok(USAGE);
    }
    let looks = tui::Theme::from_environment(|name| environment.get(name).map(str::to_owned));
    let looks = tui::Theme { color: looks.color && !cli.global.no_color, ..looks };
    let kept = keep_log(&cli, &environment);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let plain = plain::Why::of(cli.global.plain, environment.get("TERM"));
    let code = open(&runtime, &cli, environment, looks, plain);
    // Whatever still waits, a file on a dead network share for instance, is not waited for.
    runtime.shutdown_background();
    match &code {
        Ok(code) => log::ended(*code),
        Err(error) => log::failed(&format!("{error:#}")),
    }
    drop(kept);
    code
}

/// Opens the log, and says when there is none: once, before the screen is opened. A demo leaves nothing in the user's folders.
fn keep_log(cli: &Cli, environment: &Environment) -> Option<Log> {
    let named = cli.global.log_file.as_deref();
    if matches!(cli.command, Some(Command::Permissions(_))) || (named.is_none() && cli.global.demo.is_some()) {
        return None;
    }
    let opened = log::open(named).map_err(|reason| writeln!(io::stderr(), "rolecall: {reason}"));
    log::began(&log::Place {
        command: cli.command.as_ref().map_or("home", Command::name).to_owned(),
        demo: cli.global.demo.clone(),
        terminal: ["TERM", "TERM_PROGRAM", "COLORTERM", "LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .filter_map(|name| Some(format!("{name}={}", environment.get(name)?)))
            .collect::<Vec<_>>()
            .join(" "),
        size: tui::size(),
    });
    opened.ok()
}

fn open(
    runtime: &tokio::runtime::Runtime,
    cli: &Cli,
    environment: Environment,
    looks: tui::Theme,
    plain: Option<plain::Why>,
) -> Result<u8> {
    match &cli.global.demo {
        None => start(runtime, cli, of_user(environment)?, looks, plain),
        Some(name) => {
            let home = tempfile::tempdir().wrap_err("a folder for the demo's own files cannot be made")?;
            match of_demo(name, home.path()) {
                Ok(here) => start(runtime, cli, here, looks, plain),
                Err(reason) => {
                    let _ = writeln!(io::stderr(), "rolecall: {reason}");
                    Ok(USAGE)
                }
            }
        }
    }
}

fn start(
    runtime: &tokio::runtime::Runtime,
    cli: &Cli,
    here: Surroundings,
    looks: tui::Theme,
    plain: Option<plain::Why>,
) -> Result<u8> {
    if let Some(Command::Permissions(options)) = &cli.command {
        return commands::permissions::run(options, &cli.global, &here);
    }
    let chosen = here.demo.as_ref().map_or_else(Selection::new, |demo| demo.selection.clone());
    let here = Surroundings { read_only: cli.global.read_only, ..here }.shared();
    if let Some(code) = of_its_own(runtime, cli, &here, &chosen) {
        return code;
    }
    let mut selection = commands::select(&cli.global, chosen.clone());
    if let Err(reason) = commands::system::choose(cli, &mut selection) {
        let _ = writeln!(io::stderr(), "rolecall: {reason}");
        return Ok(USAGE);
    }
    selection.inquiry = match &cli.command {
        Some(Command::Check(options)) => {
            match with_code(commands::inquiry(&options.role, &options.path, &cli.global, selection.inquiry), options) {
                Ok(inquiry) => inquiry,
                Err(reason) => {
                    let _ = writeln!(io::stderr(), "rolecall: {reason}");
                    return Ok(USAGE);
                }
            }
        }
        Some(Command::Diagnose(options)) => {
            commands::inquiry(&options.roles, &options.path, &cli.global, selection.inquiry)
        }
        _ => selection.inquiry,
    };
    let any = matches!(cli.command, Some(Command::Print(_))) || selection.system.is_some();
    if let (Some(principal), None, None, false) =
        (&cli.global.principal, cli.global.workload(), &selection.inquiry, any)
    {
        let _ = writeln!(
            io::stderr(),
            "rolecall: --principal {principal} is no role, and only a role can be the webhook's task role. Name a role, or ask about an \
             access path with --role."
        );
        return Ok(USAGE);
    }
    let start = match &cli.command {
        Some(Command::Check(options)) => {
            let names_system = cli.global.system.is_some();
            return runtime.block_on(checked(here, selection, names_system, options));
        }
        Some(Command::Setup(options)) => match &options.answers {
            Some(file) => return commands::setup::run(runtime, here, &cli.global, options, file, chosen),
            None => Start::Setup,
        },
        Some(Command::Print(options)) => return runtime.block_on(printed(here, selection, &cli.global, options)),
        Some(Command::Diagnose(_)) => Start::Diagnose,
        Some(Command::Secret(options)) => match commands::secret::of_screen(&options.sources, &mut selection) {
            Ok(()) => Start::Secret,
            Err(reason) => {
                let _ = writeln!(io::stderr(), "rolecall: {reason}");
                return Ok(USAGE);
            }
        },
        None if cli.global.system.is_some() && selection.system.is_some() => Start::System,
        None if cli.global.system.as_deref() == Some(systems::QUILT) => Start::Setup,
        // Home, and what has ended already.
        None
        | Some(
            Command::Explain(_)
            | Command::Schema { .. }
            | Command::Completions { .. }
            | Command::Man
            | Command::Permissions(_),
        ) => Start::Home,
    };
    match plain {
        Some(why) => plain::run(runtime, here, selection, start, looks, why),
        None => tui::run(runtime, here, selection, start, looks),
    }
}

/// Commands that judge one thing alone, and look up no more than that needs.
fn of_its_own(
    runtime: &tokio::runtime::Runtime,
    cli: &Cli,
    here: &Arc<Surroundings>,
    chosen: &Selection,
) -> Option<Result<u8>> {
    let (here, chosen) = (Arc::clone(here), chosen.clone());
    match &cli.command {
        Some(Command::Secret(options)) => {
            let what = options.what.as_ref()?;
            if !options.sources.named.is_empty() || options.sources.reader.is_some() {
                let reason = "sources and --reader stand behind check, plan or apply";
                let _ = writeln!(io::stderr(), "rolecall: {reason}");
                return Some(Ok(USAGE));
            }
            Some(commands::secret::run(runtime, here, &cli.global, what, chosen))
        }
        Some(Command::Check(options)) if options.as_container => {
            Some(runtime.block_on(commands::container::run(here, &cli.global, options, chosen)))
        }
        _ => None,
    }
}

/// The inquiry with the MFA code that stands on standard input, where a device is named: never an argument, which others can read.
fn with_code(inquiry: Option<Inquiry>, options: &cli::Check) -> Result<Option<Inquiry>, String> {
    let Some(serial) = &options.mfa_serial else { return Ok(inquiry) };
    let Some(inquiry) = inquiry else {
        return Err("--mfa-serial goes with an access path: name a role with --role".into());
    };
    let mut line = String::new();
    io::stdin().read_line(&mut line).map_err(|error| format!("standard input cannot be read: {error}"))?;
    let mfa = MfaCode::typed(serial, &line)
        .ok_or("the first line of standard input is no MFA code: six digits are needed")?;
    Ok(Some(Inquiry { mfa: Some(mfa), ..inquiry }))
}

async fn checked(
    here: Arc<Surroundings>,
    selection: Selection,
    names_system: bool,
    options: &cli::Check,
) -> Result<u8> {
    let mut line = io::stderr().is_terminal().then(|| check::ProgressLine::new(io::stderr()));
    let progress = |progress: &Progress| line.iter_mut().for_each(|line| line.tell(progress));
    // A system may have a thousand paths: what landed before a signal is worth having.
    let told =
        selection.system.as_ref().map(|_| Told::listen()).transpose().wrap_err("signals cannot be listened to")?;
    let stop = told.as_ref().map(Told::cancel).unwrap_or_default();
    let is_plain = !names_system && selection.system.is_none() && selection.inquiry.is_none();
    let checked = check::telling(here, selection, stop, progress).await;
    drop(line);
    if is_plain {
        for other in commands::system::shown_here(&checked.facts) {
            let _ = writeln!(io::stderr(), "rolecall: {other}");
        }
    }
    let report = if options.show_external_ids { checked.report_with_external_ids() } else { checked.report() };
    let format = options.format.map(ReportFormat::from);
    let format = format.or_else(|| ReportFormat::of_path(options.output.as_deref()?)).unwrap_or_default();
    let text = report::render(&report, format, &report::Masks { accounts: options.mask_accounts });
    match &options.output {
        None => print(&text)?,
        Some(file) => commands::to_file(file, &text)?,
    }
    let fail_on = match options.fail_on {
        cli::FailOn::Warning => report::FailOn::Warning,
        cli::FailOn::Error => report::FailOn::Error,
    };
    Ok(told.and_then(|told| told.code()).unwrap_or_else(|| report.exit_code(fail_on)))
}

async fn printed(here: Arc<Surroundings>, selection: Selection, global: &Global, options: &cli::Print) -> Result<u8> {
    if let Err(reason) = commands::print_text::checked(options) {
        let _ = writeln!(io::stderr(), "rolecall: {reason}");
        return Ok(USAGE);
    }
    let text = match options.what {
        cli::PrintWhat::Answers => Ok((rolecall::answers::template(), 0)),
        cli::PrintWhat::Config => {
            commands::print_config::run(here, selection, options.format).await.map(|text| (text, 0))
        }
        cli::PrintWhat::Text(_) => commands::print_text::run(here, selection, global, options).await,
    };
    match text {
        Ok((text, code)) => print(&text).map(|()| code),
        Err(reason) => {
            let _ = writeln!(io::stderr(), "rolecall: {reason}");
            Ok(USAGE)
        }
    }
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
    let state_home = directories.state_dir().unwrap_or_else(|| directories.data_local_dir()).to_owned();
    let current = std::env::current_dir().unwrap_or_default();
    Ok(Surroundings { state_home, current, ..Surroundings::of_user(environment, directories.home_dir().to_owned()) })
}

fn of_demo(name: &str, home: &Path) -> Result<Surroundings, String> {
    let world = World::load(name).map_err(|error| error.to_string())?;
    world.install_files(home).map_err(|error| format!("the demo's files cannot be written: {error}"))?;
    let demo = Demo { world: name.to_owned(), selection: world.selection(), environment: world.environment() };
    Ok(Surroundings::of_demo(home.to_owned(), SharedHttpClient::new(world.client()), Clock::System, demo))
}

/// What can be refused before anything is looked up.
fn usable(global: &Global) -> Result<(), String> {
    if let Some(world) = &global.demo {
        World::load(world).map_err(|error| error.to_string())?;
    }
    if let Some(profile) = &global.profile {
        rolecall::store::check_profile_name(profile).map_err(|error| error.to_string())?;
    }
    if let Some(stack) = global.stack.as_deref().filter(|text| text.starts_with("arn:")) {
        rolecall::values::StackArn::parse(stack).map_err(|error| format!("--stack {stack}: {error}"))?;
    }
    Ok(())
}
