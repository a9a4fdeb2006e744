//! Specification 1: Wave's access to registries of other accounts.

mod life;
mod texts;

use rolecall::check::Checked;
use rolecall::judge;
use rolecall::model::facts::Probe;
use rolecall::model::selection::CredentialSource;
use rolecall::model::verdict::Party;
use rolecall::model::{Selection, Severity};
use rolecall::policy::{Answer, Leaning};
use rolecall::report::{Masks, ReportFormat, render};
use rolecall::sandbox::World;
use serde_json::json;

use super::scene::{in_world, only, rolecall, with_id};
use crate::demo::check_in;

const ROLE: &str = "arn:aws:iam::444455556666:role/WaveEcrAccess";
const EXTERNAL_ID: &str = "5d1c7a52-3f0e-4b6a-9c8d-2e7f1a90b3c4";

/// What `check` finds in a world, with these settings typed.
fn set(name: &str, typed: &[(&str, &str)]) -> Checked {
    let world = World::load(name).unwrap();
    let mut selection = world.selection();
    type_in(&mut selection, typed);
    check_in(&world, selection).0
}

fn type_in(selection: &mut Selection, typed: &[(&str, &str)]) {
    let system = selection.system.as_mut().unwrap();
    system.typed.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
}

fn severities(checked: &Checked, ids: [&str; 3]) -> [Severity; 3] {
    ids.map(|id| only(checked, id).severity)
}

fn probe<'a>(checked: &'a Checked, action: &str) -> &'a Probe {
    let path = checked.facts.system.paths[0].facts.known().unwrap();
    let mut probes = path.hops.iter().flat_map(|hop| &hop.probes);
    probes.find(|probe| probe.action == action).unwrap_or_else(|| panic!("{action} was tried"))
}

#[test]
fn s1_01_a_role_and_an_external_id_stand_in_for_keys() {
    let checked = in_world("wave-healthy");
    assert_eq!(only(&checked, "wave/external-id").severity, Severity::Ok);
    assert!(with_id(&checked, "wave/credentials").is_empty());
    let keys = only(&in_world("wave-static-key"), "wave/credentials").clone();
    assert!(keys.claim.contains("static keys, and assumes no role"), "{}", keys.claim);
}

#[test]
fn s1_02_what_is_no_roles_arn_is_told_and_not_called() {
    for wrong in [
        "arn:aws:iam::44445555666:role/X",
        "arn:aws:iam::444455556666:user/X",
        "arn:aws:sts::444455556666:assumed-role/X/s",
    ] {
        let checked = set("wave-healthy", &[("role", wrong)]);
        let fault = only(&checked, "settings/value");
        assert_eq!((fault.severity, fault.subject.as_str()), (Severity::Error, "Role"), "{wrong}");
        assert!(!is_called(&checked), "{wrong}");
    }
    // Whatever of a path cannot be used: it is told once, and the path is not tried with something else.
    for (setting, wrong) in [
        ("external-id", "x"),
        ("jump-role", "arn:aws:iam::111122223333:user/X"),
        ("jump-external-id", "a b"),
        ("duration", "60"),
        ("duration", "1h"),
        ("service", "somebody"),
    ] {
        let checked = set("wave-healthy", &[(setting, wrong)]);
        let fault = only(&checked, "settings/value");
        assert!(fault.evidence.iter().any(|line| line == "nothing was asked of AWS about WaveEcrAccess"), "{fault:?}");
        assert!(!is_called(&checked), "{setting}");
        let denied = checked.judgement.findings.iter().filter(|finding| finding.id.starts_with("hop/"));
        assert_eq!(denied.count(), 0, "{setting}: one finding, and no second cause");
    }
    assert!(with_id(&in_world("wave-healthy"), "settings/value").is_empty());
}

fn is_called(checked: &Checked) -> bool {
    checked.facts.calls.iter().any(|call| call.operation == "sts:AssumeRole")
}

