//! The laws of `tests/properties`, for the fuzz targets.

#[path = "../../tests/properties/laws/mod.rs"]
pub mod laws;
