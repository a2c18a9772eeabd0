//! What the fuzzers run; the same functions replay the seeds and past findings in every `./test`.

pub mod targets;