#[test]
fn s1_04_the_service_is_judged_beside_whoever_runs_rolecall() {
    let other = "arn:aws:iam::111122223333:user/ProductionTowerUser";
    let checked = set("wave-trust", &[("service", other)]);
    let row = &checked.judgement.system.rows[0];
    let [service, operator] = row.answers.as_slice() else { panic!("{:?}", row.answers) };
    // Only itself could make the call: what nobody here can read may still stand against it.
    assert_eq!((service.party, service.verdict), (Party::Workload, Answer::Unknown));
    assert_eq!(service.leaning, Some(Leaning::Allow));
    assert_eq!((operator.party, operator.verdict), (Party::Operator, Answer::Deny));
    assert!(only(&checked, "wave/trust").claim.contains("user/ProductionTowerUser"));
    let alone = in_world("wave-trust");
    assert!(only(&alone, "wave/trust").claim.contains("user/DevelopmentTowerUser"));
}

#[test]
fn s1_06_what_the_loose_pattern_takes_and_aws_refuses_is_refused_here() {
    for (loose, fits) in [
        ("arn:aws:iam::444455556666:role/team/WaveEcrAccess", true),
        ("arn:aws:iam::444455556666:role/Wave Ecr", false),
        ("arn:aws:iam::444455556666:role/Wave;rm", false),
        ("arn:aws-cn:iam::444455556666:role/WaveEcrAccess", true),
    ] {
        let checked = set("wave-healthy", &[("role", loose)]);
        assert_eq!(with_id(&checked, "settings/value").is_empty(), fits, "{loose}");
    }
}

#[test]
fn s1_07_an_hour_is_asked_for_unless_another_length_is_set() {
    let length = |checked: &Checked| {
        let path = checked.facts.system.paths[0].facts.known().unwrap().clone();
        let live = path.hops[0].live.known().unwrap().clone();
        live.outcome.unwrap().duration_since(live.at).as_secs()
    };
    let near = |found: i64, wanted: i64| (found - wanted).abs() <= 2;
    assert!(near(length(&in_world("wave-healthy")), 3_600));
    assert!(near(length(&set("wave-healthy", &[("duration", "900")])), 900));
    assert_eq!(with_id(&set("wave-healthy", &[("duration", "60")]), "settings/value").len(), 1);
}

#[test]
fn s1_08_sts_weighs_trust_and_external_id_before_it_gives_a_session() {
    let answer = |world: &str| {
        let live = in_world(world).judgement.system.rows[0].live.clone().unwrap();
        live.outcome.map_err(|error| error.code().to_owned()).map(drop)
    };
    assert_eq!(answer("wave-healthy"), Ok(()));
    assert_eq!(answer("wave-trust"), Err("AccessDenied".into()));
    assert_eq!(answer("wave-external-id"), Err("AccessDenied".into()));
}

#[test]
fn s1_09_a_registry_token_is_asked_for_with_the_roles_session() {
    let token = "ecr:GetAuthorizationToken";
    assert!(probe(&in_world("wave-healthy"), token).outcome.is_ok());
    let refused = in_world("wave-ecr-denied");
    assert!(probe(&refused, token).outcome.is_err());
    let simulated = with_id(&refused, "principal/expected");
    assert_eq!(simulated.iter().map(|finding| finding.severity).collect::<Vec<_>>(), [Severity::Error; 2]);
    let actions = |checked: &Checked| {
        let look = checked.facts.system.principal("ecr").unwrap();
        look.simulated.iter().filter_map(|fact| fact.known()).map(Vec::len).sum::<usize>()
    };
    assert_eq!(actions(&refused), 6, "all six actions are simulated");
    // Without a registry at that of the role's own account: role and region are all that it takes.
    let without = in_world("wave-no-registry");
    let host = "444455556666.dkr.ecr.eu-west-1.amazonaws.com";
    assert_eq!((probe(&without, token).resource.as_str(), actions(&without)), (host, 6));
    assert!(only(&without, "wave/registry").claim.starts_with("No registry is named"));
}

#[test]
fn s1_11_two_accounts_take_part() {
    let checked = in_world("wave-healthy");
    let caller = checked.facts.identity.known().unwrap().account.to_string();
    assert_ne!(caller, "444455556666");
    assert!(with_id(&checked, "wave/caller-account").is_empty());
    let one = only(&in_world("wave-customer-keys"), "wave/caller-account").clone();
    assert!(one.severity == Severity::Error && one.claim.contains("4444-5555-6666"), "{}", one.claim);
    assert!(only(&checked, "wave/registry").claim.contains("4444-5555-6666"));
}

