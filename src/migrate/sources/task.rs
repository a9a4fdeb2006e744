//! An ECS task definition: what `aws ecs describe-task-definition` prints, the input of `register-task-definition`, or a part of either.
//!
//! Source: ECS API Reference, "ContainerDefinition": `environment`, `secrets`, `environmentFiles`.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jsonc_parser::ast;

use super::variables::Variables;
use super::{Import, Meaning, Shape, Value, meaning, member, shown, text_at};
use crate::secret::Key;
use crate::values::{SecretText, json};

/// The containers of a task definition; `None` where the JSON is none.
pub(super) fn containers<'v, 'a>(value: &'v ast::Value<'a>) -> Option<Vec<Container<'v, 'a>>> {
    match value {
        ast::Value::Object(object) => of_object(object),
        ast::Value::Array(array) => of_list(&array.elements),
        _ => None,
    }
}

/// One container, or a list of variables without one.
pub(super) struct Container<'v, 'a> {
    name: Option<&'v str>,
    environment: &'v [ast::Value<'a>],
    secrets: &'v [ast::Value<'a>],
    files: usize,
}

fn of_object<'v, 'a>(object: &'v ast::Object<'a>) -> Option<Vec<Container<'v, 'a>>> {
    if let Some(ast::Value::Object(inner)) = member(object, "taskDefinition") {
        return of_object(inner);
    }
    if let Some(ast::Value::Array(list)) = member(object, "containerDefinitions") {
        return Some(list.elements.iter().filter_map(ast::Value::as_object).map(container).collect());
    }
    let lists = ["environment", "secrets"].map(|name| elements(object, name));
    lists.into_iter().flatten().next().is_some_and(is_variable).then(|| vec![container(object)])
}

/// A list of containers, or the list of variables of one.
fn of_list<'v, 'a>(list: &'v [ast::Value<'a>]) -> Option<Vec<Container<'v, 'a>>> {
    if !list.is_empty() && list.iter().all(is_variable) {
        return Some(vec![Container { name: None, environment: list, secrets: &[], files: 0 }]);
    }
    let objects: Vec<&ast::Object<'a>> = list.iter().filter_map(ast::Value::as_object).collect();
    let holds =
        |object: &&ast::Object<'a>| ["environment", "secrets"].iter().any(|name| member(object, name).is_some());
    objects.iter().any(holds).then(|| objects.into_iter().map(container).collect())
}

fn is_variable(value: &ast::Value<'_>) -> bool {
    value.as_object().is_some_and(|object| {
        text_at(object, "name").is_some() && ["value", "valueFrom"].iter().any(|name| member(object, name).is_some())
    })
}

fn container<'v, 'a>(object: &'v ast::Object<'a>) -> Container<'v, 'a> {
    Container {
        name: text_at(object, "name"),
        environment: elements(object, "environment"),
        secrets: elements(object, "secrets"),
        files: elements(object, "environmentFiles").len(),
    }
}

fn elements<'v, 'a>(object: &'v ast::Object<'a>, name: &str) -> &'v [ast::Value<'a>] {
    member(object, name).and_then(ast::Value::as_array).map_or(&[], |array| array.elements.as_slice())
}

/// Reads the variables of all containers. With more than one, each value says which container it stands in, and the container that gives
/// most of the keys comes first: a sidecar's `LOG_LEVEL` is its own.
pub(super) fn read(containers: &[Container<'_, '_>]) -> Import {
    let mut read = Variables::new(Shape::TaskDefinition);
    let several = containers.len() > 1;
    let mut ordered: Vec<(usize, &Container<'_, '_>, usize)> =
        containers.iter().enumerate().map(|(number, one)| (number, one, keys(one))).collect();
    ordered.sort_by_key(|(_, _, keys)| Reverse(*keys));
    let own = |number: usize, one: &Container<'_, '_>| one.name.map_or_else(|| (number + 1).to_string(), shown);
    for (number, one, _) in &ordered {
        let own = own(*number, one);
        let called = |name: &str| if several { format!("{name} of container {own}") } else { name.to_owned() };
        for (name, variable) in variables(one) {
            if let Some(from) = text_at(variable, "valueFrom") {
                refer(&mut read, name, called(name), from);
            } else if let Some(value) = text_at(variable, "value") {
                read.take(name, called(name), Value::Text(SecretText::from(value)));
            } else if let (Some(other), Meaning::Key(_)) = (member(variable, "value"), meaning(name)) {
                read.remark(format!(
                    "{} is {}, not a text, and is not taken.",
                    called(&shown(name)),
                    json::kind(other)
                ));
            }
        }
        if one.files > 0 {
            let whose = if several { format!("Container {own}") } else { "The container".into() };
            read.remark(format!(
                "{whose} also reads {} from S3 (environmentFiles), which is not read here: fetch it and name it as an env file.",
                if one.files == 1 { "an environment file".into() } else { format!("{} environment files", one.files) }
            ));
        }
    }
    if several {
        let counts = match ordered.as_slice() {
            [(number, one, most), (_, _, next), ..] if *next > 0 => {
                let why = if most > next {
                    ", which gives the most keys"
                } else {
                    ", the first of those that give the most keys"
                };
                format!(" Where they differ, container {}{why}, counts.", own(*number, one))
            }
            _ => String::new(),
        };
        let number = containers.len();
        read.remark(format!("The task has {number} containers; each value says which one it is of.{counts}"));
    }
    read.finished()
}

/// A container's variables, those under a key's own name first: they come before its other names.
fn variables<'v, 'a>(one: &Container<'v, 'a>) -> Vec<(&'v str, &'v ast::Object<'a>)> {
    let all = one.environment.iter().chain(one.secrets).filter_map(ast::Value::as_object);
    let mut named: Vec<_> = all.filter_map(|variable| Some((text_at(variable, "name")?, variable))).collect();
    named.sort_by_key(|(name, _)| Key::from_name(name).is_none());
    named
}

/// How many of the keys a container gives, by whatever name, or says where they stand.
fn keys(one: &Container<'_, '_>) -> usize {
    let gives =
        |variable: &ast::Object<'_>| ["value", "valueFrom"].iter().any(|name| text_at(variable, name).is_some());
    let key = |(name, variable)| match meaning(name) {
        Meaning::Key(key) if gives(variable) => Some(key),
        _ => None,
    };
    variables(one).into_iter().filter_map(key).collect::<BTreeSet<Key>>().len()
}

/// A value that stands elsewhere. One that is no key's may still be the whole secret under an older name.
fn refer(read: &mut Variables, name: &str, called: String, from: &str) {
    let place = format!("{} is taken from {}, which is not read here.", shown(&called), shown(from));
    if read.take(name, called, Value::Reference(from.to_owned())) == Meaning::Leftover {
        read.remark(place);
    }
}
