//! The integration tests: one binary, modules beside this file.
