//! This machine: what its files and its environment tell, without a call to AWS.

use std::collections::BTreeMap;

use super::Sink;
use crate::aws::{Surroundings, http, known_roles, profiles};
use crate::model::facts::Machine;
use crate::model::{AwsError, ErrorKind, Fact, Selection};
use crate::store;

/// Variables whose value matters to a judgement and may be seen.
const SEEN: [&str; 5] = ["AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_CA_BUNDLE"];

pub(super) async fn run(here: &Surroundings, selection: &Selection, sink: &Sink) {
    let root = store::config_root(&here.config_home);
    let listed = store::list_profiles(&root);
    let config = store::read_config(&root, &selection.config_profile);
    let ancestors = match &config {
        Ok(Some(file)) => store::read_ancestors(&root, &selection.config_profile, file),
        _ => Vec::new(),
    };
    let deployed = store::read_deployed(&root, &selection.config_profile);
    let settings = super::system::settings(here, selection);
    let new_external_id = super::system::random_uuid();
    sink.land(move |facts| {
        facts.system.settings = Fact::Known(settings);
        // One that was shown stays the same.
        facts.system.new_external_id = facts.system.new_external_id.take().or(new_external_id);
        facts.config_profiles = match listed {
            Ok(profiles) => Fact::Known(profiles),
            Err(error) => Fact::Failed(AwsError::local(ErrorKind::Other, "config profiles", error.to_string())),
        };
        facts.ancestors = Fact::Known(ancestors);
        facts.deployed = deployed;
        facts.config = match config {
            Ok(Some(file)) => Fact::Known(file),
            Ok(None) => Fact::Absent,
            Err(error) => Fact::Failed(AwsError::local(ErrorKind::Other, "config.json", error.to_string())),
        };
    });
    let files = profiles::read(here).await;
    let sources = profiles::list(here, &files);
    let (quilt3_catalog, quilt3_fault) = match store::quilt3::catalog(&here.quilt3_config) {
        Ok(catalog) => (catalog, None),
        Err(fault) => (None, Some(fault.to_string())),
    };
    let (roles, role_faults) = known_roles::list(here, &files);
    let machine = Machine {
        roles,
        role_faults,
        ca_roots: if here.demo.is_some() { 1 } else { http::count_ca_roots(&here.environment) },
        endpoint_url: here.endpoint_url().map(str::to_owned),
        config_root: root,
        quilt3_catalog,
        quilt3_fault,
        environment: environment(here),
        aws_file_faults: files.faults,
    };
    sink.land(move |facts| {
        facts.sources = Fact::Known(sources);
        facts.machine = Fact::Known(machine);
    });
}

fn environment(here: &Surroundings) -> BTreeMap<String, String> {
    SEEN.iter().filter_map(|name| Some(((*name).to_owned(), here.environment.get(name)?.to_owned()))).collect()
}
