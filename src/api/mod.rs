//! Civitai's API: URLs out, replies in. Nothing here knows of engines.

pub(crate) mod base_url;
pub(crate) mod check;
pub(crate) mod json;
pub(crate) mod models;
pub(crate) mod query;
