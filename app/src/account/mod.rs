//! What belongs to the worker and not to a client: sessions and devices, the password, emergencies, and what few may do.

mod devices;
mod emergency;
mod lost_device;
mod more;
mod password;
mod rules;
mod sessions;

pub use emergency::EmergencyPage;
pub use lost_device::LostDevicePage;
pub use more::MorePage;
pub use password::PasswordPage;
pub use rules::RulesPage;
pub use sessions::SessionsPage;