#[test]
fn s1_13_waves_keys_come_from_the_environment_or_an_aws_profile() {
    let with = |environment: serde_json::Value| {
        let patch = json!({"extends": "wave-healthy", "environment": environment, "selection": {"aws_profile": null}});
        let world = World::from_json(&patch.to_string()).unwrap();
        check_in(&world, world.selection()).0
    };
    let named = with(json!({"AWS_PROFILE": "wave-dev", "AWS_REGION": "eu-north-1"}));
    assert!(only(&named, "identity/caller").claim.contains("by AWS profile wave-dev"));
    assert_eq!(named.facts.credentials.known().unwrap().region, "eu-north-1", "the AWS profile has another");
    let keys = with(json!({"AWS_ACCESS_KEY_ID": "AKIADEMOWAVE00000001", "AWS_SECRET_ACCESS_KEY": "demo/wave/key"}));
    assert_eq!(keys.selection.source, Some(CredentialSource::Environment));
}

#[test]
fn s1_14_whose_credentials_they_are_is_said_first() {
    let checked = in_world("wave-healthy");
    let claim = &only(&checked, "identity/caller").claim;
    assert!(claim.starts_with("You are user/DevelopmentTowerUser of account 1111-2222-3333"), "{claim}");
    // The customer's own: that comes first, and nothing offers to let them in.
    let checked = in_world("wave-customer-keys");
    let first = &checked.judgement.findings[0];
    assert_eq!((first.id.as_str(), first.severity), ("wave/caller-account", Severity::Error));
    assert!(first.claim.contains("Wave calls from an account of its own"), "{}", first.claim);
    let commands = checked.judgement.findings.iter().flat_map(|finding| &finding.fixes);
    let commands: Vec<&str> = commands.filter_map(|fix| fix.command.as_deref()).collect();
    assert_eq!(commands, Vec::<&str>::new());
    let ids = ["wave/caller", "wave/trust", "wave/external-id"];
    assert!(ids.iter().all(|id| with_id(&checked, id).is_empty()), "they are of another call than Wave's");
}

#[test]
fn s1_15_sts_tells_who_calls() {
    let checked = in_world("wave-healthy");
    let arn = checked.facts.identity.known().unwrap().arn.to_string();
    assert_eq!(arn, "arn:aws:iam::111122223333:user/DevelopmentTowerUser");
    assert!(checked.facts.calls.iter().any(|call| call.operation == "sts:GetCallerIdentity"));
}

#[test]
fn s1_22_a_session_that_answers_is_the_proof() {
    let checked = in_world("wave-healthy");
    let who = probe(&checked, "sts:GetCallerIdentity").outcome.clone().unwrap();
    assert!(who.starts_with("arn:aws:sts::444455556666:assumed-role/WaveEcrAccess/rolecall-"), "{who}");
}

#[test]
fn s1_25_neither_external_id_nor_token_is_in_a_report() {
    let checked = in_world("wave-healthy");
    let report = rolecall::report::json(&checked.report());
    assert!(report.contains("WaveEcrAccess"));
    let texts = [
        report,
        rolecall::report::text(&checked.report()),
        render(&checked.report(), ReportFormat::Html, &Masks::default()),
    ];
    for text in texts {
        for hidden in [EXTERNAL_ID, "demo-platform-token", "demo/wave/secret"] {
            assert!(!text.contains(hidden), "{hidden}");
        }
    }
    // That the credentials are temporary is told by the key's prefix and the token's presence.
    let who = &probe(&checked, "sts:GetCallerIdentity").outcome;
    assert!(who.as_ref().unwrap().ends_with(", key ASIA…, with a session token"), "{who:?}");
}

