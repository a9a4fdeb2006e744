use aws_smithy_runtime_api::client::http::SharedHttpClient;
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::aws::{Clock, Demo, Environment};
use crate::gather::{Ask, Gatherer};
use crate::model::Facts;
use crate::model::selection::CredentialSource;
use crate::sandbox::World;

const ARN: &str = "arn:aws:secretsmanager:us-east-1:111122223333:secret:hook";

/// Two versions of a secret, one secret in bytes, one that is to be deleted, and one in another region.
const WORLD: &str = r#"{
    "extends": "quilt-healthy",
    "about": "Secrets to read values from.",
    "accounts": {"111122223333": {"regions": {
        "us-east-1": {"secrets": {
            "hook": {"suffix": "AbCdEf", "versions": {
                "11111111-1111-4111-8111-111111111111": {"stages": ["AWSPREVIOUS"], "json": {"TENANT": "old"}},
                "22222222-2222-4222-8222-222222222222": {"stages": ["AWSCURRENT"], "json": {"TENANT": "new"}}}},
            "bytes": {"versions": {"33333333-3333-4333-8333-333333333333": {"stages": ["AWSCURRENT"], "binary": "AAEC"}}},
            "gone": {"deleted": "+7d", "versions": {"44444444-4444-4444-8444-444444444444": {"stages": ["AWSCURRENT"], "json": {}}}}}},
        "eu-west-1": {"secrets": {
            "far": {"suffix": "QrStUv", "versions": {
                "55555555-5555-4555-8555-555555555555": {"stages": ["AWSCURRENT"], "json": {"TENANT": "far"}}}}}}
    }}}
}"#;

struct Place {
    gatherer: Gatherer,
    selection: Selection,
    home: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let world = World::from_json(WORLD).unwrap().without_latency();
        world.install_files(home.path()).unwrap();
        let demo = Demo { world: "test".into(), selection: world.selection(), environment: world.environment() };
        let client = SharedHttpClient::new(world.client());
        let mut here = Surroundings::of_demo(home.path().to_owned(), client, Clock::System, demo);
        here.environment = Environment::new(
            [("BENCHLING_TENANT", "acme"), ("TENANT", ""), ("QUILT_CATALOG", "q"), ("AWS_SECRET_ACCESS_KEY", "canary")]
                .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        Self { gatherer: Gatherer::new(here.shared()), selection: world.selection(), home }
    }

    fn put(&self, name: &str, text: &str) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    async fn ask(&mut self, imports: &[ImportSource]) -> Facts {
        self.selection.migration.imports = imports.to_vec();
        let mut facts = Facts::new(self.gatherer.connector().here().clock.now());
        let (out, mut landings) = unbounded_channel();
        self.gatherer.run(Ask::Imports, 0, self.selection.clone(), out, CancellationToken::new()).await;
        while let Some(landing) = landings.recv().await {
            (landing.land)(&mut facts);
        }
        facts
    }

    async fn one(&mut self, source: ImportSource) -> Fact<ImportContent> {
        let facts = self.ask(std::slice::from_ref(&source)).await;
        assert_eq!(facts.migration.imports.len(), 1);
        facts.migration.imports.into_iter().find(|imported| imported.source == source).unwrap().content
    }
}

fn secret(id: &str, version: VersionChoice) -> ImportSource {
    ImportSource::Secret { id: id.into(), version }
}

