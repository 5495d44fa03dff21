//! What belongs to the worker and not to a client: notices, sessions and devices, password and passkeys, emergencies, and what few may do.

mod devices;
mod emergency;
mod lost_device;
mod more;
mod notices;
mod passkeys;
mod password;
mod rules;
mod sessions;

pub use emergency::EmergencyPage;
pub use lost_device::LostDevicePage;
pub use more::MorePage;
pub use notices::NoticesPage;
pub use passkeys::PasskeysPage;
pub use password::PasswordPage;
pub use rules::RulesPage;
pub use sessions::SessionsPage;