#[test]
fn s1_26_the_variables_of_the_test_script_are_read() {
    let checked = in_world("wave-healthy");
    let (_, settings) = rolecall::systems::chosen(&checked.facts, &checked.selection).unwrap();
    let names: Vec<&str> = settings.all().iter().map(|given| given.name.as_str()).collect();
    let wanted = ["AWS_ROLE_ARN", "AWS_EXTERNAL_ID", "ECR_REGISTRY", "TOWER_ACCESS_TOKEN", "TOWER_WORKSPACE_ID"];
    assert_eq!(names, wanted);
    assert_eq!(settings.get("role"), Some(ROLE));
    let half = set("wave-healthy", &[("workspace", "")]);
    assert!(only(&half, "wave/platform").claim.starts_with("TOWER_WORKSPACE_ID is not set"));
}

#[test]
fn s1_27_the_registrys_account_and_region_are_held_against_the_roles() {
    let registry = |host: &str| {
        let checked = set("wave-healthy", &[("registry", host)]);
        let finding = only(&checked, "wave/registry");
        (finding.severity, finding.claim.clone())
    };
    assert_eq!(registry("444455556666.dkr.ecr.eu-west-1.amazonaws.com").0, Severity::Ok);
    let (severity, claim) = registry("777788889999.dkr.ecr.eu-west-1.amazonaws.com");
    assert_eq!(severity, Severity::Warning);
    assert!(claim.contains("7777-8888-9999") && claim.contains("4444-5555-6666"), "{claim}");
    let (severity, claim) = registry("444455556666.dkr.ecr.us-east-1.amazonaws.com");
    assert_eq!(severity, Severity::Info);
    assert!(claim.contains("us-east-1") && claim.contains("eu-west-1"), "{claim}");
    let (severity, claim) = {
        let finding = only(&in_world("wave-registry-region"), "wave/registry").clone();
        (finding.severity, finding.claim)
    };
    assert!(severity == Severity::Info && claim.contains("Wave calls STS where the registry is"), "{claim}");
    assert_eq!(registry("444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn").0, Severity::Error);
    let fault = set("wave-healthy", &[("registry", "docker.io/library/alpine")]);
    assert_eq!(only(&fault, "settings/value").subject, "Registry");
}

#[test]
fn s1_31_an_access_key_is_told_from_a_role_by_the_user_name() {
    let kind = |name: &str| !with_id(&set("wave-healthy", &[("role", name)]), "wave/credentials").is_empty();
    assert!(kind("AKIAIOSFODNN7EXAMPLE"));
    assert!(!kind("arn:aws:iam::123456789012:role/MyRole"));
    let checked = in_world("wave-static-key");
    assert!(checked.facts.system.paths.is_empty(), "nothing is assumed");
    assert!(!rolecall::report::text(&checked.report()).contains("will not work"));
    assert!(only(&checked, "wave/credentials").evidence[0].contains("AKIA…MPLE"));
}

#[test]
fn s1_32_each_of_the_three_causes_has_a_verdict_of_its_own() {
    use Severity::{Error, Ok};
    let ids = ["wave/caller", "wave/trust", "wave/external-id"];
    for (world, expected) in [
        ("wave-healthy", [Ok, Ok, Ok]),
        ("wave-caller", [Error, Ok, Ok]),
        ("wave-trust", [Ok, Error, Ok]),
        ("wave-external-id", [Ok, Ok, Error]),
    ] {
        assert_eq!(severities(&in_world(world), ids), expected, "{world}");
    }
    for (world, expected) in [
        ("wave-no-external-id", [Ok, Ok, Error]),
        ("wave-jump-external-id", [Ok, Ok, Error]),
        ("wave-jump-no-external-id", [Ok, Ok, Error]),
        ("wave-jump-untrusted", [Ok, Error, Ok]),
    ] {
        let checked = in_world(world);
        // Of a chain the hop that refuses is the one that they are about, and so is AWS's answer.
        let subject =
            if world.contains("jump-") && !world.contains("untrusted") { "WaveJump" } else { "WaveEcrAccess" };
        let of_hop = |id: &str| {
            let mut of_id = with_id(&checked, id).into_iter().filter(|finding| finding.subject == subject);
            of_id.next().unwrap_or_else(|| panic!("{world}: no {id} of {subject}")).severity
        };
        assert_eq!(ids.map(of_hop), expected, "{world}");
        let denied = only(&checked, "hop/denied");
        assert_eq!(denied.subject, subject, "{world}");
        assert!(!world.contains("jump-") || denied.claim.contains(subject), "{world}: {}", denied.claim);
    }
    // All at once: none hides another.
    let patch = json!({
        "extends": "wave-trust",
        "accounts": {"111122223333": {"users": {"DevelopmentTowerUser": {"inline": {"AssumeCustomerRole": null}}}}},
        "environment": {"AWS_EXTERNAL_ID": "another-one"},
    });
    let world = World::from_json(&patch.to_string()).unwrap();
    assert_eq!(severities(&check_in(&world, world.selection()).0, ids), [Error; 3]);
}

