//! What only a terminal can see of the first-class details: the bytes that are sent, the files that are left, the next start.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::terminal::{Launch, PATIENCE, STANDARD, Terminal};

const BEGIN: &str = "\u{1b}[?2026h";
const END: &str = "\u{1b}[?2026l";

fn raw(terminal: &Terminal) -> String {
    String::from_utf8_lossy(&terminal.raw()).into_owned()
}

/// To the roles of a demo world, all look-ups ended.
fn reach_the_roles(terminal: &Terminal) {
    terminal.wait_for("You are user/operator", PATIENCE);
    terminal.press("Enter");
    terminal.wait_for("is a Quilt stack", PATIENCE);
    terminal.press("Enter");
    terminal.wait_for("as it should be", PATIENCE);
    terminal.settle(Duration::from_millis(300));
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn frames_come_in_synchronized_updates_at_most_sixty_a_second_and_the_mouse_is_left_alone() {
    let terminal = Terminal::spawn(&["setup", "--demo"], &[], STANDARD);
    reach_the_roles(&terminal);
    let before = raw(&terminal).len();
    let started = Instant::now();
    for _ in 0..300 {
        terminal.press("Down");
        terminal.press("Up");
    }
    terminal.settle(Duration::from_millis(300));
    let took = started.elapsed();
    let sent = raw(&terminal);
    let frames = sent[before..].matches(BEGIN).count();
    let most = usize::try_from(took.as_millis()).unwrap() / 16 + 2;
    assert!((1..=most).contains(&frames), "{frames} frames in {took:?} for 600 keys");
    assert_eq!(sent.matches(BEGIN).count(), sent.matches(END).count());
    for mouse in ["?1000h", "?1002h", "?1003h", "?1006h", "?1015h"] {
        assert!(!sent.contains(mouse), "the mouse is the terminal's own: {mouse}");
    }
}

#[test]
fn a_copy_goes_to_the_terminal_between_two_frames() {
    for (variables, envelope) in [
        (&[][..], "\u{1b}]52;c;"),
        (&[("TMUX", "/tmp/t,1,0")][..], "\u{1b}Ptmux;\u{1b}\u{1b}]52;c;"),
        (&[("STY", "1.x")][..], "\u{1b}P\u{1b}]52;c;"),
    ] {
        let terminal = Terminal::spawn(&["setup", "--demo"], variables, STANDARD);
        reach_the_roles(&terminal);
        terminal.press("c");
        terminal.wait_for("Copy what?", PATIENCE);
        terminal.press("Enter");
        terminal.wait_for("sent to the terminal; if nothing arrives, x exports", PATIENCE);
        let sent = raw(&terminal);
        let at = sent.find(envelope).unwrap_or_else(|| panic!("{variables:?}: no {envelope:?}"));
        let opened = sent[..at].matches(BEGIN).count();
        assert_eq!(opened, sent[..at].matches(END).count(), "no frame was under way");
        // arn:aws:iam::…:role/ReadQuiltV2-…, as base64.
        assert!(sent[at..].contains("YXJuOmF3czppYW06O"), "the ARN of the read role");
    }
}

#[test]
fn an_export_is_the_owners_alone_asks_before_it_replaces_and_is_named_at_the_end() {
    let terminal = Terminal::spawn(&["setup", "--demo"], &[], STANDARD);
    reach_the_roles(&terminal);
    let path = terminal.home().join("rolecall-report.txt");
    for answer in ["", "N", "y"] {
        terminal.press("x");
        terminal.wait_for("File to write the report to", PATIENCE);
        terminal.press("Enter");
        match answer {
            "" => terminal.wait_for("written: ", PATIENCE),
            "N" => {
                assert!(std::fs::read_to_string(&path).unwrap().starts_with("DEMO world quilt-untouched"));
                std::fs::write(&path, "theirs").unwrap();
                terminal.wait_for("Replace ", PATIENCE);
                terminal.press("N");
                terminal.wait_for("was left as it is", PATIENCE);
                assert_eq!(std::fs::read_to_string(&path).unwrap(), "theirs");
            }
            _ => {
                terminal.wait_for("Replace ", PATIENCE);
                terminal.press("y");
                terminal.wait_for("written: ", PATIENCE);
            }
        }
    }
    assert!(std::fs::read_to_string(&path).unwrap().contains("trust/task-role"));
    assert_eq!(mode(&path), 0o600);
    terminal.press("q");
    assert_eq!(terminal.exit_code(PATIENCE), 0);
    assert!(terminal.screen().contains("report: "), "{}", terminal.screen());
}

#[test]
fn a_walk_that_was_left_is_offered_again_without_its_hidden_values() {
    let launch = Launch::rolecall(&[]);
    std::fs::create_dir_all(launch.home().join(".aws")).unwrap();
    let config = "[profile here]\nregion = us-east-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n\
                  aws_secret_access_key = canary-key\nendpoint_url = http://127.0.0.1:9\n";
    std::fs::write(launch.home().join(".aws/config"), config).unwrap();
    let first = launch.start();
    first.wait_for("Set up a config profile", PATIENCE);
    first.press("End Enter");
    first.wait_for("Nothing to bring along", PATIENCE);
    first.press("n");
    first.wait_for("access keys", PATIENCE);
    first.press("Down Enter");
    first.wait_for("leads to no identity", PATIENCE);
    first.press("n n");
    first.wait_for("CLIENT_ID", PATIENCE);
    first.press("Home Down Down Enter");
    for value in ["canary-client-id", "canary-client-secret", "acme"] {
        first.send(value);
        first.press("Enter");
    }
    first.wait_for("acme", PATIENCE);
    first.press("Ctrl-C");
    assert_eq!(first.exit_code(PATIENCE), 130);
    let file = first.home().join(".local/state/rolecall/drafts/default.json");
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(kept.contains("acme") && !kept.contains("canary"), "{kept}");
    assert_eq!(mode(&file), 0o600);

    let second = Launch::rolecall(&[]).in_home_of(&first).start();
    second.wait_for("Resume the migration of today", PATIENCE);
    second.press("Up d");
    second.wait_gone("Resume the migration", PATIENCE);
    second.press("q");
    assert_eq!(second.exit_code(PATIENCE), 0);
    assert!(!file.exists(), "thrown away");
}

#[test]
fn a_demo_keeps_no_draft_in_the_users_home() {
    let terminal = Terminal::spawn(&["setup", "--demo"], &[], STANDARD);
    reach_the_roles(&terminal);
    terminal.press("Ctrl-C");
    assert_eq!(terminal.exit_code(PATIENCE), 130);
    assert_eq!(std::fs::read_dir(terminal.home()).unwrap().count(), 0, "nothing was written to the user's home");
}

#[test]
fn a_login_that_is_made_meanwhile_is_noticed() {
    let launch = Launch::rolecall(&["setup"]).env("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    let aws = launch.home().join(".aws");
    std::fs::create_dir_all(aws.join("sso/cache")).unwrap();
    let config = "[profile corp]\nregion = us-east-1\nsso_session = corp\nsso_account_id = 111122223333\n\
                  sso_role_name = Admin\n[sso-session corp]\nsso_region = us-east-1\n\
                  sso_start_url = https://corp.awsapps.com/start\n";
    std::fs::write(aws.join("config"), config).unwrap();
    let terminal = launch.start();
    terminal.wait_for("not logged in", PATIENCE);
    terminal.press("Down");
    terminal.wait_for("aws sso login --profile corp", PATIENCE);
    // The name of the file is the SHA-1 of the session's name.
    let token = aws.join("sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json");
    std::fs::write(token, r#"{"accessToken":"canary-token","expiresAt":"2999-01-01T00:00:00Z"}"#).unwrap();
    terminal.wait_for("the login was noticed", PATIENCE);
    terminal.wait_gone("aws sso login", PATIENCE);
    terminal.press("Ctrl-C");
    assert_eq!(terminal.exit_code(PATIENCE), 130);
    assert!(!raw(&terminal).contains("canary-token"));
}

#[test]
fn without_colour_the_banner_stays_reversed_and_the_cursor_line_bold() {
    let terminal = Terminal::spawn(&["--demo"], &[("NO_COLOR", "1")], STANDARD);
    terminal.wait_for("Set up a config profile", PATIENCE);
    terminal.settle(Duration::from_millis(200));
    terminal.look(|screen| {
        let cells =
            || (0..STANDARD.1).flat_map(|row| (0..STANDARD.0).filter_map(move |column| screen.cell(row, column)));
        assert!(cells().any(vt100::Cell::inverse), "the banner");
        assert!(cells().any(|cell| cell.bold() && cell.contents() == "Q"), "the line under the cursor");
        assert!(cells().all(|cell| cell.fgcolor() == vt100::Color::Default && cell.bgcolor() == vt100::Color::Default));
    });
}

#[test]
fn a_terminal_without_utf_8_is_sent_ascii_alone() {
    for variables in [&[("LANG", "C")][..], &[("TERM", "linux")][..]] {
        let terminal = Terminal::spawn(&["setup", "--demo"], variables, STANDARD);
        reach_the_roles(&terminal);
        terminal.press("Ctrl-C");
        assert_eq!(terminal.exit_code(PATIENCE), 130);
        assert!(terminal.raw().is_ascii(), "{variables:?}");
    }
}
