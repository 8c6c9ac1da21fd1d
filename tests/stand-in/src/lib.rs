//! Civitai's API contract as pure rules: no HTTP, no clock, no I/O.
//!
//! [`Site`] is the data and answers requests; [`Session`] is a site with what
//! stands in front of it: a clock, an edge cache, ordered faults and a log. The
//! binary serves sessions over HTTP, the native tests call them directly. Each
//! rule cites the section of the contract that it comes from (`contract §1.6`).
//!
//! ```
//! use stand_in::{Gate, Model, Request, Site, Version};
//!
//! let mut site = Site::empty();
//! site.add_model(Model::new(7, 99));
//! site.add_version(Version::new(70, 7));
//! site.add_version(Version::new(71, 7).gated(Gate::permanent()));
//!
//! let reply = site.respond(&Request::get("/api/v1/permissions/check?entityIds=70,71"), 0);
//! assert_eq!(reply.text(), r#"{"70":true,"71":false}"#);
//! assert_eq!(site.has_entity_access(Some(99), &[70, 71], 0), [(70, true), (71, true)]);
//! ```

mod access;
mod check;
pub mod control;
mod edge;
mod faults;
mod gate;
mod log;
mod me;
mod mini;
mod models;
mod params;
mod request;
mod route;
pub mod sample;
mod session;
mod shape;
mod site;
mod time;
mod versions;

pub use edge::{Edge, Freshness};
pub use faults::{Cut, Delivery, Faults, Place, Rule};
pub use gate::{Gate, Generation, Lasts, Terms};
pub use log::{Entry, Log};
pub use request::{Reply, Request};
pub use session::{Answer, Session};
pub use site::{Availability, Model, Site, Standing, Status, UsageControl, User, Version};