#[test]
fn s1_34_a_region_without_sts_is_tried_again_where_it_cannot_be_off() {
    let checked = in_world("wave-sts-region-off");
    let tried = only(&checked, "hop/experiment");
    assert_eq!(tried.claim, "Tried at us-east-1, AWS gives a session of WaveEcrAccess.");
    let said = rolecall(&["explain", "--message", "STS is not enabled in the specified region"]).flat();
    assert!(said.contains("The STS endpoint of the region is switched off"), "Wave's own words for it: {said}");
    assert!(said.contains("Call STS in us-east-1"), "{said}");
    let asked = "ask the administrators of account 4444-5555-6666 to activate STS";
    assert!(tried.fixes.iter().any(|fix| fix.what.contains(asked)), "whose it is: {:?}", tried.fixes);
    let answer = &checked.judgement.system.rows[0].answers[0];
    assert_eq!(answer.cause, "sts_region_disabled");
    assert!(
        answer.sentence.starts_with("The role's account, 4444-5555-6666, has STS switched off"),
        "{}",
        answer.sentence
    );
}

#[test]
fn s1_35_a_clock_that_is_off_is_the_first_error() {
    let checked = in_world("wave-clock-skew");
    let first = &checked.judgement.findings[0];
    assert_eq!((first.id.as_str(), first.severity), ("clock/skew", Severity::Error));
    assert!(first.claim.ends_with(" behind AWS's."), "{}", first.claim);
    // The other cause: a session that is shorter than a build.
    let cache = |length: &str| only(&set("wave-healthy", &[("duration", length)]), "wave/cache").clone();
    assert_eq!(cache("3600").severity, Severity::Ok);
    let short = cache("900");
    assert_eq!(short.severity, Severity::Info);
    assert!(short.evidence.iter().any(|line| line.contains("takes new credentials in between")), "{short:?}");
}

#[test]
fn s1_36_what_is_found_names_the_pages_that_say_so() {
    for (id, page) in [
        ("wave/external-id", "id_roles_common-scenarios_third-party.html"),
        ("wave/cache", "API_AssumeRole.html"),
        ("wave/registry", "registry_auth.html"),
    ] {
        assert!(judge::paragraph(id).unwrap().contains(page), "{id}");
    }
    assert!(judge::paragraph("wave/external-id").unwrap().contains("/confused-deputy.html"));
    for (world, page) in [
        ("wave-external-id", "id_roles_common-scenarios_third-party.html"),
        ("wave-registry-account", "registry_auth.html"),
    ] {
        let report = in_world(world).report();
        for format in [ReportFormat::Html, ReportFormat::Markdown] {
            // Markdown escapes what could be markup.
            let form = render(&report, format, &Masks::default()).replace('\\', "");
            assert!(form.contains(page), "{world}: {page}\n{form}");
        }
    }
}

/// What a finding says to run is run: with what was chosen and typed, and of a chain with the role of its hop.
#[test]
fn every_text_that_a_finding_names_can_be_printed() {
    let mut seen = 0;
    for world in World::names().iter().filter(|name| name.starts_with("wave-")) {
        for finding in &in_world(world).judgement.findings {
            let commands = finding.fixes.iter().filter_map(|fix| fix.command.as_deref());
            for command in commands.filter(|command| command.starts_with("rolecall print ")) {
                let words: Vec<&str> = command.split(' ').skip(1).collect();
                let said = rolecall(&[&words[..], &[&format!("--demo={world}")]].concat());
                // 3: the external ID is a placeholder.
                assert!(matches!(said.code, Some(0 | 3)), "{world}: {command}\n{}\n{}", said.out, said.err);
                seen += 1;
            }
        }
    }
    assert!(seen >= 5, "{seen}");
}