fn text(content: &Fact<ImportContent>) -> &str {
    match content.known() {
        Some(ImportContent::Text { text, .. }) => text.expose(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_secret_is_found_by_name_and_arn_in_any_version() {
    let mut place = Place::new();
    let stage = |stage: &str| VersionChoice::Stage(stage.into());
    for (id, version, wanted) in [
        ("hook", VersionChoice::Current, "new"),
        (ARN, VersionChoice::Current, "new"),
        (&format!("{ARN}-AbCdEf"), VersionChoice::Current, "new"),
        ("hook", stage("AWSPREVIOUS"), "old"),
        ("hook", stage("AWSCURRENT"), "new"),
        (ARN, VersionChoice::Id("11111111-1111-4111-8111-111111111111".into()), "old"),
        ("arn:aws:secretsmanager:eu-west-1:111122223333:secret:far-QrStUv", VersionChoice::Current, "far"),
    ] {
        let content = place.one(secret(id, version.clone())).await;
        assert!(text(&content).contains(wanted), "{id} {version:?}");
        let Some(ImportContent::Text { version_id: Some(id), .. }) = content.known() else { panic!("no version") };
        assert_eq!(id.len(), 36);
    }
}

#[tokio::test]
async fn what_no_secret_gives_is_told_apart() {
    let mut place = Place::new();
    assert_eq!(place.one(secret("bytes", VersionChoice::Current)).await, Fact::Known(ImportContent::Binary(3)));
    assert_eq!(place.one(secret("none", VersionChoice::Current)).await, Fact::Absent);
    assert_eq!(place.one(secret("far", VersionChoice::Current)).await, Fact::Absent, "a name counts in the region");
    assert_eq!(place.one(secret("hook", VersionChoice::Stage("NONE".into()))).await, Fact::Absent);
    let id = VersionChoice::Id("66666666-6666-4666-8666-666666666666".into());
    assert_eq!(place.one(secret("hook", id)).await, Fact::Absent);
    let gone = place.one(secret("gone", VersionChoice::Current)).await;
    assert_eq!(gone.error().map(AwsError::code), Some("InvalidRequestException"), "{gone:?}");
}

#[tokio::test]
async fn files_and_the_environment_need_no_connection() {
    let mut place = Place::new();
    place.selection.source = Some(CredentialSource::Profile("nobody".into()));
    let env = place.put("prod.env", "TENANT=acme\n");
    let named = |path: &str| ImportSource::EnvFile(path.into());
    assert_eq!(text(&place.one(ImportSource::EnvFile(env.clone())).await), "TENANT=acme\n");
    assert_eq!(text(&place.one(named("~/prod.env")).await), "TENANT=acme\n", "of the home folder");
    assert_eq!(place.one(named("~/none.env")).await, Fact::Absent);
    let folder = place.one(named("~")).await;
    assert!(folder.error().is_some_and(|error| error.message.contains("is not a regular file")), "{folder:?}");
    assert_eq!(text(&place.one(ImportSource::Stdin("TENANT=x".into())).await), "TENANT=x");
    let Fact::Known(ImportContent::Variables(variables)) = place.one(ImportSource::Environment).await else { panic!() };
    let names: Vec<&str> = variables.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["BENCHLING_TENANT", "QUILT_CATALOG", "TENANT"], "set and empty too, and none that is not ours");
    assert_eq!(place.gatherer.connector().recorder().calls(), []);

    let both = place.ask(&[ImportSource::EnvFile(env), secret("hook", VersionChoice::Current)]).await;
    let [file, secret] = both.migration.imports.as_slice() else { panic!("{both:?}") };
    assert_eq!(text(&file.content), "TENANT=acme\n", "credentials that fail spoil what needs them, and nothing else");
    assert!(secret.content.error().is_some(), "{secret:?}");
}

#[tokio::test]
async fn the_target_is_looked_at() {
    let mut place = Place::new();
    place.selection.migration.to_file = Some("~/secret.json".into());
    assert_eq!(place.ask(&[]).await.migration.file, Fact::Absent);
    place.put("secret.json", "{}");
    let facts = place.ask(&[]).await;
    assert_eq!(facts.migration.file.known().map(|file| file.text.expose()), Some("{}"));
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_can_be_asked_for_again_and_keeps_nobody_waiting() {
    let mut place = Place::new();
    let pipe = place.home.path().join("pipe");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
    let env = place.put("prod.env", "LOG_LEVEL=INFO");
    let writer = pipe.clone();
    let writing = tokio::task::spawn_blocking(move || std::fs::write(writer, "TENANT=acme"));
    let sources = [ImportSource::File(pipe), ImportSource::EnvFile(env)];
    for _ in 0..2 {
        let facts = place.ask(&sources).await;
        let texts: Vec<&str> = facts.migration.imports.iter().map(|imported| text(&imported.content)).collect();
        assert_eq!(texts, ["TENANT=acme", "LOG_LEVEL=INFO"]);
    }
    writing.await.unwrap().unwrap();
}
