//! People who run the program: IAM users with given policies and an access key.

use serde_json::{Value, json};

use crate::emulator::{Account, Keys};

/// An IAM user with an access key.
pub struct Persona {
    /// The user's ARN.
    pub arn: String,
    /// The user's name.
    pub name: String,
    /// The access key.
    pub keys: Keys,
}

/// A policy document with these statements.
pub fn policy(statements: &[Value]) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// A statement that allows these actions on everything.
pub fn allow(actions: &[&str]) -> Value {
    json!({ "Effect": "Allow", "Action": actions, "Resource": "*" })
}

/// A statement that denies these actions on everything.
pub fn deny(actions: &[&str]) -> Value {
    json!({ "Effect": "Deny", "Action": actions, "Resource": "*" })
}

/// What the whole walk needs: discovery, reading roles and policies, assuming roles, the secret.
pub fn full_operator() -> Value {
    policy(&[allow(&[
        "sts:AssumeRole",
        "cloudformation:Describe*",
        "cloudformation:List*",
        "iam:Get*",
        "iam:List*",
        "secretsmanager:*",
    ])])
}

/// Makes a user with this policy inline, or with none, and an access key.
pub async fn user(account: &Account, name: &str, policy: Option<&Value>) -> Persona {
    let iam = account.clients().iam;
    let created = iam.create_user().user_name(name).send().await.unwrap();
    if let Some(policy) = policy {
        let document = policy.to_string();
        iam.put_user_policy().user_name(name).policy_name("rolecall").policy_document(document).send().await.unwrap();
    }
    let key = iam.create_access_key().user_name(name).send().await.unwrap().access_key.unwrap();
    Persona {
        arn: created.user.unwrap().arn,
        name: name.to_owned(),
        keys: Keys { access_key_id: key.access_key_id, secret_access_key: key.secret_access_key, session_token: None },
    }
}

/// May do everything the program asks for.
pub async fn operator(account: &Account) -> Persona {
    user(account, "operator", Some(&full_operator())).await
}

/// Is denied every call but GetCallerIdentity.
pub async fn nopolicy(account: &Account) -> Persona {
    user(account, "nopolicy", None).await
}

/// May not read roles and policies.
pub async fn noiam(account: &Account) -> Persona {
    let policy = policy(&[allow(&["sts:AssumeRole", "cloudformation:*", "secretsmanager:*"])]);
    user(account, "noiam", Some(&policy)).await
}

/// May neither read nor write secrets.
pub async fn nosecret(account: &Account) -> Persona {
    let policy = policy(&[allow(&["sts:AssumeRole", "cloudformation:*", "iam:Get*", "iam:List*"])]);
    user(account, "nosecret", Some(&policy)).await
}

/// May do everything, but is denied AssumeRole explicitly.
pub async fn denied(account: &Account) -> Persona {
    user(account, "denied", Some(&policy(&[allow(&["*"]), deny(&["sts:AssumeRole"])]))).await
}

/// As the operator, for an account that is to be another one than the stack's.
pub async fn partner(other: &Account) -> Persona {
    user(other, "partner", Some(&full_operator())).await
}

/// Takes the user's access key out of use, as when it was rotated.
pub async fn deactivate(account: &Account, persona: &Persona) {
    let status = aws_sdk_iam::types::StatusType::Inactive;
    let call = account.clients().iam.update_access_key().user_name(&persona.name);
    call.access_key_id(&persona.keys.access_key_id).status(status).send().await.unwrap();
}
