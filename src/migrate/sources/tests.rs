use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::model::VersionChoice;

mod hostile;
mod shapes;

fn content(text: &str) -> ImportContent {
    ImportContent::Text { text: text.into(), version_id: None, mode: None }
}

fn of_env(text: &str) -> Result<Import, ImportFault> {
    read(&ImportSource::EnvFile(PathBuf::from("prod.env")), &content(text))
}

fn of_file(text: &str) -> Result<Import, ImportFault> {
    read(&ImportSource::File(PathBuf::from("any")), &content(text))
}

fn of_secret(text: &str) -> Result<Import, ImportFault> {
    read(&ImportSource::Secret { id: "webhook".into(), version: VersionChoice::Current }, &content(text))
}

/// What is given, as `name: value` in the source's order; a reference behind an arrow.
fn given(import: &Import) -> Vec<String> {
    let line = |given: &Given| match &given.value {
        Value::Text(text) => format!("{}={}", given.name, text.expose()),
        Value::Reference(from) => format!("{}->{from}", given.name),
    };
    import.given.iter().map(line).collect()
}

#[test]
fn lines_are_read_as_they_are_written() {
    for (text, wanted) in [
        ("TENANT=acme\n", "TENANT=acme"),
        ("TENANT = acme", "TENANT=acme"),
        ("export TENANT=acme", "TENANT=acme"),
        ("\u{feff}TENANT=acme\r\n", "TENANT=acme"),
        ("# TENANT=old\n\n  TENANT=acme  \r\n", "TENANT=acme"),
        ("TENANT='acme'", "TENANT=acme"),
        ("TENANT=\"acme\" # said so", "TENANT=acme"),
        ("TENANT=", "TENANT="),
        ("TENANT=\"\"", "TENANT="),
        ("TENANT=a=b==", "TENANT=a=b=="),
        ("TENANT=a#b", "TENANT=a#b"),
        ("TENANT=a#b #c", "TENANT=a#b"),
        ("TENANT=acme # the tenant", "TENANT=acme"),
        ("TENANT=#nothing", "TENANT="),
        ("TENANT='a # b'", "TENANT=a # b"),
        ("TENANT=a'b\"c", "TENANT=a'b\"c"),
        ("TENANT=$HOME", "TENANT=$HOME"),
        ("TENANT=\"${HOME:-x}\"", "TENANT=${HOME:-x}"),
        ("TENANT='$HOME'", "TENANT=$HOME"),
        (r#"TENANT="a\"b\\c\d""#, r#"TENANT=a"b\c\d"#),
        (r"TENANT=a\b", r"TENANT=a\b"),
        ("TENANT=日本", "TENANT=日本"),
    ] {
        let import = of_env(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(given(&import), [wanted], "{text}");
    }
}

#[test]
fn what_readers_differ_in_is_said_of_our_keys_alone() {
    for (text, words) in [
        ("CLIENT_SECRET=a$b", Some("holds a `$`, kept as it stands")),
        ("CLIENT_SECRET=\"a$b\"", Some("holds a `$`, kept as it stands")),
        ("CLIENT_SECRET='a$b'", None),
        ("OTHER=a$b\nTENANT=acme", None),
        ("CLIENT_SECRET=a#b", Some("holds a `#` without a space before it")),
        ("CLIENT_SECRET='a#b'", None),
        ("CLIENT_SECRET=a #b", Some("is left out as a comment")),
        (r#"CLIENT_SECRET="a\nb""#, Some("were read as escapes")),
        (r"CLIENT_SECRET=a\nb", None),
        ("TENANT=a\nTENANT=b", Some("TENANT stands on lines 1, 2 with values that differ; the last one counts.")),
        ("TENANT=a\nTENANT=a", Some("TENANT stands on lines 1, 2 with one value; the last one counts.")),
        ("OTHER=a\nOTHER=b\nTENANT=a", None),
        ("TENANT\nLOG_LEVEL=INFO", Some("Line 1 holds TENANT, by one of its names, without a value")),
        ("export TENANT", Some("Line 1 holds TENANT")),
        ("some\nTENANT=a", Some("Line 1 holds a name without a value")),
        ("TENNANT=a", Some("`TENNANT` looks like TENANT and is not taken")),
        ("TENNANT=a\nTENANT=b", None),
        ("QUILT_CATALOG=x\nBENCHLING_TEST_ENTRY=y\nTENANT=z", Some("QUILT_CATALOG, BENCHLING_TEST_ENTRY. Remove them")),
    ] {
        let import = of_env(text).unwrap();
        match words {
            Some(words) => assert!(import.remarks.iter().any(|remark| remark.contains(words)), "{text}: {import:?}"),
            None => assert_eq!(import.remarks, [""; 0], "{text}"),
        }
    }
}

#[test]
fn every_faulty_line_is_told_at_once_and_no_line_is_lost_in_a_quote() {
    for (text, wanted) in [
        ("TENANT=acme\nsome words here\nLOG_LEVEL=INFO", "line 2, column 16: there is no = in it"),
        ("=acme", "line 1, column 1: there is no name before the ="),
        ("MY NAME=x", "line 1, column 1: a name has letters, digits, _ . and - alone"),
        ("TENANT='acme' corp", "line 1, column 14: something follows the closing quote"),
        ("TENANT=\"acme\nLOG_LEVEL=INFO", "line 1, column 8: the quote is not closed"),
        ("TENANT=\"acme\nLOG_LEVEL=\"INFO\"", "line 2, column 12: something follows the closing quote"),
        (
            "X=\"acme\nLOG_LEVEL=\nY=\"",
            "line 1, column 1: a quote is not closed on its line; line 3, column 3: the quote is not closed",
        ),
        (
            "Ö=ü\n'x'=\n\nTENANT=\"é\" y",
            "line 1, column 1: a name has letters, digits, _ . and - alone; line 2, column 1: a name has letters, digits, _ . and - alone; line 4, column 11: something follows the closing quote",
        ),
        ("", "it is empty"),
        ("\u{feff} \r\n", "it is empty"),
        ("# nothing\n", "it holds no line of NAME=value"),
    ] {
        assert_eq!(of_env(text).map(|import| given(&import)), Err(ImportFault(wanted.into())), "{text}");
    }
    let many = "a b\n".repeat(40);
    assert!(of_env(&many).unwrap_err().to_string().ends_with("and 28 more lines"));
}

#[test]
fn a_value_may_span_lines_of_its_own() {
    let import = of_env("KEY=\"-----BEGIN\nMIIB=\n-----END\"\nTENANT=acme\n").unwrap();
    assert_eq!(given(&import), ["TENANT=acme"]);
    let import = of_env("CLIENT_SECRET='a\nb'\nTENANT=acme\n").unwrap();
    assert_eq!(given(&import), ["CLIENT_SECRET=a\nb", "TENANT=acme"]);
}

#[test]
fn names_of_every_version_are_taken_and_the_rest_is_listed() {
    let import = of_env(
        "BENCHLING_TENANT=t\nBENCHLING_CLIENT_ID=i\nQUILT_USER_BUCKET=b\nPKG_KEY=k\nQUILT_CATALOG=c\nPATH=/bin\nQuiltStackARN=arn\n",
    )
    .unwrap();
    let keys: Vec<Key> = import.given.iter().map(|given| given.key).collect();
    assert_eq!(keys, [Key::Tenant, Key::ClientId, Key::UserBucket, Key::PkgKey]);
    assert_eq!(import.leftovers, ["QUILT_CATALOG"]);
    assert_eq!(import.keys(), [Key::ClientId, Key::Tenant, Key::PkgKey, Key::UserBucket]);
}
