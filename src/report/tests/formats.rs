//! Every format of every report: nothing secret is in it, and nothing in it becomes markup.

use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, Tag};
use scraper::{Html, Selector};

use super::diagnosis::{HOSTILE, allowed_path, chain, curable_path, denied_path};
use super::*;
use crate::judge::scene::Scene;

fn hostile_quilt() -> Scene {
    let mut scene = with_call(Scene::untouched());
    scene.selection.config_profile = HOSTILE.into();
    scene.selection.external_id = Some("canary-sent".into());
    scene.selection.secret = Some(HOSTILE.into());
    scene.facts.secret = Fact::Known(secret(crate::judge::scene::VALUES));
    let policy = serde_json::json!({"Statement": [
        {"Sid": HOSTILE, "Effect": "Allow", "Principal": {"AWS": HOSTILE}, "Action": "sts:AssumeRole",
         "Condition": {"StringEquals": {"sts:ExternalId": "canary-asked", "aws:PrincipalTag/x": HOSTILE}}}]});
    scene.trust(RoleKind::Read, &policy.to_string());
    scene
}

fn scenes() -> Vec<(&'static str, Scene)> {
    vec![
        ("healthy", with_call(Scene::healthy())),
        ("untouched", Scene::untouched()),
        ("not deployed", Scene::healthy().not_deployed()),
        ("no credentials", without_credentials()),
        ("hostile", hostile_quilt()),
        ("denied path", denied_path()),
        ("curable path", curable_path()),
        ("allowed path", allowed_path()),
        ("chain", chain()),
    ]
}

/// Every scene in every format, with and without account ids.
fn printed() -> Vec<(String, ReportFormat, String)> {
    let mut all = Vec::new();
    for (name, scene) in scenes() {
        let report = report(&scene);
        for format in ReportFormat::ALL {
            for accounts in [false, true] {
                let text = render(&report, format, &Masks { accounts });
                all.push((format!("{name}, {format:?}, accounts masked: {accounts}"), format, text));
            }
        }
    }
    all
}

fn of(format: ReportFormat) -> impl Iterator<Item = (String, String)> {
    printed().into_iter().filter(move |(_, other, _)| *other == format).map(|(name, _, text)| (name, text))
}

#[test]
fn what_warns_has_no_sign_of_what_is_right() {
    let mut report = report(&with_call(Scene::healthy()));
    let answer = |report: &Report| {
        let html = render(report, ReportFormat::Html, &Masks { accounts: false });
        Html::parse_document(&html)
            .select(&Selector::parse("p.answer").unwrap())
            .next()
            .unwrap()
            .attr("class")
            .unwrap()
            .to_owned()
    };
    assert_eq!(answer(&report), "answer allowed");
    report.findings.push(Finding::new(Severity::Warning, "stack/status", "quilt-prod", "It was being changed."));
    assert_eq!(answer(&report), "answer expected");
    let markdown = render(&report, ReportFormat::Markdown, &Masks { accounts: false });
    let line = markdown.lines().find(|line| line.contains("1 warning")).unwrap();
    assert!(line.contains('○') && !line.contains('✓'), "{line}");
}

#[test]
fn no_secret_and_no_external_id_is_in_any_format() {
    for (name, _, text) in printed() {
        for canary in ["canary", "ASIACANARY", "wqFabcdefgYe"] {
            assert!(!text.contains(canary), "{name}: {canary} in\n{text}");
        }
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{name}");
    }
}

#[test]
fn masked_account_ids_are_in_no_format() {
    for (name, format, text) in printed().into_iter().filter(|(name, ..)| name.ends_with("true")) {
        for id in ["111122223333", "444455556666", "777788889999", "1111-2222-3333", "4444-5555-6666"] {
            assert!(!text.contains(id), "{name}: {id} in\n{text}");
        }
        let placeholder = match format {
            ReportFormat::Html => "&lt;account-1&gt;",
            ReportFormat::Markdown => "account-1",
            _ => "<account-1>",
        };
        assert!(text.contains(placeholder) || name.starts_with("no credentials"), "{name}");
    }
}