#[test]
fn the_cure_of_a_hop_prints_that_hops_text() {
    let checked = in_world("wave-jump-untrusted");
    let trust =
        with_id(&checked, "wave/trust").into_iter().find(|finding| finding.severity == Severity::Error).unwrap();
    let command = trust.fixes[0].command.as_deref().unwrap();
    assert!(command.contains(&format!("--role {ROLE}")), "{command}");
    let print = |what: &str, role: &str| rolecall(&["print", what, "--demo=wave-jump-untrusted", "--role", role]);
    let jump = "arn:aws:iam::111122223333:role/WaveJump";
    assert!(print("trust-policy", ROLE).out.contains(jump), "it lets the jump role in");
    assert!(print("caller-policy", jump).out.contains(jump) && !print("caller-policy", jump).out.contains(ROLE));
    let commands = print("aws-commands", jump).out;
    assert!(commands.contains("Trust side: WaveJump") && !commands.contains("Trust side: WaveEcrAccess"), "{commands}");
}

#[test]
fn what_was_chosen_and_typed_is_in_the_command_of_a_cure() {
    let other = "arn:aws:iam::111122223333:user/ProductionTowerUser";
    let checked = set("wave-external-id", &[("service", other), ("external-id", "not-for-a-command")]);
    let fixes = checked.judgement.findings.iter().filter(|finding| finding.id == "wave/trust");
    let commands: Vec<&str> =
        fixes.flat_map(|finding| &finding.fixes).filter_map(|fix| fix.command.as_deref()).collect();
    assert!(!commands.is_empty());
    for command in commands {
        assert!(
            command.contains(&format!("--set service={other}")) && command.contains("--aws-profile wave-dev"),
            "{command}"
        );
        assert!(!command.contains("not-for-a-command"), "{command}");
    }
}

#[test]
fn an_external_id_without_a_jump_role_is_told() {
    let nowhere = set("wave-healthy", &[("jump-external-id", "abc-def")]);
    assert_eq!(only(&nowhere, "wave/jump-role").severity, Severity::Warning);
    assert!(with_id(&in_world("wave-jump-role"), "wave/jump-role").is_empty());
}

#[test]
fn a_long_external_id_is_in_no_report() {
    let long = format!("SECRETSTART{}SECRETEND", "x".repeat(150));
    let report = set("wave-healthy", &[("external-id", &long)]).report();
    for text in [
        rolecall::report::text(&report),
        rolecall::report::json(&report),
        render(&report, ReportFormat::Markdown, &Masks::default()),
        render(&report, ReportFormat::Html, &Masks::default()),
    ] {
        assert!(!text.contains("SECRETSTART") && !text.contains("SECRETEND"), "{text}");
    }
}

/// Every pod with a role and every job with OIDC has the pair: AWS's SDKs run as that role.
#[test]
fn a_web_identitys_role_is_no_sign_of_wave() {
    use rolecall::systems::{Settings, find};
    let wave = find("wave").unwrap();
    let sign = |more: serde_json::Value| {
        let patch = json!({"extends": "wave-healthy", "environment": more});
        let world = World::from_json(&patch.to_string()).unwrap();
        let facts = check_in(&world, world.selection()).0.facts;
        wave.signs(&Settings::of(wave.settings(), None, &facts))
    };
    let pod =
        json!({"AWS_WEB_IDENTITY_TOKEN_FILE": "/var/run/secrets/token", "AWS_EXTERNAL_ID": null, "ECR_REGISTRY": null});
    assert_eq!(sign(pod), None);
    let with_registry = json!({"AWS_WEB_IDENTITY_TOKEN_FILE": "/var/run/secrets/token", "AWS_EXTERNAL_ID": null});
    assert_eq!(sign(with_registry).as_deref(), Some("ECR_REGISTRY in environment"));
    assert_eq!(
        sign(json!({"AWS_EXTERNAL_ID": null, "ECR_REGISTRY": null})).as_deref(),
        Some("AWS_ROLE_ARN in environment")
    );
}
