//! A small XML writer: elements and escaped text, which is all that the query protocol needs.

use std::fmt::Write as _;

/// XML under construction.
#[derive(Default)]
pub(super) struct Xml(String);

impl Xml {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// `<name>text</name>`.
    pub(super) fn text(&mut self, name: &str, text: &str) -> &mut Self {
        self.open(name);
        self.content(text);
        self.close(name)
    }

    /// As [`Xml::text`], where there is one.
    pub(super) fn optional(&mut self, name: &str, text: Option<&str>) -> &mut Self {
        if let Some(text) = text {
            self.text(name, text);
        }
        self
    }

    /// `<name>…</name>` around what `inside` writes.
    pub(super) fn element(&mut self, name: &str, inside: impl FnOnce(&mut Self)) -> &mut Self {
        self.open(name);
        inside(self);
        self.close(name)
    }

    /// `<name><member>…</member>…</name>`: a list as the query protocol writes it.
    pub(super) fn list<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut each: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        self.element(name, |xml| {
            for item in items {
                xml.element("member", |xml| each(xml, item));
            }
        })
    }

    /// The document, with the namespace on its one root element.
    pub(super) fn document(root: &str, namespace: &str, inside: impl FnOnce(&mut Self)) -> String {
        let mut xml = Self(format!("<{root} xmlns=\"{namespace}\">\n"));
        inside(&mut xml);
        xml.close(root);
        xml.0
    }

    /// Everything that was written, for an answer without a namespace.
    pub(super) fn into_text(self) -> String {
        self.0
    }

    /// What was written so far.
    pub(super) fn push(&mut self, other: &Self) -> &mut Self {
        self.0.push_str(&other.0);
        self
    }

    fn open(&mut self, name: &str) {
        self.0.push('<');
        self.0.push_str(name);
        self.0.push('>');
    }

    fn close(&mut self, name: &str) -> &mut Self {
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
        self
    }

    /// Text inside the element that is open.
    pub(super) fn content(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\r' => self.0.push_str("&#xD;"),
                // XML 1.0 has no way to write these. A parser that is not strict takes the reference, the raw character none does.
                other if other.is_control() && !matches!(other, '\n' | '\t') => {
                    let _ = write!(self.0, "&#x{:X};", u32::from(other));
                }
                other => self.0.push(other),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_lists_have_members() {
        let xml = Xml::document("R", "urn:x", |xml| {
            xml.list("L", ["a<b", "\"&\""], |xml, item| {
                xml.text("V", item);
            });
        });
        assert_eq!(
            xml,
            "<R xmlns=\"urn:x\">\n<L><member><V>a&lt;b</V></member><member><V>&quot;&amp;&quot;</V></member></L></R>"
        );
    }
}
