//! Keys with a fixed set of values.

use super::ValueFault;

/// Exactly these, case included: the runtimes hand the text to Python's `logging`.
pub const LOG_LEVELS: [&str; 5] = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

pub fn log_level(core: &str) -> Option<ValueFault> {
    if LOG_LEVELS.contains(&core) {
        return None;
    }
    let capitals = core.to_uppercase();
    if let Some(level) = LOG_LEVELS.into_iter().find(|level| *level == capitals) {
        return Some(ValueFault::error("not in capitals").surely(level));
    }
    let meant = match capitals.as_str() {
        "WARN" => Some("WARNING"),
        "ERR" => Some("ERROR"),
        "FATAL" | "CRIT" => Some("CRITICAL"),
        "TRACE" | "VERBOSE" | "ALL" => Some("DEBUG"),
        "NOTICE" | "INFORMATION" => Some("INFO"),
        _ => None,
    };
    let fault = ValueFault::error(format!("none of {}", LOG_LEVELS.join(", ")));
    Some(match meant {
        Some(level) => fault.perhaps(level),
        None => fault,
    })
}

/// `true` or `false`; other spellings that runtimes take are a warning (C12), the rest an error.
pub fn boolean(core: &str) -> Option<ValueFault> {
    let lower = core.to_lowercase();
    match core {
        "true" | "false" => None,
        "1" => Some(ValueFault::warning("1 stands for true").surely("true")),
        "0" => Some(ValueFault::warning("0 stands for false").surely("false")),
        _ if lower == "true" || lower == "false" => Some(ValueFault::warning("not in small letters").surely(lower)),
        _ => {
            let fault = ValueFault::error("neither true nor false");
            Some(match lower.as_str() {
                "yes" | "y" | "on" | "enabled" | "t" => fault.perhaps("true"),
                "no" | "n" | "off" | "disabled" | "f" => fault.perhaps("false"),
                _ => fault,
            })
        }
    }
}
