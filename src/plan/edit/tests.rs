use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::*;

fn edit(path: &str, value: Json) -> Edit {
    Edit { path: path.split('.').map(str::to_owned).collect(), value: EditValue::Json(value) }
}

fn remove(path: &str) -> Edit {
    Edit { path: path.split('.').map(str::to_owned).collect(), value: EditValue::Remove }
}

fn after(text: &str, edits: &[Edit]) -> String {
    apply(Some(text), edits, None).unwrap()
}

#[test]
fn a_new_file_is_laid_out_as_the_tools_do() {
    let edits = [
        edit("quilt.catalog", json!("q.example.com")),
        edit("quilt.region", json!("us-east-1")),
        edit("integratedStack", json!(false)),
    ];
    let text = apply(None, &edits, None).unwrap();
    let wanted = "{\n    \"quilt\": {\n        \"catalog\": \"q.example.com\",\n        \"region\": \"us-east-1\"\n    },\n    \
                  \"integratedStack\": false\n}";
    assert_eq!(text, wanted);
}

#[test]
fn values_change_where_they_stand() {
    let text = "{ \"b\" : {\"x\":1 ,\t\"y\": [1,  2]},\r\n  \"a\":null }\n\n";
    assert_eq!(after(text, &[edit("b.x", json!("n"))]), text.replace(":1", ":\"n\""));
    assert_eq!(after(text, &[edit("a", json!(true))]), text.replace("null", "true"));
    assert_eq!(after(text, &[edit("b.y", json!(0))]), text.replace("[1,  2]", "0"));
}

#[test]
fn new_members_take_the_spacing_of_the_others() {
    for (text, wanted) in [
        ("{\"a\":1}", "{\"a\":1,\"n\":{\"x\":2}}"),
        ("{\"a\": 1, \"b\": 2}", "{\"a\": 1, \"b\": 2, \"n\": {\"x\": 2}}"),
        ("{ \"a\": 1 }", "{ \"a\": 1, \"n\": {\"x\": 2} }"),
        ("{\n  \"a\": 1\n}\n", "{\n  \"a\": 1,\n  \"n\": {\n    \"x\": 2\n  }\n}\n"),
        ("{\n\t\"a\": 1\n}", "{\n\t\"a\": 1,\n\t\"n\": {\n\t\t\"x\": 2\n\t}\n}"),
        ("{\r\n  \"a\": 1\r\n}", "{\r\n  \"a\": 1,\r\n  \"n\": {\r\n    \"x\": 2\r\n  }\r\n}"),
        ("{\n  \"n\": {}\n}", "{\n  \"n\": {\n    \"x\": 2\n  }\n}"),
        ("{\n  \"n\": {\n    \"a\": 1\n  }\n}", "{\n  \"n\": {\n    \"a\": 1,\n    \"x\": 2\n  }\n}"),
        ("{\"n\":{}}", "{\"n\":{\"x\":2}}"),
        ("{\"n\":null}", "{\"n\":{\"x\":2}}"),
        (" { } ", " {\n    \"n\": {\n        \"x\": 2\n    }\n} "),
    ] {
        assert_eq!(after(text, &[edit("n.x", json!(2))]), wanted, "{text}");
    }
}

#[test]
fn of_duplicates_the_last_is_set_and_all_are_removed() {
    let text = "{\"a\": 1, \"b\": 2, \"a\": 3}";
    assert_eq!(after(text, &[edit("a", json!(4))]), "{\"a\": 1, \"b\": 2, \"a\": 4}");
    assert_eq!(after(text, &[remove("a")]), "{\"b\": 2}");
}

#[test]
fn members_go_with_their_commas() {
    let text = "{\n  \"a\": 1,\n  \"b\": {\"x\": 1},\n  \"c\": 3\n}";
    assert_eq!(after(text, &[remove("a")]), "{\n  \"b\": {\"x\": 1},\n  \"c\": 3\n}");
    assert_eq!(after(text, &[remove("c")]), "{\n  \"a\": 1,\n  \"b\": {\"x\": 1}\n}");
    assert_eq!(after(text, &[remove("b.x")]), "{\n  \"a\": 1,\n  \"b\": {},\n  \"c\": 3\n}");
    assert_eq!(after(text, &[remove("no.such"), remove("b.y"), remove("a.x")]), text);
}