#[test]
fn json_follows_its_schema() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let of_case: Value = serde_json::from_str(crate::explain::CASE_SCHEMA).unwrap();
    let (of_report, of_case) =
        (jsonschema::draft202012::new(&schema).unwrap(), jsonschema::draft202012::new(&of_case).unwrap());
    for (name, text) in of(ReportFormat::Json) {
        let value: Value = serde_json::from_str(&text).unwrap();
        let faults: Vec<String> =
            of_report.iter_errors(&value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{name}: {faults:#?}");
        for verdict in value["verdicts"].as_array().unwrap() {
            assert!(verdict.get("case").is_none_or(|case| of_case.is_valid(case)), "{name}: {verdict:#}");
        }
    }
}

/// Every tag is closed in its turn, every attribute has its quotation marks.
fn is_well_formed(name: &str, markup: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in markup.split('<').skip(1) {
        let (inside, text) = tag.split_once('>').unwrap_or_else(|| panic!("{name}: {tag}"));
        assert!(!text.contains('>') || open.last() == Some(&"style"), "{name}: {tag}");
        let word = inside.split([' ', '/']).find(|word| !word.is_empty()).unwrap();
        if inside.starts_with('/') {
            assert_eq!(open.pop(), Some(word), "{name}: {tag}");
        } else if word != "meta" {
            open.push(word);
        }
        assert_eq!(inside.matches('"').count() % 2, 0, "{name}: {inside}");
    }
    assert_eq!(open, Vec::<&str>::new(), "{name}");
}

#[test]
fn an_html_page_loads_nothing_and_is_whole() {
    let selector = |text: &str| Selector::parse(text).unwrap();
    for (name, text) in of(ReportFormat::Html) {
        let page = Html::parse_document(&text);
        is_well_formed(&name, text.strip_prefix("<!DOCTYPE html>").unwrap());
        for loads in [
            "script", "link", "img", "iframe", "object", "embed", "a", "form", "base", "image", "use", "[src]",
            "[href]", "[style]",
        ] {
            assert_eq!(page.select(&selector(loads)).count(), 0, "{name}: {loads}");
        }
        for element in page.select(&selector("*")) {
            for (attribute, value) in element.value().attrs() {
                let is_event = attribute.starts_with("on");
                let is_address = value.contains("://") && attribute != "xmlns";
                assert!(!is_event && !is_address, "{name}: {attribute}={value}");
            }
        }
        let policy = page.select(&selector("meta[http-equiv=Content-Security-Policy]")).next().unwrap();
        assert!(policy.attr("content").unwrap().starts_with("default-src 'none';"), "{name}");
        let style = page.select(&selector("style")).next().unwrap().inner_html();
        assert!(!style.contains("url(") && !style.contains("@import"), "{name}");
        assert_eq!(page.select(&selector("html[lang=en]")).count(), 1);
        for table in page.select(&selector("table")) {
            assert!(
                table.select(&selector("caption")).count() == 1 && table.select(&selector("th[scope=col]")).count() > 1,
                "{name}"
            );
        }
    }
}

#[test]
fn a_hostile_name_is_text_on_the_page() {
    let report = report(&denied_path());
    let text = render(&report, ReportFormat::Html, &Masks::default());
    let page = Html::parse_document(&text);
    let shown: String = page.root_element().text().collect();
    assert!(shown.contains(HOSTILE) && text.contains("&lt;img src=x"), "it is seen as it is");
    assert!(!text.contains("<img"), "and nowhere markup");
}

/// The picture is well-formed XML by itself, says in words what it shows, and no name in it is longer than its box.
#[test]
fn the_picture_stands_by_itself() {
    for (name, text) in of(ReportFormat::Html) {
        let Some(start) = text.find("<svg") else {
            assert!(name.starts_with("no credentials"), "{name}");
            continue;
        };
        let end = text.find("</svg>").unwrap() + "</svg>".len();
        let svg = &text[start..end];
        is_well_formed(&name, svg);
        let page = Html::parse_document(&text);
        let of = |selector: &str| {
            page.select(&Selector::parse(selector).unwrap())
                .map(|one| one.text().collect::<String>())
                .collect::<Vec<_>>()
        };
        assert!(of("svg > desc")[0].contains("the trust policy's side"), "{name}");
        assert!(of("svg text.name").iter().all(|name| crate::values::text::width(name) <= 36), "{name}");
        assert!(
            of("svg text.sign").iter().all(|sign| sign.starts_with(['✓', '✗', '?'])),
            "{name}: never by colour alone"
        );
    }
}

#[test]
fn markdown_has_the_markup_that_was_meant_and_no_other() {
    for (name, text) in of(ReportFormat::Markdown) {
        let mut columns = 0;
        let mut cells = 0;
        for event in
            Parser::new_ext(&text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH)
        {
            match event {
                Event::Html(html) | Event::InlineHtml(html) => panic!("{name}: {html}\n{text}"),
                Event::Start(
                    Tag::Link { .. } | Tag::Image { .. } | Tag::Emphasis | Tag::Strikethrough | Tag::BlockQuote(_),
                ) => {
                    panic!("{name}: {event:?}\n{text}")
                }
                Event::InlineMath(_) | Event::DisplayMath(_) => panic!("{name}: {event:?}"),
                Event::Start(Tag::Table(alignments)) => columns = alignments.len(),
                Event::Start(Tag::TableHead | Tag::TableRow) => cells = 0,
                Event::Start(Tag::TableCell) => cells += 1,
                Event::End(pulldown_cmark::TagEnd::TableRow) => assert_eq!(cells, columns, "{name}\n{text}"),
                _ => {}
            }
        }
        // A row with a bar too many would lose its last cells without a word.
        for row in text.lines().filter(|line| line.starts_with("| ")) {
            let bars = row.replace("\\|", "").matches(" | ").count();
            assert!((1..=7).contains(&bars), "{name}: {row}");
        }
    }
}

#[test]
fn text_and_markdown_tell_the_verdict_first() {
    let report = report(&curable_path());
    let markdown = render(&report, ReportFormat::Markdown, &Masks::default());
    let at = |word: &str| markdown.find(word).unwrap_or_else(|| panic!("{word} is not in\n{markdown}"));
    assert!(at("# Access to Target") < at("denied: external") && at("denied: external") < at("## What was asked"));
    assert!(at("## What was asked") < at("```json") && at("```json") < at("## Made by"));
    assert!(at("lookup-events") > 0 && at("```diff") > 0);
    let text = text(&report);
    assert!(
        text.contains("Asked, pasted message") && text.contains("Evidence for operator user/operator -> Target"),
        "{text}"
    );
}

#[test]
fn the_name_of_a_file_is_proposed_and_says_its_format() {
    let name = file_name(&report(&denied_path()), ReportFormat::Markdown);
    assert_eq!(name, "rolecall-Target-20260304T120000Z.md");
    let mut scene = hostile_quilt();
    scene.selection.stack = None;
    scene.facts.stack = Fact::NotAsked;
    let name = file_name(&report(&scene), ReportFormat::Html);
    assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)) && name.ends_with(".html"), "{name}");
    for (path, format) in [
        ("a/b.md", Some(ReportFormat::Markdown)),
        ("b.HTM", Some(ReportFormat::Html)),
        ("b.json", Some(ReportFormat::Json)),
        ("b.txt", Some(ReportFormat::Text)),
        ("b", None),
        ("b.pdf", None),
    ] {
        assert_eq!(ReportFormat::of_path(Path::new(path)), format);
    }
}
