//! The requests that register a role with Seqera Platform and then use it (A9; S1-05, S1-23, S1-24).

use serde_json::json;

use super::script::Script;
use super::sheet::Sheet;
use super::subject::Slot;
use super::{Language, Name, Text};
use crate::values::RoleArn;

/// What is registered.
#[derive(Clone, Debug)]
pub struct PlatformRequest<'a> {
    /// Which text it becomes.
    pub name: Name,
    /// The role.
    pub role: &'a RoleArn,
    /// What the role's trust policy asks for. `None`: nothing is.
    pub external_id: Option<Slot>,
    /// The workspace that holds the credentials.
    pub workspace: Option<&'a str>,
    /// The registry, with or without a repository, that an image is asked from afterwards.
    pub image: Option<&'a str>,
}

/// The commands. Platform's token is neither in them nor in their arguments: it is read from a file.
#[must_use]
pub fn platform_request(of: &PlatformRequest<'_>) -> Text {
    let (mut sheet, mut script) = (Sheet::default(), Script::default());
    let why = "Which Platform it is, rolecall is not told.";
    let host = sheet.take(&Slot::<String>::open("platform-host", why));
    let token = sheet.take(&Slot::<String>::open(
        "platform-token",
        "No token is ever in a text: put it into the file of the header yourself.",
    ));
    let workspace = of.workspace.map_or_else(
        || Slot::open("workspace-id", "TOWER_WORKSPACE_ID is not set."),
        |workspace| Slot::Known(workspace.to_owned()),
    );
    let workspace = sheet.take(&workspace);
    let mut keys = json!({"assumeRoleArn": of.role.to_string()});
    if let (Some(id), Some(members)) = (&of.external_id, keys.as_object_mut()) {
        members.insert("externalId".into(), json!(sheet.take(id)));
    }
    let name = format!("ecr-{}", of.role.account());
    script.part("The credentials, as Platform keeps them and hands them to Wave.");
    script.document("credentials.json", &json!({"credentials": {"name": name, "provider": "aws", "keys": keys}}));
    script.part(&format!(
        "platform-token.header holds one line, Authorization: Bearer {token}, and only you may read it."
    ));
    let url = format!("https://{host}/api/credentials?workspaceId={workspace}");
    let post = ["curl", "--fail-with-body", "-X", "POST", &url, "-H", "@platform-token.header"];
    script.run(
        &[&post[..], &["-H", "Content-Type: application/json", "--data", "@credentials.json"]].concat(),
        None,
        None,
    );
    script.part("Wave then takes them from Platform. To try it, POST to http://localhost:9090/v1alpha2/container:");
    let image =
        of.image.map_or_else(|| Slot::open("registry", "No registry is set."), |image| Slot::Known(image.to_owned()));
    let image = sheet.take(&image);
    let workspace = workspace.parse::<u64>().map_or_else(|_| json!(workspace), |number| json!(number));
    script.shown(&json!({
        "containerImage": image,
        "towerAccessToken": token,
        "towerWorkspaceId": workspace,
        "towerEndpoint": format!("https://{host}"),
    }));
    let title = format!("Register {} with Platform", of.role.name());
    sheet.text(of.name, None, title, Language::Sh, script.text())
}
