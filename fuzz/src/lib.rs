//! What the fuzz targets run, apart from the fuzzer: the ordinary tests replay seeds and past crashes through the same functions.

pub mod places;
pub mod targets;
