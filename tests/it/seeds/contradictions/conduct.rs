use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, SystemTime};

use clap::CommandFactory;
use rolecall::cli::Cli;
use rolecall::handover;
use rolecall::model::{Fact, Selection};
use rolecall::report::{self, Masks, ReportFormat};
use rolecall::sandbox::World;
use serde_json::{Value, json};

use crate::demo::check_in;
use crate::processes;
use crate::seeds::scene::{Scene, planned, rolecall};

/// Whatever a world holds under a name of a credential: keys that are secret, tokens, external IDs.
fn credentials(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| credentials(item, found)),
        Value::Object(members) => {
            for (name, value) in members {
                let is_credential = [
                    "secret_access_key",
                    "session_token",
                    "client_secret",
                    "sts:externalid",
                    "external_id",
                    "secret_key",
                ]
                .contains(&name.to_lowercase().as_str());
                let texts = value.as_array().map_or_else(|| vec![value], |items| items.iter().collect());
                let texts = texts.into_iter().filter_map(Value::as_str).filter(|text| is_credential && text.len() > 7);
                found.extend(texts.map(str::to_owned));
                credentials(value, found);
            }
        }
        _ => {}
    }
}

/// No text that is handed over has a credential in it, nor a command that would put one into an environment.
#[test]
fn c19_texts_hold_placeholders_and_no_credential() {
    let (mut seen, mut forbidden) = (0, BTreeSet::new());
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets/sandbox");
    for (_, text) in crate::seeds::scene::files(&folder) {
        credentials(&serde_json::from_slice(&text).unwrap(), &mut forbidden);
    }
    assert!(forbidden.len() > 10, "{forbidden:?}");
    for world in World::names().iter().filter(|world| **world != "sre-roles-many") {
        let checked = Scene::of(world).check();
        for text in
            handover::texts(&checked.facts, &checked.selection, &checked.judgement, None, &handover::Wish::default())
        {
            let all = format!("{}\n{}\n{}", text.title, text.body, text.notes.join("\n"));
            let held = forbidden.iter().find(|secret| all.contains(secret.as_str()));
            assert_eq!(held, None, "{world}: {:?}:\n{all}", text.name);
            for credential in ["demo-client-secret", "demo/operator/secret", "ASIA"] {
                assert!(!all.contains(credential), "{world}: {credential} in {:?}:\n{all}", text.name);
            }
            assert!(!all.contains("export AWS_SECRET_ACCESS_KEY"), "{world}: {all}");
            seen += 1;
        }
    }
    assert!(seen > 300, "{seen}");
}

/// All that a check looks up takes as long as the few calls that wait for each other, and what it took is told.
#[test]
fn c25_look_ups_run_at_once_within_two_seconds_and_the_total_is_told() {
    let world = World::load("quilt-healthy").unwrap();
    world.set_latency(200);
    let (checked, took) = check_in(&world, world.selection());
    let one_after_the_other = Duration::from_millis(200) * u32::try_from(checked.facts.calls.len()).unwrap();
    assert!(took < Duration::from_secs(2) && took < one_after_the_other / 3, "{took:?} of {one_after_the_other:?}");
    let page = rolecall(&["check", "--demo=quilt-healthy", "--format", "markdown"]).expect(0).out;
    assert!(page.lines().any(|line| line.starts_with("| Calls took | ") && line.ends_with(" ms |")), "{page}");
}

/// As the webhook package does on every system: `$XDG_CONFIG_HOME`, or `~/.config`.
#[test]
fn c26_config_profiles_are_where_the_webhook_package_looks_for_them() {
    let home = tempfile::tempdir().unwrap();
    for (folder, tenant) in [(".config", "at-home"), ("elsewhere", "at-xdg")] {
        let profile = home.path().join(folder).join("benchling-webhook/default");
        std::fs::create_dir_all(&profile).unwrap();
        let config = json!({"benchling": {"tenant": tenant}}).to_string();
        std::fs::write(profile.join("config.json"), config).unwrap();
    }
    for (xdg, tenant) in [(None, "at-home"), (Some("elsewhere"), "at-xdg")] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
        command.args(["print", "config"]).env_clear().env("HOME", home.path());
        command.envs(xdg.map(|folder| ("XDG_CONFIG_HOME", home.path().join(folder))));
        let printed = String::from_utf8(processes::run(&mut command).unwrap().stdout).unwrap();
        assert!(printed.contains(tenant), "{xdg:?}: {printed}");
    }
}

/// The words before each "profile" that stands alone; flags and names of files apart.
fn bare(text: &str) -> Vec<String> {
    let letters = |word: &str| word.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_profile = |word: &str| ["profile", "profiles"].contains(&letters(word).as_str());
    let is_flag = |word: &str| word.contains("--") || word.contains(['/', '=', '{', '_']);
    words
        .windows(2)
        .filter(|pair| is_profile(pair[1]) && !is_flag(pair[1]))
        .filter(|pair| !["aws", "config", "instance"].contains(&letters(pair[0]).as_str()))
        .map(|pair| pair.join(" "))
        .collect()
}

fn help(command: &mut clap::Command, out: &mut String) {
    out.push_str(&command.render_long_help().to_string());
    command.get_subcommands_mut().for_each(|one| help(one, out));
}

