"""Print one secret as JSON, read with botocore: a second opinion on what rolecall wrote.

usage: read_back.py SECRET, with AWS_ENDPOINT_URL, AWS_REGION and the credentials in the environment
"""

import json
import os
import sys

import botocore.session

[name] = sys.argv[1:]
client = botocore.session.Session().create_client("secretsmanager", region_name=os.environ["AWS_REGION"])
secret = client.describe_secret(SecretId=name)
versions = []
for version, stages in sorted(secret.get("VersionIdsToStages", {}).items()):
    value = client.get_secret_value(SecretId=name, VersionId=version)
    text = value.get("SecretString")
    versions.append({"id": version, "stages": sorted(stages), "value": text})
every = client.list_secret_version_ids(SecretId=name, IncludeDeprecated=True)["Versions"]
print(
    json.dumps(
        {
            "arn": secret["ARN"],
            "name": secret["Name"],
            "description": secret.get("Description"),
            "tags": {tag["Key"]: tag["Value"] for tag in secret.get("Tags", [])},
            "kms_key": secret.get("KmsKeyId"),
            "versions": versions,
            "version_count": len(every),
        }
    )
)