#[test]
fn secrets_and_created_arns_are_put_in() {
    let path = || vec!["s".to_owned()];
    let secret = [Edit { path: path(), value: EditValue::Secret("a\"b\\".into()) }];
    assert_eq!(apply(Some("{\"s\":0}"), &secret, None).unwrap(), "{\"s\":\"a\\\"b\\\\\"}");
    let created = [Edit { path: path(), value: EditValue::CreatedSecretArn }];
    assert_eq!(apply(Some("{}"), &created, None), Err(EditError::NoSecretArn));
    assert!(apply(Some("{\"s\":0}"), &created, Some("arn:x")).unwrap().contains("\"arn:x\""));
}

#[test]
fn what_is_not_json_is_refused() {
    for text in ["", "[]", "{\"a\":1,}", "{// c\n}"] {
        assert!(matches!(apply(Some(text), &[edit("a", json!(1))], None), Err(EditError::NotJson(_))), "{text}");
    }
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i32>().prop_map(Json::from),
        "[a-z\"\\\\/{}:,\n é]{0,8}".prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::vec(("[a-d]{1}", inner), 0..4)
                .prop_map(|members| Json::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// An object, in one of the ways that people and programs lay JSON out.
fn any_text() -> impl Strategy<Value = String> {
    (prop::collection::vec(("[a-d]{1}", any_json()), 0..5), 0usize..5).prop_map(|(members, way)| {
        let value = Json::Object(members.into_iter().collect::<Map<_, _>>());
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        match way {
            0 => value.to_string(),
            1 => pretty,
            2 => pretty.replace('\n', "\r\n"),
            3 => format!("\n{}\n\n", with_tabs(&value)),
            _ => pretty.replace("\n", " "),
        }
    })
}

/// A text with white space of any kind wherever JSON allows it: between all tokens, in front and behind.
fn any_spacing() -> impl Strategy<Value = String> {
    let members = prop::collection::vec(("[a-d]{1}", any_json()), 0..5);
    (members, prop::collection::vec(prop::sample::select(SPACES.to_vec()), 1..40)).prop_map(|(members, spaces)| {
        let value = Json::Object(members.into_iter().collect::<Map<_, _>>());
        let (mut out, mut quoted, mut escaped) = (String::new(), false, false);
        let mut spaces = spaces.iter().cycle();
        let mut space = || *spaces.next().unwrap();
        out.push_str(space());
        for c in value.to_string().chars() {
            let token = !quoted && "{}[]:,".contains(c);
            if token {
                out.push_str(space());
            }
            out.push(c);
            if token {
                out.push_str(space());
            }
            (quoted, escaped) = match (quoted, escaped, c) {
                (true, true, _) => (true, false),
                (true, false, '\\') => (true, true),
                (quoted, false, '"') => (!quoted, false),
                (quoted, ..) => (quoted, false),
            };
        }
        out.push_str(space());
        out
    })
}

const SPACES: [&str; 8] = ["", "", " ", "  ", "\n", "\r\n\t", "\n    ", "\t \r"];

/// The pieces of a text that an edit at `path` leaves alone, as a reader of bytes sees them: what stands before and behind the place.
fn kept(text: &str, path: &[&str]) -> (usize, usize) {
    let mut whole = (0, 0);
    for depth in (1..=path.len()).rev() {
        if let Some(range) = place(text, &path[..depth]) {
            whole = range;
            break;
        }
    }
    if whole == (0, 0) {
        let root = json::object(text).unwrap();
        whole = (root.range.start, root.range.end);
    }
    whole
}

/// Where the value at `path` stands.
fn place(text: &str, path: &[&str]) -> Option<(usize, usize)> {
    let root = json::object(text).ok()?;
    let mut object = &root;
    let (last, way) = path.split_last()?;
    for step in way {
        object = last_named(object, step)?.value.as_object()?;
    }
    let range = last_named(object, last)?.value.range();
    Some((range.start, range.end))
}

fn with_tabs(value: &Json) -> String {
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"\t");
    serde::Serialize::serialize(value, &mut serde_json::Serializer::with_formatter(&mut bytes, formatter)).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn set_in(value: &mut Json, path: &[&str], new: &Json) {
    let Some((name, deeper)) = path.split_first() else {
        *value = new.clone();
        return;
    };
    if !value.is_object() {
        *value = json!({});
    }
    set_in(value.as_object_mut().unwrap().entry(*name).or_insert(Json::Null), deeper, new);
}

proptest! {
    /// However a file is spaced: an edit touches nothing before and nothing behind the innermost value that it is in, a byte order mark goes.
    #[test]
    fn every_byte_outside_the_edited_value_survives(
        text in any_spacing(),
        marked in any::<bool>(),
        path in prop::collection::vec("[a-f]{1}", 1..4),
        gone in any::<bool>(),
    ) {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let given = if marked { format!("\u{feff}{text}") } else { text.clone() };
        let change = if gone { remove(&path.join(".")) } else { edit(&path.join("."), json!("new")) };
        let result = after(&given, &[change]);
        // What is taken out goes with its comma, which stands in the object around it.
        let around = if gone { &path[..path.len() - 1] } else { &path[..] };
        let (start, end) = kept(&text, around);
        prop_assert!(result.starts_with(&text[..start]), "{:?} became {:?}", text, result);
        prop_assert!(result.ends_with(&text[end..]), "{:?} became {:?}", text, result);
        if gone && place(&text, &path).is_none() {
            prop_assert_eq!(&result, &text);
        }
        if !gone {
            let mut wanted: Json = serde_json::from_str(&text).unwrap();
            set_in(&mut wanted, &path, &json!("new"));
            let found: Json = serde_json::from_str(&result).unwrap();
            prop_assert_eq!(found.to_string(), wanted.to_string());
        }
    }

    /// Edits of several fields, one after the other, leave what is unknown byte for byte.
    #[test]
    fn unknown_fields_survive_many_edits(
        extra in any_spacing(),
        names in prop::collection::vec("(quilt|benchling|packages)\\.[a-z]{1,3}", 1..6),
        end in prop::sample::select(vec!["\n", "\r\n", ""]),
    ) {
        let inner = extra.trim();
        let text = format!("{{{end}  \"mine\" : {inner}{end} ,\t\"quilt\":{{ \"also\":{inner} }}{end}}}{end}");
        let edits: Vec<Edit> = names.iter().map(|name| edit(name, json!("v"))).collect();
        let result = after(&text, &edits);
        let mine = format!("{{{end}  \"mine\" : {inner}{end} ,\t\"quilt\":{{ \"also\":{inner}");
        prop_assert!(result.starts_with(&mine), "{:?} became {:?}", text, result);
        let tail = format!("{end}}}{end}");
        prop_assert!(result.ends_with(&tail));
        prop_assert_eq!(after(&result, &edits), result);
    }

    #[test]
    fn only_what_is_edited_changes(
        text in any_text(),
        path in prop::collection::vec("[a-f]{1}", 1..4),
        new in prop_oneof![Just(json!("new")), Just(json!(true)), Just(json!("q\"\\"))],
    ) {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let before: Json = serde_json::from_str(&text).unwrap();
        let result = after(&text, &[edit(&path.join("."), new.clone())]);

        let mut wanted = before.clone();
        set_in(&mut wanted, &path, &new);
        let found: Json = serde_json::from_str(&result).unwrap();
        prop_assert_eq!(found.to_string(), wanted.to_string(), "same members in the same order");

        // What is gone from the text is at most the one value that was replaced, or the space in an empty object.
        let kept = shared(text.bytes(), result.bytes()) + shared(text.bytes().rev(), result.bytes().rev());
        let replaced = (1..=path.len()).find_map(|depth| replaced_length(&text, &path[..depth], depth == path.len()));
        prop_assert!(kept + replaced.unwrap_or(0) >= text.len(), "{:?} became {:?}", text, result);

        prop_assert_eq!(after(&result, &[edit(&path.join("."), new)]), result, "a second time changes nothing");
    }

    #[test]
    fn removing_what_was_added_gives_the_text_back(text in any_text(), name in "[e-h]{1}") {
        let there_and_back = after(&text, &[edit(&name, json!(1)), remove(&name)]);
        if serde_json::from_str::<Json>(&text).unwrap() != json!({}) {
            prop_assert_eq!(there_and_back, text);
        }
    }
}

fn shared(left: impl Iterator<Item = u8>, right: impl Iterator<Item = u8>) -> usize {
    left.zip(right).take_while(|(a, b)| a == b).count()
}

/// The length in the text of the value at `path`, if an edit on the way replaces it.
fn replaced_length(text: &str, path: &[&str], whole: bool) -> Option<usize> {
    let root = json::object(text).ok()?;
    let mut object = &root;
    let (last, way) = path.split_last()?;
    for step in way {
        object = last_named(object, step)?.value.as_object()?;
    }
    let value = &last_named(object, last)?.value;
    let range = value.range();
    (whole || value.as_object().is_none_or(|inner| inner.properties.is_empty())).then_some(range.end - range.start)
}
