//! Acceptance: one test for each row of the five specifications that is in reach, named by the row's number, a module for each.
//!
//! `assets/seeds.md` lists every row with the test or the text that answers it, or says why it is out of reach; `page` holds the two
//! together.

mod contradictions;
mod page;
mod s0;
mod s1;
mod s2;
mod s3;
mod s4;
mod scene;
