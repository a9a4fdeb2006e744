//! The body of a query-protocol request: a form.

use super::exchange::ServiceError;

/// The fields of a request.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a body of `application/x-www-form-urlencoded`.
    pub(super) fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// A field, if it was sent and holds something.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// A field that must be there.
    pub(super) fn required(&self, name: &str) -> Result<&str, ServiceError> {
        self.get(name).ok_or_else(|| {
            let mut field = name.to_owned();
            if let Some(first) = field.get_mut(..1) {
                first.make_ascii_lowercase();
            }
            ServiceError::validation(format!(
                "1 validation error detected: Value null at '{field}' failed to satisfy constraint: Member must not be null"
            ))
        })
    }

    /// A number.
    pub(super) fn number(&self, name: &str) -> Result<Option<u32>, ServiceError> {
        self.get(name)
            .map(|text| {
                text.parse().map_err(|_| ServiceError::new(400, "MalformedInput", format!("`{name}` is no number")))
            })
            .transpose()
    }

    /// `Name.member.1`, `Name.member.2`, …; with `part`, `Name.member.1.Part`, ….
    pub(super) fn members(&self, name: &str, part: Option<&str>) -> Vec<String> {
        (1_u32..)
            .map_while(|index| {
                let key = part
                    .map_or_else(|| format!("{name}.member.{index}"), |part| format!("{name}.member.{index}.{part}"));
                self.0.iter().find(|(field, _)| *field == key).map(|(_, value)| value.clone())
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_decoded() {
        let form = Form::parse(b"Action=X&Name=a%2Fb+c&Empty=&L.member.1=x&L.member.2=y&T.member.1.Key=k");
        assert_eq!((form.get("Name"), form.get("Empty"), form.get("No")), (Some("a/b c"), None, None));
        assert_eq!(form.members("L", None), ["x", "y"]);
        assert_eq!(form.members("T", Some("Key")), ["k"]);
    }
}