/// Users take one for the other, so neither is ever called by the last word alone.
#[test]
fn c27_it_is_always_an_aws_profile_or_a_config_profile() {
    assert_eq!(bare("choose a profile."), ["a profile."]);
    let mut text = String::new();
    help(&mut Cli::command(), &mut text);
    for page in ["README.md", "assets/findings.md", "assets/causes.md", "assets/seeds.md"] {
        text.push_str(&std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap());
    }
    for world in World::names() {
        let report = Scene::of(world).check().report();
        for format in [ReportFormat::Text, ReportFormat::Markdown, ReportFormat::Html] {
            text.push_str(&report::render(&report, format, &Masks::default()).replace(['<', '>'], " "));
        }
    }
    for folder in ["src/tui", "tests/it/snapshots"] {
        for (path, drawn) in crate::seeds::scene::files(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder)) {
            if path.extension().is_some_and(|ending| ending == "snap") {
                // What a border or the next column parts is no sentence.
                let drawn = String::from_utf8_lossy(&drawn).replace(['│', '┃', '║'], " . ");
                text.push_str(&drawn);
            }
        }
    }
    assert!(text.contains("AWS profile") && text.contains("config profile"));
    assert_eq!(bare(&text), Vec::<String>::new());
}

#[test]
fn c28_the_files_of_the_aws_cli_are_never_written() {
    let scene = Scene::of("quilt-no-secret");
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let aws = scene.home().join(".aws");
    let seen = || {
        let files = crate::seeds::scene::files(&aws).into_iter();
        files
            .map(|(path, text)| (std::fs::metadata(&path).unwrap().modified().unwrap(), path, text))
            .collect::<Vec<_>>()
    };
    for (_, path, _) in seen() {
        std::fs::File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
    }
    let before = seen();
    assert_eq!(before.len(), 2, "config and credentials");
    let checked = scene.check();
    scene.write(&checked, planned(&checked));
    assert!(scene.config_path().exists() && scene.world.calls().len() > 20);
    assert_eq!(seen(), before);
    let chosen = scene.check_as(Selection { source: None, ..scene.world.selection() });
    assert!(!matches!(chosen.facts.sources, Fact::NotAsked), "and they are read");
    assert_eq!(seen(), before);
}

/// Of keys only facts are told: how many, how old; what to do instead is advice.
#[test]
fn c20_of_keys_their_number_and_age_are_told_and_roles_are_advised() {
    let checked = Scene::of("megatests-keys-old").check();
    let keys = checked.judgement.findings.iter().find(|finding| finding.id == "principal/access-keys").unwrap();
    assert!(keys.claim.contains("2 access keys") && keys.claim.contains("243 days old"), "{}", keys.claim);
    assert!(keys.severity > rolecall::model::Severity::Error, "a key in use is no error");
    let advice: Vec<&str> = keys.fixes.iter().map(|fix| fix.what.as_str()).collect();
    assert!(advice.iter().any(|what| what.contains("role") && what.contains("OIDC")), "{advice:?}");
}

/// What is called minimal and is not, is said statement by statement.
#[test]
fn c21_policies_called_minimal_are_read_over() {
    let checked = Scene::of("megatests-as-built").check();
    let lints = checked.judgement.findings.iter().filter(|finding| finding.id == "policy/lint");
    let claims: Vec<&str> = lints.map(|finding| finding.claim.as_str()).collect();
    for part in [
        "iam:PassRole on every role",
        "every bucket, beyond nf-core-awsmegatests",
        "efs:",
        "Every one of the 26 actions",
    ] {
        assert!(claims.iter().any(|claim| claim.contains(part)), "{part}: {claims:?}");
    }
}

/// The account id beside a role's ARN must be the ARN's.
#[test]
fn c23_an_account_id_that_is_not_the_arns_is_an_error() {
    let checked = Scene::of("sre-roles-account-id").check();
    let account = checked.judgement.findings.iter().find(|finding| finding.id == "sre-roles/account").unwrap();
    assert_eq!((account.severity, account.subject.as_str()), (rolecall::model::Severity::Error, "staging-deploy"));
    assert!(account.claim.contains("444455556666") && account.claim.contains("555566667777"), "{}", account.claim);
}

/// The specification's variable is read, and written as the pair that the code reads, with its own name beside it.
#[test]
fn c24_the_default_role_is_written_as_the_pair_that_the_code_reads() {
    let world = World::from_json(
        &json!({"extends": "sre-roles-healthy", "environment": {"AWS_AUTH_DEFAULT_ROLE": "prod"}}).to_string(),
    )
    .unwrap();
    let (checked, _) = check_in(&world, world.selection());
    let wish = handover::Wish::default();
    let name = handover::Name::OfSystem("auth-environment");
    let (texts, _) = handover::asked(&checked.facts, &checked.selection, &checked.judgement, &wish, name);
    let body = &texts[0].body;
    assert!(body.contains("AWS_AUTH_DEFAULT_ROLE_ARN=arn:aws:iam::444455556666:role/SREReadOnly"), "{body}");
    assert!(body.contains("AWS_AUTH_DEFAULT_ACCOUNT_ID=444455556666"), "{body}");
    let named = body.lines().find(|line| line.contains("AWS_AUTH_DEFAULT_ROLE=")).unwrap();
    assert!(named.starts_with('#') && named.contains("prod"), "{named}");
}
