//! Lists of literals, as TypeScript and HCL both write them.

/// An array: of one in its line, of more with a line for each. `indent` is one step, `depth` how many the array stands in by, `literal` one
/// text in the language.
pub(super) fn list<T: AsRef<str>>(all: &[T], indent: &str, depth: usize, literal: impl Fn(&str) -> String) -> String {
    match all {
        [one] => format!("[{}]", literal(one.as_ref())),
        all => {
            let before = indent.repeat(depth);
            let lines: String = all.iter().map(|one| format!("{before}{indent}{},\n", literal(one.as_ref()))).collect();
            format!("[\n{lines}{before}]")
        }
    }
}
